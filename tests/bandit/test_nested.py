"""Taking nested effects out of the equations gives what solving them all at once gives."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from numpy.testing import assert_allclose
from scipy import sparse
from scipy.special import expit

from studio.bandit.features import Arms, Design, Floats, Ints, Spread, design
from studio.bandit.nested import dense
from studio.bandit.posterior import Posterior, fit, learnt_variances

MARKETS, PLACES, IDEAS = 3, 2, 4


def some_arms() -> Arms:
    """Four ideas in three markets and two placements, with two attributes."""
    market, place, idea = (
        grid.ravel() for grid in np.mgrid[:MARKETS, :PLACES, :IDEAS].astype(np.int64)
    )
    return Arms(
        market=market,
        context=place[:, None],
        creative=idea,
        attributes=np.column_stack([idea % 2, (idea + market) % 3]),
    )


@pytest.fixture
def counts() -> tuple[Ints, Ints]:
    """Clicks and impressions, some rows with none."""
    rng = np.random.default_rng(5)
    impressions = rng.integers(0, 4000, MARKETS * PLACES * IDEAS)
    impressions[3] = 0
    return rng.binomial(impressions, rng.uniform(0.005, 0.04, len(impressions))), impressions


def written_out(built: Design) -> tuple[Floats, Floats, Floats]:
    """Every effect as a column, with prior precision and mean."""
    nested = [np.eye(level.size)[level.of] for level in built.levels]
    precision = [
        built.precision,
        *(np.full(level.size, 1 / built.level_variance(level)) for level in built.levels),
    ]
    columns = np.hstack([dense(built.matrix), *nested])
    mean = np.zeros(columns.shape[1])
    mean[: len(built.mean)] = built.mean
    return columns, np.concatenate(precision), mean


def solved_at_once(built: Design, clicks: Ints, impressions: Ints) -> tuple[Floats, Floats]:
    """Mode and covariance of all effects by plain Newton steps."""
    columns, precision, mean = written_out(built)
    weights = mean.copy()
    for _ in range(60):
        rate = expit(columns @ weights)
        gradient = columns.T @ (clicks - impressions * rate) - precision * (weights - mean)
        hessian = (columns.T * (impressions * rate * (1 - rate))) @ columns
        hessian += np.diag(precision)
        weights = weights + np.linalg.solve(hessian, gradient)
    return weights, np.linalg.inv(hessian)


def everything(posterior: Posterior) -> Floats:
    return np.concatenate([posterior.effects.weights, *posterior.effects.nested])


def test_mode_spread_and_uncertainty_are_those_of_the_whole_system(
    counts: tuple[Ints, Ints],
) -> None:
    clicks, impressions = counts
    built = design(some_arms(), Spread())
    assert len(built.levels) == 3
    posterior = fit(built, clicks=clicks, impressions=impressions, rounds=0)
    weights, covariance = solved_at_once(built, clicks, impressions)
    columns, _, _ = written_out(built)
    assert_allclose(everything(posterior), weights, atol=1e-7)
    rows = np.arange(len(clicks))
    centre, sd = posterior.logits(rows)
    assert_allclose(centre, columns @ weights, atol=1e-7)
    assert_allclose(sd, np.sqrt(np.diag(columns @ covariance @ columns.T)), rtol=1e-6)
    own, nested = posterior.system.uncertainty()
    assert_allclose(np.concatenate([own, *nested]), np.diag(covariance), rtol=1e-6)


def test_draws_vary_together_as_the_whole_system_says(counts: tuple[Ints, Ints]) -> None:
    clicks, impressions = counts
    built = design(some_arms(), Spread())
    posterior = fit(built, clicks=clicks, impressions=impressions, rounds=0)
    columns, _, _ = written_out(built)
    _, covariance = solved_at_once(built, clicks, impressions)
    expected = columns @ covariance @ columns.T
    rows = np.arange(len(clicks))
    draws = posterior.draws(rows, 60_000, np.random.default_rng(3))
    assert_allclose(np.cov(draws.T), expected, atol=0.03 * expected.max())
    assert_allclose(draws.mean(axis=0), posterior.logits(rows)[0], atol=0.01)


def test_sparse_and_dense_columns_give_the_same(counts: tuple[Ints, Ints]) -> None:
    clicks, impressions = counts
    built = design(some_arms(), Spread())
    thin = replace(built, matrix=sparse.csr_array(built.matrix))
    one = fit(built, clicks=clicks, impressions=impressions)
    other = fit(thin, clicks=clicks, impressions=impressions)
    assert_allclose(everything(one), everything(other), atol=1e-9)
    rows = np.array([4, 2])
    assert_allclose(one.logits(rows), other.logits(rows), atol=1e-9)


def test_what_one_market_learns_shifts_the_others() -> None:
    """Idea 0 does well in market 0; markets 1 and 2 have seen nothing."""
    arms = some_arms()
    built = design(replace(arms, attributes=np.empty((len(arms.market), 0), int)), Spread())
    shown = np.where(arms.market == 0, 20_000, 0)
    clicks = np.where((arms.market == 0) & (arms.creative == 0), 600, shown // 80)
    clicks[arms.market != 0] = 0
    posterior = fit(built, clicks=clicks, impressions=shown, rounds=0)
    centre, sd = posterior.logits(np.flatnonzero(arms.market == 1))
    ideas = centre.reshape(PLACES, IDEAS)
    assert (ideas[:, 0] - ideas[:, 1:].max(axis=1) > 0.05).all()
    assert (sd > posterior.logits(np.flatnonzero(arms.market == 0))[1]).all()


def test_nested_variances_are_learnt_by_mackays_rule(counts: tuple[Ints, Ints]) -> None:
    """(Σ e² + 3 v₀) / (γ + 3) with γ = k − Σ var / v, from the whole system's numbers."""
    clicks, impressions = counts
    built = design(some_arms(), Spread())
    posterior = fit(built, clicks=clicks, impressions=impressions, rounds=0)
    learnt = learnt_variances(posterior, prior=built.variances)
    weights, covariance = solved_at_once(built, clicks, impressions)
    ads = built.levels[-1]
    own, variance = weights[-ads.size :], np.diag(covariance)[-ads.size :]
    prior = built.level_variance(ads)
    determined = ads.size - variance.sum() / prior
    expected = (own @ own + 3 * prior) / (determined + 3)
    assert learnt[ads.family] == pytest.approx(expected, rel=1e-5)
