"""How fast old clicks should be forgotten: learnt from how well yesterday was foretold."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from scipy.special import expit, logsumexp, xlog1py, xlogy

from studio.bandit.features import Design, Floats, Ints
from studio.bandit.posterior import NODES, WEIGHTS, Posterior, fit

DISCOUNTS = (1.0, 0.95, 0.88)
"""Weights of a day beside the day after it; 1 forgets nothing."""
WINDOW_DAYS = 7
STRONG = 3.0
"""Forgetting must foretell e³ ≈ 20 times better before it is believed: strong evidence by
Kass & Raftery, Bayes factors (1995), §3.2.
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Memory:
    """What a discount foretold, compared with forgetting nothing."""

    discount: float
    evidence: float
    """Log Bayes factor of the best discount against 1, over the window's days."""

    @property
    def changed(self) -> bool:
        """Whether people's taste has changed, by the evidence."""
        return self.discount < 1


def discounted(counts: Ints | Floats, discount: float) -> Floats:
    """Totals over days of (days, …), each day worth `discount` of the day after it."""
    ages = np.arange(len(counts) - 1, -1, -1)
    return np.asarray(np.tensordot(discount**ages, counts, axes=1), dtype=np.float64)


def foretold(posterior: Posterior, *, clicks: Ints, impressions: Ints) -> float:
    """Log probability of a day's clicks given its impressions, two of (n,), row by row.

    The binomial probability is averaged over each row's belief by Gauss-Hermite quadrature;
    the binomial coefficient, which all beliefs share, is left out. Dawid, Statistical theory:
    the prequential approach (1984).
    """
    shown = np.flatnonzero(impressions > 0)
    if not len(shown):
        return 0.0
    centre, sd = posterior.logits(shown)
    rate = expit(centre[:, None] + sd[:, None] * NODES)
    hits, misses = clicks[shown][:, None], (impressions - clicks)[shown][:, None]
    logs = xlogy(hits, rate) + xlog1py(misses, -rate) + np.log(WEIGHTS / WEIGHTS.sum())
    return float(logsumexp(logs, axis=1).sum())


def remembered(scores: Floats, discounts: tuple[float, ...] = DISCOUNTS) -> Memory:
    """The discount that foretold best, from (days, discounts) log probabilities.

    Only the last `WINDOW_DAYS` count; without strong evidence nothing is forgotten.
    """
    total = scores[-WINDOW_DAYS:].sum(axis=0)
    evidence = total - total[discounts.index(1.0)]
    best = int(evidence.argmax())
    if evidence[best] < STRONG:
        return Memory(discount=1.0, evidence=float(evidence.max(initial=0.0)))
    return Memory(discount=discounts[best], evidence=float(evidence[best]))


def learnt_memory(design: Design, *, clicks: Ints, impressions: Ints) -> Memory:
    """How fast to forget, from the counts of each day and row, two of (days, n).

    Each day of the window is foretold from the days before it, once for each discount.
    """
    days = len(impressions)
    first = max(1, days - WINDOW_DAYS)
    scores = np.zeros((max(days - first, 0), len(DISCOUNTS)))
    for at, day in enumerate(range(first, days)):
        for column, discount in enumerate(DISCOUNTS):
            posterior = fit(
                design,
                clicks=discounted(clicks[:day], discount),
                impressions=discounted(impressions[:day], discount),
                rounds=1,
            )
            scores[at, column] = foretold(
                posterior, clicks=clicks[day], impressions=impressions[day]
            )
    return remembered(scores)
