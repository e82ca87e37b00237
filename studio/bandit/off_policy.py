"""What another policy would have got, from what the present one showed and what came of it.

Sources: Dudík, Langford & Li, Doubly robust policy evaluation and learning (ICML
2011), and with Erhan, Statistical Science 29 (2014); Swaminathan & Joachims, The
self-normalized estimator for counterfactual learning (NIPS 2015); Owen, Monte Carlo theory,
methods and examples (2013), chapter 9.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from enum import IntEnum
from typing import TypeAlias

import numpy as np
from scipy.stats import gamma, norm

from studio.bandit.features import Floats
from studio.bandit.logged import Rows


class Interval(IntEnum):
    """How ends are found; see `gamma_ends`, `normal_ends` and `bernstein_ends`."""

    GAMMA = 0
    NORMAL = 1
    BERNSTEIN = 2


class Refusal(IntEnum):
    """Why the log can't answer for the target policy."""

    NO_IMPRESSIONS = 1
    THIN_SUPPORT = 2
    """The target spends too much on arms that the log hardly showed."""
    WEIGHTS_ASTRAY = 3
    """Weights don't average to 1: wrong propensities, or what the target wants is missing."""
    LOW_EFFECTIVE_SIZE = 4
    """A few heavily weighted impressions decide."""
    FEW_CLICKS = 5


@dataclass(frozen=True, slots=True, kw_only=True)
class Estimate:
    """A click rate with the ends of its interval; `None` where no honest interval is known.

    bias: what clipping moved the value by, estimated; the interval doesn't contain it.
    """

    value: float
    low: float | None = None
    high: float | None = None
    bias: float = 0.0


@dataclass(frozen=True, slots=True, eq=False, kw_only=True)
class Influence:
    """An estimator as a mean over impressions of value + influence.

    clicked, missed: influence of an impression of each row with and without a click, (n,).
    per_click: what a click of each row adds to N times the value, (n,), 0 or more.
    is_mean: the value is a plain mean of independent terms, which a self-normalised one isn't.
    """

    value: float
    clicked: Floats
    missed: Floats
    per_click: Floats
    is_mean: bool

    def variance(self, rows: Rows) -> float:
        """Of the value: mean square of the influence over N. Owen (2013), §§9.1–9.2."""
        squares = rows.clicks @ self.clicked**2 + rows.misses @ self.missed**2
        return float(squares) / rows.total**2


Estimator: TypeAlias = Callable[[Rows], Influence]


def weighted_mean(rows: Rows) -> Influence:
    """IPS: Σ w r / N. Horvitz & Thompson (1952); Dudík et al. (2011), §2.

    Unbiased where the propensities are true and every arm of the target was possible.
    """
    value = float(rows.clicks @ rows.weight) / rows.total
    return Influence(
        value=value,
        clicked=rows.weight - value,
        missed=np.full_like(rows.weight, -value),
        per_click=rows.weight,
        is_mean=True,
    )


def self_normalised(rows: Rows) -> Influence:
    """SNIPS: Σ w r / Σ w. Swaminathan & Joachims (2015); variance as in Owen (2013), §9.2.

    A small bias for less variance: within the range of rewards, whatever the weights.
    """
    mean_weight = rows.mean_weight()
    weight = rows.weight / mean_weight if mean_weight > 0 else np.zeros_like(rows.weight)
    value = float(rows.clicks @ weight) / rows.total
    return Influence(
        value=value,
        clicked=weight * (1 - value),
        missed=-weight * value,
        per_click=weight,
        is_mean=False,
    )


def doubly_robust(rows: Rows) -> Influence:
    """DR: Σ [Σ π q + w (r - q)] / N. Dudík et al. (2011), §2; (2014), §3.

    Right if either the propensities or the rates are; with good rates, less variance.
    """
    score = rows.expected - rows.weight * rows.predicted
    value = rows.mean(score) + float(rows.clicks @ rows.weight) / rows.total
    return Influence(
        value=value,
        clicked=score + rows.weight - value,
        missed=score - value,
        per_click=rows.weight,
        is_mean=True,
    )


def self_normalised_doubly_robust(rows: Rows) -> Influence:
    """SNDR: Σ Σ π q / N + Σ w (r - q) / Σ w. Thomas & Brunskill (ICML 2016) for one step."""
    mean_weight = rows.mean_weight()
    weight = rows.weight / mean_weight if mean_weight > 0 else np.zeros_like(rows.weight)
    model = rows.mean(rows.expected)
    residual = float(rows.clicks @ weight) / rows.total - rows.mean(weight * rows.predicted)
    missed = rows.expected - model - weight * (rows.predicted + residual)
    return Influence(
        value=model + residual,
        clicked=missed + weight,
        missed=missed,
        per_click=weight,
        is_mean=False,
    )


def direct(rows: Rows) -> Estimate:
    """DM: Σ Σ π q / N. Its error is the model's, of which the log says nothing: no interval."""
    return Estimate(value=rows.mean(rows.expected))


def normal_ends(influence: Influence, rows: Rows, *, level: float) -> tuple[float, float]:
    """value ± z · sd: right for many clicks, too short and too symmetric for few."""
    half = float(norm.ppf((1 + level) / 2)) * influence.variance(rows) ** 0.5
    return influence.value - half, influence.value + half


def gamma_ends(influence: Influence, rows: Rows, *, level: float) -> tuple[float, float]:
    """Gamma ends of the part that clicks add, moved by the rest, which varies little.

    Fay & Feuer, Confidence intervals for directly standardized rates, Statistics in Medicine
    16 (1997): exact for equal weights, and the only one of the three with an upper end
    above 0 before the first click. For y = Σ w r / N with variance v and M = max w / N, the
    lower end is the quantile of a gamma of mean y and variance v, the upper that of mean
    y + M and variance v + M². A bootstrap would resample the same few clicks.
    """
    tail = (1 - level) / 2
    added = float(rows.clicks @ influence.per_click) / rows.total
    rest = influence.value - added
    most = float(influence.per_click[rows.impressions > 0].max()) / rows.total
    variance = influence.variance(rows)
    return (
        rest + gamma_quantile(tail, mean=added, variance=variance),
        rest + gamma_quantile(1 - tail, mean=added + most, variance=variance + most**2),
    )


def gamma_quantile(probability: float, *, mean: float, variance: float) -> float:
    """Of the gamma distribution with this mean and variance; a point where it has none."""
    if mean <= 0 or variance <= 0:
        return mean
    return float(gamma.ppf(probability, mean**2 / variance, scale=variance / mean))


def bernstein_ends(influence: Influence, rows: Rows, *, level: float) -> tuple[float, float]:
    """Ends that hold for any number of impressions, and are wide.

    Maurer & Pontil, Empirical Bernstein bounds (COLT 2009), theorem 4 on both sides, for
    terms within the range that the rows' weights allow.
    """
    spread = np.log(4 / (1 - level))
    terms = np.concatenate([influence.clicked, influence.missed])
    width, n = float(terms.max() - terms.min()), rows.total
    sample = influence.variance(rows) * n / max(n - 1, 1.0)
    half = float(np.sqrt(2 * sample * spread) + 7 * width * spread / (3 * max(n - 1, 1.0)))
    return influence.value - half, influence.value + half


ENDS: dict[Interval, Callable[..., tuple[float, float]]] = {
    Interval.GAMMA: gamma_ends,
    Interval.NORMAL: normal_ends,
    Interval.BERNSTEIN: bernstein_ends,
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Settings:
    """How an evaluation is made, and what it asks of a log before it answers."""

    interval: Interval = Interval.GAMMA
    level: float = 0.95
    largest_weight: float | None = None
    """Clip weights here; `None` keeps them."""
    min_support: float = 5.0
    """Impressions that the log must have been expected to give an arm of the target."""
    max_thin_share: float = 0.01
    """Of the target's impressions, on arms with less support than that."""
    max_weight_error: float = 0.1
    """How far the mean weight may be from 1; three deviations at the least effective size."""
    min_effective_impressions: float = 1000.0
    min_effective_clicks: float = 10.0


DEFAULTS = Settings()


@dataclass(frozen=True, slots=True, kw_only=True)
class Support:
    """How well a log covers a target policy; see `Rows`."""

    impressions: float
    effective_impressions: float
    effective_clicks: float
    mean_weight: float
    largest_weight: float
    thin_share: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Evaluation:
    """Click rate of the target policy, by every estimator, and of the log itself.

    gain: the self-normalised estimate relative to the log's own click rate, minus 1.
    """

    logged: Estimate
    ips: Estimate
    snips: Estimate
    direct: Estimate
    doubly_robust: Estimate
    self_normalised_doubly_robust: Estimate
    gain: Estimate | None
    support: Support


@dataclass(frozen=True, slots=True, kw_only=True)
class NotEnoughSupport:
    """The log can't say what the target would have got."""

    refusal: Refusal
    support: Support


def evaluate(rows: Rows, settings: Settings = DEFAULTS) -> Evaluation | NotEnoughSupport:
    """What the target policy would have got, or why that can't be said.

    Intervals take impressions as independent given the past. Without a floor under the
    log's shares they are too short, and most such logs are refused.
    """
    support = supported(rows, min_support=settings.min_support)
    refusal = refusal_of(support, settings)
    if refusal is not None:
        return NotEnoughSupport(refusal=refusal, support=support)
    return Evaluation(
        logged=estimate(
            weighted_mean, replace(rows, weight=np.ones_like(rows.weight)), settings
        ),
        ips=estimate(weighted_mean, rows, settings),
        snips=estimate(self_normalised, rows, settings),
        direct=direct(rows),
        doubly_robust=estimate(doubly_robust, rows, settings),
        self_normalised_doubly_robust=estimate(self_normalised_doubly_robust, rows, settings),
        gain=gain(rows, settings),
        support=support,
    )


def estimate(estimator: Estimator, rows: Rows, settings: Settings = DEFAULTS) -> Estimate:
    """One estimator with its interval within 0–1, whatever the support."""
    clipped = rows.clipped(settings.largest_weight)
    influence = estimator(clipped)
    low: float | None = None
    high: float | None = None
    if influence.is_mean or settings.interval is not Interval.BERNSTEIN:
        low, high = ENDS[settings.interval](influence, clipped, level=settings.level)
        low, high = max(low, 0.0), min(high, 1.0)
    moved = 0.0 if clipped is rows else influence.value - estimator(rows).value
    return Estimate(value=influence.value, low=low, high=high, bias=moved)


def gain(rows: Rows, settings: Settings = DEFAULTS) -> Estimate | None:
    """SNIPS over the log's own rate, minus 1; `None` before the first click."""
    return versus(rows, replace(rows, weight=np.ones_like(rows.weight)), settings)


def versus(
    rows: Rows,
    other: Rows,
    settings: Settings = DEFAULTS,
    *,
    estimator: Estimator = self_normalised,
) -> Estimate | None:
    """Rate of one target over another's, minus 1; `None` where either has none.

    rows, other: the same log against each target. Both rates come from the same impressions,
    so their errors cancel in part. Normal on the log of the ratio, by the influence of each
    impression on it (delta method).
    """
    judged, beside = (
        estimator(each.clipped(settings.largest_weight)) for each in (rows, other)
    )
    if judged.value <= 0 or beside.value <= 0:
        return None
    log_ratio = replace(
        judged,
        clicked=judged.clicked / judged.value - beside.clicked / beside.value,
        missed=judged.missed / judged.value - beside.missed / beside.value,
    )
    half = float(norm.ppf((1 + settings.level) / 2)) * log_ratio.variance(rows) ** 0.5
    ratio = judged.value / beside.value
    unclipped = estimator(rows).value / estimator(other).value
    return Estimate(
        value=ratio - 1,
        low=ratio * float(np.exp(-half)) - 1,
        high=ratio * float(np.exp(half)) - 1,
        bias=0.0 if settings.largest_weight is None else ratio - unclipped,
    )


def supported(rows: Rows, *, min_support: float = DEFAULTS.min_support) -> Support:
    """The measures of `Support`, all 0 for an empty log."""
    if rows.total == 0:
        return Support(
            impressions=0.0,
            effective_impressions=0.0,
            effective_clicks=0.0,
            mean_weight=0.0,
            largest_weight=0.0,
            thin_share=0.0,
        )
    return Support(
        impressions=rows.total,
        effective_impressions=rows.effective_impressions(),
        effective_clicks=rows.effective_clicks(),
        mean_weight=rows.mean_weight(),
        largest_weight=float(rows.weight.max()),
        thin_share=rows.thin_share(min_support),
    )


def refusal_of(support: Support, settings: Settings) -> Refusal | None:
    """The first thing that the log lacks, if it lacks any."""
    lacks = {
        Refusal.NO_IMPRESSIONS: support.impressions == 0,
        Refusal.THIN_SUPPORT: support.thin_share > settings.max_thin_share,
        Refusal.WEIGHTS_ASTRAY: abs(support.mean_weight - 1) > settings.max_weight_error,
        Refusal.LOW_EFFECTIVE_SIZE: (
            support.effective_impressions < settings.min_effective_impressions
        ),
        Refusal.FEW_CLICKS: support.effective_clicks < settings.min_effective_clicks,
    }
    return next((refusal for refusal, lacking in lacks.items() if lacking), None)
