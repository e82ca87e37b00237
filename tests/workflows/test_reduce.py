"""Events reduced by DuckDB, by Ray Data and by a dictionary are the same counts."""

from __future__ import annotations

import warnings
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import duckdb
import numpy as np
import pytest

from studio.bandit.statistics import Counts, merged
from studio.errors import InputError
from studio.workflows.reduce import COLUMNS, MEASURES, count_batch, reduce_events

ROWS = 3000


def some_events(seed: int) -> dict[str, np.ndarray]:
    """Events by column: three ads in two markets on two days, of every kind and status."""
    rng = np.random.default_rng(seed)
    return {
        "ad": rng.choice(["a", "b", "ü"], ROWS),
        "market": rng.choice(["de-DE", "ja-JP"], ROWS),
        "placement": np.full(ROWS, "feed"),
        "day": rng.choice(["2026-12-01", "2026-12-02"], ROWS),
        "kind": rng.choice(["impression", "click", "decision"], ROWS, p=[0.6, 0.1, 0.3]),
        "status": rng.choice(["counted", "bot"], ROWS, p=[0.9, 0.1]),
    }


def by_hand(events: dict[str, np.ndarray]) -> dict[tuple[str, ...], tuple[int, int]]:
    tally: Counter[tuple[str, ...]] = Counter()
    for *key, kind, status in zip(
        *(column.tolist() for column in events.values()), strict=True
    ):
        if status == "counted":
            tally[(*key, kind)] += 1
    keys = {key[:-1] for key in tally if key[-1] != "decision"}
    return {key: (tally[(*key, "impression")], tally[(*key, "click")]) for key in keys}


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Two Parquet files."""
    for seed in (1, 2):
        names = list(some_events(seed))
        rows = list(
            zip(*(column.tolist() for column in some_events(seed).values()), strict=True)
        )
        with duckdb.connect() as base:
            base.execute(f"CREATE TABLE t ({', '.join(f'{name} VARCHAR' for name in names)})")
            base.executemany(f"INSERT INTO t VALUES ({', '.join('?' * len(names))})", rows)
            base.execute(f"COPY t TO '{tmp_path / f'{seed}.parquet'}' (FORMAT parquet)")
    return tmp_path


def test_duckdb_counts_what_counts(folder: Path) -> None:
    assert dict(reduce_events(folder / "1.parquet", threads=1).rows()) == by_hand(
        some_events(1)
    )


def test_files_reduced_apart_add_up_to_files_reduced_together(folder: Path) -> None:
    parts = [reduce_events(folder / f"{seed}.parquet") for seed in (2, 1)]
    together = reduce_events(folder / "*.parquet")
    assert merged(parts, columns=COLUMNS, measures=MEASURES) == together
    assert sum(clicks for _, (_, clicks) in together.rows()) > 100


def test_a_batch_is_counted_like_a_file(folder: Path) -> None:
    rows = count_batch(some_events(2))
    keys = zip(*(rows[name].tolist() for name in COLUMNS), strict=True)
    totals = zip(*(rows[name].tolist() for name in MEASURES), strict=True)
    assert dict(zip(keys, totals, strict=True)) == dict(
        reduce_events(folder / "2.parquet").rows()
    )


def test_a_batch_without_counted_events_is_empty() -> None:
    nothing = {name: column[:0] for name, column in some_events(1).items()}
    assert {
        name: len(column) for name, column in count_batch(nothing).items()
    } == dict.fromkeys((*COLUMNS, *MEASURES), 0)


def test_files_that_arent_events_are_named(tmp_path: Path) -> None:
    with pytest.raises(InputError, match=r"none\.parquet: can't be reduced"):
        reduce_events(tmp_path / "none.parquet")
    with duckdb.connect() as base:
        base.execute(f"COPY (SELECT 1 AS x) TO '{tmp_path / 'x.parquet'}' (FORMAT parquet)")
    with pytest.raises(InputError, match="with the columns ad, market, placement, day, kind"):
        reduce_events(tmp_path / "x.parquet")


@pytest.fixture
def ray_here() -> Iterator[None]:
    """Ray on this machine."""
    ray = pytest.importorskip("ray")
    pytest.importorskip("pyarrow")
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        ray.init(num_cpus=1, include_dashboard=False, log_to_driver=False)
        yield
        ray.shutdown()


@pytest.mark.filterwarnings("ignore")
@pytest.mark.usefixtures("ray_here")
def test_ray_data_counts_the_same(folder: Path) -> None:
    from studio.workflows.reduce import reduce_events_on_ray

    found = reduce_events_on_ray([str(folder / "1.parquet"), str(folder / "2.parquet")])
    assert isinstance(found, Counts)
    assert found == reduce_events(folder / "*.parquet")
