"""Bayesian logistic regression on counts: what is believed of every ad's click-through rate.

The state is the total of impressions and clicks of each arm, so a day that is imported again
replaces itself, and the order of days can't matter.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
from scipy.linalg import cholesky, solve_triangular
from scipy.special import expit

from studio.bandit.features import Design, Floats, Ints
from studio.bandit.threads import one_thread

MAX_STEPS = 100
RANGE = 10.0
NODES, WEIGHTS = np.polynomial.hermite_e.hermegauss(24)
Z95 = 1.959963984540054


@dataclass(frozen=True, slots=True, eq=False)
class Posterior:
    """Gaussian belief over weights w of logit P(click | x) = wᵀx, by Laplace's method.

    mean: mode of the posterior, (d,). factor: L of the precision Λ = L Lᵀ, (d, d).
    """

    mean: Floats
    factor: Floats

    def logits(self, rows: Floats) -> tuple[Floats, Floats]:
        """Mean and standard deviation of wᵀx for each row of (n, d): two of (n,)."""
        return rows @ self.mean, np.sqrt(np.square(self._spread(rows)).sum(axis=0))

    def draws(self, rows: Floats, n_draws: int, rng: np.random.Generator) -> Floats:
        """Joint draws of wᵀx, (n_draws, n).

        With V = L⁻¹Xᵀ, Vᵀε has the covariance XΛ⁻¹Xᵀ.
        """
        spread = self._spread(rows)
        return rows @ self.mean + rng.standard_normal((n_draws, len(self.mean))) @ spread

    def rates(self, rows: Floats) -> tuple[Floats, Floats, Floats]:
        """Mean and ends of the central 95 % interval of the click-through rate: three (n,).

        The mean is E[expit(z)] of a normal z by Gauss-Hermite quadrature.
        """
        centre, sd = self.logits(rows)
        nodes = expit(centre[:, None] + sd[:, None] * NODES[None, :])
        mean = nodes @ WEIGHTS / WEIGHTS.sum()
        return mean, expit(centre - Z95 * sd), expit(centre + Z95 * sd)

    def _spread(self, rows: Floats) -> Floats:
        """L⁻¹Xᵀ, (d, n)."""
        return np.asarray(solve_triangular(self.factor, rows.T, lower=True))


@one_thread
def fit(design: Design, *, clicks: Ints, impressions: Ints, rounds: int = 3) -> Posterior:
    """The belief after `clicks` in `impressions` of each arm, (n,) totals.

    Each round finds the mode by Newton's method and re-estimates the variance of every group
    of effects from the weights; 0 rounds keep the prior variances. Bishop (2006), §4.5.1 for
    the approximation. Time is O(d³) a Newton step: 72 arms with d ≈ 300 take under 50 ms on
    one core. A Laplace approximation is poor for an arm with a handful of clicks, where the
    prior rules anyway.
    """
    prior = design.variances
    posterior = mode(design, clicks=clicks, impressions=impressions)
    for _ in range(rounds):
        design = replace(design, variances=learnt_variances(design, posterior, prior=prior))
        posterior = mode(design, clicks=clicks, impressions=impressions, start=posterior.mean)
    return posterior


def mode(
    design: Design, *, clicks: Ints, impressions: Ints, start: Floats | None = None
) -> Posterior:
    """Mode and curvature of the log posterior, by Newton's method with backtracking.

    The prior is proper, so the log posterior is strictly concave and has one mode, also
    without a click or with a click on every impression.
    """
    weights = design.mean if start is None else start
    value = log_posterior(design, weights, clicks=clicks, impressions=impressions)
    for _ in range(MAX_STEPS):
        gradient, factor = slope(design, weights, clicks=clicks, impressions=impressions)
        half = solve_triangular(factor, gradient, lower=True)
        step = np.asarray(solve_triangular(factor.T, half, lower=False))
        if float(half @ half) < 1e-12:
            return Posterior(weights + step, factor)
        size, rounding = 1.0, 1e-12 * (1.0 + abs(value))
        while size > 1e-9:
            tried = weights + size * step
            reached = log_posterior(design, tried, clicks=clicks, impressions=impressions)
            if reached >= value - rounding:
                break
            size /= 2
        weights, value = tried, reached
    return Posterior(weights, slope(design, weights, clicks=clicks, impressions=impressions)[1])


def log_posterior(design: Design, weights: Floats, *, clicks: Ints, impressions: Ints) -> float:
    """Binomial log likelihood plus log prior, without constants."""
    logit = design.matrix @ weights
    misses = impressions - clicks
    likelihood = -clicks * np.logaddexp(0.0, -logit) - misses * np.logaddexp(0.0, logit)
    prior = design.precision @ np.square(weights - design.mean)
    return float(likelihood.sum() - prior / 2)


def slope(
    design: Design, weights: Floats, *, clicks: Ints, impressions: Ints
) -> tuple[Floats, Floats]:
    """Gradient, (d,), and Cholesky factor of the negative Hessian, (d, d).

    Bishop (2006), eqs. 4.96 and 4.97 with a Gaussian prior, for counts; written so that
    nearly equal large numbers aren't subtracted.
    """
    logit = design.matrix @ weights
    rate, rest = expit(logit), expit(-logit)
    gradient = design.matrix.T @ (clicks * rest - (impressions - clicks) * rate)
    gradient -= design.precision * (weights - design.mean)
    curvature = impressions * rate * rest
    hessian = (design.matrix.T * curvature) @ design.matrix
    hessian[np.diag_indices_from(hessian)] += design.precision
    return gradient, np.asarray(cholesky(hessian, lower=True))


def learnt_variances(
    design: Design, posterior: Posterior, *, prior: Floats, strength: float = 4.0
) -> Floats:
    """Variance of each group of effects, (8,): MacKay's update, held by the prior's.

    γ = k − tr(Σ)/v counts the weights that data determine; `strength` is how many weights
    the prior variance is worth. MacKay, Bayesian interpolation (1992). The intercept keeps
    its variance, and the others stay within a factor of `RANGE` of the prior's: a few
    impossible counts must not unhinge a group.
    """
    inverse = solve_triangular(posterior.factor, np.eye(len(design.group)), lower=True)
    uncertainty = np.square(inverse).sum(axis=0)
    deviation = np.square(posterior.mean - design.mean)
    n_groups = len(design.variances)
    counts = np.bincount(design.group, minlength=n_groups)
    traces = np.bincount(design.group, weights=uncertainty, minlength=n_groups)
    squares = np.bincount(design.group, weights=deviation, minlength=n_groups)
    determined = np.maximum(counts - traces / design.variances, 0.0)
    learnt = (squares + strength * prior) / (determined + strength)
    learnt[0] = prior[0]
    return np.clip(learnt, prior / RANGE, prior * RANGE)
