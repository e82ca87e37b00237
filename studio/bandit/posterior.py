"""Bayesian logistic regression on counts: what is believed of every ad's click-through rate.

The state is the total of impressions and clicks of each arm, so a day that is imported again
replaces itself, and the order of days can't matter.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import NamedTuple

import numpy as np
from scipy.special import expit

from studio.bandit.features import Design, Flags, Floats, Ints
from studio.bandit.nested import System, eliminate
from studio.bandit.threads import one_thread

MAX_STEPS = 100
LARGEST_STEP = 4.0
"""No logit moves further in one step, since the quadratic model is poor there."""
RANGE = 10.0
NODES, WEIGHTS = np.polynomial.hermite_e.hermegauss(24)
Z95 = 1.959963984540054


class Effects(NamedTuple):
    """Sizes of all effects."""

    weights: Floats
    """Of the design's columns, (d,)."""
    nested: tuple[Floats, ...]
    """Of the groups of each level."""

    def logits(self, design: Design) -> Floats:
        """Logit of each row, (n,)."""
        rows = np.asarray(design.matrix @ self.weights)
        for level, effects in zip(design.levels, self.nested, strict=True):
            rows = rows + effects[level.of]
        return rows

    def moved(self, step: Effects, size: float) -> Effects:
        """These effects after a part of a step."""
        pairs = zip(self.nested, step.nested, strict=True)
        return Effects(
            self.weights + size * step.weights, tuple(own + size * by for own, by in pairs)
        )


@dataclass(frozen=True, slots=True, eq=False)
class Posterior:
    """Gaussian belief over the effects w of logit P(click | x) = wᵀx, by Laplace's method.

    Rows are named by their place in the design, as numbers or a mask. effects: the mode.
    system: the curvature there.
    """

    effects: Effects
    system: System

    @property
    def design(self) -> Design:
        """The design that was fitted, with the variances that were learnt."""
        return self.system.design

    @one_thread
    def logits(self, rows: Ints | Flags) -> tuple[Floats, Floats]:
        """Mean and standard deviation of the logit of each of m rows: two of (m,)."""
        return self.effects.logits(self.design)[rows], self.system.spread(_numbers(rows))

    @one_thread
    def draws(self, rows: Ints | Flags, n_draws: int, rng: np.random.Generator) -> Floats:
        """Joint draws of the logits of m rows, (n_draws, m)."""
        every = self.system.draws(n_draws, rng)
        return np.asarray(self.effects.logits(self.design)[rows] + every[:, rows])

    def rates(self, rows: Ints | Flags) -> tuple[Floats, Floats, Floats]:
        """Mean and ends of the central 95 % interval of the click-through rate: three (m,).

        The mean is E[expit(z)] of a normal z by Gauss-Hermite quadrature.
        """
        centre, sd = self.logits(rows)
        nodes = expit(centre[:, None] + sd[:, None] * NODES[None, :])
        mean = nodes @ WEIGHTS / WEIGHTS.sum()
        return mean, expit(centre - Z95 * sd), expit(centre + Z95 * sd)


def _numbers(rows: Ints | Flags) -> Ints:
    return np.flatnonzero(rows) if rows.dtype == bool else np.asarray(rows, dtype=np.int64)


@one_thread
def fit(
    design: Design,
    *,
    clicks: Ints | Floats,
    impressions: Ints | Floats,
    rounds: int = 3,
    start: Posterior | None = None,
) -> Posterior:
    """The belief after `clicks` in `impressions` of each row, (n,) totals.

    Totals may be discounted, and so needn't be whole. Each round finds the mode by Newton's
    method and re-estimates the variance of every family of effects; 0 rounds keep the prior
    variances. `start` only saves steps. Bishop (2006), §4.5.1 for the approximation. Time is
    O(d³ + n d) a Newton step. A Laplace approximation is poor for an arm with a handful of
    clicks, where the prior rules anyway.
    """
    prior = design.variances
    at = None if start is None else start.effects
    posterior = mode(design, clicks=clicks, impressions=impressions, start=at)
    for _ in range(rounds):
        design = replace(design, variances=learnt_variances(posterior, prior=prior))
        posterior = mode(
            design, clicks=clicks, impressions=impressions, start=posterior.effects
        )
    return posterior


def nothing_known(design: Design) -> Effects:
    """Every effect at its prior mean."""
    return Effects(design.mean, tuple(np.zeros(level.size) for level in design.levels))


def mode(
    design: Design,
    *,
    clicks: Ints | Floats,
    impressions: Ints | Floats,
    start: Effects | None = None,
) -> Posterior:
    """Mode and curvature of the log posterior, by Newton's method with backtracking.

    The prior is proper, so the log posterior is strictly concave and has one mode, also
    without a click or with a click on every impression.
    """
    effects = nothing_known(design) if start is None else start
    value = log_posterior(design, effects, clicks=clicks, impressions=impressions)
    for _ in range(MAX_STEPS):
        system = slope(design, effects, clicks=clicks, impressions=impressions)
        step = Effects(*system.step())
        change = float(np.abs(step.logits(design)).max(initial=0.0))
        if change < 1e-4:
            effects = effects.moved(step, 1.0)
            break
        size, rounding = min(1.0, LARGEST_STEP / change), 1e-12 * (1.0 + abs(value))
        while size > 1e-9:
            tried = effects.moved(step, size)
            reached = log_posterior(design, tried, clicks=clicks, impressions=impressions)
            if reached >= value - rounding:
                break
            size /= 2
        effects, value = tried, reached
    return Posterior(effects, slope(design, effects, clicks=clicks, impressions=impressions))


def log_posterior(
    design: Design,
    effects: Effects,
    *,
    clicks: Ints | Floats,
    impressions: Ints | Floats,
) -> float:
    """Binomial log likelihood plus log prior, without constants."""
    logit = effects.logits(design)
    misses = impressions - clicks
    likelihood = -clicks * np.logaddexp(0.0, -logit) - misses * np.logaddexp(0.0, logit)
    prior = float(design.precision @ np.square(effects.weights - design.mean))
    for level, own in zip(design.levels, effects.nested, strict=True):
        prior += float(own @ own) / design.level_variance(level)
    return float(likelihood.sum() - prior / 2)


def slope(
    design: Design,
    effects: Effects,
    *,
    clicks: Ints | Floats,
    impressions: Ints | Floats,
) -> System:
    """The Newton equations at a point.

    Bishop (2006), eqs. 4.96 and 4.97 with a Gaussian prior, for counts; written so that
    nearly equal large numbers aren't subtracted.
    """
    logit = effects.logits(design)
    rate, rest = expit(logit), expit(-logit)
    return eliminate(
        design,
        curvature=impressions * rate * rest,
        residual=clicks * rest - (impressions - clicks) * rate,
        weights=effects.weights,
        effects=effects.nested,
    )


def learnt_variances(posterior: Posterior, *, prior: Floats, strength: float = 3.0) -> Floats:
    """Variance of each of `GROUPS`: MacKay's update, held by the prior's.

    γ = k − tr(Σ)/v counts the effects that data determine; `strength` is how many effects
    the prior variance is worth. MacKay, Bayesian interpolation (1992). The intercept keeps
    its variance, and the others stay within a factor of `RANGE` of the prior's: a few
    impossible counts must not unhinge a family.
    """
    design, effects = posterior.design, posterior.effects
    columns, nested = posterior.system.uncertainty()
    n_groups = len(design.variances)
    deviation = np.square(effects.weights - design.mean)
    counts = np.bincount(design.group, minlength=n_groups).astype(np.float64)
    traces = np.bincount(design.group, weights=columns, minlength=n_groups)
    squares = np.bincount(design.group, weights=deviation, minlength=n_groups)
    for level, own, variance in zip(design.levels, effects.nested, nested, strict=True):
        counts[level.family] = level.size
        traces[level.family] = variance.sum()
        squares[level.family] = own @ own
    determined = np.maximum(counts - traces / design.variances, 0.0)
    learnt = (squares + strength * prior) / (determined + strength)
    learnt[0] = prior[0]
    return np.asarray(np.clip(learnt, prior / RANGE, prior * RANGE))
