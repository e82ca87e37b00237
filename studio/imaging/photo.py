"""Reading a product photo: upright, in sRGB, at working size, and whatever is odd about it."""

from __future__ import annotations

import io
import struct
import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import numpy as np
from PIL import Image, ImageCms, ImageOps, UnidentifiedImageError

from studio.errors import InputError, NotFound
from studio.imaging.colour import Bytes
from studio.imaging.resample import no_longer_than

FORMATS: Final = ("PNG", "JPEG", "WEBP")
MAX_PHOTO_PIXELS = 40_000_000
"""Most that is decoded in full."""
MAX_JPEG_PIXELS = 120_000_000
"""Most of a JPEG, which can be decoded at a half or a quarter of its size."""
MAX_PHOTO_BYTES = 80_000_000
LEAST_EDGE_PX: Final = 32
"""Shorter than this, the longest edge of a photo shows nothing in any placement."""
WORKING_EDGE_PX = 2400
"""Longest edge that a photo is worked on at; no placement shows more of a product."""
SEE_THROUGH_SHARE = 0.01
"""A photo counts as cut out already when this share of it is transparent."""
SIGNATURES: Final = (
    (0, b"GIF8", "a GIF, which has 256 colours only"),
    (0, b"BM", "a BMP"),
    (0, b"II*\0", "a TIFF or camera raw file"),
    (0, b"MM\0*", "a TIFF or camera raw file"),
    (0, b"%PDF", "a PDF"),
    (0, b"8BPS", "a Photoshop document"),
    (4, b"ftypavif", "an AVIF picture"),
    (4, b"ftypheic", "a HEIC photo"),
    (4, b"ftypheix", "a HEIC photo"),
    (4, b"ftypmif1", "a HEIC photo"),
    (4, b"ftypmsf1", "a HEIC photo"),
    (4, b"ftyp", "a film"),
    (0, b"<svg", "an SVG drawing"),
    (0, b"<?xml", "an SVG drawing"),
)
"""Where, which bytes, and what a file is that begins so."""
REMEDIES: Final = {
    "a HEIC photo": (
        "export it as JPEG (an iPhone takes JPEGs with Settings, Camera, Formats, "
        "Most Compatible)"
    ),
}


@dataclass(frozen=True, slots=True, eq=False)
class Photo:
    """A photo as it is worked on."""

    pixels: Bytes
    """(height, width, 4) with straight alpha where `has_alpha`, else (height, width, 3)."""
    name: str
    """Its file's name, for messages."""
    suffix: str
    """What its file's name should end with: `.png`, `.jpg` or `.webp`."""
    notes: tuple[str, ...]
    """What was done to read it, in sentences for people."""

    @property
    def has_alpha(self) -> bool:
        """Whether it came with transparency."""
        return bool(self.pixels.shape[2] == 4)

    @property
    def is_see_through(self) -> bool:
        """Whether it is cut out already."""
        if not self.has_alpha:
            return False
        return bool((self.pixels[:, :, 3] < 128).mean() >= SEE_THROUGH_SHARE)

    @property
    def rgb(self) -> Bytes:
        """(height, width, 3), whatever is transparent as it is stored."""
        return np.ascontiguousarray(self.pixels[:, :, :3])


def read_photo(path: Path, *, name: str = "") -> Photo:
    """The photo in a file; raises `InputError` where it is unfit, `NotFound` where it isn't.

    name: what messages call it, if not by its file's name.
    """
    if not path.is_file():
        raise NotFound(f"product.photos: there is no file {path}.")
    called = name or path.name
    _check_bytes(path, called)
    with _readable(path, called), Image.open(path, formats=FORMATS) as opened:
        _check_kind(opened, called)
        suffix = {"PNG": ".png", "WEBP": ".webp"}.get(str(opened.format), ".jpg")
        size = opened.size
        _draft(opened)
        opened.load()
        image, notes = _upright(opened)
        image, told = _in_srgb(image)
    pixels = no_longer_than(np.array(image.convert("RGBA")), WORKING_EDGE_PX)
    if image.mode == "RGB":
        pixels = np.ascontiguousarray(pixels[:, :, :3])
    return Photo(pixels, called, suffix, (*notes, *told, *_shrunk(size, pixels)))


def _shrunk(size: tuple[int, int], pixels: Bytes) -> tuple[str, ...]:
    if max(size) <= max(pixels.shape[:2]):
        return ()
    width, height = pixels.shape[1], pixels.shape[0]
    return (f"Made smaller, from {size[0]} × {size[1]} px: {width} × {height} are plenty.",)


def _check_bytes(path: Path, name: str) -> None:
    size = path.stat().st_size
    if size == 0:
        raise InputError(
            f"product.photos: {name} is an empty file; copying it may have failed, so "
            "copy or save it again."
        )
    if size > MAX_PHOTO_BYTES:
        raise InputError(
            f"product.photos: {name} has {size // 1_000_000} MB; "
            f"{MAX_PHOTO_BYTES // 1_000_000} MB are the most."
        )


@contextmanager
def _readable(path: Path, name: str) -> Iterator[None]:
    """Everything Pillow says about a bad file, in words a marketer understands."""
    try:
        with warnings.catch_warnings():
            # Our own limits come before Pillow's, and odd metadata is told as a note.
            warnings.simplefilter("ignore")
            yield
    except Image.DecompressionBombError as error:
        raise _too_large(name, MAX_PHOTO_PIXELS) from error
    except UnidentifiedImageError as error:
        raise _unknown(path, name) from error
    except (OSError, SyntaxError, ValueError, struct.error) as error:
        if isinstance(error, InputError):
            raise
        raise InputError(
            f"product.photos: {name} is damaged and can't be read; save it again."
        ) from error


def _unknown(path: Path, name: str) -> InputError:
    with path.open("rb") as file:
        start = file.read(64).lstrip()
    kind = next((kind for at, mark, kind in SIGNATURES if start[at:].startswith(mark)), "")
    also = f" It is {kind}." if kind else ""
    remedy = REMEDIES.get(kind, "save the photo again as PNG or JPEG")
    return InputError(
        f"product.photos: {name} is no PNG, JPEG or WebP picture, whatever its name "
        f"says.{also} Please {remedy}."
    )


def _too_large(name: str, limit: int) -> InputError:
    return InputError(
        f"product.photos: {name} is larger than {limit // 1_000_000} megapixels; make it "
        "smaller."
    )


def _check_kind(opened: Image.Image, name: str) -> None:
    """Refuse by the header alone, before anything is decoded."""
    width, height = opened.size
    limit = MAX_JPEG_PIXELS if opened.format in ("JPEG", "MPO") else MAX_PHOTO_PIXELS
    if width * height > limit:
        raise _too_large(name, limit)
    if max(width, height) < LEAST_EDGE_PX:
        raise InputError(
            f"product.photos: {name} has {width} × {height} pixels only; give a photo of at "
            "least 600 on its longer side."
        )
    # Phones put a second view beside the photo (MPO); the first one is the photo.
    if getattr(opened, "n_frames", 1) > 1 and opened.format != "MPO":
        raise InputError(
            f"product.photos: {name} is an animation; save the picture that shows the product "
            "best as a still PNG or JPEG."
        )


def _draft(opened: Image.Image) -> None:
    """Let the JPEG decoder shrink what is larger than may be decoded in full."""
    width, height = opened.size
    if width * height > MAX_PHOTO_PIXELS:
        scale = WORKING_EDGE_PX / max(width, height)
        opened.draft(None, (round(width * scale), round(height * scale)))


def _upright(opened: Image.Image) -> tuple[Image.Image, tuple[str, ...]]:
    """The photo as the camera was held; one whose EXIF data is broken stays as stored."""
    try:
        upright = ImageOps.exif_transpose(opened)
    except (SyntaxError, ValueError, KeyError, TypeError, struct.error, OSError):
        return opened, ("Its EXIF data is damaged; check that it stands upright.",)
    turned = upright is not opened and opened.getexif().get(0x0112, 1) != 1
    return upright, ("Turned upright, as the camera was held.",) if turned else ()


def _in_srgb(image: Image.Image) -> tuple[Image.Image, tuple[str, ...]]:
    """The photo in sRGB as RGB or RGBA, and what that took."""
    alpha = _alpha(image)
    colours = _eight_bits(image)
    profile = image.info.get("icc_profile")
    converted, notes = _converted(colours, profile) if profile else (colours, ())
    if converted.mode == "CMYK":
        notes = (*notes, "Print colours (CMYK) without a usable profile: check its colours.")
    result = converted.convert("RGB")
    if alpha is not None:
        result.putalpha(alpha)
    return result, notes


def _alpha(image: Image.Image) -> Image.Image | None:
    if "A" not in image.getbands() and "transparency" not in image.info:
        return None
    if image.mode.startswith("I;16"):
        return None
    return image.convert("RGBA").getchannel("A")


def _eight_bits(image: Image.Image) -> Image.Image:
    """The colours alone in 8 bits: as L, RGB or CMYK."""
    if image.mode.startswith("I"):
        # Pillow clips sixteen bits where it should scale them.
        scaled = np.asarray(image).astype(np.float64) / 257
        return Image.fromarray(np.clip(np.rint(scaled), 0, 255).astype(np.uint8))
    if image.mode in ("L", "LA", "1"):
        return image.convert("L")
    if image.mode == "CMYK":
        return image
    return image.convert("RGBA").convert("RGB") if image.mode in ("P", "PA") else _opaque(image)


def _opaque(image: Image.Image) -> Image.Image:
    bands = image.convert("RGBA" if "A" in image.getbands() else "RGB").split()
    return Image.merge("RGB", bands[:3])


def _converted(image: Image.Image, profile: bytes) -> tuple[Image.Image, tuple[str, ...]]:
    """Colours from their ICC profile to sRGB; a profile of another colour model is ignored."""
    try:
        source = ImageCms.ImageCmsProfile(io.BytesIO(profile))
        name = ImageCms.getProfileDescription(source).strip()
        model = source.profile.xcolor_space.strip()
        if model != {"L": "GRAY"}.get(image.mode, image.mode) or name.startswith("sRGB"):
            return image, ()
        converted = ImageCms.profileToProfile(
            image, source, ImageCms.createProfile("sRGB"), outputMode="RGB"
        )
    except (ImageCms.PyCMSError, OSError, ValueError):
        return image, ("Its colour profile is damaged; its colours are taken as sRGB.",)
    if converted is None:
        return image, ()
    return converted, (f"Colours converted from {name or 'its profile'} to sRGB.",)
