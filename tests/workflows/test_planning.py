"""The ledger of a plan: what was believed, what it is worth, what bound it, and from what."""

from __future__ import annotations

from dataclasses import asdict, replace
from datetime import date, timedelta

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from studio.bandit.features import Spread, design
from studio.bandit.posterior import fit
from studio.domain.alarm import Alarm, AlarmKind
from studio.domain.brief import Slug
from studio.domain.budget import BudgetPlan, Limit, PlanMode
from studio.domain.canonical import fingerprint
from studio.domain.delivery import AdId, Cell
from studio.domain.learning import ArmDay, ArmRecord, CellBudget, LearningInputs, PolicySettings
from studio.domain.market import Locale
from studio.domain.money import Money
from studio.workflows.planning import encoded, plan_from

DAY = date(2026, 3, 3)
FEED = Cell(market=Locale("de-DE"), placement="meta_feed_4x5")
STORY = Cell(market=Locale("ja-JP"), placement="meta_story_9x16")
SETTINGS = PolicySettings(
    policy="p/1",
    alpha=0.5,
    draws=200,
    floor_share=0.05,
    max_daily_change_share=0.5,
    min_impressions=200,
    protected_share=0.5,
)
ANGLES = ("craft", "family", "value")


def an_arm(index: int, cell: Cell = FEED, **overrides: object) -> ArmRecord:
    arm = ArmRecord(
        ad_id=AdId(f"{cell.market}-{index}"),
        cell=cell,
        variant=f"v{index}",
        attributes={"angle": ANGLES[index % 3]},
        impressions=4000,
        clicks=(40, 80, 50)[index % 3],
        share_before=1 / 3,
        live=True,
    )
    return replace(arm, **overrides)  # type: ignore[arg-type]


def some_inputs(*arms: ArmRecord, **overrides: object) -> LearningInputs:
    arms = arms or tuple(an_arm(index, cell) for cell in (FEED, STORY) for index in range(3))
    inputs = LearningInputs(
        campaign=Slug("kettle"),
        day=DAY,
        mode=PlanMode.PROPOSE,
        seed=11,
        settings=SETTINGS,
        budgets=tuple(
            CellBudget(cell=cell, budget=Money.of("50.01", "EUR"))
            for cell in dict.fromkeys(arm.cell for arm in arms)
        ),
        arms=arms,
    )
    return replace(inputs, **overrides)  # type: ignore[arg-type]


def planned(inputs: LearningInputs) -> BudgetPlan:
    return plan_from(inputs, inputs_sha256="0" * 64)


def test_gains_agree_with_many_draws_of_the_same_posterior() -> None:
    """An independent computation with 40,000 draws; 200 draws are within Monte Carlo error."""
    inputs = some_inputs(settings=replace(SETTINGS, draws=4000))
    plan = planned(inputs)
    arms = encoded(inputs.arms)
    features = design(arms, Spread())
    counts = {
        name: np.array([getattr(arm, name) for arm in inputs.arms])
        for name in ("clicks", "impressions")
    }
    posterior = fit(features, **counts)
    draws = posterior.draws(np.arange(len(arms.market)), 40_000, np.random.default_rng(1))
    rates = 1 / (1 + np.exp(-draws[:, :3]))
    over = rates / rates.mean(axis=1, keepdims=True) - 1
    moves = plan.of_cell(FEED)
    low, high = np.quantile(over, (0.025, 0.975), axis=0)
    assert [move.gain_low for move in moves] == pytest.approx(low, abs=0.03)
    assert [move.gain_high for move in moves] == pytest.approx(high, abs=0.03)
    shares = np.array([move.share_after for move in moves])
    mixed = rates @ shares / rates.mean(axis=1) - 1
    cell = next(each for each in plan.cells if each.cell == FEED)
    assert cell.expected_gain == pytest.approx(mixed.mean(), abs=0.01)
    assert cell.gain_low == pytest.approx(np.quantile(mixed, 0.025), abs=0.03)
    assert cell.gain_high == pytest.approx(np.quantile(mixed, 0.975), abs=0.03)
    centre, sd = posterior.logits(np.arange(3))
    assert [move.logit_mean for move in moves] == pytest.approx(centre, abs=1e-6)
    assert [move.logit_sd for move in moves] == pytest.approx(sd, abs=1e-6)


def test_a_move_carries_its_context_and_what_the_even_split_would_give() -> None:
    move = planned(some_inputs()).moves[1]
    assert move.context == {
        "market": "de-DE", "placement": "meta_feed_4x5", "angle": "family"
    }  # fmt: skip
    assert move.even_share == pytest.approx(1 / 3, abs=1e-6)
    assert move.gain_low < move.expected_gain < move.gain_high


def test_every_guard_rail_that_a_share_lies_on_is_named() -> None:
    """Yesterday 90 % for the worst ad, at most 10 points a day: it falls to 80 % only."""
    tight = replace(SETTINGS, max_daily_change_share=0.1)
    arms = tuple(
        an_arm(index, share_before=before) for index, before in enumerate((0.9, 0.05, 0.05))
    )
    worst, best, third = planned(some_inputs(*arms, settings=tight)).moves
    assert worst.share_after == pytest.approx(0.8, abs=1e-6)
    assert worst.limits == (Limit.DAILY_CHANGE,)
    assert best.share_after == pytest.approx(0.15, abs=1e-6)
    assert best.limit is Limit.DAILY_CHANGE
    assert third.share_after == pytest.approx(0.05, abs=1e-6)


def test_a_share_that_lies_on_two_guard_rails_names_both() -> None:
    """From 0.1 over the floor of 0.05 / 3 to the floor is exactly the most of a day."""
    tight = replace(SETTINGS, max_daily_change_share=0.1)
    floor = 0.05 / 3
    before = (floor + 0.1, 0.9 - 2 * floor, floor)
    arms = tuple(
        an_arm(index, share_before=share, clicks=(0, 90, 40)[index])
        for index, share in enumerate(before)
    )
    worst = planned(some_inputs(*arms, settings=tight)).moves[0]
    assert worst.share_after == pytest.approx(floor, abs=1e-6)
    assert set(worst.limits) == {Limit.FLOOR, Limit.DAILY_CHANGE}
    assert "Held at the floor" in worst.reason
    assert "at most 10 points a day" in worst.reason


def test_a_share_on_floor_and_protection_names_what_decided_first() -> None:
    arms = tuple(an_arm(index, impressions=100 if index == 0 else 4000) for index in range(3))
    arms = (replace(arms[0], clicks=0), *arms[1:])
    young = planned(some_inputs(*arms)).moves[0]
    assert young.limits[0] is Limit.TOO_LITTLE_DATA
    assert young.share_after == pytest.approx(1 / 6, abs=1e-6)


def test_hashes_tell_model_data_and_beliefs_apart() -> None:
    first = planned(some_inputs())
    other_model = planned(some_inputs(settings=replace(SETTINGS, floor_share=0.1)))
    arms = some_inputs().arms
    other_data = planned(some_inputs(replace(arms[0], clicks=41), *arms[1:]))
    assert first.model_hash == fingerprint(asdict(SETTINGS))
    assert other_model.model_hash != first.model_hash
    assert other_model.data_hash == first.data_hash
    assert other_data.data_hash != first.data_hash
    assert other_data.model_hash == first.model_hash
    assert other_data.posterior_hash != first.posterior_hash
    assert other_model.posterior_hash == first.posterior_hash


def test_the_holdout_keeps_its_share_evenly_to_the_last_cent() -> None:
    """5 % of 50.01 EUR are 2.50; three ads get 0.84, 0.83, 0.83, the plan 47.51."""
    arms = tuple(
        an_arm(index, holdout_ad_id=AdId(f"de-DE-{index}-holdout")) for index in range(3)
    )
    plan = planned(some_inputs(*arms, settings=replace(SETTINGS, holdout_share=0.05)))
    assert [each.budget.amount_minor for each in plan.holdout] == [84, 83, 83]
    assert [each.ad_id for each in plan.holdout] == [arm.holdout_ad_id for arm in arms]
    assert sum(move.budget_after.amount_minor for move in plan.moves) == 4751
    assert plan.cells[0].budget_after == Money.of("50.01", "EUR")


def test_there_is_no_holdout_where_an_ad_has_no_twin() -> None:
    arms = (an_arm(0, holdout_ad_id=AdId("twin")), an_arm(1), an_arm(2))
    plan = planned(some_inputs(*arms, settings=replace(SETTINGS, holdout_share=0.05)))
    assert plan.holdout == ()
    assert sum(move.budget_after.amount_minor for move in plan.moves) == 5001


def an_alarm(cell: Cell = FEED) -> Alarm:
    return Alarm(kind=AlarmKind.SPEND_TENFOLD, day=DAY, cell=cell, question="Is it true?")


def test_an_open_question_freezes_its_cell_and_no_other() -> None:
    plan = planned(some_inputs(alarms=(an_alarm(),), mode=PlanMode.AUTO))
    frozen, free = plan.of_cell(FEED), plan.of_cell(STORY)
    assert [move.share_after for move in frozen] == pytest.approx([1 / 3] * 3, abs=1e-6)
    assert {move.limits for move in frozen} == {(Limit.FROZEN,)}
    assert "until somebody answers" in frozen[0].reason
    assert max(move.share_after for move in free) > 0.5
    assert (plan.obstacles, plan.alarms) == (("Is it true?",), (an_alarm(),))
    assert planned(some_inputs(alarms=(an_alarm(),))).obstacles == ()


counts = st.integers(0, 10**9)


@st.composite
def any_inputs(draw: st.DrawFn) -> LearningInputs:
    """Any counts, shares and settings that a campaign may come to."""
    arms = []
    for cell in (FEED, STORY):
        for index in range(draw(st.integers(1, 3))):
            impressions = draw(counts)
            clicks = draw(st.integers(0, impressions))
            before = draw(st.none() | st.integers(0, 10**6).map(lambda units: units / 10**6))
            live = draw(st.booleans()) or not index
            arms.append(
                an_arm(
                    index, cell, impressions=impressions, clicks=clicks, share_before=before,
                    live=live, holdout_ad_id=draw(st.none() | st.just(AdId(f"twin-{index}"))),
                )
            )  # fmt: skip
    return some_inputs(
        *arms,
        mode=draw(st.sampled_from(PlanMode)),
        seed=draw(st.integers(0, 2**63 - 1)),
        settings=replace(
            SETTINGS,
            draws=50,
            alpha=draw(st.floats(0.0, 1.0)),
            floor_share=draw(st.floats(0.0, 0.5)),
            holdout_share=draw(st.floats(0.0, 0.3)),
        ),
        alarms=draw(st.sampled_from([(), (an_alarm(),), (an_alarm(STORY),)])),
    )


@settings(max_examples=40, deadline=None)
@given(any_inputs())
def test_replaying_from_stored_inputs_gives_the_same_bytes_and_spends_every_cent(
    inputs: LearningInputs,
) -> None:
    plan = planned(inputs)
    again = LearningInputs.from_json(inputs.to_json())
    assert again == inputs
    assert planned(again).to_json() == plan.to_json()
    spent = sum(move.budget_after.amount_minor for move in plan.moves)
    kept = sum(each.budget.amount_minor for each in plan.holdout)
    assert spent + kept == sum(row.budget.amount_minor for row in inputs.budgets)
    for shares in plan.shares().values():
        assert sum(shares.values()) == pytest.approx(1, abs=1e-9)
        assert all(0 <= share <= 1 for share in shares.values())


def days_of(rates: tuple[float, ...], *, shown: int = 4000) -> tuple[ArmDay, ...]:
    """Ten days of one ad."""
    return tuple(
        ArmDay(
            day=DAY - timedelta(days=10 - index),
            impressions=shown,
            clicks=round(shown * rate),
            conversions=0,
        )
        for index, rate in enumerate(rates)
    )


def with_days(index: int, cell: Cell, rates: tuple[float, ...]) -> ArmRecord:
    days = days_of(rates)
    return an_arm(
        index,
        cell,
        impressions=sum(each.impressions for each in days),
        clicks=sum(each.clicks for each in days),
        days=days,
    )


def test_days_of_steady_rates_teach_as_their_totals_do() -> None:
    rates = ((0.010,) * 10, (0.020,) * 10, (0.0125,) * 10)
    daily = some_inputs(
        *(with_days(i, cell, rates[i]) for cell in (FEED, STORY) for i in range(3))
    )
    summed = replace(daily, arms=tuple(replace(arm, days=()) for arm in daily.arms))
    one, other = planned(daily), planned(summed)
    assert one.day_weight == other.day_weight == 1.0
    assert [move.share_after for move in one.moves] == [m.share_after for m in other.moves]


def test_a_change_of_taste_makes_old_days_count_less_and_says_so() -> None:
    """The first idea leads for six days and then falls behind the second."""
    rates = ((0.03,) * 6 + (0.01,) * 4, (0.01,) * 6 + (0.03,) * 4, (0.015,) * 10)
    plan = planned(
        some_inputs(*(with_days(i, cell, rates[i]) for cell in (FEED, STORY) for i in range(3)))
    )
    assert plan.day_weight < 1
    assert "What people click has changed, so older days count less" in plan.cells[0].reason
    first, second, _ = plan.of_cell(FEED)
    assert second.share_after > first.share_after


def test_days_survive_being_stored() -> None:
    inputs = some_inputs(with_days(0, FEED, (0.01,) * 10), an_arm(1), an_arm(2))
    assert LearningInputs.from_json(inputs.to_json()) == inputs
