"""Whether the optimizer's intervals and probabilities mean what they say.

    python -m benchmarks.bandit.calibration [--seeds 40]

In simulated campaigns of the standard scenario the policy runs for 14 days; then the 50, 80
and 95 % intervals of every ad's click rate are held against the true rates, and the
probability of being the best of its cell against who is the best. The truth divides its
variance otherwise than the prior does, and has weekdays that the model doesn't know.
"""

from __future__ import annotations

import argparse
from dataclasses import replace
from pathlib import Path

import numpy as np
from matplotlib.figure import Figure
from scipy.special import expit
from scipy.stats import norm, t

from benchmarks.bandit.arena import run_batches
from benchmarks.bandit.ours import Daily
from benchmarks.bandit.world import SCENARIOS, Flags, Floats, World, draw
from studio.bandit.posterior import Posterior

TABLE = Path(__file__).with_suffix(".md")
PLOT = Path(__file__).parents[2] / "docs" / "images" / "calibration.svg"
LEVELS = (0.5, 0.8, 0.95)
BINS = (0.0, 0.02, 0.05, 0.1, 0.2, 0.4, 0.6, 0.8, 1.0)
DAY = 14


def after_two_weeks(world: World) -> Posterior:
    """What is believed on the morning of day 15."""
    policy = Daily(setting=world.setting)
    run_batches(policy, world)
    posterior = policy.beliefs[0].posterior
    if posterior is None:
        raise ValueError("The campaign had no reports.")
    return posterior


def judged(world: World) -> tuple[Floats, Floats, Flags]:
    """How far each true logit lies from its mean in SDs, P(best), and who is best: (n,)."""
    posterior = after_two_weeks(world)
    truth = world.rates.mean(axis=0)
    rows = np.arange(truth.size)
    centre, sd = posterior.logits(rows)
    off = (np.log(truth / (1 - truth)).ravel() - centre) / sd
    draws = expit(posterior.draws(rows, 4000, np.random.default_rng(world.seed)))
    winners = draws.reshape(-1, *truth.shape).argmax(axis=2)
    best = np.stack([(winners == arm).mean(axis=0) for arm in range(truth.shape[1])], axis=1)
    is_best = truth == truth.max(axis=1, keepdims=True)
    return off, best.ravel(), is_best.ravel()


def with_interval(values: Floats) -> str:
    """Mean ± half of the 95 % t-interval over seeds, in per cent."""
    half = t.ppf(0.975, len(values) - 1) * values.std(ddof=1) / np.sqrt(len(values))
    return f"{100 * values.mean():.1f} ± {100 * half:.1f}"


def plotted(inside: list[Floats], bins: list[tuple[float, float, int]]) -> Figure:
    """Coverage beside its aim, and probabilities beside what happened."""
    figure = Figure(figsize=(8, 3.6), layout="constrained")
    left, right = figure.subplots(1, 2)
    for axes in (left, right):
        axes.plot([0, 1], [0, 1], color="#9aa3af", linewidth=1)
        axes.set_aspect("equal")
    left.plot(LEVELS, [values.mean() for values in inside], "o", color="#0072b2")
    left.set(xlabel="Interval", ylabel="Share that holds the truth", title="Click rates")
    said, happened, counts = zip(*bins, strict=True)
    right.scatter(said, happened, s=[8 + 2 * np.sqrt(n) for n in counts], color="#d55e00")
    right.set(
        xlabel="Said probability of being the best",
        ylabel="Share that are",
        title="Best of the cell",
    )
    return figure


def main() -> None:
    """Write table and plot."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--seeds", type=int, default=40)
    asked = parser.parse_args()
    scenario = replace(SCENARIOS["std"], days=DAY)
    found = [judged(draw(scenario, seed)) for seed in range(asked.seeds)]
    inside = [
        np.array([(np.abs(off) < norm.ppf((1 + level) / 2)).mean() for off, _, _ in found])
        for level in LEVELS
    ]
    said = np.concatenate([best for _, best, _ in found])
    happened = np.concatenate([best for _, _, best in found])
    lines = ["| interval | holds the true rate, % |", "|---|---|"]
    for level, values in zip(LEVELS, inside, strict=True):
        lines.append(f"| {100 * level:.0f} % | {with_interval(values)} |")
    lines += ["", "| said P(best) | ads | mean said | were best |", "|---|---|---|---|"]
    bins = []
    for low, high in zip(BINS, BINS[1:], strict=False):
        own = (said >= low) & (said < high if high < 1 else said <= high)
        if own.any():
            mean, share, count = said[own].mean(), happened[own].mean(), int(own.sum())
            bins.append((mean, share, count))
            lines.append(f"| {low:g} to {high:g} | {count} | {mean:.3f} | {share:.3f} |")
    words = (__doc__ or "").strip()
    title = f"# Calibration\n\n{words}\n\n{asked.seeds} campaigns; ± is a 95 % t-interval.\n\n"
    TABLE.write_text(title + "\n".join(lines) + "\n", encoding="utf-8")
    plotted(inside, bins).savefig(PLOT, metadata={"Date": None})
    print("\n".join(lines))


if __name__ == "__main__":
    main()
