"""The tables of README.md from results/*.csv, tuning.csv and results/speed.csv.

python benchmarks/bandit/report.py
"""

from __future__ import annotations

import csv
import sys
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TypeAlias

import numpy as np
from scipy.stats import t

sys.path.insert(0, str(Path(__file__).parents[2]))

from benchmarks.bandit.peers import PEERS, TUNING, tuned, written
from benchmarks.bandit.world import SCENARIOS, Floats

HERE = Path(__file__).parent
OURS = "studio"
STRONGEST = ("studio", "bb-ids", "cb-softmax", "cb-logistic-ts", "mabwiser-lints")
SIMPLE = ("ab-commit", "beta-market", "epsilon-greedy-market")
RESAMPLES = 10_000
SPEED = {
    "speed.csv": "## Speed and memory\n\n"
    "`python benchmarks/bandit/speed.py`: 20 cells × 12 ads, one thread, CPU time. A day to "
    "learn is 240 rows of counts, or the 9,600 impressions that they stand for where a policy "
    "takes no counts; the time includes whatever makes it ready to decide. Of 5,000 at once, "
    "Vowpal Wabbit, River's LinUCB and banditml, whose choice or chances are the same for all "
    "visitors of a cell, are asked once a cell.",
    "growth.csv": "## Growth\n\n"
    "`python benchmarks/bandit/speed.py --growth`: CPU time and peak memory of a morning "
    "(learn a day, decide once for every cell), ads × cells, until over 60 s or 4 GB.",
}
NUMBERS = ("regret", "uplift", "last_quarter_regret", "clicks", "even", "seconds")
Runs: TypeAlias = Mapping[int, Mapping[str, float]]
"""Of one policy in one scenario: seed → column → value."""


METHOD = """
Made by `python benchmarks/bandit/report.py` from the rows in `results/` and `tuning.csv`.

Every policy lives through the same worlds with the same luck (paired seeds); scores use the
true click rates. **Regret** is the share of the gap between the even split (100 %) and the
best ad of each cell on each day (0 %) that a policy left. ± is a 95 % t-interval over seeds;
"ours ÷ theirs" is the ratio of mean regrets over the seeds that both ran, with a 95 %
bootstrap interval over pairs: below 1 we are better. Cost per click × is the even split's
clicks over the policy's. CPU times are of one thread on a shared machine. The simulator's
structure is of our model's family, except in `idio` and `chaos`, where attributes say nothing.

Worlds: 5 markets × 4 segments, 12 of 72 ads (6 headlines × 4 visuals × 3 calls to action).
Batches: 28 days of 10,000 impressions, reported the next morning. Events: 100,000 visitors.

| scenario | differs from `std` by |
|---|---|
| std | ads of a cell differ by a logit SD of 0.30; 1.31 % median click rate |
| weak, strong | 0.21, 0.50 |
| main | one ranking of ads in all markets |
| idio, chaos | attributes say nothing: each ad, or each ad in each cell, is a law of its own |
| cold | 4 of the ads join on day 14 |
| drift | half of the variance is drawn anew on days 10 and 19, and ads wear out |
| delay | reports are 3 days late |
| tiny | 1,000 impressions a day |
| big_market | one market has ten times the traffic of each other |
| lowctr | 0.17 % median click rate |

How peers are run:

- Features. Disjoint models (MABWiser, contextualbandits, River's LinUCB) get market and
  segment as indicators. Shared models (bayesianbandits) get these, each attribute, attribute ×
  market, attribute × segment, ad and ad × market, with a widely scaled intercept and 25 Newton
  steps. Vowpal Wabbit crosses market, segment and cell with ad and attributes. Beta Thompson
  and River's Thompson take counts of a market or cell.
- Updates. Whoever takes counts gets counts; MABWiser, Vowpal Wabbit, River and banditml get
  every impression, in random order; contextualbandits is fitted to the whole history each
  morning. banditml is trained anew every seventh morning.
- Shares. A policy that only chooses is asked 200 times a cell each morning (bayesianbandits 20
  times, the SoftmaxExplorer once for each impression, since its multiplier grows with each
  prediction, deterministic policies once). The first day is even for all.
- Events are learnt in blocks: Vowpal Wabbit and River's Thompson 1, River's LinUCB 20, MABWiser
  50, plain rules and bayesianbandits' Thompson 100, its IDS 500, contextualbandits 1,000,
  banditml and BootstrappedTS 5,000.
- Tuning. A grid for each peer on scenario std and seeds from 1000 on, never used in results;
  the settings that were tried on the most seeds compete by mean regret. The same settings hold
  in all scenarios and, where nothing else stands in the table, in event mode.
- Slow peers run on fewer seeds; the column says how many.
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Estimate:
    """A mean over seeds with half of its 95 % t-interval, nan for a single seed."""

    mean: float
    half: float

    def __str__(self) -> str:
        return f"{self.mean:.1f}" + ("" if np.isnan(self.half) else f" ± {self.half:.1f}")

    @property
    def signed(self) -> str:
        """With a leading + where it is positive."""
        return f"{'+' if self.mean > 0 else ''}{self}"


def estimate(values: Iterable[float]) -> Estimate:
    """Student's t over seeds."""
    found = np.array(list(values))
    if len(found) < 2:
        return Estimate(mean=float(found.mean()), half=float("nan"))
    half = t.ppf(0.975, len(found) - 1) * found.std(ddof=1) / np.sqrt(len(found))
    return Estimate(mean=float(found.mean()), half=float(half))


def ratio(ours: Floats, theirs: Floats) -> str:
    """Our mean regret over theirs, with a 95 % percentile interval.

    Seeds are resampled in pairs (Efron & Tibshirani 1993, §13.3).
    """
    if len(ours) < 3:
        return "–"
    rows = np.random.default_rng(0).integers(len(ours), size=(RESAMPLES, len(ours)))
    spread = ours[rows].mean(axis=1) / theirs[rows].mean(axis=1)
    low, high = np.quantile(spread, [0.025, 0.975])
    return f"{ours.mean() / theirs.mean():.2f} [{low:.2f}, {high:.2f}]"


def loaded() -> dict[tuple[str, str, str], dict[int, dict[str, float]]]:
    """Runs by mode, scenario and policy, of the newest code and the parameters chosen."""
    rows = [row for path in sorted((HERE / "results").glob("*.csv")) for row in _rows(path)]
    newest = {(row["policy"], row["mode"]): row["parameters"] for row in rows}
    found: dict[tuple[str, str, str], dict[int, dict[str, float]]] = {}
    for row in rows:
        policy, mode = row["policy"], row["mode"]
        wanted = written(tuned(policy, mode)) if policy in PEERS else newest[policy, mode]
        if row["parameters"] == wanted:
            numbers = {name: float(row[name]) for name in NUMBERS}
            found.setdefault((mode, row["scenario"], policy), {})[int(row["seed"])] = numbers
    return found


def _rows(path: Path) -> list[dict[str, str]]:
    """Rows of a file of runs; none of any other file."""
    with path.open(encoding="utf-8", newline="") as file:
        return [row for row in csv.DictReader(file) if "regret" in row]


def title(policy: str) -> str:
    """The name that a reader knows, with its parameters."""
    if policy not in PEERS:
        return f"**{policy}**"
    return PEERS[policy].title


def column(runs: Runs, name: str, seeds: Iterable[int] | None = None) -> Floats:
    """One value a seed, (n,)."""
    return np.array([runs[seed][name] for seed in (seeds or sorted(runs))])


def row_of(policy: str, runs: Runs, ours: Runs, updates: int) -> str:
    """One line of a policy table."""
    both = sorted(set(runs) & set(ours))
    paired, times = "–", "–"
    if both and policy != OURS:
        mine, theirs = column(ours, "regret", both), column(runs, "regret", both)
        paired, times = estimate(theirs - mine).signed, ratio(mine, theirs)
    cost = estimate(column(runs, "even") / column(runs, "clicks")).mean
    cells = (
        title(policy),
        str(len(runs)),
        str(estimate(column(runs, "uplift"))),
        str(estimate(column(runs, "regret"))),
        str(estimate(column(runs, "last_quarter_regret"))),
        f"{cost:.3f}",
        paired,
        times,
        f"{1000 * np.median(column(runs, 'seconds')) / updates:.1f}",
    )
    return "| " + " | ".join(cells) + " |"


HEAD = (
    "| policy | seeds | uplift % | regret % | last quarter % | cost per click × | "
    "paired regret minus ours | ours ÷ theirs | CPU ms per {unit} |\n"
    "|---|---|---|---|---|---|---|---|---|"
)


def policy_table(
    results: Mapping[tuple[str, str, str], Runs], mode: str, scenario: str
) -> Iterator[str]:
    """All policies of one scenario, the least regret first."""
    mine = {key[2]: runs for key, runs in results.items() if key[:2] == (mode, scenario)}
    if not mine:
        return
    unit, updates = ("day", SCENARIOS[scenario].days) if mode == "batch" else ("1,000", 100)
    yield HEAD.format(unit=unit)
    ours = mine.get(OURS, {})
    for policy in sorted(mine, key=lambda name: column(mine[name], "regret").mean()):
        yield row_of(policy, mine[policy], ours, updates)


def scenario_table(results: Mapping[tuple[str, str, str], Runs], mode: str) -> Iterator[str]:
    """Mean regret of the strongest and the simplest policies in each scenario."""
    policies = [*STRONGEST, "bb-ts", *SIMPLE]
    yield "| scenario | " + " | ".join(map(title, policies)) + " | ours ÷ best peer |"
    yield "|---" * (len(policies) + 2) + "|"
    for scenario in SCENARIOS:
        mine = {policy: results.get((mode, scenario, policy), {}) for policy in policies}
        if not any(mine.values()):
            continue
        cells = [
            f"{estimate(column(runs, 'regret'))} (n={len(runs)})" if runs else "–"
            for runs in mine.values()
        ]
        yield f"| {scenario} | " + " | ".join(cells) + f" | {_best(mine)} |"


def _best(mine: Mapping[str, Runs]) -> str:
    """Our ratio to the peer of least mean regret over the seeds that all share."""
    peers = {name: runs for name, runs in mine.items() if name != OURS and runs}
    ours = mine[OURS]
    if not ours or not peers:
        return "–"
    best = min(peers, key=lambda name: column(peers[name], "regret").mean())
    both = sorted(set(ours) & set(peers[best]))
    if not both:
        return "–"
    found = ratio(column(ours, "regret", both), column(peers[best], "regret", both))
    return f"{found} ({title(best)}, n={len(both)})"


def tuning_table() -> Iterator[str]:
    """What was tried for each peer and what won."""
    if not TUNING.exists():
        return
    with TUNING.open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    yield "| peer | mode | settings × seeds | chosen | regret % there | worst setting |"
    yield "|---|---|---|---|---|---|"
    for policy in PEERS:
        for mode in ("batch", "event"):
            mine = [row for row in rows if (row["policy"], row["mode"]) == (policy, mode)]
            if not mine:
                continue
            means = {
                parameters: np.mean(
                    [float(row["regret"]) for row in mine if row["parameters"] == parameters]
                )
                for parameters in {row["parameters"] for row in mine}
            }
            chosen = written(tuned(policy, mode))
            seeds = len({row["seed"] for row in mine})
            yield (
                f"| {PEERS[policy].title} | {mode} | {len(means)} × {seeds} | `{chosen}` | "
                f"{means[chosen]:.1f} | {max(means.values()):.1f} |"
            )


def plain_table(name: str) -> Iterator[str]:
    """A CSV of results as it stands."""
    path = HERE / "results" / name
    if not path.exists():
        return
    with path.open(encoding="utf-8", newline="") as file:
        rows = list(csv.reader(file))
    yield "| " + " | ".join(rows[0]) + " |"
    yield "|---" * len(rows[0]) + "|"
    yield from ("| " + " | ".join(row) + " |" for row in rows[1:])


def text() -> str:
    """The whole README."""
    results = loaded()
    parts = [
        "# The optimizer against its peers",
        METHOD.strip(),
    ]
    for mode, name in (("batch", "Daily batches"), ("event", "Single events")):
        if not any(key[0] == mode for key in results):
            continue
        parts.append(f"## {name}")
        parts.append("\n".join(scenario_table(results, mode)))
        for scenario in SCENARIOS:
            lines = "\n".join(policy_table(results, mode, scenario))
            if lines:
                parts.append(f"### {name}: {scenario}\n\n{lines}")
    parts.append("## What was tuned\n\n" + "\n".join(tuning_table()))
    for name, heading in SPEED.items():
        if table := "\n".join(plain_table(name)):
            parts.append(f"{heading}\n\n{table}")
    return "\n\n".join(parts) + "\n"


def main() -> None:
    """Write README.md."""
    (HERE / "README.md").write_text(text(), encoding="utf-8")


if __name__ == "__main__":
    main()
