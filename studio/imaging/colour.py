"""Colour arithmetic on arrays: sRGB, linear light, OKLab and WCAG contrast."""

from __future__ import annotations

import re
from typing import TypeAlias

import cv2
import numpy as np
from numpy.typing import NDArray

from studio.errors import InputError

Floats: TypeAlias = NDArray[np.floating]
"""Pixels or weights, mostly 32 bit."""
Bytes: TypeAlias = NDArray[np.uint8]
"""Pixels as they are stored."""
Rgb: TypeAlias = tuple[float, float, float]
"""One colour in sRGB, 0–1."""

HEX_PATTERN = re.compile(r"#[0-9A-Fa-f]{6}")
LUMINANCE = np.array([0.2126, 0.7152, 0.0722], np.float32)
"""Rec. 709 weights of linear red, green and blue."""

# Ottosson (2020), A perceptual color space for image processing: M1 takes linear sRGB to
# cone responses, M2 takes their cube roots to L, a, b.
M1 = np.array(
    [
        [0.4122214708, 0.5363325363, 0.0514459929],
        [0.2119034982, 0.6806995451, 0.1073969566],
        [0.0883024619, 0.2817188376, 0.6299787005],
    ],
    np.float32,
)
M2 = np.array(
    [
        [0.2104542553, 0.7936177850, -0.0040720468],
        [1.9779984951, -2.4285922050, 0.4505937099],
        [0.0259040371, 0.7827717662, -0.8086757660],
    ],
    np.float32,
)
M1_INVERSE = np.linalg.inv(M1.astype(np.float64)).astype(np.float32)
M2_INVERSE = np.linalg.inv(M2.astype(np.float64)).astype(np.float32)


def parse_hex(text: str) -> Rgb:
    """`#RRGGBB` as sRGB shares."""
    if not HEX_PATTERN.fullmatch(text):
        raise InputError(f"{text[:40]!r} is no colour; write six hex digits such as #0B3D2E.")
    return (int(text[1:3], 16) / 255, int(text[3:5], 16) / 255, int(text[5:7], 16) / 255)


def to_hex(colour: Rgb) -> str:
    """sRGB shares as `#RRGGBB`."""
    return "#" + "".join(f"{round(min(max(part, 0.0), 1.0) * 255):02X}" for part in colour)


def linear_from_srgb(encoded: Floats) -> Floats:
    """Linear light of sRGB shares (IEC 61966-2-1)."""
    low = encoded / 12.92
    high = ((np.maximum(encoded, 0) + 0.055) / 1.055) ** 2.4
    return np.where(encoded <= 0.04045, low, high).astype(np.float32)


def srgb_from_linear(linear: Floats) -> Floats:
    """sRGB shares of linear light (IEC 61966-2-1)."""
    high = 1.055 * np.maximum(linear, 0) ** (1 / 2.4) - 0.055
    return np.where(linear <= 0.0031308, linear * 12.92, high).astype(np.float32)


LINEAR_OF_BYTE = linear_from_srgb(np.arange(256, dtype=np.float32) / 255)
ENCODE_STEPS = 1 << 14


def _encoding_table() -> Bytes:
    linear = np.linspace(0, 1, ENCODE_STEPS + 1).astype(np.float32)
    return np.rint(srgb_from_linear(linear) * 255).astype(np.uint8)


BYTE_OF_LINEAR = _encoding_table()


def linear_from_bytes(pixels: Bytes) -> Floats:
    """Linear light of 8-bit sRGB."""
    return LINEAR_OF_BYTE[pixels]


def bytes_from_linear(linear: Floats) -> Bytes:
    """8-bit sRGB of linear light, clipped; exact for values that came from bytes."""
    steps = (np.clip(linear, 0, 1) * ENCODE_STEPS + 0.5).astype(np.uint16)
    return BYTE_OF_LINEAR[steps]


def oklab_from_linear(linear: Floats) -> Floats:
    """OKLab of linear sRGB, (…, 3)."""
    cones = np.cbrt(np.maximum(linear @ M1.T, 0))
    return np.asarray(cones @ M2.T, np.float32)


def linear_from_oklab(lab: Floats) -> Floats:
    """Linear sRGB of OKLab, (…, 3); may leave 0–1."""
    cones = lab @ M2_INVERSE.T
    return np.asarray((cones * cones * cones) @ M1_INVERSE.T, np.float32)


def linear_of(colour: Rgb) -> Floats:
    """One sRGB colour in linear light, (3,)."""
    return linear_from_srgb(np.array(colour, np.float32))


def luminance(colour: Rgb) -> float:
    """Relative luminance of one colour (WCAG 2.2)."""
    return float(linear_of(colour) @ LUMINANCE)


def luminances(pixels: Bytes) -> Floats:
    """Relative luminance of 8-bit sRGB pixels, (…, 3) → (…)."""
    return np.asarray(linear_from_bytes(pixels) @ LUMINANCE, np.float32)


def contrast(one: float, other: float) -> float:
    """Contrast ratio of two relative luminances (WCAG 2.2), 1 to 21."""
    lighter, darker = max(one, other), min(one, other)
    return (lighter + 0.05) / (darker + 0.05)


def mixed(one: Rgb, other: Rgb, share: float) -> Rgb:
    """`share` of the other colour in the first, mixed in OKLab."""
    ends = oklab_from_linear(np.stack([linear_of(one), linear_of(other)]))
    linear = linear_from_oklab((1 - share) * ends[0] + share * ends[1])
    red, green, blue = (bytes_from_linear(linear) / 255.0).tolist()
    return (red, green, blue)


def blurred(pixels: Floats, sigma: float) -> Floats:
    """Gaussian blur; wide ones run on a smaller copy, which looks the same and is fast."""
    if sigma < 0.3:
        return pixels
    height, width = pixels.shape[:2]
    shrink = max(1, int(sigma / 4))
    if shrink == 1:
        return np.asarray(cv2.GaussianBlur(pixels, (0, 0), sigma), np.float32)
    small_size = (max(1, width // shrink), max(1, height // shrink))
    small = cv2.resize(pixels, small_size, interpolation=cv2.INTER_AREA)
    small = cv2.GaussianBlur(small, (0, 0), sigma / shrink)
    return np.asarray(
        cv2.resize(small, (width, height), interpolation=cv2.INTER_LINEAR), np.float32
    )
