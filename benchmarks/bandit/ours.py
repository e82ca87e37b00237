"""The studio's optimizer in the harness, without the guard-rails that its peers don't have."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

import numpy as np

from benchmarks.bandit.arena import BatchPolicy, EventPolicy, Morning
from benchmarks.bandit.peers_learner import drawn, even
from benchmarks.bandit.world import Flags, Floats, Ints, Setting
from studio.bandit.budget import temper
from studio.bandit.features import Arms, Design, Spread, design
from studio.bandit.posterior import fit
from studio.bandit.snapshot import tempered_wins

EVENTS = 100_000
DRAWS = 1000
"""Posterior draws behind a share."""


def arms_of(setting: Setting, live: Flags) -> Arms:
    """The live ads of every cell, cell by cell."""
    variants = np.flatnonzero(live)
    n_cells = len(setting.market)
    variant = np.tile(variants, n_cells)
    return Arms(
        market=np.repeat(setting.market, len(variants)),
        context=np.repeat(setting.segment, len(variants))[:, None],
        creative=variant,
        attributes=setting.attributes[variant],
    )


@dataclass(slots=True, kw_only=True, eq=False)
class Belief:
    """Totals of every ad and the shares that follow from them."""

    setting: Setting
    live: Flags = field(init=False)
    features: Design = field(init=False)
    cell: Ints = field(init=False)

    def __post_init__(self) -> None:
        self.consider(np.ones(len(self.setting.attributes), dtype=bool))

    def consider(self, live: Flags) -> None:
        """Take these ads to be the live ones."""
        arms = arms_of(self.setting, live)
        self.live, self.cell = live.copy(), arms.cell
        self.features = design(arms, Spread())

    def shares(
        self, impressions: Ints, clicks: Ints, *, alpha: float, rng: np.random.Generator
    ) -> Floats:
        """Chance of being the best in its cell, tempered, (n_cells, n_variants)."""
        posterior = fit(
            self.features,
            impressions=impressions[:, self.live].ravel(),
            clicks=clicks[:, self.live].ravel(),
        )
        wins = tempered_wins(
            posterior,
            np.arange(len(self.cell)),
            cell=self.cell,
            alpha=alpha,
            n_draws=DRAWS,
            rng=rng,
        )
        found = np.zeros(impressions.shape)
        found[:, self.live] = wins.reshape(len(impressions), -1)
        return found


@dataclass(slots=True, kw_only=True, eq=False)
class Daily:
    """What `workflows.learn` does each morning: α falls with the days of the campaign."""

    setting: Setting
    belief: Belief = field(init=False)

    def __post_init__(self) -> None:
        self.belief = Belief(setting=self.setting)

    def shares(self, morning: Morning, rng: np.random.Generator) -> Floats:
        if (morning.live != self.belief.live).any():
            self.belief.consider(morning.live)
        if not morning.impressions.any():
            return even(len(self.setting.market), morning.live)
        return self.belief.shares(
            morning.impressions.sum(axis=0),
            morning.clicks.sum(axis=0),
            alpha=temper(morning.day / max(self.setting.days - 1, 1)),
            rng=rng,
        )


@dataclass(slots=True, kw_only=True, eq=False)
class Serving:
    """Draws from a snapshot of shares that is renewed when a twentieth more was seen."""

    setting: Setting
    block: int = 500
    impressions: Ints = field(init=False)
    clicks: Ints = field(init=False)
    fitted: int = 0
    snapshot: Floats = field(init=False)
    belief: Belief = field(init=False)

    def __post_init__(self) -> None:
        shape = (len(self.setting.market), len(self.setting.attributes))
        self.impressions, self.clicks = np.zeros((2, *shape), dtype=np.int64)
        self.belief = Belief(setting=self.setting)
        self.snapshot = even(shape[0], self.belief.live)

    def choose(self, cells: Ints, rng: np.random.Generator) -> Ints:
        seen = int(self.impressions.sum())
        if seen >= max(self.fitted + self.block, 1.05 * self.fitted):
            self.fitted = seen
            alpha = temper(seen / EVENTS)
            self.snapshot = self.belief.shares(
                self.impressions, self.clicks, alpha=alpha, rng=rng
            )
        return drawn(self.snapshot[cells], rng)

    def learn(self, cells: Ints, variants: Ints, clicks: Ints) -> None:
        np.add.at(self.impressions, (cells, variants), 1)
        np.add.at(self.clicks, (cells, variants), clicks)


BATCH: Mapping[str, Callable[[Setting], BatchPolicy]] = {
    "studio": lambda setting: Daily(setting=setting)
}
EVENT: Mapping[str, Callable[[Setting], EventPolicy]] = {
    "studio": lambda setting: Serving(setting=setting)
}
