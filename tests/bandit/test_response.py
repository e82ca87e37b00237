"""Curves are learnt where spend varied, and assumed where it didn't."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays
from numpy.testing import assert_allclose, assert_array_equal
from scipy.stats import nbinom

from studio.bandit.response import (
    CellDays,
    Curves,
    ResponsePrior,
    _log_predictive,
    cell_days,
    learn_responses,
)


def a_curve(level: float = 10, reference: float = 100, exponent: float = 0.5) -> Curves:
    return Curves(
        level=np.array([level]), reference=np.array([reference]), exponent=np.array([exponent])
    )


def simulated(
    seed: int, *, n_cells: int = 12, n_days: int = 28, vary: float = 0.25, drift: float = 0.02
) -> tuple[Curves, CellDays]:
    """True curves of the last day, and days of it: levels drift, days differ by a tenth."""
    rng = np.random.default_rng(seed)
    reference = np.exp(rng.normal(9, 0.5, n_cells))
    exponent = np.clip(rng.normal(0.7, 0.08, n_cells), 0.35, 0.95)
    spend = reference[:, None] * np.exp(rng.normal(0, vary, (n_cells, n_days)))
    path = np.cumsum(rng.normal(0, drift, (n_cells, n_days)), axis=1)
    level = np.exp(rng.normal(4, 0.5, n_cells))[:, None] * np.exp(path)
    mood = np.exp(rng.normal(0, 0.1, (n_cells, n_days)))
    mean = level * (spend / reference[:, None]) ** exponent[:, None] * mood
    days = CellDays(spend=spend, results=rng.poisson(mean).astype(np.float64))
    return Curves(level=level[:, -1], reference=reference, exponent=exponent), days


def test_a_curve_worked_by_hand() -> None:
    """√: four times the money brings twice the results at half the marginal."""
    curve = a_curve()
    assert_allclose(curve.results(np.array([400.0])), [20])
    assert_allclose(curve.marginal(np.array([100.0])), [0.05])
    assert_allclose(curve.marginal(np.array([400.0])), [0.025])
    assert_allclose(curve.spend_at(np.array([0.025])), [400])
    assert_allclose(curve.worth(np.array([3.0])).results(np.array([100.0])), [30])
    assert curve.marginal(np.zeros(1))[0] == np.inf
    assert curve.spend_at(np.zeros(1))[0] == np.inf


@given(
    level=st.floats(1e-6, 1e6),
    reference=st.floats(1, 1e9),
    exponent=st.floats(0.3, 0.95),
    share=st.floats(0.01, 100),
)
def test_spend_at_is_the_inverse_of_marginal(
    level: float, reference: float, exponent: float, share: float
) -> None:
    curve = a_curve(level, reference, exponent)
    spend = np.array([share * reference])
    assert_allclose(curve.spend_at(curve.marginal(spend)), spend, rtol=1e-6)


def test_impossible_curves_and_days_are_refused() -> None:
    with pytest.raises(ValueError, match="Exponents must lie between 0 and 1"):
        a_curve(exponent=1.0)
    with pytest.raises(ValueError, match="reference spends more than 0"):
        a_curve(reference=0.0)
    with pytest.raises(ValueError, match="finite and at least 0"):
        CellDays(spend=np.array([[1.0, -1.0]]), results=np.zeros((1, 2)))
    with pytest.raises(ValueError, match="shape"):
        CellDays(spend=np.zeros((1, 2)), results=np.zeros((1, 3)))


def test_rows_add_up_by_cell_and_day_in_any_order() -> None:
    days = cell_days(
        cell=np.array([1, 0, 1, 1]),
        day=np.array([7, 5, 7, 5]),
        spend=np.array([10.0, 20, 30, 40]),
        results=np.array([1.0, 2, 3, 4]),
        n_cells=2,
    )
    assert_array_equal(days.spend, [[20, 0, 0], [40, 0, 40]])
    assert_array_equal(days.results, [[2, 0, 0], [4, 0, 4]])


def test_the_predictive_is_the_negative_binomial_of_scipy() -> None:
    """Up to lnΓ(y + 1), which no parameter touches."""
    shape, rate, gain = 3.5, 0.7, 1.9
    for seen in (0.0, 4.0, 11.0):
        ours = _log_predictive(
            np.array([[seen]]), np.array([[gain]]), shape=np.full((1, 1), shape),
            rate=np.full((1, 1), rate),
        )  # fmt: skip
        exact = nbinom.logpmf(seen, shape, rate / (rate + gain))
        constant = -sum(np.log(np.arange(1, seen + 1)))
        assert ours[0, 0] + constant == pytest.approx(exact)


def test_constant_spend_leaves_the_assumption() -> None:
    days = CellDays(spend=np.full((3, 20), 500.0), results=np.full((3, 20), 40.0))
    got = learn_responses(days)
    assert not got.learnt.any()
    assert_allclose(got.curves.exponent, 0.8, atol=0.02)
    assert_allclose(got.exponent_sd, got.prior_sd)
    assert_allclose(got.curves.results(np.full(3, 500.0)), 40, rtol=0.02)


def test_without_any_day_all_cells_are_alike() -> None:
    got = learn_responses(CellDays(spend=np.zeros((4, 0)), results=np.zeros((4, 0))))
    assert len(set(got.curves.level)) == 1
    assert not got.learnt.any()


def test_a_level_worked_by_hand() -> None:
    """One cell, one day, 30 results: Gamma(4, 4 / 30.5) sees 30 with a weight of κ.

    Without dispersion κ is 1 − 0.001 · level: (4 + 30 κ) · 0.9 + 4 · 0.1 over the same of
    rates; the pooled level of 30.5 comes from half a result more than was seen.
    """
    prior = ResponsePrior(dispersion=1e-3, dispersion_days=1e9, discounts=(0.9,))
    got = learn_responses(
        CellDays(spend=np.array([[100.0]]), results=np.array([[30.0]])), prior=prior
    )
    own = (30 + 4) / (1 + 4 / 30.5)
    weight = 1 / (1 + 1e-3 * own)
    shape = 0.9 * (4 + 30 * weight) + 0.1 * 4
    rate = 0.9 * (4 / 30.5 + weight) + 0.1 * 4 / 30.5
    assert_allclose(got.level_shape, [shape])
    assert_allclose(got.curves.level, [shape / rate])


def test_exponents_are_found_where_spend_varied() -> None:
    """Strong evidence: spend by a factor of four, thousands of results a day."""
    rng = np.random.default_rng(5)
    spend = 1000 * np.exp(rng.uniform(-0.7, 0.7, (3, 60)))
    true = np.array([0.5, 0.7, 0.9])
    mean = 5000 * (spend / 1000) ** true[:, None] * np.exp(rng.normal(0, 0.05, (3, 60)))
    got = learn_responses(CellDays(spend=spend, results=rng.poisson(mean).astype(float)))
    assert_allclose(got.curves.exponent, true, atol=0.05)
    assert got.learnt.all()


def test_cells_with_little_evidence_borrow_from_the_others() -> None:
    _, rich = simulated(3, n_cells=10, n_days=60, vary=0.6)
    spend = np.vstack([rich.spend, np.full((1, 60), 100.0)])
    results = np.vstack([rich.results, np.full((1, 60), 3.0)])
    got = learn_responses(CellDays(spend=spend, results=results))
    others = got.curves.exponent[:-1].mean()
    assert others < 0.74
    assert got.curves.exponent[-1] == pytest.approx(others, abs=0.04)


@pytest.mark.parametrize("noise", [0.1, 0.3])
def test_how_far_days_differ_beyond_chance_is_learnt(noise: float) -> None:
    """20 cells on 60 days with thousands of results: the squared SD within a fifth of it."""
    rng = np.random.default_rng(8)
    mean = 4000 * np.exp(rng.normal(0, noise, (20, 60)) - noise**2 / 2)
    days = CellDays(spend=np.full((20, 60), 900.0), results=rng.poisson(mean).astype(float))
    assert learn_responses(days).dispersion == pytest.approx(noise**2, rel=0.2)


def test_levels_follow_a_price_that_doubles() -> None:
    results = np.concatenate([np.full(20, 400.0), np.full(10, 200.0)])[None, :]
    got = learn_responses(CellDays(spend=np.full((1, 30), 50.0), results=results))
    assert 190 < got.curves.level[0] < 240
    assert got.discount < 0.95


def test_intervals_cover_and_the_curve_beats_the_assumption() -> None:
    """40 campaigns of 12 cells: results at 1.5 × the reference spend, tomorrow's level."""
    inside, ours, assumed = [], [], []
    for seed in range(40):
        truth, days = simulated(seed)
        got = learn_responses(days)
        spend = 1.5 * truth.reference
        mean, low, high = got.results(spend, level=0.9)
        real = truth.results(spend)
        inside += list((low <= real) & (real <= high))
        ours += list(np.abs(got.curves.exponent - truth.exponent))
        assumed += list(np.abs(0.8 - truth.exponent))
        assert (mean > 0).all()
    assert 0.85 <= np.mean(inside) <= 0.97
    assert np.mean(ours) < 0.8 * np.mean(assumed)


def test_draws_have_the_moments_of_the_belief() -> None:
    _, days = simulated(1)
    got = learn_responses(days)
    rng = np.random.default_rng(0)
    draws = [got.drawn(rng) for _ in range(3000)]
    exponents = np.array([draw.exponent for draw in draws])
    levels = np.array([draw.level for draw in draws])
    assert_allclose(exponents.mean(axis=0), got.curves.exponent, atol=0.01)
    assert_allclose(exponents.std(axis=0), got.exponent_sd, rtol=0.08)
    assert_allclose(levels.mean(axis=0), got.curves.level, rtol=0.02)
    relative = levels.std(axis=0) / levels.mean(axis=0)
    assert_allclose(relative, 1 / np.sqrt(got.level_shape), rtol=0.08)


COUNTS = st.floats(0, 1e9) | st.sampled_from([0.0, 1.0, 1e9])


@settings(max_examples=30, deadline=None)
@given(
    spend=arrays(np.float64, (3, 5), elements=COUNTS),
    results=arrays(np.float64, (3, 5), elements=COUNTS),
)
def test_no_counts_whatsoever_give_nan_or_curves_that_do_not_bend(
    spend: np.ndarray, results: np.ndarray
) -> None:
    got = learn_responses(CellDays(spend=spend, results=results))
    assert np.isfinite(got.curves.level).all()
    assert (got.curves.level > 0).all()
    assert ((got.curves.exponent > 0.29) & (got.curves.exponent < 0.99)).all()
    assert_allclose(got.weights.sum(axis=1), 1)
