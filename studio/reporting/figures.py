"""The numbers a report leads with: two worlds compared, with intervals."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date
from math import exp, inf, log, sqrt

from studio.domain.creative import CreativeId
from studio.domain.delivery import Ad, AdId, Cell, Delivery, Group
from studio.domain.rehearsal import Outcome
from studio.reporting.charts import UpliftDay

Z95 = 1.959963984540054


@dataclass(frozen=True, slots=True, kw_only=True)
class Tally:
    """Counts of one world, over days and cells."""

    impressions: float = 0
    clicks: float = 0
    conversions: float = 0
    spend_minor: float = 0
    clicks_variance: float = 0
    """Of the clicks, where they are an estimate; counts have their own (Poisson)."""

    @property
    def click_rate(self) -> float:
        """Clicks per impression (0–1)."""
        return self.clicks / self.impressions if self.impressions else 0.0

    @property
    def click_price_minor(self) -> float:
        """Spend per click, in minor units."""
        return self.spend_minor / self.clicks if self.clicks else inf


@dataclass(frozen=True, slots=True, kw_only=True)
class Ratio:
    """A relative change (0.18 is +18 %) with the ends of its 95 % interval."""

    mean: float
    low: float
    high: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Comparison:
    """The plans' world against an even split of the same money."""

    planned: Tally
    even: Tally

    @property
    def uplift(self) -> Ratio | None:
        """Change of the click rate, by a normal interval on the log of the ratio.

        Clicks count as independent Poisson numbers; where both worlds share their luck the
        interval is wider than it need be. `None` without clicks on both sides.
        """
        ours, theirs = self.planned, self.even
        if not (ours.clicks > 0 and theirs.clicks > 0):
            return None
        centre = log(ours.click_rate / theirs.click_rate)
        variances = [
            (tally.clicks_variance or tally.clicks) / tally.clicks**2
            for tally in (ours, theirs)
        ]
        half = Z95 * sqrt(sum(variances))
        return Ratio(
            mean=exp(centre) - 1, low=exp(centre - half) - 1, high=exp(centre + half) - 1
        )

    @property
    def click_price_change(self) -> float | None:
        """Relative change of the price of a click."""
        if not (self.planned.clicks > 0 and self.even.clicks > 0 and self.even.spend_minor > 0):
            return None
        return self.planned.click_price_minor / self.even.click_price_minor - 1

    @property
    def clicks_gained(self) -> float:
        """Clicks more than the even split's, for the same money."""
        return self.planned.clicks - self.even.clicks


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """One cell's day in one world."""

    day: date
    cell: Cell
    tally: Tally


def tally(rows: Iterable[Row]) -> Tally:
    """The sum of rows."""
    parts = [row.tally for row in rows]
    return Tally(
        impressions=sum(part.impressions for part in parts),
        clicks=sum(part.clicks for part in parts),
        conversions=sum(part.conversions for part in parts),
        spend_minor=sum(part.spend_minor for part in parts),
        clicks_variance=sum(part.clicks_variance for part in parts),
    )


def rows_of(outcomes: Iterable[Outcome]) -> tuple[Row, ...]:
    """A rehearsal's outcomes as rows."""
    return tuple(
        Row(
            day=outcome.day,
            cell=outcome.cell,
            tally=Tally(
                impressions=outcome.impressions,
                clicks=outcome.clicks,
                conversions=outcome.conversions,
                spend_minor=outcome.spend.amount_minor,
            ),
        )
        for outcome in outcomes
    )


def delivered_rows(deliveries: Iterable[Delivery]) -> tuple[Row, ...]:
    """What ads reported, as rows."""
    return tuple(
        Row(
            day=delivery.day,
            cell=delivery.cell,
            tally=Tally(
                impressions=delivery.impressions,
                clicks=delivery.clicks,
                conversions=delivery.conversions,
                spend_minor=delivery.spend.amount_minor,
            ),
        )
        for delivery in deliveries
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class Groups:
    """Reports of the ads that follow the plans, and of their twins on the even split."""

    planned: tuple[Delivery, ...]
    holdout: tuple[Delivery, ...]
    """Under the names of the planned ads that show the same."""


def by_group(ads: Iterable[Ad], deliveries: Iterable[Delivery]) -> Groups:
    """The reports apart; an ad that nobody knows counts as planned."""
    known = {ad.id: ad for ad in ads}
    shows = {_shown(ad): ad.id for ad in known.values() if ad.group is Group.PLAN}
    planned, holdout = [], []
    for delivery in deliveries:
        ad = known.get(delivery.ad_id)
        if ad is None or ad.group is Group.PLAN:
            planned.append(delivery)
        else:
            holdout.append(replace(delivery, ad_id=shows.get(_shown(ad), ad.id)))
    return Groups(planned=tuple(planned), holdout=tuple(holdout))


def _shown(ad: Ad) -> tuple[CreativeId, Cell, str]:
    return ad.creative_id, ad.cell, ad.content_hash


def estimated_even(
    deliveries: Sequence[Delivery], *, holdout: Sequence[Delivery] = ()
) -> tuple[Row, ...]:
    """What an even split would have brought, estimated from the ads' own click rates.

    holdout: more reports of the same ads, which only teach their rates.

    Each cell's impressions of a day are thought to be spread evenly over the ads that were
    shown that day, each clicked at its rate over the whole time. Holds where rates and prices
    don't follow the shares or the days.
    """
    shown: dict[AdId, int] = defaultdict(int)
    clicked: dict[AdId, int] = defaultdict(int)
    days: dict[tuple[date, Cell], list[Delivery]] = defaultdict(list)
    for delivery in (*deliveries, *holdout):
        shown[delivery.ad_id] += delivery.impressions
        clicked[delivery.ad_id] += delivery.clicks
    for delivery in deliveries:
        days[delivery.day, delivery.cell].append(delivery)
    rows = []
    for (day, cell), own in days.items():
        seen = [delivery for delivery in own if shown[delivery.ad_id]]
        impressions = sum(delivery.impressions for delivery in own)
        each = impressions / len(seen) if seen else 0.0
        rates = [clicked[one.ad_id] / shown[one.ad_id] for one in seen]
        spread = [
            rate * (1 - rate) / shown[one.ad_id] for rate, one in zip(rates, seen, strict=True)
        ]
        rows.append(
            Row(
                day=day,
                cell=cell,
                tally=Tally(
                    impressions=impressions,
                    clicks=each * sum(rates),
                    spend_minor=sum(one.spend.amount_minor for one in own),
                    clicks_variance=each**2 * sum(spread),
                ),
            )
        )
    return tuple(rows)


def by_day(planned: Sequence[Row], even: Sequence[Row]) -> tuple[UpliftDay, ...]:
    """Each day's uplift; days without clicks on both sides are left out."""
    found = []
    for day in sorted({row.day for row in planned}):
        uplift = Comparison(
            planned=tally(row for row in planned if row.day == day),
            even=tally(row for row in even if row.day == day),
        ).uplift
        if uplift is not None:
            found.append(UpliftDay(day=day, mean=uplift.mean, low=uplift.low, high=uplift.high))
    return tuple(found)
