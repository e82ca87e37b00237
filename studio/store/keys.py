"""Secret keys in a file that only its owner reads, one a line, the newest last."""

from __future__ import annotations

import os
import secrets
from contextlib import suppress
from pathlib import Path

KEPT = 2
"""A new key leaves so many in force: it and the one before."""


def read_keys(file: Path) -> tuple[str, ...]:
    """The keys, the oldest first; the first is made where there is none.

    Two processes may start at once: both get the key of whoever was first.
    """
    try:
        return tuple(file.read_text("ascii").split())
    except FileNotFoundError:
        file.parent.mkdir(parents=True, exist_ok=True)
    unfinished = _written(file, [secrets.token_urlsafe(48)])
    with suppress(FileExistsError):
        os.link(unfinished, file)
    unfinished.unlink()
    return tuple(file.read_text("ascii").split())


def add_key(file: Path) -> tuple[str, ...]:
    """Put a new key in force and keep the one before it."""
    keys = (*read_keys(file), secrets.token_urlsafe(48))[-KEPT:]
    _written(file, keys).replace(file)
    return keys


def _written(file: Path, keys: list[str] | tuple[str, ...]) -> Path:
    """A new file beside `file` with the keys, complete on the disk."""
    unfinished = file.with_name(f".{file.name}.{secrets.token_hex(4)}")
    descriptor = os.open(unfinished, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(descriptor, "w", encoding="ascii") as out:
        out.write("\n".join(keys) + "\n")
        out.flush()
        os.fsync(out.fileno())
    return unfinished
