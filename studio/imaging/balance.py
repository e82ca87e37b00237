"""One light for product and set: the photo's white is estimated, and the set follows it.

A white here is what a neutral grey looks like: linear sRGB at luminance 1.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache

import numpy as np

from studio.imaging.colour import LUMINANCE, Bytes, Floats, linear_from_bytes, oklab_from_linear
from studio.imaging.cutout import CutOut
from studio.imaging.difference import delta_e, lab_from_linear

MAX_LIGHT_DELTA_E = 3.0
"""CIEDE2000 between a grey in the photo's light and in the set's; hardly anybody sees less."""
GREY = 0.48
"""Luminance of the grey that is compared: L* = 75."""
NEUTRAL_K = 6500.0
RENDERED_AT_K = 6000.0
RENDERED_SHARE = 0.3
"""How much of its light's colour a set shows; the rest was balanced out in rendering it."""

WARMEST_K, COOLEST_K = 3600.0, 10500.0
"""Lights that a camera's own white balance may have left in a photo."""
CANDIDATES = 33
BRIGHT = (0.52, 0.97)
"""Linear light of the brightest channel of pixels that may show the light's colour."""
GREYISH = 0.022
"""OKLab chroma up to which a pixel counts as grey."""
FEWEST_BRIGHT = 0.01
"""Share of the product's pixels; with fewer bright ones nothing is said of the light."""
TRUST = 0.25
"""Weight of the belief that a product photo is balanced, in shares of its bright pixels."""
MIRED_SPREAD = 45.0
SURE_SHARE = 0.35
"""With fewer grey pixels among the bright ones, the estimate counts in part."""
SAMPLE = 15_000


@dataclass(frozen=True, slots=True, eq=False)
class Balance:
    """How a set is to be changed so that the product looks lit by the same light."""

    gains: Floats
    """(3,), for what keeps its colour in the set."""
    tint: Floats
    """(3,), for what is painted in the palette's colours."""
    light_delta_e: float
    """CIEDE2000 that remains between a grey in the photo's light and in the set's."""


def balance_for(photo: Sequence[float], *, temperature_k: float) -> Balance:
    """Bring a set's white to within `MAX_LIGHT_DELTA_E` of a photo's, and no farther.

    photo: the photo's white. What is left of the set's own light is its mood.
    """
    wanted = as_white(photo)
    neutral, rendered = as_white((1, 1, 1)), set_white(temperature_k)
    paint, things = followed(neutral, wanted), followed(rendered, wanted)
    return Balance(
        gains=_gains(things / rendered),
        tint=np.asarray(paint, np.float32),
        light_delta_e=max(white_delta_e(paint, wanted), white_delta_e(things, wanted)),
    )


def followed(white: Floats, wanted: Floats) -> Floats:
    """The white on the way to the wanted one that first comes within the bound."""
    if white_delta_e(white, wanted) <= MAX_LIGHT_DELTA_E:
        return white
    low, high = 0.0, 1.0
    for _ in range(24):
        share = (low + high) / 2
        if white_delta_e(_between(white, wanted, share), wanted) > MAX_LIGHT_DELTA_E:
            low = share
        else:
            high = share
    return _between(white, wanted, high)


def _between(one: Floats, other: Floats, share: float) -> Floats:
    return as_white(one ** (1 - share) * other**share)


def white_delta_e(one: Floats, other: Floats) -> float:
    """CIEDE2000 of a light grey in two lights."""
    first, second = (lab_from_linear(as_white(white) * GREY) for white in (one, other))
    return float(delta_e(first, second))


def as_white(colour: Sequence[float] | Floats) -> Floats:
    """A colour in linear light at luminance 1."""
    linear = np.maximum(np.asarray(colour, np.float64), 1e-4)
    return np.asarray(linear / (linear @ LUMINANCE), np.float64)


def _gains(ratio: Floats) -> Floats:
    return np.asarray(ratio / (ratio @ LUMINANCE), np.float32)


def set_white(temperature_k: float) -> Floats:
    """What a grey looks like in a set whose light has this temperature."""
    return as_white((black_body(temperature_k) / black_body(RENDERED_AT_K)) ** RENDERED_SHARE)


@lru_cache(maxsize=8)
def photo_white(cut: CutOut) -> tuple[float, float, float]:
    """The white of a product photo, from the product's own pixels."""
    red, green, blue = estimated_white(cut.rgba).tolist()
    return red, green, blue


def estimated_white(rgba: Bytes) -> Floats:
    """The white that a product's bright pixels, (height, width, 4), agree upon; or neutral.

    Candidates along the Planckian locus are weighed by how many bright pixels would be grey
    in their light, after Finlayson, Hordley and Hubel (2001), Color by correlation; those
    pixels' mean is the estimate, after Huo et al. (2006), Robust automatic white balance
    algorithm using gray color points in images. As photos of products mostly are balanced, a
    tint must be seen on more pixels than neutral greys are. A product without bright greys, a
    red or a black one, says nothing: its photo is taken as balanced.
    """
    solid = rgba[:, :, 3] == 255
    pixels = rgba[:, :, :3][solid]
    linear = linear_from_bytes(pixels[:: max(1, len(pixels) // SAMPLE)])
    strongest = linear.max(axis=1, initial=0)
    bright = linear[(strongest > BRIGHT[0]) & (strongest < BRIGHT[1])]
    neutral = as_white((1, 1, 1))
    if len(bright) < FEWEST_BRIGHT * max(len(linear), 1):
        return neutral
    whites, mireds = _candidates()
    greys = [_is_grey(bright, white) for white in whites]
    trust = TRUST * np.exp(-(((mireds - 1e6 / NEUTRAL_K) / MIRED_SPREAD) ** 2) / 2)
    best = int(np.argmax(np.array([grey.mean() for grey in greys]) + trust))
    if not greys[best].any():
        return neutral
    found = as_white(bright[_is_grey(bright, bright[greys[best]].mean(axis=0))].mean(axis=0))
    return _between(neutral, found, min(1.0, float(greys[best].mean()) / SURE_SHARE))


def _candidates() -> tuple[list[Floats], Floats]:
    mireds = np.linspace(1e6 / COOLEST_K, 1e6 / WARMEST_K, CANDIDATES)
    daylight = black_body(NEUTRAL_K)
    return [as_white(black_body(1e6 / mired) / daylight) for mired in mireds], mireds


def _is_grey(linear: Floats, white: Floats) -> Floats:
    corrected = oklab_from_linear(np.asarray(linear / as_white(white), np.float32))
    return np.asarray(np.hypot(corrected[:, 1], corrected[:, 2]) < GREYISH)


def black_body(temperature_k: float) -> Floats:
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
    return np.asarray(np.maximum(rgb, 0.02) / rgb[1])


XYZ_TO_RGB = np.array(
    [
        [3.2404542, -1.5371385, -0.4985314],
        [-0.9692660, 1.8760108, 0.0415560],
        [0.0556434, -0.2040259, 1.0572252],
    ]
)
