"""A finished picture as the file that its placement takes."""

from __future__ import annotations

import io
from functools import lru_cache

from PIL import Image, ImageCms

from studio.domain.placement import Placement
from studio.errors import InputError

BEST_QUALITY, LEAST_QUALITY, QUALITY_STEP = 93, 62, 4


@lru_cache(maxsize=1)
def _srgb_profile() -> bytes:
    return ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes()


def encoded(image: Image.Image, placement: Placement) -> tuple[bytes, str]:
    """JPEG at the best quality that the file limit allows, or PNG where JPEG isn't taken."""
    formats = {name.lower() for name in placement.formats}
    if not formats & {"jpg", "jpeg"}:
        buffer = io.BytesIO()
        image.save(buffer, "PNG", optimize=True, icc_profile=_srgb_profile())
        if buffer.tell() > placement.max_file_bytes:
            raise InputError(_too_heavy(placement))
        return buffer.getvalue(), "image/png"
    for quality in range(BEST_QUALITY, LEAST_QUALITY - 1, -QUALITY_STEP):
        buffer = io.BytesIO()
        image.save(
            buffer,
            "JPEG",
            quality=quality,
            subsampling=0,
            optimize=True,
            icc_profile=_srgb_profile(),
        )
        if buffer.tell() <= placement.max_file_bytes:
            return buffer.getvalue(), "image/jpeg"
    raise InputError(_too_heavy(placement))


def _too_heavy(placement: Placement) -> str:
    return (
        f"placement {placement.id}: max_file_bytes {placement.max_file_bytes} is too small for "
        f"a picture of {placement.width_px} × {placement.height_px} px; raise it."
    )
