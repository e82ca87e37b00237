"""Clicks become insights: which attributes win where, and angle weights for the next brief."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from math import ceil
from typing import Protocol

import numpy as np

from studio.bandit.features import Arms, Floats, Spread
from studio.bandit.insights import Study, compared, explored, overall, study, winning
from studio.domain.alarm import AlarmAnswer, teaching
from studio.domain.brief import Brief, Slug
from studio.domain.creative import Creative
from studio.domain.delivery import Ad, Delivery
from studio.domain.insight import CampaignInsights, Estimate, LevelInsight
from studio.domain.learning import ArmRecord
from studio.domain.market import Locale
from studio.domain.seeds import derive_seed
from studio.markets.pack import GLOBAL_MODERN
from studio.workflows.gathering import Reports, arms_of
from studio.workflows.planning import encoded

ANGLE = "angle"
LEAST_CLICKS = 30
"""So many clicks a level's views bring at its market's click rate before a number is told."""
EVEN_SHARE = 0.25
"""Part of the suggested weights that all angles share evenly, so that exploration goes on."""
AGREEMENT = 0.8
"""Probability from which another market counts as agreeing."""


class InsightStore(Protocol):
    """The part of `studio.store.repository` that insights need."""

    def brief(self, slug: Slug) -> Brief: ...
    def ads(self, slug: Slug) -> tuple[Ad, ...]: ...
    def creatives(self, slug: Slug) -> tuple[Creative, ...]: ...
    def deliveries(self, slug: Slug) -> tuple[Delivery, ...]: ...
    def alarm_answers(self, slug: Slug) -> tuple[AlarmAnswer, ...]: ...


@dataclass(frozen=True, slots=True, kw_only=True)
class Insights:
    """Where a campaign's clicks are asked what they teach."""

    store: InsightStore
    angles: Callable[[str], tuple[str, ...]]
    """The angles that a market's pack knows."""
    draws: int = 4000

    def of(self, slug: Slug) -> CampaignInsights:
        """What the campaign's reports teach of every attribute.

        Clicks count, whatever the brief's objective; reports that a person excluded don't.
        Equal reports give equal insights.
        """
        brief = self.store.brief(slug)
        reports = teaching(self.store.deliveries(slug), self.store.alarm_answers(slug))
        records = arms_of(
            brief,
            ads=self.store.ads(slug),
            creatives=self.store.creatives(slug),
            reports=Reports(deliveries=reports),
            previous=None,
        )
        if not records:
            return CampaignInsights(campaign=slug, levels=(), angle_weights={})
        return self._found(brief, records)

    def _found(self, brief: Brief, records: tuple[ArmRecord, ...]) -> CampaignInsights:
        arms, columns = encoded(records), columns_of(records, self._untried(records))
        seen = study(
            arms,
            Spread(),
            clicks=np.array([each.clicks for each in records]),
            impressions=np.array([each.impressions for each in records]),
            n_levels=[len(column.levels) for column in columns],
        )
        seed = derive_seed(brief.seed, brief.slug, "insights")
        rates = seen.rates(self.draws, np.random.default_rng(seed))
        found = Found(records=records, arms=arms, columns=columns, study=seen, rates=rates)
        levels = tuple(found.levels())
        enough = [one for one in levels if one.attribute == ANGLE and one.market is None]
        told = sum(one.estimate is not None for one in enough) > 1
        weights = found.weights(self._candidates) if told else {}
        return CampaignInsights(campaign=brief.slug, levels=levels, angle_weights=weights)

    def _candidates(self, market: str) -> tuple[str, ...]:
        """Angles that weights choose among; the unadapted one is there anyway."""
        return tuple(sorted(angle for angle in self.angles(market) if angle != GLOBAL_MODERN))

    def _untried(self, records: Sequence[ArmRecord]) -> tuple[str, ...]:
        """Angles that the markets' packs know and no ad has."""
        markets = {record.cell.market for record in records}
        known = {angle for market in markets for angle in self.angles(market)}
        return tuple(sorted(known - {each.attributes.get(ANGLE) for each in records}))


@dataclass(frozen=True, slots=True, kw_only=True)
class Column:
    """One attribute's levels by code; those that no ad has come last."""

    attribute: str
    levels: tuple[str, ...]


def columns_of(records: Sequence[ArmRecord], untried: tuple[str, ...]) -> tuple[Column, ...]:
    """The attributes that differ between ads, in the order of the arms' columns."""
    names = sorted({name for record in records for name in record.attributes})
    made = []
    for name in names:
        values = {record.attributes.get(name, "") for record in records}
        if len(values) > 1:
            further = untried if name == ANGLE else ()
            made.append(Column(attribute=name, levels=(*sorted(values - {""}), *further)))
    return tuple(made)


@dataclass(frozen=True, slots=True, kw_only=True)
class Tally:
    """Counts of each level of an attribute in one place, all (k,)."""

    impressions: Floats
    clicks: Floats
    expected: Floats
    """Clicks that the views bring at their markets' click rates."""

    @property
    def raw_ratios(self) -> Floats:
        """Plain click rates against their average; NaN where nothing was clicked."""
        shown = self.impressions > 0
        rates = np.full(len(shown), np.nan)
        rates[shown] = self.clicks[shown] / self.impressions[shown]
        average = rates[shown].mean() if shown.any() else 0.0
        return np.asarray(rates / average) if average else np.full(len(shown), np.nan)


@dataclass(frozen=True, slots=True, kw_only=True)
class Found:
    """One study with the names of what it is about.

    rates: of each column (n_draws, n_markets, n_levels).
    """

    records: tuple[ArmRecord, ...]
    arms: Arms
    columns: tuple[Column, ...]
    study: Study
    rates: tuple[Floats, ...]

    @property
    def markets(self) -> tuple[Locale, ...]:
        """By code."""
        return tuple(sorted({record.cell.market for record in self.records}))

    def levels(self) -> Iterator[LevelInsight]:
        """Every attribute, over all markets first, then market by market."""
        borrowed = [self.study.borrowed(code) for code in range(len(self.markets))]
        for index in range(len(self.columns)):
            yield from self._overall(index)
            own = [
                insight
                for code, market in enumerate(self.markets)
                for insight in self._in_market(index, code, market, borrowed[code][index])
            ]
            yield from (agreed(insight, own) for insight in own)

    def weights(
        self, candidates: Callable[[str], tuple[str, ...]]
    ) -> dict[Locale, dict[str, float]]:
        """Probabilities of each market's angles to be its best, partly spread evenly."""
        names = [column.attribute for column in self.columns]
        index = names.index(ANGLE)
        codes = {level: code for code, level in enumerate(self.columns[index].levels)}
        made = {}
        for place, market in enumerate(self.markets):
            angles = candidates(market)
            drawn = self.rates[index][:, place][:, [codes[angle] for angle in angles]]
            if not np.isnan(drawn).any():
                shares = explored(winning(drawn), even_share=EVEN_SHARE)
                made[market] = {
                    angle: float(share) for angle, share in zip(angles, shares, strict=True)
                }
        return made

    def _overall(self, index: int) -> Iterator[LevelInsight]:
        tried = np.flatnonzero(self.study.tried(index).any(axis=0))
        if len(tried) > 1:
            drawn = overall(self.rates[index])[:, tried]
            unknown = np.full(len(tried), np.nan)
            yield from self._told(index, None, tried, drawn=drawn, borrowed=unknown)

    def _in_market(
        self, index: int, code: int, market: Locale, borrowed: Floats
    ) -> Iterator[LevelInsight]:
        tried = np.flatnonzero(self.study.tried(index)[code])
        if len(tried) > 1:
            drawn = self.rates[index][:, code][:, tried]
            yield from self._told(index, market, tried, drawn=drawn, borrowed=borrowed[tried])

    def _told(
        self,
        index: int,
        market: Locale | None,
        tried: np.typing.NDArray[np.int64],
        *,
        drawn: Floats,
        borrowed: Floats,
    ) -> Iterator[LevelInsight]:
        column, effects = self.columns[index], compared(drawn)
        levels = [column.levels[code] for code in tried]
        counts = self._tally(column.attribute, levels, market)
        raw = counts.raw_ratios
        for place, level in enumerate(levels):
            estimate = Estimate(
                rate=float(effects.rate[place]),
                ratio=float(effects.ratio[place]),
                low=float(effects.low[place]),
                high=float(effects.high[place]),
                best=float(effects.best[place]),
                above=float(effects.above[place]),
                borrowed=known(borrowed[place]),
            )
            enough = counts.expected[place] >= LEAST_CLICKS
            yield LevelInsight(
                attribute=column.attribute,
                level=level,
                market=market,
                n_levels=len(levels),
                impressions=int(counts.impressions[place]),
                clicks=int(counts.clicks[place]),
                needed_impressions=self._needed(market),
                raw_ratio=known(raw[place]),
                estimate=estimate if enough else None,
            )

    def _tally(self, attribute: str, levels: Sequence[str], market: Locale | None) -> Tally:
        rates = click_rates(self.records)
        places = {level: place for place, level in enumerate(levels)}
        counts = np.zeros((3, len(levels)))
        for record in self.records:
            place = places.get(record.attributes.get(attribute, ""))
            if place is not None and market in (None, record.cell.market):
                expected = record.impressions * rates[record.cell.market]
                counts[:, place] += (record.impressions, record.clicks, expected)
        return Tally(impressions=counts[0], clicks=counts[1], expected=counts[2])

    def _needed(self, market: Locale | None) -> int | None:
        own = [each for each in self.records if market in (None, each.cell.market)]
        shown, clicked = sum(one.impressions for one in own), sum(one.clicks for one in own)
        return ceil(LEAST_CLICKS * shown / clicked) if clicked else None


def click_rates(records: Sequence[ArmRecord]) -> Mapping[Locale, float]:
    """Clicks per impression of each market; 0 before the first impression."""
    rates = {}
    for market in {record.cell.market for record in records}:
        own = [record for record in records if record.cell.market == market]
        shown = sum(record.impressions for record in own)
        rates[market] = sum(record.clicks for record in own) / max(shown, 1)
    return rates


def agreed(insight: LevelInsight, others: Sequence[LevelInsight]) -> LevelInsight:
    """The insight with how many of the other markets point the same way."""
    own = insight.estimate
    if own is None:
        return insight
    beside = [
        each.estimate
        for each in others
        if each.level == insight.level and each.market != insight.market and each.estimate
    ]
    same = [
        each
        for each in beside
        if (each.above if own.ratio > 1 else 1 - each.above) >= AGREEMENT
    ]
    return replace(insight, agreeing=len(same), others=len(beside))


def known(value: float) -> float | None:
    """NaN as `None`."""
    return None if np.isnan(value) else float(value)
