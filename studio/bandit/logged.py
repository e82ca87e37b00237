"""What was shown under which shares and what came of it, as events or as daily counts.

Both become `Rows`, on which every estimator of `off_policy` works: single events are rows of
one impression, so that counts and their events give the same numbers.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace

import numpy as np

from studio.bandit.features import Floats, Ints
from studio.errors import InputError

TOLERANCE = 1e-6


@dataclass(frozen=True, slots=True, eq=False, kw_only=True)
class Rows:
    """A log against one target policy π, as n rows of equal impressions, all (n,).

    weight: π(arm | context) / propensity. predicted: modelled click rate of the row's arm,
    q(context, arm). expected: modelled rate of π in the row's context, Σ π(a) q(a).
    support: impressions that the log was expected to give the row's arm on all days together,
    0 where it couldn't be shown. mass: part of π's impressions that the row stands for; sums
    to about 1.
    """

    impressions: Floats
    clicks: Floats
    weight: Floats
    predicted: Floats
    expected: Floats
    support: Floats
    mass: Floats

    @property
    def total(self) -> float:
        """Impressions in all, N."""
        return float(self.impressions.sum())

    @property
    def misses(self) -> Floats:
        """Impressions without a click, (n,)."""
        return self.impressions - self.clicks

    def mean(self, values: Floats) -> float:
        """Mean over impressions of a value a row, (n,)."""
        return float(self.impressions @ values) / self.total

    def mean_weight(self) -> float:
        """Σ w / N: 1 on average, and less where the log never shows what the target wants."""
        return self.mean(self.weight)

    def effective_impressions(self) -> float:
        """(Σ w)² / Σ w² over impressions. Kish (1965); Owen (2013), §9.3."""
        squares = self.mean(self.weight**2)
        return self.total * self.mean_weight() ** 2 / squares if squares > 0 else 0.0

    def effective_clicks(self) -> float:
        """The same over clicks alone: at rare clicks it decides how wide an interval is."""
        squares = float(self.clicks @ self.weight**2)
        return float(self.clicks @ self.weight) ** 2 / squares if squares > 0 else 0.0

    def thin_share(self, min_support: float) -> float:
        """Part of the target's impressions on arms with less than `min_support`."""
        return float(self.mass[self.support < min_support].sum())

    def clipped(self, largest: float | None) -> Rows:
        """Weights no larger than `largest`: less variance for a bias that `Estimate` states."""
        if largest is None:
            return self
        return replace(self, weight=np.minimum(self.weight, largest))


@dataclass(frozen=True, slots=True, eq=False, kw_only=True)
class Events:
    """n logged decisions among k arms.

    arm: (n,) codes. clicks: (n,), 0 or 1. propensity: of the shown arm, (n,).
    target: π of every arm at each decision, (n, k). rates: modelled click rates, (n, k), zero
    if there is no model. Rates must come from other data (cross-fitting is the caller's).
    """

    arm: Ints
    clicks: Floats
    propensity: Floats
    target: Floats
    rates: Floats | None = None

    def __post_init__(self) -> None:
        known = (self.propensity > 0) & (self.propensity <= 1)
        refuse(
            {
                "propensity must be above 0 and at most 1: log the share that each arm had.": (
                    not known.all()
                ),
                "clicks must be 0 or 1 for single events; give counts as `Counts`.": (
                    not np.isin(self.clicks, (0, 1)).all()
                ),
                "target must be 0 or more and sum to 1 for each decision.": (
                    not (self.target >= 0).all() or not np.allclose(self.target.sum(axis=1), 1)
                ),
            }
        )

    def rows(self) -> Rows:
        """One row an event."""
        n = len(self.arm)
        rates = np.zeros_like(self.target) if self.rates is None else self.rates
        chosen = np.arange(n), self.arm
        weight = self.target[chosen] / self.propensity
        return Rows(
            impressions=np.ones(n),
            clicks=self.clicks,
            weight=weight,
            predicted=rates[chosen],
            expected=np.asarray((self.target * rates).sum(axis=1)),
            support=self.propensity * n,
            mass=weight / max(n, 1),
        )


@dataclass(frozen=True, slots=True, eq=False, kw_only=True)
class Counts:
    """Daily counts of arms, n rows, one for every arm of every context, all (n,).

    context: codes of cell × day. unit: codes of cell × arm, the same on every day.
    propensity: the day's shares; target: the shares to judge; both sum to 1 in a context.
    rates: modelled click rates from other data, zero if there is no model.

    The shares must have been what decided who saw which arm: shares of impressions, or of
    money between arms that cost the same.
    """

    context: Ints
    unit: Ints
    impressions: Floats
    clicks: Floats
    propensity: Floats
    target: Floats
    rates: Floats | None = None

    def __post_init__(self) -> None:
        counted = (self.clicks >= 0) & (self.clicks <= self.impressions)
        whole = "must be 0 or more and sum to 1 over the arms of each context; give a row to "
        refuse(
            {
                "clicks must be between 0 and impressions in every row.": (
                    not (counted & np.isfinite(self.impressions)).all()
                ),
                "propensity is 0 where impressions were counted: log the share of that day.": (
                    bool((self.impressions[self.propensity == 0] > 0).any())
                ),
                f"propensity {whole}every arm, shown or not.": not self._is_whole(
                    self.propensity
                ),
                f"target {whole}every arm, shown or not.": not self._is_whole(self.target),
            }
        )

    def _is_whole(self, shares: Floats) -> bool:
        if not (shares >= 0).all():
            return False
        sums = np.bincount(self._contexts, weights=shares)
        return np.allclose(sums, 1, atol=TOLERANCE)

    @property
    def _contexts(self) -> Ints:
        return np.unique(self.context, return_inverse=True)[1].reshape(-1)

    def rows(self) -> Rows:
        """The same rows, with what each context adds up to."""
        contexts = self._contexts
        units = np.unique(self.unit, return_inverse=True)[1].reshape(-1)
        rates = np.zeros_like(self.target) if self.rates is None else self.rates
        shown = np.bincount(contexts, weights=self.impressions)[contexts]
        known = self.propensity > 0
        pooled = np.bincount(units, weights=self.propensity * shown)[units]
        return Rows(
            impressions=self.impressions,
            clicks=self.clicks,
            weight=np.divide(
                self.target, self.propensity, out=np.zeros(len(known)), where=known
            ),
            predicted=rates,
            expected=np.asarray(
                np.bincount(contexts, weights=self.target * rates)[contexts], dtype=np.float64
            ),
            support=np.where(known, pooled, 0.0),
            mass=self.target * shown / max(self.impressions.sum(), 1.0),
        )


def refuse(faults: Mapping[str, bool]) -> None:
    """Raise `InputError` with the first fault that a log has."""
    for message, found in faults.items():
        if found:
            raise InputError(message)
