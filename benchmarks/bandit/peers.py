"""Every peer by name: how it is built, what was tuned, and what it is asked."""

from __future__ import annotations

import csv
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from functools import cache
from itertools import product
from pathlib import Path
from typing import Any

import numpy as np

from benchmarks.bandit.arena import BatchPolicy, EventPolicy
from benchmarks.bandit.peers_banditml import BanditMl
from benchmarks.bandit.peers_learner import InBatches, Learner, OnEvents
from benchmarks.bandit.peers_linear import MabWiser, RiverLinUcb, RiverThompson
from benchmarks.bandit.peers_logistic import (
    BayesianBandits,
    Bootstrapped,
    LogisticThompson,
    Softmax,
)
from benchmarks.bandit.peers_plain import BetaThompson, CommitAfterTest, Counts, EpsilonGreedy
from benchmarks.bandit.peers_vw import VowpalWabbit
from benchmarks.bandit.world import Setting

TUNING = Path(__file__).with_name("tuning.csv")
EVENTS = 100_000
"""Visitors of a campaign in event mode."""
Parameters = Mapping[str, Any]


@dataclass(frozen=True, slots=True, kw_only=True)
class Peer:
    """A rival of ours.

    build: from setting, seed, horizon in impressions, and parameters. grid: values that were
    tried on the tuning seeds; the first of each is used where nothing was tuned. pulls: how
    often a morning asks for each cell, 0 for once a visitor. block: visitors between updates
    in event mode. batch_seeds, event_seeds: how many it is run on at most, where it is slow.
    """

    title: str
    build: Callable[..., Learner]
    grid: Mapping[str, tuple[Any, ...]] = field(default_factory=dict)
    pulls: int = 200
    block: int = 100
    tuning_seeds: int = 12
    batch_seeds: int = 60
    event_seeds: int = 20

    def settings(self) -> list[dict[str, Any]]:
        """Every combination of the grid."""
        return [
            dict(zip(self.grid, values, strict=True)) for values in product(*self.grid.values())
        ]

    def in_batches(self, setting: Setting, seed: int, parameters: Parameters) -> BatchPolicy:
        horizon = int(setting.impressions.sum()) * setting.days
        learner = self.build(setting, seed, horizon, **parameters)
        return InBatches(learner=learner, setting=setting, pulls=self.pulls)

    def on_events(self, setting: Setting, seed: int, parameters: Parameters) -> EventPolicy:
        learner = self.build(setting, seed, EVENTS, **parameters)
        return OnEvents(learner=learner, setting=setting, block=self.block)


def _plain(kind: type[Counts]) -> Callable[..., Learner]:
    def build(setting: Setting, seed: int, horizon: int, **parameters: Any) -> Learner:
        return kind(setting=setting, **parameters)

    return build


def _seeded(learner: Callable[..., Learner], **fixed: Any) -> Callable[..., Learner]:
    def build(setting: Setting, seed: int, horizon: int, **parameters: Any) -> Learner:
        return learner(setting=setting, seed=seed, **fixed, **parameters)

    return build


def _test_then_commit(
    setting: Setting, seed: int, horizon: int, *, test_share: float, level: str
) -> Learner:
    return CommitAfterTest(setting=setting, horizon=horizon, test_share=test_share, level=level)


def _beta(level: str) -> Callable[..., Learner]:
    def build(setting: Setting, seed: int, horizon: int, *, prior: tuple[int, int]) -> Learner:
        return BetaThompson(setting=setting, level=level, a=prior[0], b=prior[1])

    return build


def _squarecb(
    setting: Setting, seed: int, horizon: int, *, gamma: float, rate: float
) -> Learner:
    explore = f"--squarecb --gamma_scale {gamma}"
    return VowpalWabbit(setting=setting, seed=seed, explore=explore, rate=rate)


def _regcb(
    setting: Setting, seed: int, horizon: int, *, mellowness: float, rate: float
) -> Learner:
    explore = f"--regcbopt --mellowness {mellowness}"
    return VowpalWabbit(setting=setting, seed=seed, explore=explore, rate=rate)


def _bag(setting: Setting, seed: int, horizon: int, *, bags: int, rate: float) -> Learner:
    return VowpalWabbit(setting=setting, seed=seed, explore=f"--bag {bags}", rate=rate)


PEERS: dict[str, Peer] = {
    "even": Peer(title="even split", build=_plain(Counts)),
    "ab-commit": Peer(
        title="A/B test, then commit",
        build=_test_then_commit,
        grid={
            "test_share": (0.25, 0.05, 0.1, 0.15, 0.35, 0.5),
            "level": ("market", "all", "cell"),
        },
    ),
    "epsilon-greedy": Peer(
        title="ε-greedy per cell",
        build=_plain(EpsilonGreedy),
        grid={"epsilon": (0.1, 0.02, 0.05, 0.2, 0.3), "level": ("cell",)},
    ),
    "epsilon-greedy-market": Peer(
        title="ε-greedy per market",
        build=_plain(EpsilonGreedy),
        grid={"epsilon": (0.1, 0.01, 0.02, 0.05, 0.2, 0.3), "level": ("market",)},
    ),
    "beta-cell": Peer(
        title="Beta Thompson per cell",
        build=_beta("cell"),
        grid={"prior": ((1, 60), (1, 1), (5, 300), (10, 600), (30, 1800))},
    ),
    "beta-market": Peer(
        title="Beta Thompson per market",
        build=_beta("market"),
        grid={"prior": ((10, 600), (1, 60), (1, 1), (30, 1800))},
    ),
    "mabwiser-linucb": Peer(
        title="MABWiser LinUCB",
        build=_seeded(MabWiser, kind="LinUCB"),
        grid={"alpha": (0.02, 0.01, 0.04, 0.1, 1.0)},
        pulls=1,
        block=50,
        tuning_seeds=6,
    ),
    "mabwiser-lints": Peer(
        title="MABWiser LinTS",
        build=_seeded(MabWiser, kind="LinTS"),
        grid={"alpha": (0.02, 0.01, 0.04, 0.1, 0.2, 1.0)},
        block=50,
        tuning_seeds=6,
    ),
    "vw-squarecb": Peer(
        title="Vowpal Wabbit squarecb",
        build=_squarecb,
        grid={"gamma": (300.0, 1000.0), "rate": (0.03,)},
        block=1,
        tuning_seeds=1,
        batch_seeds=6,
    ),
    "vw-regcb": Peer(
        title="Vowpal Wabbit regcb",
        build=_regcb,
        grid={"mellowness": (1e-5,), "rate": (0.1, 0.03)},
        block=1,
        tuning_seeds=1,
        batch_seeds=6,
    ),
    "vw-bag": Peer(
        title="Vowpal Wabbit bag",
        build=_bag,
        grid={"bags": (10,), "rate": (0.03, 0.01)},
        block=1,
        tuning_seeds=1,
        batch_seeds=6,
    ),
    "cb-logistic-ts": Peer(
        title="contextualbandits LogisticTS",
        build=_seeded(LogisticThompson),
        grid={
            "sample": ("coef",),
            "multiplier": (0.25, 0.1, 0.03, 1.0),
            "l2": (1.0, 5.0, 20.0, 60.0),
        },
        block=1000,
        tuning_seeds=4,
    ),
    "cb-bootstrap-ts": Peer(
        title="contextualbandits BootstrappedTS",
        build=_seeded(Bootstrapped),
        grid={"c": (1.0,), "nsamples": (10,)},
        block=5000,
        tuning_seeds=0,
        batch_seeds=6,
        event_seeds=6,
    ),
    "cb-softmax": Peer(
        title="contextualbandits SoftmaxExplorer",
        build=_seeded(Softmax),
        grid={"inflation": (1.0004, 1.00004, 1.00001), "multiplier": (1.0, 5.0)},
        pulls=0,
        block=1000,
        tuning_seeds=3,
    ),
    "bb-ids": Peer(
        title="bayesianbandits shared GLM, IDS",
        build=_seeded(BayesianBandits, policy="ids"),
        grid={"alpha": (100.0, 30.0, 300.0, 1000.0)},
        block=500,
        tuning_seeds=4,
    ),
    "bb-ts": Peer(
        title="bayesianbandits shared GLM, Thompson",
        build=_seeded(BayesianBandits, policy="ts"),
        grid={"alpha": (100.0, 30.0, 300.0, 1000.0), "empirical": (False, True)},
        block=100,
        tuning_seeds=4,
    ),
    "river-linucb": Peer(
        title="River LinUCBDisjoint",
        build=_seeded(RiverLinUcb),
        grid={"alpha": (0.1, 1.0), "beta": (1.0, 100.0)},
        pulls=1,
        block=20,
        tuning_seeds=2,
        batch_seeds=10,
        event_seeds=10,
    ),
    "river-ts": Peer(
        title="River ThompsonSampling per market",
        build=_seeded(RiverThompson),
        grid={"prior": ((10, 600), (1, 60))},
        block=1,
        tuning_seeds=2,
        batch_seeds=10,
    ),
    "banditml": Peer(
        title="banditml GBDT, ε-greedy (shim)",
        build=_seeded(BanditMl),
        grid={"epsilon": (0.1,)},
        block=5000,
        tuning_seeds=0,
        batch_seeds=6,
        event_seeds=6,
    ),
}


@cache
def tuned(name: str, mode: str) -> Parameters:
    """The best of the grid by mean regret among those tried on the most seeds.

    That of batch mode where the mode has none of its own, and the first of the grid where
    nothing was tried.
    """
    ranked = ranking(name, mode) or ranking(name, "batch")
    return ranked[0] if ranked else PEERS[name].settings()[0]


def ranking(name: str, mode: str) -> list[Parameters]:
    """The settings that were tried on the most seeds, the best first."""
    rows = _tuning_rows()
    tried = {
        place: scores
        for place, parameters in enumerate(PEERS[name].settings())
        if (scores := rows.get((mode, name, written(parameters))))
    }
    most = max(map(len, tried.values()), default=0)
    finalists = [place for place, scores in tried.items() if len(scores) == most]
    finalists.sort(key=lambda place: float(np.mean(tried[place])))
    return [PEERS[name].settings()[place] for place in finalists]


def written(parameters: Parameters) -> str:
    """Parameters as one text, such as `alpha=0.02`."""
    return " ".join(f"{name}={value}" for name, value in parameters.items())


@cache
def _tuning_rows() -> dict[tuple[str, str, str], list[float]]:
    rows: dict[tuple[str, str, str], list[float]] = {}
    if TUNING.exists():
        with TUNING.open(encoding="utf-8", newline="") as file:
            for row in csv.DictReader(file):
                key = (row["mode"], row["policy"], row["parameters"])
                rows.setdefault(key, []).append(float(row["regret"]))
    return rows
