"""A finished picture as the file that its placement takes."""

from __future__ import annotations

import io
from functools import lru_cache

from PIL import Image, ImageCms

from studio.domain.placement import Placement
from studio.errors import InputError

BEST_QUALITY, LEAST_QUALITY = 93, 62
"""Of JPEG, as libjpeg counts: text begins to ring below the least."""
MOST_COLOURS = 256


def encoded(image: Image.Image, placement: Placement) -> tuple[bytes, str]:
    """The file and its media type: RGB without alpha, tagged as sRGB.

    JPEG at the best quality that the file limit allows, or PNG where JPEG isn't taken, with
    fewer colours if it must. Raises `InputError` naming the placement if all are too heavy.
    """
    picture = image.convert("RGB")
    if not {name.lower() for name in placement.formats} & {"jpg", "jpeg"}:
        return _lightest_png(picture, placement), "image/png"
    return _best_jpeg(picture, placement), "image/jpeg"


def _best_jpeg(picture: Image.Image, placement: Placement) -> bytes:
    """The best quality within the limit, by bisection: files grow with their quality."""
    best = _jpeg(picture, BEST_QUALITY)
    if len(best) <= placement.max_file_bytes:
        return best
    best, low, high = _jpeg(picture, LEAST_QUALITY), LEAST_QUALITY, BEST_QUALITY
    if len(best) > placement.max_file_bytes:
        raise InputError(_too_heavy(placement))
    while high - low > 1:
        middle = (low + high) // 2
        made = _jpeg(picture, middle)
        if len(made) <= placement.max_file_bytes:
            best, low = made, middle
        else:
            high = middle
    return best


def _jpeg(picture: Image.Image, quality: int) -> bytes:
    buffer = io.BytesIO()
    picture.save(
        buffer,
        "JPEG",
        quality=quality,
        subsampling=0,
        optimize=True,
        icc_profile=_srgb_profile(),
    )
    return buffer.getvalue()


def _lightest_png(picture: Image.Image, placement: Placement) -> bytes:
    """PNG in full colour, or with a palette where that is too heavy."""
    made = _png(picture)
    if len(made) > placement.max_file_bytes:
        made = _png(picture.quantize(MOST_COLOURS))
    if len(made) > placement.max_file_bytes:
        raise InputError(_too_heavy(placement))
    return made


def _png(picture: Image.Image) -> bytes:
    buffer = io.BytesIO()
    picture.save(buffer, "PNG", icc_profile=_srgb_profile())
    return buffer.getvalue()


@lru_cache(maxsize=1)
def _srgb_profile() -> bytes:
    return ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes()


def _too_heavy(placement: Placement) -> str:
    return (
        f"placement {placement.id}: max_file_bytes {placement.max_file_bytes} is too small for "
        f"a picture of {placement.width_px} × {placement.height_px} px; raise it."
    )
