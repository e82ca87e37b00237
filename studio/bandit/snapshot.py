"""A frozen picture of the beliefs, from which single events draw their arm.

Thompson sampling takes one posterior draw an event and shows the arm that is best in it. The
chance of an arm is then its probability of being the best, so drawing from those
probabilities, estimated once from many joint draws, has the same expectation, costs one
look-up, and tells the exact propensity that off-policy estimates need. Scott, A modern
Bayesian look at the multi-armed bandit (2010), §3.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from hashlib import sha256
from io import BytesIO
from typing import Any
from zipfile import BadZipFile

import numpy as np

from studio.bandit.budget import win_probabilities, with_floor
from studio.bandit.features import Floats, Ints
from studio.bandit.posterior import Posterior
from studio.bandit.threads import one_thread

UNITS = 2**32
"""Propensities are whole multiples of 1 / UNITS, so that what is drawn is what is written."""
FORMAT = "studio-snapshot/1"


@dataclass(frozen=True, kw_only=True, eq=False)
class Snapshot:
    """Propensities of m arms in c cells; it never changes, so any thread may read it.

    cells, arms: names, of length c and m; the arms of a cell stand together.
    first: index of each cell's first arm and m at the end, (c + 1,).
    units: propensity of each arm in 1 / UNITS, (m,), adding up to UNITS in each cell.
    """

    cells: tuple[str, ...]
    arms: tuple[str, ...]
    first: Ints
    units: Ints

    @classmethod
    def of_shares(
        cls, shares: Floats, *, cell: Ints, cells: Sequence[str], arms: Sequence[str]
    ) -> Snapshot:
        """From a share for each of m arms, (m,); cell: (m,) indices into `cells`.

        The shares of a cell need not add up to 1; they are taken in proportion.
        """
        order = np.argsort(cell, kind="stable")
        first = np.searchsorted(cell[order], np.arange(len(cells) + 1)).astype(np.int64)
        if (np.diff(first) == 0).any() or not len(cells):
            raise ValueError("Every cell of a snapshot needs an arm.")
        units = np.empty(len(cell), dtype=np.int64)
        for start, end in zip(first[:-1], first[1:], strict=True):
            units[start:end] = whole_units(shares[order[start:end]])
        names = tuple(arms[index] for index in order)
        return cls(cells=tuple(cells), arms=names, first=first, units=units)

    @cached_property
    def ends(self) -> Ints:
        """Where each arm's stretch ends when the cells' unit intervals stand in a row, (m,)."""
        return np.cumsum(self.units)

    @cached_property
    def propensities(self) -> Floats:
        """Exact probability of each arm in its cell, (m,)."""
        return np.asarray(self.units / UNITS)

    @cached_property
    def hash(self) -> str:
        """SHA-256 of the content: two machines with equal hashes decide alike."""
        parts = [self._header().encode(), *(each.tobytes() for each in self._arrays().values())]
        return sha256(b"\0".join(parts)).hexdigest()

    def decide(self, cell: int, uniform: float) -> tuple[int, float]:
        """An arm of `cell` and its propensity, for `uniform` in [0, 1)."""
        key = cell * UNITS + int(uniform * UNITS)
        arm = int(self.ends.searchsorted(key, side="right"))
        return arm, float(self.propensities[arm])

    def decide_many(self, cell: Ints, rng: np.random.Generator) -> tuple[Ints, Floats]:
        """An arm for each of n cells and its propensity: two of (n,)."""
        keys = cell * UNITS + rng.integers(UNITS, size=len(cell))
        arm = self.ends.searchsorted(keys, side="right")
        return arm, self.propensities[arm]

    def to_bytes(self) -> bytes:
        """An npz file with a JSON header; equal snapshots have equal bytes."""
        header = json.dumps(json.loads(self._header()) | {"hash": self.hash}, sort_keys=True)
        out = BytesIO()
        np.savez_compressed(
            out, header=np.frombuffer(header.encode(), dtype=np.uint8), **self._arrays()
        )
        return out.getvalue()

    @classmethod
    def from_bytes(cls, content: bytes) -> Snapshot:
        """What `to_bytes` wrote; a file that was damaged or is of another kind is refused."""
        try:
            with np.load(BytesIO(content), allow_pickle=False) as stored:
                header: dict[str, Any] = json.loads(stored["header"].tobytes())
                snapshot = cls(
                    cells=tuple(header["cells"]),
                    arms=tuple(header["arms"]),
                    first=stored["first"],
                    units=stored["units"],
                )
        except (BadZipFile, EOFError, KeyError, OSError, ValueError) as error:
            raise ValueError("This is no snapshot; build it anew.") from error
        if header.get("format") != FORMAT or header.get("hash") != snapshot.hash:
            raise ValueError("The snapshot is damaged or of another version; build it anew.")
        return snapshot

    def _header(self) -> str:
        names = {"format": FORMAT, "cells": self.cells, "arms": self.arms}
        return json.dumps(names, sort_keys=True, ensure_ascii=False)

    def _arrays(self) -> dict[str, Any]:
        return {"first": self.first.astype("<i8"), "units": self.units.astype("<i8")}


def whole_units(shares: Floats) -> Ints:
    """Shares of one cell in 1 / UNITS, (k,), adding up to UNITS (largest remainder)."""
    total = float(shares.sum())
    if not total > 0 or (shares < 0).any():
        raise ValueError("Shares must be at least 0 and not all be 0.")
    exact = shares / total * UNITS
    units = np.floor(exact).astype(np.int64)
    missing = UNITS - int(units.sum())
    units[np.argsort(units - exact, kind="stable")[:missing]] += 1
    return units


@one_thread
def tempered_wins(
    posterior: Posterior,
    rows: Ints,
    *,
    cell: Ints,
    alpha: float,
    n_draws: int,
    rng: np.random.Generator,
) -> Floats:
    """Probability of being the best of its cell under tempered joint draws, (m,).

    rows: places of m arms in the fitted design, (m,). cell: (m,) codes. alpha: how far draws
    stay from their mean (0–1), see `temper`. Monte Carlo error: up to 0.5 / √n_draws.
    """
    draws = posterior.draws(rows, n_draws, rng)
    centre, _ = posterior.logits(rows)
    tempered = centre + alpha * (draws - centre)
    wins = np.empty(len(rows))
    for code in np.unique(cell):
        own = np.flatnonzero(cell == code)
        wins[own] = win_probabilities(tempered[:, own])
    return wins


def floored(wins: Floats, *, cell: Ints, floor_share: float) -> Floats:
    """`floor_share` of each cell spread evenly over its arms, the rest in proportion, (m,)."""
    shares = np.empty_like(wins)
    for code in np.unique(cell):
        own = np.flatnonzero(cell == code)
        shares[own] = with_floor(wins[own], floor_share)
    return shares
