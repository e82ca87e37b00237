"""Shares follow beliefs, and guard-rails hold."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st
from numpy.testing import assert_allclose, assert_array_equal
from scipy.stats import norm

from studio.bandit.budget import (
    Allocation,
    Guard,
    Guards,
    Standing,
    allocate,
    carried_over,
    even_shares,
    guarded,
    onto_box,
    rounded,
    temper,
    win_probabilities,
    with_floor,
)
from tests.beliefs import a_belief

FREE = Guards(floor_share=0.0, max_change_share=1.0, min_impressions=0)
WHOLE = st.lists(st.floats(0.001, 1.0), min_size=2, max_size=9).map(
    lambda parts: np.array(parts) / sum(parts)
)


def test_win_probabilities_count_who_is_best() -> None:
    draws = np.array([[1.0, 2.0, 0.0], [3.0, 2.0, 0.0], [1.0, 2.0, 9.0], [0.0, 5.0, 4.0]])
    assert_allclose(win_probabilities(draws), [0.25, 0.5, 0.25])


def test_a_floor_is_spread_evenly_and_the_rest_in_proportion() -> None:
    """10 % over 4 arms is 0.025 each; 90 % follow the shares."""
    assert_allclose(
        with_floor(np.array([0.7, 0.2, 0.1, 0.0]), 0.10), [0.655, 0.205, 0.115, 0.025]
    )


def test_the_temper_falls_in_a_straight_line_over_the_campaign() -> None:
    assert [temper(share) for share in (-1.0, 0.0, 0.5, 1.0, 3.0)] == pytest.approx(
        [0.7, 0.7, 0.4, 0.1, 0.1]
    )


def test_the_nearest_shares_in_a_box_worked_by_hand() -> None:
    """0.9 is cut to its cap 0.6; the missing 0.3 goes to the other two in equal parts."""
    nearest = onto_box(np.array([0.9, 0.1, 0.0]), lower=np.zeros(3), upper=np.full(3, 0.6))
    assert_allclose(nearest, [0.6, 0.25, 0.15], atol=1e-9)


def test_limits_that_exclude_each_other_are_named() -> None:
    with pytest.raises(ValueError, match=r"floors add up to 1\.2000 and caps to 2\.0000"):
        onto_box(np.full(2, 0.5), lower=np.full(2, 0.6), upper=np.ones(2))
    with pytest.raises(ValueError, match="lower the floor or allow a larger change"):
        onto_box(np.full(2, 0.5), lower=np.zeros(2), upper=np.full(2, 0.4))


@settings(max_examples=150, deadline=None)
@given(
    wins=WHOLE, previous=WHOLE, floor=st.floats(0, 1), change=st.floats(0.01, 1), data=st.data()
)
def test_shares_sum_to_one_and_keep_floor_and_cap(
    wins: np.ndarray, previous: np.ndarray, floor: float, change: float, data: st.DataObject
) -> None:
    assume(len(wins) == len(previous))
    size = len(wins)
    previous = with_floor(previous, floor)
    shown = data.draw(st.lists(st.integers(0, 800), min_size=size, max_size=size))
    shares, _ = guarded(
        wins,
        previous=previous,
        impressions=np.array(shown),
        guards=Guards(floor_share=floor, max_change_share=change),
    )
    assert shares.sum() == pytest.approx(1.0, abs=1e-9)
    assert (shares >= floor / size - 1e-9).all()
    assert (np.abs(shares - previous) <= change + 1e-9).all()


def test_an_arm_with_little_data_keeps_half_of_the_even_share() -> None:
    shares, guard = guarded(
        np.array([0.97, 0.02, 0.01, 0.0]),
        previous=np.full(4, 0.25),
        impressions=np.array([900, 900, 399, 400]),
        guards=Guards(floor_share=0.0, max_change_share=1.0, min_impressions=400),
    )
    assert shares[2] == pytest.approx(0.125)
    assert guard[2] == Guard.TOO_LITTLE_DATA
    assert shares[3] < 0.01
    assert guard[3] == Guard.NONE


def test_the_guard_that_bound_a_share_is_named() -> None:
    """Even 1/3; at most 0.3 a day: 1/3 + 0.3 up, 1/3 − 0.3 down, the rest in the middle."""
    shares, guard = guarded(
        np.array([1.0, 0.0, 0.0]),
        previous=np.full(3, 1 / 3),
        impressions=np.full(3, 10_000),
        guards=Guards(floor_share=0.06, max_change_share=0.3),
    )
    assert_allclose(shares, [0.633333, 0.183333, 0.183333], atol=1e-6)
    assert_array_equal(guard, [Guard.DAILY_CHANGE, Guard.FLOOR, Guard.FLOOR])


def test_a_share_that_may_not_fall_further_today_says_so() -> None:
    _, guard = guarded(
        np.array([0.0, 1.0, 0.0]),
        previous=np.array([0.9, 0.05, 0.05]),
        impressions=np.full(3, 10_000),
        guards=Guards(floor_share=0.06, max_change_share=0.3),
    )
    assert_array_equal(guard, [Guard.DAILY_CHANGE, Guard.DAILY_CHANGE, Guard.FLOOR])


def test_two_arms_share_by_the_normal_probability_that_one_beats_the_other() -> None:
    """Logit difference 1 with SD √2 · 0.5, tempered by 0.5: Φ(1 / (0.5 · 0.7071))."""
    posterior = a_belief(np.array([-3.0, -4.0]), np.diag([4.0, 4.0]))
    standing = Standing(
        rows=np.arange(2),
        cell=np.zeros(2, dtype=np.int64),
        previous=np.full(2, 0.5),
        impressions=np.full(2, 10_000),
    )
    made = allocate(
        posterior,
        standing,
        guards=FREE,
        alpha=0.5,
        n_draws=40_000,
        rng=np.random.default_rng(11),
    )
    assert made.best[0] == pytest.approx(norm.cdf(1 / 0.70711), abs=0.01)
    assert made.shares[0] == pytest.approx(norm.cdf(1 / 0.353553), abs=0.004)
    assert made.gain.mean() == pytest.approx(0.0, abs=1e-12)
    assert made.gain[0] > 0.4


def test_cells_are_shared_each_for_itself() -> None:
    posterior = a_belief(np.array([-3.0, -4.0, -4.0, -3.0]), np.eye(4) * 2500)
    standing = Standing(
        rows=np.arange(4),
        cell=np.array([0, 0, 1, 1]),
        previous=np.full(4, 0.5),
        impressions=np.full(4, 10_000),
    )
    rng = np.random.default_rng(1)
    made = allocate(posterior, standing, guards=FREE, alpha=0.5, n_draws=500, rng=rng)
    assert_allclose(made.shares, [1, 0, 0, 1], atol=1e-9)


def rewarded(log_reward: np.ndarray | None, *, alpha: float = 0.5) -> Allocation:
    """Two arms whose click logits −3 and −4 have SD 0.5, in one cell."""
    standing = Standing(
        rows=np.arange(2),
        cell=np.zeros(2, dtype=np.int64),
        previous=np.full(2, 0.5),
        impressions=np.full(2, 10_000),
    )
    return allocate(
        a_belief(np.array([-3.0, -4.0]), np.diag([4.0, 4.0])),
        standing,
        guards=FREE,
        alpha=alpha,
        n_draws=40_000,
        rng=np.random.default_rng(11),
        log_reward=log_reward,
    )


def test_clicks_that_are_worth_the_same_are_all_that_counts() -> None:
    plain, same = rewarded(None), rewarded(np.full((40_000, 2), 3.7))
    assert_array_equal(plain.best, same.best)
    assert_allclose(plain.shares, same.shares, atol=0.01)
    assert_allclose(plain.gain, same.gain, atol=0.01)
    assert_array_equal(plain.rate, same.rate)


def test_what_a_click_is_worth_outweighs_its_rate() -> None:
    """expit(−3) / expit(−4) is 2.637; at a worth of 2.637 times both are equal."""
    even = rewarded(np.tile([0.0, np.log(2.637)], (40_000, 1)))
    assert_allclose(even.best, 0.5, atol=0.012)
    assert_allclose(even.shares, 0.5, atol=0.012)
    dear = rewarded(np.tile([0.0, np.log(2 * 2.637)], (40_000, 1)))
    assert dear.best[1] > 0.8
    assert dear.gain[1] == pytest.approx(1 / 3, abs=0.03)


def test_an_unsure_worth_is_tempered_with_the_clicks() -> None:
    """Worths of SD 1 beside click rates of SD 0.48: a log difference of 0.97 ± √(2 · 1.23)."""
    worth = np.random.default_rng(3).normal(size=(40_000, 2))
    sure, unsure = rewarded(np.zeros((40_000, 2))), rewarded(worth)
    spread = np.sqrt(2 * (1 + 0.484**2))
    assert sure.best[0] > 0.9
    assert unsure.best[0] == pytest.approx(norm.cdf(0.97 / spread), abs=0.012)
    assert unsure.shares[0] == pytest.approx(norm.cdf(0.97 / spread / 0.5), abs=0.012)


def test_new_arms_start_even_and_shares_of_gone_arms_return_in_proportion() -> None:
    """Cell 0: a new third arm gets 1/3, 0.8 and 0.2 give way in proportion.
    Cell 1: 0.6 of the old shares is left, and is scaled to the whole.
    """
    nan = float("nan")
    previous = np.array([0.8, 0.2, nan, 0.4, 0.2])
    cell = np.array([0, 0, 0, 1, 1])
    assert_allclose(
        carried_over(previous, cell),
        [0.53333333, 0.13333333, 0.33333333, 0.66666667, 0.33333333],
    )
    assert_allclose(carried_over(np.full(5, nan), cell), even_shares(cell))


@given(WHOLE)
def test_rounded_shares_sum_to_one_and_stay_close(shares: np.ndarray) -> None:
    units = rounded(shares, units=1000) * 1000
    assert_allclose(units, units.round(), atol=1e-9)
    assert units.sum() == pytest.approx(1000)
    assert (np.abs(units - shares * 1000) < 1).all()


def test_the_leftover_unit_goes_to_the_largest_fraction() -> None:
    assert_allclose(rounded(np.array([0.26, 0.27, 0.47]), units=10), [0.2, 0.3, 0.5])
