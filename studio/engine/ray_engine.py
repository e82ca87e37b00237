"""Processes on this machine or on a cluster, through Ray. Needs the extra `cluster`."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from itertools import islice
from typing import Any, TypeVar

from studio.errors import InputError, PermanentError

T = TypeVar("T")
R = TypeVar("R")


class RayEngine:
    """Runs each item as a Ray task; work and items must be picklable.

    No setting chooses it yet: generation's work holds a database connection.

    address: of a running cluster, such as `ray://head:10001`; empty: Ray on this machine.
    workers: how many tasks are under way at once.
    """

    def __init__(self, workers: int, *, address: str = "") -> None:
        if workers < 1:
            raise InputError(f"workers is {workers}; at least 1 is needed.")
        self._workers = workers
        self._address = address

    def run(self, work: Callable[[T], R], items: Iterable[T]) -> Iterator[tuple[T, R]]:
        """Each item with its result, in the order in which they are done."""
        ray = self._connected()
        task = ray.remote(work)
        waiting = iter(items)
        running: dict[object, T] = {}

        def submit(count: int) -> None:
            running.update({task.remote(item): item for item in islice(waiting, count)})

        try:
            submit(self._workers)
            while running:
                (done,), _ = ray.wait(list(running), num_returns=1)
                item = running.pop(done)
                result: R = _result(ray, done)
                submit(1)
                yield item, result
        finally:
            for reference in running:
                ray.cancel(reference)
            if running:
                # What was running ends before the caller goes on, as on every engine.
                ray.wait(list(running), num_returns=len(running))

    def _connected(self) -> Any:
        try:
            import ray
        except ImportError as error:
            raise PermanentError(
                "Ray isn't installed. Install it with: pip install 'studio[cluster]'"
            ) from error
        if not ray.is_initialized():
            try:
                ray.init(
                    address=self._address or "local",
                    num_cpus=None if self._address else self._workers,
                    include_dashboard=False,
                    log_to_driver=False,
                )
            except ConnectionError as error:
                raise PermanentError(
                    f"The cluster at {self._address} can't be reached. Start it, or correct "
                    "its address."
                ) from error
        return ray


def _result(ray: Any, reference: object) -> Any:
    """The result of a task; its exception as the work raised it, not as Ray wraps it."""
    try:
        return ray.get(reference)
    except ray.exceptions.RayTaskError as error:
        raise error.cause from error
