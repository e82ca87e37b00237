"""Simulated people behave as they were calibrated, and the policy earns its keep on them."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from numpy.testing import assert_array_equal
from scipy.stats import t

from studio.bandit.budget import Guards, Standing, allocate, even_shares, temper
from studio.bandit.features import Arms, Spread, design, encode
from studio.bandit.posterior import fit
from studio.bandit.simulator import MARKET, Truth, deliver, draw_truth

N_MARKETS, N_PLACEMENTS, N_IDEAS = 3, 2, 6


def some_arms() -> Arms:
    """36 arms in 6 cells; ideas are angle × set."""
    places = [
        (market, placement, idea)
        for market in range(N_MARKETS)
        for placement in range(N_PLACEMENTS)
        for idea in range(N_IDEAS)
    ]
    return encode(
        market=[f"m{market}" for market, _, _ in places],
        placement=[f"p{placement}" for _, placement, _ in places],
        creative=[f"m{market}/v{idea}" for market, _, idea in places],
        attributes=[{"angle": f"a{idea % 3}", "set": f"s{idea // 3}"} for _, _, idea in places],
    )


def a_truth(seed: int, spread: Spread = MARKET) -> Truth:
    return draw_truth(some_arms(), price=0.6, rng=np.random.default_rng(seed), spread=spread)


def test_rates_spread_as_the_calibration_says() -> None:
    """Within a cell the logit SD is `within`; the median of all rates is about 1.3 %."""
    logits = np.array(
        [np.log(rate / (1 - rate)) for rate in (a_truth(s).click_rate for s in range(300))]
    )
    cells = logits.reshape(300, N_MARKETS * N_PLACEMENTS, N_IDEAS)
    within = np.sqrt(cells.var(axis=2, ddof=1).mean())
    assert 0.75 * MARKET.within < within < 1.05 * MARKET.within
    assert np.median(logits) == pytest.approx(MARKET.base_logit, abs=0.08)


def test_equal_generators_give_the_same_day_whatever_the_shares() -> None:
    """Arms with the same money in both worlds have the same counts."""
    truth = a_truth(1)
    budget = np.full(36, 5000)
    other = budget.copy()
    other[:6] = [30_000, 0, 0, 0, 0, 0]
    first = deliver(truth, budget, rng=np.random.default_rng(5))
    second = deliver(truth, other, rng=np.random.default_rng(5))
    assert_array_equal(first.clicks[6:], second.clicks[6:])
    assert_array_equal(first.impressions[6:], second.impressions[6:])
    assert second.clicks[0] > first.clicks[0]
    assert_array_equal(second.impressions[1:6], 0)


def test_a_day_never_spends_more_than_its_budget_and_counts_are_possible() -> None:
    day = deliver(a_truth(2), np.arange(36) * 1000, rng=np.random.default_rng(3))
    assert (day.spend <= np.arange(36) * 1000).all()
    assert (day.spend >= np.arange(36) * 1000 - 2).all()
    assert (day.conversions >= 0).all()
    assert (day.conversions <= day.clicks).all()
    assert (day.clicks <= day.impressions).all()


def test_clicks_follow_the_hidden_rate() -> None:
    """Mean of 400 days within four standard errors."""
    truth = a_truth(4)
    budget = np.full(36, 3000)
    days = [deliver(truth, budget, rng=np.random.default_rng(seed)) for seed in range(400)]
    clicks = sum(day.clicks for day in days)
    expected = sum(day.impressions for day in days) * truth.click_rate
    assert (np.abs(clicks - expected) < 4 * np.sqrt(expected)).all()


def test_the_best_rate_bounds_every_split() -> None:
    truth = a_truth(6)
    even = truth.clicks_per_impression(even_shares(truth.cell))
    assert (truth.best_rate >= even).all()
    rates = truth.click_rate[truth.cell == 2]
    assert truth.best_rate[2] == rates.max()
    assert even[2] == pytest.approx(rates.mean())


def uplift_of_policy(seed: int, *, days: int = 10, daily_budget: int = 9_000) -> float:
    """True uplift of the learnt shares over an even split, summed over days and cells."""
    arms, truth = some_arms(), a_truth(seed)
    features = design(arms, Spread())
    even = even_shares(arms.cell)
    shares = even
    impressions, clicks = np.zeros(36, dtype=np.int64), np.zeros(36, dtype=np.int64)
    gained = basis = 0.0
    for day in range(days):
        if day:
            shares = allocate(
                fit(features, clicks=clicks, impressions=impressions),
                Standing(
                    rows=np.arange(len(arms.market)),
                    cell=arms.cell,
                    previous=shares,
                    impressions=impressions,
                ),
                guards=Guards(),
                alpha=temper(day / (days - 1)),
                n_draws=400,
                rng=np.random.default_rng([seed, day]),
            ).shares
        counts = deliver(
            truth,
            np.round(shares * daily_budget / 6).astype(np.int64),
            rng=np.random.default_rng([seed, day, 1]),
        )
        impressions, clicks = impressions + counts.impressions, clicks + counts.clicks
        gained += float(truth.clicks_per_impression(shares).sum())
        basis += float(truth.clicks_per_impression(even).sum())
    return gained / basis - 1


def test_the_policy_beats_the_even_split_with_the_interval_above_zero() -> None:
    """20 fixed markets, 15,000 impressions a day; 95 % t-interval of the mean uplift."""
    uplifts = np.array([uplift_of_policy(seed) for seed in range(20)])
    half = t.ppf(0.975, 19) * uplifts.std(ddof=1) / np.sqrt(20)
    assert uplifts.mean() - half > 0.08


def test_without_differences_the_policy_loses_nothing() -> None:
    """All ads of a cell alike: whatever the shares, the uplift is 0."""
    truth = a_truth(3, Spread(within=0.0, base_rate=0.02))
    skewed = np.zeros(36)
    skewed[::6] = 1.0
    even = truth.clicks_per_impression(even_shares(truth.cell))
    assert truth.clicks_per_impression(skewed) == pytest.approx(even)


def test_a_cell_with_twice_its_usual_money_pays_more_for_each_impression() -> None:
    """2^0.2 times the price; a cell at its usual money pays the price itself."""
    truth = replace(a_truth(4), usual=np.full(6, 900.0))
    budget = np.where(truth.cell == 1, 300, 150)
    prices = truth.price_at(budget)
    assert prices[1] == pytest.approx(truth.price[1] * 2**0.2)
    assert prices[[0, 2, 3, 4, 5]] == pytest.approx(truth.price[[0, 2, 3, 4, 5]])
    day = deliver(truth, budget, rng=np.random.default_rng(8))
    flat = deliver(replace(truth, usual=np.empty(0)), budget, rng=np.random.default_rng(8))
    own = truth.cell == 1
    ratio = day.impressions[own].sum() / flat.impressions[own].sum()
    assert ratio == pytest.approx(2**-0.2, rel=0.02)
    assert (day.impressions[~own] == flat.impressions[~own]).all()
