"""Quality and speed of the budget policy on simulated markets, against simple peers.

    python benchmarks/bandit_small.py [--seeds 20]

Every policy lives through the same 20 markets (paired seeds, equal luck): 4 markets x 3
placements x 6 ideas, 14 days, 12,000 impressions a day. Scores use the hidden click rates, so
the luck of clicks enters through decisions alone. Regret 0 % is the best ad of each cell from
the first day on, 100 % is an even split.
"""

from __future__ import annotations

import argparse
import os
import platform
import sys
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import TypeAlias

import numpy as np
from scipy.stats import t

from studio.bandit.budget import Guards, Standing, allocate, even_shares, temper
from studio.bandit.features import Arms, Design, Floats, Ints, Spread, design, encode
from studio.bandit.posterior import fit
from studio.bandit.simulator import MARKET, Truth, deliver, draw_truth

MARKETS, PLACEMENTS, IDEAS, DAYS, IMPRESSIONS = 4, 3, 6, 14, 12_000
PRICE = 0.6
SCENARIOS = {
    "standard (ads differ by a logit SD of 0.30)": MARKET,
    "weak (0.21)": Spread(base_rate=0.0131, intercept=0.3, context=0.23, within=0.21),
    "attributes say nothing (0.30, all residual)": Spread(
        base_rate=0.0131,
        intercept=0.3,
        context=0.23,
        within=0.30,
        attribute_share=0.0,
        attribute_market_share=0.0,
        creative_share=0.0,
        creative_market_share=0.0,
        attribute_context_share=0.0,
        residual_share=1.0,
    ),
}


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Morning:
    """What a policy knows when it splits the day's money."""

    features: Design
    arms: Arms
    shares: Floats
    clicks: Ints
    impressions: Ints
    day: int


Policy: TypeAlias = Callable[[Morning, np.random.Generator], Floats]
DEFAULTS = Guards()


def studio_policy(
    now: Morning, rng: np.random.Generator, *, guards: Guards = DEFAULTS
) -> Floats:
    """What `workflows.learn` runs, with the default guard-rails."""
    return allocate(
        fit(now.features, clicks=now.clicks, impressions=now.impressions),
        Standing(
            rows=np.arange(len(now.shares)),
            cell=now.arms.cell,
            previous=now.shares,
            impressions=now.impressions,
        ),
        guards=guards,
        alpha=temper(now.day / (DAYS - 1)),
        n_draws=1000,
        rng=rng,
    ).shares


def unguarded(now: Morning, rng: np.random.Generator) -> Floats:
    """The same without floor, cap and protection."""
    free = Guards(floor_share=0.0, max_change_share=1.0, min_impressions=0)
    return studio_policy(now, rng, guards=free)


def epsilon_greedy(now: Morning, rng: np.random.Generator) -> Floats:
    """90 % to the best observed rate of each cell, 10 % evenly."""
    rate = now.clicks / np.maximum(now.impressions, 1)
    best = np.zeros(len(rate))
    for code in np.unique(now.arms.cell):
        own = np.flatnonzero(now.arms.cell == code)
        best[own[rate[own].argmax()]] = 1.0
    return 0.9 * best + 0.1 * even_shares(now.arms.cell)


def beta_thompson(now: Morning, rng: np.random.Generator) -> Floats:
    """Thompson sampling with an independent Beta(1, 60) for each ad."""
    draws = rng.beta(
        1 + now.clicks, 60 + now.impressions - now.clicks, size=(1000, len(now.clicks))
    )
    wins = np.zeros(len(now.clicks))
    for code in np.unique(now.arms.cell):
        own = np.flatnonzero(now.arms.cell == code)
        wins[own] = np.bincount(draws[:, own].argmax(axis=1), minlength=len(own)) / 1000
    return wins


def bayesianbandits_thompson(now: Morning, rng: np.random.Generator) -> Floats:
    """Thompson sampling on bayesianbandits' logistic model, over the same features.

    It takes one prior precision for all weights and a prior mean of 0, so columns are scaled
    by their prior deviation and the intercept widely; 25 rounds of IRLS instead of 5, which a
    base rate of 1 % needs.
    """
    from bayesianbandits import BayesianGLM, LaplaceApproximator

    features = now.features
    wide = np.where(features.mean != 0, 10.0, np.sqrt(features.variances[features.group]))
    matrix = features.matrix * wide
    model = BayesianGLM(1.0, approximator=LaplaceApproximator(n_iter=25), random_state=rng)
    model.fit(
        np.concatenate([matrix, matrix]),
        np.repeat([1.0, 0.0], len(matrix)),
        sample_weight=np.concatenate([now.clicks, now.impressions - now.clicks]).astype(float),
    )
    draws = np.asarray(model.sample(matrix, size=1000))
    wins = np.zeros(len(matrix))
    for code in np.unique(now.arms.cell):
        own = np.flatnonzero(now.arms.cell == code)
        wins[own] = np.bincount(draws[:, own].argmax(axis=1), minlength=len(own)) / 1000
    return wins


POLICIES: dict[str, Policy] = {
    "studio": studio_policy,
    "studio without guard-rails": unguarded,
    "ε-greedy 0.1 per cell": epsilon_greedy,
    "Beta(1, 60) Thompson per cell": beta_thompson,
    "bayesianbandits GLM, shared, Thompson": bayesianbandits_thompson,
}


def some_arms() -> Arms:
    """Ideas are drawn from 4 angles, 4 sets, 3 palettes and 2 offers, as in a campaign."""
    places = [
        (m, p, i) for m in range(MARKETS) for p in range(PLACEMENTS) for i in range(IDEAS)
    ]
    return encode(
        market=[f"m{m}" for m, _, _ in places],
        placement=[f"p{p}" for _, p, _ in places],
        creative=[f"m{m}/v{i}" for m, _, i in places],
        attributes=[
            {
                "angle": f"a{(i + m) % 4}",
                "set": f"s{(i + i // 4 + 2 * m) % 4}",
                "palette": f"p{(i + i // 3) % 3}",
                "offer": f"o{int(i % 3 == 2)}",
            }
            for m, _, i in places
        ],
    )


def regret(policy: Policy, arms: Arms, truth: Truth, seed: int) -> tuple[float, float]:
    """Regret and uplift of one policy in one market, both in per cent, over all days."""
    features = design(arms, Spread())
    even = shares = even_shares(arms.cell)
    impressions, clicks = np.zeros((2, len(even)), dtype=np.int64)
    budget = IMPRESSIONS * PRICE / (MARKETS * PLACEMENTS)
    got = 0.0
    for day in range(DAYS):
        if day:
            rng = np.random.default_rng([seed, day])
            now = Morning(
                features=features,
                arms=arms,
                shares=shares,
                clicks=clicks,
                impressions=impressions,
                day=day,
            )
            shares = policy(now, rng)
        luck = np.random.default_rng([seed, day, 1])
        counts = deliver(truth, np.round(shares * budget).astype(np.int64), rng=luck)
        impressions, clicks = impressions + counts.impressions, clicks + counts.clicks
        got += float((truth.clicks_per_impression(shares) / truth.price).sum())
    best = DAYS * float((truth.best_rate / truth.price).sum())
    base = DAYS * float((truth.clicks_per_impression(even) / truth.price).sum())
    return 100 * (best - got) / (best - base), 100 * (got / base - 1)


def with_interval(values: Floats) -> str:
    """Mean ± half of the 95 % t-interval over seeds."""
    half = t.ppf(0.975, len(values) - 1) * values.std(ddof=1) / np.sqrt(len(values))
    return f"{values.mean():.1f} ± {half:.1f}"


def quality_table(n_seeds: int) -> str:
    """One row a policy and scenario."""
    arms = some_arms()
    lines = [
        "| scenario | policy | regret % | uplift % | regret minus studio's, paired |",
        "|---|---|---|---|---|",
    ]
    for scenario, spread in SCENARIOS.items():
        found: dict[str, Floats] = {}
        for name, policy in POLICIES.items():
            scores = []
            for seed in range(n_seeds):
                rng = np.random.default_rng([seed, 99])
                truth = draw_truth(arms, price=PRICE, rng=rng, spread=spread)
                scores.append(regret(policy, arms, truth, seed))
            regrets, uplifts = np.array(scores).T
            found[name] = regrets
            paired = "–" if name == "studio" else with_interval(regrets - found["studio"])
            lines.append(
                f"| {scenario} | {name} | {with_interval(regrets)} | {with_interval(uplifts)} "
                f"| {paired} |"
            )
            print(lines[-1], file=sys.stderr)
    return "\n".join(lines)


def speed_table() -> str:
    """Median processor time (one thread) of a fit and of an allocation."""
    arms = some_arms()
    features = design(arms, Spread())
    rng = np.random.default_rng(1)
    n_arms, n_weights = features.matrix.shape
    impressions = rng.integers(0, 20_000, n_arms)
    clicks = rng.binomial(impressions, 0.015)
    standing = Standing(
        rows=np.arange(len(arms.market)),
        cell=arms.cell,
        previous=even_shares(arms.cell),
        impressions=impressions,
    )
    fits, allocations = [], []
    for _ in range(15):
        start = time.process_time()
        posterior = fit(features, clicks=clicks, impressions=impressions)
        middle = time.process_time()
        allocate(posterior, standing, guards=Guards(), alpha=0.4, n_draws=2000, rng=rng)
        fits.append(middle - start)
        allocations.append(time.process_time() - middle)
    return (
        "| arms | weights | fit, CPU ms | 2,000 draws and shares, CPU ms |\n"
        "|---|---|---|---|\n"
        f"| {n_arms} | {n_weights} | {1000 * np.median(fits):.0f} "
        f"| {1000 * np.median(allocations):.0f} |"
    )


def main() -> None:
    """Write the tables beside this file."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--seeds", type=int, default=20)
    asked = parser.parse_args()
    text = (
        "# The budget policy on simulated markets\n\n"
        f"`python benchmarks/bandit_small.py --seeds {asked.seeds}` on "
        f"{os.cpu_count()} cores ({platform.machine()}), Python {platform.python_version()}, "
        f"numpy {np.__version__}. {asked.seeds} paired seeds, {DAYS} days of {IMPRESSIONS:,} "
        f"impressions, {MARKETS * PLACEMENTS} cells of {IDEAS} ads; ± is a 95 % t-interval. "
        "Regret: 0 % is the best ad of every cell from the first day, 100 % an even split; "
        "the first day is split evenly by every policy. The simulator is of the policy's own "
        "family, except in the last scenario.\n\n"
        f"{quality_table(asked.seeds)}\n\n## Speed\n\n{speed_table()}\n"
    )
    Path(__file__).with_suffix(".md").write_text(text, encoding="utf-8")
    print(text)


if __name__ == "__main__":
    main()
