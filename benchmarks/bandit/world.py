"""Simulated audiences whose true click rates are known: what policies are measured in.

A truth is a logistic model with effects of market, segment, attributes of the ad, the ad
itself, their interactions with market and segment, weekdays, wear-out and changes of taste.
Its size is calibrated to public data (ads of one test differ by a logit SD of 0.21 to 0.25,
within a cell; market SD 0.30 and segment SD 0.23; click rates from 0.02 to 5 %). How the
spread divides between the effects is an assumption, so there are scenarios in which it
divides otherwise.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from itertools import product
from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray
from scipy.special import expit

Floats: TypeAlias = NDArray[np.float64]
Ints: TypeAlias = NDArray[np.int64]
Flags: TypeAlias = NDArray[np.bool_]

LEVELS = (6, 4, 3)
"""Levels of the attributes headline, visual and call to action."""
MARKET_SD, SEGMENT_SD, WEEKDAY_SD, BASE_SD = 0.30, 0.23, 0.05, 0.15


@dataclass(frozen=True, slots=True, kw_only=True)
class Spread:
    """How the variance of ads within a cell divides; the parts sum to 1."""

    attribute: float = 0.40
    creative: float = 0.10
    attribute_market: float = 0.25
    creative_market: float = 0.10
    attribute_segment: float = 0.10
    residual: float = 0.05


ATTRIBUTES_TELL = Spread()
ADS_TELL = Spread(
    attribute=0.0, creative=0.5, attribute_market=0.0, creative_market=0.35,
    attribute_segment=0.0, residual=0.15,
)  # fmt: skip
ONE_WINNER = Spread(
    attribute=0.85, creative=0.15, attribute_market=0.0, creative_market=0.0,
    attribute_segment=0.0, residual=0.0,
)  # fmt: skip
NOTHING_TELLS = Spread(
    attribute=0.0, creative=0.0, attribute_market=0.0, creative_market=0.0,
    attribute_segment=0.0, residual=1.0,
)  # fmt: skip


@dataclass(frozen=True, slots=True, kw_only=True)
class Scenario:
    """A kind of campaign. Rates are shares (0–1), SDs are on the logit."""

    markets: int = 5
    segments: int = 4
    variants: int = 12
    days: int = 28
    impressions: int = 10_000
    """A day, over all cells."""
    rate: float = 0.0131
    within_sd: float = 0.30
    spread: Spread = ATTRIBUTES_TELL
    traffic: tuple[float, ...] = ()
    """Weight of each market; empty: all alike."""
    delay_days: int = 0
    """Clicks and impressions are reported so many days late."""
    changes: tuple[int, ...] = ()
    """On these days half of the ads' variance is drawn anew."""
    wear: float = 0.0
    """An ad's logit falls in a straight line, by up to this over the campaign."""
    late: int = 0
    """So many ads join when half of the campaign is over."""


SCENARIOS = {
    "std": Scenario(),
    "weak": Scenario(within_sd=0.21),
    "strong": Scenario(within_sd=0.50),
    "main": Scenario(spread=ONE_WINNER),
    "idio": Scenario(spread=ADS_TELL),
    "chaos": Scenario(spread=NOTHING_TELLS),
    "cold": Scenario(late=4),
    "drift": Scenario(changes=(10, 19), wear=0.5),
    "delay": Scenario(delay_days=3),
    "tiny": Scenario(impressions=1_000),
    "big_market": Scenario(traffic=(10.0, 1.0, 1.0, 1.0, 1.0)),
    "lowctr": Scenario(rate=0.0017),
}


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Setting:
    """What every policy may know before it starts.

    market, segment: (n_cells,) codes. attributes: (n_variants, n_attributes) codes.
    impressions: of each cell and day, (n_cells,).
    """

    market: Ints
    segment: Ints
    attributes: Ints
    impressions: Ints
    days: int


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class World:
    """One draw of a scenario.

    rates: true click rates, (days, n_cells, n_variants). live: (days, n_variants).
    """

    scenario: Scenario
    setting: Setting
    rates: Floats
    live: Flags
    seed: int

    @property
    def best(self) -> Floats:
        """Rate of the best live ad of each day and cell, (days, n_cells)."""
        return np.asarray(np.where(self.live[:, None, :], self.rates, 0.0).max(axis=2))

    @property
    def even(self) -> Floats:
        """Mean rate of the live ads of each day and cell, (days, n_cells)."""
        live = np.broadcast_to(self.live[:, None, :], self.rates.shape)
        return np.asarray(np.mean(self.rates, axis=2, where=live))


def draw(scenario: Scenario, seed: int) -> World:
    """A world of its own for each seed."""
    rng = np.random.default_rng([seed, 20_261_122])
    setting = _setting(scenario, rng)
    ads = _ad_effects(scenario, setting, rng)
    steps = np.zeros(scenario.days, dtype=np.int64)
    for day in scenario.changes:
        steps[day:] += 1
    eras = [ads]
    for _ in scenario.changes:
        fresh = _ad_effects(scenario, setting, rng)
        eras.append(np.sqrt(0.5) * eras[-1] + np.sqrt(0.5) * fresh)
    level = _levels(scenario, setting, rng)
    week = WEEKDAY_SD * rng.standard_normal(7)
    wear = scenario.wear * rng.uniform(0, 1, scenario.variants)
    days = np.arange(scenario.days)
    logits = (
        np.stack([eras[step] for step in steps])
        + level[None, :, None]
        + week[days % 7][:, None, None]
        - wear[None, None, :] * (days / scenario.days)[:, None, None]
    )
    live = np.ones((scenario.days, scenario.variants), dtype=bool)
    if scenario.late:
        live[: scenario.days // 2, -scenario.late :] = False
    return World(scenario=scenario, setting=setting, rates=expit(logits), live=live, seed=seed)


def for_events(scenario: Scenario) -> Scenario:
    """The same audiences on a single long day."""
    return replace(scenario, days=1, delay_days=0, changes=(), late=0, wear=0.0)


def _setting(scenario: Scenario, rng: np.random.Generator) -> Setting:
    pairs = np.array(list(product(range(scenario.markets), range(scenario.segments))))
    every = np.array(list(product(*map(range, LEVELS))))
    chosen = rng.choice(len(every), size=scenario.variants, replace=False)
    weight = np.array(scenario.traffic or (1.0,) * scenario.markets)[pairs[:, 0]]
    impressions = np.floor(scenario.impressions * weight / weight.sum()).astype(np.int64)
    return Setting(
        market=pairs[:, 0],
        segment=pairs[:, 1],
        attributes=every[chosen],
        impressions=impressions,
        days=scenario.days,
    )


def _levels(scenario: Scenario, setting: Setting, rng: np.random.Generator) -> Floats:
    """Logit of each cell without any ad's effect, (n_cells,)."""
    base = np.log(scenario.rate / (1 - scenario.rate)) + BASE_SD * rng.standard_normal()
    market = MARKET_SD * rng.standard_normal(scenario.markets)
    segment = SEGMENT_SD * rng.standard_normal(scenario.segments)
    return np.asarray(base + market[setting.market] + segment[setting.segment])


def _ad_effects(scenario: Scenario, setting: Setting, rng: np.random.Generator) -> Floats:
    """Effects of the ads in each cell, (n_cells, n_variants)."""
    parts, n_cells = scenario.spread, len(setting.market)
    shape = (n_cells, scenario.variants)
    total = np.sqrt(parts.residual) * rng.standard_normal(shape)
    total += np.sqrt(parts.creative) * rng.standard_normal(scenario.variants)
    by_market = rng.standard_normal((scenario.markets, scenario.variants))
    total += np.sqrt(parts.creative_market) * by_market[setting.market]
    each = len(LEVELS)
    for column, levels in enumerate(LEVELS):
        codes = setting.attributes[:, column]
        main = rng.standard_normal(levels)
        market = rng.standard_normal((scenario.markets, levels))
        segment = rng.standard_normal((scenario.segments, levels))
        total += np.sqrt(parts.attribute / each) * main[codes]
        total += np.sqrt(parts.attribute_market / each) * market[setting.market][:, codes]
        total += np.sqrt(parts.attribute_segment / each) * segment[setting.segment][:, codes]
    return np.asarray(scenario.within_sd * total)
