"""Proof that the product in a picture is the product of the photo."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TypeAlias

import cv2
import numpy as np
from numpy.typing import NDArray

from studio.errors import PermanentError
from studio.imaging.colour import Bytes, linear_from_bytes
from studio.imaging.cutout import cut_out, resampled
from studio.imaging.model import PictureRequest, Staged

Doubles: TypeAlias = NDArray[np.float64]

MAX_DELTA_E = 2.0
"""CIEDE2000 of the 95th percentile; below about 2 a difference goes unnoticed."""
MIN_EDGE_IOU = 0.90
D65 = np.array([0.95047, 1.0, 1.08883])
RGB_TO_XYZ = np.array(
    [
        [0.4124564, 0.3575761, 0.1804375],
        [0.2126729, 0.7151522, 0.0721750],
        [0.0193339, 0.1191920, 0.9503041],
    ]
)
EDGE_LOW, EDGE_HIGH = 60, 140


@dataclass(frozen=True, slots=True, kw_only=True)
class Fidelity:
    """How close the product in the picture is to its photo."""

    delta_e_p95: float
    """CIEDE2000 that 95 % of the product's opaque pixels stay below."""
    edge_iou: float
    """Overlap of its edges with the photo's, 0–1; a pixel off still counts."""

    @property
    def holds(self) -> bool:
        """Whether nobody would call the product changed."""
        return self.delta_e_p95 <= MAX_DELTA_E and self.edge_iou >= MIN_EDGE_IOU


def check_fidelity(staged: Staged, request: PictureRequest) -> Fidelity:
    """Compare the product in a picture with the photo that it is most like."""
    width, height = staged.image.size
    box = staged.product_box
    left, top = round(box.left * width), round(box.top * height)
    right, bottom = round(box.right * width), round(box.bottom * height)
    shown = np.asarray(staged.image.convert("RGB"))[top:bottom, left:right]
    found = [
        fidelity_of(shown, resampled(cut_out(photo).rgba, right - left, bottom - top))
        for photo in request.photos
    ]
    return min(found, key=lambda one: (one.delta_e_p95, -one.edge_iou))


def require_fidelity(staged: Staged, request: PictureRequest) -> Fidelity:
    """The fidelity of a picture; raises `PermanentError` where the product was changed."""
    fidelity = check_fidelity(staged, request)
    if not fidelity.holds:
        raise PermanentError(
            f"The picture changed the product: colour differs by {fidelity.delta_e_p95:.1f} "
            f"(at most {MAX_DELTA_E:g}), edges agree to {fidelity.edge_iou:.0%} "
            f"(at least {MIN_EDGE_IOU:.0%}). Report this; such a picture may not be used."
        )
    return fidelity


def fidelity_of(shown: Bytes, source: Bytes) -> Fidelity:
    """Compare pixels (h, w, 3) with a cut-out (h, w, 4) of the same size."""
    solid = (source[:, :, 3] == 255).astype(np.uint8)
    inner = cv2.erode(solid, np.ones((3, 3), np.uint8)).astype(bool)
    if not inner.any():
        return Fidelity(delta_e_p95=100.0, edge_iou=0.0)
    differences = delta_e(lab(shown[inner]), lab(source[:, :, :3][inner]))
    return Fidelity(
        delta_e_p95=float(np.quantile(differences, 0.95)),
        edge_iou=_edge_iou(shown, source[:, :, :3], inner),
    )


def _edge_iou(shown: Bytes, source: Bytes, inner: NDArray[np.bool_]) -> float:
    ours, theirs = (
        (cv2.Canny(cv2.cvtColor(pixels, cv2.COLOR_RGB2GRAY), EDGE_LOW, EDGE_HIGH) > 0)
        & cv2.erode(inner.astype(np.uint8), np.ones((5, 5), np.uint8)).astype(bool)
        for pixels in (np.ascontiguousarray(shown), np.ascontiguousarray(source))
    )
    if not ours.any() and not theirs.any():
        return 1.0
    near = np.ones((3, 3), np.uint8)
    common = (ours & (cv2.dilate(theirs.astype(np.uint8), near) > 0)).sum()
    missed = (theirs & (cv2.dilate(ours.astype(np.uint8), near) == 0)).sum()
    return float(common / (ours.sum() + missed))


def lab(pixels: Bytes) -> Doubles:
    """CIELAB (D65) of 8-bit sRGB, (…, 3)."""
    xyz = linear_from_bytes(pixels).astype(np.float64) @ RGB_TO_XYZ.T / D65
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
