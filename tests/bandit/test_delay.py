"""Late conversions are expected, not lost."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.testing import assert_allclose, assert_array_equal

from studio.bandit.delay import (
    Development,
    awaited,
    development,
    geometric_curve,
    lasting,
    learn_completeness,
    matured,
    reversed_hazard,
)

WINDOW = 14


def reports(*rows: tuple[int, int, int], window_days: int = 2) -> Development:
    series, age, conversions = np.array(rows).T
    return development(
        series=series, age_days=age, conversions=conversions, window_days=window_days
    )


def simulated(
    rng: np.random.Generator, *, days: int, clicks: int, rate: float, mean: float
) -> np.ndarray:
    """Conversions of each day by their delay, (days, WINDOW + 1)."""
    chances = np.diff(geometric_curve(WINDOW, mean_days=mean), prepend=0.0)
    return rng.multinomial(rng.binomial(clicks, rate, size=days), chances)


def reports_of(arrived: np.ndarray, *, today: int, every: int = 1) -> dict[str, np.ndarray]:
    """Reports of all days so far, pulled every few evenings until `today`."""
    totals = arrived.cumsum(axis=1)
    rows = [
        (day, pulled - day, totals[day, min(pulled - day, WINDOW)])
        for pulled in range(0, today, every)
        for day in range(pulled + 1)
    ]
    series, age, conversions = np.array(rows).T
    return {"series": series, "age_days": age, "conversions": conversions}


def test_geometric_delays_worked_by_hand() -> None:
    """Mean 1: q = 1/2, so 1/2, 3/4, 7/8 of all; cut at 2 days over 7/8."""
    assert_allclose(geometric_curve(2, mean_days=1.0), [4 / 7, 6 / 7, 1.0])


def test_a_window_or_mean_that_makes_no_sense_is_refused() -> None:
    with pytest.raises(ValueError, match="window_days is -1"):
        geometric_curve(-1)
    with pytest.raises(ValueError, match="mean_days 0"):
        geometric_curve(7, mean_days=0.0)


def test_pairs_of_reports_are_tabled_by_their_ages() -> None:
    """Day 0 has 3, then 5; day 1 has 4, is not pulled at age 1, then 10."""
    seen = reports((1, 2, 10), (0, 0, 3), (0, 1, 5), (1, 0, 4))
    assert_array_equal(seen.before, [[0, 3, 4], [0, 0, 0], [0, 0, 0]])
    assert_array_equal(seen.arrived, [[0, 2, 6], [0, 0, 0], [0, 0, 0]])


def test_of_two_reports_of_one_age_the_last_counts_and_so_after_the_window() -> None:
    seen = reports((0, 1, 4), (0, 1, 6), (0, 5, 9), (0, 9, 8))
    assert seen.before[1, 2] == 6
    assert seen.arrived[1, 2] == 2
    assert seen.before.sum() == 6


def test_conversions_that_are_taken_back_never_were() -> None:
    assert_array_equal(
        lasting(np.array([0, 0, 0, 1, 1]), np.array([5.0, 9.0, 7.0, 3.0, 2.0])),
        [5, 7, 7, 2, 2],
    )


def test_a_report_before_its_day_is_refused() -> None:
    with pytest.raises(ValueError, match="older than the day"):
        reports((0, -1, 3))
    with pytest.raises(ValueError, match="older than the day"):
        matured(np.ones(1), np.array([-1]), np.ones(3))


def test_without_prior_it_is_the_chain_ladder() -> None:
    """Factors (6 + 10) / (4 + 4) = 2 and 12 / 10 = 1.2: shares 1 / 2.4 and 1 / 1.2."""
    seen = reports((0, 0, 4), (0, 1, 6), (1, 0, 4), (1, 1, 10), (2, 1, 10), (2, 2, 12))
    learnt = learn_completeness(seen, prior=geometric_curve(2), strength=1e-9)
    assert_allclose(learnt.share, [1 / 2.4, 1 / 1.2, 1.0], atol=1e-8)


def test_prior_and_reports_are_weighed_by_their_conversions() -> None:
    """Prior parts 1/3 and 1/7 for 21 conversions, that is 7 and 3; 30 came, 15 of them late.

    At age 1: (7 + 15) / (21 + 30) = 22/51. At age 2 only the prior: 3/21.
    """
    prior = geometric_curve(2, mean_days=1.0)
    assert_allclose(reversed_hazard(prior), [1.0, 1 / 3, 1 / 7])
    learnt = learn_completeness(reports((0, 0, 15), (0, 1, 30)), prior=prior, strength=21.0)
    assert_allclose(learnt.share, [29 / 51 * 6 / 7, 6 / 7, 1.0])


def test_the_spread_is_that_of_the_beta_beliefs() -> None:
    """Drawn: 1 − h₁ ~ Beta(29, 22) and 1 − h₂ ~ Beta(18, 3), multiplied."""
    learnt = learn_completeness(
        reports((0, 0, 15), (0, 1, 30)), prior=geometric_curve(2, mean_days=1.0), strength=21.0
    )
    rng = np.random.default_rng(5)
    first, second = rng.beta(29, 22, 200_000), rng.beta(18, 3, 200_000)
    assert_allclose(learnt.sd, [(first * second).std(), second.std(), 0.0], rtol=0.01)


def test_nothing_reported_leaves_the_prior() -> None:
    prior = geometric_curve(7)
    nothing = Development(before=np.zeros((8, 8)), arrived=np.zeros((8, 8)))
    assert_allclose(learn_completeness(nothing, prior=prior).share, prior)


def test_tables_of_two_regions_add_up() -> None:
    """Ages and counts are pooled, whichever machine saw them."""
    arrived = simulated(np.random.default_rng(2), days=20, clicks=400, rate=0.1, mean=2.0)
    whole = reports_of(arrived, today=20)
    parts = [
        development(
            **{name: values[whole["series"] % 2 == part] for name, values in whole.items()},
            window_days=WINDOW,
        )
        for part in (0, 1)
    ]
    together = development(**whole, window_days=WINDOW)
    assert_allclose(parts[0].before + parts[1].before, together.before)
    assert_allclose(parts[0].arrived + parts[1].arrived, together.arrived)


@pytest.mark.parametrize("every", [1, 4])
def test_the_true_curve_is_found_from_daily_and_from_rare_reports(every: int) -> None:
    """True mean 3 days against a prior of 1; 40 days of about 500 conversions."""
    arrived = simulated(np.random.default_rng(7), days=40, clicks=10_000, rate=0.05, mean=3.0)
    seen = development(**reports_of(arrived, today=40, every=every), window_days=WINDOW)
    prior = geometric_curve(WINDOW, mean_days=1.0)
    learnt = learn_completeness(seen, prior=prior)
    truth = geometric_curve(WINDOW, mean_days=3.0)
    assert np.abs(prior - truth).max() > 0.2
    assert np.abs(learnt.share - truth).max() < (0.01 if every == 1 else 0.03)


def test_intervals_of_the_curve_cover_the_truth() -> None:
    """±2 SD, daily reports, 200 campaigns of 10 days with 30 conversions a day."""
    rng = np.random.default_rng(3)
    prior = geometric_curve(WINDOW, mean_days=3.0)
    inside = []
    for _ in range(200):
        arrived = simulated(rng, days=10, clicks=600, rate=0.05, mean=3.0)
        seen = development(**reports_of(arrived, today=10), window_days=WINDOW)
        learnt = learn_completeness(seen, prior=prior)
        inside.append(np.abs(learnt.share - prior)[:4] < 2 * learnt.sd[:4])
    assert 0.93 <= np.mean(inside) <= 1.0


def test_matured_trials_worked_by_hand() -> None:
    curve = np.array([0.4, 0.7, 1.0])
    assert_allclose(
        matured(np.array([100, 100, 100, 100]), np.array([0, 1, 2, 30]), curve),
        [40, 70, 100, 100],
    )
    assert_allclose(
        awaited(np.array([100, 100]), np.array([0, 2]), curve, rate=np.full(2, 0.05)), [3.0, 0]
    )


def test_a_young_ad_is_underrated_by_the_naive_rate_and_not_by_the_corrected_one() -> None:
    """Rate 5 %, mean delay 3 days; an ad of 3 days, the curve learnt from an older one's days.

    By their ages 25, 44 and 59 % of conversions are there: 42.8 % on average. The curve
    starts from a mean of 1.5 days.
    """
    rng = np.random.default_rng(11)
    naive, corrected = [], []
    for _ in range(300):
        old = simulated(rng, days=28, clicks=2_000, rate=0.05, mean=3.0)
        seen = development(**reports_of(old, today=28), window_days=WINDOW)
        curve = learn_completeness(seen, prior=geometric_curve(WINDOW, mean_days=1.5)).share
        young = simulated(rng, days=3, clicks=2_000, rate=0.05, mean=3.0).cumsum(axis=1)
        ages = np.array([2, 1, 0])
        reported = young[np.arange(3), ages].sum()
        naive.append(reported / 6_000)
        corrected.append(reported / matured(np.full(3, 2_000), ages, curve).sum())
    error = np.std(corrected) / np.sqrt(len(corrected))
    assert np.mean(naive) == pytest.approx(0.05 * 0.4282, rel=0.01)
    assert abs(np.mean(corrected) - 0.05) < 3 * error + 0.0003
    assert error < 0.0005


@settings(max_examples=60, deadline=None)
@given(
    st.lists(
        st.tuples(st.integers(0, 4), st.integers(0, 12), st.integers(0, 10**9)), min_size=1
    ),
    st.floats(0.05, 30),
)
def test_any_reports_give_a_curve_that_rises_to_one(
    rows: list[tuple[int, int, int]], mean: float
) -> None:
    learnt = learn_completeness(
        reports(*rows, window_days=7), prior=geometric_curve(7, mean_days=mean)
    )
    assert np.isfinite(learnt.sd).all()
    assert (np.diff(learnt.share) >= -1e-12).all()
    assert (learnt.share > 0).all()
    assert learnt.share[-1] == 1.0


def test_a_curve_that_falls_is_no_prior() -> None:
    with pytest.raises(ValueError, match="rise to 1"):
        reversed_hazard(np.array([0.5, 0.4, 1.0]))
