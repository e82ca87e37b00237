"""The seam to engines: the same work on many items, wherever it runs."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from typing import Protocol, TypeVar

T = TypeVar("T")
R = TypeVar("R")


class Engine(Protocol):
    """Runs work. Units may be repeated after a crash, so work must bear being repeated."""

    def run(self, work: Callable[[T], R], items: Iterable[T]) -> Iterator[tuple[T, R]]:
        """Each item with its result, in the order in which they are done.

        Items are drawn as workers become free, never all at once. The first exception of `work`
        comes out here, after what was waiting has been given up and what was running has ended.
        """
        ...
