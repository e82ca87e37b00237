"""Reports that can't be taken at face value become questions to a person."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date, timedelta

import numpy as np

from studio.bandit.alarms import Alarm as Found
from studio.bandit.alarms import AlarmKind as FoundKind
from studio.bandit.alarms import Flight, Reports, alarms
from studio.domain.alarm import Alarm, AlarmAnswer, AlarmKind, latest
from studio.domain.brief import Brief
from studio.domain.budget import BudgetPlan
from studio.domain.delivery import Ad, AdId, Cell, Delivery
from studio.domain.money import Money
from studio.reporting.reasons import place_name
from studio.reporting.words import percent

LATE_DAYS = 2
"""Platforms may report so many days late before a day counts as missing."""
ASKED_AGAIN_DAYS = 14
"""An answered collapse isn't asked about again for so long."""


def open_alarms(
    brief: Brief,
    *,
    day: date,
    ads: Sequence[Ad],
    reports: Sequence[Delivery],
    followed: Sequence[BudgetPlan],
    answers: Sequence[AlarmAnswer],
) -> tuple[Alarm, ...]:
    """What is wrong in the reports before `day` and nobody answered, by day and place.

    A cell's day is missing if none of its ads reported it: platforms leave out ads that
    weren't shown.
    """
    known = {ad.id: ad for ad in ads}
    told = sorted(
        (each for each in reports if each.day < day and each.ad_id in known),
        key=lambda each: (each.day, each.ad_id),
    )
    if not told:
        return ()
    shown = sorted({each.ad_id for each in told})
    found = alarms(as_arrays(brief, told, shown, followed), flight_of(told, shown, day=day))
    raised = [
        *gaps([one for one in found if one.kind is FoundKind.DAY_MISSING], told, shown, known),
        *(
            as_alarm(one, known[shown[one.arm]], brief)
            for one in found
            if one.kind is not FoundKind.DAY_MISSING
        ),
    ]
    answered = latest(answers)
    return tuple(
        alarm
        for alarm in sorted(raised, key=lambda each: each.id)
        if alarm.id not in answered and not lately_asked(alarm, answered.values())
    )


def as_arrays(
    brief: Brief,
    told: Sequence[Delivery],
    shown: Sequence[AdId],
    followed: Sequence[BudgetPlan],
) -> Reports:
    """The reports with what each might have spent."""
    place = {ad_id: index for index, ad_id in enumerate(shown)}
    budgets = {
        (plan.day, ad_id): float(money.amount_minor)
        for plan in followed
        for ad_id, money in planned(plan)
    }
    currency = brief.budget.daily.currency
    return Reports(
        arm=np.array([place[each.ad_id] for each in told], dtype=np.int64),
        day=np.array([each.day.toordinal() for each in told], dtype=np.int64),
        impressions=np.array([each.impressions for each in told], dtype=np.float64),
        clicks=np.array([each.clicks for each in told], dtype=np.float64),
        spend=np.array([each.spend.amount_minor for each in told], dtype=np.float64),
        budget=np.array([budgets.get((each.day, each.ad_id), np.nan) for each in told]),
        own_currency=np.array([each.spend.currency == currency for each in told]),
    )


def planned(plan: BudgetPlan) -> Iterator[tuple[AdId, Money]]:
    """Each ad's money in a plan, the holdout's too."""
    for move in plan.moves:
        yield move.ad_id, move.budget_after
    for kept in plan.holdout:
        yield kept.ad_id, kept.budget


def flight_of(told: Sequence[Delivery], shown: Sequence[AdId], *, day: date) -> Flight:
    """From each ad's first report on, every day should be told.

    An ad that reported on the campaign's last days still runs; one that stopped before has
    ended with its last report.
    """
    days: dict[AdId, list[int]] = defaultdict(list)
    for each in told:
        days[each.ad_id].append(each.day.toordinal())
    last_report = max(each.day for each in told).toordinal()
    through = max(last_report, day.toordinal() - 1 - LATE_DAYS)
    ended = {ad_id for ad_id in shown if max(days[ad_id]) < last_report - LATE_DAYS}
    return Flight(
        first=np.array([min(days[ad_id]) for ad_id in shown], dtype=np.int64),
        last=np.array(
            [max(days[ad_id]) if ad_id in ended else through for ad_id in shown], np.int64
        ),
        reported_through=through,
        today=day.toordinal(),
    )


def gaps(
    missing: Sequence[Found],
    told: Sequence[Delivery],
    shown: Sequence[AdId],
    known: Mapping[AdId, Ad],
) -> Iterator[Alarm]:
    """One question for each cell with days that none of its ads reported."""
    reported = {(each.cell, each.day.toordinal()) for each in told}
    days: dict[Cell, set[int]] = defaultdict(set)
    for one in missing:
        cell = known[shown[one.arm]].cell
        if (cell, one.day) not in reported:
            days[cell].add(one.day)
    for cell, lost in days.items():
        first, last = (date.fromordinal(each) for each in (min(lost), max(lost)))
        when = f"{first:%d %b}" if first == last else f"{first:%d %b} to {last:%d %b}"
        yield Alarm(
            kind=AlarmKind.DAY_MISSING,
            day=last,
            cell=cell,
            question=(
                f"{place_name(cell)} reported nothing for {when} ({len(lost)} of its days). "
                "Import the missing report, or go on without it?"
            ),
        )


def as_alarm(found: Found, ad: Ad, brief: Brief) -> Alarm:
    """One finding as a question about an ad."""
    day = date.fromordinal(found.day)
    kind = AlarmKind(found.kind.value)
    return Alarm(
        kind=kind,
        day=day,
        cell=ad.cell,
        ad_id=ad.id,
        question=f"{place_name(ad.cell)}, {ad.id}: {words(found, kind, day, brief)}",
    )


def words(found: Found, kind: AlarmKind, day: date, brief: Brief) -> str:
    """What was seen and what to decide."""
    when = f"{day:%d %b}"
    if kind is AlarmKind.CTR_COLLAPSED:
        return (
            f"clicked at {percent(found.observed, digits=2)} of late, "
            f"{percent(found.expected, digits=2)} before {when}. Is its page working, or are "
            "people tired of it? Accept if it is true, exclude if the report is wrong."
        )
    if kind is AlarmKind.SPEND_TENFOLD:
        spent, usual = (
            Money(currency=brief.budget.daily.currency, amount_minor=round(amount))
            for amount in (found.observed, found.expected)
        )
        return f"spent {spent} on {when}, where {usual} were expected. Is the report right?"
    if kind is AlarmKind.IMPRESSIONS_GONE:
        return (
            f"shown {found.observed:,.0f} times on {when}, usually {found.expected:,.0f}. Does "
            "it still run?"
        )
    if kind is AlarmKind.DAY_IN_FUTURE:
        return f"reports {when}, which hasn't passed yet. Is the date right?"
    if kind is AlarmKind.WRONG_CURRENCY:
        return f"reports {when} in another currency than the budget's. Import it anew?"
    return f"reports impossible counts on {when}. Import it anew?"


def lately_asked(alarm: Alarm, answers: Iterable[AlarmAnswer]) -> bool:
    """Whether a collapse of the same ad was answered a short time before."""
    if alarm.kind is not AlarmKind.CTR_COLLAPSED:
        return False
    return any(
        (each.alarm.kind, each.alarm.ad_id) == (alarm.kind, alarm.ad_id)
        and timedelta() <= alarm.day - each.alarm.day <= timedelta(days=ASKED_AGAIN_DAYS)
        for each in answers
    )
