"""What an attribute does to the click rate: effects of its levels, from joint draws.

The rate of a level in a market is standardised (the g-formula of Robins, 1986): every arm of
the market is given that level, its cell and all its other effects stay, and the rates are
averaged over the arms. So a level isn't praised for the company that it was shown in.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, fields, replace

import numpy as np
from scipy.linalg import solve_triangular
from scipy.special import expit

from studio.bandit.features import Arms, Flags, Floats, Ints, Spread, design
from studio.bandit.nested import dense
from studio.bandit.posterior import Posterior, fit
from studio.bandit.threads import one_thread

LEAST_LEARNT = 0.02
"""Part by which data must have raised a precision before it is asked where that came from."""


@dataclass(frozen=True, slots=True, eq=False, kw_only=True)
class LevelEffects:
    """Levels of one attribute beside each other, all (k,).

    rate: mean standardised click rate. ratio, low, high: to the mean rate of the k levels,
    mean and ends of the central 95 % interval. best: probability of the highest rate.
    above: probability that the ratio lies above 1.
    """

    rate: Floats
    ratio: Floats
    low: Floats
    high: Floats
    best: Floats
    above: Floats


@dataclass(frozen=True, slots=True, eq=False, kw_only=True)
class Study:
    """A belief about n arms, and reference rows that differ in one attribute alone.

    arms: the n arms, then the references. references: of each attribute the rows of cell c
    with level l, (n_cells, n_levels). clicks, impressions: of all rows, none of a reference.
    """

    arms: Arms
    n_arms: int
    references: tuple[Ints, ...]
    posterior: Posterior
    clicks: Floats
    impressions: Floats

    def tried(self, attribute: int) -> Flags:
        """Which levels a market's arms have, (n_markets, n_levels)."""
        market, level = self._own(attribute)
        held = level >= 0
        found = np.zeros((self.n_markets, self.references[attribute].shape[1]), dtype=bool)
        found[market[held], level[held]] = True
        return found

    @property
    def n_markets(self) -> int:
        """Number of markets."""
        return int(self.arms.market.max()) + 1

    def rates(self, n_draws: int, rng: np.random.Generator) -> tuple[Floats, ...]:
        """Standardised rates of each attribute, (n_draws, n_markets, n_levels), drawn jointly.

        NaN in a market none of whose arms has the attribute.
        """
        logits = self.posterior.draws(np.arange(len(self.arms.market)), n_draws, rng)
        cell = self.arms.cell[: self.n_arms]
        return tuple(
            standardised(
                logits[:, : self.n_arms],
                logits[:, rows],
                cell=cell,
                market=self._own(attribute)[0],
                level=self._own(attribute)[1],
            )
            for attribute, rows in enumerate(self.references)
        )

    @one_thread
    def borrowed(self, market: int) -> tuple[Floats, ...]:
        """Of what is known of levels in a market, the share learnt elsewhere: each (n_levels,).

        With P the precision of a level's logit against the mean of the market's levels: after
        all data, after the market's own data alone, and before any, the share is
        1 - (P_own - P_prior) / (P_all - P_prior), within 0 and 1. NaN where nothing is known.
        """
        own = self.arms.market == market
        alone = fit(
            self.posterior.design,
            clicks=self.clicks * own,
            impressions=self.impressions * own,
            rounds=0,
        )
        shares = []
        for attribute in range(len(self.references)):
            along = self._contrasts(attribute, market)
            prior = 1 / (np.square(along) @ (1 / self.posterior.design.precision))
            learnt = precision(self.posterior, along) - prior
            own_learnt = precision(alone, along) - prior
            known = learnt > LEAST_LEARNT * prior
            part = np.divide(own_learnt, learnt, out=np.zeros_like(prior), where=known)
            shares.append(np.where(known, np.clip(1 - part, 0.0, 1.0), np.nan))
        return tuple(shares)

    def _own(self, attribute: int) -> tuple[Ints, Ints]:
        """Market and level of each of the n arms."""
        level = self.arms.attributes[: self.n_arms, attribute]
        return self.arms.market[: self.n_arms], level

    def _contrasts(self, attribute: int, market: int) -> Floats:
        """Levels against the mean of those tried, as weights of the columns, (n_levels, d).

        Reference rows of a cell share their idea, so its nested effects cancel.
        """
        rows = self.references[attribute]
        rows = rows[self.arms.market[rows[:, 0]] == market]
        matrix = dense(self.posterior.design.matrix[rows.reshape(-1)])
        levels = matrix.reshape(*rows.shape, -1).mean(axis=0)
        tried = self.tried(attribute)[market]
        return np.asarray(levels - levels[tried].mean(axis=0)) if tried.any() else levels


def precision(posterior: Posterior, along: Floats) -> Floats:
    """1 / variance of each row of (k, d) times the columns' weights, (k,)."""
    halves = solve_triangular(posterior.system.factor, along.T, lower=True)
    with np.errstate(divide="ignore"):
        return np.asarray(1 / np.square(halves).sum(axis=0))


def study(
    arms: Arms,
    spread: Spread,
    *,
    clicks: Ints,
    impressions: Ints,
    n_levels: Sequence[int],
) -> Study:
    """What is believed of n arms and of levels that some cells never showed.

    clicks, impressions: (n,) totals. n_levels: of each attribute, at least its codes; codes
    above them are levels that nobody tried, known by the prior alone.
    """
    extended, references = with_references(arms, n_levels)
    shown = padded(impressions, len(extended.market))
    clicked = padded(clicks, len(extended.market))
    posterior = fit(design(extended, spread), clicks=clicked, impressions=shown)
    return Study(
        arms=extended,
        n_arms=len(arms.market),
        references=references,
        posterior=posterior,
        clicks=clicked,
        impressions=shown,
    )


def padded(counts: Ints, length: int) -> Floats:
    """Counts followed by zeros, (length,)."""
    return np.concatenate([counts, np.zeros(length - len(counts))]).astype(np.float64)


def with_references(arms: Arms, n_levels: Sequence[int]) -> tuple[Arms, tuple[Ints, ...]]:
    """The arms, then for each attribute, cell and level a copy of an arm with that level.

    A copy keeps cell and idea, so it adds columns for levels that its market never showed and
    no other effect. Its row has no impressions, hence no say in what is learnt.
    """
    n_arms = len(arms.market)
    firsts = np.unique(arms.cell, return_index=True)[1]
    sources, changed, references = [np.arange(n_arms)], [arms.attributes], []
    start = n_arms
    for attribute, count in enumerate(n_levels):
        source = np.repeat(firsts, count)
        values = arms.attributes[source].copy()
        values[:, attribute] = np.tile(np.arange(count), len(firsts))
        references.append(start + np.arange(len(source)).reshape(len(firsts), count))
        sources.append(source)
        changed.append(values)
        start += len(source)
    copies = taken(arms, np.concatenate(sources))
    return replace(copies, attributes=np.concatenate(changed)), tuple(references)


def taken(arms: Arms, rows: Ints) -> Arms:
    """Some rows of the arms; what they don't have stays empty."""
    n_arms = len(arms.market)
    values = {each.name: getattr(arms, each.name) for each in fields(arms)}
    return Arms(
        **{
            name: value[rows] if value.shape[:1] == (n_arms,) else value
            for name, value in values.items()
        }
    )


def standardised(
    logits: Floats, references: Floats, *, cell: Ints, market: Ints, level: Ints
) -> Floats:
    """Mean rate of each market's arms, had all of them each level.

    logits: of the arms, (n_draws, n). references: (n_draws, n_cells, n_levels).
    cell, market, level: (n,) codes; arms without the attribute, -1, are left out.
    Returns (n_draws, n_markets, n_levels).
    """
    held = np.flatnonzero(level >= 0)
    cell, level, own = cell[held], level[held], market[held]
    base = logits[:, held] - references[:, cell, level]
    n_levels = references.shape[2]
    rates = np.full((len(logits), int(market.max()) + 1, n_levels), np.nan)
    for each in range(n_levels):
        given = expit(base + references[:, cell, each])
        for code in np.unique(own):
            rates[:, code, each] = given[:, own == code].mean(axis=1)
    return rates


def overall(rates: Floats) -> Floats:
    """Geometric mean over markets: (n_draws, n_markets, k) → (n_draws, k).

    Every market counts alike, whatever its own click rate and its number of ads.
    """
    present = ~np.isnan(rates).any(axis=(0, 2))
    return np.asarray(np.exp(np.log(rates[:, present]).mean(axis=1)))


def compared(rates: Floats) -> LevelEffects:
    """Levels against the mean of all k, from joint draws of their rates, (n_draws, k)."""
    ratios = rates / rates.mean(axis=1, keepdims=True)
    low, high = np.quantile(ratios, (0.025, 0.975), axis=0)
    return LevelEffects(
        rate=rates.mean(axis=0),
        ratio=ratios.mean(axis=0),
        low=low,
        high=high,
        best=winning(rates),
        above=(ratios > 1).mean(axis=0),
    )


def winning(rates: Floats) -> Floats:
    """How often each of k levels is the best over draws: (n_draws, k) → (k,).

    Choosing in these proportions is Thompson sampling (Thompson, 1933; Scott, 2010, §3).
    """
    winners = np.bincount(rates.argmax(axis=1), minlength=rates.shape[1])
    return np.asarray(winners / len(rates))


def explored(best: Floats, *, even_share: float) -> Floats:
    """Probabilities of being the best, a part of which is spread evenly, (k,), summing to 1."""
    return np.asarray((1 - even_share) * best + even_share / len(best))
