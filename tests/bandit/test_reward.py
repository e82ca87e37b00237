"""What a unit of money brings: prices, values, and clicks that convert."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays
from numpy.testing import assert_allclose

from studio.bandit.reward import (
    CELL_SPREAD,
    DAY_SPREAD,
    PRICE_SPREAD,
    VALUE_SPREAD,
    WORTH_SPREAD,
    Between,
    Prices,
    Values,
    between_spread,
    day_variance,
    gamma_belief,
    learn_prices,
    learn_values,
    log_worth,
    single_variance,
)

ONE_CELL = np.zeros(2, dtype=np.int64)


def test_the_mean_value_of_gamma_gamma_worked_by_hand() -> None:
    """p = 4, q = 2 + 1 / 0.25 = 6: prior 10 weighs (q − 1) / p = 1.25 conversions.

    (1.25 · 10 + 60) / (1.25 + 3) = 72.5 / 4.25.
    """
    shape, rate = gamma_belief(
        np.array([0.0, 3.0]),
        np.array([0.0, 60.0]),
        usual=np.full(2, 10.0),
        single=0.25,
        between=0.5,
    )
    assert_allclose(rate / (shape - 1), [10.0, 72.5 / 4.25])


def test_draws_of_values_have_the_mean_and_spread_of_the_prior() -> None:
    belief = Values(
        count=np.zeros(1),
        total=np.zeros(1),
        usual=np.array([10.0]),
        single=1.0,
        between=Between(grid=np.array([0.2]), weights=np.ones(1)),
    )
    values = np.exp(belief.log_draws(200_000, np.random.default_rng(1)))
    assert values.mean() == pytest.approx(10.0, rel=0.005)
    assert values.std() / values.mean() == pytest.approx(0.2, rel=0.02)


def test_the_spread_of_single_values_worked_by_hand() -> None:
    """Days of 4 and 6 conversions worth 8 and 12 each (mean 10.4): 3 · relative squares.

    4 (8/10.4 − 1)² + 6 (12/10.4 − 1)² = 0.3550, with one degree of freedom beside ten of 1.
    """
    count, total = np.array([[4.0, 6.0, 0.0]]), np.array([[32.0, 72.0, 0.0]])
    assert single_variance(count, total) == pytest.approx((10 + 0.35503) / 11, rel=1e-4)
    assert single_variance(0 * count, 0 * total) == VALUE_SPREAD**2


def test_a_spread_between_arms_is_the_priors_without_data() -> None:
    """Half-normal of scale 1: √(2/π), nearly; the grid starts a little above 0."""
    prior = between_spread(
        np.zeros(3), np.array([0.1, np.inf, 0.1]), cells=np.eye(3), scale=1.0
    )
    assert prior.mean == pytest.approx(np.sqrt(2 / np.pi), abs=0.02)


@pytest.mark.parametrize("true", [0.0, 0.3])
def test_a_spread_between_arms_is_found_behind_their_noise(true: float) -> None:
    """200 cells of two arms, whose deviations from their mean are too small by √2."""
    rng = np.random.default_rng(4)
    seen = rng.normal(0, np.hypot(true, 0.2), (200, 2))
    deviation = (seen - seen.mean(axis=1, keepdims=True)).ravel()
    found = between_spread(
        deviation, np.full(400, 0.04), cells=np.repeat(np.eye(200), 2, axis=0), scale=0.15
    )
    assert found.mean == pytest.approx(true, abs=0.08 if true == 0 else 0.03)


def test_values_shrink_less_the_more_conversions_there_are() -> None:
    count = np.array([[1], [1_000_000]])
    belief = learn_values(count=count, total=count * np.array([[30], [10]]), cell=ONE_CELL)
    assert belief.mean[0] < 13
    assert belief.mean[1] == pytest.approx(10, rel=1e-3)


def test_an_arm_without_conversions_is_worth_what_its_cell_is() -> None:
    """Cells worth 10 and 100 each; the third arm of either knows nothing."""
    count = np.array([[400], [400], [0], [400], [400], [0]])
    each = np.array([[10], [10], [0], [100], [100], [0]])
    cell = np.array([3, 3, 3, 8, 8, 8])
    mean = learn_values(count=count, total=count * each, cell=cell).mean
    assert_allclose(mean[[2, 5]], [10, 100], rtol=0.03)


def test_without_any_value_every_conversion_is_worth_the_same() -> None:
    nothing = np.zeros((3, 2), dtype=np.int64)
    assert_allclose(
        learn_values(count=nothing, total=nothing, cell=np.zeros(3, dtype=np.int64)).mean, 1.0
    )


def test_intervals_of_values_cover_the_truth() -> None:
    """80 % intervals of differences within a cell; spreads between arms as assumed."""
    rng = np.random.default_rng(8)
    inside = []
    for _ in range(150):
        cell = np.repeat(np.arange(4), 6)
        arms = rng.lognormal(0, abs(rng.normal(0, WORTH_SPREAD)), 24)
        own = 50 * rng.lognormal(0, CELL_SPREAD, 4)[cell] * arms
        count = rng.poisson(4, size=(24, 10))
        total = np.where(count > 0, rng.gamma(np.maximum(count, 1)) * own[:, None], 0.0)
        drawn = learn_values(count=count, total=total, cell=cell).log_draws(2_000, rng)
        low, high = np.quantile(apart(drawn, 4), (0.1, 0.9), axis=0)
        truth = apart(np.log(own)[None], 4)[0]
        inside.append((low < truth) & (truth < high))
    assert np.mean(inside) == pytest.approx(0.8, abs=0.04)


def apart(draws: np.ndarray, n_cells: int) -> np.ndarray:
    """Distance from the mean of its cell, (n_draws, n), cells of equal size."""
    cells = draws.reshape(len(draws), n_cells, -1)
    centred: np.ndarray = cells - cells.mean(axis=2, keepdims=True)
    return centred.reshape(draws.shape)


def test_the_variance_between_days_worked_by_hand() -> None:
    """Weights 1, 1/2: mean 0.2, squares 0.04 + 0.08, one degree of freedom."""
    deviation, told = np.array([[0.0, 0.6]]), np.array([[1.0, 0.5]])
    wanted = (10 * DAY_SPREAD**2 + 0.12) / 11
    assert day_variance(deviation, told) == pytest.approx(wanted)


def test_a_price_is_shrunk_by_hand() -> None:
    """Ratio e: deviations ±½ on two days of full weight and discount 1, by nobody's noise.

    Noise: 10 · 0.0225 over 12 degrees; each arm's mean has half of it.
    """
    shown = np.full((2, 2), 10**12)
    spend = shown * np.exp([[1.0, 1.0], [0.0, 0.0]])
    belief = learn_prices(spend=spend, impressions=shown, cell=ONE_CELL, discount=1.0)
    noise = 10 * DAY_SPREAD**2 / 12 / 2
    assert_allclose(belief.variance, noise, rtol=1e-6)
    kept = belief.between.mean**2 / (belief.between.mean**2 + noise)
    assert 0.8 < kept < 1
    assert_allclose(belief.mean, [0.5 + kept / 2, 0.5 - kept / 2], rtol=1e-6)


def test_a_discounted_mean_is_less_sure_by_hand() -> None:
    """Weights ½ and 1 of equal days: (¼ + 1) / (3/2)² of a day's variance."""
    shown = np.full((2, 2), 10**12)
    belief = learn_prices(spend=shown, impressions=shown, cell=ONE_CELL, discount=0.5)
    assert_allclose(belief.variance, 10 * DAY_SPREAD**2 / 12 * 1.25 / 2.25, rtol=1e-6)


def test_a_few_impressions_tell_little_of_a_price() -> None:
    """Both cost double on their days, one of them for ten impressions."""
    shown = np.array([[10_000], [10_000], [10_000], [10]])
    spend = shown * np.array([[4], [2], [2], [4]])
    mean = learn_prices(spend=spend, impressions=shown, cell=np.zeros(4, dtype=np.int64)).mean
    assert mean[0] - mean[1] > 2 * (mean[3] - mean[1]) > 0


def test_prices_that_drift_for_the_whole_cell_say_nothing_of_its_arms() -> None:
    """The second arm ran only when everything cost three times as much."""
    shown = np.full((3, 8), 50_000)
    shown[1, :4] = 0
    spend = shown * np.array([1, 1, 1, 1, 3, 3, 3, 3])
    mean = learn_prices(spend=spend, impressions=shown, cell=np.zeros(3, dtype=np.int64)).mean
    assert_allclose(mean - mean[0], 0, atol=1e-12)


def test_old_prices_count_less() -> None:
    """The first arm was the dear one for 20 days, and is the cheap one since 10."""
    shown = np.full((2, 30), 50_000)
    factor = np.ones((2, 30))
    factor[0, :20], factor[0, 20:] = 2.0, 0.5
    spend = shown * factor
    forgetting = learn_prices(spend=spend, impressions=shown, cell=ONE_CELL).mean
    never = learn_prices(spend=spend, impressions=shown, cell=ONE_CELL, discount=1.0).mean
    assert forgetting[0] < forgetting[1]
    assert never[0] > never[1]


def test_the_level_of_a_cell_is_its_own_and_else_that_of_all() -> None:
    shown = np.array([[10_000, 10_000], [10_000, 10_000], [0, 0]])
    spend = shown * np.array([[1], [4], [0]])
    belief = learn_prices(spend=spend, impressions=shown, cell=np.array([0, 1, 2]))
    assert_allclose(belief.mean, np.log([1, 4, 2]), atol=1e-12)
    drawn = belief.log_draws(20_000, np.random.default_rng(0))[:, 2]
    spread = np.sqrt(belief.between.weights @ belief.between.grid**2)
    assert drawn.std() == pytest.approx(spread, rel=0.03)


def test_draws_of_prices_follow_the_belief() -> None:
    """Prior N(0, 0.1²) and noise of 0.2² beside a deviation of 0.5: mean 0.1, SD 0.0894."""
    belief = Prices(
        level=np.ones(1),
        deviation=np.full(1, 0.5),
        variance=np.full(1, 0.04),
        between=Between(grid=np.array([0.1]), weights=np.ones(1)),
        daily=0.2,
    )
    drawn = belief.log_draws(100_000, np.random.default_rng(2))
    assert drawn.mean() == pytest.approx(1.1, abs=0.001)
    assert drawn.std() == pytest.approx(0.0894, rel=0.01)


def test_intervals_of_prices_cover_the_truth() -> None:
    """80 % intervals of differences within a cell whose price drifts."""
    rng = np.random.default_rng(9)
    inside = []
    for _ in range(150):
        own = rng.normal(0, abs(rng.normal(0, PRICE_SPREAD)), 8)
        level = rng.normal(0, 0.3) + rng.normal(0, 0.1, 10).cumsum()
        shown = rng.integers(300, 5_000, size=(8, 10))
        told = shown / (shown + 100)
        noise = rng.normal(0, DAY_SPREAD, (8, 10)) / np.sqrt(told)
        spend = shown * np.exp(own[:, None] + level + noise)
        belief = learn_prices(spend=spend, impressions=shown, cell=np.zeros(8, dtype=np.int64))
        drawn = belief.log_draws(2_000, rng)
        low, high = np.quantile(apart(drawn, 1), (0.1, 0.9), axis=0)
        truth = apart(own[None], 1)[0]
        inside.append((low < truth) & (truth < high))
    assert np.mean(inside) == pytest.approx(0.8, abs=0.05)


def test_the_worth_of_a_click_worked_by_hand() -> None:
    """expit(log ¼) = 1/5 conversions of 30 each at a price of 2: 3; of 1 each: 0.1; or ½."""
    price, logit = np.full((1, 1), np.log(2.0)), np.full((1, 1), np.log(0.25))
    value = np.full((1, 1), np.log(30.0))
    both = log_worth(log_price=price, conversion=logit, log_value=value)
    assert np.exp(both) == pytest.approx(3.0)
    assert np.exp(log_worth(log_price=price, conversion=logit)) == pytest.approx(0.1)
    assert np.exp(log_worth(log_price=price)) == pytest.approx(0.5)


COUNTS = arrays(np.int64, (3, 4), elements=st.integers(0, 10**9))


@settings(max_examples=60, deadline=None)
@given(COUNTS, COUNTS)
def test_no_counts_give_anything_but_numbers(first: np.ndarray, second: np.ndarray) -> None:
    cell = np.array([0, 0, 1])
    rng = np.random.default_rng(0)
    prices = learn_prices(spend=first, impressions=second, cell=cell)
    values = learn_values(count=first, total=second, cell=cell)
    assert np.isfinite(prices.log_draws(50, rng)).all()
    assert np.isfinite(values.log_draws(50, rng)).all()
