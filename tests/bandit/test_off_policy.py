"""Estimators agree with sums worked by hand, with definitions and with simulated truth."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import numpy as np
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st
from numpy.testing import assert_allclose
from scipy.stats import chi2

from studio.bandit.features import Floats
from studio.bandit.logged import Counts, Events, Rows
from studio.bandit.off_policy import (
    Estimate,
    Estimator,
    Evaluation,
    Interval,
    NotEnoughSupport,
    Refusal,
    Settings,
    direct,
    doubly_robust,
    estimate,
    evaluate,
    gain,
    self_normalised,
    self_normalised_doubly_robust,
    supported,
    versus,
    weighted_mean,
)

ESTIMATORS = (weighted_mean, self_normalised, doubly_robust, self_normalised_doubly_robust)
NORMAL = Settings(interval=Interval.NORMAL)
ANYTHING = Settings(
    min_support=0.0,
    max_thin_share=1.0,
    max_weight_error=np.inf,
    min_effective_impressions=0.0,
    min_effective_clicks=0.0,
)


def days() -> Counts:
    """Two days of 100 impressions between two arms of one cell."""
    return Counts(
        context=np.array([0, 0, 1, 1]),
        unit=np.array([5, 6, 5, 6]),
        impressions=np.array([80.0, 20.0, 30.0, 70.0]),
        clicks=np.array([4.0, 2.0, 1.0, 7.0]),
        propensity=np.array([0.8, 0.2, 0.25, 0.75]),
        target=np.array([0.5, 0.5, 0.1, 0.9]),
        rates=np.array([0.04, 0.08, 0.05, 0.09]),
    )


def test_every_estimator_worked_by_hand() -> None:
    """w is 0.625, 2.5, 0.4, 1.2: Σ w r = 2.5 + 5 + 0.4 + 8.4, Σ w = 50 + 50 + 12 + 84.

    Σ w q = 2 + 4 + 0.6 + 7.56, Σ Σ π q = 100 · 0.06 + 100 · 0.086.
    """
    rows = days().rows()
    assert weighted_mean(rows).value == pytest.approx(16.3 / 200)
    assert self_normalised(rows).value == pytest.approx(16.3 / 196)
    assert direct(rows).value == pytest.approx(14.6 / 200)
    assert doubly_robust(rows).value == pytest.approx((14.6 + 16.3 - 14.16) / 200)
    assert self_normalised_doubly_robust(rows).value == pytest.approx(
        14.6 / 200 + (16.3 - 14.16) / 196
    )


def many_days() -> Counts:
    """The same, a thousand times as many."""
    few = days()
    return replace(few, impressions=few.impressions * 1000, clicks=few.clicks * 1000)


def unrolled(rows: Rows) -> Rows:
    """The same log, one row an impression."""
    impressions, clicks = rows.impressions.astype(int), rows.clicks.astype(int)
    index = np.repeat(np.arange(len(impressions)), impressions)
    place = np.concatenate([np.arange(count) for count in impressions])
    return Rows(
        impressions=np.ones(len(index)),
        clicks=(place < clicks[index]).astype(float),
        weight=rows.weight[index],
        predicted=rows.predicted[index],
        expected=rows.expected[index],
        support=rows.support[index],
        mass=rows.mass[index],
    )


def test_variances_are_those_of_the_terms_one_by_one() -> None:
    """IPS and DR are means; the ratio's variance is that of its residuals, by definition."""
    rows = days().rows()
    each = unrolled(rows)
    terms = each.weight * each.clicks
    assert weighted_mean(rows).variance(rows) == pytest.approx(terms.var() / 200)
    robust = each.expected + each.weight * (each.clicks - each.predicted)
    assert doubly_robust(rows).variance(rows) == pytest.approx(robust.var() / 200)
    residuals = each.weight * (each.clicks - 16.3 / 196)
    assert self_normalised(rows).variance(rows) == pytest.approx((residuals**2).sum() / 196**2)


def jackknife(statistic: Callable[[Rows], float], rows: Rows) -> float:
    """Variance from leaving out each impression in turn; those of a kind change it alike."""
    counts = np.concatenate([rows.clicks, rows.misses])
    n, values = rows.total, []
    for kind in range(len(counts)):
        one = np.eye(len(counts))[kind].reshape(2, -1)
        left = replace(
            rows, impressions=rows.impressions - one.sum(axis=0), clicks=rows.clicks - one[0]
        )
        values.append(statistic(left))
    away = np.array(values) - counts @ np.array(values) / n
    return float((n - 1) / n * (counts @ away**2))


@pytest.mark.parametrize("estimator", ESTIMATORS)
def test_variances_agree_with_the_jackknife(estimator: Estimator) -> None:
    rows = many_days().rows()
    by_leaving_out = jackknife(lambda part: estimator(part).value, rows)
    assert estimator(rows).variance(rows) == pytest.approx(by_leaving_out, rel=0.002)


@st.composite
def logs(draw: st.DrawFn) -> tuple[Counts, Events]:
    """Some days of some arms as counts, and the same impressions one by one."""
    n_days, n_arms = draw(st.integers(1, 4)), draw(st.integers(2, 4))
    rng = np.random.default_rng(draw(st.integers(0, 10**6)))
    propensity, target = rng.dirichlet(np.ones(n_arms), (2, n_days)) * 0.9 + 0.1 / n_arms
    impressions = rng.integers(0, 12, (n_days, n_arms))
    clicks = rng.binomial(impressions, 0.4)
    clicks[0, 0], impressions[0, 0] = 1, impressions[0, 0] + 1
    rates = rng.uniform(0, 1, (n_days, n_arms))
    day, arm = np.divmod(np.arange(n_days * n_arms), n_arms)
    counts = Counts(
        context=day * 7,
        unit=arm,
        impressions=impressions.ravel().astype(float),
        clicks=clicks.ravel().astype(float),
        propensity=propensity.ravel(),
        target=target.ravel(),
        rates=rates.ravel(),
    )
    order = rng.permutation(impressions.sum())
    index = np.repeat(np.arange(n_days * n_arms), impressions.ravel())[order]
    place = np.concatenate([np.arange(count) for count in impressions.ravel()])[order]
    events = Events(
        arm=arm[index],
        clicks=(place < clicks.ravel()[index]).astype(float),
        propensity=propensity.ravel()[index],
        target=target[day[index]],
        rates=rates[day[index]],
    )
    return counts, events


@given(logs(), st.sampled_from(Interval), st.sampled_from([None, 1.5]))
@settings(max_examples=150, deadline=None)
def test_counts_and_their_events_give_the_same_numbers(
    both: tuple[Counts, Events], interval: Interval, largest: float | None
) -> None:
    assume(interval is not Interval.BERNSTEIN or (both[0].impressions > 0).all())
    made = [
        evaluate(log.rows(), replace(ANYTHING, interval=interval, largest_weight=largest))
        for log in both
    ]
    counted, single = (numbers(evaluation) for evaluation in made)
    assert_allclose(counted, single, rtol=1e-9, atol=1e-12)


def numbers(evaluation: Evaluation | NotEnoughSupport) -> Floats:
    """Every number that doesn't depend on how support is counted."""
    assert isinstance(evaluation, Evaluation)
    names = ("logged", "ips", "snips", "direct", "doubly_robust", "gain")
    found = [getattr(evaluation, name) for name in (*names, "self_normalised_doubly_robust")]
    kinds = [(one.value, one.low or 0.0, one.high or 0.0, one.bias) for one in found]
    size = evaluation.support
    return np.array(
        [*np.ravel(kinds), size.mean_weight, size.effective_clicks, size.effective_impressions]
    )


@given(logs())
@settings(deadline=None)
def test_a_target_that_is_the_log_itself_gets_the_rate_of_the_log(
    both: tuple[Counts, Events],
) -> None:
    counts = both[0]
    rows = replace(counts, target=counts.propensity, rates=None).rows()
    rate = counts.clicks.sum() / counts.impressions.sum()
    for estimator in ESTIMATORS:
        assert estimator(rows).value == pytest.approx(rate)
    change = gain(rows)
    assert change is not None
    assert (change.value, change.low, change.high) == pytest.approx((0, 0, 0), abs=1e-9)


def test_equal_weights_give_the_exact_poisson_interval() -> None:
    """Fay & Feuer's ends are Garwood's where all weights are equal; 9 clicks in 10⁶."""
    rows = plain_rows(impressions=1e6, clicks=9.0)
    found = estimate(weighted_mean, rows)
    assert found.low == pytest.approx(chi2.ppf(0.025, 18) / 2e6, rel=1e-4)
    assert found.high == pytest.approx(chi2.ppf(0.975, 20) / 2e6, rel=1e-4)


def plain_rows(*, impressions: float, clicks: float) -> Rows:
    return Counts(
        context=np.array([0]),
        unit=np.array([0]),
        impressions=np.array([impressions]),
        clicks=np.array([clicks]),
        propensity=np.ones(1),
        target=np.ones(1),
    ).rows()


@pytest.mark.parametrize("estimator", ESTIMATORS)
def test_with_14000_clicks_gamma_and_normal_ends_agree(estimator: Estimator) -> None:
    rows = many_days().rows()
    rare, common = estimate(estimator, rows), estimate(estimator, rows, NORMAL)
    assert rare.low is not None
    assert common.low is not None
    width = common.value - common.low
    assert (rare.low, rare.high) == pytest.approx((common.low, common.high), abs=0.03 * width)


@pytest.mark.parametrize("estimator", ESTIMATORS)
def test_no_click_is_not_certainty(estimator: Estimator) -> None:
    """0 of 1,000: at most 3.69 clicks by Poisson, where a normal interval has no width."""
    found = estimate(estimator, plain_rows(impressions=1000.0, clicks=0.0))
    assert (found.value, found.low) == (0, 0)
    assert found.high == pytest.approx(3.689e-3, rel=1e-3)


def test_the_normal_interval_worked_by_hand() -> None:
    """20 clicks in 100: 0.2 ± 1.96 · 0.04."""
    found = estimate(weighted_mean, plain_rows(impressions=100.0, clicks=20.0), NORMAL)
    assert (found.low, found.high) == pytest.approx((0.1216, 0.2784), abs=1e-4)


def test_bernstein_worked_by_hand_and_for_means_alone() -> None:
    """20 of 100, range 1: sqrt(2 · 0.16/99 · ln 80) + 7 ln 80 / 297."""
    exact = Settings(interval=Interval.BERNSTEIN)
    rows = plain_rows(impressions=100.0, clicks=20.0)
    half = (2 * 0.16 / 99 * np.log(80)) ** 0.5 + 7 * np.log(80) / 297
    assert estimate(weighted_mean, rows, exact).high == pytest.approx(0.2 + half)
    assert estimate(self_normalised, rows, exact) == Estimate(value=0.2)


def test_ends_stay_between_0_and_1() -> None:
    found = estimate(weighted_mean, plain_rows(impressions=4.0, clicks=3.0))
    assert found.high == 1
    assert estimate(weighted_mean, plain_rows(impressions=4.0, clicks=1.0), NORMAL).low == 0


def test_clipping_states_its_bias() -> None:
    """Clipping 2.5 and 1.2 to 1 takes 2 · 1.5 + 7 · 0.2 from Σ w r."""
    found = estimate(weighted_mean, days().rows(), Settings(largest_weight=1.0))
    assert found.value == pytest.approx(11.9 / 200)
    assert found.bias == pytest.approx(-4.4 / 200)
    robust = estimate(doubly_robust, days().rows(), Settings(largest_weight=1.0))
    lost = 1.5 * (2 - 20 * 0.08) + 0.2 * (7 - 70 * 0.09)
    assert robust.bias == pytest.approx(-lost / 200)


def test_the_direct_method_claims_no_interval() -> None:
    assert direct(days().rows()) == Estimate(value=pytest.approx(0.073))


def test_the_gain_compares_with_the_log_on_the_same_impressions() -> None:
    """SNIPS 16.3/196 over the log's 14/200; a jackknife of the log ratio gives its sd."""
    rows = many_days().rows()
    found = gain(rows)
    assert found is not None
    assert found.value == pytest.approx(16.3 / 196 / 0.07 - 1)

    def log_ratio(part: Rows) -> float:
        own = part.clicks.sum() / part.impressions.sum()
        return float(np.log(self_normalised(part).value / own))

    half = 1.96 * jackknife(log_ratio, rows) ** 0.5
    assert found.high == pytest.approx((found.value + 1) * np.exp(half) - 1, rel=0.001)
    assert found.low == pytest.approx((found.value + 1) * np.exp(-half) - 1, rel=0.001)


@pytest.mark.parametrize("estimator", [self_normalised, self_normalised_doubly_robust])
def test_two_targets_are_compared_on_the_same_impressions(estimator: Estimator) -> None:
    """Against the even split: weights 0.625, 2.5, 2 and 2/3, Σ w r = 2.5 + 5 + 2 + 14/3.

    Σ w = 50 + 50 + 60 + 140/3, Σ w q = 2 + 4 + 3 + 4.2, Σ Σ π q = 100 · (0.06 + 0.07).
    """
    counts = many_days()
    rows, even = counts.rows(), replace(counts, target=np.full(4, 0.5)).rows()
    found = versus(rows, even, estimator=estimator)
    assert found is not None
    model, clicked, weights, missed = 13.0 / 200, 14.5 - 1 / 3, 160 + 140 / 3, 13.2
    expected = {
        self_normalised: 16.3 / 196 / (clicked / weights),
        self_normalised_doubly_robust: (14.6 / 200 + (16.3 - 14.16) / 196)
        / (model + (clicked - missed) / weights),
    }
    assert found.value == pytest.approx(expected[estimator] - 1)

    def log_ratio(part: Rows) -> float:
        beside = replace(part, weight=part.weight / counts.target * 0.5, expected=even.expected)
        return float(np.log(estimator(part).value / estimator(beside).value))

    half = 1.96 * jackknife(log_ratio, rows) ** 0.5
    assert found.high == pytest.approx((found.value + 1) * np.exp(half) - 1, rel=0.001)
    assert found.low == pytest.approx((found.value + 1) * np.exp(-half) - 1, rel=0.001)
    assert versus(replace(rows, clicks=np.zeros(4)), even) is None


def campaign(
    *, floor: float, days: int, impressions: int, rng: np.random.Generator
) -> tuple[Counts, float]:
    """A greedy log over 6 arms with a floor, judged against the even split; its true rate."""
    rates = 0.03 * np.exp(0.4 * rng.standard_normal(6))
    shares, seen, clicked = np.full(6, 1 / 6), np.zeros(6), np.zeros(6)
    parts = []
    for _ in range(days):
        shown = rng.multinomial(impressions, shares)
        clicks = rng.binomial(shown, rates)
        parts.append((shown, clicks, shares))
        seen, clicked = seen + shown, clicked + clicks
        shares = floor / 6 + (1 - floor) * np.eye(6)[((clicked + 1) / (seen + 30)).argmax()]
    shown, clicks, shares = (np.concatenate(column) for column in zip(*parts, strict=True))
    counts = Counts(
        context=np.repeat(np.arange(days), 6),
        unit=np.tile(np.arange(6), days),
        impressions=shown.astype(float),
        clicks=clicks.astype(float),
        propensity=shares,
        target=np.full(6 * days, 1 / 6),
    )
    return counts, float(rates.mean())


@pytest.mark.parametrize("estimator", [weighted_mean, self_normalised, doubly_robust])
def test_with_a_floor_95_intervals_cover_95_of_100(estimator: Estimator) -> None:
    rng = np.random.default_rng(11)
    covered = []
    for _ in range(400):
        counts, truth = campaign(floor=0.1, days=10, impressions=1500, rng=rng)
        found = estimate(estimator, replace(counts, rates=np.full(60, 0.02)).rows())
        assert found.low is not None
        assert found.high is not None
        covered.append(found.low <= truth <= found.high)
    assert np.mean(covered) >= 0.93


def test_estimates_are_unbiased_whatever_the_model_of_rates_says() -> None:
    """2,000 logs of fixed shares; the model is wrong by a factor of 3 on one arm."""
    rng = np.random.default_rng(4)
    truth, shares = np.array([0.02, 0.05, 0.03]), np.array([0.7, 0.1, 0.2])
    target, wrong = np.array([0.2, 0.5, 0.3]), np.array([0.06, 0.05, 0.01])
    values = []
    for _ in range(2000):
        shown = rng.multinomial(2000, shares)
        counts = Counts(
            context=np.zeros(3, dtype=np.int64),
            unit=np.arange(3),
            impressions=shown.astype(float),
            clicks=rng.binomial(shown, truth).astype(float),
            propensity=shares,
            target=target,
            rates=wrong,
        )
        rows = counts.rows()
        values.append([estimator(rows).value for estimator in ESTIMATORS])
    error = np.std(values, axis=0) / 2000**0.5
    assert (np.abs(np.mean(values, axis=0) - target @ truth) < 4 * error).all()
    assert error.max() < 0.0003


def test_a_log_without_a_floor_is_refused_and_one_with_a_floor_is_not() -> None:
    rng = np.random.default_rng(3)
    greedy, _ = campaign(floor=0.0, days=20, impressions=3000, rng=rng)
    floored, _ = campaign(floor=0.1, days=20, impressions=3000, rng=rng)
    refused = evaluate(greedy.rows())
    assert isinstance(refused, NotEnoughSupport)
    assert refused.refusal is Refusal.THIN_SUPPORT
    barely = replace(greedy, propensity=greedy.propensity * (1 - 6e-6) + 1e-6)
    astray = evaluate(barely.rows())
    assert isinstance(astray, NotEnoughSupport)
    assert astray.refusal is Refusal.WEIGHTS_ASTRAY
    assert isinstance(evaluate(floored.rows()), Evaluation)


def test_each_shortage_has_its_refusal() -> None:
    rows = days().rows()
    empty = replace(days(), impressions=np.zeros(4), clicks=np.zeros(4)).rows()
    asked = {
        Refusal.NO_IMPRESSIONS: (empty, ANYTHING),
        Refusal.THIN_SUPPORT: (rows, replace(ANYTHING, min_support=96.0, max_thin_share=0.69)),
        Refusal.WEIGHTS_ASTRAY: (rows, replace(ANYTHING, max_weight_error=0.019)),
        Refusal.LOW_EFFECTIVE_SIZE: (rows, replace(ANYTHING, min_effective_impressions=147.0)),
        Refusal.FEW_CLICKS: (rows, replace(ANYTHING, min_effective_clicks=11.0)),
    }
    for refusal, (log, limits) in asked.items():
        answer = evaluate(log, limits)
        assert isinstance(answer, NotEnoughSupport)
        assert answer.refusal is refusal
    assert isinstance(evaluate(rows, replace(ANYTHING, min_effective_clicks=10.9)), Evaluation)
    assert isinstance(
        evaluate(rows, replace(ANYTHING, min_support=96.0, max_thin_share=0.71)), Evaluation
    )


def test_support_of_nothing_is_nothing() -> None:
    empty = replace(days(), impressions=np.zeros(4), clicks=np.zeros(4)).rows()
    assert supported(empty).effective_impressions == 0
