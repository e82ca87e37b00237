"""What the store knows becomes the records that a plan is made from."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date

from studio.bandit.spread import paced_total
from studio.domain.brief import Brief, Objective
from studio.domain.budget import BudgetPlan
from studio.domain.creative import Creative, CreativeId, Status
from studio.domain.delivery import Ad, AdId, Cell, Delivery, Group
from studio.domain.event import OWN
from studio.domain.learning import ArmDay, ArmRecord, CellDay, CellRecord, Purse
from studio.domain.money import Money
from studio.errors import InputError
from studio.platforms.learning import LearningRule, in_learning, load_learning_rules
from studio.workflows.planning import CONVERSION_OBJECTIVES
from studio.workflows.purse import even_budgets
from studio.workflows.rewards import platform_of

TYPICAL_CONVERSIONS = 20.0
"""How many conversions of the whole campaign a cell's mean value is shrunk by."""
LARGE_CHANGE = 0.2
"""Part of a budget from which a change restarts a platform's learning phase."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Counts:
    """What one ad, or an ad and its twin, brought."""

    impressions: int = 0
    clicks: int = 0
    conversions: int = 0
    spend_minor: int = 0
    value_minor: int | None = None
    told: date = date.max
    """When these numbers were last imported; of an ad and its twin, the earlier day."""

    def __add__(self, other: Counts) -> Counts:
        values = [each for each in (self.value_minor, other.value_minor) if each is not None]
        return Counts(
            impressions=self.impressions + other.impressions,
            clicks=self.clicks + other.clicks,
            conversions=self.conversions + other.conversions,
            spend_minor=self.spend_minor + other.spend_minor,
            value_minor=sum(values) if values else None,
            told=min(self.told, other.told),
        )

    def on(self, day: date) -> ArmDay:
        """These counts as those of a day."""
        return ArmDay(
            day=day,
            impressions=self.impressions,
            clicks=self.clicks,
            conversions=self.conversions,
            spend_minor=self.spend_minor,
            value_minor=self.value_minor,
            age_days=max((self.told - day).days, 0),
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Reports:
    """What was reported of a campaign."""

    deliveries: tuple[Delivery, ...]
    told: Mapping[tuple[AdId, date], date] = field(default_factory=dict)
    """When each ad's day was last imported, where that is known."""
    today: date = date.max
    """Nothing was told later."""

    def by_day(self) -> Mapping[AdId, Mapping[date, Counts]]:
        """Every ad's counts of each day that was reported."""
        found: dict[AdId, dict[date, Counts]] = defaultdict(lambda: defaultdict(Counts))
        for report in self.deliveries:
            told = self.told.get((report.ad_id, report.day), self.today)
            found[report.ad_id][report.day] += Counts(
                impressions=report.impressions,
                clicks=report.clicks,
                conversions=report.conversions,
                spend_minor=report.spend.amount_minor,
                value_minor=report.value.amount_minor if report.value else None,
                told=min(told, self.today),
            )
        return found


def arm_days(groups: Sequence[Mapping[date, Counts]]) -> tuple[ArmDay, ...]:
    """The days of an ad and its twin together."""
    days = sorted({day for group in groups for day in group})
    return tuple(
        sum((group.get(day, Counts()) for group in groups), Counts()).on(day) for day in days
    )


def is_current(ad: Ad, creatives: Mapping[CreativeId, Creative]) -> bool:
    """Whether an ad shows what its creative says today, and may run."""
    creative = creatives.get(ad.creative_id)
    return (
        creative is not None
        and creative.content_hash == ad.content_hash
        and creative.status in (Status.LIVE, Status.PAUSED)
    )


def an_arm(
    brief: Brief,
    ad: Ad,
    creative: Creative,
    *,
    twin: AdId | None,
    days: tuple[ArmDay, ...],
    share_before: float | None,
) -> ArmRecord:
    """An ad of the plan; its twin in the holdout shows the same, so both teach.

    An ad that we serve ourselves costs nothing: it teaches and gets no budget.
    """
    return ArmRecord(
        ad_id=ad.id,
        cell=ad.cell,
        variant=creative.variant,
        attributes=dict(creative.attributes),
        impressions=sum(day.impressions for day in days),
        clicks=sum(day.clicks for day in days),
        conversions=sum(day.conversions for day in days),
        share_before=share_before,
        live=creative.status is Status.LIVE and ad.platform != OWN,
        holdout_ad_id=twin,
        least_share=brief.budget.floor_of(creative.variant),
        most_share=brief.budget.cap_of(creative.variant),
        days=days,
    )


def shares_of(plan: BudgetPlan | None) -> Mapping[AdId, float]:
    """Each ad's share of its cell in a plan."""
    return {} if plan is None else {move.ad_id: move.share_after for move in plan.moves}


def budgets_of(plan: BudgetPlan | None) -> Mapping[Cell, Money]:
    """Each cell's money in a plan."""
    return {} if plan is None else {move.cell: move.budget_after for move in plan.cells}


def bought(ads: Iterable[Ad], reports: Iterable[Delivery]) -> tuple[Delivery, ...]:
    """The reports of ads that cost money: not of those that we serve ourselves."""
    own = {ad.id for ad in ads if ad.platform == OWN}
    return tuple(report for report in reports if report.ad_id not in own)


def arms_of(
    brief: Brief,
    *,
    ads: Iterable[Ad],
    creatives: Iterable[Creative],
    reports: Reports,
    previous: BudgetPlan | None,
) -> tuple[ArmRecord, ...]:
    """Ads whose exported content is still the creative's, with what each day brought."""
    known = {creative.id: creative for creative in creatives}
    current = [ad for ad in ads if is_current(ad, known)]
    twins = {(ad.creative_id, ad.cell): ad.id for ad in current if ad.group is Group.HOLDOUT}
    counts, before = reports.by_day(), shares_of(previous)
    arms = []
    for ad in current:
        if ad.group is Group.HOLDOUT:
            continue
        twin = twins.get((ad.creative_id, ad.cell))
        groups = [counts.get(each, {}) for each in (ad.id, twin) if each is not None]
        arms.append(
            an_arm(
                brief,
                ad,
                known[ad.creative_id],
                twin=twin,
                days=arm_days(groups),
                share_before=before.get(ad.id),
            )
        )
    return tuple(sorted(arms, key=lambda arm: (str(arm.cell), arm.ad_id)))


def purse_of(
    brief: Brief,
    *,
    day: date,
    arms: Sequence[ArmRecord],
    reports: Sequence[Delivery],
    followed: Sequence[BudgetPlan],
) -> Purse:
    """The day's money, and what each cell's brought so far.

    reports: before `day`. followed: plans in force before `day`, by day.
    Raises `InputError` if a report is in another currency than the brief.
    """
    budget = brief.budget
    total = day_total(brief, day=day, reports=reports)
    cells = sorted({arm.cell for arm in arms if arm.live}, key=str)
    even = even_budgets(total, cells)
    before = budgets_of(followed[-1] if followed else None)
    rules = load_learning_rules()
    history = cell_history(brief, reports)
    worth = worth_of(brief, reports, cells)
    return Purse(
        total=total,
        cells=tuple(
            CellRecord(
                cell=cell,
                even=even[cell],
                before=before.get(cell),
                worth=worth[cell],
                learning=still_learning(
                    rules.get(platform_of(cell)), cell, history[cell], followed, day=day
                ),
                days=tuple(history[cell]),
            )
            for cell in cells
        ),
        max_change_share=budget.max_cell_change_share,
        market_floors={str(name): share for name, share in budget.market_floors.items()},
        market_caps={str(name): share for name, share in budget.market_caps.items()},
        target=budget.target,
    )


def day_total(brief: Brief, *, day: date, reports: Iterable[Delivery]) -> Money:
    """The day's money: the daily budget, or an even part of what the total leaves."""
    budget = brief.budget
    if budget.total is None:
        return budget.daily
    spent = sum(report.spend.amount_minor for report in reports)
    days_left = max(budget.days - (day - brief.launch).days, 1)
    left = paced_total(budget.total.amount_minor, spent=spent, days_left=days_left)
    return Money(currency=budget.daily.currency, amount_minor=left)


def results_of(brief: Brief, report: Delivery) -> int:
    """What a report counts for the objective."""
    by_conversions = brief.budget.objective in CONVERSION_OBJECTIVES
    return report.conversions if by_conversions else report.clicks


def cell_history(brief: Brief, reports: Iterable[Delivery]) -> defaultdict[Cell, list[CellDay]]:
    """Every cell's days with spend and results, by day."""
    sums: dict[tuple[Cell, date], list[int]] = defaultdict(lambda: [0, 0])
    for report in reports:
        if report.spend.currency != brief.budget.daily.currency:
            raise InputError(
                f"{report.ad_id} reports {report.day} in {report.spend.currency}; the budget "
                f"is in {brief.budget.daily.currency}. Import it in the budget's currency."
            )
        sums[report.cell, report.day][0] += report.spend.amount_minor
        sums[report.cell, report.day][1] += results_of(brief, report)
    history: defaultdict[Cell, list[CellDay]] = defaultdict(list)
    for (cell, day), (spend, results) in sorted(sums.items(), key=lambda item: item[0][1]):
        history[cell].append(CellDay(day=day, spend_minor=spend, results=results))
    return history


def worth_of(
    brief: Brief, reports: Iterable[Delivery], cells: Iterable[Cell]
) -> Mapping[Cell, float]:
    """What one result is worth in each cell, relative to the campaign's mean.

    Only the objective `value` tells them apart: a cell's mean value of a conversion, shrunk
    to the campaign's by `TYPICAL_CONVERSIONS` conversions.
    """
    if brief.budget.objective is not Objective.VALUE:
        return dict.fromkeys(cells, 1.0)
    value: dict[Cell, float] = defaultdict(float)
    count: dict[Cell, int] = defaultdict(int)
    for report in reports:
        if report.value is not None:
            value[report.cell] += report.value.amount_minor
            count[report.cell] += report.conversions
    if not sum(count.values()) or not sum(value.values()):
        return dict.fromkeys(cells, 1.0)
    mean = sum(value.values()) / sum(count.values())
    return {
        cell: (value[cell] / mean + TYPICAL_CONVERSIONS) / (count[cell] + TYPICAL_CONVERSIONS)
        for cell in cells
    }


def still_learning(
    rule: LearningRule | None,
    cell: Cell,
    history: Iterable[CellDay],
    followed: Sequence[BudgetPlan],
    *,
    day: date,
) -> bool:
    """Whether the platform's learning phase of a cell's ad set lasts on `day`."""
    if rule is None:
        return False
    edits = [day for day in edits_of(cell, followed, budget=rule.budget_restarts)]
    events = {each.day: each.results for each in history}
    return in_learning(rule, events, max(edits, default=None), day)


def edits_of(cell: Cell, followed: Sequence[BudgetPlan], *, budget: bool) -> Iterator[date]:
    """Days on which a cell started, got other ads, or (`budget`) much other money."""
    ads: set[AdId] = set()
    money: Money | None = None
    for plan in followed:
        moves = plan.of_cell(cell)
        now = budgets_of(plan).get(cell, money)
        shown = {move.ad_id for move in moves}
        if moves and (not shown <= ads or (budget and is_large(money, now))):
            yield plan.day
        ads, money = ads | shown, now


def is_large(before: Money | None, after: Money | None) -> bool:
    """Whether a budget changed by more than `LARGE_CHANGE`."""
    if before is None or after is None or not before.amount_minor:
        return False
    change = abs(after.amount_minor - before.amount_minor) / before.amount_minor
    return change > LARGE_CHANGE + 1e-9
