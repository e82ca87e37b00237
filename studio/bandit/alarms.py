"""Reports that can't be true, and arms that collapse: reasons to stop and ask."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum
from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray
from scipy.special import betainc

from studio.bandit.features import Floats, Ints

Bools: TypeAlias = NDArray[np.bool_]

LARGEST_COUNT = 1e15
"""No report counts further; up to it, floats hold whole numbers exactly."""


class AlarmKind(StrEnum):
    """What is wrong."""

    CTR_COLLAPSED = "ctr_collapsed"
    CLICKS_OVER_IMPRESSIONS = "clicks_over_impressions"
    NOT_A_COUNT = "not_a_count"
    """Negative, NaN, infinite or too large to be counted."""
    SPEND_TENFOLD = "spend_tenfold"
    DAY_MISSING = "day_missing"
    IMPRESSIONS_GONE = "impressions_gone"
    DAY_IN_FUTURE = "day_in_future"
    WRONG_CURRENCY = "wrong_currency"


@dataclass(frozen=True, slots=True, kw_only=True)
class Alarm:
    """One thing to ask about.

    arm: index. day: as in the reports. observed and expected: of the quantity that the kind
    names (a rate, money, impressions, the last plausible day).
    """

    kind: AlarmKind
    arm: int
    day: int
    observed: float
    expected: float


@dataclass(frozen=True, slots=True, eq=False, kw_only=True)
class Reports:
    """m reported days of arms, in any order, one row an arm and day.

    arm: (m,) indices. day: (m,) integers, one apart a day. impressions, clicks, spend: (m,)
    as reported. budget: (m,), what the row might spend in minor units; NaN: unknown.
    own_currency: (m,) of bool, whether the money is in the campaign's currency.
    """

    arm: Ints
    day: Ints
    impressions: Floats
    clicks: Floats
    spend: Floats
    budget: Floats
    own_currency: Bools


@dataclass(frozen=True, slots=True, eq=False, kw_only=True)
class Flight:
    """When n arms were live, first and last day, each (n,); what should be known by now.

    reported_through: last day whose reports should be in. today: no report can be later.
    """

    first: Ints
    last: Ints
    reported_through: int
    today: int


@dataclass(frozen=True, slots=True, kw_only=True)
class AlarmSettings:
    """How sure and how large a thing must be before it stops the money."""

    kept_share: float = 0.6
    """A click rate has collapsed when it is surely below this part of its own past."""
    false_alarms: float = 0.01
    """Most that an arm of steady rate may be called collapsed in `horizon_days`."""
    horizon_days: int = 28
    windows: tuple[int, ...] = (1, 3, 7)
    """Days that are held against all days before them."""
    day_dispersion: float = 0.04
    """Squared relative SD of a day's click rate that isn't a collapse."""
    spend_factor: float = 10.0
    """Spend above this many times the budget, or the arm's typical day, isn't believed."""
    typical_days: int = 3
    """Days an arm must have before its typical day is known."""
    least_impressions: float = 100.0
    """Typical impressions from which a day without any is news."""


def alarms(
    reports: Reports, flight: Flight, *, settings: AlarmSettings | None = None
) -> tuple[Alarm, ...]:
    """Everything that should freeze moves and be asked about, by day, arm and kind.

    CTR collapse is tested as of `flight.reported_through`; everything else on every row and
    every day of the flights. Rows that can't be true don't count as anybody's past.
    """
    settings = settings or AlarmSettings()
    credible = _credible(reports)
    found = [
        *_impossible(reports, flight),
        *_tenfold(reports, credible, settings),
        *_gone(reports, credible, settings),
        *_missing(reports, flight),
        *_collapsed(reports, credible, flight, settings),
    ]
    return tuple(sorted(found, key=lambda one: (one.day, one.arm, one.kind)))


def _counts(reports: Reports) -> Floats:
    return np.column_stack([reports.impressions, reports.clicks, reports.spend])


def _credible(reports: Reports) -> Bools:
    """Rows whose counts are possible, (m,)."""
    counts = _counts(reports)
    sound = ((counts >= 0) & (counts <= LARGEST_COUNT)).all(axis=1)
    return np.asarray(sound & (reports.clicks <= reports.impressions))


def _rows(
    reports: Reports, where: Bools, kind: AlarmKind, *, observed: Floats, expected: Floats
) -> Iterator[Alarm]:
    for row in np.flatnonzero(where):
        yield Alarm(
            kind=kind,
            arm=int(reports.arm[row]),
            day=int(reports.day[row]),
            observed=float(observed[row]),
            expected=float(expected[row]),
        )


def _impossible(reports: Reports, flight: Flight) -> Iterator[Alarm]:
    """Rows that contradict themselves or the calendar."""
    counts = _counts(reports)
    unsound: Bools = ~((counts >= 0) & (counts <= LARGEST_COUNT))
    worst = counts[np.arange(len(counts)), unsound.argmax(axis=1)]
    nothing = np.zeros(len(counts))
    yield from _rows(
        reports,
        np.asarray(unsound.any(axis=1)),
        AlarmKind.NOT_A_COUNT,
        observed=worst,
        expected=nothing,
    )
    yield from _rows(
        reports,
        reports.clicks > reports.impressions,
        AlarmKind.CLICKS_OVER_IMPRESSIONS,
        observed=reports.clicks,
        expected=reports.impressions,
    )
    yield from _rows(
        reports,
        reports.day > flight.today,
        AlarmKind.DAY_IN_FUTURE,
        observed=reports.day.astype(np.float64),
        expected=np.full(len(counts), float(flight.today)),
    )
    yield from _rows(
        reports,
        ~reports.own_currency,
        AlarmKind.WRONG_CURRENCY,
        observed=reports.spend,
        expected=np.full(len(counts), np.nan),
    )


def _typical(
    values: Floats, arm: Ints, *, counted: Bools, asked: Bools, least_days: int
) -> Floats:
    """Median of an arm's other counted rows for each row asked for, (m,).

    NaN where there are fewer than `least_days`, and for rows that nobody asks for.
    """
    typical = np.full(len(values), np.nan)
    for row in np.flatnonzero(asked):
        others = counted & (arm == arm[row])
        others[row] = False
        if others.sum() >= least_days:
            typical[row] = np.median(values[others])
    return typical


def _tenfold(reports: Reports, credible: Bools, settings: AlarmSettings) -> Iterator[Alarm]:
    """Spend far above the budget, or above the arm's typical day where that is unknown."""
    usable = credible & reports.own_currency
    typical = _typical(
        reports.spend,
        reports.arm,
        counted=usable,
        asked=usable & np.isnan(reports.budget) & (reports.spend > 0),
        least_days=settings.typical_days,
    )
    expected = np.where(np.isnan(reports.budget), typical, reports.budget)
    yield from _rows(
        reports,
        usable & (expected > 0) & (reports.spend > settings.spend_factor * expected),
        AlarmKind.SPEND_TENFOLD,
        observed=reports.spend,
        expected=expected,
    )


def _gone(reports: Reports, credible: Bools, settings: AlarmSettings) -> Iterator[Alarm]:
    """Days without an impression of an arm that had money and is usually seen."""
    unseen = credible & (reports.impressions == 0) & ~(reports.budget == 0)
    typical = _typical(
        reports.impressions,
        reports.arm,
        counted=credible,
        asked=unseen,
        least_days=settings.typical_days,
    )
    yield from _rows(
        reports,
        unseen & (typical >= settings.least_impressions),
        AlarmKind.IMPRESSIONS_GONE,
        observed=reports.impressions,
        expected=typical,
    )


def _missing(reports: Reports, flight: Flight) -> Iterator[Alarm]:
    """Days on which an arm was live and that no row tells of."""
    told = set(zip(reports.arm.tolist(), reports.day.tolist(), strict=True))
    for arm, (first, last) in enumerate(zip(flight.first, flight.last, strict=True)):
        for day in range(int(first), min(int(last), flight.reported_through) + 1):
            if (arm, day) not in told:
                yield Alarm(
                    kind=AlarmKind.DAY_MISSING, arm=arm, day=day, observed=0.0, expected=1.0
                )


def _collapsed(
    reports: Reports, credible: Bools, flight: Flight, settings: AlarmSettings
) -> Iterator[Alarm]:
    """Arms whose rate of late is surely below `kept_share` of their rate before."""
    today = flight.reported_through
    counted = credible & (reports.day <= today) & (reports.impressions >= 1)
    level = settings.false_alarms / (settings.horizon_days * len(settings.windows))
    for arm in np.unique(reports.arm[counted]):
        own = counted & (reports.arm == arm)
        days = Counted(
            day=reports.day[own],
            impressions=reports.impressions[own],
            clicks=reports.clicks[own],
        )
        for window in settings.windows:
            late = days.day > today - window
            if late.any() and collapse_p_value(days, late, settings=settings) < level:
                yield Alarm(
                    kind=AlarmKind.CTR_COLLAPSED,
                    arm=int(arm),
                    day=today,
                    observed=days.rate(late),
                    expected=days.rate(~late),
                )
                break


@dataclass(frozen=True, slots=True, eq=False, kw_only=True)
class Counted:
    """One arm's days with impressions, all (t,)."""

    day: Ints
    impressions: Floats
    clicks: Floats

    def rate(self, chosen: Bools) -> float:
        """Clicks per impression on the chosen days; 0 where there are none."""
        shown = self.impressions[chosen].sum()
        return float(self.clicks[chosen].sum() / shown) if shown else 0.0


def collapse_p_value(days: Counted, late: Bools, *, settings: AlarmSettings) -> float:
    """How likely so few late clicks are if the rate kept `kept_share` of the early one.

    Given the sum K of two Poisson counts whose rates have the ratio ρ, the late count is
    Binomial(K, ρ nₗ / (ρ nₗ + nₑ)), nₗ and nₑ being impressions: exact whatever the rate is
    (Przyborowski & Wilenski, Homogeneity of results in testing samples from Poisson series,
    1940). A day counts for no more than 1 / `day_dispersion` clicks, because rates of days
    differ by more than chance; the binomial is continued to fractions by the beta function.
    """
    rate = days.clicks.sum() / days.impressions.sum()
    weight = 1 / (1 + settings.day_dispersion * rate * days.impressions)
    shown, clicks = weight * days.impressions, weight * days.clicks
    few, rest = clicks[late].sum(), clicks[~late].sum()
    exposed = settings.kept_share * shown[late].sum()
    if rest <= 0:
        return 1.0
    chance = exposed / (exposed + shown[~late].sum())
    return float(betainc(rest, few + 1, 1 - chance))
