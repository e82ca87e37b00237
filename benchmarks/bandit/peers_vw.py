"""Vowpal Wabbit: contextual bandits with action-dependent features, one visitor at a time."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

import numpy as np

from benchmarks.bandit.peers_learner import Reports, drawn
from benchmarks.bandit.world import Flags, Floats, Ints, Setting


@dataclass(slots=True, kw_only=True, eq=False)
class VowpalWabbit:
    """--cb_explore_adf with market × segment and the ad's attributes crossed.

    Counts can't be given, so every impression is replayed as an example, in random order,
    with the probability that it was chosen with.
    """

    setting: Setting
    seed: int
    explore: str
    rate: float
    workspace: Any = field(init=False)
    shared: list[str] = field(init=False)
    actions: list[str] = field(init=False)
    chances: Floats = field(init=False)

    def __post_init__(self) -> None:
        from vowpalwabbit import Workspace

        self.workspace = Workspace(
            f"--cb_explore_adf {self.explore} --cb_type mtr -q CA -l {self.rate} "
            f"--random_seed {self.seed + 1} --quiet"
        )
        self.shared = [
            f"shared |C m={market} s={segment} c={market}_{segment}"
            for market, segment in zip(self.setting.market, self.setting.segment, strict=True)
        ]
        self.actions = [
            f"|A v={variant} "
            + " ".join(f"a{column}={level}" for column, level in enumerate(row))
            for variant, row in enumerate(self.setting.attributes.tolist())
        ]
        n_variants = len(self.actions)
        self.chances = np.full((len(self.shared), n_variants), 1 / n_variants)

    def learn(self, reports: Reports) -> None:
        cells, variants, clicks = reports.one_by_one()
        order = np.random.default_rng([self.seed, len(cells)]).permutation(len(cells))
        for i in order:
            self._learn_one(int(cells[i]), int(variants[i]), int(clicks[i]))

    def _learn_one(self, cell: int, variant: int, click: int) -> None:
        actions = list(self.actions)
        chance = max(float(self.chances[cell, variant]), 1e-3)
        actions[variant] = f"0:{-click}:{chance:.6f} {actions[variant]}"
        self.workspace.learn("\n".join([self.shared[cell], *actions]))

    def choose(self, cells: Ints, live: Flags, rng: np.random.Generator) -> Ints:
        for cell in np.unique(cells):
            self.chances[cell] = self._predicted(int(cell), live)
        return drawn(self.chances[cells], rng)

    def shares(self, live: Flags, rng: np.random.Generator) -> Floats:
        for cell in range(len(self.shared)):
            self.chances[cell] = self._predicted(cell, live)
        return self.chances.copy()

    def _predicted(self, cell: int, live: Flags) -> Floats:
        alive = np.flatnonzero(live)
        lines = [self.shared[cell], *(self.actions[variant] for variant in alive)]
        chances = np.zeros(len(live))
        chances[alive] = self.workspace.predict("\n".join(lines))
        return np.asarray(chances / chances.sum())
