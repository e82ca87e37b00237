"""Beliefs about one test agree with their definition, and shares win clicks."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra import numpy as arrays
from numpy.testing import assert_allclose, assert_array_equal
from scipy.special import expit
from scipy.stats import norm

from studio.bandit.past import PastTests, Spread, unknown_spread
from studio.bandit.single_test import (
    ABSENT,
    Beliefs,
    Priors,
    TestPolicy,
    believe,
    prior,
    stacked,
    unexplained,
    win_shares,
)
from studio.bandit.words import WIDTH, Evidence, Words
from studio.errors import InputError

SPREAD = Spread(
    deviations=np.array([0.25, 0.1]),
    scales=np.array([0.5, 1.5]),
    weights=np.array([0.4, 0.6]),
    level=-4.0,
    level_deviation=0.7,
)
POLICY = TestPolicy(spread=SPREAD, words=None, batches=14)


def of(k: int, *, spread: Spread = SPREAD) -> Priors:
    return prior(["x"] * k, np.arange(k)[:, None], spread=spread)


def one_arm(mean: float, variance: float) -> Priors:
    return Priors(
        mean=np.array([[mean]]), covariance=np.full((1, 1, 1, 1), variance), weights=np.ones(1)
    )


def test_one_arm_agrees_with_integration() -> None:
    """The mode lies within a fortieth of the posterior's SD (0.045) of its mean."""
    grid = np.linspace(-6, -1, 20_001)
    log = 400 * grid - 20_000 * np.logaddexp(0, grid) - np.square(grid + 4.5) / (2 * 0.01)
    density = np.exp(log - log.max())
    density /= density.sum()
    mean = density @ grid
    found = believe(
        one_arm(-4.5, 0.01), impressions=np.array([[20_000]]), clicks=np.array([[400]])
    )
    assert found.mean[0, 0] == pytest.approx(mean, abs=1.1e-3)
    assert found.covariance[0, 0, 0] == pytest.approx(density @ (grid - mean) ** 2, rel=5e-3)


def test_a_mixture_of_scales_agrees_with_integration() -> None:
    """A narrow prior with probability 0.45 and a wide one, both plausible."""
    grid = np.linspace(-6, -1, 20_001)
    density = np.exp(400 * grid - 20_000 * np.logaddexp(0, grid) + 1_960)
    density *= 0.45 * norm.pdf(grid, -4.05, 0.003**0.5) + 0.55 * norm.pdf(grid, -4.05, 1.0)
    density /= density.sum()
    mean = density @ grid
    start = Priors(
        mean=np.array([[-4.05]]),
        covariance=np.array([0.003, 1.0]).reshape(2, 1, 1, 1),
        weights=np.array([0.45, 0.55]),
    )
    found = believe(start, impressions=np.array([[20_000]]), clicks=np.array([[400]]))
    assert found.mean[0, 0] == pytest.approx(mean, abs=2e-3)
    assert found.covariance[0, 0, 0] == pytest.approx(density @ (grid - mean) ** 2, rel=0.02)


def test_what_words_explain_is_taken_off_the_headline() -> None:
    """Texts of 10 and 30 words are foretold −1 and +1, a variance of 2: 2² − 2 and 3² − 2."""
    words = Words(
        mean=np.eye(WIDTH)[0],
        factor=np.zeros((WIDTH, WIDTH)),
        centre=np.zeros(WIDTH),
        scale=np.ones(WIDTH),
        deviations=np.ones(3),
        evidence=Evidence(gain=9.0, error=1.0, tests=99),
    )
    past = PastTests(
        test=np.array([0, 0, 1, 1]),
        texts=("a " * 10, "a " * 30, "same", "same"),
        parts=np.zeros((4, 1), dtype=np.int64),
        impressions=np.full(4, 100),
        clicks=np.full(4, 2),
    )
    for before, after in ((2.0, 2**0.5), (3.0, 7**0.5), (1.0, 0.5)):
        spread = replace(SPREAD, deviations=np.array([before, 0.1]))
        left = unexplained(past, words=words, spread=spread)
        assert_allclose(left.deviations, [after, 0.1])


def test_the_mode_has_no_slope() -> None:
    """clicks − n·rate = K⁻¹(f − mean) at the mode, with correlated variants."""
    covariance = np.array([[0.5, 0.4, 0.1], [0.4, 0.6, 0.2], [0.1, 0.2, 0.3]])
    start = Priors(
        mean=np.array([[-4.0, -3.5, -4.2]]),
        covariance=covariance[None, None],
        weights=np.ones(1),
    )
    shown, hit = np.array([[900, 300, 50]]), np.array([[20, 4, 3]])
    found = believe(start, impressions=shown, clicks=hit)
    pull = hit - shown * expit(found.mean)
    assert_allclose(
        np.linalg.solve(covariance, (found.mean - start.mean)[0]), pull[0], atol=1e-3
    )
    rate = expit(found.mean[0])
    precision = np.linalg.inv(covariance) + np.diag(shown[0] * rate * (1 - rate))
    assert_allclose(found.covariance[0], np.linalg.inv(precision), rtol=1e-4)


def test_equal_variants_are_believed_equal() -> None:
    """Two variants of the same parts and nothing else share what is learnt of either."""
    spread = Spread(
        deviations=np.array([0.3, 0.0]),
        scales=np.ones(1),
        weights=np.ones(1),
        level=-4.0,
        level_deviation=0.5,
    )
    start = prior(["a", "a", "b"], np.array([[0], [0], [1]]), spread=spread)
    found = believe(
        start, impressions=np.array([[2_000, 0, 2_000]]), clicks=np.array([[60, 0, 20]])
    )
    assert found.mean[0, 0] == pytest.approx(found.mean[0, 1])
    assert found.mean[0, 1] > found.mean[0, 2]


def test_the_scale_that_explains_the_clicks_wins() -> None:
    """Rates of 1 % and 4 % lie 1.4 apart: only wide scales of the spread explain them."""
    narrow, wide = (
        Spread(
            deviations=np.array([0.0, 0.25]),
            scales=np.array([scale]),
            weights=np.ones(1),
            level=-4.0,
            level_deviation=0.7,
        )
        for scale in (0.2, 3.0)
    )
    both = Spread(
        deviations=np.array([0.0, 0.25]),
        scales=np.array([0.2, 3.0]),
        weights=np.array([0.5, 0.5]),
        level=-4.0,
        level_deviation=0.7,
    )
    shown, hit = np.array([[5_000, 5_000]]), np.array([[50, 200]])
    gap = [
        np.diff(believe(of(2, spread=each), impressions=shown, clicks=hit).mean[0])[0]
        for each in (narrow, wide, both)
    ]
    assert gap[0] < 0.5 < 1.2 < gap[1]
    assert gap[2] == pytest.approx(gap[1], abs=0.01)


def test_padding_changes_nothing() -> None:
    small, large = of(2), of(4)
    shown = np.array([[500, 400, 0, 0], [100, 200, 300, 400]])
    hit = np.array([[9, 3, 0, 0], [1, 4, 2, 9]])
    both = believe(stacked([small, large]), impressions=shown, clicks=hit)
    alone = believe(small, impressions=shown[:1, :2], clicks=hit[:1, :2])
    assert_allclose(both.mean[0, :2], alone.mean[0], rtol=1e-6)
    assert_allclose(both.covariance[0, :2, :2], alone.covariance[0], rtol=1e-5)
    shares = POLICY.split(
        stacked([small, large]),
        impressions=shown,
        clicks=hit,
        batch=3,
        rng=np.random.default_rng(1),
    )
    assert_array_equal(shares[0, 2:], 0.0)
    assert_allclose(shares.sum(axis=1), 1.0)


def test_tempered_shares_of_two_normals() -> None:
    """P(best) = Φ(gap / (α √(2) σ)): gap 0.1, σ 0.2, α 0.5 give Φ(0.7071) = 0.760."""
    beliefs = Beliefs(mean=np.array([[0.1, 0.0]]), covariance=0.04 * np.eye(2)[None])
    normals = np.random.default_rng(4).standard_normal((40_000, 2))
    shares = win_shares(beliefs, alpha=0.5, normals=normals)
    assert shares[0, 0] == pytest.approx(norm.cdf(0.1 / (0.5 * 0.2 * np.sqrt(2))), abs=0.01)


def test_alpha_falls_in_a_straight_line() -> None:
    assert POLICY.alpha(0) == pytest.approx(0.35)
    assert POLICY.alpha(13) == pytest.approx(0.05)
    assert POLICY.alpha(1) == pytest.approx(0.35 - 0.30 / 13)


def test_the_same_inputs_give_the_same_shares() -> None:
    shares = [
        POLICY.shares(
            of(3),
            impressions=np.array([400, 300, 300]),
            clicks=np.array([9, 4, 2]),
            batch=4,
            seed=11,
        )
        for _ in range(2)
    ]
    assert_array_equal(shares[0], shares[1])
    assert shares[0].argmax() == 0


def test_a_batch_after_the_end_is_refused() -> None:
    with pytest.raises(InputError, match="0 to 13"):
        POLICY.shares(of(1), impressions=np.zeros(1), clicks=np.zeros(1), batch=14, seed=0)


def test_parts_that_past_tests_did_not_have_are_refused() -> None:
    with pytest.raises(InputError, match="rows of 1 part codes"):
        prior(["a", "b"], np.zeros((2, 2), dtype=np.int64), spread=SPREAD)
    assert (
        prior(["a"], np.zeros((1, 2), dtype=np.int64), spread=unknown_spread(2)).mean.size == 1
    )


@settings(max_examples=40, deadline=None)
@given(
    arrays.arrays(np.int64, 4, elements=st.integers(0, 10**9)),
    arrays.arrays(np.float64, 4, elements=st.floats(0, 1)),
)
def test_any_counts_give_shares(shown: np.ndarray, rates: np.ndarray) -> None:
    clicks = np.floor(shown * rates).astype(np.int64)
    shares = POLICY.shares(of(4), impressions=shown, clicks=clicks, batch=2, seed=5)
    assert np.isfinite(shares).all()
    assert (shares >= 0).all()
    assert shares.sum() == pytest.approx(1.0)


def test_the_policy_beats_testing_evenly_then_committing() -> None:
    """600 tests from the prior: expected clicks, paired; 3 standard errors apart or more."""
    rng = np.random.default_rng(12)
    n_tests, k, batch_size = 600, 4, 250
    start = stacked([of(k)] * n_tests)
    scale = rng.choice(2, n_tests, p=SPREAD.weights)
    factor = np.linalg.cholesky(start.covariance[scale, np.arange(n_tests)])
    deviates = (factor @ rng.standard_normal((n_tests, k, 1)))[:, :, 0]
    rates = expit(start.mean + deviates)
    won = {}
    for name in ("policy", "commit"):
        shown, hit = np.zeros((2, n_tests, k), dtype=np.int64)
        for batch in range(14):
            if name == "policy":
                shares = POLICY.split(
                    start, impressions=shown, clicks=hit, batch=batch, rng=rng
                )
            elif batch < 7:
                shares = np.full((n_tests, k), 1 / k)
            else:
                leader = (hit / np.maximum(shown, 1)).argmax(axis=1)
                shares = np.eye(k)[leader]
            given_now = rng.multinomial(batch_size, shares / shares.sum(axis=1, keepdims=True))
            shown, hit = shown + given_now, hit + rng.binomial(given_now, rates)
        won[name] = (shown * rates).sum(axis=1)
    ahead = won["policy"] - won["commit"]
    assert ahead.mean() > 3 * ahead.std() / np.sqrt(n_tests)


def test_absent_variants_are_known_as_such() -> None:
    assert_array_equal(stacked([of(1), of(2)]).present, [[True, False], [True, True]])
    assert ABSENT < -100
