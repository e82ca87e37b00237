"""contextualbandits and bayesianbandits: logistic models."""

from __future__ import annotations

import warnings
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from benchmarks.bandit.peers_learner import Reports, contexts, one_hot
from benchmarks.bandit.world import Flags, Floats, Ints, Setting


@dataclass(slots=True, kw_only=True, eq=False)
class ContextualBandits:
    """A policy of contextualbandits.online, one logistic model a variant.

    The models take no weights and are fitted to the whole history on every update, as the
    library recommends where it isn't streaming. The arms are named, and the policy is built
    anew when ads join.
    """

    setting: Setting
    seed: int
    history: list[tuple[Ints, Ints, Ints]] = field(default_factory=list)
    arms: list[int] = field(default_factory=list)
    policy: Any = None
    stale: bool = True
    x: Floats = field(init=False)

    def __post_init__(self) -> None:
        self.x = np.ascontiguousarray(contexts(self.setting)[:, 1:])

    def new_policy(self, arms: list[int]) -> Any:
        """An unfitted policy over named arms."""
        raise NotImplementedError(f"{type(self).__name__} must build its own policy.")

    def learn(self, reports: Reports) -> None:
        self.history.append(reports.one_by_one())
        self.stale = True

    def choose(self, cells: Ints, live: Flags, rng: np.random.Generator) -> Ints:
        arms = [int(variant) for variant in np.flatnonzero(live)]
        if arms != self.arms:
            self.arms, self.policy, self.stale = arms, self.new_policy(arms), True
        if self.stale:
            self._refit()
        return np.asarray(self.policy.predict(self.x[cells]), dtype=np.int64)

    def _refit(self) -> None:
        cells, variants, clicks = map(np.concatenate, zip(*self.history, strict=True))
        self.history = [(cells, variants, clicks)]
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            self.policy.fit(self.x[cells], variants, clicks.astype(float))
        self.stale = False


@dataclass(slots=True, kw_only=True, eq=False)
class LogisticThompson(ContextualBandits):
    """LogisticTS; `prior` is the odd Beta's b that arms without clicks draw from (a = 1)."""

    multiplier: float = 0.25
    l2: float = 1.0
    sample: str = "coef"
    prior: float = 60.0

    def new_policy(self, arms: list[int]) -> Any:
        from contextualbandits.online import LogisticTS

        return LogisticTS(
            nchoices=arms,
            sample_from=self.sample,
            multiplier=self.multiplier,
            lambda_=self.l2,
            beta_prior=((1, self.prior), 2),
            random_state=self.seed + 1,
            njobs=1,
        )


@dataclass(slots=True, kw_only=True, eq=False)
class Bootstrapped(ContextualBandits):
    """BootstrappedTS over scikit-learn's logistic regression."""

    c: float = 1.0
    nsamples: int = 10
    prior: float = 60.0

    def new_policy(self, arms: list[int]) -> Any:
        from contextualbandits.online import BootstrappedTS
        from sklearn.linear_model import LogisticRegression

        return BootstrappedTS(
            LogisticRegression(C=self.c, solver="newton-cholesky"),
            nchoices=arms,
            nsamples=self.nsamples,
            beta_prior=((1, self.prior), 2),
            random_state=self.seed + 1,
            njobs_arms=1,
            njobs_samples=1,
        )


@dataclass(slots=True, kw_only=True, eq=False)
class Softmax(ContextualBandits):
    """SoftmaxExplorer over scikit-learn's logistic regression.

    Its multiplier grows with every prediction, so it is asked once for each visitor.
    """

    c: float = 1.0
    multiplier: float = 1.0
    inflation: float = 1.0004
    ceiling: float = 1e4
    prior: float = 60.0

    def new_policy(self, arms: list[int]) -> Any:
        from contextualbandits.online import SoftmaxExplorer
        from sklearn.linear_model import LogisticRegression

        grown = self.multiplier if self.policy is None else self.policy.multiplier
        return SoftmaxExplorer(
            LogisticRegression(C=self.c, solver="newton-cholesky"),
            nchoices=arms,
            multiplier=grown,
            inflation_rate=self.inflation,
            beta_prior=((1, self.prior), 2),
            random_state=self.seed + 1,
            njobs=1,
        )

    def choose(self, cells: Ints, live: Flags, rng: np.random.Generator) -> Ints:
        if self.policy is not None and self.policy.multiplier > self.ceiling:
            self.policy.reset_multiplier(self.ceiling)
        # Not super(): a slotted dataclass is a new class, which super() wouldn't know.
        return ContextualBandits.choose(self, cells, live, rng)


def shared_features(setting: Setting, *, wide: float = 50.0, broad: float = 3.0) -> Floats:
    """Features that one model shares over all variants, (n_cells, n_variants, d).

    An intercept, market, segment, each attribute, each attribute in each market and segment,
    the variant and the variant in each market. One precision holds for all weights, so the
    intercept is scaled widely and market and segment by a factor that suits their spread.
    """
    n_cells, n_variants = len(setting.market), len(setting.attributes)
    shape = (n_cells, n_variants)
    market = np.broadcast_to(setting.market[:, None], shape).ravel()
    segment = np.broadcast_to(setting.segment[:, None], shape).ravel()
    variant = np.broadcast_to(np.arange(n_variants), shape).ravel()
    columns = [np.full((len(market), 1), wide)]
    columns += [one_hot(market, scale=broad), one_hot(segment, scale=broad)]
    for attribute in setting.attributes.T:
        level = attribute[variant]
        columns += [one_hot(level), one_hot(market * 100 + level)]
        columns += [one_hot(segment * 100 + level)]
    columns += [one_hot(variant), one_hot(market * 100 + variant)]
    return np.hstack(columns).reshape(n_cells, n_variants, -1)


@dataclass(slots=True, kw_only=True, eq=False)
class BayesianBandits:
    """LipschitzContextualAgent over one shared logistic BayesianGLM.

    Counts are exact: a row of clicks and a row of misses, weighted. The Laplace approximation
    gets 25 Newton steps instead of 5, which a base rate of 1 % needs.
    """

    setting: Setting
    seed: int
    policy: str
    alpha: float
    empirical: bool = False
    pulls: int = 20
    table: Floats = field(init=False)
    agent: Any = None

    def __post_init__(self) -> None:
        self.table = shared_features(self.setting)

    def learn(self, reports: Reports) -> None:
        if self.agent is None:
            self.agent = self._new(range(len(self.setting.attributes)))
        shape = self.table.shape[:2]
        code = np.ravel_multi_index((reports.cells, reports.variants), shape)
        seen = np.bincount(code, weights=reports.impressions)
        clicks = np.bincount(code, weights=reports.clicks)
        (rows,) = np.nonzero(seen)
        x = self.table.reshape(-1, self.table.shape[2])[rows]
        weight = np.concatenate([clicks[rows], seen[rows] - clicks[rows]])
        used = weight > 0
        self.agent.learner.partial_fit(
            np.concatenate([x, x])[used],
            np.repeat([1.0, 0.0], len(rows))[used],
            sample_weight=weight[used],
        )

    def choose(self, cells: Ints, live: Flags, rng: np.random.Generator) -> Ints:
        """As many pulls of every cell as there are visitors to it, 5 at most.

        Visitors of one block share pulls, which keeps information-directed sampling, with a
        thousand draws a pull, within reach.
        """
        self._keep(live)
        known, position = np.unique(cells, return_inverse=True)
        often = int(min(5, np.bincount(position.reshape(-1)).max()))
        pulled = self._pulled(known, often)
        return pulled[rng.integers(often, size=len(cells)), position.reshape(-1)]

    def shares(self, live: Flags, rng: np.random.Generator) -> Floats:
        self._keep(live)
        n_cells = len(self.table)
        counts = np.zeros(self.table.shape[:2])
        pulled = self._pulled(np.arange(n_cells), self.pulls)
        np.add.at(counts, (np.broadcast_to(np.arange(n_cells), pulled.shape), pulled), 1.0)
        return counts / self.pulls

    def _pulled(self, cells: Ints, often: int) -> Ints:
        """(often, n) variants for n cells.

        Thompson sampling takes one draw of the weights a call, so it is called once a pull.
        """
        if self.policy == "ids":
            every = np.tile(cells, often)[:, None].astype(float)
            pulls = np.asarray(self.agent.pull(every), dtype=np.int64)
            return pulls.reshape(often, len(cells))
        rows = cells[:, None].astype(float)
        return np.array([self.agent.pull(rows) for _ in range(often)], dtype=np.int64)

    def _keep(self, live: Flags) -> None:
        """Let the agent know the live arms only; all of them share one learner."""
        from bayesianbandits import Arm

        alive = {int(variant) for variant in np.flatnonzero(live)}
        known = {arm.action_token for arm in self.agent.arms}
        for token in alive - known:
            self.agent.add_arm(Arm(token, learner=None))
        for token in known - alive:
            self.agent.remove_arm(token)

    def _new(self, arms: range) -> Any:
        import bayesianbandits as bb
        from bayesianbandits.featurizers import FunctionArmFeaturizer

        kind = bb.EmpiricalBayesGLM if self.empirical else bb.BayesianGLM
        policy = {"ids": bb.InformationDirectedSampling, "ts": bb.ThompsonSampling}
        return bb.LipschitzContextualAgent(
            arms=[bb.Arm(token, learner=None) for token in arms],
            policy=policy[self.policy](),
            arm_featurizer=FunctionArmFeaturizer(self._features),
            learner=kind(
                self.alpha, link="logit", approximator=bb.LaplaceApproximator(n_iter=25)
            ),
            random_seed=self.seed,
        )

    def _features(self, x: Floats, tokens: list[int]) -> Floats:
        """(n, 1) cells and k variants → (n, d, k)."""
        cells = np.asarray(x)[:, 0].astype(np.int64)
        return self.table[cells][:, list(tokens)].transpose(0, 2, 1)
