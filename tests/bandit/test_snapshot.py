"""What a snapshot writes as propensity is the chance it draws with."""

from __future__ import annotations

from math import erf, sqrt
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from numpy.testing import assert_allclose, assert_array_equal

from studio.bandit.features import Floats, Ints
from studio.bandit.snapshot import UNITS, Snapshot, floored, tempered_wins, whole_units

CELLS = ("de/banner", "jp/banner")


def a_snapshot() -> Snapshot:
    """Arms given in mixed order: de has 0.5, 0.25, 0.25, jp has 0.9 and 0.1."""
    return Snapshot.of_shares(
        np.array([0.9, 0.5, 0.25, 0.1, 0.25]),
        cell=np.array([1, 0, 0, 1, 0]),
        cells=CELLS,
        arms=("j0", "d0", "d1", "j1", "d2"),
    )


def test_arms_of_a_cell_stand_together_in_their_given_order() -> None:
    snapshot = a_snapshot()
    assert snapshot.arms == ("d0", "d1", "d2", "j0", "j1")
    assert_array_equal(snapshot.first, [0, 3, 5])
    assert_allclose(snapshot.propensities, [0.5, 0.25, 0.25, 0.9, 0.1], atol=1 / UNITS)


@pytest.mark.parametrize(
    ("cell", "uniform", "arm"),
    [
        (0, 0.0, "d0"), (0, 0.4999, "d0"), (0, 0.5, "d1"), (0, 0.7499, "d1"), (0, 0.75, "d2"),
        (0, 1 - 2**-53, "d2"), (1, 0.0, "j0"), (1, 0.8999, "j0"), (1, 0.9001, "j1"),
        (1, 1 - 2**-53, "j1"),
    ],
)  # fmt: skip
def test_a_uniform_number_falls_into_an_arms_stretch(
    cell: int, uniform: float, arm: str
) -> None:
    snapshot = a_snapshot()
    drawn, propensity = snapshot.decide(cell, uniform)
    assert snapshot.arms[drawn] == arm
    assert propensity == snapshot.propensities[drawn]


def test_frequencies_are_the_propensities() -> None:
    """Four standard errors of a frequency from 400,000 draws."""
    snapshot = a_snapshot()
    n = 400_000
    cell = np.tile([0, 1], n // 2)
    arm, propensity = snapshot.decide_many(cell, np.random.default_rng(5))
    frequency = np.bincount(arm, minlength=5) / (n / 2)
    p = snapshot.propensities
    assert (np.abs(frequency - p) < 4 * np.sqrt(p * (1 - p) / (n / 2))).all()
    assert_array_equal(propensity, p[arm])
    assert_array_equal(arm >= 3, cell == 1)


def test_inverse_propensities_estimate_without_bias() -> None:
    """Rewards 1, 0, 4 weighted by 1 / propensity average to the even policy's 5/3."""
    snapshot = a_snapshot()
    reward = np.array([1.0, 0.0, 4.0])
    arm, propensity = snapshot.decide_many(np.zeros(300_000, int), np.random.default_rng(6))
    weighted = reward[arm] / propensity / 3
    error = weighted.std() / sqrt(len(weighted))
    assert abs(weighted.mean() - 5 / 3) < 4 * error
    assert weighted.std() > 0.5


@given(st.lists(st.floats(0, 1e6), min_size=1, max_size=40).filter(lambda it: sum(it) > 1e-6))
def test_units_add_up_and_are_nearest(shares: list[float]) -> None:
    units = whole_units(np.array(shares))
    assert units.sum() == UNITS
    assert (units >= 0).all()
    assert (np.abs(units - np.array(shares) / sum(shares) * UNITS) < 1.001).all()


@given(
    st.integers(0, 4),
    st.lists(st.integers(1, 5), min_size=5, max_size=5),
    st.floats(0, 1, exclude_max=True),
)
def test_a_decision_stays_in_its_cell(cell: int, sizes: list[int], uniform: float) -> None:
    codes = np.repeat(np.arange(5), sizes)
    snapshot = Snapshot.of_shares(
        np.ones(len(codes)), cell=codes, cells=list("abcde"), arms=[str(c) for c in codes]
    )
    arm, propensity = snapshot.decide(cell, uniform)
    assert snapshot.arms[arm] == str(cell)
    assert propensity == pytest.approx(1 / sizes[cell], abs=1e-9)


class Beliefs:
    """Independent normal logits, in the place of a posterior."""

    def __init__(self, centre: list[float], sd: list[float]) -> None:
        self.centre, self.sd = np.array(centre), np.array(sd)

    def logits(self, rows: Ints) -> tuple[Floats, Floats]:
        return self.centre[rows], self.sd[rows]

    def draws(self, rows: Ints, n_draws: int, rng: np.random.Generator) -> Floats:
        return self.centre[rows] + self.sd[rows] * rng.standard_normal((n_draws, len(rows)))


def test_wins_of_two_arms_worked_by_hand() -> None:
    """z₁ ~ N(1, 1), z₂ ~ N(0, 3²), independent; tempered by α their spread shrinks by α.

    P(z₁ best) = Φ(1 / (α √10)): 0.6241 at α = 1 and 0.8970 at α = 1/4.
    """
    beliefs: Any = Beliefs([0.0, 9.0, 1.0], [3.0, 1.0, 1.0])
    for alpha in (1.0, 0.25):
        wins = tempered_wins(
            beliefs, np.array([2, 0]), cell=np.zeros(2, int), alpha=alpha, n_draws=200_000,
            rng=np.random.default_rng(1),
        )  # fmt: skip
        by_hand = (1 + erf(1 / (alpha * sqrt(10)) / sqrt(2))) / 2
        assert_allclose(wins, [by_hand, 1 - by_hand], atol=0.005)


def test_each_cell_has_its_own_race() -> None:
    """Arm 2 is far behind all, yet alone in its cell."""
    beliefs: Any = Beliefs([5.0, 4.0, -9.0], [0.1, 0.1, 0.1])
    wins = tempered_wins(
        beliefs, np.arange(3), cell=np.array([0, 0, 1]), alpha=0.5, n_draws=500,
        rng=np.random.default_rng(2),
    )  # fmt: skip
    assert_allclose(wins, [1.0, 0.0, 1.0])


def test_the_floor_is_spread_over_each_cells_arms() -> None:
    shares = floored(np.array([1.0, 0.0, 1.0]), cell=np.array([0, 0, 1]), floor_share=0.1)
    assert_allclose(shares, [0.95, 0.05, 1.0])


def test_bytes_bring_the_same_snapshot_back() -> None:
    snapshot = a_snapshot()
    again = Snapshot.from_bytes(snapshot.to_bytes())
    assert again.hash == snapshot.hash
    assert again.to_bytes() == snapshot.to_bytes() == a_snapshot().to_bytes()
    assert (again.cells, again.arms) == (snapshot.cells, snapshot.arms)
    assert_array_equal(again.units, snapshot.units)


def test_the_hash_tells_names_and_numbers_apart() -> None:
    one = np.array([0.5, 0.5])
    hashes = {
        Snapshot.of_shares(shares, cell=np.zeros(2, int), cells=cells, arms=arms).hash
        for shares, cells, arms in (
            (one, ["c"], ["a", "b"]),
            (one, ["c"], ["b", "a"]),
            (one, ["d"], ["a", "b"]),
            (np.array([0.5, 0.500001]), ["c"], ["a", "b"]),
        )
    }
    assert len(hashes) == 4


@pytest.mark.parametrize("cut", [0, 10, -1, -200])
def test_a_damaged_file_is_refused(cut: int) -> None:
    content = a_snapshot().to_bytes()
    with pytest.raises(ValueError, match="build it anew"):
        Snapshot.from_bytes(content[:cut])


def test_changed_numbers_are_refused() -> None:
    from io import BytesIO

    with np.load(BytesIO(a_snapshot().to_bytes())) as stored:
        parts = dict(stored)
    parts["units"] = parts["units"][::-1].copy()
    out = BytesIO()
    np.savez_compressed(out, **parts)
    with pytest.raises(ValueError, match="damaged"):
        Snapshot.from_bytes(out.getvalue())


def test_a_cell_without_arms_and_shares_without_sense_are_refused() -> None:
    with pytest.raises(ValueError, match="needs an arm"):
        Snapshot.of_shares(np.ones(1), cell=np.array([1]), cells=CELLS, arms=["a"])
    for shares in ([0.0, 0.0], [1.0, -0.1], [np.nan, 1.0]):
        with pytest.raises(ValueError, match="Shares must be"):
            whole_units(np.array(shares))
