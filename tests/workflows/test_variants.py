"""Angles follow the brief's weights, differ, and keep the unadapted one."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace

import pytest

from studio.errors import InputError
from studio.markets.library import MarketLibrary
from studio.markets.pack import GLOBAL_MODERN
from studio.workflows.variants import plan_variants
from tests.examples import DE, a_brief
from tests.fakes import FakeImageModel

PACK = MarketLibrary().pack(DE)
LOCAL = tuple(each.angle for each in PACK.appeals if each.angle != GLOBAL_MODERN)


def angles(weights: dict[str, float], *, count: int = 6, seed: int = 0) -> list[str]:
    brief = a_brief(variants_per_market=count, angle_weights={DE: weights}, seed=seed)
    return [plan.angle for plan in plan_variants(brief, PACK, FakeImageModel().sets())]


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
    sets = FakeImageModel().sets()
    other = a_brief(variants_per_market=6, angle_weights={"ja-JP": {"value": 1.0}})
    assert plan_variants(other, PACK, sets) == plan_variants(
        a_brief(variants_per_market=6), PACK, sets
    )


def test_the_weight_of_the_unadapted_angle_alone_keeps_it_alone() -> None:
    assert set(angles({GLOBAL_MODERN: 1.0})) == {GLOBAL_MODERN}


def test_unknown_angles_name_the_field() -> None:
    pack = replace(
        PACK, appeals=tuple(each for each in PACK.appeals if each.angle != GLOBAL_MODERN)
    )
    brief = a_brief(angle_weights={DE: {"crfat": 1.0}})
    with pytest.raises(InputError, match="angle_weights.de-DE: none of these angles is known"):
        plan_variants(brief, pack, FakeImageModel().sets())
