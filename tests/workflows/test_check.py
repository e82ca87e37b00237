"""A plan is held against the campaign's own log before money follows it."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import numpy as np
import pytest

from studio.bandit.off_policy import Refusal
from studio.domain.brief import Slug
from studio.domain.budget import BudgetPlan, HoldoutBudget, PlanMode, PlanStatus
from studio.domain.delivery import AdId
from studio.domain.learning import ArmDay, ArmRecord, LearningInputs
from studio.domain.money import Money
from studio.workflows.check import Check, checked, in_force_on, logged
from studio.workflows.learn import Learner
from tests.examples import ADMIN
from tests.ui.test_spend import a_move
from tests.workflows.learning_fakes import SLUG, MemoryBlobs, a_store
from tests.workflows.test_learn import LAUNCH, delivered, propose
from tests.workflows.test_planning import FEED, SETTINGS, an_arm, some_inputs

DAYS = tuple(date(2026, 3, 2) + timedelta(days=after) for after in range(8))
TODAY = DAYS[-1] + timedelta(days=1)


def a_plan(shares: dict[int, float], *, day: date = DAYS[0], kept: int = 0) -> BudgetPlan:
    """Money of FEED in these shares of 100.00 EUR, and `kept` minor units a holdout ad."""
    return BudgetPlan(
        campaign=Slug("kettle"),
        day=day,
        moves=tuple(
            replace(
                a_move(f"{FEED.market}-{index}"),
                cell=FEED,
                share_after=share,
                budget_after=Money(currency="EUR", amount_minor=round(share * 10_000)),
            )
            for index, share in shares.items()
        ),
        policy="p/1",
        posterior_hash="p",
        inputs_sha256="0",
        seed=1,
        mode=PlanMode.AUTO,
        holdout=tuple(
            HoldoutBudget(
                ad_id=twin(index), cell=FEED, budget=Money(currency="EUR", amount_minor=kept)
            )
            for index in (shares if kept else ())
        ),
    )


def twin(index: int) -> AdId:
    return AdId(f"{FEED.market}-{index}-holdout")


def an_ad(index: int, days: dict[date, tuple[int, int]], **overrides: Any) -> ArmRecord:
    told = tuple(
        ArmDay(day=day, impressions=shown, clicks=clicks, conversions=clicks // 10)
        for day, (shown, clicks) in days.items()
    )
    return an_arm(index, days=told, **overrides)


def of(*arms: ArmRecord, **settings: object) -> LearningInputs:
    made = replace(SETTINGS, **settings)  # type: ignore[arg-type]
    return some_inputs(*arms, day=TODAY, settings=made)


def long_log(rates: dict[int, float], shares: dict[int, float]) -> LearningInputs:
    """Eight days of 20,000 views, shown in proportion, clicked at these rates on average."""
    return of(
        *(
            an_ad(
                index,
                {
                    day: (round(20_000 * share), round(20_000 * share * rates[index]))
                    for day in DAYS
                },
            )
            for index, share in shares.items()
        )
    )


def test_rates_and_gains_worked_by_hand() -> None:
    """2 % of 16,000 and 4 % of 4,000 views a day: 2.4 % delivered; 3.6 % at 1 : 4, 3 % evenly.

    Weights average to 1 exactly, so IPS and its self-normalised form agree.
    """
    inputs = long_log({0: 0.02, 1: 0.04}, {0: 0.8, 1: 0.2})
    found = checked(
        a_plan({0: 0.2, 1: 0.8}, day=TODAY), inputs, followed=[a_plan({0: 0.8, 1: 0.2})]
    )
    assert found.plan is not None
    assert found.even is not None
    for estimated in ("ips", "snips", "doubly_robust", "self_normalised_doubly_robust"):
        assert getattr(found.plan, estimated).value == pytest.approx(0.036)
        assert getattr(found.even, estimated).value == pytest.approx(0.03)
    assert found.plan.logged.value == pytest.approx(0.024)
    assert found.over_even is not None
    assert found.over_delivered is not None
    assert found.over_even.value == pytest.approx(0.036 / 0.03 - 1)
    assert found.over_delivered.value == pytest.approx(0.036 / 0.024 - 1)
    assert found.over_even.low is not None
    assert found.over_even.low > 0
    assert (found.days, found.noun, found.is_worse, found.doubt) == (8, "clicks", False, "")
    weights = np.repeat([0.25, 4.0], [128_000, 32_000])
    effective = weights.sum() ** 2 / (weights**2).sum()
    assert found.support.effective_impressions == pytest.approx(effective)


def test_a_plan_that_looks_worse_than_the_even_split_says_so() -> None:
    """The bad half at 80 %: 2.4 % instead of 3 %, 20 % fewer."""
    inputs = long_log({0: 0.02, 1: 0.04}, {0: 0.5, 1: 0.5})
    found = checked(
        a_plan({0: 0.8, 1: 0.2}, day=TODAY), inputs, followed=[a_plan({0: 0.5, 1: 0.5})]
    )
    assert found.is_worse
    assert "would have got 20\N{NO-BREAK SPACE}% fewer clicks per view" in found.doubt
    assert "last 8 days" in found.doubt


def test_conversions_are_judged_where_they_are_what_counts() -> None:
    """A tenth of the clicks converts: 0.2 % and 0.4 %."""
    clicks = long_log({0: 0.02, 1: 0.04}, {0: 0.5, 1: 0.5})
    inputs = replace(clicks, settings=replace(clicks.settings, objective="conversions"))
    found = checked(
        a_plan({0: 0.2, 1: 0.8}, day=TODAY), inputs, followed=[a_plan({0: 0.5, 1: 0.5})]
    )
    assert found.plan is not None
    assert found.plan.snips.value == pytest.approx(0.0036)
    assert found.noun == "conversions"


def test_shares_count_until_the_next_plan_in_force() -> None:
    first, second = a_plan({0: 0.5, 1: 0.5}), a_plan({0: 0.9, 1: 0.1}, day=DAYS[3])
    days = dict.fromkeys(DAYS[:5], (100, 1))
    rows = list(
        logged(
            a_plan({0: 0.5, 1: 0.5}, day=TODAY), of(an_ad(0, days), an_ad(1, days)),
            [first, second],
        )
    )  # fmt: skip
    own = [row.propensity for row in rows if row.arm == 0]
    assert own == pytest.approx([0.5, 0.5, 0.5, 0.9, 0.9])
    assert in_force_on(DAYS[0] - timedelta(days=1), [first, second]) is None


def test_the_holdouts_money_counts_as_the_same_ads() -> None:
    """90 and 10 of the plan, 25 each of the holdout: 115 : 35."""
    days = {DAYS[0]: (100, 1)}
    arms = [an_ad(index, days, holdout_ad_id=twin(index)) for index in (0, 1)]
    followed = [a_plan({0: 0.9, 1: 0.1}, kept=2500)]
    rows = list(logged(a_plan({0: 0.5, 1: 0.5}, day=TODAY), of(*arms), followed))
    assert [row.propensity for row in rows] == pytest.approx([115 / 150, 35 / 150])


def test_only_days_on_which_every_ad_took_part_answer() -> None:
    """The third ad came on day 3; the second was paused then: it was shown, gets nothing."""
    early, late = a_plan({0: 0.5, 1: 0.5}), a_plan({0: 0.4, 1: 0.4, 2: 0.2}, day=DAYS[3])
    days = dict.fromkeys(DAYS[:5], (100, 1))
    inputs = of(an_ad(0, days), an_ad(1, days, live=False), an_ad(2, {DAYS[4]: (50, 1)}))
    rows = list(logged(a_plan({0: 0.7, 2: 0.3}, day=TODAY), inputs, [early, late]))
    assert [(row.day, row.arm) for row in rows] == [
        (day, arm) for day in DAYS[3:5] for arm in range(3)
    ]
    assert [row.target for row in rows[:3]] == [0.7, 0.0, 0.3]
    assert [row.even for row in rows[:3]] == [0.5, 0.0, 0.5]
    assert [row.impressions for row in rows[:3]] == [100, 100, 0]


def test_without_known_shares_the_log_has_no_answer() -> None:
    inputs = long_log({0: 0.02, 1: 0.04}, {0: 0.5, 1: 0.5})
    found = checked(a_plan({0: 0.2, 1: 0.8}, day=TODAY), inputs, followed=[])
    assert found.refusal is Refusal.NO_IMPRESSIONS
    assert (found.plan, found.over_even, found.is_worse) == (None, None, False)


def test_ads_that_were_not_shown_by_their_shares_are_refused() -> None:
    """Both got half of the money; one got nine of ten views."""
    inputs = long_log({0: 0.02, 1: 0.04}, {0: 0.9, 1: 0.1})
    found = checked(
        a_plan({0: 0.2, 1: 0.8}, day=TODAY), inputs, followed=[a_plan({0: 0.5, 1: 0.5})]
    )
    assert found.refusal is Refusal.WEIGHTS_ASTRAY


def test_a_fixed_plans_interval_holds_in_95_of_100_logs() -> None:
    """Three ads, a share of 60, 30 and 10 %; the plan wants 10, 30 and 60."""
    rng = np.random.default_rng(5)
    shares, wanted = np.array([0.6, 0.3, 0.1]), np.array([0.1, 0.3, 0.6])
    rates = np.array([0.012, 0.016, 0.014])
    truth = wanted @ rates / rates.mean() - 1
    followed = [a_plan(dict(enumerate(shares)))]
    held = []
    for _ in range(120):
        shown = rng.multinomial(6000, shares, size=len(DAYS))
        clicks = rng.binomial(shown, rates)
        arms = [
            an_ad(
                index,
                {
                    day: (int(shown[place, index]), int(clicks[place, index]))
                    for place, day in enumerate(DAYS)
                },
            )
            for index in range(3)
        ]
        plan = a_plan(dict(enumerate(wanted)), day=TODAY)
        gain = checked(plan, of(*arms), followed=followed).over_even
        assert gain is not None
        assert gain.low is not None
        assert gain.high is not None
        held.append(gain.low <= truth <= gain.high)
    assert 0.89 <= np.mean(held) <= 1.0


def forced(learner: Learner, best: str) -> tuple[BudgetPlan, Check]:
    """An automatic plan for a day after three in which `best` was clicked thrice as often.

    The brief wants 80 % of every cell for v0.
    """
    store = learner.store
    for after in range(3):
        propose(learner, store, after=after)  # type: ignore[arg-type]
        delivered(store, best=best, day=LAUNCH + timedelta(days=after))  # type: ignore[arg-type]
    budget = replace(store.written.budget, floor_share=0.05, variant_floors={"v0": 0.8})  # type: ignore[attr-defined]
    store.written = replace(store.written, budget=budget)  # type: ignore[attr-defined]
    plan = propose(learner, store, after=3)  # type: ignore[arg-type]
    return plan, learner.check(plan)


def a_learner() -> Learner:
    """Whose shares stay even, as the fakes deliver evenly."""
    brief = a_store().written
    even = replace(brief, budget=replace(brief.budget, floor_share=1.0))
    return Learner(store=a_store(variants=3, brief=even), blobs=MemoryBlobs(), draws=200)


def test_an_automatic_plan_that_looks_worse_than_even_waits_for_a_person() -> None:
    learner = a_learner()
    plan, found = forced(learner, best="v2")
    assert found.is_worse
    assert learner.status(plan) is PlanStatus.PROPOSED
    assert plan.obstacles == (found.doubt,)
    assert "fewer clicks per view" in plan.obstacles[0]
    assert learner.replay(plan).to_json() == plan.to_json()
    learner.approve(SLUG, day=plan.day, person=ADMIN)
    assert learner.in_force(SLUG)[-1] == plan


def test_an_automatic_plan_that_looks_better_than_even_is_in_force() -> None:
    learner = a_learner()
    plan, found = forced(learner, best="v0")
    assert found.over_even is not None
    assert found.over_even.value > 0.3
    assert learner.status(plan) is PlanStatus.AUTOMATIC
    assert plan.obstacles == ()


def test_a_plan_that_a_person_decides_on_needs_no_doubts() -> None:
    learner = a_learner()
    forced(learner, best="v2")
    store = learner.store
    plan = propose(learner, store, after=3, mode=PlanMode.PROPOSE)  # type: ignore[arg-type]
    assert plan.obstacles == ()
    assert learner.check(plan).is_worse
