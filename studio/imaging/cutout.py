"""From a product photo to a cut-out with clean edges, its colours untouched."""

from __future__ import annotations

import io
import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import TypeAlias

import cv2
import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageCms, ImageOps, UnidentifiedImageError

from studio.errors import InputError, NotFound
from studio.imaging.colour import (
    Bytes,
    Floats,
    bytes_from_linear,
    linear_from_bytes,
    oklab_from_linear,
)

NDBool: TypeAlias = NDArray[np.bool_]

MAX_PHOTO_PIXELS = 40_000_000
MAX_PHOTO_BYTES = 80_000_000
FORMATS = ("PNG", "JPEG", "WEBP")
WORKING_EDGE_PX = 2400
"""Longest edge that a photo is worked on at; no placement shows more of a product."""
KEPT_PHOTOS = 8

SEE_THROUGH_SHARE = 0.01
"""A photo counts as cut out already when this share of it is transparent."""
LIGHTEST_GROUND = 0.80
"""OKLab lightness that a studio background has at least."""
GROUND_SPREAD = 0.05
"""OKLab distance that the border may stray from its median."""
STEP_BYTES = 3
"""Lightness steps between neighbours that still count as a smooth background."""


@dataclass(frozen=True, slots=True, eq=False)
class CutOut:
    """A product with transparency, trimmed to what is visible."""

    rgba: Bytes
    """(height, width, 4), sRGB with straight alpha."""
    name: str
    """File name of the photo, for messages."""


def cut_out(photo: Path) -> CutOut:
    """The product of a photo, cut out; raises `InputError` where that can't be done well."""
    if not photo.is_file():
        raise NotFound(f"product.photos: there is no file {photo}.")
    stat = photo.stat()
    return _cut_out(photo, stat.st_mtime_ns, stat.st_size)


@lru_cache(maxsize=KEPT_PHOTOS)
def _cut_out(photo: Path, changed_ns: int, size_bytes: int) -> CutOut:
    del changed_ns
    image = _read_photo(photo, size_bytes)
    if image.mode == "RGBA" and _is_see_through(image):
        rgba = np.array(image)
    else:
        rgba = _keyed(np.array(image.convert("RGB")), photo.name)
    return CutOut(_trimmed(rgba, photo.name), photo.name)


@contextmanager
def _readable(photo: Path) -> Iterator[None]:
    """Everything Pillow says about a bad file, in words a marketer understands."""
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("error", Image.DecompressionBombWarning)
            yield
    except (Image.DecompressionBombError, Image.DecompressionBombWarning) as error:
        raise InputError(
            f"product.photos: {photo.name} is larger than "
            f"{MAX_PHOTO_PIXELS // 1_000_000} megapixels; make it smaller."
        ) from error
    except UnidentifiedImageError as error:
        raise InputError(
            f"product.photos: {photo.name} is no PNG, JPEG or WebP picture, whatever its name "
            "says; save the photo again as PNG or JPEG."
        ) from error
    except (OSError, SyntaxError, ValueError) as error:
        raise InputError(
            f"product.photos: {photo.name} is damaged and can't be read; save it again."
        ) from error


def _read_photo(photo: Path, size_bytes: int) -> Image.Image:
    """The photo upright, in sRGB, at working size, as RGB or RGBA."""
    if size_bytes > MAX_PHOTO_BYTES:
        raise InputError(
            f"product.photos: {photo.name} has {size_bytes // 1_000_000} MB; "
            f"{MAX_PHOTO_BYTES // 1_000_000} MB are the most."
        )
    with _readable(photo), Image.open(photo, formats=FORMATS) as opened:
        width, height = opened.size
        if width * height > MAX_PHOTO_PIXELS:
            raise Image.DecompressionBombError(f"{width} × {height}")
        opened.load()
        upright = ImageOps.exif_transpose(opened)
        see_through = "A" in upright.getbands() or "transparency" in upright.info
        image = _in_srgb(upright, see_through=see_through)
    longest = max(image.size)
    if longest > WORKING_EDGE_PX:
        image = Image.fromarray(
            resampled(
                np.array(image.convert("RGBA")),
                round(image.width * WORKING_EDGE_PX / longest),
                round(image.height * WORKING_EDGE_PX / longest),
            )
        )
    return image


def _in_srgb(image: Image.Image, *, see_through: bool) -> Image.Image:
    wanted = "RGBA" if see_through else "RGB"
    profile = image.info.get("icc_profile")
    if profile and image.mode in ("RGB", "RGBA", "CMYK"):
        try:
            converted = ImageCms.profileToProfile(
                image,
                ImageCms.ImageCmsProfile(io.BytesIO(profile)),
                ImageCms.createProfile("sRGB"),
                outputMode="RGB" if image.mode == "CMYK" else image.mode,
            )
        except ImageCms.PyCMSError:
            converted = None
        if converted is not None:
            image = converted
    return image.convert(wanted)


def _is_see_through(image: Image.Image) -> bool:
    alpha = np.asarray(image.getchannel("A"))
    return bool((alpha < 128).mean() >= SEE_THROUGH_SHARE)


def resampled(rgba: Bytes, width: int, height: int) -> Bytes:
    """RGBA at another size, averaged in premultiplied linear light so that no edge darkens."""
    alpha = rgba[:, :, 3:].astype(np.float32) / 255
    stack = np.concatenate([linear_from_bytes(rgba[:, :, :3]) * alpha, alpha], axis=2)
    shrinks = width < rgba.shape[1]
    how = cv2.INTER_AREA if shrinks else cv2.INTER_CUBIC
    stack = np.clip(cv2.resize(stack, (width, height), interpolation=how), 0, 1)
    alpha = stack[:, :, 3:]
    straight = bytes_from_linear(stack[:, :, :3] / np.maximum(alpha, 1e-4))
    return np.concatenate([straight, np.rint(alpha * 255).astype(np.uint8)], axis=2)


def _trimmed(rgba: Bytes, name: str) -> Bytes:
    rows, columns = np.nonzero(rgba[:, :, 3] > 8)
    if not rows.size:
        raise InputError(f"product.photos: {name} is empty: every pixel is transparent.")
    return np.ascontiguousarray(
        rgba[rows.min() : rows.max() + 1, columns.min() : columns.max() + 1]
    )


def _keyed(rgb: Bytes, name: str) -> Bytes:
    """Take a plain, light studio background away, from the border inwards."""
    lab = oklab_from_linear(linear_from_bytes(rgb))
    ground = _ground(lab, name)
    background = _smooth_background(rgb, lab, ground)
    _check_key(background, lab, name)
    alpha = _matte(background)
    return np.concatenate(
        [_decontaminated(rgb, alpha, ground_rgb=_ground_rgb(rgb, background)), alpha], axis=2
    )


def _border(pixels: Floats) -> Floats:
    edge = max(2, min(pixels.shape[:2]) // 100)
    strips = (pixels[:edge], pixels[-edge:], pixels[:, :edge], pixels[:, -edge:])
    return np.concatenate([strip.reshape(-1, pixels.shape[2]) for strip in strips])


def _ground(lab: Floats, name: str) -> Floats:
    border = _border(lab)
    ground = np.asarray(np.median(border, axis=0), np.float32)
    plain = (np.linalg.norm(border - ground, axis=1) < GROUND_SPREAD).mean()
    if ground[0] < LIGHTEST_GROUND or plain < 0.85:
        raise InputError(
            f"product.photos: {name} has no plain light background to cut the product from; "
            "give a PNG with a transparent background, or a photo on white."
        )
    return ground


def _smooth_background(rgb: Bytes, lab: Floats, ground: Floats) -> NDBool:
    """Background reached from the border over smooth ground, soft shadows included."""
    grey = cv2.cvtColor(rgb, cv2.COLOR_RGB2GRAY)
    grey = cv2.bilateralFilter(grey, 5, 12, 3)
    height, width = grey.shape
    framed = cv2.copyMakeBorder(grey, 1, 1, 1, 1, cv2.BORDER_REPLICATE)
    framed[0, :] = framed[-1, :] = framed[:, 0] = framed[:, -1] = int(np.median(grey[0]))
    chroma = np.linalg.norm(lab[:, :, 1:] - ground[1:], axis=2)
    barred = (chroma > 0.03) | (lab[:, :, 0] < LIGHTEST_GROUND - 0.22)
    reached = np.zeros((height + 4, width + 4), np.uint8)
    reached[2:-2, 2:-2] = barred
    cv2.floodFill(
        framed,
        reached,
        (0, 0),
        0,
        STEP_BYTES,
        STEP_BYTES,
        4 | cv2.FLOODFILL_MASK_ONLY | (2 << 8),
    )
    return np.asarray(reached[2:-2, 2:-2] == 2)


def _check_key(background: NDBool, lab: Floats, name: str) -> None:
    kept = 1 - background.mean()
    border = 1 - _border(background[:, :, None].astype(np.float32)).mean()
    if kept < 0.02 or kept > 0.97 or border > 0.12:
        raise InputError(
            f"product.photos: the product in {name} can't be told from its background"
            f"{' because it touches the edge' if border > 0.12 else ''}; "
            "give a PNG with a transparent background."
        )
    inner = cv2.erode((~background).astype(np.uint8), np.ones((7, 7), np.uint8))
    rim = (~background) & (inner == 0)
    lightness = float(np.median(lab[:, :, 0][background]))
    faint = (np.abs(lab[:, :, 0][rim] - lightness) < 0.03).mean() if rim.any() else 1.0
    if faint > 0.6:
        raise InputError(
            f"product.photos: the product in {name} is as light as its background, so its edge "
            "would fray; give a PNG with a transparent background."
        )


def _matte(background: NDBool) -> Bytes:
    """Soft alpha over the two pixels at the rim, specks and pinholes removed."""
    solid = (~background).astype(np.uint8)
    count, labels, stats, _ = cv2.connectedComponentsWithStats(solid, connectivity=8)
    areas = stats[:, cv2.CC_STAT_AREA]
    kept = areas >= (areas[1:].max() * 0.01 if count > 1 else 0)
    kept[0] = False
    whole = kept[labels].astype(np.uint8)
    closed = cv2.morphologyEx(whole, cv2.MORPH_CLOSE, np.ones((3, 3), np.uint8))
    inside = cv2.distanceTransform(closed, cv2.DIST_L2, 3)
    soft = np.clip((inside - 0.5) / 2.0, 0, 1)
    return np.asarray(np.rint(soft * 255), np.uint8)[:, :, None]


def _ground_rgb(rgb: Bytes, background: NDBool) -> Floats:
    return np.asarray(np.median(linear_from_bytes(rgb[background]), axis=0), np.float32)


def _decontaminated(rgb: Bytes, alpha: Bytes, *, ground_rgb: Floats) -> Bytes:
    """Where the background shows through the rim, the product's colour without it."""
    share = alpha.astype(np.float32) / 255
    linear = linear_from_bytes(rgb)
    clean = (linear - (1 - share) * ground_rgb) / np.maximum(share, 0.35)
    rim = (alpha > 0) & (alpha < 255)
    return np.where(rim, bytes_from_linear(clean), rgb)
