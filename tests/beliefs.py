"""Beliefs written down rather than fitted."""

from __future__ import annotations

import numpy as np

from studio.bandit.features import GROUPS, Design, Floats
from studio.bandit.nested import System
from studio.bandit.posterior import Effects, Posterior


def a_design(matrix: Floats, *, variance: float = 1.0, mean: float = 0.0) -> Design:
    """Weights in one group, whose prior mean is `mean`; no nested effects."""
    n_weights = matrix.shape[1]
    return Design(
        matrix=matrix,
        group=np.ones(n_weights, dtype=np.int64),
        levels=(),
        variances=np.full(len(GROUPS), variance),
        mean=np.full(n_weights, mean),
    )


def a_belief(mean: Floats, precision: Floats) -> Posterior:
    """Of weights that are each a row's logit: mean (n,), precision (n, n)."""
    built = a_design(np.eye(len(mean)))
    factor = np.linalg.cholesky(precision)
    system = System(design=built, factor=factor, gradient=np.zeros(len(mean)), levels=())
    return Posterior(Effects(mean, ()), system)
