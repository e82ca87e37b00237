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
from studio.imaging.sizes import TypeScale
from studio.imaging.text import REFERENCE_PX, Run, TextEngine

LOGO_SIDE_LIMIT_PX = 4000
NAME_SHARE = 0.78
"""Type size of a name that stands for a logo, in shares of the logo's height."""


def logo_for(
    path: Path | None, brand: str, engine: TextEngine, *, width_px: int, sizes: TypeScale
) -> LogoItem:
    """The brand's logo file, or its name set in the heading face where there is none."""
    if path is None:
        return name_logo(engine, brand, width_px=sizes.logo_share * width_px, sizes=sizes)
    stat = _existing(path).stat()
    light = path.with_name(f"{path.stem}-light{path.suffix}")
    limit = (sizes.logo_share * width_px, sizes.logo_px)
    picture = _fitted(path, stat.st_mtime_ns, limit)
    on_dark = None
    if light.is_file():
        on_dark = _fitted(light, light.stat().st_mtime_ns, limit)
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


@lru_cache(maxsize=64)
def _fitted(path: Path, changed_ns: int, limit: tuple[float, float]) -> Bytes:
    picture = _read_logo(path, changed_ns)
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


def name_logo(engine: TextEngine, brand: str, *, width_px: float, sizes: TypeScale) -> LogoItem:
    """The brand's name where there is no logo file, in at most `width_px`."""
    face = engine.faces.heading
    name = engine.faces.prepared(brand, field="brand.name")
    widest = width_px / engine.width(name, face) * REFERENCE_PX
    size = max(min(sizes.logo_px * NAME_SHARE, widest), sizes.least_px)
    block = engine.block([[Run(name, face)]], size_px=size, leading=1.0)
    return LogoItem(
        kind="logo", width_px=block.width_px, height_px=block.height_px, block=block
    )


def visible(picture: Bytes) -> Bytes:
    """A logo without its transparent margin."""
    rows, columns = np.nonzero(picture[:, :, 3] > 8)
    if not rows.size:
        return picture
    return picture[rows.min() : rows.max() + 1, columns.min() : columns.max() + 1]
