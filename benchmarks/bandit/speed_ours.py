"""Ours in the form in which speed is measured: counts in, a snapshot, decisions out."""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np

from benchmarks.bandit.ours import Belief
from benchmarks.bandit.peers_learner import Reports
from benchmarks.bandit.world import Flags, Ints, Setting
from studio.bandit.snapshot import Snapshot


@dataclass(slots=True, kw_only=True, eq=False)
class OurLearner:
    """Totals are added up; beliefs and the snapshot are renewed at the next decision."""

    setting: Setting
    impressions: Ints = field(init=False)
    clicks: Ints = field(init=False)
    belief: Belief = field(init=False)
    snapshot: Snapshot | None = None

    def __post_init__(self) -> None:
        shape = (len(self.setting.market), len(self.setting.attributes))
        self.impressions, self.clicks = np.zeros((2, *shape), dtype=np.int64)
        self.belief = Belief(setting=self.setting)

    def learn(self, reports: Reports) -> None:
        where = (reports.cells, reports.variants)
        np.add.at(self.impressions, where, reports.impressions)
        np.add.at(self.clicks, where, reports.clicks)
        self.snapshot = None

    def choose(self, cells: Ints, live: Flags, rng: np.random.Generator) -> Ints:
        snapshot = self.snapshot = self.snapshot or self._renewed(rng)
        if len(cells) == 1:
            arm, _ = snapshot.decide(int(cells[0]), rng.random())
            return np.array([arm - snapshot.first[cells[0]]])
        arms, _ = snapshot.decide_many(cells, rng)
        return np.asarray(arms - snapshot.first[cells])

    def _renewed(self, rng: np.random.Generator) -> Snapshot:
        n_cells, n_variants = self.impressions.shape
        posterior = self.belief.fit(self.impressions, self.clicks)
        shares = self.belief.shares(posterior, alpha=0.4, rng=rng)
        return Snapshot.of_shares(
            shares.ravel(),
            cell=np.repeat(np.arange(n_cells), n_variants),
            cells=[str(cell) for cell in range(n_cells)],
            arms=[str(arm) for arm in range(n_cells * n_variants)],
        )
