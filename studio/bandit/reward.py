"""What a click is worth, and what an impression costs: rewards per unit of money."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from scipy.special import log_expit

from studio.bandit.features import Floats, Ints

WORTH_SPREAD = 0.15
"""Scale of the relative SD of arms' mean values within a cell: an assumption."""
CELL_SPREAD = 0.5
"""Relative SD of cells' mean values around the campaign's."""
VALUE_SPREAD = 1.0
"""Relative SD of the values of single conversions, and the degrees of freedom it is worth."""
VALUE_FREEDOM = 10.0
PRICE_SPREAD = 0.10
"""Scale of the SD of arms' log prices within a cell: an assumption."""
DAY_SPREAD = 0.15
"""SD of an arm's log price from day to day, and the degrees of freedom it is worth."""
DAY_FREEDOM = 10.0
PRICE_DISCOUNT = 0.9
"""Weight of a day's prices beside the next day's."""
HALF_TOLD = 100.0
"""Impressions of a day that tell half as much of its price as very many would."""
GRID = np.linspace(0.02, 4.0, 100)
"""Spreads that are compared, in units of their scale."""


@dataclass(frozen=True, slots=True, eq=False, kw_only=True)
class Between:
    """Belief about the SD τ of arms within a cell. grid, weights: (g,), summing to 1."""

    grid: Floats
    weights: Floats

    @property
    def mean(self) -> float:
        """Posterior mean of τ."""
        return float(self.weights @ self.grid)

    def draws(self, n_draws: int, rng: np.random.Generator) -> Floats:
        """Draws of τ, (n_draws, 1)."""
        return np.asarray(rng.choice(self.grid, size=(n_draws, 1), p=self.weights))


@dataclass(frozen=True, slots=True, eq=False, kw_only=True)
class Values:
    """Belief about the mean value μ of a conversion of each of n arms.

    count, total: what was reported, (n,). usual: mean value in the arm's cell, (n,).
    single: squared relative SD of single values. between: relative SD of arms in a cell.
    """

    count: Floats
    total: Floats
    usual: Floats
    single: float
    between: Between

    @property
    def mean(self) -> Floats:
        """Posterior mean at the mean spread between arms, (n,), in the unit of the totals."""
        shape, rate = self._gamma(self.between.mean)
        return np.asarray(rate / (shape - 1))

    def log_draws(self, n_draws: int, rng: np.random.Generator) -> Floats:
        """Draws of log μ, (n_draws, n)."""
        shape, rate = self._gamma(self.between.draws(n_draws, rng))
        return np.asarray(np.log(rate) - np.log(rng.standard_gamma(shape)))

    def _gamma(self, between: float | Floats) -> tuple[Floats, Floats]:
        return gamma_belief(
            self.count, self.total, usual=self.usual, single=self.single, between=between
        )


def learn_values(*, count: Ints | Floats, total: Ints | Floats, cell: Ints) -> Values:
    """What a conversion of each arm is worth, from the sums of days, two of (n, days).

    count: conversions whose value was reported. total: their value. cell: (n,) codes.

    Gamma-gamma model of Fader, Hardie & Lee, RFM and CLV (2005), §3: single values are
    Gamma with shape p and an arm's own rate, rates are Gamma with shape q. p comes from
    an arm's days (Bühlmann & Straub, 1970), q from how far arms differ beyond that. Arms
    shrink to their cell, cells to the campaign. Nothing reported: every arm is worth 1.
    """
    count, total = np.asarray(count, np.float64), np.asarray(total, np.float64)
    counts, totals = count.sum(axis=1), total.sum(axis=1)
    overall = totals.sum() / counts.sum() if counts.sum() and totals.sum() else 1.0
    single = single_variance(count, total)
    members = one_hot(cell)
    shape, rate = gamma_belief(
        members.T @ counts,
        members.T @ totals,
        usual=np.full(members.shape[1], overall),
        single=single,
        between=CELL_SPREAD,
    )
    usual = members @ (rate / (shape - 1))
    known = counts > 0
    variance = np.where(known, single / np.where(known, counts, 1.0), np.inf)
    deviation = weighted_mean(totals, counts * usual) - 1
    between = between_spread(deviation, variance, cells=members, scale=WORTH_SPREAD)
    return Values(count=counts, total=totals, usual=usual, single=single, between=between)


def gamma_belief(
    count: Floats, total: Floats, *, usual: Floats, single: float, between: float | Floats
) -> tuple[Floats, Floats]:
    """Shape and rate of the posterior of 1 / μ, conjugate; Fader, Hardie & Lee (2005), eq. 5.

    p = 1 / single; q = 2 + 1 / between², so that before data the means have the relative SD
    `between` around `usual`. The posterior mean of μ is rate / (shape − 1).
    """
    p, q = 1 / single, 2 + 1 / np.square(between)
    return np.asarray(q + p * count), np.asarray((q - 1) * usual + p * total)


def single_variance(count: Floats, total: Floats) -> float:
    """Squared relative SD of single values, from (n, days) sums, held by its prior.

    Days' means scatter by 1/count of it around their arm's: Bühlmann & Straub (1970).
    """
    counts, totals = count.sum(axis=1), total.sum(axis=1)
    arms = (counts > 0) & (totals > 0)
    if not arms.any():
        return VALUE_SPREAD**2
    own = (totals[arms] / counts[arms])[:, None]
    seen = count[arms] > 0
    days = total[arms] / np.where(seen, count[arms] * own, 1.0)
    squares = float((np.where(seen, count[arms], 0.0) * (days - 1) ** 2).sum())
    freedom = float((seen.sum(axis=1) - 1).sum())
    return (VALUE_FREEDOM * VALUE_SPREAD**2 + squares) / (VALUE_FREEDOM + freedom)


def between_spread(
    deviation: Floats, variance: Floats, *, cells: Floats, scale: float
) -> Between:
    """Posterior of the SD τ of arms within a cell, from (n,) deviations and their noise.

    variance: infinite where nothing was seen. cells: (n, n_cells), 1 where an arm is of a
    cell. Seen ~ N(0, τ² + variance); τ is half-normal with `scale`: Gelman, Prior
    distributions for variance parameters (2006), §3. A deviation from the mean over k arms
    is too small by √((k − 1) / k).
    """
    seen = np.isfinite(variance)
    several = cells @ (cells.T @ seen)
    used = seen & (several > 1)
    stretched = np.square(deviation[used]) * several[used] / (several[used] - 1)
    spread = scale * GRID
    wide = spread[:, None] ** 2 + variance[used]
    log = -(np.log(wide) + stretched / wide).sum(axis=1) / 2 - GRID**2 / 2
    weights = np.exp(log - log.max())
    return Between(grid=spread, weights=weights / weights.sum())


@dataclass(frozen=True, slots=True, eq=False, kw_only=True)
class Prices:
    """Belief about the log price of an impression of each of n arms.

    level: of the arm's cell, (n,). deviation: what was seen of the arm beside it, (n,).
    variance: of its noise, (n,), infinite where nothing was seen. between: SD of arms
    within a cell. daily: SD of an arm from day to day.
    """

    level: Floats
    deviation: Floats
    variance: Floats
    between: Between
    daily: float

    @property
    def mean(self) -> Floats:
        """Posterior mean at the mean spread between arms, (n,)."""
        return self._normal(self.between.mean)[0]

    def log_draws(self, n_draws: int, rng: np.random.Generator) -> Floats:
        """Draws of the log price, (n_draws, n)."""
        mean, sd = self._normal(self.between.draws(n_draws, rng))
        return mean + sd * rng.standard_normal(mean.shape)

    def _normal(self, between: float | Floats) -> tuple[Floats, Floats]:
        """Mean and SD; Gelman et al., Bayesian data analysis (2013), eq. 5.17."""
        noise = 1 + self.variance / np.square(between)
        mean = self.level + self.deviation / noise
        return np.asarray(mean), np.asarray(between * np.sqrt(1 - 1 / noise))


def learn_prices(
    *,
    spend: Ints | Floats,
    impressions: Ints | Floats,
    cell: Ints,
    discount: float = PRICE_DISCOUNT,
) -> Prices:
    """What an impression of each arm costs, from days in order, two of (n, days).

    Each day an arm's log price is compared with the mean over its cell's arms, so that what
    the whole cell's price does cancels. These deviations, older days counting less, are
    shrunk to 0 by how far arms differ beyond the noise between days: normal means with a
    normal prior. The cell's level is the
    discounted mean of its days; of a cell without any that of all cells, or 0.
    """
    paid, shown = np.asarray(spend, np.float64), np.asarray(impressions, np.float64)
    cells = one_hot(cell)
    known = (paid > 0) & (shown > 0)
    price = np.log(np.where(known, paid, 1.0)) - np.log(np.where(known, shown, 1.0))
    told = np.where(known, shown / (shown + HALF_TOLD), 0.0)
    usual = weighted_mean(cells.T @ (told * price), cells.T @ told)
    age = np.power(discount, np.arange(paid.shape[1])[::-1])
    weight = age * told
    total = weight.sum(axis=1)
    deviation = price - cells @ usual
    mean = weighted_mean((weight * deviation).sum(axis=1), total)
    noise = day_variance(deviation, told)
    seen = noise * weighted_mean((age**2 * told).sum(axis=1), total**2)
    variance = np.where(total > 0, seen, np.inf)
    cell_weight = cells.T @ told * age
    level = weighted_mean((cell_weight * usual).sum(axis=1), cell_weight.sum(axis=1))
    anywhere = float(weighted_mean((cell_weight * usual).sum(), cell_weight.sum()))
    level = np.where(cell_weight.sum(axis=1) > 0, level, anywhere)
    return Prices(
        level=cells @ level,
        deviation=mean,
        variance=variance,
        between=between_spread(mean, variance, cells=cells, scale=PRICE_SPREAD),
        daily=float(np.sqrt(noise)),
    )


def one_hot(codes: Ints) -> Floats:
    """1 where an arm is of a cell: (n,) → (n, n_cells)."""
    return np.asarray(codes[:, None] == np.unique(codes), dtype=np.float64)


def weighted_mean(total: Floats | float, weight: Floats | float) -> Floats:
    """total / weight, and 0 where nothing has weight."""
    weight = np.asarray(weight)
    return np.where(weight > 0, total / np.where(weight > 0, weight, 1.0), 0.0)


def day_variance(deviation: Floats, told: Floats) -> float:
    """Variance of an arm's log price between days, from (n, days), held by its prior.

    told: weight of each, 1 for very many impressions; the variance grows by 1 / told.
    """
    mean = weighted_mean((told * deviation).sum(axis=1), told.sum(axis=1))
    squares = float((told * (deviation - mean[:, None]) ** 2).sum())
    days = (told > 0).sum(axis=1)
    freedom = float(np.maximum(days - 1, 0).sum())
    return (DAY_FREEDOM * DAY_SPREAD**2 + squares) / (DAY_FREEDOM + freedom)


def log_worth(
    *, log_price: Floats, conversion: Floats | None = None, log_value: Floats | None = None
) -> Floats:
    """Log of what a click is worth over the price of an impression, (n_draws, n).

    All are (n_draws, n) draws: `log_price` of an impression, `conversion` of the logit of
    a conversion per click, `log_value` of a conversion's value. Without `conversion` a
    click is worth 1, without `log_value` a conversion is. Click rate times e to this is the
    reward of a unit of money: clicks per price, and so on.
    """
    worth = -log_price
    if conversion is not None:
        worth = worth + log_expit(conversion)
    if log_value is not None:
        worth = worth + log_value
    return np.asarray(worth)
