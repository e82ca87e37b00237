"""Uplift of the planned shares over the holdout's even split, right at every daily look.

Clicks are rare and counted, so nothing here is asymptotic: the interval holds from the first
click on, for shares that change every day and depend on all that was seen before.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from enum import IntEnum

import numpy as np
from scipy.optimize import brentq
from scipy.special import gammaln, lambertw

from studio.bandit.features import Floats
from studio.errors import InputError

WIDEST = 50.0
"""Bound on |log ratio| between which the ends of an interval are sought."""


class Doubt(IntEnum):
    """Why an uplift has no estimate."""

    NONE = 0
    NOTHING_TO_COMPARE = 1
    """No cell and day in which both groups were shown."""
    NO_HOLDOUT_CLICKS = 2
    """The even split has no click yet: the ratio is unbounded above."""


@dataclass(frozen=True, slots=True, eq=False, kw_only=True)
class Strata:
    """Both groups side by side in s cells and days, all (s,).

    A stratum is one cell on one day, so that a busy market or a good day is on both sides.
    Impressions may be any exposure that is fixed before the clicks are: spend, for instance,
    if the question is clicks per money.
    """

    planned_impressions: Floats
    planned_clicks: Floats
    holdout_impressions: Floats
    holdout_clicks: Floats

    def __post_init__(self) -> None:
        groups = {
            "planned": (self.planned_impressions, self.planned_clicks),
            "holdout": (self.holdout_impressions, self.holdout_clicks),
        }
        for name, (impressions, clicks) in groups.items():
            counts = np.concatenate([impressions, clicks])
            if not (np.isfinite(counts).all() and (counts >= 0).all()):
                raise InputError(f"{name}_impressions and {name}_clicks must be 0 or more.")
            if (clicks[impressions == 0] > 0).any():
                raise InputError(
                    f"{name}_clicks has clicks where {name}_impressions is 0; import the "
                    "missing impressions or drop that cell and day."
                )


@dataclass(frozen=True, slots=True, kw_only=True)
class Matched:
    """Clicks of both groups over the same cells and days, in the same proportion.

    planned, even: weighted counts whose means are P / odds and Q. The uplift is P / Q - 1.
    odds: impressions of the holdout for one planned, as agreed.
    compared_share: part of all planned impressions that found a partner.
    """

    planned: float
    even: float
    odds: float
    compared_share: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Uplift:
    """How much more often planned ads were clicked than evenly split ones.

    estimate: P / Q - 1, or `None` where `doubt` says why. low, high: ends of the
    interval; -1 and infinity where the data exclude nothing. compared_share: part of the
    planned impressions that the comparison rests on.
    """

    estimate: float | None
    low: float
    high: float
    compared_share: float
    doubt: Doubt

    @property
    def is_proven(self) -> bool:
        """The plan beats the even split, however often one has looked."""
        return self.low > 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Mixture:
    """Over which departures from the truth the evidence is averaged; fixed before the data.

    planned, even: shapes of Gamma(a, a) priors on the factor by which a mean is wrong.
    log_threshold: evidence that excludes a value, log(1 / (1 - level)).
    """

    planned: float
    even: float
    log_threshold: float


def uplift(
    strata: Strata,
    *,
    holdout_share: float = 0.05,
    level: float = 0.95,
    tuned_for_clicks: float = 50.0,
) -> Uplift:
    """The uplift so far with an interval that covers it on all days at once.

    In stratum s, p is the click rate that the day's planned shares give and q the even
    split's. Reported is R - 1 with R = P / Q, P = Σ g p, Q = Σ g q and
    g = min(holdout impressions, odds · planned impressions), odds = h / (1 - h): planned
    impressions as far as the holdout matches them. Where both groups are delivered as
    agreed, g is proportional to the planned impressions.

    With probability `level` the interval contains R - 1 at every look, by Ville's
    inequality: Howard, Ramdas, McAuliffe & Sekhon, Time-uniform, nonparametric,
    nonasymptotic confidence sequences, Annals of Statistics 49 (2021). Assumed: clicks of
    different people are independent, at most one an impression, and a day's shares and
    impressions don't depend on its clicks.

    holdout_share: h (0–1), as the marketer set it at the start. tuned_for_clicks: clicks of
    the holdout at which the interval is narrowest; choose it before the first look. Both
    must be the same at every look.
    """
    matched = match(strata, holdout_share=holdout_share)
    mixture = mixture_for(level=level, odds=matched.odds, tuned_for_clicks=tuned_for_clicks)
    low, high = ends(matched, mixture)
    return Uplift(
        estimate=matched.planned * matched.odds / matched.even - 1 if matched.even else None,
        low=low - 1,
        high=high - 1,
        compared_share=matched.compared_share,
        doubt=doubt_about(matched),
    )


def doubt_about(matched: Matched) -> Doubt:
    """Why there is no estimate, if there is none."""
    if matched.compared_share == 0:
        return Doubt.NOTHING_TO_COMPARE
    return Doubt.NONE if matched.even > 0 else Doubt.NO_HOLDOUT_CLICKS


def match(strata: Strata, *, holdout_share: float) -> Matched:
    """Clicks weighted so that both groups have the same cells and days; see `uplift`."""
    if not 0 < holdout_share < 1:
        raise InputError(
            f"holdout_share is {holdout_share}; an uplift needs one between 0 and 1."
        )
    odds = holdout_share / (1 - holdout_share)
    planned, holdout = strata.planned_impressions, strata.holdout_impressions
    pairs = np.minimum(holdout, odds * planned)
    total = float(odds * planned.sum())
    return Matched(
        planned=weighted(strata.planned_clicks, pairs / odds, planned),
        even=weighted(strata.holdout_clicks, pairs, holdout),
        odds=odds,
        compared_share=float(pairs.sum()) / total if total > 0 else 0.0,
    )


def weighted(clicks: Floats, pairs: Floats, impressions: Floats) -> float:
    """Σ clicks · pairs / impressions, with every weight at most 1; strata not shown drop."""
    shown = impressions > 0
    return float((clicks[shown] * (pairs[shown] / impressions[shown])).sum())


def mixture_for(*, level: float, odds: float, tuned_for_clicks: float) -> Mixture:
    """Priors that make the interval narrow near `tuned_for_clicks` clicks of the holdout.

    For the holdout the best normal mixture at variance v has
    ρ = v / (-W₋₁(-α² / e) - 1), Howard et al. (2021) on tuning mixtures; a Gamma(a, a)
    prior has a = ρ. The planned group varies little beside it, so its prior is kept near 1,
    which costs less evidence than it loses.
    """
    if not (0 < level < 1 and tuned_for_clicks > 0):
        raise InputError("level must be between 0 and 1, and tuned_for_clicks above 0.")
    alpha = 1 - level
    spread = -float(lambertw(-(alpha**2) / math.e, k=-1).real) - 1
    return Mixture(
        planned=tuned_for_clicks / odds,
        even=tuned_for_clicks / spread,
        log_threshold=-math.log(alpha),
    )


def log_evidence(count: Floats | float, mean: Floats | float, shape: float) -> Floats:
    """log e-value against `mean` as the expected total of a growing count, elementwise.

    For any θ > 0, θ^X exp(-μ (θ - 1)) is a supermartingale if X adds up binomial or Poisson
    counts, each with a weight of at most 1, whose expected total so far is μ: the generating
    function of a weighted count lies below that of a Poisson count of the same mean, as
    (θ^w - 1) / w rises with w. Averaged over θ ~ Gamma(a, a) it is
        e^μ a^a Γ(a + X) / (Γ(a) (a + μ)^(a + X)),
    a supermartingale that starts at 1. The method of mixtures is Robbins, Statistical methods
    related to the law of the iterated logarithm (1970); with a gamma prior on the tilt of a
    Poisson count it is Howard et al.'s gamma-Poisson mixture in another scale.
    """
    return np.asarray(
        mean
        + shape * np.log(shape)
        - gammaln(shape)
        + gammaln(shape + count)
        - (shape + count) * np.log(shape + mean)
    )


def evidence_against(
    ratio: Floats | float,
    planned: Floats | float,
    even: Floats | float,
    *,
    odds: float,
    mixture: Mixture,
) -> Floats:
    """log e-value against the ratio R = P / Q, elementwise: least over all (P, Q) on it.

    planned, even, odds: as in `Matched`. Both groups' e-values multiply, because given the
    past their clicks are independent, and the product is a supermartingale for the true
    (P, Q); so R may change from look to look. The minimum over Q is where
        (s + 1) (a + s Q) (b + Q) = (a + X) s (b + Q) + (b + Y) (a + s Q),   s = R / odds,
    a quadratic with one root that isn't negative.
    """
    s = np.asarray(ratio, dtype=np.float64) / odds
    a, b = mixture.planned, mixture.even
    rest = (s + 1) * (a + s * b) - (a + planned) * s - (b + even) * s
    constant = planned * s * b + even * a
    square = (s + 1) * s
    far = np.abs(rest) + np.sqrt(rest**2 + 4 * square * constant)
    q = np.where(rest > 0, 2 * constant / far, far / (2 * square))
    return log_evidence(planned, s * q, a) + log_evidence(even, q, b)


def ends(matched: Matched, mixture: Mixture) -> tuple[float, float]:
    """Smallest and largest ratio that the evidence doesn't exclude; 0 and infinity if none.

    The pairs (P, Q) that are not excluded form a convex set, so their ratios an interval.
    """
    if matched.planned == 0 and matched.even == 0:
        return 0.0, math.inf

    def excess(log_ratio: float) -> float:
        against = evidence_against(
            math.exp(log_ratio),
            matched.planned,
            matched.even,
            odds=matched.odds,
            mixture=mixture,
        )
        return float(against) - mixture.log_threshold

    inside = WIDEST if not matched.even else -WIDEST
    if matched.planned and matched.even:
        inside = math.log(matched.planned * matched.odds / matched.even)
    low = math.exp(brentq(excess, -WIDEST, inside)) if excess(-WIDEST) > 0 else 0.0
    high = math.exp(brentq(excess, inside, WIDEST)) if excess(WIDEST) > 0 else math.inf
    return low, high
