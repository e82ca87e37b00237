"""What moving money between cells brings: `python -m benchmarks.bandit.money [seeds]`.

Twelve cells, 28 days, clicks ∝ spend ** b with b around 0.8 (SD 0.06), levels differing by a
log SD of 0.5 and drifting by 3 % a day, days differing by 10 %. Every cell's money stays
between 0.3 and 3 times the even split. Gains are over the even split of the same money, with
95 % intervals over paired seeds.
"""

from __future__ import annotations

import sys
from dataclasses import replace

import numpy as np

from studio.bandit.response import CellDays, Curves, learn_responses
from studio.bandit.spread import no_limits, spread
from studio.bandit.threads import one_thread

N_CELLS, N_DAYS, TOTAL = 12, 28, 120_000
POLICIES = {
    "true curves, at most ±20 % a day": (0.2, True),
    "learnt curves, at most ±20 % a day": (0.2, False),
    "learnt curves, no limit a day": (9.0, False),
}


@one_thread
def gain(seed: int, *, max_change: float, known: bool) -> float:
    """Results relative to the even split over one campaign, minus 1."""
    rng = np.random.default_rng(seed)
    even = np.full(N_CELLS, TOTAL / N_CELLS)
    exponent = np.clip(rng.normal(0.8, 0.06, N_CELLS), 0.5, 0.95)
    level = np.exp(rng.normal(np.log(60), 0.5, N_CELLS))
    drift = np.cumsum(rng.normal(0, 0.03, (N_CELLS, N_DAYS)), axis=1)
    mood = np.exp(drift + rng.normal(0, 0.1, (N_CELLS, N_DAYS)))
    budget, ours, theirs = even.copy(), 0.0, 0.0
    spends, results = np.zeros((2, N_CELLS, N_DAYS))
    for day in range(N_DAYS):
        truth = Curves(level=level * mood[:, day], reference=even, exponent=exponent)
        ours += truth.results(budget).sum()
        theirs += truth.results(even).sum()
        spends[:, day] = budget
        results[:, day] = rng.poisson(truth.results(budget))
        seen = CellDays(spend=spends[:, : day + 1], results=results[:, : day + 1])
        limits = replace(
            no_limits(N_CELLS, total=TOTAL),
            floor=0.3 * even, cap=3 * even, previous=budget, max_change=max_change,
        )  # fmt: skip
        curves = truth if known else learn_responses(seen).curves
        budget = spread(curves, limits).budget.astype(np.float64)
    return float(ours / theirs - 1)


def main() -> None:
    """Print the table."""
    seeds = int(sys.argv[1]) if len(sys.argv) > 1 else 12
    print("| policy | gain over the even split, % |\n|---|---|")
    for name, (max_change, known) in POLICIES.items():
        gains = 100 * np.array(
            [gain(seed, max_change=max_change, known=known) for seed in range(seeds)]
        )
        half = 1.96 * gains.std(ddof=1) / np.sqrt(seeds)
        print(f"| {name} | {gains.mean():+.1f} ± {half:.1f} |", flush=True)


if __name__ == "__main__":
    main()
