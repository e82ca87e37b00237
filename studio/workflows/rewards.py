"""What the marketer asked for, as the worth of a click: a pure function of stored inputs."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Protocol, TypeAlias

import numpy as np

from studio.bandit.delay import (
    development,
    geometric_curve,
    learn_completeness,
    matured,
)
from studio.bandit.features import Arms, Floats, Ints, Spread, design
from studio.bandit.posterior import Posterior, fit
from studio.bandit.reward import learn_prices, learn_values, log_worth
from studio.domain.brief import Objective
from studio.domain.delivery import AdId, Cell
from studio.domain.delivery_report import DeliveryReport

ATTRIBUTION_DAYS = 28
"""Days after which numbers no longer move; on Meta they may for so long."""
CONVERSIONS = Spread(base_rate=0.05, intercept=1.5)
"""Of conversions per click: 2.8 to 8.6 of a hundred in public figures."""
BY_CONVERSION = frozenset(
    {Objective.CONVERSIONS, Objective.VALUE, Objective.COST_PER_ACQUISITION}
)
ALL = "all"
"""The curve of platforms that reported nothing yet."""

Point: TypeAlias = tuple[tuple[AdId, date, str], int, int]
"""Of a report its series, its age in days and its conversions."""


class DayCounts(Protocol):
    """One ad's day, with its twin's."""

    @property
    def day(self) -> date: ...
    @property
    def impressions(self) -> int: ...
    @property
    def clicks(self) -> int: ...
    @property
    def conversions(self) -> int: ...
    @property
    def spend_minor(self) -> int: ...
    @property
    def value_minor(self) -> int | None:
        """What the conversions were worth; `None`: not reported."""

    @property
    def age_days(self) -> int:
        """Day of the last import of these numbers minus the day itself."""


@dataclass(frozen=True, slots=True, eq=False, kw_only=True)
class Days:
    """n arms on t days in order, all (n, t). valued: conversions whose value is known."""

    impressions: Ints
    clicks: Ints
    conversions: Ints
    spend: Ints
    valued: Ints
    value: Ints
    age: Ints


def days_of(arms: Sequence[Iterable[DayCounts]]) -> Days:
    """Arms' days as arrays; every day on which any of them ran has a column."""
    told = [tuple(days) for days in arms]
    place = {day: at for at, day in enumerate(sorted({d.day for own in told for d in own}))}
    table = np.zeros((7, len(told), max(len(place), 1)), dtype=np.int64)
    for row, own in enumerate(told):
        for each in own:
            known = each.value_minor is not None
            table[:, row, place[each.day]] = (
                each.impressions,
                each.clicks,
                each.conversions,
                each.spend_minor,
                each.conversions if known else 0,
                each.value_minor or 0,
                each.age_days,
            )
    impressions, clicks, conversions, spend, valued, value, age = table
    return Days(
        impressions=impressions,
        clicks=clicks,
        conversions=conversions,
        spend=spend,
        valued=valued,
        value=value,
        age=age,
    )


def platform_of(cell: Cell) -> str:
    """`meta` of `meta_feed_4x5`."""
    return cell.placement.partition("_")[0]


def completeness_of(
    reports: Iterable[DeliveryReport],
    platforms: Mapping[AdId, str],
    *,
    window_days: int = ATTRIBUTION_DAYS,
) -> Mapping[str, tuple[float, ...]]:
    """How much of a day is reported by its age: a curve for each platform, and one for `ALL`.

    A platform's own reports move it away from the curve of all together. Rounded, so that
    what is stored with a plan replays it.
    """
    points = list(_points(reports))
    every = _curve(points, geometric_curve(window_days))
    curves = {ALL: every}
    for name in sorted(set(platforms.values())):
        own = [point for point in points if platforms.get(point[0][0]) == name]
        curves[name] = _curve(own, every)
    return {name: tuple(curve.round(6).tolist()) for name, curve in curves.items()}


def _points(reports: Iterable[DeliveryReport]) -> Iterable[Point]:
    """Of each report its series, its age when first and last imported, and conversions."""
    for report in reports:
        of = report.delivery
        for on in (report.reported_on, report.confirmed_on):
            if on >= of.day:
                key = (of.ad_id, of.day, str(of.cell))
                yield key, (on - of.day).days, of.conversions


def _curve(points: Sequence[Point], prior: Floats) -> Floats:
    codes: dict[object, int] = {}
    rows = [(codes.setdefault(key, len(codes)), age, n) for key, age, n in points]
    series, age, conversions = np.array(rows, dtype=np.int64).reshape(-1, 3).T
    seen = development(
        series=series, age_days=age, conversions=conversions, window_days=len(prior) - 1
    )
    return learn_completeness(seen, prior=prior).share


def log_reward(
    objective: Objective,
    days: Days,
    arms: Arms,
    *,
    completeness: Sequence[Sequence[float]],
    n_draws: int,
    rng: np.random.Generator,
) -> Floats | None:
    """Draws of the log of what a click is worth over an impression's price, (n_draws, n).

    For `log_reward` of `studio.bandit.budget.allocate`, whose posterior is of clicks per
    impression. completeness: of each arm's platform, (n, w + 1). `None` where nothing is
    known that tells arms apart: the objective counts clicks, and nothing was spent.

    Clicks and cost per click: clicks per unit of money. Conversions and cost per
    acquisition: conversions; value: their value. A target doesn't change which arm brings
    the most, it bounds the money of cells.
    """
    paid = bool(days.spend.any())
    if objective not in BY_CONVERSION and not paid:
        return None
    n_arms = len(days.clicks)
    log_price = np.zeros((n_draws, n_arms))
    if paid:
        prices = learn_prices(spend=days.spend, impressions=days.impressions, cell=arms.cell)
        log_price = prices.log_draws(n_draws, rng)
    conversion = log_value = None
    if objective in BY_CONVERSION:
        posterior = conversions_per_click(days, arms, completeness)
        conversion = posterior.draws(np.arange(n_arms), n_draws, rng)
    if objective is Objective.VALUE:
        values = learn_values(count=days.valued, total=days.value, cell=arms.cell)
        log_value = values.log_draws(n_draws, rng)
    return log_worth(log_price=log_price, conversion=conversion, log_value=log_value)


def conversions_per_click(
    days: Days, arms: Arms, completeness: Sequence[Sequence[float]]
) -> Posterior:
    """Belief about each arm's conversions per click, once all of them are reported.

    Clicks count as far as their conversions could have been reported by now, and never
    less than the conversions that were.
    """
    curves = zip(days.clicks, days.age, completeness, strict=True)
    ripe = [matured(clicks, age, np.asarray(curve)).sum() for clicks, age, curve in curves]
    reported = days.conversions.sum(axis=1)
    return fit(
        design(arms, CONVERSIONS),
        clicks=reported,
        impressions=np.maximum(np.array(ripe), reported),
    )
