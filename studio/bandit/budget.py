"""From beliefs about ads to shares of a budget, within guard-rails."""

from __future__ import annotations

from dataclasses import dataclass
from enum import IntEnum

import numpy as np
from scipy.special import log_expit

from studio.bandit.features import Flags, Floats, Ints
from studio.bandit.posterior import Posterior
from studio.bandit.threads import one_thread

TOLERANCE = 1e-9


class Guard(IntEnum):
    """What kept a share from where the beliefs would have put it."""

    NONE = 0
    FLOOR = 1
    DAILY_CHANGE = 2
    TOO_LITTLE_DATA = 3


@dataclass(frozen=True, slots=True, kw_only=True)
class Guards:
    """Limits on the shares of a cell; all in shares (0–1)."""

    floor_share: float = 0.05
    """Total of a cell that is spread evenly over its arms."""
    max_change_share: float = 0.5
    """Most that one arm's share may rise or fall in a day."""
    min_impressions: int = 200
    """Until an arm has been shown so often, its share is protected."""
    protected_share: float = 0.5
    """Part of the even share that a protected arm keeps."""


@dataclass(frozen=True, slots=True, eq=False, kw_only=True)
class Allocation:
    """What each of n arms gets and is believed to do.

    shares: (n,), summing to 1 within each cell. guard: (n,), `Guard` that bound each share.
    best: probability of the highest reward of its cell, (n,), from the untempered posterior.
    gain: mean reward relative to the mean over the cell's arms, minus 1, (n,).
    rate, low, high: mean and 95 % interval of the click-through rate, (n,).
    """

    shares: Floats
    guard: Ints
    best: Floats
    gain: Floats
    rate: Floats
    low: Floats
    high: Floats


def temper(elapsed_share: float, *, first: float = 0.7, last: float = 0.1) -> float:
    """α, by which posterior draws are pulled to their mean before they compete for money.

    Full draws (α = 1) explore too long at the sizes of ad tests; less than 1 lowers regret
    over a campaign's few weeks. Chapelle & Li (2011) use the same device, §3. α falls in a
    straight line from `first` to `last` as the campaign passes (`elapsed_share`, 0–1).
    """
    return first + (last - first) * float(np.clip(elapsed_share, 0.0, 1.0))


def win_probabilities(draws: Floats) -> Floats:
    """How often each arm is the best across joint draws: (n_draws, n) → (n,).

    Spending in these proportions is Thompson sampling in expectation.
    Scott, A modern Bayesian look at the multi-armed bandit (2010), §3.
    """
    winners = draws.argmax(axis=1)
    return np.bincount(winners, minlength=draws.shape[1]) / len(draws)


def with_floor(shares: Floats, floor_share: float) -> Floats:
    """`floor_share` of the whole spread evenly over the arms, the rest in proportion."""
    return floor_share / len(shares) + (1 - floor_share) * shares


def onto_box(wanted: Floats, *, lower: Floats, upper: Floats) -> Floats:
    """The shares nearest to `wanted` that sum to 1 with lower ≤ share ≤ upper, all (n,).

    The nearest point is clip(wanted + λ) for one λ, whose sum rises with λ; it is found
    between the ends where all shares sit on their lower or all on their upper limit.
    """
    if (lower > upper + TOLERANCE).any() or not (
        lower.sum() <= 1 + TOLERANCE and upper.sum() >= 1 - TOLERANCE
    ):
        raise ValueError(
            f"No shares satisfy both limits: floors add up to {lower.sum():.4f} and caps to "
            f"{upper.sum():.4f}; lower the floor or allow a larger change per day."
        )
    below, above = float((lower - wanted).min()), float((upper - wanted).max())
    for _ in range(100):
        middle = (below + above) / 2
        if np.clip(wanted + middle, lower, upper).sum() < 1:
            below = middle
        else:
            above = middle
    return np.clip(wanted + above, lower, upper)


def guarded(
    wins: Floats, *, previous: Floats, impressions: Ints, guards: Guards
) -> tuple[Floats, Ints]:
    """Shares of one cell's k arms, (k,), and the `Guard` that bound each, (k,).

    wins: probabilities that the shares follow. previous: yesterday's shares, summing to 1.
    The protection of arms with little data gives way to the cap where both can't hold; the
    floor and the cap that can't both hold are an error.
    """
    even = 1 / len(wins)
    floor = guards.floor_share * even
    wanted = with_floor(wins, guards.floor_share)
    young = impressions < guards.min_impressions
    protected = np.where(young, max(floor, guards.protected_share * even), floor)
    fall, rise = previous - guards.max_change_share, previous + guards.max_change_share
    lower = np.maximum(np.maximum(fall, protected), 0.0)
    upper = np.minimum(rise, 1.0)
    if (lower > upper).any() or lower.sum() > 1:
        protected = np.full_like(wins, floor)
        lower = np.maximum(fall, floor)
    shares = onto_box(wanted, lower=lower, upper=upper)
    guard = np.where(wins < floor, int(Guard.FLOOR), int(Guard.NONE))
    kept = shares <= lower + TOLERANCE
    guard[kept & (protected > floor + TOLERANCE)] = Guard.TOO_LITTLE_DATA
    guard[kept & (fall > protected + TOLERANCE)] = Guard.DAILY_CHANGE
    guard[(shares >= upper - TOLERANCE) & (wanted > upper + TOLERANCE)] = Guard.DAILY_CHANGE
    return shares, guard.astype(np.int64)


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Standing:
    """Where n arms stand this morning.

    rows: places of the arms in the fitted design, (n,), or a mask of it. cell: (n,) codes.
    previous: shares of yesterday, (n,). impressions: totals so far, (n,).
    """

    rows: Ints | Flags
    cell: Ints
    previous: Floats
    impressions: Ints


@one_thread
def allocate(  # noqa: PLR0913 - every choice is an argument
    posterior: Posterior,
    standing: Standing,
    *,
    guards: Guards,
    alpha: float,
    n_draws: int,
    rng: np.random.Generator,
    log_reward: Floats | None = None,
) -> Allocation:
    """Shares of every cell from joint posterior draws.

    The reward is a click per impression: arms of a cell are taken to cost the same per
    impression. With `log_reward`, (n_draws, n), it is a click rate times e to that: draws,
    independent of the clicks, of the log of what a click is worth over the price of an
    impression. Probabilities of being best have a Monte Carlo error of up to 0.5 / √n_draws.
    """
    draws = posterior.draws(standing.rows, n_draws, rng)
    centre, _ = posterior.logits(standing.rows)
    rate, low, high = posterior.rates(standing.rows)
    n_arms, reward = len(rate), rate
    if log_reward is not None:
        draws = log_expit(draws) + log_reward
        centre, reward = draws.mean(axis=0), np.exp(draws - draws.max()).mean(axis=0)
    shares, best, gain = np.empty(n_arms), np.empty(n_arms), np.empty(n_arms)
    guard = np.zeros(n_arms, dtype=np.int64)
    for code in np.unique(standing.cell):
        arms = np.flatnonzero(standing.cell == code)
        tempered = centre[arms] + alpha * (draws[:, arms] - centre[arms])
        best[arms] = win_probabilities(draws[:, arms])
        gain[arms] = reward[arms] / reward[arms].mean() - 1
        shares[arms], guard[arms] = guarded(
            win_probabilities(tempered),
            previous=standing.previous[arms],
            impressions=standing.impressions[arms],
            guards=guards,
        )
    return Allocation(
        shares=shares, guard=guard, best=best, gain=gain, rate=rate, low=low, high=high
    )


def even_shares(cell: Ints) -> Floats:
    """1 / (arms of the cell) for each arm, (n,)."""
    _, inverse, counts = np.unique(cell, return_inverse=True, return_counts=True)
    return np.asarray(1.0 / counts[inverse.reshape(-1)])


def carried_over(previous: Floats, cell: Ints) -> Floats:
    """Yesterday's shares for today's arms, (n,), summing to 1 in each cell.

    NaN marks an arm that is new: it starts from the even share, and the others give way in
    proportion. The shares of arms that left are given back in proportion, too.
    """
    shares = np.empty_like(previous)
    for code in np.unique(cell):
        arms = np.flatnonzero(cell == code)
        new = np.isnan(previous[arms])
        known = np.where(new, 0.0, previous[arms])
        held = new.mean()
        even = 1 / len(arms)
        scale = (1 - held) / known.sum() if known.sum() > 0 else 0.0
        shares[arms] = known * scale + new * even if scale else even
    return shares


def rounded(shares: Floats, *, units: int = 1_000_000) -> Floats:
    """Shares of one cell as multiples of 1 / units that still sum to 1 (largest remainder)."""
    exact = shares / shares.sum() * units
    whole = np.floor(exact)
    missing = units - int(whole.sum())
    whole[np.argsort(whole - exact, kind="stable")[:missing]] += 1
    return np.asarray(whole / units)
