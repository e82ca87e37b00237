"""The whole server, live: swapped under load without an error, killed without a loss."""

from __future__ import annotations

import asyncio
import http.client
import json
import signal
import socket
import subprocess
import sys
import threading
import time
from collections import Counter
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path
from typing import Any, TypeAlias

import pytest
import uvicorn
from fastapi import FastAPI
from fastapi.testclient import TestClient

from studio.api.tokens import Tokens
from studio.app import Studio
from studio.decision_server import DecisionServer, Refresher, served_campaigns
from studio.domain.creative import Status
from studio.domain.event import EventKind
from studio.errors import InputError
from studio.store.events import EventLog
from studio.workflows.serve import Roster, Serving
from tests.api.test_visitors import PEOPLE
from tests.examples import ADMIN
from tests.serving import a_studio

Answer: TypeAlias = tuple[dict[str, Any], float]
"""What came, and after how many seconds."""

ROOT = Path(__file__).parents[1]
BODY = {
    "campaign": "rice",
    "context": {"market": "de-DE", "placement": "meta_feed_1x1"},
}


@pytest.fixture
def studio(tmp_path: Path) -> Studio:
    return a_studio(tmp_path, snapshot_every_s=1.0)


def key(studio: Studio) -> dict[str, str]:
    return {"X-Studio-Key": Tokens(studio.decision_keys).site_key("rice")}


class Caller:
    """One connection that stays open."""

    def __init__(self, port: int, headers: dict[str, str]) -> None:
        self._connection = http.client.HTTPConnection("127.0.0.1", port, timeout=10)
        self._headers = headers | {"Content-Type": "application/json", "User-Agent": PEOPLE[0]}

    def post(self, path: str, body: object) -> dict[str, Any]:
        self._connection.request("POST", path, json.dumps(body), self._headers)
        response = self._connection.getresponse()
        answer = json.loads(response.read())
        assert response.status == 200, answer
        return dict(answer)

    def close(self) -> None:
        self._connection.close()


def a_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@contextmanager
def running(app: FastAPI) -> Iterator[int]:
    """The application on a port of this machine."""
    port = a_port()
    server = uvicorn.Server(uvicorn.Config(app, host="127.0.0.1", port=port, log_level="error"))
    thread = threading.Thread(target=lambda: asyncio.run(server.serve()))
    thread.start()
    while not server.started:
        time.sleep(0.01)
    try:
        yield port
    finally:
        server.should_exit = True
        thread.join()


@contextmanager
def asking(port: int, headers: dict[str, str], *, clients: int) -> Iterator[list[Answer]]:
    """The growing list of answers that several clients get while the block runs."""
    answers: list[Answer] = []
    stop = threading.Event()

    def ask() -> None:
        caller = Caller(port, headers)
        while not stop.is_set():
            began = time.perf_counter()
            answers.append((caller.post("/v1/decide", BODY), time.perf_counter() - began))
        caller.close()

    with ThreadPoolExecutor(clients) as pool:
        asked = [pool.submit(ask) for _ in range(clients)]
        try:
            yield answers
        finally:
            stop.set()
        for each in asked:
            each.result()


def test_snapshots_are_swapped_under_load_without_a_pause_or_a_mixture(studio: Studio) -> None:
    """Four clients ask while every refresh finds new impressions and swaps the snapshot.

    An answer is mixed when the propensity of its ad isn't the one that its snapshot has.
    """
    tables: dict[str, dict[str, float]] = {}

    class Remembering(Roster):
        def swap(self, serving: Serving) -> None:
            snapshot = serving.snapshot
            chances = map(float, snapshot.propensities)
            tables[snapshot.hash[:16]] = dict(zip(snapshot.arms, chances, strict=True))
            super().swap(serving)

    server = DecisionServer(studio=studio, slugs=("rice",), person=ADMIN, roster=Remembering())
    with running(server.app()) as port, asking(port, key(studio), clients=4) as answers:
        teller = Caller(port, key(studio))
        until = time.monotonic() + 20
        while len(tables) < 5 and time.monotonic() < until:
            time.sleep(0.1)
            for answer, _ in answers[-5:]:
                teller.post("/v1/impression", {"token": answer["token"]})
        teller.close()
    seen = Counter(answer["snapshot"] for answer, _ in answers)
    assert len(seen) >= 4
    for answer, took_s in answers:
        assert tables[answer["snapshot"]][answer["ad_id"]] == answer["propensity"]
        assert took_s < 2.0


def test_the_server_learns_by_itself(studio: Studio) -> None:
    """Its own task makes the next snapshot from what was counted in between."""
    app = DecisionServer(studio=studio, slugs=("rice",), person=ADMIN).app()
    headers = key(studio) | {"User-Agent": PEOPLE[0]}
    with TestClient(app) as client:
        first = client.post("/v1/decide", json=BODY, headers=headers).json()
        client.get(first["impression_url"].partition("testserver")[2], headers=headers)
        deadline = time.monotonic() + 15
        while client.get("/health").json()["rice"] == first["snapshot"]:
            assert time.monotonic() < deadline
            time.sleep(0.1)
    (row,) = studio.repository.deliveries("rice")
    assert (row.ad_id, row.impressions, row.clicks) == (first["ad_id"], 1, 0)


def click_on(port: int, headers: dict[str, str], acknowledged: list[str]) -> None:
    """Decide, see and click until the server is gone."""
    caller = Caller(port, headers)
    try:
        while True:
            token = caller.post("/v1/decide", BODY)["token"]
            caller.post("/v1/impression", {"token": token})
            caller.post("/v1/click", {"token": token})
            acknowledged.append(token)
    except (OSError, http.client.HTTPException, ValueError):
        return


def test_a_killed_server_has_every_click_that_it_answered(tmp_path: Path) -> None:
    """SIGKILL while six clients click; each may have one click under way, unanswered."""
    studio, port = a_studio(tmp_path), a_port()
    command = [sys.executable, "-m", "studio", "serve-decisions", "rice", "--port", str(port)]
    environment = {"STUDIO_DATA_DIR": str(tmp_path / "data"), "PATH": "/usr/bin:/bin"}
    acknowledged: list[str] = []
    with (
        subprocess.Popen(command, cwd=ROOT, env=environment, stdout=subprocess.PIPE) as server,
        ThreadPoolExecutor(6) as pool,
    ):
        _wait_for(port)
        for _ in range(6):
            pool.submit(click_on, port, key(studio), acknowledged)
        until = time.monotonic() + 40
        while len(acknowledged) < 100 and time.monotonic() < until:
            time.sleep(0.05)
        server.send_signal(signal.SIGKILL)
    assert len(acknowledged) >= 100
    assert len(set(acknowledged)) == len(acknowledged)
    log = EventLog(studio.events_file)
    clicks = sum(each.count for each in log.totals("rice") if each.kind is EventKind.CLICK)
    log.close()
    assert len(acknowledged) <= clicks <= len(acknowledged) + 6
    app = DecisionServer(studio=studio, slugs=("rice",), person=ADMIN).app()
    with TestClient(app, headers=key(studio) | {"User-Agent": PEOPLE[0]}) as client:
        again = [client.post("/v1/click", json={"token": each}) for each in acknowledged]
    assert all(answer.json()["repeated"] for answer in again)


def _wait_for(port: int) -> None:
    for _ in range(300):
        try:
            socket.create_connection(("127.0.0.1", port), timeout=1).close()
        except OSError:
            time.sleep(0.1)
        else:
            return
    raise AssertionError("the server didn't start")


def test_all_live_campaigns_are_served_unless_named(studio: Studio) -> None:
    assert served_campaigns(studio, []) == ("rice",)
    assert served_campaigns(studio, ["tea"]) == ("tea",)
    _pause_all(studio)
    with pytest.raises(InputError, match="approve and export"):
        served_campaigns(studio, [])


def test_a_campaign_that_loses_its_ads_is_dropped_and_a_failure_keeps_it(
    studio: Studio,
) -> None:
    log = EventLog(studio.events_file)
    refresher = Refresher(
        desk=studio.decisions(log), roster=Roster(), events=log, slugs=("rice",), person=ADMIN,
        every_s=60.0,
    )  # fmt: skip
    refresher.once()
    (first,) = refresher.roster.all()
    broken = studio.settings.data_dir / "counts" / "rice" / "eu.json"
    broken.parent.mkdir(parents=True)
    broken.write_text("{")
    refresher.once()
    assert refresher.roster.all() == (first,)
    broken.unlink()
    _pause_all(studio)
    refresher.once()
    assert refresher.roster.all() == ()
    log.close()


def test_a_follower_needs_a_snapshot_and_makes_none(studio: Studio) -> None:
    server = DecisionServer(studio=studio, slugs=("rice",), person=ADMIN, follow=True)
    with pytest.raises(InputError, match="without --follow"):
        server.app()
    log = EventLog(studio.events_file)
    made = studio.decisions(log).refresh("rice", ADMIN)
    log.close()
    with TestClient(server.app()) as client:
        assert client.get("/health").json() == {"rice": made.snapshot.hash[:16]}


def _pause_all(studio: Studio) -> None:
    for each in studio.repository.creatives("rice"):
        studio.repository.set_status(each.id, Status.PAUSED, content_hash=each.content_hash)
