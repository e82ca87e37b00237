"""From a product photo to a cut-out with clean edges, its colours untouched."""

from __future__ import annotations

import io
from dataclasses import dataclass, replace
from enum import StrEnum
from functools import lru_cache
from pathlib import Path
from typing import Final

import numpy as np
from PIL import Image

from studio.domain.geometry import Box
from studio.errors import InputError, NotFound
from studio.imaging.colour import Bytes
from studio.imaging.cut_quality import CutQuality, measured
from studio.imaging.grabcut import likely_frame, limits, segmented
from studio.imaging.keying import FaintEdge, NoPlainGround, keyed
from studio.imaging.masks import trimmed_to
from studio.imaging.matting import matted
from studio.imaging.photo import Photo, read_photo
from studio.imaging.rembg_cut import found_by_network
from studio.imaging.resample import resampled

__all__ = ["CutOut", "CutProposal", "Method", "cut_out", "proposed_cut", "resampled", "to_png"]

KEPT_PHOTOS: Final = 8
NETWORK_BAND_SHARE: Final = 0.006
"""How far a network's outline may be off, as a share of the photo's longer edge."""


class Method(StrEnum):
    """How a product is told from its background."""

    TRANSPARENT = "transparent"
    """It was cut out already."""
    KEYED = "keyed"
    """By its plain light background."""
    GRABCUT = "grabcut"
    """By the colours inside and outside a frame."""
    REMBG = "rembg"
    """By a network."""


@dataclass(frozen=True, slots=True, eq=False)
class CutOut:
    """A product with transparency, trimmed to what is visible."""

    rgba: Bytes
    """(height, width, 4), sRGB with straight alpha."""
    name: str
    """File name of the photo, for messages."""


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class CutProposal:
    """A cut-out that a person looks at before it is used."""

    cut: CutOut
    photo: Photo
    method: Method
    frame: Box | None
    """Where GrabCut looked for the product."""
    quality: CutQuality

    @property
    def faults(self) -> tuple[str, ...]:
        """Why it shouldn't be used; empty where it is good."""
        return _faults(self.method, self.quality)


def cut_out(photo: Path) -> CutOut:
    """The product of a photo that needs no guess: transparent, or on a plain light ground.

    Raises `InputError` where that can't be done well; `proposed_cut` cuts other photos, for
    a person to confirm.
    """
    if not photo.is_file():
        raise NotFound(f"product.photos: there is no file {photo}.")
    stat = photo.stat()
    return _cut_out(photo, stat.st_mtime_ns, stat.st_size)


def proposed_cut(
    photo: Path, *, name: str = "", method: Method | None = None, frame: Box | None = None
) -> CutProposal:
    """The product of any photo, with what was measured of the cut.

    A frame asks for GrabCut within it. Without method and frame a photo that is neither
    transparent nor on a plain ground is cut within the frame that seems likely. Raises
    `InputError` where the photo is unfit or nothing can be found in it.
    """
    read = read_photo(photo, name=name)
    chosen = method or (Method.GRABCUT if frame is not None else None)
    if chosen is None and read.is_see_through:
        chosen = Method.TRANSPARENT
    if chosen in (None, Method.KEYED):
        try:
            return _proposal(read, keyed(read.rgb, read.name), Method.KEYED)
        except (NoPlainGround, FaintEdge):
            if chosen is Method.KEYED:
                raise
    if chosen is Method.TRANSPARENT:
        return _proposal(read, _own_alpha(read), Method.TRANSPARENT)
    if chosen is Method.REMBG:
        return _by_network(read)
    return _in_frame(read, frame or likely_frame(read.rgb))


def to_png(rgba: Bytes) -> bytes:
    """A picture as a PNG file, without any metadata."""
    out = io.BytesIO()
    Image.fromarray(rgba).save(out, "PNG", compress_level=6)
    return out.getvalue()


@lru_cache(maxsize=KEPT_PHOTOS)
def _cut_out(photo: Path, changed_ns: int, size_bytes: int) -> CutOut:
    del changed_ns, size_bytes
    read = read_photo(photo)
    if read.is_see_through:
        return CutOut(_trimmed(_own_alpha(read), read.name), read.name)
    rgba = keyed(read.rgb, read.name)
    faults = _faults(Method.KEYED, measured(rgba, read.rgb))
    if faults:
        raise InputError(f"product.photos: {read.name}: {faults[0]}")
    return CutOut(_trimmed(rgba, read.name), read.name)


def _proposal(
    photo: Photo, rgba: Bytes, method: Method, frame: Box | None = None
) -> CutProposal:
    return CutProposal(
        cut=CutOut(_trimmed(rgba, photo.name), photo.name),
        photo=photo,
        method=method,
        frame=frame,
        quality=measured(rgba, photo.rgb, limits=limits(frame) if frame else None),
    )


def _in_frame(photo: Photo, frame: Box) -> CutProposal:
    found = segmented(photo.rgb, frame)
    rgba = matted(photo.rgb, found.mask, band_px=found.band_px)
    proposal = _proposal(photo, rgba, Method.GRABCUT, frame)
    return replace(proposal, quality=replace(proposal.quality, agreement=found.agreement))


def _by_network(photo: Photo) -> CutProposal:
    mask = found_by_network(photo.rgb, photo.name)
    band_px = max(4, round(NETWORK_BAND_SHARE * max(mask.shape)))
    return _proposal(photo, matted(photo.rgb, mask, band_px=band_px), Method.REMBG)


def _own_alpha(photo: Photo) -> Bytes:
    if photo.has_alpha:
        return photo.pixels
    raise InputError(f"product.photos: {photo.name} has no transparency.")


def _faults(method: Method, quality: CutQuality) -> tuple[str, ...]:
    """What a person cut out themselves isn't second-guessed."""
    return () if method is Method.TRANSPARENT else quality.faults


def _trimmed(rgba: Bytes, name: str) -> Bytes:
    visible = rgba[:, :, 3] > 8
    if not visible.any():
        raise InputError(f"product.photos: {name} is empty: every pixel is transparent.")
    return np.ascontiguousarray(rgba[trimmed_to(visible)])
