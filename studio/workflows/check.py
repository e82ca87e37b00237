"""What a plan's shares would have got in the campaign's own log, before money follows them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date

import numpy as np

from studio.bandit.features import Floats, Spread, design
from studio.bandit.logged import Counts, Rows
from studio.bandit.off_policy import (
    Estimate,
    Evaluation,
    NotEnoughSupport,
    Refusal,
    Support,
    evaluate,
    self_normalised_doubly_robust,
    versus,
)
from studio.bandit.posterior import fit
from studio.bandit.threads import one_thread
from studio.domain.budget import BudgetPlan
from studio.domain.delivery import AdId, Cell
from studio.domain.learning import ArmDay, ArmRecord, LearningInputs, PolicySettings
from studio.reporting.check_words import doubt_words
from studio.workflows.planning import by_conversions, encoded

CONVERSIONS = Spread(base_rate=0.05 * Spread().base_rate, intercept=1.5)
"""Of conversions per impression: about a twentieth of the clicks, or far from it."""
FOLDS = 4
"""Parts of the days; each part's modelled rates come from a fit on the others."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Shown:
    """One ad's day with its twin in the holdout, and under which share."""

    day: date
    cell: Cell
    arm: int
    """Place of the ad among the plan's inputs."""
    propensity: float
    """Share (0–1) of that day's money that the cell's known ads got."""
    target: float
    """Share that the plan wants to give it, and the even split over its ads."""
    even: float
    impressions: int
    results: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Check:
    """What a plan's shares and the even split would have got on the days of the log.

    The evaluations and both gains are `None` where the log can't answer; `refusal` says why.
    """

    day: date
    """The day that the plan is for."""
    days: int
    """Days of the log that answer."""
    by_conversions: bool
    support: Support
    refusal: Refusal | None = None
    plan: Evaluation | None = None
    even: Evaluation | None = None
    over_delivered: Estimate | None = None
    """The plan's rate over the delivered one, minus 1, doubly robust; likewise `over_even`."""
    over_even: Estimate | None = None

    @property
    def is_worse(self) -> bool:
        """Whether the plan got less than the even split, with its whole interval."""
        gain = self.over_even
        return gain is not None and gain.high is not None and gain.high < 0

    @property
    def noun(self) -> str:
        """What is counted."""
        return "conversions" if self.by_conversions else "clicks"

    @property
    def doubt(self) -> str:
        """Why an automatic plan should wait for a person; empty if it needn't."""
        gain = self.over_even
        if not self.is_worse or gain is None or gain.low is None or gain.high is None:
            return ""
        return doubt_words(gain.value, gain.low, gain.high, noun=self.noun, days=self.days)


@one_thread
def checked(
    plan: BudgetPlan, inputs: LearningInputs, *, followed: Sequence[BudgetPlan]
) -> Check:
    """What `plan`, which was made from `inputs`, would have got on the days before it.

    followed: the plans in force, by day. Their shares of money are the propensities, so ads
    of a cell are taken to cost the same per impression. Money between cells stays as it was.
    The plan has learnt from the same days, which flatters it: the check warns, but proves
    nothing.
    """
    log = tuple(logged(plan, inputs, followed))
    rates = modelled(log, inputs)
    planned = as_rows(log, [row.target for row in log], rates)
    even = as_rows(log, [row.even for row in log], rates)
    answer, beside = evaluate(planned), evaluate(even)
    known = Check(
        day=plan.day,
        days=len({row.day for row in log}),
        by_conversions=by_conversions(inputs.settings),
        support=answer.support,
    )
    for each in (answer, beside):
        if isinstance(each, NotEnoughSupport):
            return replace(known, support=each.support, refusal=each.refusal)
    assert isinstance(answer, Evaluation)
    assert isinstance(beside, Evaluation)
    return replace(
        known,
        plan=answer,
        even=beside,
        over_delivered=versus(
            planned, as_delivered(planned), estimator=self_normalised_doubly_robust
        ),
        over_even=versus(planned, even, estimator=self_normalised_doubly_robust),
    )


def logged(
    plan: BudgetPlan, inputs: LearningInputs, followed: Sequence[BudgetPlan]
) -> Iterator[Shown]:
    """The days of the plan's cells on which every ad that it gives money was in the split.

    Shares are those among the ads that the inputs know; the rest of a cell is left out.
    """
    for cell, wanted in plan.shares().items():
        arms = {place: arm for place, arm in enumerate(inputs.arms) if arm.cell == cell}
        told = {place: {day.day: day for day in arm.days} for place, arm in arms.items()}
        for day in sorted({day for days in told.values() for day in days}):
            split = split_of(in_force_on(day, followed), arms)
            if not split or not set(wanted) <= {arms[place].ad_id for place in split}:
                continue
            for place, share in split.items():
                ad_id, seen = arms[place].ad_id, told[place].get(day)
                yield Shown(
                    day=day,
                    cell=cell,
                    arm=place,
                    propensity=share,
                    target=wanted.get(ad_id, 0.0),
                    even=1 / len(wanted) if ad_id in wanted else 0.0,
                    impressions=seen.impressions if seen else 0,
                    results=results_of(seen, inputs.settings) if seen else 0,
                )


def in_force_on(day: date, followed: Sequence[BudgetPlan]) -> BudgetPlan | None:
    """The last plan in force up to that day: money follows it until the next one."""
    earlier = [plan for plan in followed if plan.day <= day]
    return earlier[-1] if earlier else None


def split_of(plan: BudgetPlan | None, arms: Mapping[int, ArmRecord]) -> dict[int, float]:
    """Share of money of each arm with its twin in the holdout; empty without any."""
    if plan is None:
        return {}
    money = {move.ad_id: move.budget_after.amount_minor for move in plan.moves}
    kept = {each.ad_id: each.budget.amount_minor for each in plan.holdout}
    parts = {
        place: money[arm.ad_id] + kept.get(arm.holdout_ad_id or AdId(""), 0)
        for place, arm in arms.items()
        if arm.ad_id in money
    }
    whole = sum(parts.values())
    return {place: part / whole for place, part in parts.items()} if whole else {}


def results_of(day: ArmDay, settings: PolicySettings) -> int:
    """What the objective counts, at most one an impression."""
    counted = day.conversions if by_conversions(settings) else day.clicks
    return min(counted, day.impressions)


def as_rows(log: Sequence[Shown], target: Sequence[float], rates: Floats) -> Rows:
    """The log against one target, with modelled rates of its rows, (n,)."""
    places = [(row.day, row.cell) for row in log]
    codes = {place: code for code, place in enumerate(dict.fromkeys(places))}
    return Counts(
        context=np.array([codes[place] for place in places], dtype=np.int64),
        unit=np.array([row.arm for row in log], dtype=np.int64),
        impressions=np.array([row.impressions for row in log], dtype=np.float64),
        clicks=np.array([row.results for row in log], dtype=np.float64),
        propensity=np.array([row.propensity for row in log], dtype=np.float64),
        target=np.array(target, dtype=np.float64),
        rates=rates,
    ).rows()


def as_delivered(rows: Rows) -> Rows:
    """The log against itself, so that every estimator gives its own rate."""
    return replace(rows, weight=np.ones_like(rows.weight), expected=rows.predicted)


def modelled(log: Sequence[Shown], inputs: LearningInputs) -> Floats:
    """Rate of each row's ad from days that the row isn't among, (n,)."""
    prior = CONVERSIONS if by_conversions(inputs.settings) else Spread()
    features = design(encoded(inputs.arms), prior)
    days = sorted({row.day for row in log})
    fold = np.array([days.index(row.day) % FOLDS for row in log], dtype=np.int64)
    arm = np.array([row.arm for row in log], dtype=np.int64)
    counts = np.array([(row.results, row.impressions) for row in log], dtype=np.float64)
    rates = np.zeros(len(log))
    for part in np.unique(fold):
        own, others = fold == part, fold != part
        results, impressions = (
            np.bincount(arm[others], weights=column, minlength=len(inputs.arms))
            for column in counts[others].reshape(-1, 2).T
        )
        belief = fit(features, clicks=results, impressions=impressions)
        rates[own] = belief.rates(np.arange(len(inputs.arms)))[0][arm[own]]
    return rates
