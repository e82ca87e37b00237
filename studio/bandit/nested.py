"""Nested random effects, taken out of the equations before they are solved.

A creative's effect, its effect in a market and that of each ad are many, but each belongs to
one parent. Eliminating them from the finest level upwards (Schur complements of diagonal
blocks) leaves equations in the columns' weights alone, whose number doesn't grow with the
number of ads. Golub & Van Loan, Matrix Computations (2013), §4.5; for mixed models Bates et
al., Fitting linear mixed-effects models using lme4 (2015), §3.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from scipy import sparse
from scipy.linalg import cholesky, solve_triangular

from studio.bandit.features import Design, Floats, Ints, Level, Matrix


@dataclass(frozen=True, slots=True, eq=False, kw_only=True)
class Eliminated:
    """One level of g groups after its children's elimination.

    columns: curvature with the columns' weights, (g, d). own: curvature with the level's own
    and all ancestors' effects, (g,). precision: own plus the prior's, (g,).
    pull: gradient of the log posterior, (g,).
    """

    level: Level
    columns: Matrix
    own: Floats
    precision: Floats
    pull: Floats

    @property
    def pass_on(self) -> Floats:
        """Part of a parent's effect that this level doesn't take back, (g,), in 0–1."""
        return 1 - self.own / self.precision

    def answer(self, weights: Floats, above: Floats) -> Floats:
        """Mean change of this level's effects, (g, r), given changes of weights (d, r) and of
        all ancestors together, (g, r).
        """
        pulled = self.columns @ weights + self.own[:, None] * above
        return np.asarray(-pulled / self.precision[:, None])


@dataclass(frozen=True, slots=True, eq=False, kw_only=True)
class System:
    """The Newton equations of all effects at one point.

    factor: L of the columns' precision after elimination, L Lᵀ, (d, d).
    gradient: of the columns' weights after elimination, (d,).
    levels: coarse to fine.
    """

    design: Design
    factor: Floats
    gradient: Floats
    levels: tuple[Eliminated, ...]

    def step(self) -> tuple[Floats, tuple[Floats, ...]]:
        """The Newton step: of the columns' weights, (d,), and of each level's effects, (g,)."""
        weights = solved(self.factor, self.gradient)
        changes: list[Floats] = []
        total = np.zeros((0, 1))
        for level in self.levels:
            above = inherited(level.level, total)
            own = (
                level.answer(weights[:, None], above)
                + ((level.pull / level.precision)[:, None])
            )
            total = above + own
            changes.append(own[:, 0])
        return weights, tuple(changes)

    def draws(self, n_draws: int, rng: np.random.Generator) -> Floats:
        """Deviations of the rows' logits from their mean, (n_draws, n)."""
        noise = rng.standard_normal((len(self.factor), n_draws))
        weights = np.asarray(solve_triangular(self.factor.T, noise, lower=False))
        rows = np.asarray(self.design.matrix @ weights)
        total = np.zeros((0, n_draws))
        for level in self.levels:
            above = inherited(level.level, total)
            noise = rng.standard_normal((len(level.own), n_draws))
            total = above + level.answer(weights, above)
            total += noise / np.sqrt(level.precision)[:, None]
        if self.levels:
            rows += total[self.levels[-1].level.of]
        return rows.T

    def spread(self, rows: Ints) -> Floats:
        """Standard deviation of the logit of some rows, (m,)."""
        variance = np.zeros(0)
        columns = np.zeros((0, len(self.factor)))
        for level in self.levels:
            columns, variance = propagated(level, columns, variance)
        weights = dense(self.design.matrix[rows])
        noise = np.zeros(len(rows))
        if self.levels:
            of = self.levels[-1].level.of[rows]
            weights, noise = weights + columns[of], variance[of]
        return np.sqrt(self._along(weights) + noise)

    def uncertainty(self) -> tuple[Floats, tuple[Floats, ...]]:
        """Posterior variance of the weights, (d,), and of each level's effects, (g,)."""
        weights = np.square(solve_triangular(self.factor, np.eye(len(self.factor)), lower=True))
        found: list[Floats] = []
        columns, variance = np.zeros((0, len(self.factor))), np.zeros(0)
        for level in self.levels:
            before = inherited(level.level, columns), inherited(level.level, variance)
            columns, variance = propagated(level, columns, variance)
            taken = np.square(1 - level.pass_on) * before[1]
            found.append(self._along(columns - before[0]) + taken + 1 / level.precision)
        return weights.sum(axis=0), tuple(found)

    def _along(self, rows: Floats) -> Floats:
        """Variance of xᵀw for each row x of (m, d), (m,)."""
        spread = solve_triangular(self.factor, rows.T, lower=True)
        return np.asarray(np.square(spread).sum(axis=0))


def inherited(level: Level, totals: Floats) -> Floats:
    """What the groups of a level have from the level above; 0 at the top."""
    if len(level.parent):
        return np.asarray(totals[level.parent])
    return np.zeros((level.size, *totals.shape[1:]))


def propagated(level: Eliminated, columns: Floats, variance: Floats) -> tuple[Floats, Floats]:
    """How the sum of a group's effect and its ancestors' follows the columns' weights.

    It is (g, d) times the weights plus noise of a variance, (g,), of its own.
    """
    kept = level.pass_on
    above = inherited(level.level, columns)
    own = kept[:, None] * above - dense(level.columns) / level.precision[:, None]
    noise = np.square(kept) * inherited(level.level, variance) + 1 / level.precision
    return own, noise


def eliminate(
    design: Design,
    *,
    curvature: Floats,
    residual: Floats,
    weights: Floats,
    effects: tuple[Floats, ...],
) -> System:
    """The equations at a point, with every nested level taken out.

    curvature: of the log likelihood in each row's logit, (n,), at least 0.
    residual: its gradient there, (n,). weights: (d,). effects: of each level, (g,).
    """
    columns = scaled(design.matrix, curvature)
    hessian = dense(design.matrix.T @ columns)
    gradient = design.matrix.T @ residual - design.precision * (weights - design.mean)
    own, pull = curvature, residual
    levels: list[Eliminated] = []
    for level, sizes in zip(reversed(design.levels), reversed(effects), strict=True):
        prior = 1 / design.level_variance(level)
        columns, own, raw = level.gather @ columns, level.gather @ own, level.gather @ pull
        precision, force = own + prior, raw - prior * sizes
        levels.append(
            Eliminated(level=level, columns=columns, own=own, precision=precision, pull=force)
        )
        hessian -= dense(columns.T @ scaled(columns, 1 / precision))
        gradient -= columns.T @ (force / precision)
        pull = raw - own * force / precision
        columns, own = scaled(columns, prior / precision), own * prior / precision
    hessian[np.diag_indices_from(hessian)] += design.precision
    factor = np.asarray(cholesky(hessian, lower=True))
    return System(
        design=design, factor=factor, gradient=gradient, levels=tuple(reversed(levels))
    )


def scaled(matrix: Matrix, by: Floats) -> Matrix:
    """Rows of (n, d) times (n,)."""
    if isinstance(matrix, np.ndarray):
        return np.asarray(matrix * by[:, None])
    return sparse.csr_array(matrix.multiply(by[:, None]))


def dense(matrix: Matrix) -> Floats:
    """The matrix with its zeros."""
    return matrix if isinstance(matrix, np.ndarray) else np.asarray(matrix.toarray())


def solved(factor: Floats, right: Floats) -> Floats:
    """x of L Lᵀ x = right, (d,)."""
    half = solve_triangular(factor, right, lower=True)
    return np.asarray(solve_triangular(factor.T, half, lower=False))
