"""What each limit costs in clicks, estimated on simulated people at a campaign's size."""

from __future__ import annotations

import json
import os
from collections.abc import Iterator, Mapping
from dataclasses import asdict, dataclass, replace
from math import ceil
from pathlib import Path

import numpy as np
from scipy.stats import t

from studio.bandit.budget import Guards, Standing, allocate, even_shares, temper
from studio.bandit.features import Arms, Floats, Spread, design, encode
from studio.bandit.posterior import fit
from studio.bandit.simulator import deliver, draw_truth
from studio.bandit.threads import one_thread
from studio.domain.brief import Brief
from studio.domain.canonical import fingerprint
from studio.domain.seeds import derive_seed
from studio.workflows.simulate import SIMULATOR, price_per_impression

SEEDS = 12
DRAWS = 200
MOST_CELLS = 8
"""More cells are left out: they would learn alike, and take longer."""
MOST_PLANS = 8
"""Longer campaigns plan for several days at once, and may move as much as in all of them."""
FREE = Guards(floor_share=0.0, max_change_share=1.0, min_impressions=0, protected_share=0.0)


@dataclass(frozen=True, slots=True, kw_only=True)
class Size:
    """How large a campaign is, and what it limits."""

    markets: int
    placements: int
    ideas: int
    days: int
    impressions: int
    """A day, in all cells together."""
    floor_share: float
    max_daily_change_share: float
    min_impressions: int
    protected_share: float
    holdout_share: float

    @property
    def sha256(self) -> str:
        """Fingerprint of the sizes and limits, and of how they are judged."""
        return fingerprint([asdict(self), SIMULATOR, SEEDS, DRAWS, MOST_CELLS, MOST_PLANS])


@dataclass(frozen=True, slots=True, kw_only=True)
class Cost:
    """Clicks lost by one limit alone (0.02 is 2 %) with the ends of their 95 % interval."""

    limit: str
    """Field of the brief's budget, or `min_impressions`."""
    value: float
    """What it is set to."""
    loss: float
    low: float
    high: float


@dataclass(frozen=True, slots=True, kw_only=True)
class World:
    """One way to share money: guard-rails, and a holdout."""

    guards: Guards = FREE
    holdout_share: float = 0.0


def size_of(brief: Brief, *, min_impressions: int, protected_share: float) -> Size:
    """A brief's size at the prices that the simulator asks."""
    budget = brief.budget
    return Size(
        markets=len(brief.markets),
        placements=len(brief.placements),
        ideas=brief.variants_per_market,
        days=budget.days,
        impressions=round(budget.daily.amount_minor / price_per_impression(brief, None)),
        floor_share=budget.floor_share,
        max_daily_change_share=budget.max_daily_change_share,
        min_impressions=min_impressions,
        protected_share=protected_share,
        holdout_share=budget.holdout_share,
    )


def worlds_of(size: Size) -> Mapping[str, tuple[float, World]]:
    """Each limit with its value, alone; those that limit nothing are left out."""
    protected = Guards(
        floor_share=0.0,
        max_change_share=1.0,
        min_impressions=size.min_impressions,
        protected_share=size.protected_share if size.min_impressions else 0.0,
    )
    found = {
        "floor_share": (size.floor_share, World(guards=floor_of(size.floor_share))),
        "max_daily_change_share": (
            size.max_daily_change_share,
            World(guards=slowed(size.max_daily_change_share)),
        ),
        "min_impressions": (float(size.min_impressions), World(guards=protected)),
        "holdout_share": (size.holdout_share, World(holdout_share=size.holdout_share)),
    }
    return {name: (value, world) for name, (value, world) in found.items() if world != World()}


def floor_of(share: float) -> Guards:
    """Only this floor."""
    return Guards(
        floor_share=share, max_change_share=1.0, min_impressions=0, protected_share=0.0
    )


def slowed(share: float) -> Guards:
    """Only this change a day."""
    return Guards(
        floor_share=0.0, max_change_share=share, min_impressions=0, protected_share=0.0
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class LimitCosts:
    """Where estimates are made once and kept."""

    folder: Path
    min_impressions: int
    protected_share: float

    def size_of(self, brief: Brief) -> Size:
        """The size of a brief's campaign and its limits."""
        return size_of(
            brief, min_impressions=self.min_impressions, protected_share=self.protected_share
        )

    def known(self, brief: Brief) -> tuple[Cost, ...] | None:
        """What was estimated before; `None` where nothing was."""
        file = self._file(self.size_of(brief))
        if not file.is_file():
            return None
        return tuple(Cost(**row) for row in json.loads(file.read_text("utf-8")))

    def estimate(self, brief: Brief) -> Iterator[float]:
        """Estimate and keep; gives out the part (0–1) that is done."""
        size = self.size_of(brief)
        clicks = []
        for row in simulated(size):
            clicks.append(row)
            yield len(clicks) / SEEDS
        file = self._file(size)
        file.parent.mkdir(parents=True, exist_ok=True)
        unfinished = file.with_suffix(f".{os.getpid()}.part")
        found = costs_from(size, np.array(clicks))
        unfinished.write_text(json.dumps([asdict(cost) for cost in found]), "utf-8")
        os.replace(unfinished, file)

    def _file(self, size: Size) -> Path:
        return self.folder / f"{size.sha256}.json"


def simulated(size: Size) -> Iterator[Floats]:
    """Expected clicks of each seed: without limits first, then under each limit alone."""
    worlds = [World(), *(world for _, world in worlds_of(size).values())]
    for seed in range(SEEDS):
        yield np.array([clicks_in(world, size, seed=seed) for world in worlds])


def costs_from(size: Size, clicks: Floats) -> tuple[Cost, ...]:
    """Each limit's cost against the same campaign without any limit, from (seeds, worlds).

    Both live through the same simulated days (`studio.bandit.simulator`), and clicks are the
    expected ones, so that luck of the draw cancels; seeds differ in the hidden click rates.
    Negative where the limit helps.
    """
    return tuple(
        a_cost(name, value, 1 - clicks[:, place] / clicks[:, 0])
        for place, (name, (value, _)) in enumerate(worlds_of(size).items(), start=1)
    )


def a_cost(name: str, value: float, losses: Floats) -> Cost:
    """Mean and Student's 95 % interval of the losses of each seed, (seeds,)."""
    mean, error = float(losses.mean()), float(losses.std(ddof=1)) / len(losses) ** 0.5
    half = float(t.ppf(0.975, len(losses) - 1)) * error
    return Cost(
        limit=name,
        value=value,
        loss=round(mean, 5),
        low=round(mean - half, 5),
        high=round(mean + half, 5),
    )


def arms_of(size: Size) -> Arms:
    """Every idea on every placement of every market; at most `MOST_CELLS` cells."""
    cells = [(m, p) for m in range(size.markets) for p in range(size.placements)][:MOST_CELLS]
    rows = [(market, place, idea) for market, place in cells for idea in range(size.ideas)]
    return encode(
        market=[f"m{market}" for market, _, _ in rows],
        placement=[f"p{place}" for _, place, _ in rows],
        creative=[f"m{market}/v{idea}" for market, _, idea in rows],
        attributes=[{"angle": f"a{idea % 6}", "set": f"s{idea % 4}"} for _, _, idea in rows],
    )


@one_thread
def clicks_in(world: World, size: Size, *, seed: int) -> float:
    """Expected clicks of a whole campaign; every cell has the same money."""
    arms = arms_of(size)
    truth = draw_truth(arms, price=1.0, rng=rng_of(seed, "truth"))
    features, even = design(arms, Spread()), even_shares(arms.cell)
    shares, total = even, 0.0
    clicks, impressions = np.zeros((2, len(even)), dtype=np.int64)
    of_cell = size.impressions / (size.markets * size.placements)
    step = ceil(size.days / MOST_PLANS)
    for first in range(0, size.days, step):
        days = min(step, size.days - first)
        if first:
            belief = fit(features, clicks=clicks, impressions=impressions, rounds=1)
            shares = allocate(
                belief,
                Standing(
                    rows=np.arange(len(even)),
                    cell=arms.cell,
                    previous=shares,
                    impressions=impressions,
                ),
                guards=replace(
                    world.guards,
                    max_change_share=min(world.guards.max_change_share * step, 1.0),
                ),
                alpha=temper(first / max(size.days - 1, 1)),
                n_draws=DRAWS,
                rng=rng_of(seed, f"plan {first}"),
            ).shares
        followed = (1 - world.holdout_share) * shares + world.holdout_share * even
        money = np.floor(followed * of_cell * days).astype(np.int64)
        day = deliver(truth, money, rng=rng_of(seed, f"day {first}"))
        clicks, impressions = clicks + day.clicks, impressions + day.impressions
        total += float(day.impressions @ truth.click_rate)
    return total


def rng_of(seed: int, what: str) -> np.random.Generator:
    """Equal for all worlds of a seed."""
    return np.random.default_rng(derive_seed("limit costs", seed, what))
