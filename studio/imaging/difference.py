"""How different two colours look: CIELAB and CIEDE2000."""

from __future__ import annotations

from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray

from studio.imaging.colour import Bytes, Floats, linear_from_bytes

Doubles: TypeAlias = NDArray[np.float64]

D65 = np.array([0.95047, 1.0, 1.08883])
RGB_TO_XYZ = np.array(
    [
        [0.4124564, 0.3575761, 0.1804375],
        [0.2126729, 0.7151522, 0.0721750],
        [0.0193339, 0.1191920, 0.9503041],
    ]
)


def lab(pixels: Bytes) -> Doubles:
    """CIELAB (D65) of 8-bit sRGB, (…, 3)."""
    return lab_from_linear(linear_from_bytes(pixels))


def lab_from_linear(linear: Floats) -> Doubles:
    """CIELAB (D65) of linear sRGB, (…, 3)."""
    xyz = linear.astype(np.float64) @ RGB_TO_XYZ.T / D65
    delta = 6 / 29
    f = np.where(xyz > delta**3, np.cbrt(xyz), xyz / (3 * delta**2) + 4 / 29)
    return np.stack(
        [116 * f[..., 1] - 16, 500 * (f[..., 0] - f[..., 1]), 200 * (f[..., 1] - f[..., 2])],
        axis=-1,
    )


def delta_e(one: Doubles, other: Doubles) -> Doubles:
    """CIEDE2000 colour difference of CIELAB colours, (…, 3) and (…, 3) → (…).

    Sharma, Wu and Dalal (2005), The CIEDE2000 color-difference formula, eqs. 2 to 22.
    """
    mean_chroma = (
        np.hypot(one[..., 1], one[..., 2]) + np.hypot(other[..., 1], other[..., 2])
    ) / 2
    g = 0.5 * (1 - np.sqrt(mean_chroma**7 / (mean_chroma**7 + 25.0**7)))
    l1, c1, h1 = _primed(one, g)
    l2, c2, h2 = _primed(other, g)
    turn = h2 - h1
    turn = np.where(turn > 180, turn - 360, np.where(turn < -180, turn + 360, turn))
    turn = np.where(c1 * c2 == 0, 0.0, turn)
    hue = 2 * np.sqrt(c1 * c2) * np.sin(np.radians(turn / 2))
    total = h1 + h2
    far = np.abs(h1 - h2) > 180
    mean_hue = np.where(far, np.where(total < 360, total + 360, total - 360), total) / 2
    mean_hue = np.where(c1 * c2 == 0, total, mean_hue)
    lightness, chroma = (l1 + l2) / 2, (c1 + c2) / 2
    t = (
        1
        - 0.17 * np.cos(np.radians(mean_hue - 30))
        + 0.24 * np.cos(np.radians(2 * mean_hue))
        + 0.32 * np.cos(np.radians(3 * mean_hue + 6))
        - 0.20 * np.cos(np.radians(4 * mean_hue - 63))
    )
    s_l = 1 + 0.015 * (lightness - 50) ** 2 / np.sqrt(20 + (lightness - 50) ** 2)
    s_c, s_h = 1 + 0.045 * chroma, 1 + 0.015 * chroma * t
    swing = 30 * np.exp(-(((mean_hue - 275) / 25) ** 2))
    r_c = 2 * np.sqrt(chroma**7 / (chroma**7 + 25.0**7))
    r_t = -np.sin(np.radians(2 * swing)) * r_c
    dl, dc, dh = (l2 - l1) / s_l, (c2 - c1) / s_c, hue / s_h
    return np.asarray(np.sqrt(np.maximum(dl**2 + dc**2 + dh**2 + r_t * dc * dh, 0)))


def _primed(colour: Doubles, g: Doubles) -> tuple[Doubles, Doubles, Doubles]:
    a = colour[..., 1] * (1 + g)
    b = colour[..., 2]
    hue = np.degrees(np.arctan2(b, a)) % 360
    return colour[..., 0], np.hypot(a, b), np.where((a == 0) & (b == 0), 0.0, hue)
