"""Slow painting: how far it is, told to whoever waits, and what can be done ahead."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from contextvars import ContextVar
from typing import Protocol, TypeAlias, runtime_checkable

from studio.imaging.model import PictureRequest

Watcher: TypeAlias = Callable[[str], None]
"""Takes a line such as `step 3 of 28`; raises `Cancelled` when nobody waits any more."""

_watcher: ContextVar[Watcher | None] = ContextVar("watcher", default=None)


@contextmanager
def watched_by(watcher: Watcher) -> Iterator[None]:
    """What is painted in this thread while the block runs is told to `watcher`."""
    token = _watcher.set(watcher)
    try:
        yield
    finally:
        _watcher.reset(token)


def tell(line: str) -> None:
    """Say how far the work is; raises `Cancelled` where it was called off."""
    if watcher := _watcher.get():
        watcher(line)


@runtime_checkable
class PaintsAhead(Protocol):
    """An image model that is quicker when it knows of several pictures at once."""

    def paint_ahead(self, requests: Sequence[PictureRequest]) -> None:
        """Prepare what `stage` will be asked for; requests it can't stage are left to it."""
        ...
