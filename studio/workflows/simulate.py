"""A campaign is rehearsed on simulated people, beside the same campaign split evenly."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import Protocol, Self

import numpy as np

from studio.bandit.features import Floats, Ints, encode
from studio.bandit.simulator import Day, Truth, deliver, draw_truth
from studio.domain.brief import Brief, Slug
from studio.domain.budget import BudgetPlan, PlanMode
from studio.domain.creative import Creative, Status
from studio.domain.delivery import Ad, AdId, Cell, Delivery, Group
from studio.domain.money import Money
from studio.domain.person import Person
from studio.domain.rehearsal import Outcome, RehearsalRecord
from studio.domain.seeds import derive_seed
from studio.errors import InputError
from studio.workflows.purse import even_budgets

SIMULATOR = "logistic-people/2"
TYPICAL_CPM = {
    "AED": "22.00",
    "CHF": "5.50",
    "CNY": "42.00",
    "EUR": "5.50",
    "GBP": "4.80",
    "INR": "120.00",
    "JPY": "850",
    "KRW": "8000",
    "SAR": "22.50",
    "SGD": "8.00",
    "USD": "6.00",
}
"""Price of a thousand impressions that the simulator asks, by currency of the budget."""


class SimulateStore(Protocol):
    """The part of `studio.store.repository` that a rehearsal needs."""

    def ads(self, slug: Slug) -> tuple[Ad, ...]: ...
    def creatives(self, slug: Slug) -> tuple[Creative, ...]: ...
    def replace_deliveries(self, slug: Slug, deliveries: tuple[Delivery, ...]) -> object: ...


class Planner(Protocol):
    """What makes each day's plan."""

    def propose(
        self, brief: Brief, *, day: date, mode: PlanMode, person: Person
    ) -> BudgetPlan: ...


@dataclass(frozen=True, slots=True, kw_only=True)
class RehearsedDay:
    """One day in both worlds."""

    day: date
    plan: BudgetPlan
    deliveries: tuple[Delivery, ...]
    """What the ads of the planned world report."""
    planned: tuple[Outcome, ...]
    even: tuple[Outcome, ...]


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Rehearsal:
    """The live ads of a campaign in front of simulated people.

    ads: those that follow the plan first, then their twins in the holdout, which show the
    same and so are clicked at the same hidden rate.
    """

    store: SimulateStore
    brief: Brief
    ads: tuple[Ad, ...]
    truth: Truth
    seed: int

    @classmethod
    def of(cls, store: SimulateStore, brief: Brief, *, cpm: Money | None = None) -> Self:
        """People whose taste follows from the brief's seed and the live ads' attributes."""
        creatives = {creative.id: creative for creative in store.creatives(brief.slug)}
        shown = tuple(
            sorted(
                (
                    ad
                    for ad in store.ads(brief.slug)
                    if ad.creative_id in creatives
                    and creatives[ad.creative_id].status is Status.LIVE
                    and creatives[ad.creative_id].content_hash == ad.content_hash
                ),
                key=lambda ad: (str(ad.cell), ad.id),
            )
        )
        ads = tuple(ad for ad in shown if ad.group is Group.PLAN)
        if not ads:
            raise InputError(
                f"Campaign {brief.slug} has no live ads to rehearse: approve creatives and "
                "export them first."
            )
        seed = derive_seed(brief.slug, "rehearsal", brief.seed)
        made = [creatives[ad.creative_id] for ad in ads]
        truth = draw_truth(
            encode(
                market=[ad.cell.market for ad in ads],
                placement=[ad.cell.placement for ad in ads],
                creative=[f"{one.market}/{one.variant}" for one in made],
                attributes=[one.attributes for one in made],
            ),
            price=price_per_impression(brief, cpm),
            rng=np.random.default_rng(seed),
        )
        places = {(ad.creative_id, ad.cell): place for place, ad in enumerate(ads)}
        twins = tuple(ad for ad in shown if ad.group is Group.HOLDOUT)
        of = [*places.values(), *(places[ad.creative_id, ad.cell] for ad in twins)]
        return cls(
            store=store,
            brief=brief,
            ads=(*ads, *twins),
            truth=replace(
                truth,
                click_rate=truth.click_rate[of],
                conversion_rate=truth.conversion_rate[of],
                cell=truth.cell[of],
                usual=usual_money(brief, ads, truth.cell),
            ),
            seed=seed,
        )

    def run(
        self, planner: Planner, *, person: Person, days: int | None = None
    ) -> Iterator[RehearsedDay]:
        """Plan, deliver and store day after day from the launch; each day is given out."""
        for offset in range(self.brief.budget.days if days is None else days):
            day = self.brief.launch + timedelta(days=offset)
            plan = planner.propose(self.brief, day=day, mode=PlanMode.AUTO, person=person)
            rehearsed = self.deliver(plan)
            self.store.replace_deliveries(self.brief.slug, rehearsed.deliveries)
            yield rehearsed

    def deliver(self, plan: BudgetPlan) -> RehearsedDay:
        """The plan's day, and the same day with every cell's money split evenly.

        The holdout's money is the same in both.
        """
        planned = {move.ad_id: move.budget_after for move in plan.moves}
        even: dict[AdId, Money] = {}
        for cell in plan.shares():
            own = plan.of_cell(cell)
            total = Money(currency=self._currency, amount_minor=0)
            for move in own:
                total += move.budget_after
            parts = total.split((1.0,) * len(own))
            even |= {move.ad_id: part for move, part in zip(own, parts, strict=True)}
        kept = {each.ad_id: each.budget for each in plan.holdout}
        planned, even = planned | kept, even | kept
        chosen_day, even_day = self._day(plan.day, planned), self._day(plan.day, even)
        return RehearsedDay(
            day=plan.day,
            plan=plan,
            deliveries=self._deliveries(plan.day, chosen_day, planned),
            planned=self._outcomes(plan.day, chosen_day),
            even=self._outcomes(plan.day, even_day),
        )

    def record(self, days: Sequence[RehearsedDay]) -> RehearsalRecord:
        """What a report tells of the rehearsal."""
        return RehearsalRecord(
            campaign=self.brief.slug,
            seed=self.seed,
            simulator=SIMULATOR,
            planned=tuple(outcome for day in days for outcome in day.planned),
            even=tuple(outcome for day in days for outcome in day.even),
        )

    @property
    def _currency(self) -> str:
        return self.brief.budget.daily.currency

    def _day(self, day: date, budgets: Mapping[AdId, Money]) -> Day:
        """Both worlds get equal generators, and so live through the same day."""
        amounts: Ints = np.array(
            [budgets[ad.id].amount_minor if ad.id in budgets else 0 for ad in self.ads]
        )
        rng = np.random.default_rng(derive_seed(self.seed, day.isoformat()))
        return deliver(self.truth, amounts, rng=rng)

    def _deliveries(
        self, day: date, counts: Day, budgets: Mapping[AdId, Money]
    ) -> tuple[Delivery, ...]:
        return tuple(
            Delivery(
                ad_id=ad.id,
                day=day,
                cell=ad.cell,
                impressions=int(counts.impressions[index]),
                clicks=int(counts.clicks[index]),
                conversions=int(counts.conversions[index]),
                spend=self._money(int(counts.spend[index])),
            )
            for index, ad in enumerate(self.ads)
            if ad.id in budgets
        )

    def _outcomes(self, day: date, counts: Day) -> tuple[Outcome, ...]:
        """What each cell brought, without the holdout: it is split evenly in both worlds."""
        places: dict[Cell, list[int]] = {}
        for index, ad in enumerate(self.ads):
            if ad.group is Group.PLAN:
                places.setdefault(ad.cell, []).append(index)
        expected = counts.impressions * self.truth.click_rate
        return tuple(
            Outcome(
                day=day,
                cell=cell,
                impressions=int(counts.impressions[own].sum()),
                clicks=int(counts.clicks[own].sum()),
                conversions=int(counts.conversions[own].sum()),
                spend=self._money(int(counts.spend[own].sum())),
                expected_clicks=round(float(expected[own].sum()), 6),
            )
            for cell, own in places.items()
        )

    def _money(self, amount_minor: int) -> Money:
        return Money(currency=self._currency, amount_minor=amount_minor)


def usual_money(brief: Brief, ads: Sequence[Ad], codes: Ints) -> Floats:
    """Each cell's even part of the daily budget in minor units, (n_cells,), by code."""
    even = even_budgets(brief.budget.daily, [ad.cell for ad in ads])
    usual = np.zeros(int(codes.max()) + 1)
    for ad, code in zip(ads, codes, strict=True):
        usual[code] = even[ad.cell].amount_minor
    return usual


def price_per_impression(brief: Brief, cpm: Money | None) -> float:
    """Median price of one impression, in minor units of the budget's currency."""
    currency = brief.budget.daily.currency
    if cpm is None and currency not in TYPICAL_CPM:
        raise InputError(
            f"The simulator knows no price of a thousand impressions in {currency}: pass one."
        )
    price = cpm if cpm is not None else Money.of(TYPICAL_CPM[currency], currency)
    if price.currency != currency or price.amount_minor <= 0:
        raise InputError(
            f"The price of a thousand impressions is {price}; the budget is in "
            f"{currency} and the price must be above 0."
        )
    return price.amount_minor / 1000
