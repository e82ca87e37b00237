"""A small set, a small product and small requests, drawn here so that tests need no assets."""

from __future__ import annotations

from dataclasses import fields
from pathlib import Path
from typing import Any

import numpy as np
from PIL import Image, ImageDraw, ImageFilter
from ruamel.yaml import YAML

from studio.domain.brief import Photo, Product
from studio.domain.creative import Copy, Gloss
from studio.domain.market import Direction, Locale, Market
from studio.domain.placement import Insets, Placement, TextLimit
from studio.imaging.model import PictureRequest
from studio.markets.pack import MarketPack, Note, Palette, Typeface, Typefaces

CANVAS = (480, 640)
HORIZON = 0.56

SAND = Palette(
    id="sand",
    family="warm",
    wall="#D9C3A5",
    surface="#8A5A3B",
    accent="#3F6B57",
    ink="#2A2018",
    button="#8C2F1B",
)
NIGHT = Palette(
    id="night",
    family="deep",
    wall="#20323F",
    surface="#3A2E2A",
    accent="#C08A3E",
    ink="#F4EBDD",
    button="#D9A441",
)

SET: dict[str, Any] = {
    "schema": 1,
    "id": "plain",
    "title": "Plain table",
    "family": "studio",
    "size_px": list(CANVAS),
    "anchor": [0.5, 0.68],
    "px_per_cm": CANVAS[0] / 60,
    "horizon_y": HORIZON,
    "surface": {"material": "wood", "gloss": 0.3},
    "light": {
        "from": "left",
        "azimuth_deg": -50,
        "elevation_deg": 40,
        "softness": 0.6,
        "temperature_k": 5000,
    },
    "text_areas": [[0.06, 0.05, 0.94, 0.40]],
    "tags": ["plain"],
    "masks": {"r": "wall", "g": "surface", "b": "accent"},
}


def a_set(sets_dir: Path, *, size: tuple[int, int] = CANVAS, **changes: Any) -> Path:
    """A lit wall, a table and a vase, with their masks."""
    record = {**SET, "size_px": list(size), "px_per_cm": size[0] / 60, **changes}
    folder = sets_dir / str(record["id"])
    folder.mkdir(parents=True)
    width, height = size
    y, x = np.mgrid[0:height, 0:width].astype(np.float32)
    light = 0.55 + 0.4 * np.exp(
        -(((x / width - 0.2) / 0.6) ** 2 + ((y / height - 0.2) / 0.6) ** 2)
    )
    wall = np.repeat((light * 205)[:, :, None], 3, axis=2)
    horizon = round(HORIZON * height)
    table = (
        150 + 40 * (y[horizon:] - horizon) / (height - horizon) + 6 * np.sin(y[horizon:] / 3)
    )
    wall[horizon:] = table[:, :, None]
    picture = Image.fromarray(wall.clip(0, 255).astype(np.uint8))
    mask = np.zeros((height, width, 3), np.uint8)
    mask[:horizon, :, 0] = 255
    mask[horizon:, :, 1] = 255
    masks = Image.fromarray(mask)
    vase = (0.80 * width, 0.42 * height, 0.93 * width, 0.60 * height)
    ImageDraw.Draw(picture).ellipse(vase, fill=(150, 150, 150))
    ImageDraw.Draw(masks).ellipse(vase, fill=(0, 0, 255))
    picture.filter(ImageFilter.GaussianBlur(0.8)).save(folder / "beauty.webp", quality=95)
    masks.save(folder / "masks.png")
    depth = (np.clip(y / height, 0, 1) * 255).astype(np.uint8)
    Image.fromarray(depth).save(folder / "depth.png")
    Image.new("L", (width // 2, height // 2), 255).save(folder / "occlusion.webp")
    with (folder / "set.yaml").open("w", encoding="utf-8") as file:
        YAML().dump(record, file)
    return folder


def a_packshot(path: Path, *, width: int = 300, mirrored: bool = False) -> Path:
    """A drawn rice cooker with soft alpha edges and light from one side."""
    big = (width * 2, round(width * 1.8))
    image = Image.new("RGBA", big, (0, 0, 0, 0))
    draw = ImageDraw.Draw(image)
    w, h = big
    draw.rounded_rectangle((0.04 * w, 0.22 * h, 0.96 * w, 0.97 * h), 0.2 * w, fill="#E9E6E0")
    draw.ellipse((0.08 * w, 0.04 * h, 0.92 * w, 0.46 * h), fill="#F6F4F0")
    draw.rounded_rectangle((0.34 * w, 0.56 * h, 0.66 * w, 0.80 * h), 0.05 * w, fill="#2B2B2E")
    draw.ellipse((0.46 * w, 0.62 * h, 0.54 * w, 0.74 * h), fill="#E2703A")
    pixels = np.array(image).astype(np.float32)
    x = np.linspace(1.05, 0.72, w)[None, :, None]
    pixels[:, :, :3] = (pixels[:, :, :3] * x).clip(0, 255)
    shaded = Image.fromarray(pixels.astype(np.uint8))
    shaded = shaded.resize((width, big[1] // 2), Image.Resampling.LANCZOS)
    if mirrored:
        shaded = shaded.transpose(Image.Transpose.FLIP_LEFT_RIGHT)
    shaded.save(path)
    return path


def a_placement(width: int = 270, height: int = 270, **changes: Any) -> Placement:
    values: dict[str, Any] = {
        "id": f"test_{width}x{height}",
        "platform": "test",
        "name": "Test",
        "width_px": width,
        "height_px": height,
        "safe_zone": Insets(top=0.05, bottom=0.05, left=0.05, right=0.05),
        "headline": TextLimit(recommended=40, maximum=255),
        "body": TextLimit(recommended=125, maximum=2200),
        "max_file_bytes": 30_000_000,
        "formats": ("jpeg", "png"),
        "checked_on": "2026-11-22",
    }
    return Placement(**{**values, **changes})


FEED_1X1 = a_placement(1080, 1080)
FEED_4X5 = a_placement(1080, 1350)
STORY = a_placement(1080, 1920, safe_zone=Insets(top=0.14, bottom=0.35, left=0.06, right=0.06))

DM_SANS = Typeface(family="DM Sans", weight=400)
BRICOLAGE = Typeface(family="Bricolage Grotesque", weight=700)


def _one(family: str, heading: int = 700) -> tuple[Typeface, Typeface]:
    return Typeface(family=family, weight=heading), Typeface(family=family, weight=400)


FACES = {
    "en-US": (Typeface(family="Fraunces", weight=600), Typeface(family="DM Sans", weight=400)),
    "de-DE": (
        Typeface(family="Bricolage Grotesque", weight=700),
        Typeface(family="DM Sans", weight=400),
    ),
    "ja-JP": (
        Typeface(family="Noto Sans JP", weight=800),
        Typeface(family="Noto Sans JP", weight=400),
    ),
    "ar-SA": (
        Typeface(family="Noto Kufi Arabic", weight=700),
        Typeface(family="IBM Plex Sans Arabic", weight=400),
    ),
}
FACES |= {
    "en-GB": FACES["en-US"],
    "fr-FR": FACES["en-US"],
    "it-IT": FACES["en-US"],
    "es-ES": (BRICOLAGE, DM_SANS),
    "es-MX": (BRICOLAGE, DM_SANS),
    "pl-PL": (BRICOLAGE, DM_SANS),
    "pt-BR": (BRICOLAGE, DM_SANS),
    "tr-TR": (BRICOLAGE, DM_SANS),
    "ar-AE": FACES["ar-SA"],
    "ko-KR": _one("Noto Sans KR"),
    "zh-CN": _one("Noto Sans SC"),
    "zh-TW": _one("Noto Sans TC"),
    "hi-IN": (Typeface(family="Baloo 2", weight=700), Typeface(family="Mukta", weight=400)),
    "id-ID": _one("Plus Jakarta Sans"),
    "th-TH": (Typeface(family="Prompt", weight=700), Typeface(family="Sarabun", weight=400)),
    "vi-VN": _one("Be Vietnam Pro"),
}
SCRIPTS = {
    "ja-JP": "Jpan",
    "ar-SA": "Arab",
    "ar-AE": "Arab",
    "ko-KR": "Kore",
    "zh-CN": "Hans",
    "zh-TW": "Hant",
    "hi-IN": "Deva",
    "th-TH": "Thai",
}
CURRENCIES = {"de-DE": "EUR", "ja-JP": "JPY", "ar-SA": "SAR"}


def typefaces_of(locale: str) -> Typefaces:
    heading, text = FACES[locale]
    return Typefaces(heading=heading, text=text)


def a_market(locale: str = "en-US") -> Market:
    return Market(
        locale=Locale(locale),
        name=locale,
        language=locale[:2],
        currency=CURRENCIES.get(locale, "USD"),
        script=SCRIPTS.get(locale, "Latn"),
        direction=Direction.RTL if locale.startswith("ar") else Direction.LTR,
    )


def a_pack(locale: str = "en-US") -> MarketPack:
    values: dict[str, Any] = {field.name: () for field in fields(MarketPack)}
    values |= {
        "version": "test",
        "market": a_market(locale),
        "register": "plain",
        "product_nouns": {"rice_cooker": "rice cooker"},
        "legal_line": "",
        "palettes": (SAND, NIGHT),
        "typefaces": typefaces_of(locale),
        "scenes": (Note(rule="a calm kitchen in the morning"),),
    }
    return MarketPack(**values)


def a_product(photos: tuple[str, ...] = ("left.png", "right.png")) -> Product:
    sides = ("left", "right")
    return Product(
        name="SmartChef",
        category="rice_cooker",
        photos=tuple(
            Photo(path=path, light_from=side) for path, side in zip(photos, sides, strict=False)
        ),
        width_cm=27,
        height_cm=24,
    )


def a_request(folder: Path, **changes: Any) -> PictureRequest:
    """A request whose photos are drawn into `folder` on first use."""
    photos = (folder / "left.png", folder / "right.png")
    for photo, mirrored in zip(photos, (False, True), strict=True):
        if not photo.exists():
            a_packshot(photo, mirrored=mirrored)
    values: dict[str, Any] = {
        "product": a_product(),
        "photos": photos,
        "pack": a_pack(),
        "placement": a_placement(),
        "set": "plain",
        "palette": SAND,
        "seed": 7,
    }
    return PictureRequest(**{**values, **changes})


def a_copy(**changes: Any) -> Copy:
    values: dict[str, Any] = {
        "headline": "Perfect rice, every night",
        "body": "Set it once and come home to dinner.",
        "cta": "Shop now",
        "offer_line": "$129.99",
        "legal_line": "",
        "gloss": Gloss(headline="", body="", cta=""),
        "angle": "ease",
        "rationale": "",
    }
    return Copy(**{**values, **changes})
