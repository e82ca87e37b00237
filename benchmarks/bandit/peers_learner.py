"""The form that every peer takes, and how it plays daily batches and single events.

A peer learns from rows of counts and chooses ads; the two adapters below do the rest, so that
a library is wrapped once for both protocols.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Protocol, runtime_checkable

import numpy as np

from benchmarks.bandit.arena import Morning
from benchmarks.bandit.world import Flags, Floats, Ints, Setting


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Reports:
    """n rows of counts: impressions and clicks of a variant in a cell, four of (n,)."""

    cells: Ints
    variants: Ints
    impressions: Ints
    clicks: Ints

    def one_by_one(self) -> tuple[Ints, Ints, Ints]:
        """Every impression on its own: cells, variants and clicks (0 or 1), three of (m,)."""
        row = np.repeat(np.arange(len(self.cells)), self.impressions)
        first = np.repeat(np.cumsum(self.impressions) - self.impressions, self.impressions)
        clicked = np.arange(len(row)) - first < self.clicks[row]
        return self.cells[row], self.variants[row], clicked.astype(np.int64)


class Learner(Protocol):
    """A bandit that learns from counts."""

    def learn(self, reports: Reports) -> None:
        """Take in counts that weren't given before."""
        ...

    def choose(self, cells: Ints, live: Flags, rng: np.random.Generator) -> Ints:
        """A live variant for each visitor, (b,), from the cell of each, (b,)."""
        ...


@runtime_checkable
class Splitter(Protocol):
    """A bandit that knows its own chances of choosing."""

    def shares(self, live: Flags, rng: np.random.Generator) -> Floats:
        """Chance of each variant in each cell, (n_cells, n_variants)."""
        ...


class SplittingLearner:
    """Chooses by drawing from its own shares."""

    def shares(self, live: Flags, rng: np.random.Generator) -> Floats:
        raise NotImplementedError(f"{type(self).__name__} must say its own shares.")

    def choose(self, cells: Ints, live: Flags, rng: np.random.Generator) -> Ints:
        return drawn(self.shares(live, rng)[cells], rng)


def drawn(shares: Floats, rng: np.random.Generator) -> Ints:
    """One variant for each row of shares, (b, n_variants) → (b,)."""
    chances = np.cumsum(shares, axis=1)
    luck = rng.random(len(shares)) * chances[:, -1]
    return np.asarray((chances <= luck[:, None]).sum(axis=1), dtype=np.int64)


def even(n_cells: int, live: Flags) -> Floats:
    """The even split over live variants, (n_cells, n_variants)."""
    return np.tile(live / live.sum(), (n_cells, 1))


@dataclass(slots=True, kw_only=True, eq=False)
class InBatches:
    """A learner that splits days of traffic.

    Until the first report it splits evenly. A learner that only chooses is asked `pulls`
    times for each cell, or once for each visitor where `pulls` is 0, and the shares are how
    often it chose what.
    """

    learner: Learner
    setting: Setting
    pulls: int = 200
    fed_impressions: Ints = field(init=False)
    fed_clicks: Ints = field(init=False)

    def __post_init__(self) -> None:
        shape = (len(self.setting.market), len(self.setting.attributes))
        self.fed_impressions, self.fed_clicks = np.zeros((2, *shape), dtype=np.int64)

    def shares(self, morning: Morning, rng: np.random.Generator) -> Floats:
        self._feed(morning)
        n_cells = len(self.setting.market)
        if not self.fed_impressions.any():
            return even(n_cells, morning.live)
        if isinstance(self.learner, Splitter):
            return self.learner.shares(morning.live, rng)
        often = self.pulls if self.pulls else self.setting.impressions
        cells = np.repeat(np.arange(n_cells), often)
        chosen = self.learner.choose(cells, morning.live, rng)
        counts = np.zeros(self.fed_impressions.shape)
        np.add.at(counts, (cells, chosen), 1.0)
        return np.asarray(counts / counts.sum(axis=1, keepdims=True))

    def _feed(self, morning: Morning) -> None:
        """Give the learner what was reported since yesterday."""
        impressions = morning.impressions.sum(axis=0) - self.fed_impressions
        clicks = morning.clicks.sum(axis=0) - self.fed_clicks
        cells, variants = np.nonzero(impressions)
        if not len(cells):
            return
        self.learner.learn(
            Reports(
                cells=cells,
                variants=variants,
                impressions=impressions[cells, variants],
                clicks=clicks[cells, variants],
            )
        )
        self.fed_impressions += impressions
        self.fed_clicks += clicks


@dataclass(slots=True, kw_only=True, eq=False)
class OnEvents:
    """A learner that serves visitors; the first block is spread evenly."""

    learner: Learner
    setting: Setting
    block: int
    started: bool = False

    def choose(self, cells: Ints, rng: np.random.Generator) -> Ints:
        live = np.ones(len(self.setting.attributes), dtype=bool)
        if not self.started:
            return rng.integers(len(live), size=len(cells))
        return self.learner.choose(cells, live, rng)

    def learn(self, cells: Ints, variants: Ints, clicks: Ints) -> None:
        self.started = True
        self.learner.learn(
            Reports(
                cells=cells, variants=variants, impressions=np.ones_like(cells), clicks=clicks
            )
        )


def one_hot(codes: Ints, *, scale: float = 1.0) -> Floats:
    """(n,) codes → (n, k) indicators."""
    return np.asarray(scale * (codes[:, None] == np.unique(codes)[None, :]))


def contexts(setting: Setting) -> Floats:
    """Market and segment of each cell as indicators, with a leading 1, (n_cells, d)."""
    ones = np.ones((len(setting.market), 1))
    return np.hstack([ones, one_hot(setting.market), one_hot(setting.segment)])


def blocks(length: int, size: int) -> Iterator[slice]:
    """Slices of at most `size` that cover `length`."""
    return (slice(start, start + size) for start in range(0, length, size))
