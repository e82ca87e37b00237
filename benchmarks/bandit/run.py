"""Policies through the harness, one row of a CSV for each seed; a second call goes on.

    python benchmarks/bandit/run.py --mode batch --scenario std --policy bb-ids --seeds 60 \
        --out benchmarks/bandit/results/batch.csv
    python benchmarks/bandit/run.py --mode batch --tune --policy mabwiser-lints \
        --out benchmarks/bandit/tuning.csv

Without --policy all peers run, without --scenario all scenarios. Slow peers stop at their own
number of seeds unless --all-seeds is given. `studio` and its kin are ours. Tuning runs on
scenario std and seeds from 1000 on, which no result uses.
"""

from __future__ import annotations

import os

os.environ.setdefault("OMP_NUM_THREADS", "1")
os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")

import argparse
import csv
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import cache
from hashlib import sha256
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).parents[2]))

from benchmarks.bandit.arena import Score, run_batches, run_events
from benchmarks.bandit.peers import PEERS, Parameters, ranking, tuned, written
from benchmarks.bandit.world import SCENARIOS, World, draw, for_events

COLUMNS = (
    "mode", "scenario", "policy", "parameters", "seed", "regret", "uplift",
    "last_quarter_regret", "clicks", "even", "best", "seconds",
)  # fmt: skip
TUNING_SEED, TUNING_SEEDS = 1000, 12


@dataclass(frozen=True, slots=True, kw_only=True)
class Task:
    """One policy in one world."""

    mode: str
    scenario: str
    policy: str
    parameters: str
    seed: int
    run: Callable[[World], Score]

    @property
    def key(self) -> tuple[str, ...]:
        return (self.mode, self.scenario, self.policy, self.parameters, str(self.seed))

    def row(self) -> dict[str, Any]:
        """The row that tells what came of it."""
        scenario = SCENARIOS[self.scenario]
        world = draw(for_events(scenario) if self.mode == "event" else scenario, self.seed)
        score = self.run(world)
        found = [f"{getattr(score, name):.4f}" for name in COLUMNS[5:]]
        return dict(zip(COLUMNS, [*self.key, *found], strict=True))


def play(policy: str, mode: str, parameters: Parameters) -> Callable[[World], Score]:
    """A function that lets a policy, ours or a peer, live through a world."""
    if policy not in PEERS:
        return _ours(policy, mode)
    peer = PEERS[policy]

    def run(world: World) -> Score:
        if mode == "batch":
            return run_batches(peer.in_batches(world.setting, world.seed, parameters), world)
        return run_events(peer.on_events(world.setting, world.seed, parameters), world)

    return run


def _ours(policy: str, mode: str) -> Callable[[World], Score]:
    from benchmarks.bandit.ours import BATCH, EVENT

    def run(world: World) -> Score:
        if mode == "batch":
            return run_batches(BATCH[policy](world.setting), world)
        return run_events(EVENT[policy](world.setting), world)

    return run


def tasks(asked: argparse.Namespace) -> Iterator[Task]:
    """What is asked for, seed by seed, so that an early end leaves paired seeds."""
    for scenario in asked.scenario or SCENARIOS:
        for seed in range(asked.first, asked.seeds):
            for policy in asked.policy or PEERS:
                if seed >= _most(policy, asked):
                    continue
                parameters = tuned(policy, asked.mode) if policy in PEERS else {"code": code()}
                yield Task(
                    mode=asked.mode,
                    scenario=scenario,
                    policy=policy,
                    parameters=written(parameters),
                    seed=seed,
                    run=play(policy, asked.mode, parameters),
                )


def _most(policy: str, asked: argparse.Namespace) -> int:
    """How many seeds a policy gets."""
    if asked.all_seeds or policy not in PEERS:
        return int(asked.seeds)
    peer = PEERS[policy]
    return peer.batch_seeds if asked.mode == "batch" else peer.event_seeds


@cache
def code() -> str:
    """Which version of our own code a row is from."""
    root = Path(__file__).parents[2]
    files = sorted((root / "studio" / "bandit").glob("*.py"))
    files.append(Path(__file__).with_name("ours.py"))
    return sha256(b"".join(file.read_bytes() for file in files)).hexdigest()[:10]


def trials(asked: argparse.Namespace) -> Iterator[Task]:
    """Every setting of every grid on the tuning seeds, or the finalists on all of them."""
    for policy in asked.policy or PEERS:
        settings: list[Parameters] = [*PEERS[policy].settings()]
        n_seeds = min(PEERS[policy].tuning_seeds, asked.seeds) if len(settings) > 1 else 0
        if asked.finalists:
            settings = ranking(policy, asked.mode)[: asked.finalists]
            n_seeds = TUNING_SEEDS
        if asked.only:
            settings = [every for every in settings if written(every) in asked.only]
            n_seeds = TUNING_SEEDS
        for seed in range(TUNING_SEED, TUNING_SEED + n_seeds):
            for parameters in settings:
                yield Task(
                    mode=asked.mode,
                    scenario="std",
                    policy=policy,
                    parameters=written(parameters),
                    seed=seed,
                    run=play(policy, asked.mode, parameters),
                )


def done(path: Path) -> set[tuple[str, ...]]:
    """Keys of the rows that are already there."""
    if not path.exists():
        return set()
    with path.open(encoding="utf-8", newline="") as file:
        return {tuple(row[name] for name in COLUMNS[:5]) for row in csv.DictReader(file)}


def main() -> None:
    """Append what is missing."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--mode", choices=("batch", "event"), default="batch")
    parser.add_argument("--scenario", nargs="*", choices=list(SCENARIOS))
    parser.add_argument("--policy", nargs="*")
    parser.add_argument("--first", type=int, default=0, help="the first seed")
    parser.add_argument("--seeds", type=int, default=60, help="the end of the seeds")
    parser.add_argument("--all-seeds", action="store_true")
    parser.add_argument("--tune", action="store_true")
    parser.add_argument(
        "--finalists", type=int, help="with --tune: go on with so many on all tuning seeds"
    )
    parser.add_argument("--out", type=Path, required=True)
    parser.add_argument(
        "--only", nargs="*", help="with --tune: these settings alone, on all tuning seeds"
    )
    asked = parser.parse_args()
    there, new = done(asked.out), not asked.out.exists()
    asked.out.parent.mkdir(parents=True, exist_ok=True)
    with asked.out.open("a", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, COLUMNS, lineterminator="\n")
        if new:
            writer.writeheader()
        for task in trials(asked) if asked.tune else tasks(asked):
            if task.key not in there:
                writer.writerow(task.row())
                file.flush()


if __name__ == "__main__":
    main()
