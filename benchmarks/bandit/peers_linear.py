"""MABWiser and River: disjoint linear models of each variant over market and segment."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

import numpy as np

from benchmarks.bandit.peers_learner import Reports, contexts
from benchmarks.bandit.world import Flags, Floats, Ints, Setting


@dataclass(slots=True, kw_only=True, eq=False)
class MabWiser:
    """MABWiser's LinUCB or LinTS, as its documentation shows: fit, partial_fit, predict.

    It has no weights, so counts are repeated; arms join and leave by add_arm and remove_arm.
    """

    setting: Setting
    seed: int
    kind: str
    alpha: float
    l2: float = 1.0
    model: Any = None
    x: Floats = field(init=False)

    def __post_init__(self) -> None:
        self.x = contexts(self.setting)

    def learn(self, reports: Reports) -> None:
        cells, variants, clicks = reports.one_by_one()
        if self.model is None:
            self.model = self._new(sorted({int(variant) for variant in variants}))
            self.model.fit(variants, clicks, self.x[cells])
        else:
            self.model.partial_fit(variants, clicks, self.x[cells])

    def choose(self, cells: Ints, live: Flags, rng: np.random.Generator) -> Ints:
        alive = {int(variant) for variant in np.flatnonzero(live)}
        for variant in alive - set(self.model.arms):
            self.model.add_arm(variant)
        for variant in set(self.model.arms) - alive:
            self.model.remove_arm(variant)
        return np.atleast_1d(np.asarray(self.model.predict(self.x[cells]), dtype=np.int64))

    def _new(self, arms: list[int]) -> Any:
        from mabwiser.mab import MAB, LearningPolicy

        policy = getattr(LearningPolicy, self.kind)(alpha=self.alpha, l2_lambda=self.l2)
        return MAB(arms=arms, learning_policy=policy, seed=self.seed)


@dataclass(slots=True, kw_only=True, eq=False)
class RiverLinUcb:
    """River's LinUCBDisjoint, one impression at a time.

    It is deterministic between updates, so one pull tells a cell's choice.
    """

    setting: Setting
    seed: int
    alpha: float
    beta: float
    policy: Any = field(init=False)
    rows: list[dict[str, float]] = field(init=False)

    def __post_init__(self) -> None:
        from river.bandit import LinUCBDisjoint

        self.policy = LinUCBDisjoint(alpha=self.alpha, beta=self.beta, seed=self.seed)
        names = [f"x{column}" for column in range(contexts(self.setting).shape[1])]
        self.rows = [
            {name: value for name, value in zip(names, row, strict=True) if value}
            for row in contexts(self.setting).tolist()
        ]

    def learn(self, reports: Reports) -> None:
        cells, variants, clicks = reports.one_by_one()
        order = np.random.default_rng([self.seed, len(cells)]).permutation(len(cells))
        for i in order:
            self.policy.update(int(variants[i]), self.rows[cells[i]], int(clicks[i]))

    def choose(self, cells: Ints, live: Flags, rng: np.random.Generator) -> Ints:
        arms = [int(variant) for variant in np.flatnonzero(live)]
        choice = {
            int(cell): self.policy.pull(arms, context=self.rows[cell])
            for cell in np.unique(cells)
        }
        return np.array([choice[int(cell)] for cell in cells], dtype=np.int64)


@dataclass(slots=True, kw_only=True, eq=False)
class RiverThompson:
    """River's ThompsonSampling with Beta rewards: no contexts, so one policy a market."""

    setting: Setting
    seed: int
    prior: tuple[int, int]
    policies: list[Any] = field(init=False)

    def __post_init__(self) -> None:
        from river.bandit import ThompsonSampling
        from river.proba import Beta

        self.policies = [
            ThompsonSampling(reward_obj=Beta(*self.prior), seed=1000 * self.seed + market)
            for market in range(int(self.setting.market.max()) + 1)
        ]

    def learn(self, reports: Reports) -> None:
        cells, variants, clicks = reports.one_by_one()
        markets = self.setting.market[cells]
        for market, variant, click in zip(markets, variants, clicks, strict=True):
            self.policies[market].update(int(variant), bool(click))

    def choose(self, cells: Ints, live: Flags, rng: np.random.Generator) -> Ints:
        arms = [int(variant) for variant in np.flatnonzero(live)]
        markets = self.setting.market[cells]
        return np.array([self.policies[market].pull(arms) for market in markets])
