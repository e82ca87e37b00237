"""Speed and memory of ours and the peers, side by side in one run.

    python benchmarks/bandit/speed.py [--policy NAME …] [--growth]

Every measurement is a process of its own with one thread, so that memory is the policy's own;
times are processor times. Rates come from 20 cells × 12 ads; a day to learn is 240 rows of
counts that stand for 9,600 impressions, which policies without counts take one by one. With
--growth the campaign grows until a morning (learn a day, then decide for every cell) takes
over 60 s or 4 GB.
"""

from __future__ import annotations

import os

os.environ.setdefault("OMP_NUM_THREADS", "1")
os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")

import argparse
import csv
import json
import resource
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np

sys.path.insert(0, str(Path(__file__).parents[2]))

from benchmarks.bandit.peers import PEERS, tuned
from benchmarks.bandit.peers_learner import InBatches, Learner, Reports
from benchmarks.bandit.peers_logistic import BayesianBandits
from benchmarks.bandit.world import Floats, Ints, Setting

RESULTS = Path(__file__).with_name("results")
OURS = "studio"
POLICIES = (
    OURS, "beta-cell", "mabwiser-linucb", "mabwiser-lints", "vw-bag", "vw-squarecb",
    "cb-logistic-ts", "cb-softmax", "bb-ts", "bb-ids", "river-linucb", "river-ts", "banditml",
)  # fmt: skip
SIZES = (
    (12, 20), (12, 100), (100, 20), (100, 100), (300, 100), (1_000, 100), (1_000, 1_000),
    (10_000, 1_000),
)  # fmt: skip
"""Ads × cells."""
RATES = ("decide_single", "decide_many", "learn_impressions")
MAX_SECONDS, MAX_BYTES = 60, 4 * 2**30
ENOUGH_SECONDS = 1.0
PER_PLACE = 5
"""Impressions of an ad in a cell on a day of the growth curve."""


def setting_of(n_variants: int, n_cells: int) -> Setting:
    """A campaign of any size: markets × 4 segments, and three attributes of 6, 4 and 3."""
    cells, variants = np.arange(n_cells), np.arange(n_variants)
    levels = (variants % 6, variants // 6 % 4, variants // 24 % 3)
    return Setting(
        market=cells // 4,
        segment=cells % 4,
        attributes=np.column_stack(levels),
        impressions=np.full(n_cells, PER_PLACE * n_variants),
        days=28,
    )


def some_reports(setting: Setting, impressions: int, seed: int) -> Reports:
    """A day with so many impressions in every place, at a click rate of about 1.5 %."""
    n_cells, n_variants = len(setting.market), len(setting.attributes)
    rng = np.random.default_rng(seed)
    cells = np.repeat(np.arange(n_cells), n_variants)
    seen = np.full(len(cells), impressions)
    return Reports(
        cells=cells,
        variants=np.tile(np.arange(n_variants), n_cells),
        impressions=seen,
        clicks=rng.binomial(seen, 0.015),
    )


def learner_of(policy: str, setting: Setting) -> Learner:
    """A policy with the parameters that tuning chose."""
    if policy == OURS:
        from benchmarks.bandit.speed_ours import OurLearner

        return OurLearner(setting=setting)
    parameters = tuned(policy, "batch")
    horizon = int(setting.impressions.sum()) * setting.days
    return PEERS[policy].build(setting, 1, horizon, **parameters)


def per_second(call: Callable[[], int]) -> float:
    """Units a second of processor time; `call` returns how many it did."""
    done, started = 0, time.process_time()
    while (spent := time.process_time() - started) < ENOUGH_SECONDS:
        done += call()
    return done / spent


def rates(policy: str) -> dict[str, float]:
    """Decisions and rows a second on 20 cells × 12 ads, and the peak of memory."""
    setting = setting_of(12, 20)
    learner, rng = learner_of(policy, setting), np.random.default_rng(1)
    live = np.ones(12, dtype=bool)
    learner.learn(some_reports(setting, 400, 1))
    learner.choose(np.array([0]), live, rng)
    one, many = np.array([3]), rng.integers(20, size=5_000)
    day = some_reports(setting, 40, 2)

    def decide(cells: Ints) -> int:
        if isinstance(learner, BayesianBandits):
            # Its adapter shares pulls between visitors; speed is that of the library itself.
            learner.agent.pull(cells[:, None].astype(float))
        else:
            learner.choose(cells, live, rng)
        return len(cells)

    def renew() -> int:
        learner.learn(day)
        learner.choose(one, live, rng)
        return int(day.impressions.sum())

    found = {
        "decide_single": per_second(lambda: decide(one)),
        "decide_many": per_second(lambda: decide(many)),
        "learn_impressions": per_second(renew),
    }
    return found | {"rss_mb": peak_mb()}


def morning(policy: str, n_variants: int, n_cells: int) -> dict[str, float]:
    """Seconds of a morning: learn a day of counts, then one decision or the shares a cell."""
    setting = setting_of(n_variants, n_cells)
    learner = learner_of(policy, setting)
    batches = InBatches(learner=learner, setting=setting, pulls=1)
    live, rng = np.ones(n_variants, dtype=bool), np.random.default_rng(1)
    day = some_reports(setting, PER_PLACE, 1)
    started = time.process_time()
    learner.learn(day)
    _decide_all(batches, live, rng)
    return {"seconds": time.process_time() - started, "rss_mb": peak_mb()}


def _decide_all(batches: InBatches, live: Any, rng: np.random.Generator) -> Floats | Ints:
    cells = np.arange(len(batches.setting.market))
    return batches.learner.choose(cells, live, rng)


def peak_mb() -> float:
    """Most memory that this process has held, in 10⁶ bytes."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024 / 1e6


def apart(*arguments: str) -> dict[str, float] | str:
    """A measurement in a process of its own; why not, where it failed."""

    def limit() -> None:
        resource.setrlimit(resource.RLIMIT_CPU, (MAX_SECONDS + 15, MAX_SECONDS + 20))
        resource.setrlimit(resource.RLIMIT_AS, (2 * MAX_BYTES, 2 * MAX_BYTES))

    done = subprocess.run(
        [sys.executable, __file__, "--one", *arguments],
        capture_output=True,
        text=True,
        check=False,
        preexec_fn=limit,
    )
    if done.returncode == 0:
        return dict(json.loads(done.stdout.splitlines()[-1]))
    if done.returncode < 0 or done.returncode > 128:
        return "over 60 s"
    last = (done.stderr.strip().splitlines() or ["failed"])[-1]
    return "over 4 GB" if "MemoryError" in last or "Unable to allocate" in last else last[:80]


def measure_rates(policies: list[str]) -> None:
    """Write results/speed.csv, one row a policy."""
    head = (
        "policy", "decisions/s, one by one", "decisions/s, 5,000 at once",
        "impressions learnt/s", "ms to learn a day and be ready", "peak MB",
    )  # fmt: skip
    rows = []
    for policy in policies:
        found = apart("rates", policy)
        if isinstance(found, str):
            rows.append([policy, found, *[""] * (len(head) - 2)])
            continue
        ready = 1000 * 9_600 / found["learn_impressions"]
        numbers = [f"{found[name]:,.0f}" for name in RATES]
        rows.append([policy, *numbers, f"{ready:,.2f}", f"{found['rss_mb']:,.0f}"])
        print(rows[-1], file=sys.stderr)
    _write(RESULTS / "speed.csv", head, rows)


def measure_growth(policies: list[str]) -> None:
    """Write results/growth.csv: seconds and memory at every size that a policy survives."""
    head = ("policy", *(f"{n_variants:,} × {n_cells:,}" for n_variants, n_cells in SIZES))
    rows = []
    for policy in policies:
        row = [policy]
        for n_variants, n_cells in SIZES:
            found = apart("morning", policy, str(n_variants), str(n_cells))
            if isinstance(found, str):
                row.append(found)
                break
            over = found["seconds"] > MAX_SECONDS or found["rss_mb"] > MAX_BYTES / 1e6
            row.append(f"{found['seconds']:.2f} s, {found['rss_mb']:,.0f} MB")
            if over:
                break
        rows.append(row + [""] * (len(head) - len(row)))
        print(rows[-1], file=sys.stderr)
    _write(RESULTS / "growth.csv", head, rows)


def _write(path: Path, head: tuple[str, ...], rows: list[list[str]]) -> None:
    path.parent.mkdir(exist_ok=True)
    with path.open("w", encoding="utf-8", newline="") as file:
        csv.writer(file, lineterminator="\n").writerows([head, *rows])


def main() -> None:
    """Measure everything, or one thing for the process above."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--policy", nargs="*", default=list(POLICIES))
    parser.add_argument("--growth", action="store_true")
    parser.add_argument("--one", nargs="+", help=argparse.SUPPRESS)
    asked = parser.parse_args()
    if asked.one:
        what, policy, *size = asked.one
        found = rates(policy) if what == "rates" else morning(policy, *map(int, size))
        print(json.dumps(found))
    elif asked.growth:
        measure_growth(asked.policy)
    else:
        measure_rates(asked.policy)


if __name__ == "__main__":
    main()
