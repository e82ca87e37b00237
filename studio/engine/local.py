"""Threads of this process, for work that waits or computes outside Python."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from itertools import islice
from queue import SimpleQueue
from typing import TypeVar

from studio.errors import InputError

T = TypeVar("T")
R = TypeVar("R")

WAITING_PER_WORKER = 1
"""Items drawn ahead for each worker, so that none stands idle between two."""


class LocalEngine:
    """A pool of threads for each run."""

    def __init__(self, workers: int) -> None:
        if workers < 1:
            raise InputError(f"workers is {workers}; at least 1 is needed.")
        self._workers = workers

    def run(self, work: Callable[[T], R], items: Iterable[T]) -> Iterator[tuple[T, R]]:
        """Each item with its result, in the order in which they are done."""
        waiting = iter(items)
        done: SimpleQueue[Future[R]] = SimpleQueue()
        running: dict[Future[R], T] = {}
        pool = ThreadPoolExecutor(self._workers, thread_name_prefix="studio")

        def submit(count: int) -> None:
            for item in islice(waiting, count):
                future = pool.submit(work, item)
                running[future] = item
                future.add_done_callback(done.put)

        try:
            submit(self._workers * (1 + WAITING_PER_WORKER))
            while running:
                future = done.get()
                item, result = running.pop(future), future.result()
                submit(1)
                yield item, result
        finally:
            # Also on Ctrl-C, and when the caller asks for no more results.
            pool.shutdown(wait=True, cancel_futures=True)
