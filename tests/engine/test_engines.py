"""Every engine keeps the contract; Ray does where it is installed."""

from __future__ import annotations

import signal
import subprocess
import sys
import threading
from collections.abc import Iterator
from importlib.util import find_spec

import pytest

from studio.engine.local import LocalEngine
from studio.engine.ray_engine import RayEngine
from studio.engine.serial import SerialEngine
from studio.errors import InputError
from tests.contracts.engine import EngineContract, ParallelContract, square

INTERRUPTED = """
import sys, time
from studio.engine.local import LocalEngine
begun = []
def work(item):
    begun.append(item)
    print("working", flush=True)
    time.sleep(1)
    return item
try:
    list(LocalEngine(1).run(work, range(100)))
except KeyboardInterrupt:
    print("begun", len(begun), flush=True)
"""


@pytest.fixture(scope="module")
def ray_engine() -> Iterator[RayEngine]:
    """Ray on this machine, started once."""
    import ray

    yield RayEngine(2)
    ray.shutdown()


class TestSerial(EngineContract):
    @pytest.fixture
    def engine(self) -> SerialEngine:
        return SerialEngine()

    def test_it_works_in_the_callers_thread(self, engine: SerialEngine) -> None:
        ((_, thread),) = engine.run(lambda _: threading.get_ident(), [1])
        assert thread == threading.get_ident()


class TestLocal(ParallelContract):
    @pytest.fixture
    def engine(self) -> LocalEngine:
        return LocalEngine(2)

    def test_no_thread_outlives_a_run(self, engine: LocalEngine) -> None:
        before = threading.active_count()
        results = engine.run(square, range(10))
        next(results)
        results.close()  # type: ignore[attr-defined]
        assert threading.active_count() == before

    def test_ctrl_c_gives_up_what_is_waiting(self) -> None:
        with subprocess.Popen(
            [sys.executable, "-c", INTERRUPTED], stdout=subprocess.PIPE, text=True
        ) as process:
            assert process.stdout is not None
            assert process.stdout.readline() == "working\n"
            process.send_signal(signal.SIGINT)
            rest = process.stdout.read().split()
        assert (process.returncode, rest) == (0, ["begun", "1"])


@pytest.mark.skipif(find_spec("ray") is None, reason="needs the extra cluster")
class TestRay(ParallelContract):
    @pytest.fixture
    def engine(self, ray_engine: RayEngine) -> RayEngine:
        return ray_engine


@pytest.mark.parametrize("kind", [LocalEngine, RayEngine])
def test_an_engine_without_workers_is_refused(
    kind: type[LocalEngine] | type[RayEngine],
) -> None:
    with pytest.raises(InputError, match="workers is 0"):
        kind(0)
