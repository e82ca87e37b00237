"""A set in a market's colours: light and shadow stay, paint and textile change."""

from __future__ import annotations

from collections.abc import Mapping
from functools import lru_cache

import numpy as np

from studio.imaging.colour import (
    LUMINANCE,
    Bytes,
    Floats,
    bytes_from_linear,
    linear_from_bytes,
    linear_from_oklab,
    linear_of,
    oklab_from_linear,
    parse_hex,
)
from studio.imaging.scene import Crop, Scene
from studio.markets.pack import Palette

LIGHT_KEPT = 0.55
"""How much of the light's own colour (a warm lamp, a blue sky) shows on a recoloured surface."""
NEUTRAL_K = 5500.0
"""Colour temperature that product photos are taken at."""
ADAPTED_SHARE = 0.45
"""How far the set's white balance moves towards the product's."""
KEPT_PICTURES = 6


def coloured_set(scene: Scene, crop: Crop, palette: Palette) -> Bytes:
    """The cropped set in the colours of a palette, sRGB; kept for the next picture like it."""
    return _coloured(scene, crop, palette.wall, palette.surface, palette.accent)


@lru_cache(maxsize=KEPT_PICTURES)
def _coloured(scene: Scene, crop: Crop, wall: str, surface: str, accent: str) -> Bytes:
    paint = {"wall": wall, "surface": surface, "accent": accent}
    picture = linear_from_bytes(crop.of(scene.beauty))
    coverage = {name: crop.of(np.ascontiguousarray(scene.mask(name))) for name in paint}
    picture = recoloured(picture, coverage, paint)
    picture = balanced(picture, temperature_k=scene.spec.light.temperature_k)
    finished = bytes_from_linear(exposed(picture))
    finished.setflags(write=False)
    return finished


def recoloured(picture: Floats, coverage: Mapping[str, Bytes], paint: Mapping[str, str]) -> Floats:
    """Linear light with each covered surface painted anew.

    Within a surface, OKLab lightness is scaled so that its middle tone becomes the paint's:
    shadows keep their proportion, highlights still end in white. The light's own tint stays
    in part. Coverage mixes old and new in linear light, as a lens does.
    """
    lab = oklab_from_linear(picture)
    result = picture
    for name, mask in coverage.items():
        share = mask.astype(np.float32)[:, :, None] / 255
        solid = mask > 200
        if solid.sum() < 50:
            continue
        target = oklab_from_linear(linear_of(parse_hex(paint[name])))
        painted = linear_from_oklab(_painted(lab, _middle(lab[solid]), target))
        result = result * (1 - share) + np.clip(painted, 0, 1) * share
    return np.asarray(result, np.float32)


def _middle(pixels: Floats) -> Floats:
    """The tone of a surface in ordinary light: a bit above its median."""
    step = max(1, len(pixels) // 40_000)
    sample = pixels[::step]
    lightness = float(np.quantile(sample[:, 0], 0.6))
    near = sample[np.abs(sample[:, 0] - lightness) < 0.06]
    tint = near[:, 1:].mean(axis=0) if len(near) else sample[:, 1:].mean(axis=0)
    return np.array([max(lightness, 0.05), *tint], np.float32)


def _painted(lab: Floats, middle: Floats, target: Floats) -> Floats:
    lightness = lab[:, :, :1]
    below = lightness * (target[0] / middle[0])
    headroom = (1 - target[0]) / max(1 - float(middle[0]), 0.02)
    above = target[0] + (lightness - middle[0]) * min(headroom, 1.6)
    tone = np.where(lightness <= middle[0], below, above)
    faded = np.clip((1 - tone) / max(1 - float(target[0]), 0.02), 0, 1)
    colour = np.clip(tone / max(float(target[0]), 0.02), 0, 1) * np.sqrt(faded)
    tint = (lab[:, :, 1:] - middle[1:]) * LIGHT_KEPT * (0.3 + 0.7 * target[0])
    return np.concatenate([tone, target[1:] * colour + tint], axis=2).astype(np.float32)


def balanced(picture: Floats, *, temperature_k: float) -> Floats:
    """The set's light brought part of the way to the product's, luminance unchanged."""
    gains = (_white(NEUTRAL_K) / _white(temperature_k)) ** ADAPTED_SHARE
    return np.asarray(picture * (gains / (gains @ LUMINANCE)), np.float32)


def _white(temperature_k: float) -> Floats:
    """Linear sRGB of a black body, green = 1.

    Chromaticity by Kim et al. (2002), the cubic spline of the Planckian locus in CIE 1931 xy.
    """
    t = 1000.0 / min(max(temperature_k, 1667.0), 25000.0)
    if temperature_k <= 4000:
        x = -0.2661239 * t**3 - 0.2343589 * t**2 + 0.8776956 * t + 0.179910
    else:
        x = -3.0258469 * t**3 + 2.1070379 * t**2 + 0.2226347 * t + 0.240390
    if temperature_k <= 2222:
        y = -1.1063814 * x**3 - 1.34811020 * x**2 + 2.18555832 * x - 0.20219683
    elif temperature_k <= 4000:
        y = -0.9549476 * x**3 - 1.37418593 * x**2 + 2.09137015 * x - 0.16748867
    else:
        y = 3.0817580 * x**3 - 5.87338670 * x**2 + 3.75112997 * x - 0.37001483
    xyz = np.array([x / y, 1.0, (1 - x - y) / y])
    rgb = XYZ_TO_RGB @ xyz
    return np.asarray(np.maximum(rgb, 0.02) / rgb[1], np.float32)


XYZ_TO_RGB = np.array(
    [
        [3.2404542, -1.5371385, -0.4985314],
        [-0.9692660, 1.8760108, 0.0415560],
        [0.0556434, -0.2040259, 1.0572252],
    ]
)


def exposed(picture: Floats, *, bright: float = 0.72) -> Floats:
    """Exposure nudged so that the bright parts are bright as in a product photo, not burnt."""
    light = picture[::4, ::4] @ LUMINANCE
    gain = bright / max(float(np.quantile(light, 0.97)), 0.05)
    return np.asarray(picture * min(max(gain, 0.92), 1.12), np.float32)
