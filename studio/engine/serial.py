"""One item after the other, in the caller's thread."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from typing import TypeVar

T = TypeVar("T")
R = TypeVar("R")


class SerialEngine:
    """Does an item when its result is asked for."""

    def run(self, work: Callable[[T], R], items: Iterable[T]) -> Iterator[tuple[T, R]]:
        """Each item with its result, in the order of the items."""
        for item in items:
            yield item, work(item)
