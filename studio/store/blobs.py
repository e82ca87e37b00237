"""Files named by their content, so that a name never means two things."""

from __future__ import annotations

import os
import re
from hashlib import sha256 as digest
from pathlib import Path
from uuid import uuid4

from studio.errors import InputError, NotFound, PermanentError

NAME = re.compile(r"[0-9a-f]{64}")
UNFINISHED = ".part"


class Blobs:
    """A folder of blobs. A blob is there as a whole or not at all."""

    def __init__(self, root: Path) -> None:
        self._root = root

    def put(self, data: bytes) -> str:
        """Keep `data`; its name is its SHA-256 in hexadecimal digits."""
        name = digest(data).hexdigest()
        path = self._place(name)
        try:
            if not (path.is_file() and path.read_bytes() == data):
                _write(path, data)
        except OSError as error:
            raise PermanentError(
                f"Can't keep a file in {self._root}: {error.strerror}. Free or mend the folder."
            ) from error
        return name

    def get(self, sha256: str) -> bytes:
        """The content, unless it isn't what was put any more."""
        content = self.path(sha256).read_bytes()
        if digest(content).hexdigest() != sha256:
            raise PermanentError(
                f"The file {self._place(sha256)} was changed or damaged. Delete it and "
                "generate again, or restore it from a backup."
            )
        return content

    def path(self, sha256: str) -> Path:
        """Where the blob lies, for programs that read files."""
        path = self._place(sha256)
        if not path.is_file():
            raise NotFound(f"There is no file {sha256} in {self._root}.")
        return path

    def has(self, sha256: str) -> bool:
        """Whether the blob is there."""
        return self._place(sha256).is_file()

    def _place(self, name: str) -> Path:
        if not NAME.fullmatch(name):
            raise InputError(f"{name[:80]!r} names no file: it takes 64 digits 0-9 and a-f.")
        return self._root / name[:2] / name


def _write(path: Path, content: bytes) -> None:
    """Write under another name, then rename, so that no reader ever sees a part."""
    path.parent.mkdir(parents=True, exist_ok=True)
    unfinished = path.with_name(f"{path.name}.{uuid4().hex}{UNFINISHED}")
    try:
        with unfinished.open("xb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        unfinished.replace(path)
    finally:
        unfinished.unlink(missing_ok=True)
    _keep_entry(path.parent)


def _keep_entry(folder: Path) -> None:
    """Flush a folder, so that a rename in it survives a power cut; Windows has no such call."""
    if os.name == "nt":
        return
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
