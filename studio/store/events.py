"""A durable log of impressions and clicks, in a SQLite file of its own.

It isn't part of the main database: it is written a thousand times as often, every machine
and region that answers visitors keeps its own, what leaves it is totals, and its loss or
growth must not touch briefs and approvals. So it needs no migration of the main tables,
either.

An event's future is done once the disk has it: a single writer takes all events that wait,
records them in one transaction and syncs once (group commit). Killing the process at any
moment loses no event that was acknowledged, and none is counted twice, because a token has
one row a kind. Totals are kept in the same transaction, so that reading them never scans the
events.
"""

from __future__ import annotations

import sqlite3
import threading
from collections import Counter
from collections.abc import Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import closing, contextmanager
from datetime import date
from pathlib import Path
from typing import Any, TypeAlias

from studio.domain.delivery import AdId, Cell
from studio.domain.event import (
    Decision,
    Event,
    EventKind,
    EventStatus,
    EventTotal,
    LoggedArm,
    Receipt,
)
from studio.domain.market import Locale
from studio.errors import InputError, TransientError

APPLICATION_ID = 0x5354_4556
VERSION = 1
BUSY_TIMEOUT_S = 10.0
GRACE_MS = 10_000
"""So long a click may be ahead of its impression."""

SCHEMA = """
CREATE TABLE ads (
    id INTEGER PRIMARY KEY,
    campaign TEXT NOT NULL, ad_id TEXT NOT NULL, market TEXT NOT NULL, placement TEXT NOT NULL,
    UNIQUE (campaign, ad_id, market, placement)
) STRICT;
CREATE TABLE events (
    token TEXT NOT NULL, kind TEXT NOT NULL,
    ad INTEGER NOT NULL REFERENCES ads, snapshot TEXT NOT NULL, propensity REAL NOT NULL,
    decided_ms INTEGER NOT NULL, at_ms INTEGER NOT NULL,
    status TEXT NOT NULL, visitor TEXT NOT NULL, repeats INTEGER NOT NULL DEFAULT 0,
    PRIMARY KEY (token, kind)
) WITHOUT ROWID, STRICT;
CREATE INDEX clicks_of_visitor ON events (visitor, ad, at_ms) WHERE kind = 'click';
CREATE TABLE totals (
    ad INTEGER NOT NULL REFERENCES ads, day TEXT NOT NULL,
    kind TEXT NOT NULL, status TEXT NOT NULL,
    count INTEGER NOT NULL, repeats INTEGER NOT NULL,
    PRIMARY KEY (ad, day, kind, status)
) WITHOUT ROWID, STRICT;
"""

AdKey: TypeAlias = tuple[str, str, str, str]
"""Campaign, ad, market and placement."""
Key: TypeAlias = tuple[int, str, str, str]
"""Number of the ad, day, kind and status."""


class EventLog:
    """Records events durably; several processes may share the file.

    double_click_s: clicks of one visitor on one ad within so many seconds count once.
    """

    def __init__(self, path: Path, *, double_click_s: float = 30.0) -> None:
        self._path = path
        self._double_click_ms = int(double_click_s * 1000)
        self._waiting: list[tuple[Event, Future[Receipt]]] = []
        self._decided: Counter[tuple[AdKey, date]] = Counter()
        self._ads: dict[AdKey, int] = {}
        self._lock = threading.Lock()
        path.parent.mkdir(parents=True, exist_ok=True)
        self._connection = _open(path)
        self._writer = ThreadPoolExecutor(1, thread_name_prefix="events")

    def submit(self, event: Event) -> Future[Receipt]:
        """Record an event; the future is done when it is safe on the disk.

        It fails with `TransientError` when the disk doesn't take it.
        """
        done: Future[Receipt] = Future()
        with self._lock:
            self._waiting.append((event, done))
            first = len(self._waiting) == 1
        if first:
            self._writer.submit(self._write)
        return done

    def note(self, decision: Decision) -> None:
        """Count a decision with the next commit; a crash before it loses the count."""
        key = (_ad_key(decision), decision.day)
        with self._lock:
            self._decided[key] += 1

    def flush(self) -> None:
        """Wait until everything so far is on the disk, decisions included."""
        self._writer.submit(self._write).result()

    def totals(self, campaign: str) -> tuple[EventTotal, ...]:
        """Events of a campaign by ad, day, kind and status."""
        query = """
            SELECT ad_id, market, placement, day, kind, status, count, repeats
            FROM totals JOIN ads ON ads.id = totals.ad
            WHERE campaign = ? AND (count > 0 OR repeats > 0)
            ORDER BY ad_id, day, kind, status
        """
        return tuple(_total(row) for row in self._read(query, campaign))

    def logged(self, campaign: str) -> tuple[LoggedArm, ...]:
        """Impressions and clicks that count, by ad and snapshot, with their propensity.

        Reads every event of the campaign, so it takes seconds a million.
        """
        query = """
            SELECT ad_id, market, placement, snapshot, propensity,
                   SUM(kind = 'impression'), SUM(kind = 'click')
            FROM events JOIN ads ON ads.id = events.ad
            WHERE campaign = ? AND status = 'counted'
            GROUP BY ad_id, market, placement, snapshot, propensity
            ORDER BY ad_id, snapshot, propensity
        """
        return tuple(_logged(row) for row in self._read(query, campaign))

    def close(self) -> None:
        """Record what waits, then let go of the file."""
        self._writer.submit(self._write)
        self._writer.shutdown(wait=True)
        self._connection.close()

    def _read(self, query: str, campaign: str) -> list[Any]:
        with closing(sqlite3.connect(self._path, timeout=BUSY_TIMEOUT_S)) as connection:
            return connection.execute(query, (campaign,)).fetchall()

    def _write(self) -> None:
        """Record everything that waits in one transaction."""
        with self._lock:
            batch, self._waiting = self._waiting, []
            decided, self._decided = self._decided, Counter()
        if not batch and not decided:
            return
        try:
            receipts = self._recorded([event for event, _ in batch], decided)
        except sqlite3.Error as error:
            self._ads.clear()
            failure = TransientError(f"{self._path.name} can't be written: {error}.")
            for _, done in batch:
                done.set_exception(failure)
        except BaseException as bug:
            self._ads.clear()
            for _, done in batch:
                done.set_exception(bug)
            raise
        else:
            for (_, done), receipt in zip(batch, receipts, strict=True):
                done.set_result(receipt)

    def _recorded(
        self, events: list[Event], decided: Counter[tuple[AdKey, date]]
    ) -> list[Receipt]:
        counts: Counter[Key] = Counter()
        repeats: Counter[Key] = Counter()
        with _transaction(self._connection):
            receipts = [self._record(event, counts, repeats) for event in events]
            for (ad, day), count in decided.items():
                key = (self._ad(ad), day.isoformat(), EventKind.DECISION, EventStatus.COUNTED)
                counts[key] += count
            self._connection.executemany(
                "INSERT INTO totals VALUES (?, ?, ?, ?, ?, ?) ON CONFLICT DO UPDATE SET "
                "count = count + excluded.count, repeats = repeats + excluded.repeats",
                [(*key, counts[key], repeats[key]) for key in counts.keys() | repeats.keys()],
            )
        return receipts

    def _record(self, event: Event, counts: Counter[Key], repeats: Counter[Key]) -> Receipt:
        decision, ad = event.decision, self._ad(_ad_key(event.decision))
        day = decision.day.isoformat()
        known = self._known(event)
        if known is not None:
            repeats[ad, day, event.kind, known] += 1
            return Receipt(status=known, repeated=True)
        status = self._judged(event, ad)
        self._connection.execute(
            "INSERT INTO events VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, 0)",
            (decision.id, event.kind, ad, decision.snapshot, decision.propensity,
             decision.at_ms, event.at_ms, status, event.visitor),
        )  # fmt: skip
        counts[ad, day, event.kind, status] += 1
        if event.kind is EventKind.IMPRESSION:
            for again in self._settled_clicks(event, status):
                for moved, number in ((counts, 1), (repeats, again)):
                    moved[ad, day, EventKind.CLICK, EventStatus.UNSEEN] -= number
                    moved[ad, day, EventKind.CLICK, status] += number
        return Receipt(status=status, repeated=False)

    def _known(self, event: Event) -> EventStatus | None:
        """The status of the same event if it came before, noting that it came again."""
        row = self._connection.execute(
            "UPDATE events SET repeats = repeats + 1 WHERE token = ? AND kind = ? "
            "RETURNING status",
            (event.decision.id, event.kind),
        ).fetchone()
        return EventStatus(row[0]) if row else None

    def _judged(self, event: Event, ad: int) -> EventStatus:
        """What the log adds to what the sender alone says."""
        if event.status is not EventStatus.COUNTED or event.kind is EventKind.IMPRESSION:
            return event.status
        double = self._connection.execute(
            "SELECT 1 FROM events WHERE kind = 'click' AND visitor = ? AND ad = ? "
            "AND at_ms > ? AND status IN ('counted', 'unseen')",
            (event.visitor, ad, event.at_ms - self._double_click_ms),
        ).fetchone()
        if double:
            return EventStatus.DOUBLE
        seen = self._connection.execute(
            "SELECT status FROM events WHERE token = ? AND kind = 'impression'",
            (event.decision.id,),
        ).fetchone()
        return EventStatus(seen[0]) if seen else EventStatus.UNSEEN

    def _settled_clicks(self, impression: Event, status: EventStatus) -> list[int]:
        """Give a click that was ahead of its impression the impression's status.

        Returns how often such a click came again.
        """
        rows = self._connection.execute(
            "UPDATE events SET status = ? WHERE token = ? AND kind = 'click' "
            "AND status = 'unseen' AND at_ms >= ? RETURNING repeats",
            (status, impression.decision.id, impression.at_ms - GRACE_MS),
        ).fetchall()
        return [again for (again,) in rows]

    def _ad(self, key: AdKey) -> int:
        """Number of the ad in its cell."""
        if key not in self._ads:
            self._connection.execute(
                "INSERT OR IGNORE INTO ads (campaign, ad_id, market, placement) "
                "VALUES (?, ?, ?, ?)",
                key,
            )
            (self._ads[key],) = self._connection.execute(
                "SELECT id FROM ads WHERE campaign = ? AND ad_id = ? AND market = ? "
                "AND placement = ?",
                key,
            ).fetchone()
        return self._ads[key]


@contextmanager
def _transaction(connection: sqlite3.Connection) -> Iterator[None]:
    """All or nothing, on the disk at the end; the write lock is taken at the start."""
    connection.execute("BEGIN IMMEDIATE")
    try:
        yield
        connection.execute("COMMIT")
    except BaseException:
        connection.rollback()
        raise


def _open(path: Path) -> sqlite3.Connection:
    connection = sqlite3.connect(
        path, timeout=BUSY_TIMEOUT_S, isolation_level=None, check_same_thread=False
    )
    try:
        _prepare(connection)
    except sqlite3.DatabaseError as error:
        connection.close()
        raise InputError(
            f"{path} can't be opened as a log of events: {error}. Move it away, or set "
            "another STUDIO_DATA_DIR."
        ) from error
    return connection


def _prepare(connection: sqlite3.Connection) -> None:
    """Tables and durability; two processes may do so at once."""
    connection.execute("PRAGMA journal_mode = WAL")
    connection.execute("PRAGMA synchronous = FULL")
    with _transaction(connection):
        (application,) = connection.execute("PRAGMA application_id").fetchone()
        (version,) = connection.execute("PRAGMA user_version").fetchone()
        empty = connection.execute("SELECT 1 FROM sqlite_schema").fetchone() is None
        if empty:
            for statement in SCHEMA.split(";\n"):
                connection.execute(statement)
            connection.execute(f"PRAGMA application_id = {APPLICATION_ID}")
            connection.execute(f"PRAGMA user_version = {VERSION}")
        elif (application, version) != (APPLICATION_ID, VERSION):
            raise sqlite3.DatabaseError("it was made by another program or version")


def _ad_key(decision: Decision) -> AdKey:
    cell = decision.cell
    return decision.campaign, decision.ad_id, cell.market, cell.placement


def _total(row: tuple[str, str, str, str, str, str, int, int]) -> EventTotal:
    ad_id, market, placement, day, kind, status, count, repeats = row
    return EventTotal(
        ad_id=AdId(ad_id),
        cell=Cell(market=Locale(market), placement=placement),
        day=date.fromisoformat(day),
        kind=EventKind(kind),
        status=EventStatus(status),
        count=count,
        repeats=repeats,
    )


def _logged(row: tuple[str, str, str, str, float, int, int]) -> LoggedArm:
    ad_id, market, placement, snapshot, propensity, impressions, clicks = row
    return LoggedArm(
        ad_id=AdId(ad_id),
        cell=Cell(market=Locale(market), placement=placement),
        snapshot=snapshot,
        propensity=propensity,
        impressions=impressions,
        clicks=clicks,
    )
