"""A user's past tests, and how far variants of a test lie apart by experience."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import minimize

from studio.bandit.threads import one_thread
from studio.errors import InputError

Floats: TypeAlias = NDArray[np.float64]
Ints: TypeAlias = NDArray[np.int64]

FORMAT = 1
WIDE = 25.0
"""Variance of a test's own level, in which a logit of any rate is likely."""
SCALES = np.array([0.4, 0.8, 1.2, 1.8])
MIN_TESTS = 30


@dataclass(frozen=True, slots=True, eq=False, kw_only=True)
class PastTests:
    """Variants of finished tests, one row each, n in all; rows of a test stand together.

    test: (n,) codes. texts: n headlines. parts: (n, p) codes of what a variant is made of,
    such as its headline and its picture; variants of a test with equal codes share that part.
    impressions, clicks: (n,) totals.
    """

    test: Ints
    texts: tuple[str, ...]
    parts: Ints
    impressions: Ints
    clicks: Ints

    def __post_init__(self) -> None:
        sizes = {len(self.test), len(self.texts), len(self.parts), len(self.impressions)}
        if sizes != {len(self.clicks)} or self.parts.ndim != 2:
            raise InputError(
                "Past tests: test, texts, parts, impressions and clicks need one entry for "
                "each variant, and parts two dimensions."
            )
        if (self.clicks < 0).any() or (self.clicks > self.impressions).any():
            raise InputError(
                "Past tests: clicks must lie between 0 and the impressions of the variant; "
                "correct the rows or leave their tests out."
            )
        if len(self.test) and len(self.starts()) != len(np.unique(self.test)):
            raise InputError("Past tests: sort the rows by test.")

    def starts(self) -> Ints:
        """Index of the first row of each test."""
        new = np.diff(self.test, prepend=self.test[0] - 1 if len(self.test) else 0) != 0
        return np.flatnonzero(new)

    def rows(self) -> list[Ints]:
        """Indices of the rows of each test."""
        if not len(self.test):
            return []
        return np.split(np.arange(len(self.test)), self.starts()[1:])

    def only(self, tests: Ints) -> PastTests:
        """The tests with these codes."""
        at = np.flatnonzero(np.isin(self.test, tests))
        return PastTests(
            test=self.test[at],
            texts=tuple(self.texts[row] for row in at),
            parts=self.parts[at],
            impressions=self.impressions[at],
            clicks=self.clicks[at],
        )

    def save(self, path: Path) -> None:
        """Write as .npz (no pickles), to be read by `load`."""
        np.savez_compressed(
            path,
            format=FORMAT,
            test=self.test,
            texts=np.array(self.texts, dtype=np.str_),
            parts=self.parts,
            impressions=self.impressions,
            clicks=self.clicks,
        )

    @classmethod
    def load(cls, path: Path) -> PastTests:
        """Read what `save` wrote."""
        with np.load(path, allow_pickle=False) as stored:
            if int(stored["format"]) != FORMAT:
                raise InputError(f"{path}: written by another version; export it again.")
            return cls(
                test=stored["test"],
                texts=tuple(map(str, stored["texts"])),
                parts=stored["parts"],
                impressions=stored["impressions"],
                clicks=stored["clicks"],
            )


@dataclass(frozen=True, slots=True, eq=False, kw_only=True)
class Spread:
    """How variants of one test differ in log-odds.

    deviations: SD due to each part and, last, to all else, (p + 1,). scales, weights: (l,);
    a test's variants lie `scales` times as far apart, with these probabilities.
    level, level_deviation: mean and SD of a test's own log-odds.
    """

    deviations: Floats
    scales: Floats
    weights: Floats
    level: float
    level_deviation: float

    def covariance(self, same: Floats) -> Floats:
        """Covariance of k variants that share parts as `same`, (p, k, k), says: (k, k)."""
        variances = np.square(self.deviations)
        own = variances[-1] * np.eye(same.shape[1])
        return np.asarray(own + np.tensordot(variances[:-1], same, axes=1))


def unknown_spread(n_parts: int) -> Spread:
    """The spread before there are past tests.

    0.21 is that within the 4,873 tests of the Upworthy archive, by REML, over all parts.
    """
    return Spread(
        deviations=np.array([*np.zeros(n_parts), 0.21]),
        scales=np.ones(1),
        weights=np.ones(1),
        level=-4.3,
        level_deviation=1.5,
    )


def shared(parts: Ints) -> Floats:
    """1 where two variants share a part: (k, p) → (p, k, k)."""
    columns = parts.T
    return np.asarray(columns[:, :, None] == columns[:, None, :], dtype=np.float64)


def observed(impressions: Ints, clicks: Ints) -> tuple[Floats, Floats]:
    """Empirical logit and its sampling variance, two of (n,).

    Half a click is added on either side: Haldane (1956), Gart & Zweifel (1967).
    """
    hits, misses = clicks + 0.5, impressions - clicks + 0.5
    return np.log(hits / misses), 1 / hits + 1 / misses


@dataclass(frozen=True, slots=True, eq=False)
class _Pile:
    """Tests with the same number of variants, stacked: (s, k) and (s, p, k, k)."""

    logit: Floats
    noise: Floats
    same: Floats


@one_thread
def learn_spread(past: PastTests) -> Spread:
    """Spread by marginal likelihood; `unknown_spread` for fewer than `MIN_TESTS`.

    The likelihood is normal, of the empirical logits, with a level that is free in each
    test; maximised over the variance of each part, then over the weights of the scales by
    EM. Searle, Casella & McCulloch, Variance Components (1992), §6.6 for the first.
    """
    rows = past.rows()
    if len(rows) < MIN_TESTS:
        return unknown_spread(past.parts.shape[1])
    piles = _piles(past, rows)
    n_parts = past.parts.shape[1]
    found = minimize(
        lambda logs: -_likelihoods(piles, np.exp(logs), 1.0).sum(),
        np.full(n_parts + 1, np.log(0.02)),
        method="L-BFGS-B",
        bounds=[(-12.0, 1.0)] * (n_parts + 1),
    )
    variances = np.exp(found.x)
    chances = np.stack([_likelihoods(piles, variances, scale) for scale in SCALES], axis=1)
    levels = np.concatenate([pile.logit.mean(axis=1) for pile in piles])
    return Spread(
        deviations=np.sqrt(variances),
        scales=SCALES,
        weights=mixture_weights(chances),
        level=float(np.median(levels)),
        level_deviation=float(levels.std()),
    )


def mixture_weights(chances: Floats, *, steps: int = 200) -> Floats:
    """Weights of a mixture, (l,), from log likelihoods, (s, l), by EM; Laird (1978).

    Each scale starts with the weight of one test, so that few tests leave it near even.
    """
    likelihood = np.exp(chances - chances.max(axis=1, keepdims=True))
    n_scales = chances.shape[1]
    mixed = np.full(n_scales, 1 / n_scales)
    for _ in range(steps):
        owned = likelihood * mixed
        owned /= owned.sum(axis=1, keepdims=True)
        mixed = (owned.sum(axis=0) + 1) / (len(chances) + n_scales)
    return mixed


def _piles(past: PastTests, rows: Sequence[Ints]) -> list[_Pile]:
    logit, noise = observed(past.impressions, past.clicks)
    piles = []
    for size in sorted({len(at) for at in rows}):
        tests = np.array([at for at in rows if len(at) == size])
        same = np.stack([shared(past.parts[at]) for at in tests])
        piles.append(_Pile(logit[tests], noise[tests], same))
    return piles


def _likelihoods(piles: list[_Pile], variances: Floats, scale: float) -> Floats:
    """Log likelihood of each test, (s,), up to a constant."""
    found = []
    for pile in piles:
        eye = np.eye(pile.logit.shape[1])
        apart = np.einsum("p,spij->sij", variances[:-1], pile.same) + variances[-1] * eye
        whole = scale**2 * apart + pile.noise[:, None, :] * eye + WIDE
        lower = np.linalg.cholesky(whole)
        centred = pile.logit - pile.logit.mean(axis=1, keepdims=True)
        miss = np.linalg.solve(lower, centred[:, :, None])[:, :, 0]
        logdet = np.log(np.einsum("sii->si", lower)).sum(axis=1)
        found.append(-np.square(miss).sum(axis=1) / 2 - logdet)
    return np.concatenate(found)
