"""The posterior agrees with results worked by hand, by definition and by integration."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.testing import assert_allclose
from scipy.integrate import quad
from scipy.special import expit

from studio.bandit.features import Ints, Spread, design, encode
from studio.bandit.posterior import fit, learnt_variances, mode
from tests.beliefs import a_belief, a_design


@pytest.fixture
def rng() -> np.random.Generator:
    return np.random.default_rng(20_261_122)


ONE = np.array([0])


def ints(*values: int) -> Ints:
    return np.array(values, dtype=np.int64)


def test_the_mode_of_one_weight_worked_by_hand() -> None:
    """Prior N(ln 3 − 1, 1): at w = ln 3 the rate is 3/4, and 4 clicks in 4 impressions pull
    by 4 − 3 = 1 while the prior pulls back by w − mean = 1. Λ = 4 · 3/4 · 1/4 + 1 = 1.75.
    """
    one = a_design(np.ones((1, 1)), mean=np.log(3) - 1)
    posterior = mode(one, clicks=ints(4), impressions=ints(4))
    assert_allclose(posterior.effects.weights, [np.log(3)], rtol=1e-9)
    factor = posterior.system.factor
    assert_allclose(factor @ factor.T, [[1.75]], rtol=1e-6)


def test_a_day_of_counts_equals_its_impressions_one_by_one() -> None:
    context = np.array([[1.0, 0.5], [1.0, -2.0]])
    by_day = mode(a_design(context), clicks=ints(2, 1), impressions=ints(3, 1))
    one_by_one = mode(
        a_design(np.vstack([context[:1]] * 3 + [context[1:]])),
        clicks=ints(1, 0, 1, 1),
        impressions=ints(1, 1, 1, 1),
    )
    assert_allclose(by_day.effects.weights, one_by_one.effects.weights, rtol=1e-9)
    assert_allclose(by_day.system.factor, one_by_one.system.factor, rtol=1e-6)


def test_moments_agree_with_numerical_integration() -> None:
    """40 clicks in 2000 impressions: Laplace's error is of the order of 1 / clicks."""
    centre = np.log(0.01 / 0.99)
    posterior = mode(
        a_design(np.ones((1, 1)), variance=0.25, mean=centre),
        clicks=ints(40),
        impressions=ints(2000),
    )

    def density(w: float) -> float:
        log = 40 * w - 2000 * np.logaddexp(0, w) - (w - centre) ** 2 / 0.5
        return float(np.exp(log + 205))

    def moment(of: object) -> float:
        return float(quad(lambda w: of(w) * density(w), -6, -2)[0])  # type: ignore[operator]

    total = moment(lambda w: 1.0)
    mean = moment(lambda w: w) / total
    sd = np.sqrt(moment(lambda w: (w - mean) ** 2) / total)
    rate = moment(expit) / total
    centres, sds = posterior.logits(ONE)
    assert_allclose(centres, [mean], atol=0.1 * sd)
    assert_allclose(sds, [sd], rtol=0.03)
    assert_allclose(posterior.rates(ONE)[0], [rate], rtol=0.02)


def test_draws_have_the_posterior_mean_and_covariance(rng: np.random.Generator) -> None:
    """Precision [[4, 3], [3, 3]] has covariance [[1, −1], [−1, 4/3]]; asymmetric on purpose."""
    belief = a_belief(np.array([-1.0, 2.0]), np.array([[4.0, 3.0], [3.0, 3.0]]))
    draws = belief.draws(np.arange(2), 100_000, rng)
    assert_allclose(draws.mean(axis=0), [-1.0, 2.0], atol=0.02)
    assert_allclose(np.cov(draws.T), [[1.0, -1.0], [-1.0, 4.0 / 3.0]], atol=0.03)


def test_the_rate_and_its_interval_are_those_of_the_draws(rng: np.random.Generator) -> None:
    posterior = a_belief(np.array([-4.0]), np.array([[4.0]]))
    rates = expit(posterior.draws(ONE, 200_000, rng)[:, 0])
    mean, low, high = posterior.rates(ONE)
    assert_allclose(mean, [rates.mean()], rtol=0.01)
    assert_allclose([low[0], high[0]], np.quantile(rates, [0.025, 0.975]), rtol=0.02)


def test_learnt_variances_worked_by_hand() -> None:
    """Two weights 3 and 1 with Σ = diag(1/4, 1/4), prior variance 1, strength 2:
    γ = 2 − (1/4 + 1/4) / 1 = 1.5 and v = (9 + 1 + 2 · 1) / (1.5 + 2).
    """
    posterior = a_belief(np.array([3.0, 1.0]), np.diag([4.0, 4.0]))
    learnt = learnt_variances(posterior, prior=posterior.design.variances, strength=2.0)
    assert_allclose(learnt[1], 12.0 / 3.5)
    assert_allclose(learnt[0], 1.0)


def test_impossible_counts_move_a_variance_by_a_factor_of_ten_at_most() -> None:
    posterior = a_belief(np.array([300.0, 1.0]), np.diag([4.0, 4.0]))
    prior = posterior.design.variances
    assert_allclose(learnt_variances(posterior, prior=prior)[1], 10.0)
    nothing = a_belief(np.array([0.0, 0.0]), np.diag([40_000.0, 40_000.0]))
    weak = learnt_variances(nothing, prior=prior, strength=0.01)
    assert_allclose(weak[1], 0.1)


def test_a_group_that_never_matters_is_learnt_to_be_small() -> None:
    """Markets differ by a factor of four, ideas not at all."""
    arms = encode(
        market=["de"] * 4 + ["jp"] * 4,
        placement=["feed"] * 8,
        creative=list("abcdefgh"),
        attributes=[{}] * 8,
    )
    built = design(arms, Spread())
    impressions = np.full(8, 50_000, dtype=np.int64)
    clicks = np.repeat(ints(500, 2000), 4)
    posterior = fit(built, clicks=clicks, impressions=impressions)
    rate, low, high = posterior.rates(np.arange(len(clicks)))
    fixed = fit(built, clicks=clicks, impressions=impressions, rounds=0).rates(np.arange(8))
    assert_allclose(rate, clicks / impressions, rtol=0.02)
    assert (high - low < fixed[2] - fixed[1]).all()


COUNTS = st.lists(
    st.tuples(st.integers(0, 10**9), st.floats(0, 1)).map(
        lambda pair: (int(pair[0] * pair[1]), pair[0])
    ),
    min_size=6,
    max_size=6,
)


@settings(max_examples=60, deadline=None)
@given(COUNTS)
def test_no_counts_make_the_belief_anything_but_finite(counts: list[tuple[int, int]]) -> None:
    arms = encode(
        market=["de", "de", "de", "jp", "jp", "jp"],
        placement=["feed", "feed", "story", "feed", "story", "story"],
        creative=list("abcdef"),
        attributes=[{"angle": name} for name in "xyxzyx"],
    )
    built = design(arms, Spread())
    clicks, impressions = (ints(*column) for column in zip(*counts, strict=True))
    posterior = fit(built, clicks=clicks, impressions=impressions)
    mean, low, high = posterior.rates(np.arange(len(clicks)))
    assert np.isfinite(posterior.effects.logits(built)).all()
    assert np.isfinite(posterior.system.factor).all()
    assert ((low >= 0) & (low <= mean) & (mean <= high) & (high <= 1)).all()


@pytest.mark.parametrize(
    ("clicks", "impressions"), [(0, 0), (0, 10**9), (10**9, 10**9), (1, 1), (5 * 10**8, 10**9)]
)
def test_the_mode_is_reached_at_any_scale(clicks: int, impressions: int) -> None:
    """The gradient at the mode is nothing beside what single terms of it weigh."""
    built = a_design(np.ones((1, 1)), variance=0.5)
    w = mode(built, clicks=ints(clicks), impressions=ints(impressions)).effects.weights[0]
    gradient = clicks - impressions * expit(w) - w / 0.5
    assert abs(gradient) <= 1e-6 * max(np.sqrt(impressions * expit(w) * expit(-w)), 1)
