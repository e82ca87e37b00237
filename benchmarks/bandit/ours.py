"""The studio's optimizer in the harness, without the guard-rails that its peers don't have."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

import numpy as np

from benchmarks.bandit.arena import BatchPolicy, EventPolicy, Morning
from benchmarks.bandit.peers_learner import drawn, even
from benchmarks.bandit.world import Flags, Floats, Ints, Setting
from studio.bandit.budget import temper
from studio.bandit.drift import DISCOUNTS, discounted, foretold, remembered
from studio.bandit.features import Arms, Design, Spread, design
from studio.bandit.posterior import Posterior, fit
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
    """What is believed of the live ads, and the shares that follow."""

    setting: Setting
    live: Flags = field(init=False)
    features: Design = field(init=False)
    cell: Ints = field(init=False)
    posterior: Posterior | None = None

    def __post_init__(self) -> None:
        self.consider(np.ones(len(self.setting.attributes), dtype=bool))

    def consider(self, live: Flags) -> None:
        """Take these ads to be the live ones; what was learnt of ads that stay is in counts."""
        arms = arms_of(self.setting, live)
        self.live, self.cell = live.copy(), arms.cell
        self.features, self.posterior = design(arms, Spread()), None

    def fit(
        self, impressions: Floats | Ints, clicks: Floats | Ints, *, rounds: int = 3
    ) -> Posterior:
        """From totals of each cell and ad, two of (n_cells, n_variants)."""
        self.posterior = fit(
            self.features,
            impressions=impressions[:, self.live].ravel(),
            clicks=clicks[:, self.live].ravel(),
            rounds=rounds,
            start=self.posterior,
        )
        return self.posterior

    def shares(self, posterior: Posterior, *, alpha: float, rng: np.random.Generator) -> Floats:
        """Chance of being the best in its cell, tempered, (n_cells, n_variants)."""
        n_cells = len(self.setting.market)
        wins = tempered_wins(
            posterior,
            np.arange(len(self.cell)),
            cell=self.cell,
            alpha=alpha,
            n_draws=DRAWS,
            rng=rng,
        )
        found = np.zeros((n_cells, len(self.live)))
        found[:, self.live] = wins.reshape(n_cells, -1)
        return found


@dataclass(slots=True, kw_only=True, eq=False)
class Daily:
    """What `workflows.learn` does each morning: α falls with the days of the campaign.

    `studio.bandit.drift` foretells each day anew; here its scores are kept from day to day.
    """

    setting: Setting
    beliefs: tuple[Belief, ...] = field(init=False)
    scores: list[list[float]] = field(default_factory=list)
    scored: int = 0

    def __post_init__(self) -> None:
        self.beliefs = tuple(Belief(setting=self.setting) for _ in DISCOUNTS)

    def shares(self, morning: Morning, rng: np.random.Generator) -> Floats:
        reported = int(morning.impressions.any(axis=(1, 2)).sum())
        if not reported:
            return even(len(self.setting.market), morning.live)
        self._score(morning, reported)
        for belief, discount in zip(self.beliefs, DISCOUNTS, strict=True):
            if (morning.live != belief.live).any():
                belief.consider(morning.live)
            belief.fit(
                discounted(morning.impressions[:reported], discount),
                discounted(morning.clicks[:reported], discount),
                rounds=3 if discount == 1 else 1,
            )
        memory = remembered(np.array(self.scores or [[0.0] * len(DISCOUNTS)]))
        chosen = self.beliefs[DISCOUNTS.index(memory.discount)]
        if chosen.posterior is None:
            raise AssertionError
        elapsed = morning.day / max(self.setting.days - 1, 1)
        return chosen.shares(chosen.posterior, alpha=temper(elapsed), rng=rng)

    def _score(self, morning: Morning, reported: int) -> None:
        """How well the beliefs of the last fit foretold what has been reported since."""
        for day in range(self.scored, reported):
            row = []
            for belief in self.beliefs:
                if belief.posterior is None:
                    break
                row.append(
                    foretold(
                        belief.posterior,
                        clicks=morning.clicks[day][:, belief.live].ravel(),
                        impressions=morning.impressions[day][:, belief.live].ravel(),
                    )
                )
            if row:
                self.scores.append(row)
        self.scored = reported


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
            posterior = self.belief.fit(self.impressions, self.clicks)
            self.snapshot = self.belief.shares(posterior, alpha=alpha, rng=rng)
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
