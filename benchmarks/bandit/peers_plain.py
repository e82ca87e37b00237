"""What needs no library: the even split, an A/B test, ε-greedy and Beta Thompson sampling."""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np

from benchmarks.bandit.peers_learner import Reports, SplittingLearner, even
from benchmarks.bandit.world import Flags, Floats, Ints, Setting


def groups_of(setting: Setting, level: str) -> Ints:
    """Which cells share their counts at a level, (n_cells,): all, market or cell."""
    n_cells = len(setting.market)
    codes = {
        "all": np.zeros(n_cells, dtype=np.int64),
        "market": setting.market,
        "cell": np.arange(n_cells),
    }
    return codes[level]


@dataclass(slots=True, kw_only=True, eq=False)
class Counts(SplittingLearner):
    """Totals of each variant, pooled over the cells of a group; splits evenly."""

    setting: Setting
    level: str = "cell"
    impressions: Ints = field(init=False)
    clicks: Ints = field(init=False)
    group: Ints = field(init=False)

    def __post_init__(self) -> None:
        self.group = groups_of(self.setting, self.level)
        shape = (int(self.group.max()) + 1, len(self.setting.attributes))
        self.impressions, self.clicks = np.zeros((2, *shape), dtype=np.int64)

    def learn(self, reports: Reports) -> None:
        where = (self.group[reports.cells], reports.variants)
        np.add.at(self.impressions, where, reports.impressions)
        np.add.at(self.clicks, where, reports.clicks)

    def shares(self, live: Flags, rng: np.random.Generator) -> Floats:
        return even(len(self.group), live)

    def best(self, live: Flags) -> Floats:
        """All to the highest observed rate of the group, (n_cells, n_variants)."""
        rate = np.where(live, self.clicks / np.maximum(self.impressions, 1), -1.0)
        return np.asarray(np.eye(len(live))[rate.argmax(axis=1)][self.group])


@dataclass(slots=True, kw_only=True, eq=False)
class CommitAfterTest(Counts):
    """An A/B test for a share of the traffic, then all to the winner.

    horizon: impressions of the whole campaign. When ads join, the test starts anew for the
    same share of what is left.
    """

    test_share: float = 0.25
    horizon: int
    tested: Flags | None = None
    until: float = 0.0

    def shares(self, live: Flags, rng: np.random.Generator) -> Floats:
        seen = int(self.impressions.sum())
        if self.tested is None or (live != self.tested).any():
            self.until = seen + self.test_share * (self.horizon - seen)
            if self.tested is None:
                self.until = self.test_share * self.horizon
            self.tested = live.copy()
        return even(len(self.group), live) if seen < self.until - 0.5 else self.best(live)


@dataclass(slots=True, kw_only=True, eq=False)
class EpsilonGreedy(Counts):
    """ε of the traffic evenly, the rest to the highest observed rate of the group."""

    epsilon: float = 0.1

    def shares(self, live: Flags, rng: np.random.Generator) -> Floats:
        spread = even(len(self.group), live)
        return self.epsilon * spread + (1 - self.epsilon) * self.best(live)


@dataclass(slots=True, kw_only=True, eq=False)
class BetaThompson(Counts):
    """Thompson sampling with an independent Beta(a, b) for each variant of a group."""

    a: float = 1.0
    b: float = 60.0
    n_draws: int = 500

    def shares(self, live: Flags, rng: np.random.Generator) -> Floats:
        wins = np.zeros(self.impressions.shape)
        misses = self.impressions - self.clicks
        draws = rng.beta(
            self.a + self.clicks, self.b + misses, size=(self.n_draws, *wins.shape)
        )
        winners = np.where(live, draws, -1.0).argmax(axis=2)
        for group in range(len(wins)):
            wins[group] = np.bincount(winners[:, group], minlength=len(live)) / self.n_draws
        return np.asarray(wins[self.group])

    def choose(self, cells: Ints, live: Flags, rng: np.random.Generator) -> Ints:
        group = self.group[cells]
        misses = self.impressions - self.clicks
        draws = rng.beta((self.a + self.clicks)[group], (self.b + misses)[group])
        return np.asarray(np.where(live, draws, -1.0).argmax(axis=1), dtype=np.int64)
