"""Latency of `/v1/decide` at a fixed rate, and the speed of what stands behind it.

    python benchmarks/bandit/serving.py [--rate 1000] [--seconds 20]

The generator is open-loop: requests are due at fixed times whatever the answers do, and a
latency counts from when a request was due, so a server that stalls can't hide the requests
that wait meanwhile (no coordinated omission). Server and generator share the machine. A bare
FastAPI endpoint that reads and answers JSON of the same size runs in the same way, before and
after, so that a busy machine shows in both.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import multiprocessing
import os
import platform
import socket
import sys
import tempfile
import time
from collections.abc import Callable
from importlib.util import find_spec
from pathlib import Path
from typing import Any

os.environ.setdefault("OMP_NUM_THREADS", "1")
os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")
ROOT = Path(__file__).parents[2]
sys.path.insert(0, str(ROOT))

import numpy as np  # noqa: E402
import uvicorn  # noqa: E402
from fastapi import FastAPI  # noqa: E402

from studio.api.tokens import Tokens  # noqa: E402
from studio.bandit.snapshot import Snapshot  # noqa: E402
from studio.bandit.statistics import Counts  # noqa: E402
from studio.decision_server import DecisionServer  # noqa: E402
from tests.api.test_visitors import PEOPLE  # noqa: E402
from tests.examples import ADMIN  # noqa: E402
from tests.serving import a_studio  # noqa: E402

BODY = {"campaign": "rice", "context": {"market": "de-DE", "placement": "meta_feed_1x1"}}
CONNECTIONS = 32
WARM_UP_S = 2.0


def request_of(path: str, body: object, key: str) -> bytes:
    """A request as it goes over the wire."""
    content = json.dumps(body).encode()
    head = (
        f"POST {path} HTTP/1.1\r\nHost: 127.0.0.1\r\nUser-Agent: {PEOPLE[0]}\r\n"
        f"X-Studio-Key: {key}\r\nContent-Type: application/json\r\n"
        f"Content-Length: {len(content)}\r\n\r\n"
    )
    return head.encode() + content


class Wire(asyncio.Protocol):
    """One kept-alive connection that has one request under way."""

    def __init__(self, idle: asyncio.Queue[Wire]) -> None:
        self._idle = idle
        self._buffer = b""
        self._answered: Callable[[bytes], None] = lambda body: None

    def connection_made(self, transport: Any) -> None:
        """Ready for a request."""
        self.transport = transport
        self._idle.put_nowait(self)

    def send(self, request: bytes, answered: Callable[[bytes], None]) -> None:
        """Send; `answered` gets the body."""
        self._answered = answered
        self.transport.write(request)

    def data_received(self, data: bytes) -> None:
        """Collect one answer."""
        self._buffer += data
        head, gap, body = self._buffer.partition(b"\r\n\r\n")
        if not gap:
            return
        length = int(head.lower().partition(b"content-length: ")[2].partition(b"\r\n")[0])
        if len(body) < length:
            return
        if not head.startswith(b"HTTP/1.1 200"):
            raise SystemExit(f"{head.decode()}\n{body.decode()}")
        self._buffer = b""
        self._answered(body)
        self._idle.put_nowait(self)


async def open_loop(
    port: int, rate: int, seconds: float, next_request: Callable[[Callable[[bytes], None]], Any]
) -> np.ndarray[Any, Any]:
    """Milliseconds from when each request was due to its answer, in the order they were due.

    next_request: gives the bytes to send and what to do with the answer.
    """
    loop = asyncio.get_running_loop()
    idle: asyncio.Queue[Wire] = asyncio.Queue()
    for _ in range(CONNECTIONS):
        await loop.create_connection(lambda: Wire(idle), "127.0.0.1", port)
    n = int(rate * seconds)
    took = np.full(n, np.nan)
    began = loop.time() + 0.05

    def done(index: int, then: Callable[[bytes], None]) -> Callable[[bytes], None]:
        def answered(body: bytes) -> None:
            took[index] = (loop.time() - began - index / rate) * 1000
            then(body)

        return answered

    for index in range(n):
        wait = began + index / rate - loop.time()
        if wait > 0:
            await asyncio.sleep(wait)
        wire = await idle.get()
        request, then = next_request(lambda body: None)
        wire.send(request, done(index, then))
    while np.isnan(took).any():
        await asyncio.sleep(0.01)
    return took[int(rate * WARM_UP_S) :]


def decisions(key: str) -> Callable[[Callable[[bytes], None]], Any]:
    """Nothing but `/v1/decide`."""
    request = request_of("/v1/decide", BODY, key)
    return lambda nothing: (request, nothing)


def mixed(key: str) -> Callable[[Callable[[bytes], None]], Any]:
    """Half decisions, half impressions of them; each hundredth also clicks."""
    decide = request_of("/v1/decide", BODY, key)
    ready: list[tuple[str, str]] = []
    count = 0

    def note(body: bytes) -> None:
        nonlocal count
        count += 1
        token = json.loads(body)["token"]
        ready.append(("/v1/impression", token))
        if count % 100 == 0:
            ready.append(("/v1/click", token))

    def following(nothing: Callable[[bytes], None]) -> Any:
        if not ready:
            return decide, note
        path, token = ready.pop(0)
        return request_of(path, {"token": token}, key), nothing

    return following


def bare() -> FastAPI:
    """An endpoint that answers JSON of a decision's size and does nothing else."""
    app = FastAPI(openapi_url=None)
    answer = {"creative": "x" * 900, "propensity": 0.25, "token": "y" * 300}

    @app.post("/v1/decide")
    async def decide(asked: dict[str, Any]) -> dict[str, Any]:
        return answer

    return app


def serve(kind: str, folder: str, port: int) -> None:
    """Run one server in a process of its own."""
    app = bare()
    if kind == "studio":
        studio = a_studio(Path(folder), ideas=12, snapshot_every_s=5.0,
                          decisions_per_second=100_000)  # fmt: skip
        app = DecisionServer(studio=studio, slugs=("rice",), person=ADMIN).app()
    uvicorn.run(app, host="127.0.0.1", port=port, log_level="error", access_log=False)


def cpu_s(pid: int) -> float:
    """Seconds that a process has computed for, all its threads together (Linux)."""
    fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def measured(
    kind: str, rate: int, seconds: float, load: Callable[[str], Any]
) -> tuple[np.ndarray[Any, Any], float]:
    """Latencies of one kind of server under one load, and its CPU milliseconds a request."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    with tempfile.TemporaryDirectory() as folder:
        process = multiprocessing.get_context("spawn").Process(
            target=serve, args=(kind, folder, port)
        )
        process.start()
        wait_for(port)
        keys = Path(folder) / "data" / "decision-keys"
        key = Tokens(keys.read_text().split()).site_key("rice") if keys.exists() else ""
        before, everything = cpu_s(process.pid or 0), seconds + WARM_UP_S
        try:
            took = asyncio.run(open_loop(port, rate, everything, load(key)))
            computed = cpu_s(process.pid or 0) - before
            return took, computed / (rate * everything) * 1000
        finally:
            process.terminate()
            process.join()


def wait_for(port: int) -> None:
    """Until the server listens."""
    for _ in range(600):
        try:
            socket.create_connection(("127.0.0.1", port), timeout=1).close()
        except OSError:
            time.sleep(0.1)
        else:
            return
    raise SystemExit("the server didn't start")


def row(name: str, measurement: tuple[np.ndarray[Any, Any], float]) -> str:
    """One line of the table."""
    took_ms, cpu_ms = measurement
    marks = np.percentile(took_ms, [50, 99, 99.9])
    cells = " | ".join(f"{mark:.2f}" for mark in (*marks, took_ms.max(), cpu_ms))
    return f"| {name} | {len(took_ms):,} | {cells} |"


def per_second(n: int, work: Callable[[], object], rounds: int = 5) -> float:
    """The best of some rounds of `n` things."""
    best = float("inf")
    for _ in range(rounds):
        began = time.perf_counter()
        work()
        best = min(best, time.perf_counter() - began)
    return n / best


def vectors() -> list[str]:
    """Decisions and rows a second on one core."""
    rng = np.random.default_rng(0)
    lines = []
    n = 1_000_000
    for arms, cells in ((240, 20), (10_000, 1_000), (1_000_000, 10_000)):
        cell = np.repeat(np.arange(cells), arms // cells)
        snapshot = Snapshot.of_shares(
            rng.random(arms) + 0.01, cell=cell, cells=[str(c) for c in range(cells)],
            arms=[str(a) for a in range(arms)],
        )  # fmt: skip
        asked = rng.integers(cells, size=n)
        many = per_second(n, lambda s=snapshot, a=asked: s.decide_many(a, rng))
        lines.append(
            f"| decisions, vectorised, {arms:,} arms in {cells:,} cells | {many:,.0f} |"
        )
    uniform = rng.random(100_000).tolist()
    single = per_second(100_000, lambda: [snapshot.decide(7, u) for u in uniform])
    lines.append(f"| decisions, one by one, the last of these | {single:,.0f} |")
    sizes = {"ad": 240, "cell": 20, "day": 28}
    codes = np.column_stack([rng.integers(size, size=n) for size in sizes.values()])
    levels = {name: [f"{k:04}" for k in range(size)] for name, size in sizes.items()}
    clicks = (rng.random(n) < 0.02).astype(np.int64)
    measures = {"impressions": np.ones(n, dtype=np.int64), "clicks": clicks}
    rows = per_second(n, lambda: Counts.of_codes(levels, codes, measures))
    lines.append(f"| rows reduced to counts by ad, cell and day | {rows:,.0f} |")
    return lines


def main() -> None:
    """Write the tables beside this file."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rate", type=int, default=1000)
    parser.add_argument("--seconds", type=float, default=20.0)
    asked = parser.parse_args()
    rate, seconds = asked.rate, asked.seconds
    latencies = [
        row("bare FastAPI endpoint, before", measured("bare", rate, seconds, decisions)),
        row("`/v1/decide`", measured("studio", rate, seconds, decisions)),
        row("half `/v1/decide`, half `/v1/impression`, some `/v1/click`, each on the disk "
            "before its answer", measured("studio", rate, seconds, mixed)),
        row("bare FastAPI endpoint, after", measured("bare", rate, seconds, decisions)),
    ]  # fmt: skip
    busy = f"{os.getloadavg()[0]:.1f}"
    with_parser = "httptools" if find_spec("httptools") else "h11"
    with_loop = "uvloop" if find_spec("uvloop") else "asyncio"
    text = "\n".join(
        [
            "# Serving: latency at a fixed rate, and vectorised speed",
            "",
            f"`python benchmarks/bandit/serving.py --rate {rate} --seconds {seconds:g}` on "
            f"{os.cpu_count()} cores ({platform.machine()}), Python "
            f"{platform.python_version()}; uvicorn on {with_parser} and {with_loop}; load "
            f"average {busy} at the end, niceness {os.nice(0)}. Server and generator "
            f"share the machine: {rate:,} requests a second from one open-loop "
            f"process over {CONNECTIONS} connections, after {WARM_UP_S:g} s of warming up; 24 "
            "ads in 2 cells; the snapshot is refitted and swapped every 5 s meanwhile.",
            "",
            "Milliseconds from when a request was due to its answer:",
            "",
            "| | requests | p50 | p99 | p99.9 | longest | server's CPU a request |",
            "|---|---|---|---|---|---|---|",
            *latencies,
            "",
            "One core, best of 5 rounds of a million (one by one: 100,000):",
            "",
            "| | a second |",
            "|---|---|",
            *vectors(),
            "",
        ]
    )
    Path(__file__).with_suffix(".md").write_text(text, encoding="utf-8")
    print(text)


if __name__ == "__main__":
    main()
