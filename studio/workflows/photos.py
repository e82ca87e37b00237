"""Photos of a campaign's product: cut out, looked at by a person, and only then used."""

from __future__ import annotations

import io
import os
import re
import tempfile
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

from PIL import Image

from studio.domain.geometry import Box
from studio.domain.person import Person, Right
from studio.errors import InputError
from studio.imaging.cut_quality import CutQuality
from studio.imaging.cutout import CutProposal, Method, proposed_cut, to_png

PHOTOS_FOLDER = "photos"
SHOWN_EDGE_PX = 1200
"""Longest edge of the original as it is shown beside its cut-out."""
LONGEST_STEM = 40


class PictureStore(Protocol):
    """The part of `studio.store.blobs` that photos need."""

    def put(self, data: bytes) -> str: ...
    def get(self, sha256: str) -> bytes: ...
    def path(self, sha256: str) -> Path: ...


@dataclass(frozen=True, slots=True, kw_only=True)
class PhotoProposal:
    """A cut-out that waits for a person; its pictures are blobs, named by their SHA-256."""

    name: str
    """The photo's file name, as it was given."""
    suffix: str
    method: Method
    frame: Box | None
    quality: CutQuality
    faults: tuple[str, ...]
    notes: tuple[str, ...]
    original: str
    """The file as it was given."""
    shown: str
    """The original as browsers show it."""
    cut: str
    """The cut-out, a PNG with transparency."""


@dataclass(frozen=True, slots=True, kw_only=True)
class PhotoDesk:
    """Where photos become cut-outs that ads are made of."""

    folder: Callable[[str], Path]
    """The folder of a campaign."""
    pictures: PictureStore

    def propose(self, file: Path, person: Person, *, name: str = "") -> PhotoProposal:
        """Cut the product out of a photo; raises `InputError` where the photo is unfit."""
        person.require(Right.WRITE_BRIEF)
        name = name or file.name
        found = proposed_cut(file, name=name)
        return self._kept(found, self.pictures.put(file.read_bytes()))

    def within(self, proposal: PhotoProposal, frame: Box, person: Person) -> PhotoProposal:
        """Cut the same photo again, within the frame that a person drew."""
        person.require(Right.WRITE_BRIEF)
        path = self.pictures.path(proposal.original)
        return self._kept(
            proposed_cut(path, name=proposal.name, frame=frame), proposal.original
        )

    def accept(self, slug: str, proposal: PhotoProposal, person: Person) -> str:
        """Keep a confirmed cut-out beside the brief, and its original; its path in the brief.

        Later runs use exactly these pixels. Raises `InputError` for a poor cut.
        """
        person.require(Right.WRITE_BRIEF)
        if proposal.faults:
            raise InputError(f"{proposal.name} isn't cut out well: {proposal.faults[0]}")
        folder = self.folder(slug) / PHOTOS_FOLDER
        stem = f"{_stem(proposal.name)}-{proposal.cut[:8]}"
        _write(
            folder / f"{stem}-original{proposal.suffix}", self.pictures.get(proposal.original)
        )
        _write(folder / f"{stem}.png", self.pictures.get(proposal.cut))
        return f"{PHOTOS_FOLDER}/{stem}.png"

    def _kept(self, found: CutProposal, original: str) -> PhotoProposal:
        return PhotoProposal(
            name=found.photo.name,
            suffix=found.photo.suffix,
            method=found.method,
            frame=found.frame,
            quality=found.quality,
            faults=found.faults,
            notes=found.photo.notes,
            original=original,
            shown=self.pictures.put(_shown(Image.fromarray(found.photo.pixels))),
            cut=self.pictures.put(to_png(found.cut.rgba)),
        )


def _shown(image: Image.Image) -> bytes:
    """As a browser shows it: small, and on white where it is transparent."""
    image.thumbnail((SHOWN_EDGE_PX, SHOWN_EDGE_PX), Image.Resampling.LANCZOS)
    ground = Image.new("RGB", image.size, "white")
    ground.paste(image, mask=image.getchannel("A") if image.mode == "RGBA" else None)
    out = io.BytesIO()
    ground.save(out, "JPEG", quality=90)
    return out.getvalue()


def _stem(name: str) -> str:
    """A file name's beginning, as harmless as names can be."""
    plain = re.sub(r"[^a-z0-9]+", "-", Path(name).stem.lower()).strip("-")
    return plain[:LONGEST_STEM].strip("-") or "photo"


def _write(path: Path, content: bytes) -> None:
    """Write the whole file or nothing."""
    path.parent.mkdir(parents=True, exist_ok=True)
    descriptor, temporary = tempfile.mkstemp(dir=path.parent, prefix=".photo-")
    with os.fdopen(descriptor, "wb") as out:
        out.write(content)
    Path(temporary).chmod(0o644)
    Path(temporary).replace(path)
