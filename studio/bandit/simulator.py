"""A market of simulated people: hidden click rates, and days of delivery for given budgets.

Calibrated to public figures: click rates of 0.4 to 4 % around a median of 1.3 %, ads of one
cell differing by a logit SD of 0.2 to 0.3, auction prices by a log SD of 0.24, 2.8 to 8.6 %
conversions a click. How the spread divides into attributes, markets and residuals is an
assumption: no public data has the same ads in several markets. The structure is of the
optimizer's own family, so its lead here is an upper guess of what a real market gives.
"""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np
from scipy.special import expit
from scipy.stats import binom

from studio.bandit.features import Arms, Floats, Ints, Spread, design
from studio.bandit.posterior import Effects

PRICE_LOG_SD = 0.24
"""Of prices between cells."""
DAY_LOG_SD = 0.10
"""Of one cell's price from day to day."""
CONVERSIONS_PER_CLICK = (0.028, 0.086)
SCARCITY = 0.2
"""A cell that is given twice its usual money pays 2^0.2 ≈ 1.15 times the price, so it gets
2^0.8 times the impressions: an assumption, since no public data tells it.
"""

MARKET = Spread(base_rate=0.0131, intercept=0.3, context=0.23, within=0.30)
"""How the hidden truth is drawn."""


@dataclass(frozen=True, slots=True, eq=False, kw_only=True)
class Truth:
    """What the simulated people will do, which no policy may see.

    click_rate, conversion_rate: (n,). cell: (n,) codes.
    price: of one impression in each cell at its usual money, in the unit that budgets have,
    (n_cells,). usual: a cell's usual money a day, (n_cells,); empty: prices don't depend on it.
    """

    click_rate: Floats
    conversion_rate: Floats
    cell: Ints
    price: Floats
    usual: Floats = field(default_factory=lambda: np.empty(0))

    def clicks_per_impression(self, shares: Floats) -> Floats:
        """Expected click rate of each cell when its money follows `shares`, (n_cells,)."""
        return np.bincount(self.cell, weights=shares * self.click_rate).astype(np.float64)

    def price_at(self, budget: Floats | Ints) -> Floats:
        """Price of one impression in each cell when its arms have a budget of (n,)."""
        if not len(self.usual):
            return self.price
        given = np.bincount(self.cell, weights=budget, minlength=len(self.price))
        return np.asarray(self.price * (np.maximum(given, 1) / self.usual) ** SCARCITY)

    @property
    def best_rate(self) -> Floats:
        """Click rate of each cell's best arm, (n_cells,): what an oracle would get."""
        best = np.zeros(len(self.price))
        np.maximum.at(best, self.cell, self.click_rate)
        return best


@dataclass(frozen=True, slots=True, eq=False, kw_only=True)
class Day:
    """One simulated day of n arms, all (n,): counts, and spend in the budgets' unit."""

    impressions: Ints
    clicks: Ints
    conversions: Ints
    spend: Ints


def draw_truth(
    arms: Arms, *, price: float, rng: np.random.Generator, spread: Spread = MARKET
) -> Truth:
    """Hidden rates from one draw of all effects; `price` is the median cost of an impression.

    Every logit is a sum of the same effects that the optimizer has features for, drawn with
    the standard deviations of `spread`.
    """
    effects = design(arms, spread)
    sd = np.sqrt(effects.variances)
    weights = effects.mean + sd[effects.group] * rng.standard_normal(len(effects.mean))
    nested = tuple(
        sd[level.family] * rng.standard_normal(level.size) for level in effects.levels
    )
    cell = arms.cell
    low, high = CONVERSIONS_PER_CLICK
    return Truth(
        click_rate=expit(Effects(weights, nested).logits(effects)),
        conversion_rate=rng.uniform(low, high, size=len(cell)),
        cell=cell,
        price=price * np.exp(PRICE_LOG_SD * rng.standard_normal(int(cell.max()) + 1)),
    )


def deliver(truth: Truth, budget: Ints, *, rng: np.random.Generator) -> Day:
    """A day's counts for the budget of each arm, (n,), in whole units.

    Counts are binomial. Every random number is drawn for every arm whatever its budget, and
    counts come from their quantiles, so that two policies that are given equal generators
    live through the same day (common random numbers) and differ by their shares alone.
    """
    day_price = truth.price_at(budget) * np.exp(
        DAY_LOG_SD * rng.standard_normal(len(truth.price))
    )
    click_luck, conversion_luck = rng.random((2, len(budget)))
    price = day_price[truth.cell]
    impressions = np.floor(budget / price).astype(np.int64)
    clicks = counted(click_luck, impressions, truth.click_rate)
    conversions = counted(conversion_luck, clicks, truth.conversion_rate)
    spend = np.minimum(np.round(impressions * price), budget).astype(np.int64)
    return Day(impressions=impressions, clicks=clicks, conversions=conversions, spend=spend)


def counted(luck: Floats, trials: Ints, rate: Floats) -> Ints:
    """Binomial counts as quantiles of uniform numbers in [0, 1), (n,)."""
    return np.asarray(np.maximum(binom.ppf(luck, trials, rate), 0), dtype=np.int64)
