"""Raw events become counts where they lie: by DuckDB on one machine, by Ray Data on many.

Either way gives the same `Counts`, which then add to those of other days, regions and
machines; no raw row leaves the place where it was reduced.
"""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path
from typing import Any

import duckdb
import numpy as np

from studio.bandit.statistics import Counts, merged
from studio.errors import InputError, PermanentError

COLUMNS = ("ad", "market", "placement", "day")
MEASURES = ("impressions", "clicks")
READ = (*COLUMNS, "kind", "status")
"""Columns of a file of events; the others aren't read."""


def reduce_events(files: str | Path, *, threads: int = 0, memory: str = "1GB") -> Counts:
    """Counted impressions and clicks in Parquet files, a path or a pattern (`day=*/*.parquet`).

    DuckDB reads block by block, so memory doesn't grow with the number of events, but with
    the number of distinct keys. threads: 0 takes every core.
    """
    with duckdb.connect(":memory:", config={"autoinstall_known_extensions": "false"}) as base:
        base.execute(f"SET memory_limit = '{memory}'")
        if threads:
            base.execute(f"SET threads = {int(threads)}")
        try:
            columns = base.execute(
                "SELECT ad, market, placement, CAST(day AS VARCHAR) AS day, "
                "count(*) FILTER (kind = 'impression') AS impressions, "
                "count(*) FILTER (kind = 'click') AS clicks "
                "FROM read_parquet(?) WHERE status = 'counted' GROUP BY ALL",
                [str(files)],
            ).fetchnumpy()
        except duckdb.Error as error:
            first = str(error).splitlines()[0]
            raise InputError(
                f"{files}: can't be reduced: {first} Give Parquet files with the columns "
                f"{', '.join(READ)}."
            ) from error
    return _counts(columns)


def reduce_events_on_ray(files: str | list[str]) -> Counts:
    """The same as a Ray Data job: each block is counted where it is read, then counts add.

    Needs the extra `cluster`; runs on the cluster that Ray is connected to, or on this
    machine.
    """
    try:
        import ray.data
    except ImportError as error:
        raise PermanentError(
            "Ray isn't installed. Install it with: pip install 'studio[cluster]'"
        ) from error
    events = ray.data.read_parquet(files, columns=list(READ))
    parts = events.map_batches(count_batch, batch_format="numpy", batch_size=None)
    rows: Iterable[dict[str, Any]] = parts.iter_batches(batch_format="numpy", batch_size=None)
    return merged(map(_counts, rows), columns=COLUMNS, measures=MEASURES)


def count_batch(batch: dict[str, Any]) -> dict[str, Any]:
    """One block of events as rows of counts, in columns."""
    counted = batch["status"] == "counted"
    keys = {name: np.asarray(batch[name][counted], dtype=np.str_) for name in COLUMNS}
    kind = batch["kind"][counted]
    clicks = (kind == "click").astype(np.int64)
    impressions = (kind == "impression").astype(np.int64)
    counts = Counts.of_names(keys, {"impressions": impressions, "clicks": clicks})
    names = [key for key, _ in counts.rows()]
    columns = zip(*names, strict=True) if names else [()] * len(COLUMNS)
    found: dict[str, Any] = {
        name: np.array(values, dtype=np.str_)
        for name, values in zip(COLUMNS, columns, strict=True)
    }
    return found | dict(zip(MEASURES, counts.totals.T, strict=True))


def _counts(columns: dict[str, Any]) -> Counts:
    """Rows of counts, in columns, as `Counts`."""
    return Counts.of_names(
        {name: columns[name] for name in COLUMNS},
        {name: np.asarray(columns[name], dtype=np.int64) for name in MEASURES},
    )
