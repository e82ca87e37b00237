"""Policies live through campaigns: daily batches as on ad platforms, or one event at a time.

Every policy meets the same worlds with the same luck (paired seeds). Scores use the true
rates, so the luck of clicks enters through decisions alone.
"""

from __future__ import annotations

import time
from dataclasses import dataclass
from typing import Protocol

import numpy as np
from scipy.stats import binom

from benchmarks.bandit.world import Flags, Floats, Ints, Setting, World


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Morning:
    """What a policy knows when it splits a day's traffic.

    impressions, clicks: as reported by now, (day, n_cells, n_variants); days whose report is
    late are zero. live: (n_variants,) ads that may be shown today.
    """

    setting: Setting
    day: int
    impressions: Ints
    clicks: Ints
    live: Flags


class BatchPolicy(Protocol):
    """Splits every cell's traffic for a day."""

    def shares(self, morning: Morning, rng: np.random.Generator) -> Floats:
        """(n_cells, n_variants); rows sum to 1, ads that aren't live get 0."""
        ...


class EventPolicy(Protocol):
    """Chooses an ad for each visitor."""

    block: int
    """Visitors between two updates."""

    def choose(self, cells: Ints, rng: np.random.Generator) -> Ints:
        """The ad for each visitor, (b,), from the cell of each, (b,)."""
        ...

    def learn(self, cells: Ints, variants: Ints, clicks: Ints) -> None:
        """What came of a block, three of (b,)."""
        ...


@dataclass(frozen=True, slots=True, kw_only=True)
class Score:
    """What one policy reached in one world, in expected clicks."""

    clicks: float
    even: float
    best: float
    last_quarter_regret: float
    """In per cent, over the last quarter of days or visitors."""
    seconds: float
    """Processor time of the policy's own code."""

    @property
    def regret(self) -> float:
        """Per cent of the gap between the best ads and the even split."""
        return 100 * (self.best - self.clicks) / (self.best - self.even)

    @property
    def uplift(self) -> float:
        """Per cent more clicks than the even split."""
        return 100 * (self.clicks / self.even - 1)


def run_batches(policy: BatchPolicy, world: World) -> Score:
    """A whole campaign in daily batches; the first day too is the policy's to split."""
    setting, days = world.setting, world.scenario.days
    shape = (days, len(setting.market), len(setting.attributes))
    impressions, clicks = np.zeros((2, *shape), dtype=np.int64)
    got, seconds = np.zeros((days, len(setting.market))), 0.0
    for day in range(days):
        seen = max(0, day - world.scenario.delay_days)
        known = np.arange(day) < seen
        morning = Morning(
            setting=setting,
            day=day,
            impressions=impressions[:day] * known[:, None, None],
            clicks=clicks[:day] * known[:, None, None],
            live=world.live[day],
        )
        started = time.process_time()
        shares = policy.shares(morning, np.random.default_rng([world.seed, day, 7]))
        seconds += time.process_time() - started
        shares = _checked(shares, world.live[day])
        got[day] = (shares * world.rates[day]).sum(axis=1) * setting.impressions
        impressions[day], clicks[day] = deliver(world, day, shares)
    best = world.best * setting.impressions
    even = world.even * setting.impressions
    late = slice(days - days // 4, days)
    return Score(
        clicks=got.sum(),
        even=even.sum(),
        best=best.sum(),
        last_quarter_regret=100
        * (best[late] - got[late]).sum()
        / (best[late] - even[late]).sum(),
        seconds=seconds,
    )


def deliver(world: World, day: int, shares: Floats) -> tuple[Ints, Ints]:
    """Impressions and clicks of a day, two of (n_cells, n_variants).

    Clicks are quantiles of uniform numbers that don't depend on the policy.
    """
    impressions = whole(shares * world.setting.impressions[:, None])
    luck = np.random.default_rng([world.seed, day, 1]).random(shares.shape)
    clicks = np.maximum(binom.ppf(luck, impressions, world.rates[day]), 0)
    return impressions, clicks.astype(np.int64)


def whole(amounts: Floats) -> Ints:
    """Amounts of each row as whole numbers with the row's rounded sum (largest remainder)."""
    down = np.floor(amounts + 1e-9)
    missing = np.rint(amounts.sum(axis=1) - down.sum(axis=1)).astype(int)
    order = np.argsort(np.argsort(down - amounts, axis=1, kind="stable"), axis=1)
    return np.asarray(down + (order < missing[:, None]), dtype=np.int64)


def run_events(policy: EventPolicy, world: World, rounds: int = 100_000) -> Score:
    """Visitors one by one, in blocks of the policy's size, with feedback after each block."""
    rng = np.random.default_rng([world.seed, 3])
    weight = world.setting.impressions / world.setting.impressions.sum()
    cells = rng.choice(len(weight), size=rounds, p=weight)
    luck = rng.random(rounds)
    rates, chance = world.rates[0], np.random.default_rng([world.seed, 4])
    got, seconds = np.zeros(rounds), 0.0
    for start in range(0, rounds, policy.block):
        block = slice(start, min(start + policy.block, rounds))
        started = time.process_time()
        chosen = policy.choose(cells[block], chance)
        seconds += time.process_time() - started
        got[block] = rates[cells[block], chosen]
        clicks = (luck[block] < got[block]).astype(np.int64)
        started = time.process_time()
        policy.learn(cells[block], chosen, clicks)
        seconds += time.process_time() - started
    best, even = rates.max(axis=1)[cells], rates.mean(axis=1)[cells]
    late = slice(rounds - rounds // 4, rounds)
    return Score(
        clicks=got.sum(),
        even=even.sum(),
        best=best.sum(),
        last_quarter_regret=100
        * (best[late] - got[late]).sum()
        / (best[late] - even[late]).sum(),
        seconds=seconds,
    )


def _checked(shares: Floats, live: Flags) -> Floats:
    """The shares, if they are shares."""
    sums = shares.sum(axis=1)
    if not np.allclose(sums, 1.0, atol=1e-6) or (shares < -1e-9).any():
        raise ValueError(f"Shares must be at least 0 and sum to 1, not {sums}.")
    if (shares[:, ~live] > 1e-9).any():
        raise ValueError("An ad that isn't live got traffic.")
    return np.maximum(shares, 0.0)
