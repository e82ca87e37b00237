"""Off-policy estimates next to `obp`'s, and how often the intervals hold on simulated logs.

    python benchmarks/bandit/off_policy.py [--data DIR --peer-python PYTHON] [--seeds 240]

DIR holds the Open Bandit samples ({random,bts}_{men,women}.csv); PYTHON runs an environment
with `obp` (see `off_policy_peer.py`). Without either, that table of the last run stays.
"""

from __future__ import annotations

import argparse
import csv
import json
import os
import platform
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np

from studio.bandit.features import Floats, Ints
from studio.bandit.logged import Counts, Events
from studio.bandit.off_policy import (
    Estimate,
    Interval,
    NotEnoughSupport,
    Settings,
    direct,
    doubly_robust,
    estimate,
    evaluate,
    self_normalised,
    self_normalised_doubly_robust,
    supported,
    weighted_mean,
)
from studio.bandit.sequential import Strata, match, uplift

CLIP = 2.0
CELLS, ARMS, IMPRESSIONS, LOGGED_DAYS, DAYS = 20, 12, 500, 14, 28
FLOORS = (0.0, 0.02, 0.05, 0.10)
HOLDOUT = 0.05
PEER = Path(__file__).with_name("off_policy_peer.py")
MARK = "## Agreement with obp"


@dataclass(frozen=True, slots=True, eq=False, kw_only=True)
class Sample:
    """One Open Bandit log, n decisions at one of 3 positions, all (n,)."""

    arm: Ints
    position: Ints
    clicks: Floats
    propensity: Floats


def read_sample(path: Path) -> Sample:
    """The columns that the estimators need."""
    with path.open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    return Sample(
        arm=np.array([int(row["item_id"]) for row in rows]),
        position=np.array([int(row["position"]) - 1 for row in rows]),
        clicks=np.array([float(row["click"]) for row in rows]),
        propensity=np.array([float(row["propensity_score"]) for row in rows]),
    )


def tallied(sample: Sample, n_arms: int) -> tuple[Floats, Floats]:
    """Shares of the arms at each position, and smoothed click rates, both (3, n_arms)."""
    place = sample.position * n_arms + sample.arm
    shown = np.bincount(place, minlength=3 * n_arms).reshape(3, n_arms)
    clicked = np.bincount(place, sample.clicks, minlength=3 * n_arms).reshape(3, n_arms)
    shares = (shown + 1) / (shown + 1).sum(axis=1, keepdims=True)
    base = sample.clicks.mean()
    return shares, (clicked + 200 * base) / (shown + 200)


def tasks(data: Path) -> Iterator[tuple[str, Sample, Floats, Floats]]:
    """Log, target shares and rates (3, n_arms): each log is asked for the other's policy.

    The random log is asked for the shares of the Bernoulli-TS log, that for the even split;
    rates come from the other log, so that nothing is judged by a model that has seen it.
    """
    for campaign in ("men", "women"):
        logs = {
            name: read_sample(data / f"{name}_{campaign}.csv") for name in ("random", "bts")
        }
        n_arms = 1 + max(int(log.arm.max()) for log in logs.values())
        shares, rates = tallied(logs["bts"], n_arms)
        yield f"random_{campaign}", logs["random"], shares, rates
        _, rates = tallied(logs["random"], n_arms)
        yield f"bts_{campaign}", logs["bts"], np.full((3, n_arms), 1 / n_arms), rates


def ours(log: Sample, target: Floats, rates: Floats) -> tuple[dict[str, float], dict[str, Any]]:
    """The studio's values under the names that `off_policy_peer.py` uses, and its ends."""
    rows = Events(
        arm=log.arm,
        clicks=log.clicks,
        propensity=log.propensity,
        target=target[log.position],
        rates=rates[log.position],
    ).rows()
    plain = {
        "IPS": weighted_mean,
        "SNIPS": self_normalised,
        "DR": doubly_robust,
        "SNDR": self_normalised_doubly_robust,
    }
    found = {name: estimate(estimator, rows) for name, estimator in plain.items()}
    clipped = Settings(largest_weight=CLIP)
    found["DM"] = direct(rows)
    found["IPS clipped"] = estimate(weighted_mean, rows, clipped)
    found["DR clipped"] = estimate(doubly_robust, rows, clipped)
    values = {name: one.value for name, one in found.items()}
    values["bias of IPS clipped"] = found["IPS clipped"].bias
    support = supported(rows)
    size = f"{support.effective_impressions:,.0f} ({support.effective_clicks:.0f} clicks)"
    return values, {**found, "size": size}


def ask_peer(python: Path, given: dict[str, tuple[Sample, Floats, Floats]]) -> Any:
    """Its answers, by log; it takes shares and rates as (n, n_arms, 3)."""
    arrays = {}
    for name, (log, target, rates) in given.items():
        shape = (len(log.arm), 1, 1)
        arrays |= {
            f"{name}/arm": log.arm,
            f"{name}/position": log.position,
            f"{name}/clicks": log.clicks,
            f"{name}/propensity": log.propensity,
            f"{name}/target": np.tile(target.T, shape),
            f"{name}/rates": np.tile(rates.T, shape),
        }
    with tempfile.TemporaryDirectory() as folder:
        source, answers = Path(folder) / "given.npz", Path(folder) / "answers.json"
        np.savez_compressed(source, **arrays)
        subprocess.run([python, PEER, source, answers], check=True)
        return json.loads(answers.read_text(encoding="utf-8"))


def agreement_table(data: Path, peer_python: Path) -> str:
    """Both numbers for each log and estimator, and the intervals of three."""
    given = {name: rest for name, *rest in tasks(data)}
    peer = ask_peer(peer_python, {name: tuple(rest) for name, rest in given.items()})
    lines = [
        "| log | estimator | studio | obp | relative difference |",
        "|---|---|---|---|---|",
    ]
    ends = [
        "| log | effective impressions | estimator | studio (gamma) | obp (bootstrap, 2,000) |",
        "|---|---|---|---|---|",
    ]
    largest = 0.0
    for name, rest in given.items():
        values, found = ours(*rest)
        for estimator, theirs in peer[name]["values"].items():
            apart = abs(values[estimator] / theirs - 1)
            largest = max(largest, apart)
            lines.append(
                f"| {name} | {estimator} | {values[estimator]:.10f} | {theirs:.10f} | "
                f"{apart:.1e} |"
            )
        for estimator, (low, high) in peer[name]["ends"].items():
            mine: Estimate = found[estimator]
            ends.append(
                f"| {name} | {found['size']} | {estimator} | {mine.low:.5f} – "
                f"{mine.high:.5f} | {low:.5f} – {high:.5f} |"
            )
    return (
        f"{MARK}\n\nobp 0.5.7 on samples of the Open Bandit Dataset, 10,000 decisions a log. "
        "The random log is asked for the shares of the Bernoulli-TS log, that one for the even "
        "split; rates of DM and DR come from the other log. Weights are clipped at 2. "
        f"**Largest relative difference: {largest:.1e}.**\n\n"
        + "\n".join(lines)
        + "\n\nIntervals at 95 %:\n\n"
        + "\n".join(ends)
    )


@dataclass(frozen=True, slots=True, eq=False, kw_only=True)
class Log:
    """A simulated campaign, all (days, cells, arms), with its hidden rates (cells, arms)."""

    rates: Floats
    shares: Floats
    impressions: Ints
    clicks: Ints
    held_impressions: Ints
    held_clicks: Ints
    past: Floats
    """Rates as three days of even split before it showed them, smoothed."""


def run_campaign(*, floor: float, days: int, holdout: float, rng: np.random.Generator) -> Log:
    """Shares follow win probabilities of 100 tempered draws (α = 0.5), floored."""
    shape = (CELLS, ARMS)
    effects = 0.22 * rng.standard_normal(ARMS) + 0.2 * rng.standard_normal(shape)
    rates = 0.0131 * np.exp(0.38 * rng.standard_normal((CELLS, 1)) + effects)
    even = np.full(shape, 1 / ARMS)
    past_shown = rng.multinomial(np.full(CELLS, 3 * IMPRESSIONS), even)
    past = smoothed(rng.binomial(past_shown, rates), past_shown)
    seen, clicked, columns = np.zeros(shape), np.zeros(shape), []
    shares = even
    held = round(holdout * IMPRESSIONS)
    for _ in range(days):
        shown = rng.multinomial(np.full(CELLS, IMPRESSIONS - held), shares)
        held_shown = rng.multinomial(np.full(CELLS, held), even)
        clicks, held_clicks = rng.binomial(shown, rates), rng.binomial(held_shown, rates)
        columns.append((shares, shown, clicks, held_shown, held_clicks))
        seen, clicked = seen + shown + held_shown, clicked + clicks + held_clicks
        belief = np.log(smoothed(clicked, seen))
        deviation = 1 / np.sqrt(clicked + 1 / 0.2**2)
        draws = belief + 0.5 * deviation * rng.standard_normal((100, *shape))
        wins = (draws == draws.max(axis=2, keepdims=True)).mean(axis=0)
        shares = floor / ARMS + (1 - floor) * wins
    shares, shown, clicks, held_shown, held_clicks = (
        np.array(column) for column in zip(*columns, strict=True)
    )
    return Log(
        rates=rates,
        shares=shares,
        impressions=shown,
        clicks=clicks,
        held_impressions=held_shown,
        held_clicks=held_clicks,
        past=past,
    )


def smoothed(clicks: Floats | Ints, impressions: Floats | Ints) -> Floats:
    """Rates shrunk to the product of their cell's and their arm's, (cells, arms)."""
    base = clicks.sum() / impressions.sum()
    cell = (clicks.sum(axis=1) + 10) / (impressions.sum(axis=1) + 10 / base) / base
    arm = (clicks.sum(axis=0) + 20) / (impressions.sum(axis=0) + 20 / base)
    centre = cell[:, None] * arm
    return np.asarray((clicks + 25) / (impressions + 25 / centre))


def asked(log: Log, target: Floats) -> Counts:
    """The log as counts against target shares (cells, arms)."""
    days = len(log.shares)
    code = np.arange(log.shares.size)
    return Counts(
        context=code // ARMS,
        unit=code % (CELLS * ARMS),
        impressions=log.impressions.ravel().astype(float),
        clicks=log.clicks.ravel().astype(float),
        propensity=log.shares.ravel(),
        target=np.tile(target, (days, 1, 1)).ravel(),
        rates=np.tile(log.past, (days, 1, 1)).ravel(),
    )


def coverage_table(seeds: int) -> str:
    """How often 95 % intervals contain the truth, by floor and target."""
    lines = [
        "| floor | target | answered | IPS gamma | IPS normal | SNIPS gamma | DR gamma | "
        "IPS normal, refusals ignored | IPS bias | half-width of IPS |",
        "|---|---|---|---|---|---|---|---|---|---|",
    ]
    for floor in FLOORS:
        tries: dict[str, list[list[float]]] = {"even split": [], "challenger": []}
        for seed in range(seeds):
            rng = np.random.default_rng([2000, seed])
            chosen = np.eye(ARMS)[rng.integers(ARMS, size=CELLS)]
            targets = {
                "even split": np.full((CELLS, ARMS), 1 / ARMS),
                "challenger": 0.4 / ARMS + 0.6 * chosen,
            }
            log = run_campaign(floor=floor, days=LOGGED_DAYS, holdout=0.0, rng=rng)
            for name, target in targets.items():
                tries[name].append(tried(log, target))
        lines += [row(floor, name, np.array(results)) for name, results in tries.items()]
    return "\n".join(lines)


def tried(log: Log, target: Floats) -> list[float]:
    """Answered; covered by IPS gamma and normal, SNIPS and DR gamma; IPS error; half-width."""
    truth = float((log.rates * target).sum(axis=1).mean())
    rows = asked(log, target).rows()
    normal = Settings(interval=Interval.NORMAL)
    made = [
        estimate(weighted_mean, rows),
        estimate(weighted_mean, rows, normal),
        estimate(self_normalised, rows),
        estimate(doubly_robust, rows),
    ]
    covered = [float((one.low or 0.0) <= truth <= (one.high or 0.0)) for one in made]
    half = ((made[0].high or 0.0) - (made[0].low or 0.0)) / 2
    answered = not isinstance(evaluate(rows), NotEnoughSupport)
    return [float(answered), *covered, made[0].value / truth - 1, half / truth]


def row(floor: float, target: str, results: Floats) -> str:
    """One line of the table; intervals count where the log was not refused."""
    kept = results[results[:, 0] == 1]
    shown = [f"{100 * kept[:, i].mean():.0f} %" if len(kept) else "–" for i in range(1, 5)]
    return (
        f"| {100 * floor:.0f} % | {target} | {100 * results[:, 0].mean():.0f} % | "
        f"{' | '.join(shown)} | {100 * results[:, 2].mean():.0f} % | "
        f"{100 * results[:, 5].mean():+.1f} % | ±{100 * results[:, 6].mean():.0f} % |"
    )


def uplift_table(seeds: int) -> str:
    """Looks at every day of a campaign with a holdout."""
    lines = [
        "| campaign | true uplift, day 28 | anytime interval wrong on some day | daily 95 % "
        "interval wrong on some day | uplift proven by day 7 / 14 / 28 | low – high on day 28, "
        "mean |",
        "|---|---|---|---|---|---|",
    ]
    for name, flat in (("ads differ as in the tables above", False), ("all ads alike", True)):
        looks = np.array([looked(seed, flat=flat) for seed in range(seeds)])
        truth, low, high, single_low, single_high = np.moveaxis(looks, 2, 0)
        wrong = ((truth < low) | (truth > high)).any(axis=1).mean()
        naive = ((truth < single_low) | (truth > single_high)).any(axis=1).mean()
        proven = " / ".join(
            f"{100 * (low[:, :day] > 0).any(axis=1).mean():.0f} %" for day in (7, 14, 28)
        )
        lines.append(
            f"| {name} | {round(100 * truth[:, -1].mean()):+d} % | {100 * wrong:.1f} % | "
            f"{100 * naive:.1f} % | {proven} | {100 * low[:, -1].mean():+.0f} % – "
            f"{100 * high[:, -1].mean():+.0f} % |"
        )
    return "\n".join(lines)


def looked(seed: int, *, flat: bool) -> Floats:
    """True uplift, anytime ends and ends for a single look, each day: (days, 5)."""
    log = run_campaign(
        floor=0.05, days=DAYS, holdout=HOLDOUT, rng=np.random.default_rng([3000, seed])
    )
    if flat:
        log = flattened(log, np.random.default_rng([4000, seed]))
    groups = [
        column.sum(axis=2).astype(float)
        for column in (log.impressions, log.clicks, log.held_impressions, log.held_clicks)
    ]
    planned_rate = (log.shares * log.rates).sum(axis=2).sum(axis=1).cumsum()
    even_rate = log.rates.mean(axis=1).sum() * np.arange(1, DAYS + 1)
    looks = []
    for day in range(1, DAYS + 1):
        columns = [column[:day].ravel() for column in groups]
        strata = Strata(
            planned_impressions=columns[0],
            planned_clicks=columns[1],
            holdout_impressions=columns[2],
            holdout_clicks=columns[3],
        )
        found, pairs = (
            uplift(strata, holdout_share=HOLDOUT),
            match(strata, holdout_share=HOLDOUT),
        )
        planned, even = max(pairs.planned, 0.5), max(pairs.even, 0.5)
        centre, half = planned * pairs.odds / even, 1.96 * (1 / planned + 1 / even) ** 0.5
        truth = planned_rate[day - 1] / even_rate[day - 1] - 1
        single = (centre * np.exp(-half) - 1, centre * np.exp(half) - 1)
        looks.append([truth, found.low, found.high, *single])
    return np.array(looks)


def flattened(log: Log, rng: np.random.Generator) -> Log:
    """The same delivery where every ad of a cell has the cell's mean rate."""
    rates = np.broadcast_to(log.rates.mean(axis=1, keepdims=True), log.rates.shape)
    return replace(
        log,
        rates=rates,
        clicks=rng.binomial(log.impressions, rates),
        held_clicks=rng.binomial(log.held_impressions, rates),
    )


def kept_agreement(page: Path) -> str:
    """The table of the last run that had a peer."""
    text = page.read_text(encoding="utf-8") if page.exists() else ""
    return text[text.index(MARK) :].rstrip() if MARK in text else f"{MARK}\n\nNot run."


def main() -> None:
    """Run what can be run, and write the page."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--data", type=Path)
    parser.add_argument("--peer-python", type=Path)
    parser.add_argument("--seeds", type=int, default=240)
    given = parser.parse_args()
    page = Path(__file__).with_suffix(".md")
    has_data = given.data is not None and (given.data / "random_men.csv").exists()
    if has_data and given.peer_python is not None:
        agreement = agreement_table(given.data, given.peer_python)
    else:
        missing = "--peer-python" if has_data else "--data with random_men.csv and the others"
        print(f"skipped the comparison with obp: no {missing}", file=sys.stderr)
        agreement = kept_agreement(page)
    started = time.process_time()
    coverage, uplifts = coverage_table(given.seeds), uplift_table(given.seeds)
    text = (
        "# Off-policy estimates and the uplift over the holdout\n\n"
        f"`python benchmarks/bandit/off_policy.py --data DIR --peer-python PYTHON` on "
        f"{os.cpu_count()} cores ({platform.machine()}), Python {platform.python_version()}, "
        f"numpy {np.__version__}; simulations took {time.process_time() - started:.0f} s of "
        f"CPU. {CELLS} cells of {ARMS} ads, {IMPRESSIONS} impressions a cell and day, click "
        "rates around 1.3 %, ads of a cell differing by a log SD of 0.30, shares by tempered "
        f"Thompson sampling; {given.seeds} seeds, so a coverage of 95 % is known to "
        f"±{196 * (0.95 * 0.05 / given.seeds) ** 0.5:.1f} points.\n\n"
        "## Coverage of 95 % intervals by exploration floor\n\n"
        f"{LOGGED_DAYS} logged days. The challenger gives 60 % of each cell to one random ad. "
        "“Answered”: not refused for want of support. Bias and half-width are relative to "
        "the truth, over all logs.\n\n"
        f"{coverage}\n\n## Uplift over a holdout of 5 %, looked at on all 28 days\n\n{uplifts}"
        f"\n\n{agreement}\n"
    )
    page.write_text(text, encoding="utf-8")
    print(text)


if __name__ == "__main__":
    main()
