"""Angles follow the brief's weights, differ, and keep the unadapted one."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace
from datetime import date

import pytest

from studio.errors import InputError
from studio.imaging.model import SetCard
from studio.markets.library import MarketLibrary
from studio.markets.pack import GLOBAL_MODERN, SetChoice, Use
from studio.workflows.variants import FESTIVE_LEAD_DAYS, plan_variants, sets_in
from tests.examples import DE, a_brief
from tests.fakes import FakeImageModel

SETS = FakeImageModel().sets_for(a_brief().product)
PACK = MarketLibrary().pack(DE)
LOCAL = tuple(each.angle for each in PACK.appeals if each.angle != GLOBAL_MODERN)


def angles(weights: dict[str, float], *, count: int = 6, seed: int = 0) -> list[str]:
    brief = a_brief(variants_per_market=count, angle_weights={DE: weights}, seed=seed)
    return [plan.angle for plan in plan_variants(brief, PACK, SETS)]


def test_the_unadapted_angle_stays_and_all_differ() -> None:
    for seed in range(20):
        chosen = angles(dict.fromkeys(LOCAL, 1.0), seed=seed)
        assert len(set(chosen)) == 6
        assert chosen[-1] == GLOBAL_MODERN


def test_the_heaviest_comes_first_and_zero_never() -> None:
    weights = dict.fromkeys(LOCAL, 0.1) | {"design": 0.6, "value": 0.0}
    for seed in range(20):
        chosen = angles(weights, seed=seed)
        assert "value" not in chosen
        if "design" in chosen:
            assert chosen[0] == "design"


def test_weights_are_how_likely_an_angle_is_drawn_first() -> None:
    """One local place: 0.6 against 0.3 and 0.1, over 2,000 seeds (SD of a share 1.1 %)."""
    weights = {"design": 0.6, "value": 0.3, "family": 0.1}
    drawn = Counter(angles(weights, count=1, seed=seed)[0] for seed in range(2000))
    for angle, weight in weights.items():
        assert drawn[angle] / 2000 == pytest.approx(weight, abs=0.035)


def test_few_weighted_angles_come_again_after_the_unadapted_one() -> None:
    assert angles({"value": 2.0, "design": 3.0}) == [
        *("design", "value", GLOBAL_MODERN),
        *("design", "value", GLOBAL_MODERN),
    ]


def test_equal_seeds_choose_alike_in_any_order_and_others_differ() -> None:
    weights = dict.fromkeys(LOCAL, 1.0)
    assert angles(weights, seed=3) == angles(dict(reversed(weights.items())), seed=3)
    assert angles(weights) == angles(dict.fromkeys(LOCAL, 7.0))
    assert len({tuple(angles(weights, seed=seed)) for seed in range(10)}) > 5


def test_a_market_without_weights_follows_its_pack() -> None:
    other = a_brief(variants_per_market=6, angle_weights={"ja-JP": {"value": 1.0}})
    assert plan_variants(other, PACK, SETS) == plan_variants(
        a_brief(variants_per_market=6), PACK, SETS
    )


def test_the_weight_of_the_unadapted_angle_alone_keeps_it_alone() -> None:
    assert set(angles({GLOBAL_MODERN: 1.0})) == {GLOBAL_MODERN}


def test_unknown_angles_name_the_field() -> None:
    pack = replace(
        PACK, appeals=tuple(each for each in PACK.appeals if each.angle != GLOBAL_MODERN)
    )
    brief = a_brief(angle_weights={DE: {"crfat": 1.0}})
    with pytest.raises(InputError, match="angle_weights.de-DE: none of these angles is known"):
        plan_variants(brief, pack, SETS)


@pytest.mark.parametrize("n_sets", [2, 3, 4])
def test_no_set_comes_twice_in_the_same_palette(n_sets: int) -> None:
    """Germany has four palettes: 4, 6 and 8 variants could all be told apart."""
    choices = tuple(favour(card.id) for card in SETS[:n_sets])
    pack = replace(PACK, sets=choices)
    sets = SETS[:n_sets]
    plans = plan_variants(a_brief(variants_per_market=2 * n_sets), pack, sets)
    assert len({(plan.set, plan.palette.id) for plan in plans}) == 2 * n_sets


def test_palettes_take_on_the_brands_colours() -> None:
    plain = a_brief(variants_per_market=4)
    brand = replace(plain.brand, colours=("#E2725B",))
    before = plan_variants(replace(plain, brand=replace(brand, colours=())), PACK, SETS)
    after = plan_variants(replace(plain, brand=brand), PACK, SETS)
    assert [plan.palette.id for plan in after] == [plan.palette.id for plan in before]
    assert [plan.palette for plan in after] != [plan.palette for plan in before]
    assert {plan.palette.wall for plan in after} <= {each.wall for each in PACK.palettes}


def test_framing_changes_at_a_pace_of_its_own() -> None:
    """With six variants no pair of set, framing and offer always comes together."""
    plans = plan_variants(a_brief(variants_per_market=6), PACK, SETS)
    assert [plan.closeness for plan in plans] == [1.0, 1.0, 1.08, 1.08, 0.86, 0.86]
    without = {plan.closeness for plan in plans if not plan.shows_offer}
    assert len(without) == 2


CARDS = (
    SetCard(id="kitchen"),
    SetCard(id="lanterns", season="Advent and Christmas shopping"),
    SetCard(id="foreign"),
    SetCard(id="desk"),
    SetCard(id="shelf"),
    SetCard(id="stage"),
)


def with_sets(*choices: SetChoice) -> list[str]:
    """What Germany gets on the day before Advent of 2026, which begins on 29 November."""
    return sets_in(replace(PACK, sets=choices), CARDS, launch=date(2026, 11, 28))


def favour(name: str, when: str = "") -> SetChoice:
    return SetChoice(id=name, use=Use.FAVOUR, when=when)


FOREIGN = SetChoice(id="foreign", use=Use.AVOID)


def test_favourites_come_first_and_neutral_sets_fill_up_to_three() -> None:
    assert with_sets(favour("stage"), FOREIGN) == ["stage", "kitchen", "desk"]
    four = [favour(name) for name in ("shelf", "stage", "desk", "kitchen")]
    assert with_sets(*four, FOREIGN) == ["shelf", "stage", "desk", "kitchen"]


def test_a_festive_set_follows_the_first_favourite_in_its_season_alone() -> None:
    choices = (favour("stage"), favour("desk"), favour("lanterns"), FOREIGN)
    pack = replace(PACK, sets=choices)
    before, after = ["stage", "lanterns", "desk"], ["stage", "desk", "kitchen"]
    for day, expected in (
        (date(2026, 10, 31), after),
        (date(2026, 11, 1), before),
        (date(2026, 12, 22), before),
        (date(2026, 12, 23), after),
    ):
        assert sets_in(pack, CARDS, launch=day) == expected, day
    assert date(2026, 11, 1).toordinal() + FESTIVE_LEAD_DAYS == date(2026, 11, 29).toordinal()


def test_a_festive_set_that_the_market_does_not_favour_is_never_used() -> None:
    assert "lanterns" not in with_sets(FOREIGN)
    assert "lanterns" not in with_sets(SetChoice(id="lanterns", use=Use.AVOID))


def test_the_pack_may_tie_a_set_to_an_event_by_its_name_or_gloss() -> None:
    assert "desk" in with_sets(favour("stage"), favour("desk", when="Nikolaus"))
    assert "desk" in with_sets(favour("desk", when="saint nicholas, small presents"))
    assert "desk" not in with_sets(favour("stage"), favour("desk", when="Muttertag"))


def test_without_a_set_for_the_product_the_field_is_named() -> None:
    with pytest.raises(InputError, match=r"product\.width_cm: no installed set .* 25 cm wide"):
        plan_variants(a_brief(), PACK, ())


def test_without_a_set_for_the_market_the_market_is_named() -> None:
    with pytest.raises(InputError, match="de-DE: none of the installed sets suits"):
        plan_variants(a_brief(), replace(PACK, sets=(FOREIGN,)), (SetCard(id="foreign"),))


def test_a_dark_set_gets_deep_palettes_only() -> None:
    """Of Germany's four palettes only tannengrund is deep."""
    cards = (SetCard(id="stage", is_dark=True), SetCard(id="kitchen"), SetCard(id="desk"))
    pack = replace(PACK, sets=())
    plans = plan_variants(replace(a_brief(), variants_per_market=9), pack, cards)
    assert {plan.palette.id for plan in plans if plan.set == "stage"} == {"tannengrund"}
    assert len({plan.palette.id for plan in plans if plan.set != "stage"}) > 1
