"""The brand's mark: a picture with transparency, or its name."""

from __future__ import annotations

from functools import lru_cache
from pathlib import Path

import numpy as np
from PIL import Image, UnidentifiedImageError

from studio.errors import InputError, NotFound
from studio.imaging.colour import Bytes
from studio.imaging.cutout import resampled
from studio.imaging.items import LogoItem
from studio.imaging.text import Run, TextEngine

LOGO_HEIGHT = 46.0
"""At a shorter side of 1080 px."""
LOGO_SIDE_LIMIT_PX = 4000
MAX_LOGO_WIDTH_SHARE = 0.36


def logo_for(
    path: Path | None, brand: str, engine: TextEngine, *, width_px: int, unit_px: float
) -> LogoItem:
    """The brand's logo file, or its name set in the heading face where there is none."""
    if path is None:
        return name_logo(engine, brand, unit_px=unit_px)
    stat = _existing(path).stat()
    light = path.with_name(f"{path.stem}-light{path.suffix}")
    limit = (MAX_LOGO_WIDTH_SHARE * width_px, LOGO_HEIGHT * unit_px)
    picture = _fitted(_read_logo(path, stat.st_mtime_ns), limit)
    on_dark = None
    if light.is_file():
        on_dark = _fitted(_read_logo(light, light.stat().st_mtime_ns), limit)
        if on_dark.shape != picture.shape:
            on_dark = resampled(on_dark, picture.shape[1], picture.shape[0])
    return picture_logo(picture, on_dark)


def check_logo(path: Path) -> None:
    """Raise `InputError` for a file that can't serve as a logo."""
    _read_logo(path, _existing(path).stat().st_mtime_ns)


def _existing(path: Path) -> Path:
    if not path.is_file():
        raise NotFound(f"brand.logo: there is no file {path}.")
    return path


@lru_cache(maxsize=8)
def _read_logo(path: Path, changed_ns: int) -> Bytes:
    del changed_ns
    try:
        with Image.open(path, formats=("PNG", "WEBP")) as image:
            if max(image.size) > LOGO_SIDE_LIMIT_PX:
                raise InputError(
                    f"brand.logo: {path.name} is {image.width} × {image.height} px; "
                    f"{LOGO_SIDE_LIMIT_PX} px a side are the most."
                )
            return visible(np.array(image.convert("RGBA")))
    except (
        UnidentifiedImageError,
        Image.DecompressionBombError,
        OSError,
        SyntaxError,
    ) as error:
        raise InputError(
            f"brand.logo: {path.name} is no readable PNG; save it as PNG with transparency."
        ) from error


def _fitted(picture: Bytes, limit: tuple[float, float]) -> Bytes:
    height, width = picture.shape[:2]
    scale = min(limit[0] / width, limit[1] / height)
    return resampled(picture, max(1, round(width * scale)), max(1, round(height * scale)))


def picture_logo(picture: Bytes, on_dark: Bytes | None) -> LogoItem:
    """A logo that comes as a picture."""
    return LogoItem(
        kind="logo",
        width_px=picture.shape[1],
        height_px=picture.shape[0],
        picture=picture,
        picture_on_dark=on_dark,
    )


def name_logo(engine: TextEngine, brand: str, *, unit_px: float) -> LogoItem:
    """The brand's name where there is no logo file."""
    name = engine.faces.prepared(brand, field="brand.name")
    block = engine.block(
        [[Run(name, engine.faces.heading)]], size_px=LOGO_HEIGHT * 0.78 * unit_px, leading=1.0
    )
    return LogoItem(
        kind="logo", width_px=block.width_px, height_px=block.height_px, block=block
    )


def visible(picture: Bytes) -> Bytes:
    """A logo without its transparent margin."""
    rows, columns = np.nonzero(picture[:, :, 3] > 8)
    if not rows.size:
        return picture
    return picture[rows.min() : rows.max() + 1, columns.min() : columns.max() + 1]
