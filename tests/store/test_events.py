"""An acknowledged event is on the disk, once, with the reason why it counts or doesn't."""

from __future__ import annotations

import signal
import sqlite3
import subprocess
import sys
import threading
from collections import Counter
from collections.abc import Iterator
from concurrent.futures import wait
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from studio.domain.brief import Slug
from studio.domain.delivery import AdId, Cell
from studio.domain.event import Decision, Event, EventKind, EventStatus, Receipt
from studio.domain.market import Locale
from studio.errors import InputError, TransientError
from studio.store.events import GRACE_MS, EventLog

NOON_MS = 1_795_348_800_000
"""2026-11-22 12:00 UTC."""
CELL = Cell(market=Locale("de-DE"), placement="meta_feed_1x1")
KINDS = {"i": EventKind.IMPRESSION, "c": EventKind.CLICK}


@pytest.fixture
def log(tmp_path: Path) -> Iterator[EventLog]:
    log = EventLog(tmp_path / "events.db")
    yield log
    log.close()


def a_decision(name: str, *, ad: str = "ad-1", at_ms: int = NOON_MS) -> Decision:
    return Decision(
        id=name, campaign=Slug("rice"), ad_id=AdId(ad), cell=CELL, propensity=0.25,
        snapshot="0" * 16, at_ms=at_ms,
    )  # fmt: skip


def an_event(
    kind: str,
    name: str,
    *,
    after_ms: int = 2000,
    ad: str = "ad-1",
    visitor: str = "v1",
    status: EventStatus = EventStatus.COUNTED,
) -> Event:
    return Event(
        kind=KINDS[kind], decision=a_decision(name, ad=ad), at_ms=NOON_MS + after_ms,
        visitor=visitor, status=status,
    )  # fmt: skip


def sent(log: EventLog, *events: Event) -> list[EventStatus]:
    """Statuses of events sent one after the other."""
    return [log.submit(event).result().status for event in events]


def counts(log: EventLog) -> dict[tuple[str, str], tuple[int, int]]:
    """Count and repeats by kind and status."""
    return {(t.kind, t.status): (t.count, t.repeats) for t in log.totals("rice")}


def test_an_impression_and_its_click_count(log: EventLog) -> None:
    assert sent(log, an_event("i", "t"), an_event("c", "t")) == ["counted", "counted"]
    assert counts(log) == {("click", "counted"): (1, 0), ("impression", "counted"): (1, 0)}
    (first, _) = log.totals("rice")
    assert (first.ad_id, first.cell, first.day) == ("ad-1", CELL, date(2026, 11, 22))
    assert log.totals("other") == ()


def test_the_same_token_counts_once(log: EventLog) -> None:
    sent(log, an_event("i", "t"))
    again = [log.submit(an_event("i", "t")) for _ in range(3)]
    assert {future.result() for future in again} == {
        Receipt(status=EventStatus.COUNTED, repeated=True)
    }
    assert counts(log) == {("impression", "counted"): (1, 3)}


def test_a_double_click_on_one_ad_counts_once(log: EventLog) -> None:
    sent(log, *(an_event("i", name) for name in "abc"), an_event("i", "x", ad="ad-2"))
    assert sent(
        log,
        an_event("c", "a", after_ms=2000),
        an_event("c", "b", after_ms=31_999),
        an_event("c", "x", after_ms=2000, ad="ad-2"),
        an_event("c", "c", after_ms=32_000),
    ) == ["counted", "double", "counted", "counted"]


def test_two_visitors_may_click_the_same_ad(log: EventLog) -> None:
    sent(log, an_event("i", "a"), an_event("i", "b", visitor="v2"))
    assert sent(log, an_event("c", "a"), an_event("c", "b", visitor="v2")) == ["counted"] * 2


def test_a_click_waits_for_its_impression(log: EventLog) -> None:
    assert sent(log, an_event("c", "t")) == ["unseen"]
    assert sent(log, an_event("i", "t", after_ms=2000 + GRACE_MS)) == ["counted"]
    assert counts(log) == {("click", "counted"): (1, 0), ("impression", "counted"): (1, 0)}


def test_a_settled_click_takes_its_repeats_along(log: EventLog) -> None:
    sent(log, an_event("c", "t"), an_event("c", "t"), an_event("i", "t"))
    assert counts(log) == {("click", "counted"): (1, 1), ("impression", "counted"): (1, 0)}


def test_an_impression_that_comes_too_late_saves_no_click(log: EventLog) -> None:
    sent(log, an_event("c", "t"), an_event("i", "t", after_ms=2001 + GRACE_MS))
    assert counts(log) == {("click", "unseen"): (1, 0), ("impression", "counted"): (1, 0)}


@pytest.mark.parametrize("order", ["ic", "ci"])
def test_a_click_shares_its_impressions_fate(log: EventLog, order: str) -> None:
    both = {"i": an_event("i", "t", status=EventStatus.CROWDED), "c": an_event("c", "t")}
    sent(log, *(both[kind] for kind in order))
    assert counts(log) == {("click", "crowded"): (1, 0), ("impression", "crowded"): (1, 0)}


@pytest.mark.parametrize("status", [EventStatus.BOT, EventStatus.LATE, EventStatus.FAST])
def test_what_the_sender_says_stays(log: EventLog, status: EventStatus) -> None:
    assert sent(log, an_event("i", "t"), an_event("c", "t", status=status))[1] == status


def test_a_click_after_midnight_counts_with_its_impression(log: EventLog) -> None:
    late = a_decision("t", at_ms=NOON_MS + 12 * 3_600_000 - 1)
    for kind in EventKind.IMPRESSION, EventKind.CLICK:
        event = Event(kind=kind, decision=late, at_ms=late.at_ms + 5000, visitor="v")
        log.submit(event).result()
    assert {total.day for total in log.totals("rice")} == {date(2026, 11, 22)}


def test_decisions_are_counted_with_the_next_commit(log: EventLog) -> None:
    for name in "abc":
        log.note(a_decision(name))
    log.note(a_decision("d", at_ms=NOON_MS + 86_400_000))
    assert counts(log) == {}
    log.flush()
    assert [(t.day.day, t.count) for t in log.totals("rice")] == [(22, 3), (23, 1)]


def test_what_was_shown_is_logged_with_its_propensity(log: EventLog) -> None:
    sent(log, *(an_event("i", name) for name in "abc"), an_event("c", "a"))
    other = replace(a_decision("z"), snapshot="f" * 16, propensity=0.75)
    log.submit(replace(an_event("i", "z"), decision=other)).result()
    rows = [(r.snapshot[0], r.propensity, r.impressions, r.clicks) for r in log.logged("rice")]
    assert rows == [("0", 0.25, 3, 1), ("f", 0.75, 1, 0)]


steps = st.lists(
    st.tuples(st.sampled_from("ic"), st.sampled_from("abcd"), st.sampled_from(["v1", "v2"]),
              st.sampled_from([EventStatus.COUNTED, EventStatus.BOT]),
              st.integers(0, 60_000)),
    max_size=25,
)  # fmt: skip


@settings(max_examples=40)
@given(steps, st.booleans())
def test_totals_are_the_events_and_clicks_have_impressions(
    tmp_path_factory: pytest.TempPathFactory,
    events: list[tuple[str, str, str, EventStatus, int]],
    together: bool,  # noqa: FBT001
) -> None:
    """Whatever comes in whatever order, one by one or in one transaction."""
    file = tmp_path_factory.mktemp("log") / "events.db"
    log = EventLog(file)
    made = [
        an_event(kind, token, visitor=visitor, status=status, after_ms=after)
        for kind, token, visitor, status, after in events
    ]
    if together:
        wait([log.submit(event) for event in made])
    else:
        sent(log, *made)
    found = counts(log)
    log.close()
    with sqlite3.connect(file) as database:
        rows = database.execute(
            "SELECT kind, status, COUNT(*), SUM(repeats) FROM events GROUP BY kind, status"
        ).fetchall()
    database.close()
    assert found == {(kind, status): (n, again) for kind, status, n, again in rows}
    assert sum(n + again for n, again in found.values()) == len(events)
    clicked = found.get(("click", "counted"), (0, 0))[0]
    assert clicked <= found.get(("impression", "counted"), (0, 0))[0]


def test_many_threads_and_two_logs_share_one_file(tmp_path: Path) -> None:
    """Every event is sent to both logs; it counts in one and repeats in the other."""
    logs = [EventLog(tmp_path / "events.db") for _ in range(2)]
    receipts: list[Receipt] = []

    def send(log: EventLog, part: int) -> None:
        for index in range(60):
            receipts.append(log.submit(an_event("i", f"{part}-{index}")).result())

    threads = [
        threading.Thread(target=send, args=(log, part)) for log in logs for part in range(3)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert Counter(receipt.repeated for receipt in receipts) == {False: 180, True: 180}
    assert counts(logs[0]) == {("impression", "counted"): (180, 180)}
    for log in logs:
        log.close()


SERVING = """
import sys, threading
from pathlib import Path
from studio.store.events import EventLog
from tests.store.test_events import an_event

log = EventLog(Path(sys.argv[1]))
lock = threading.Lock()

def send(part):
    for index in range(100_000):
        name = f"{part}-{index}"
        log.submit(an_event("i", name, visitor=name)).result()
        log.submit(an_event("c", name, visitor=name)).result()
        with lock:
            sys.stdout.write(name + "\\n")
            sys.stdout.flush()

for part in range(8):
    threading.Thread(target=send, args=(part,), daemon=True).start()
threading.Event().wait()
"""


def test_a_killed_process_loses_no_acknowledged_click(tmp_path: Path) -> None:
    """SIGKILL under the load of eight threads, three times on the same file."""
    root = Path(__file__).parents[2]
    acknowledged: set[str] = set()
    for life in range(3):
        program = SERVING.replace('f"{part}-', f'f"{life}-{{part}}-')
        with subprocess.Popen(
            [sys.executable, "-c", program, str(tmp_path / "events.db")],
            stdout=subprocess.PIPE, text=True, cwd=root,
        ) as process:  # fmt: skip
            assert process.stdout is not None
            for _ in range(80):
                acknowledged.add(process.stdout.readline().strip())
            process.send_signal(signal.SIGKILL)
            acknowledged |= {line.strip() for line in process.stdout if line.endswith("\n")}
    log = EventLog(tmp_path / "events.db")
    before = counts(log)
    again = [log.submit(an_event("c", name, visitor=name)) for name in sorted(acknowledged)]
    assert {future.result() for future in again} == {
        Receipt(status=EventStatus.COUNTED, repeated=True)
    }
    clicked = before["click", "counted"][0]
    assert len(acknowledged) >= 240
    assert len(acknowledged) <= clicked <= len(acknowledged) + 3 * 8
    assert counts(log)["click", "counted"] == (clicked, len(acknowledged))
    log.close()


def test_a_disk_that_refuses_is_an_error_of_the_event_alone(tmp_path: Path) -> None:
    log = EventLog(tmp_path / "events.db")
    with sqlite3.connect(tmp_path / "events.db") as other:
        other.execute("ALTER TABLE events RENAME TO gone")
    with pytest.raises(TransientError, match=r"events\.db can't be written"):
        log.submit(an_event("i", "t")).result()
    with sqlite3.connect(tmp_path / "events.db") as other:
        other.execute("ALTER TABLE gone RENAME TO events")
    other.close()
    assert sent(log, an_event("i", "t")) == ["counted"]
    assert counts(log) == {("impression", "counted"): (1, 0)}
    log.close()


def test_closing_records_what_waits(tmp_path: Path) -> None:
    log = EventLog(tmp_path / "events.db")
    waiting = [log.submit(an_event("i", str(index))) for index in range(50)]
    log.close()
    assert all(future.result().status == "counted" for future in waiting)


@pytest.mark.parametrize("statement", ["CREATE TABLE mine (x)", "PRAGMA user_version = 9"])
def test_a_foreign_file_is_refused(tmp_path: Path, statement: str) -> None:
    file = tmp_path / "events.db"
    if "user_version" in statement:
        EventLog(file).close()
    with sqlite3.connect(file) as database:
        database.execute(statement)
    database.close()
    with pytest.raises(InputError, match="another program or version"):
        EventLog(file)
