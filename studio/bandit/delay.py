"""Conversions are reported late: how much of a day's is there by now, learnt from reports."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from studio.bandit.features import Floats, Ints

PRIOR_CONVERSIONS = 10.0
"""Conversions that the prior curve counts for, at every age."""
MOST_STEPS = 500
CONVERGED = 1e-10


@dataclass(frozen=True, slots=True, eq=False, kw_only=True)
class Completeness:
    """Part of a day's conversions that is reported a days after the day.

    share: G(a) for a = 0 … w, (w + 1,), rising to 1 at the end of the attribution window w.
    sd: posterior standard deviation of each, (w + 1,).
    """

    share: Floats
    sd: Floats


@dataclass(frozen=True, slots=True, eq=False, kw_only=True)
class Development:
    """What successive reports of the same days added, (w + 1, w + 1), by both their ages.

    before: conversions in the earlier report, summed. arrived: how many more were in the
    later one. Row: age at the earlier report in days. Column: at the later one. Tables of
    regions and machines merge by adding.
    """

    before: Floats
    arrived: Floats


def geometric_curve(window_days: int, *, mean_days: float = 3.0) -> Floats:
    """G(a) of geometric delays cut at the attribution window, (window_days + 1,).

    P(D ≤ a) = (1 − qᵃ⁺¹) / (1 − qʷ⁺¹), q = m / (1 + m): the discrete twin of the exponential
    delays of Chapelle, Modeling delayed feedback in display advertising (2014), §3.2. There
    35 % of conversions came within an hour and 50 % within a day; a mean of 3 days has 44 %
    by the end of the day after the click.
    """
    if window_days < 0 or not 0 < mean_days < np.inf:
        raise ValueError(
            f"window_days is {window_days} and mean_days {mean_days:g}: the window must be at "
            "least 0 and the mean more than 0."
        )
    powers = (mean_days / (1 + mean_days)) ** np.arange(1, window_days + 2)
    return np.asarray((1 - powers) / (1 - powers[-1]))


def development(
    *, series: Ints, age_days: Ints, conversions: Ints | Floats, window_days: int
) -> Development:
    """Pairs of successive reports of n reports, three (n,), in any order.

    series: code of what a report is of, such as an ad's day. age_days: day of the report
    minus day reported. Of two reports of equal age the last one counts, and so it does
    after the window's end. Where a later report takes conversions back, they never were.
    """
    if (age_days < 0).any():
        raise ValueError("A report can't be older than the day it reports.")
    age = np.minimum(age_days, window_days)
    order = np.lexsort((age_days, series))
    series, age = series[order], age[order]
    counts = np.asarray(conversions, dtype=np.float64)[order]
    last = np.append((np.diff(series) != 0) | (np.diff(age) != 0), True)[: len(series)]
    series, age, counts = series[last], age[last], lasting(series[last], counts[last])
    pair = np.flatnonzero(np.diff(series) == 0)
    table = np.zeros((2, window_days + 1, window_days + 1))
    at = (age[pair], age[pair + 1])
    np.add.at(table[0], at, counts[pair])
    np.add.at(table[1], at, counts[pair + 1] - counts[pair])
    return Development(before=table[0], arrived=table[1])


def lasting(series: Ints, counts: Floats) -> Floats:
    """The least of each count and those after it in its series, (n,), series in order."""
    apart = (counts.max(initial=0.0) + 1) * np.unique(series, return_inverse=True)[1]
    return np.asarray(np.minimum.accumulate((counts + apart)[::-1])[::-1] - apart)


def learn_completeness(
    seen: Development, *, prior: Floats, strength: float = PRIOR_CONVERSIONS
) -> Completeness:
    """Posterior of the curve, `prior` of shape (w + 1,) being the one before any report.

    Of the conversions reported by age k a part hₖ = P(D = k | D ≤ k) came at k itself. These
    parts are binomial and independent of each other, for whatever days were seen and however
    many conversions they had: Kalbfleisch & Lawless (1989), §3. So each has a Beta posterior
    and G(a) = Π (1 − hₖ) over k > a, whose mean is the product of means. Without prior this
    is the chain ladder, 1 / (1 − hₖ) being Mack's (1993) factors. `strength`: conversions
    that the prior counts for at each age; a curve of all platforms can so be the prior of one.

    What came between two reports more than a day apart is divided by the curve itself
    (EM, Dempster et al. 1977); `sd` then is too small.
    """
    believed = reversed_hazard(prior)
    hazard = believed
    for _ in range(MOST_STEPS):
        came, there = expected_counts(seen, hazard)
        updated = (strength * believed + came) / (strength + there)
        moved = float(np.abs(updated - hazard).max())
        hazard = updated
        if moved < CONVERGED:
            break
    kept = 1 - hazard[1:]
    squares = kept**2 + kept * (1 - kept) / (strength + there[1:] + 1)
    share, second = product_after(kept), product_after(squares)
    return Completeness(share=share, sd=np.sqrt(np.maximum(second - share**2, 0.0)))


def reversed_hazard(share: Floats) -> Floats:
    """P(D = k | D ≤ k) of a curve G, (w + 1,); 1 at k = 0."""
    if (np.diff(share) < 0).any() or share[0] <= 0 or not np.isclose(share[-1], 1.0):
        raise ValueError("A curve of completeness must start above 0 and rise to 1.")
    return np.diff(share, prepend=0.0) / share


def product_after(factors: Floats) -> Floats:
    """Π of the factors of the ages after each age: (w,) → (w + 1,)."""
    return np.append(np.cumprod(factors[::-1])[::-1], 1.0)


def expected_counts(seen: Development, hazard: Floats) -> tuple[Floats, Floats]:
    """Conversions expected to have come at each age, and by it, two of (w + 1,).

    Only of days that were seen before and after that age; between reports more than a day
    apart by the curve of `hazard`.
    """
    share = product_after(1 - hazard[1:])
    first, second = np.nonzero(seen.before + seen.arrived)
    ages = np.arange(len(share))
    between = (first[:, None] < ages) & (ages <= second[:, None])
    room = (share[second] - share[first])[:, None]
    arrived = seen.arrived[first, second][:, None]
    part = np.diff(share, prepend=0.0) / np.where(room > 0, room, 1.0)
    by_then = (share - share[first][:, None]) / np.where(room > 0, room, 1.0)
    before = seen.before[first, second][:, None]
    came = np.where(between, arrived * part, 0.0).sum(axis=0)
    there = np.where(between, before + arrived * by_then, 0.0).sum(axis=0)
    return came, there


def matured(trials: Ints | Floats, age_days: Ints, completeness: Floats) -> Floats:
    """Trials that could have been reported by now: trials · G(age), of broadcast shape.

    age_days: day of the report minus day of the trials. completeness: G, (w + 1,); older
    days are complete. A rate p has E[reported] = p · trials · G(age), so a fit on
    (conversions, matured trials) has no bias from days that are young.
    """
    if (np.asarray(age_days) < 0).any():
        raise ValueError("A report can't be older than the day it reports.")
    return np.asarray(trials * completeness[np.minimum(age_days, len(completeness) - 1)])


def awaited(
    trials: Ints | Floats, age_days: Ints, completeness: Floats, *, rate: Floats
) -> Floats:
    """Conversions still to be reported, rate · trials · (1 − G(age)), of broadcast shape.

    Bornhuetter & Ferguson, The actuary and IBNR (1972): it doesn't blow up the few that
    young days have, as dividing them by G would.
    """
    return np.asarray(rate * (trials - matured(trials, age_days, completeness)))
