"""Paintings that were made before, by the hash of everything that shaped them."""

from __future__ import annotations

import logging
import os
from contextlib import suppress
from dataclasses import dataclass
from io import BytesIO
from pathlib import Path
from uuid import uuid4

import numpy as np
from PIL import Image, PngImagePlugin, UnidentifiedImageError

from studio.errors import PermanentError
from studio.imaging.colour import Bytes

logger = logging.getLogger(__name__)

MOST_BYTES = 2_000_000_000
KEPT_SHARE = 0.9
"""Share of the bound that is left when old paintings make room for new ones."""
SUFFIX = ".png"
NOTE = "view"
"""Text chunk of the file that says what the model was shown."""


@dataclass(frozen=True, slots=True, eq=False)
class Painting:
    """What a model painted."""

    pixels: Bytes
    """(height, width, 3), sRGB."""
    view: str
    """What it was shown of the set."""


class PaintingCache:
    """A folder of lossless pictures with a bound; the ones least recently used go first.

    It only saves time: what can't be read is painted again, what can't be written isn't kept.
    """

    def __init__(self, folder: Path, *, most_bytes: int = MOST_BYTES) -> None:
        if most_bytes < 1:
            raise PermanentError(f"A cache of {most_bytes} bytes keeps nothing; leave it out.")
        self._folder, self._most_bytes = folder, most_bytes

    def get(self, key: str) -> Painting | None:
        """The painting, if it is there and whole."""
        path = self._path(key)
        try:
            data = path.read_bytes()
            os.utime(path)
            with Image.open(BytesIO(data), formats=("PNG",)) as image:
                return Painting(np.array(image.convert("RGB")), str(image.info[NOTE]))
        except FileNotFoundError:
            return None
        except (OSError, UnidentifiedImageError, SyntaxError, KeyError):
            _drop(path)
            return None

    def has(self, key: str) -> bool:
        """Whether there is a file for it."""
        return self._path(key).is_file()

    def put(self, key: str, painting: Painting) -> None:
        """Keep a painting; a reader never sees half of one."""
        encoded, notes = BytesIO(), PngImagePlugin.PngInfo()
        notes.add_text(NOTE, painting.view)
        image = Image.fromarray(painting.pixels)
        image.save(encoded, "PNG", compress_level=1, pnginfo=notes)
        path = self._path(key)
        unfinished = path.with_name(f"{key}.{uuid4().hex}.part")
        try:
            path.parent.mkdir(parents=True, exist_ok=True)
            unfinished.write_bytes(encoded.getvalue())
            unfinished.replace(path)
            self._make_room()
        except OSError as error:
            _drop(unfinished)
            logger.warning("a painting wasn't kept", extra={"why": str(error)})

    def _make_room(self) -> None:
        """Another process may do the same at the same time, so files may vanish."""
        found = []
        for path in self._folder.glob(f"*/*{SUFFIX}"):
            try:
                stat = path.stat()
            except FileNotFoundError:
                continue
            found.append((stat.st_mtime_ns, stat.st_size, path))
        total = sum(size for _, size, _ in found)
        if total <= self._most_bytes:
            return
        for _, size, path in sorted(found)[:-1]:
            _drop(path)
            total -= size
            if total <= self._most_bytes * KEPT_SHARE:
                return

    def _path(self, key: str) -> Path:
        return self._folder / key[:2] / f"{key}{SUFFIX}"


def _drop(path: Path) -> None:
    """Delete a file, or leave it where that can't be done."""
    with suppress(OSError):
        path.unlink(missing_ok=True)
