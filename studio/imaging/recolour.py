"""A set in a market's colours: light and shadow stay, paint and textile change."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache, partial

import cv2
import numpy as np
from PIL import Image, ImageFilter

from studio.imaging.balance import Balance, balance_for
from studio.imaging.colour import (
    Bytes,
    Floats,
    bytes_from_linear,
    contrast,
    linear_from_bytes,
    linear_from_oklab,
    linear_from_srgb,
    linear_of,
    luminance,
    luminances,
    mixed,
    oklab_from_linear,
    parse_hex,
    srgb_from_linear,
    to_hex,
)
from studio.imaging.scene import CHANNELS, DECODED_SETS, Crop, Scene, shown_areas
from studio.markets.pack import Palette

LIGHT_KEPT = 0.55
"""How much of the light's own colour (a warm lamp, a blue sky) shows on new paint."""
NEUTRAL = (1.0, 1.0, 1.0)
KEPT_PICTURES = 6
KEPT_COVERAGE = 6
KEPT_TABLES = 48
"""Colourings of a set that are remembered: about half a MB each."""
MUCH_ACCENT = 0.06
"""Share of the text area from which the accent counts as a ground for text."""
READS_ON_SET = 6.5
"""Contrast of ink on a softened accent in ordinary light; shadows take some of it."""
KEPT_DARK = ("wall", "surface")
DARK = 0.45
"""OKLab lightness under which a surface is dark by intention: a stage, a night."""
DARK_HEADROOM = 0.12
"""How much lighter than rendered its paint may make it."""
LEAST_PIXELS = 30
"""A surface of fewer has no tone to speak of."""
GRID = 33
"""Points along each axis of the colour table."""


def coloured_set(
    scene: Scene,
    crop: Crop,
    palette: Palette,
    *,
    calm: bool,
    white: tuple[float, float, float] = NEUTRAL,
) -> Bytes:
    """The cropped set in the colours of a palette, sRGB; kept for the next picture like it.

    calm: where the accent fills the space for text, it is softened until ink reads on it.
    white: the photo's white, which the set's light follows; see `studio.imaging.balance`.
    """
    return _coloured(scene, crop, palette, calm, white)


@lru_cache(maxsize=KEPT_PICTURES)
def _coloured(
    scene: Scene,
    crop: Crop,
    palette: Palette,
    calm: bool,  # noqa: FBT001 - a key of the cache
    white: tuple[float, float, float],
) -> Bytes:
    coverage = coverage_in(scene, crop)
    much = calm and _share_behind_text(scene, crop, coverage["accent"]) > MUCH_ACCENT
    tables = _tables_for(scene, palette, much, white)
    finished = applied(crop.of(scene.beauty), coverage, tables)
    finished.setflags(write=False)
    return finished


@lru_cache(maxsize=KEPT_COVERAGE)
def coverage_in(scene: Scene, crop: Crop) -> Mapping[str, Bytes]:
    """The masks as they are shown, (height, width) each; kept while a picture is made."""
    shown = crop.of(scene.masks)
    return {name: np.ascontiguousarray(shown[:, :, at]) for name, at in CHANNELS.items()}


@lru_cache(maxsize=KEPT_TABLES)
def _tables_for(
    scene: Scene,
    palette: Palette,
    much_accent: bool,  # noqa: FBT001 - a key of the cache
    white: tuple[float, float, float],
) -> Tables:
    """How the set turns into the palette, told from all of it: crops of it then agree."""
    picture, coverage = _small_scene(scene)
    paint = {name: str(getattr(palette, name)) for name in CHANNELS}
    if _is_dark(picture, coverage["wall"]):
        paint["wall"] = darker(palette.wall, palette.ink)
    elif much_accent:
        paint["accent"] = softened(palette.accent, wall=palette.wall, ink=palette.ink)
    light = balance_for(white, temperature_k=scene.spec.light.temperature_k)
    gain = exposure(recoloured(picture, coverage, paint, light=light))
    return tables_of(picture, coverage, paint, light=light, gain=gain)


@lru_cache(maxsize=DECODED_SETS)
def _small_scene(scene: Scene) -> tuple[Bytes, Mapping[str, Bytes]]:
    masks = _small(scene.masks)
    return _small(scene.beauty), {
        name: np.ascontiguousarray(masks[:, :, at]) for name, at in CHANNELS.items()
    }


def _is_dark(picture: Bytes, mask: Bytes) -> bool:
    solid = mask > 200
    return int(solid.sum()) >= LEAST_PIXELS and float(_middle(picture[solid])[0]) < DARK


def darker(one: str, other: str) -> str:
    """The one of two colours with less light: a palette's ink, as it is deep in its mood."""
    return min(one, other, key=lambda colour: luminance(parse_hex(colour)))


def _share_behind_text(scene: Scene, crop: Crop, mask: Bytes) -> float:
    """How much of the set's areas for text a mask covers, 0–1."""
    height, width = mask.shape
    parts = [
        mask[
            int(area.top * height) : int(area.bottom * height),
            int(area.left * width) : int(area.right * width),
        ]
        for area in shown_areas(scene.spec, crop)
    ]
    return max((float(part.mean()) / 255 for part in parts if part.size), default=0.0)


def softened(accent: str, *, wall: str, ink: str) -> str:
    """The accent mixed with the wall just until ink reads on both, shadows included."""
    ink_light = luminance(parse_hex(ink))
    for step in range(9):
        colour = mixed(parse_hex(accent), parse_hex(wall), step * 0.1)
        if contrast(ink_light, luminance(colour)) >= READS_ON_SET:
            break
    return to_hex(colour)


def _small(pixels: Bytes) -> Bytes:
    height, width = pixels.shape[:2]
    size = (max(1, width // 6), max(1, height // 6))
    return np.asarray(cv2.resize(pixels, size, interpolation=cv2.INTER_AREA), np.uint8)


@dataclass(frozen=True, slots=True, eq=False)
class Tables:
    """What each colour of a picture turns into, tabulated on a grid."""

    plain: ImageFilter.Color3DLUT
    """Of what keeps its colour."""
    painted: Mapping[str, ImageFilter.Color3DLUT]
    """Of the surfaces that are painted anew."""


def recoloured(
    picture: Bytes,
    coverage: Mapping[str, Bytes],
    paint: Mapping[str, str],
    *,
    light: Balance,
    gain: float = 1.0,
) -> Bytes:
    """8-bit sRGB with each covered surface painted anew and everything in the photo's light.

    gain: exposure of everything.
    """
    tables = tables_of(picture, coverage, paint, light=light, gain=gain)
    return applied(picture, coverage, tables)


def tables_of(
    picture: Bytes,
    coverage: Mapping[str, Bytes],
    paint: Mapping[str, str],
    *,
    light: Balance,
    gain: float = 1.0,
) -> Tables:
    """Tables that paint each covered surface and bring everything into the photo's light.

    Within a surface, OKLab lightness is scaled so that its middle tone becomes the paint's:
    shadows keep their proportion, highlights still end in white. The light's own tint stays
    in part.
    """
    painted = {}
    for name, mask in coverage.items():
        solid = mask > 200
        if int(solid.sum()) < LEAST_PIXELS:
            continue
        middle = _middle(picture[solid])
        target = oklab_from_linear(linear_of(parse_hex(paint[name])))
        if name in KEPT_DARK:
            target = kept_dark(target, middle)
        painted[name] = _table(
            partial(_repainted, middle=middle, target=target, gain=light.tint * gain)
        )
    return Tables(_table(lambda linear: linear * light.gains * gain), painted)


def applied(picture: Bytes, coverage: Mapping[str, Bytes], tables: Tables) -> Bytes:
    """The picture in its new colours; coverage mixes them in linear light, as a lens does."""
    layers = [
        (coverage[name], _painted_in(picture, coverage[name], table))
        for name, table in tables.painted.items()
        if coverage[name].any()
    ]
    plain = Image.fromarray(picture).filter(tables.plain)
    return _mixed(np.array(plain, np.uint8), layers)


def _painted_in(picture: Bytes, mask: Bytes, table: ImageFilter.Color3DLUT) -> Bytes:
    """The picture through a table where the mask reaches; anything elsewhere."""
    left, top, width, height = cv2.boundingRect(mask)
    window = (slice(top, top + height), slice(left, left + width))
    result = np.empty_like(picture)
    part = Image.fromarray(np.ascontiguousarray(picture[window]))
    result[window] = np.asarray(part.filter(table), np.uint8)
    return result


def kept_dark(target: Floats, middle: Floats) -> Floats:
    """A paint dark enough for a surface whose picture lives on being dark.

    target, middle: OKLab of the paint and of the surface in ordinary light, (3,). A night scene
    in bright paint would show its noise, and no night. The tint fades with the lightness.
    """
    if middle[0] >= DARK or target[0] <= middle[0] + DARK_HEADROOM:
        return target
    lightness = float(middle[0]) + DARK_HEADROOM
    return np.asarray(target * (lightness / float(target[0])), np.float32)


def _table(change: Callable[[Floats], Floats]) -> ImageFilter.Color3DLUT:
    """A change of linear light, on a grid that is exact enough for 8 bits and fast."""
    axis = np.linspace(0, 1, GRID, dtype=np.float32)
    blue, green, red = np.meshgrid(axis, axis, axis, indexing="ij")
    grid = np.stack([red, green, blue], axis=-1).reshape(-1, 3)
    encoded = srgb_from_linear(np.clip(change(linear_from_srgb(grid)), 0, 1))
    return ImageFilter.Color3DLUT(GRID, encoded.reshape(-1))


def _repainted(linear: Floats, *, middle: Floats, target: Floats, gain: Floats) -> Floats:
    painted = linear_from_oklab(_painted(oklab_from_linear(linear), middle, target))
    return np.asarray(np.clip(painted, 0, 1) * gain, np.float32)


def _mixed(result: Bytes, layers: Sequence[tuple[Bytes, Bytes]]) -> Bytes:
    """Layers over a picture; only pixels on an edge need arithmetic in linear light."""
    edge = np.zeros(result.shape[:2], bool)
    for mask, _ in layers:
        edge |= (mask > 4) & (mask < 251)
    under = linear_from_bytes(result[edge])
    shares = [linear_share(mask[edge]) for mask, _ in layers]
    total = np.maximum(sum(shares, np.zeros((1, 1), np.float32)), 1.0)
    mixed = under * (1 - sum(shares, np.zeros((1, 1), np.float32)) / total)
    for (mask, painted), share in zip(layers, shares, strict=True):
        mixed = mixed + linear_from_bytes(painted[edge]) * (share / total)
        cv2.copyTo(painted, (mask >= 251).astype(np.uint8), result)
    result[edge] = bytes_from_linear(np.asarray(mixed, np.float32))
    return result


def linear_share(mask: Bytes) -> Floats:
    """Coverage 0–1 of a mask, as a column that multiplies colours."""
    return mask.astype(np.float32)[:, None] / 255


def _middle(pixels: Bytes) -> Floats:
    """The tone of a surface in ordinary light: a bit above its median."""
    step = max(1, len(pixels) // 40_000)
    sample = oklab_from_linear(linear_from_bytes(pixels[::step]))
    lightness = float(np.quantile(sample[:, 0], 0.6))
    near = sample[np.abs(sample[:, 0] - lightness) < 0.06]
    tint = near[:, 1:].mean(axis=0) if len(near) else sample[:, 1:].mean(axis=0)
    return np.array([max(lightness, 0.05), *tint], np.float32)


def _painted(lab: Floats, middle: Floats, target: Floats) -> Floats:
    lightness = lab[..., :1]
    below = lightness * (target[0] / middle[0])
    headroom = (1 - target[0]) / max(1 - float(middle[0]), 0.02)
    above = target[0] + (lightness - middle[0]) * min(headroom, 1.6)
    tone = np.where(lightness <= middle[0], below, above)
    faded = np.clip((1 - tone) / max(1 - float(target[0]), 0.02), 0, 1)
    colour = np.clip(tone / max(float(target[0]), 0.02), 0, 1) * np.sqrt(faded)
    tint = (lab[..., 1:] - middle[1:]) * LIGHT_KEPT * (0.3 + 0.7 * target[0])
    return np.concatenate([tone, target[1:] * colour + tint], axis=-1).astype(np.float32)


def exposure(picture: Bytes, *, bright: float = 0.72) -> float:
    """Gain that makes the bright parts as bright as in a product photo, within a tenth."""
    light = luminances(picture)
    gain = bright / max(float(np.quantile(light, 0.97)), 0.05)
    return min(max(gain, 0.92), 1.12)
