"""Old clicks are forgotten where taste has changed, and only there."""

from __future__ import annotations

import numpy as np
import pytest
from numpy.testing import assert_allclose
from scipy.integrate import quad
from scipy.special import expit
from scipy.stats import norm

from studio.bandit.drift import discounted, foretold, learnt_memory, remembered
from studio.bandit.features import Design, Floats, Ints, Spread, design, encode
from tests.beliefs import a_belief

IDEAS, DAYS = 4, 12


def test_a_day_is_worth_a_part_of_the_day_after_it() -> None:
    counts = np.array([[8, 0], [4, 4], [1, 2]])
    assert_allclose(discounted(counts, 0.5), [8 / 4 + 4 / 2 + 1, 4 / 2 + 2])
    assert_allclose(discounted(counts, 1.0), [13, 6])


def test_what_was_foretold_is_the_binomial_average_over_the_belief() -> None:
    """Logit N(−3, 0.5²), 3 clicks in 40 impressions, by numerical integration."""
    belief = a_belief(np.array([-3.0, 0.0]), np.diag([4.0, 1.0]))

    def density(z: float) -> float:
        return float(norm.pdf(z, -3, 0.5) * expit(z) ** 3 * expit(-z) ** 37)

    found = foretold(belief, clicks=np.array([3, 0]), impressions=np.array([40, 0]))
    assert found == pytest.approx(np.log(quad(density, -8, 2)[0]), abs=1e-4)


def test_nothing_is_forgotten_without_strong_evidence() -> None:
    """Sums of −1 and −3: 2 nats are no strong evidence, 4 are."""
    assert remembered(np.array([[-2.0, -1.0, -5.0], [-1.0, 0.0, -5.0]])).discount == 1.0
    memory = remembered(np.array([[-2.0, 0.0, -5.0], [-2.0, 0.0, -5.0]]))
    assert (memory.discount, memory.evidence, memory.changed) == (0.95, 4.0, True)


def test_only_the_last_week_tells() -> None:
    scores = np.zeros((20, 3))
    scores[:5, 2] = 100.0
    assert remembered(scores).discount == 1.0


def a_campaign(rates: Floats, seed: int) -> tuple[Design, Ints, Ints]:
    """Four ideas in two markets; rates of (days, ideas)."""
    rng = np.random.default_rng(seed)
    arms = encode(
        market=["de"] * IDEAS + ["jp"] * IDEAS,
        placement=["feed"] * 2 * IDEAS,
        creative=list("abcd") * 2,
        attributes=[{}] * 2 * IDEAS,
    )
    impressions = np.full((DAYS, 2 * IDEAS), 3000)
    clicks = rng.binomial(impressions, np.tile(rates, 2))
    return design(arms, Spread()), clicks, impressions


def forgets(rates: Floats, seed: int) -> bool:
    built, clicks, impressions = a_campaign(rates, seed)
    return learnt_memory(built, clicks=clicks, impressions=impressions).changed


def test_steady_taste_keeps_everything_and_a_turn_makes_it_forget() -> None:
    """In 20 campaigns each; after the turn the ideas change places."""
    steady = np.tile([0.010, 0.012, 0.015, 0.020], (DAYS, 1))
    turned = steady.copy()
    turned[8:] = turned[8:, ::-1]
    assert sum(forgets(steady, seed) for seed in range(20)) <= 2
    assert sum(forgets(turned, seed) for seed in range(20)) == 20
