"""The uplift's interval holds at every daily look, and nobody is called a winner by chance."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.testing import assert_allclose
from scipy.optimize import minimize_scalar
from scipy.special import logsumexp
from scipy.stats import gamma, poisson

from studio.bandit.features import Floats
from studio.bandit.sequential import (
    Doubt,
    Matched,
    Strata,
    ends,
    evidence_against,
    log_evidence,
    match,
    mixture_for,
    uplift,
)
from studio.errors import InputError

HOLDOUT = 0.05
ODDS = HOLDOUT / (1 - HOLDOUT)


def strata(*rows: tuple[float, float, float, float]) -> Strata:
    """(planned impressions, planned clicks, holdout impressions, holdout clicks) a stratum."""
    columns = np.array(rows, dtype=np.float64).T
    return Strata(
        planned_impressions=columns[0],
        planned_clicks=columns[1],
        holdout_impressions=columns[2],
        holdout_clicks=columns[3],
    )


def test_matching_worked_by_hand() -> None:
    """A fifth is held out, odds 1/4. First stratum as agreed, second half, third twice that."""
    matched = match(
        strata((400, 8, 100, 1), (400, 12, 50, 3), (400, 20, 200, 8)), holdout_share=0.2
    )
    assert matched.planned == pytest.approx(8 + 12 * 0.5 + 20)
    assert matched.even == pytest.approx(1 + 3 + 8 * 0.5)
    assert matched.odds == 0.25
    assert matched.compared_share == pytest.approx(250 / 300)


def test_the_estimate_is_the_ratio_of_the_matched_rates() -> None:
    """30 clicks in 1,200 planned against 6 in 300 held out: 0.025 / 0.02."""
    found = uplift(strata((400, 18, 100, 4), (800, 12, 200, 2)), holdout_share=0.2)
    assert found.estimate == pytest.approx(0.25)
    assert found.compared_share == pytest.approx(1.0)
    assert found.doubt is Doubt.NONE


def test_a_busy_market_does_not_pass_for_uplift() -> None:
    """Equal rates in both cells; the holdout had more of the poor one. Pooled: +64 %."""
    cells = strata((1000, 50, 50, 2.5), (1000, 10, 200, 2))
    pooled = (60 / 2000) / (4.5 / 250) - 1
    assert pooled == pytest.approx(0.667, abs=0.001)
    assert uplift(cells).estimate == pytest.approx(0.0)


def test_evidence_is_the_mixture_it_claims_to_be() -> None:
    """∫ θ^X exp(-μ (θ - 1)) dGamma(θ; a, a), summed on a grid."""
    theta = np.linspace(1e-4, 8, 400_001)
    weights = gamma.logpdf(theta, 2.5, scale=1 / 2.5) + np.log(theta[1] - theta[0])
    for count, mean in ((0.0, 1.5), (3.7, 1.5), (9.0, 14.0)):
        direct = logsumexp(weights + count * np.log(theta) - mean * (theta - 1))
        assert float(log_evidence(count, mean, 2.5)) == pytest.approx(direct, abs=1e-5)


def test_evidence_against_the_truth_is_1_on_average() -> None:
    """A martingale of mean 1 for Poisson counts; less for weighted ones of the same mean."""
    counts = np.arange(200)
    plain = np.exp(log_evidence(counts, 7.0, 3.0)) @ poisson.pmf(counts, 7.0)
    assert plain == pytest.approx(1.0)
    halves = np.exp(log_evidence(counts / 2, 7.0, 3.0)) @ poisson.pmf(counts, 14.0)
    assert 0.5 < halves < 0.9


@given(
    st.floats(0.01, 20),
    st.floats(0, 400),
    st.floats(0, 60),
)
@settings(deadline=None)
def test_the_least_evidence_on_a_ratio_is_where_it_should_be(
    ratio: float, planned: float, even: float
) -> None:
    mixture = mixture_for(level=0.95, odds=ODDS, tuned_for_clicks=50.0)

    def at(root: float) -> float:
        q = root**2
        return float(
            log_evidence(planned, ratio * q / ODDS, mixture.planned)
            + log_evidence(even, q, mixture.even)
        )

    searched = min(
        at(minimize_scalar(at, bounds=(0, top), method="bounded").x) for top in (1, 5, 30)
    )
    found = float(evidence_against(ratio, planned, even, odds=ODDS, mixture=mixture))
    assert found <= searched + 1e-9
    assert found == pytest.approx(min(searched, at(0.0)), abs=1e-4)


@given(st.integers(0, 3000), st.integers(0, 200))
@settings(deadline=None)
def test_the_ends_are_where_the_evidence_reaches_20_to_1(planned: int, even: int) -> None:
    mixture = mixture_for(level=0.95, odds=ODDS, tuned_for_clicks=50.0)
    matched = Matched(planned=planned, even=even, odds=ODDS, compared_share=1.0)
    low, high = ends(matched, mixture)
    assert 0 <= low < high
    for end in (low, high):
        if 0 < end < np.inf:
            against = evidence_against(end, planned, even, odds=ODDS, mixture=mixture)
            assert float(against) == pytest.approx(np.log(20), abs=1e-6)
    if even:
        assert low <= planned * ODDS / even <= high
        middle = float(np.sqrt(max(low, 1e-9) * min(high, 1e9)))
        against = evidence_against(middle, planned, even, odds=ODDS, mixture=mixture)
        assert float(against) < np.log(20)


def test_no_data_and_no_clicks_say_so() -> None:
    nothing = uplift(strata((1000, 40, 0, 0)))
    assert nothing.estimate is None
    assert (nothing.low, nothing.high) == (-1, np.inf)
    assert nothing.doubt is Doubt.NOTHING_TO_COMPARE
    early = uplift(strata((19_000, 190, 1000, 0)))
    assert (early.estimate, early.high) == (None, np.inf)
    assert early.doubt is Doubt.NO_HOLDOUT_CLICKS
    assert early.low > -1
    failed = uplift(strata((1_900_000, 0, 100_000, 100)))
    assert (failed.estimate, failed.low) == (-1, -1)
    assert -1 < failed.high < -0.9
    assert uplift(strata((0, 0, 0, 0))).doubt is Doubt.NOTHING_TO_COMPARE


def test_a_clear_uplift_is_proven_and_a_small_one_is_not() -> None:
    """100 clicks held out: +60 % is beyond the interval's half-width of about 43 %."""
    clear = uplift(strata((190_000, 3040, 10_000, 100)))
    assert clear.is_proven
    assert clear.estimate == pytest.approx(0.6)
    assert not uplift(strata((190_000, 2280, 10_000, 100))).is_proven


def test_an_interval_at_100_clicks_is_at_most_1_8_times_the_one_for_a_single_look() -> None:
    found = uplift(strata((190_000, 1900, 10_000, 100)))
    single = 1.96 * (1 / 100 + 1 / 1900) ** 0.5
    assert np.log1p(found.high) / single < 1.8
    assert -np.log1p(found.low) / single < 1.65


@pytest.mark.parametrize(
    ("row", "words"),
    [
        ((0, 1, 10, 0), "planned_impressions is 0"),
        ((10, 1, 0, 2), "holdout_impressions is 0"),
        ((10, -1, 10, 0), "planned_clicks must be"),
        ((10, 1, np.nan, 0), "holdout_impressions"),
    ],
)
def test_impossible_counts_are_refused(row: tuple[float, ...], words: str) -> None:
    with pytest.raises(InputError, match=words):
        strata(row)  # type: ignore[arg-type]


@pytest.mark.parametrize("share", [0.0, 1.0, -0.1])
def test_a_holdout_needs_a_share(share: float) -> None:
    with pytest.raises(InputError, match="holdout_share"):
        uplift(strata((10, 1, 1, 0)), holdout_share=share)


@dataclass(frozen=True, slots=True, eq=False, kw_only=True)
class Campaigns:
    """Cumulative matched clicks at every daily look, and the ratio to find, (runs, days)."""

    planned: Floats
    even: Floats
    ratio: Floats


def campaigns(
    *, spread: float, runs: int, rng: np.random.Generator, days: int = 28, noise: float = 0.2
) -> Campaigns:
    """4 cells of 5 ads whose planned shares follow the clicks seen so far, holdout included.

    Cells differ in rate and size, days in size and rate, and both groups' impressions vary by
    `noise` around what was agreed.
    """
    n_cells, n_arms = 4, 5
    shape = (runs, n_cells, n_arms)
    base = 0.02 * np.exp(0.5 * rng.standard_normal((runs, n_cells, 1)))
    rates = base * np.exp(spread * rng.standard_normal(shape))
    size = np.array([4000, 1500, 800, 300])
    shares = np.full(shape, 1 / n_arms)
    seen, clicked = np.zeros(shape), np.zeros(shape)
    columns: list[list[Floats]] = [[], [], [], []]
    for _ in range(days):
        today = np.minimum(rates * np.exp(0.2 * rng.standard_normal((runs, n_cells, 1))), 1.0)
        volume = size * np.exp(noise * rng.standard_normal((runs, n_cells)))
        planned = rng.poisson((1 - HOLDOUT) * volume)
        held = rng.poisson(HOLDOUT * volume * np.exp(noise * rng.standard_normal(volume.shape)))
        shown = rng.multinomial(planned, shares)
        even_shown = rng.multinomial(held, np.full(n_arms, 1 / n_arms))
        clicks = rng.binomial(shown, today)
        even_clicks = rng.binomial(even_shown, today)
        day = matched_clicks(planned, clicks.sum(axis=2), held, even_clicks.sum(axis=2))
        columns[0].append(day[0])
        columns[1].append(day[1])
        pairs = np.minimum(held, ODDS * planned)
        columns[2].append((pairs * (shares * today).sum(axis=2)).sum(axis=1))
        columns[3].append((pairs * today.mean(axis=2)).sum(axis=1))
        seen, clicked = seen + shown + even_shown, clicked + clicks + even_clicks
        belief = (clicked + 20 * base) / (seen + 20) * (1 + 0.3 * rng.standard_normal(shape))
        shares = 0.05 / n_arms + 0.95 * np.eye(n_arms)[belief.argmax(axis=2)]
    totals = [np.cumsum(np.array(column).T, axis=1) for column in columns]
    return Campaigns(planned=totals[0], even=totals[1], ratio=totals[2] / totals[3])


def matched_clicks(*columns: Floats) -> tuple[Floats, Floats]:
    """Of every run's cells on one day, (runs,), by the code under test."""
    found = [
        match(strata(*zip(*run, strict=True)), holdout_share=HOLDOUT)
        for run in zip(*columns, strict=True)
    ]
    return np.array([one.planned for one in found]), np.array([one.even for one in found])


def excluded(runs: Campaigns, ratio: Floats) -> Floats:
    """Whether the interval leaves `ratio` out at each look, (runs, days)."""
    mixture = mixture_for(level=0.95, odds=ODDS, tuned_for_clicks=50.0)
    against = evidence_against(ratio, runs.planned, runs.even, odds=ODDS, mixture=mixture)
    return against > mixture.log_threshold


def naive(runs: Campaigns) -> tuple[Floats, Floats]:
    """Log ratio and half-width of the usual 95 % interval for one look, (runs, days)."""
    planned, even = np.maximum(runs.planned, 0.5), np.maximum(runs.even, 0.5)
    return np.log(planned * ODDS / even), 1.96 * np.sqrt(1 / planned + 1 / even)


def test_all_28_looks_are_covered_together_and_a_daily_interval_fails() -> None:
    """Ads differ by 0.4, shares chase the best, days and deliveries vary; 1,000 campaigns."""
    runs = campaigns(spread=0.4, runs=1000, rng=np.random.default_rng(28))
    assert runs.ratio[:, -1].mean() > 1.3
    missed = excluded(runs, runs.ratio).any(axis=1)
    assert missed.mean() <= 0.05
    centre, half = naive(runs)
    outside = np.abs(np.log(runs.ratio) - centre) > half
    assert outside.any(axis=1).mean() > 0.15
    assert outside[:, -1].mean() < 0.07, "one look at the end is fine"


def test_without_an_effect_uplift_is_called_in_at_most_5_of_100_campaigns() -> None:
    runs = campaigns(spread=0.0, runs=1000, rng=np.random.default_rng(5))
    assert_allclose(runs.ratio, 1.0)
    above = runs.planned * ODDS > runs.even
    called = (excluded(runs, np.ones_like(runs.ratio)) & above).any(axis=1)
    assert called.mean() <= 0.05
    centre, half = naive(runs)
    assert (centre - half > 0).any(axis=1).mean() > 0.08


def test_the_ends_agree_with_the_evidence_along_a_campaign() -> None:
    runs = campaigns(spread=0.4, runs=5, rng=np.random.default_rng(1))
    mixture = mixture_for(level=0.95, odds=ODDS, tuned_for_clicks=50.0)
    out = excluded(runs, runs.ratio)
    for place in np.ndindex(runs.ratio.shape):
        matched = Matched(
            planned=runs.planned[place], even=runs.even[place], odds=ODDS, compared_share=1.0
        )
        low, high = ends(matched, mixture)
        assert (low <= runs.ratio[place] <= high) != out[place]


def test_order_and_division_of_strata_do_not_matter() -> None:
    rows = ((1900, 30, 100, 2), (950, 12, 50, 1), (3800, 70, 200, 3))
    whole = uplift(strata(*rows))
    backwards = uplift(strata(*rows[::-1]))
    split = uplift(strata(*rows[:2], (1900, 40, 100, 1), (1900, 30, 100, 2)))
    for other in (backwards, split):
        assert (other.estimate, other.low, other.high) == pytest.approx(
            (whole.estimate, whole.low, whole.high)
        )
