"""What a day's money brings in each cell: a saturating curve learnt from past days."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray
from scipy.special import gammaln, logsumexp, ndtri

from studio.bandit.features import Floats, Ints

Bools: TypeAlias = NDArray[np.bool_]

SMALLEST_EXPONENT = 0.30
LARGEST_EXPONENT = 0.98
"""A curve must bend a little, or one cell takes all money at any small lead."""


@dataclass(frozen=True, slots=True, eq=False, kw_only=True)
class Curves:
    """Expected results of n cells: level · (spend / reference) ** exponent.

    level: results at the reference spend, (n,), at least 0. reference: spend in minor units,
    (n,), more than 0. exponent: (n,), more than 0 and less than 1: returns diminish.
    """

    level: Floats
    reference: Floats
    exponent: Floats

    def __post_init__(self) -> None:
        if (self.level < 0).any() or (self.reference <= 0).any():
            raise ValueError("Levels must be at least 0 and reference spends more than 0.")
        if (self.exponent <= 0).any() or (self.exponent >= 1).any():
            raise ValueError("Exponents must lie between 0 and 1, ends excluded.")

    def results(self, spend: Floats) -> Floats:
        """Expected results of a day on which each cell spends `spend`, (n,)."""
        return np.asarray(self.level * (spend / self.reference) ** self.exponent)

    def marginal(self, spend: Floats) -> Floats:
        """Results that one more minor unit brings, (n,); infinite where nothing is spent."""
        with np.errstate(divide="ignore"):
            slope = (spend / self.reference) ** (self.exponent - 1)
        steepness = self.level * self.exponent / self.reference
        return np.asarray(np.where(self.level > 0, steepness * slope, 0.0))

    def spend_at(self, marginal: Floats) -> Floats:
        """Spend at which one more minor unit brings `marginal` results, (n,).

        The inverse of `marginal`; infinite where `marginal` is 0 or less.
        """
        steepness = self.level * self.exponent / self.reference
        with np.errstate(divide="ignore", over="ignore", invalid="ignore"):
            ratio = steepness / np.maximum(marginal, 0.0)
            spend = self.reference * ratio ** (1 / (1 - self.exponent))
        return np.asarray(np.where(self.level > 0, spend, 0.0))

    def worth(self, value: Floats) -> Curves:
        """The curves of what results are worth, at `value` each, (n,)."""
        return Curves(
            level=self.level * value, reference=self.reference, exponent=self.exponent
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class ResponsePrior:
    """What is assumed of curves before any day is seen."""

    exponent: float = 0.8
    """Typical exponent of all cells: an assumption, no public data tells it."""
    exponent_sd: float = 0.08
    """How unsure that is."""
    spread_sd: float = 0.08
    """Scale of how far the cells' exponents differ from the typical one."""
    level_shape: float = 4.0
    """Gamma shape of levels around the pooled one: a relative SD between cells of 50 %."""
    dispersion: float = 0.02
    """Squared relative SD of a day beyond chance: prices and moods of that day."""
    dispersion_days: float = 20.0
    """Cell-days of data that this dispersion counts for."""
    discounts: tuple[float, ...] = (0.75, 0.85, 0.90, 0.95)
    """Candidates for the part of what is known of a level that a day leaves."""


@dataclass(frozen=True, slots=True, eq=False, kw_only=True)
class Responses:
    """Belief about the curves of n cells.

    curves: posterior means. level_shape: (n,), of the Gamma belief about each level; its
    relative SD is 1 / √shape. grid: (g,) candidate exponents. weights: (n, g), posterior
    probability of each. prior_sd: of an exponent before any data. discount: chosen daily
    discount of the levels. dispersion: squared relative SD of a day beyond chance.
    """

    curves: Curves
    level_shape: Floats
    grid: Floats
    weights: Floats
    prior_sd: float
    discount: float
    dispersion: float

    @property
    def exponent_sd(self) -> Floats:
        """Posterior SD of each exponent, (n,)."""
        centred = self.grid - self.curves.exponent[:, None]
        return np.asarray(np.sqrt((self.weights * centred**2).sum(axis=1)))

    @property
    def learnt(self) -> Bools:
        """Whether data narrowed an exponent by a tenth or more, (n,) of bool.

        Where not, the exponent is the prior's assumption and should be called so.
        """
        return np.asarray(self.exponent_sd < 0.9 * self.prior_sd)

    def results(self, spend: Floats, *, level: float = 0.95) -> tuple[Floats, Floats, Floats]:
        """Mean and the ends of a central interval of expected results, each (n,).

        Log-normal approximation with the SD of the log from the level's shape and the
        exponent's SD.
        """
        mean = self.curves.results(spend)
        with np.errstate(divide="ignore"):
            away = np.where(spend > 0, np.log(spend / self.curves.reference), 0.0)
        sd = np.sqrt(1 / self.level_shape + (away * self.exponent_sd) ** 2)
        width = float(ndtri((1 + level) / 2)) * sd
        return mean, np.asarray(mean * np.exp(-width)), np.asarray(mean * np.exp(width))

    def drawn(self, rng: np.random.Generator) -> Curves:
        """One joint draw of all curves."""
        luck = rng.random(len(self.weights))
        chosen = (self.weights.cumsum(axis=1) < luck[:, None]).sum(axis=1)
        exponent = self.grid[np.minimum(chosen, len(self.grid) - 1)]
        scale = rng.standard_gamma(self.level_shape) / self.level_shape
        return Curves(
            level=self.curves.level * scale,
            reference=self.curves.reference,
            exponent=exponent,
        )


@dataclass(frozen=True, slots=True, eq=False, kw_only=True)
class CellDays:
    """n cells on t days, all (n, t): spend in minor units, and results of whatever counts.

    Results are counts; values are divided by a typical value of one first. A day with
    less than a minor unit of spend teaches nothing.
    """

    spend: Floats
    results: Floats

    def __post_init__(self) -> None:
        if self.spend.shape != self.results.shape or self.spend.ndim != 2:
            raise ValueError("Spend and results must both have the shape (cells, days).")
        both = np.concatenate([self.spend.ravel(), self.results.ravel()])
        if not np.isfinite(both).all() or (both < 0).any():
            raise ValueError("Spend and results must be finite and at least 0.")


def cell_days(
    *, cell: Ints, day: Ints, spend: Floats, results: Floats, n_cells: int
) -> CellDays:
    """Rows of any order, each (m,), added up by cell and day.

    day: any integers; days between the first and the last without a row have no spend.
    """
    first = int(day.min()) if len(day) else 0
    n_days = int(day.max()) - first + 1 if len(day) else 0
    place = (cell, day - first)
    money, got = np.zeros((2, n_cells, n_days))
    np.add.at(money, place, spend)
    np.add.at(got, place, results)
    return CellDays(spend=money, results=got)


def learn_responses(days: CellDays, *, prior: ResponsePrior | None = None) -> Responses:
    """Curves of n cells from their days, partially pooled.

    Results of a day are Poisson around level · (spend / reference) ** exponent. The level
    drifts: what is known of it is discounted from day to day towards the prior (gamma–Poisson
    filter of Harvey & Fernandes, Time series models for count or qualitative observations,
    1989, eqs. 2.3 to 2.10, with forgetting towards the prior after Kulhavý & Zarrop, 1993).
    A day counts for no more than 1 / dispersion results (quasi-likelihood). Exponents are
    normal around a common one that is learnt as well; all of that is summed over grids, so
    that nothing has to converge. A cell whose spend never varied keeps the common exponent.
    """
    prior = prior or ResponsePrior()
    reference = _references(days)
    pooled = _pooled_levels(days, reference, prior)
    dispersion = _dispersion(days, reference, pooled, prior)
    ready = _filter(
        days, reference=reference, pooled=pooled, dispersion=dispersion, prior=prior
    )
    grid = _grid()
    passes = [ready.run(grid, discount=discount) for discount in prior.discounts]
    hyper = [_exponents(one.log_likelihood, grid, prior) for one in passes]
    best = int(np.argmax([evidence for _, evidence in hyper]))
    (weights, _), level = hyper[best], passes[best]
    mean_level = (weights * level.shape / level.rate).sum(axis=1)
    return Responses(
        curves=Curves(level=mean_level, reference=reference, exponent=weights @ grid),
        level_shape=(weights * level.shape).sum(axis=1),
        grid=grid,
        weights=weights,
        prior_sd=_prior_sd(grid, prior),
        discount=prior.discounts[best],
        dispersion=dispersion,
    )


def _grid() -> Floats:
    """Candidate exponents."""
    return np.linspace(SMALLEST_EXPONENT, LARGEST_EXPONENT, 69)


def _references(days: CellDays) -> Floats:
    """Geometric mean of each cell's days with spend, (n,); of all cells where it has none.

    Relative to its own mean spend a cell's level and exponent hardly depend on each other.
    """
    live = days.spend >= 1
    logs = np.log(np.where(live, days.spend, 1.0))
    typical = float(logs.sum() / live.sum()) if live.any() else 0.0
    own = logs.sum(axis=1) / np.maximum(live.sum(axis=1), 1)
    return np.asarray(np.exp(np.where(live.any(axis=1), own, typical)))


def _pooled_levels(days: CellDays, reference: Floats, prior: ResponsePrior) -> Floats:
    """Prior mean of each level, (n,): what the cells together bring at that spend."""
    expected = np.where(days.spend >= 1, days.spend, 0.0) ** prior.exponent
    seen = np.where(days.spend >= 1, days.results, 0.0).sum()
    # Half a result keeps the pooled level above 0 while nothing has happened yet.
    rate = (seen + 0.5) / expected.sum() if expected.any() else 1.0
    return np.asarray(rate * reference**prior.exponent)


def _dispersion(
    days: CellDays, reference: Floats, pooled: Floats, prior: ResponsePrior
) -> float:
    """Squared relative SD of days beyond Poisson chance, by moments of one-day changes.

    Of two neighbouring days with expected counts m and results y, E[(y₁/m₁ − y₂/m₂)²] is
    1/m₁ + 1/m₂ + 2φ in units of the level squared; days with many results count for more.
    """
    gain = _gains(days.spend, reference, prior.exponent)
    live = days.spend >= 1
    level = (np.where(live, days.results, 0.0).sum(axis=1) + prior.level_shape) / (
        gain.sum(axis=1) + prior.level_shape / pooled
    )
    expected = level[:, None] * gain
    both = live[:, 1:] & live[:, :-1]
    ratio = days.results / np.where(live, expected, 1.0)
    inverse = 1 / np.where(live, np.maximum(expected, 1e-12), 1.0)
    noise = inverse[:, 1:] + inverse[:, :-1]
    beyond = ((ratio[:, 1:] - ratio[:, :-1]) ** 2 - noise) / 2
    weight = np.where(both, 1 / (noise + 2 * prior.dispersion) ** 2, 0.0)
    worth = weight * (2 * prior.dispersion) ** 2
    total = prior.dispersion_days * prior.dispersion + (worth * beyond).sum()
    return float(np.clip(total / (prior.dispersion_days + worth.sum()), 1e-3, 1.0))


def _gains(spend: Floats, reference: Floats, exponent: float) -> Floats:
    """(spend / reference) ** exponent, 0 where less than a minor unit is spent: (n, t)."""
    return np.asarray(np.where(spend >= 1, (spend / reference[:, None]) ** exponent, 0.0))


@dataclass(frozen=True, slots=True, eq=False, kw_only=True)
class _Levels:
    """Gamma beliefs about levels, (n, g), and what each exponent explained, (n, g)."""

    shape: Floats
    rate: Floats
    log_likelihood: Floats


@dataclass(frozen=True, slots=True, eq=False, kw_only=True)
class _Filter:
    """Days ready to be filtered: log relative spend and effective results, all (n, t)."""

    live: Bools
    log_spend: Floats
    results: Floats
    weight: Floats
    shape: float
    rate: Floats
    """Of the levels' prior, (n,)."""

    def run(self, grid: Floats, *, discount: float) -> _Levels:
        """Levels on the day after the last, for every exponent of the grid."""
        n_cells, n_days = self.live.shape
        shape = np.full((n_cells, len(grid)), self.shape)
        rate = np.repeat(self.rate[:, None], len(grid), axis=1)
        prior_rate, evidence = rate.copy(), np.zeros_like(shape)
        for day in range(n_days):
            weight = np.where(self.live[:, day], self.weight[:, day], 0.0)[:, None]
            gain = weight * np.exp(self.log_spend[:, day, None] * grid)
            seen = weight * self.results[:, day, None]
            evidence += _log_predictive(seen, gain, shape=shape, rate=rate)
            shape = discount * (shape + seen) + (1 - discount) * self.shape
            rate = discount * (rate + gain) + (1 - discount) * prior_rate
        return _Levels(shape=shape, rate=rate, log_likelihood=evidence)


def _log_predictive(seen: Floats, gain: Floats, *, shape: Floats, rate: Floats) -> Floats:
    """Log of the negative binomial that a gamma belief predicts, but for terms of `seen`.

    Harvey & Fernandes (1989), eq. 2.9; `seen` may be fractional, gain 0 gives 0.
    """
    odds = np.log1p(gain / rate)
    chance = np.where(gain > 0, np.log(np.where(gain > 0, gain, 1.0) / rate) - odds, 0.0)
    return np.asarray(gammaln(shape + seen) - gammaln(shape) - shape * odds + seen * chance)


def _filter(
    days: CellDays,
    *,
    reference: Floats,
    pooled: Floats,
    dispersion: float,
    prior: ResponsePrior,
) -> _Filter:
    live = days.spend >= 1
    gain = _gains(days.spend, reference, prior.exponent)
    seen = np.where(live, days.results, 0.0)
    level = (seen.sum(axis=1) + prior.level_shape) / (
        gain.sum(axis=1) + prior.level_shape / pooled
    )
    return _Filter(
        live=live,
        log_spend=np.log(
            np.where(live, days.spend, 1.0) / np.where(live, reference[:, None], 1)
        ),
        results=seen,
        weight=1 / (1 + dispersion * level[:, None] * gain),
        shape=prior.level_shape,
        rate=prior.level_shape / pooled,
    )


def _exponents(
    log_likelihood: Floats, grid: Floats, prior: ResponsePrior
) -> tuple[Floats, float]:
    """Posterior of each cell's exponent, (n, g), and the log evidence of all cells.

    Exponents are normal around a common centre; centre and SD are summed over a grid with a
    normal and a half-normal prior: hierarchical Bayes without a step that could fail.
    """
    centres = prior.exponent + prior.exponent_sd * np.linspace(-3, 3, 25)
    spreads = prior.spread_sd * np.array([0.1, 0.25, 0.5, 0.75, 1.0, 1.5, 2.0])
    centre, spread = (axis.ravel() for axis in np.meshgrid(centres, spreads, indexing="ij"))
    hyper = -0.5 * ((centre - prior.exponent) / prior.exponent_sd) ** 2
    hyper -= 0.5 * (spread / prior.spread_sd) ** 2
    # Trapezium widths: the grid of spreads isn't even.
    hyper += np.log(np.gradient(spreads))[np.searchsorted(spreads, spread)]
    within = -0.5 * ((grid - centre[:, None]) / spread[:, None]) ** 2
    within -= logsumexp(within, axis=1, keepdims=True)
    of_cells = logsumexp(within[:, None, :] + log_likelihood[None, :, :], axis=2)
    joint = hyper - logsumexp(hyper) + of_cells.sum(axis=1)
    evidence = float(logsumexp(joint))
    mixture = np.exp(joint - evidence)
    weights = np.zeros_like(log_likelihood)
    for share, row, own in zip(mixture, within, of_cells, strict=True):
        if share > 1e-12:
            weights += share * np.exp(row + log_likelihood - own[:, None])
    return weights / weights.sum(axis=1, keepdims=True), evidence


def _prior_sd(grid: Floats, prior: ResponsePrior) -> float:
    """SD of an exponent before any data."""
    weights, _ = _exponents(np.zeros((1, len(grid))), grid, prior)
    return float(np.sqrt(weights[0] @ (grid - weights[0] @ grid) ** 2))
