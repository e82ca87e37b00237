"""A hundred million events to counts on one machine: time, memory, and the same by numpy.

    python benchmarks/bandit/reduce.py [--millions 100] [--folder DIR]

DuckDB writes events as Parquet files, one a day, with the columns that the decision server's
events have. Each day is then reduced by itself in a fresh process and the days are added; a
sample of one day is also reduced by numpy and must be equal. Needs about 5 bytes an event of
disk.
"""

from __future__ import annotations

import argparse
import json
import os
import platform
import resource
import subprocess
import sys
import tempfile
import time
from pathlib import Path

ROOT = Path(__file__).parents[2]
sys.path.insert(0, str(ROOT))

import duckdb  # noqa: E402
import numpy as np  # noqa: E402

from studio.bandit.statistics import Counts, merged  # noqa: E402
from studio.workflows.reduce import COLUMNS, MEASURES, READ, reduce_events  # noqa: E402

DAYS = 10
CHOICES = """
    SELECT 'own-rice.' || lpad(CAST(hash(i, 1) % 240 AS VARCHAR), 3, '0') AS ad,
           ['de-DE', 'en-US', 'ja-JP', 'pt-BR', 'ar-SA'][CAST(1 + hash(i, 1) % 5 AS INT)]
               AS market,
           ['feed', 'story', 'banner', 'mail'][CAST(1 + hash(i, 1) % 4 AS INT)] AS placement,
           '2026-12-{day:02}' AS day,
           CASE WHEN hash(i, 2) % 1000 < 17 THEN 'click' ELSE 'impression' END AS kind,
           CASE WHEN hash(i, 3) % 100 < 4 THEN 'bot' ELSE 'counted' END AS status
    FROM range({start}, {end}) t(i)
"""


def write_day(folder: Path, day: int, n: int) -> None:
    """One day of `n` events."""
    rows = CHOICES.format(day=day, start=day * n, end=(day + 1) * n)
    with duckdb.connect() as base:
        base.execute("SET memory_limit = '1GB'")
        base.execute(
            f"COPY ({rows}) TO '{folder / f'{day:02}.parquet'}' (FORMAT parquet, "
            "COMPRESSION zstd)"
        )


def by_numpy(file: Path, n: int) -> Counts:
    """The first `n` events of a file, counted without DuckDB's grouping."""
    with duckdb.connect() as base:
        columns = base.execute(
            f"SELECT {', '.join(READ)} FROM read_parquet(?) LIMIT {n}", [str(file)]
        ).fetchnumpy()
    counted = columns["status"] == "counted"
    kind = columns["kind"][counted]
    return Counts.of_names(
        {name: np.asarray(columns[name][counted], dtype=np.str_) for name in COLUMNS},
        {
            "impressions": (kind == "impression").astype(np.int64),
            "clicks": (kind == "click").astype(np.int64),
        },
    )


def peak_mb() -> float:
    """Most memory that this process has had (Linux); `ru_maxrss` would include its parent's."""
    status = Path("/proc/self/status").read_text()
    return int(status.partition("VmHWM:")[2].split()[0]) / 1024


def reduce_here(folder: Path, threads: int) -> None:
    """Reduce every day and add the days; report to the parent on standard output."""
    began = time.perf_counter()
    parts = [reduce_events(file, threads=threads) for file in sorted(folder.glob("*.parquet"))]
    total = merged(parts, columns=COLUMNS, measures=MEASURES)
    report = {
        "seconds": time.perf_counter() - began,
        "cpu_s": sum(resource.getrusage(resource.RUSAGE_SELF)[:2]),
        "memory_mb": peak_mb(),
        "counts": total.to_json().decode(),
    }
    print(json.dumps(report))


def reduced(folder: Path, threads: int) -> dict[str, float | str]:
    """The report of a fresh process."""
    command = [sys.executable, __file__, "--reduce", str(folder), "--threads", str(threads)]
    done = subprocess.run(command, capture_output=True, text=True, check=True, cwd=ROOT)
    report: dict[str, float | str] = json.loads(done.stdout)
    return report


def measured(folder: Path, n: int) -> str:
    """The table for `n` events, written and reduced in `folder`."""
    began = time.perf_counter()
    for day in range(1, DAYS + 1):
        write_day(folder, day, n // DAYS)
    writing = time.perf_counter() - began
    size = sum(file.stat().st_size for file in folder.glob("*.parquet"))
    sample = folder / "sample"
    sample.mkdir()
    write_day(sample, 1, 1_000_000)
    equal = reduce_events(sample / "*.parquet") == by_numpy(sample / "01.parquet", 1_000_000)
    if not equal:
        raise SystemExit("DuckDB and numpy differ.")
    lines = []
    for threads in (1, 2):
        report = reduced(folder, threads)
        seconds = float(report["seconds"])
        counts = Counts.from_json(str(report["counts"]).encode())
        lines.append(
            f"| {threads} | {seconds:.1f} | {n / seconds:,.0f} | {report['cpu_s']:.1f} | "
            f"{report['memory_mb']:.0f} | {len(counts.codes):,} |"
        )
    return "\n".join(
        [
            f"{n:,} events in {DAYS} Parquet files, {size / 2**20:,.0f} MiB, written in "
            f"{writing:.0f} s; {counts.totals.sum():,} of them count. A sample of 1,000,000 "
            "gives the same counts by numpy.",
            "",
            "| threads | seconds | events a second | CPU seconds | most memory, MB | keys |",
            "|---|---|---|---|---|---|",
            *lines,
        ]
    )


def main() -> None:
    """Write the table beside this file."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--millions", type=float, default=100)
    parser.add_argument("--folder", type=Path)
    parser.add_argument("--reduce", type=Path, help=argparse.SUPPRESS)
    parser.add_argument("--threads", type=int, default=0, help=argparse.SUPPRESS)
    asked = parser.parse_args()
    if asked.reduce:
        reduce_here(asked.reduce, asked.threads)
        return
    with tempfile.TemporaryDirectory(dir=asked.folder) as folder:
        table = measured(Path(folder), int(asked.millions * 1_000_000))
    text = (
        "# Reducing events to counts on one machine\n\n"
        f"`python benchmarks/bandit/reduce.py --millions {asked.millions:g}` on "
        f"{os.cpu_count()} cores ({platform.machine()}), Python {platform.python_version()}, "
        f"DuckDB {duckdb.__version__} with at most 1 GB; load average "
        f"{os.getloadavg()[0]:.1f} at the end.\n\n{table}\n"
    )
    Path(__file__).with_suffix(".md").write_text(text, encoding="utf-8")
    print(text)


if __name__ == "__main__":
    main()
