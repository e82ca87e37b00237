"""What a standing product does to the surface around it: shadow and faint reflection."""

from __future__ import annotations

import math
from dataclasses import dataclass

import cv2
import numpy as np

from studio.imaging.colour import Bytes, Floats, blurred, linear_from_bytes
from studio.imaging.scene import Light

CAMERA_PITCH_DEG = 8.0
"""How far the camera of every set looks down."""


@dataclass(frozen=True, slots=True, eq=False)
class Standing:
    """A product's alpha in the frame of a picture, and where it touches the ground."""

    alpha: Floats
    """(height, width), 0–1."""
    left_px: int
    right_px: int
    foot_px: int
    """Row of its lowest pixel."""
    height_px: int
    """Height of the product, which may reach beyond this part of the picture."""

    @property
    def width_px(self) -> int:
        """Width of the product."""
        return self.right_px - self.left_px


def foot_print(standing: Standing) -> Floats:
    """The area it stands on, as the camera sees it: an ellipse under its lowest part."""
    height, width = standing.alpha.shape
    reach = max(3, round(standing.width_px * 0.10))
    strip = standing.alpha[max(0, standing.foot_px - reach) : standing.foot_px]
    columns = np.nonzero(strip.max(axis=0) > 0.5)[0]
    left, right = (
        (int(columns.min()), int(columns.max()))
        if columns.size
        else (standing.left_px, standing.right_px)
    )
    half = (right - left) / 2
    depth = max(2.0, half * math.sin(math.radians(CAMERA_PITCH_DEG)) * 1.15)
    print_ = np.zeros((height, width), np.float32)
    centre = ((left + right) / 2, standing.foot_px - depth)
    cv2.ellipse(
        print_,
        (round(centre[0] * 16), round(centre[1] * 16)),
        (round(half * 16), round(depth * 16)),
        0,
        0,
        360,
        1.0,
        -1,
        cv2.LINE_AA,
        4,
    )
    return print_


def shadow(standing: Standing, light: Light) -> Floats:
    """How much light the product takes away, (height, width), 0–1.

    Three parts: the dark line where it touches, the dimness around the foot that any
    object in a room makes, and the shadow cast away from the light. All are soft, so they
    are worked out at half size.
    """
    height, width = standing.alpha.shape
    half = _halved(standing)
    size = half.width_px
    print_ = foot_print(half)
    edge = _lower_edge(half)
    touch = np.maximum(blurred(print_, size * 0.012), blurred(edge, size * 0.012)) * 0.85
    near = (
        np.maximum(blurred(_grown(print_, 1.10), size * 0.04), blurred(edge, size * 0.035))
        * 0.7
    )
    wide = blurred(_grown(print_, 1.35), size * 0.12) * 0.42
    cast = _cast(half, print_, light)
    taken = 1 - (1 - touch) * (1 - near) * (1 - wide) * (1 - cast)
    return np.asarray(
        cv2.resize(taken, (width, height), interpolation=cv2.INTER_LINEAR), np.float32
    )


def _lower_edge(standing: Standing) -> Floats:
    """A band along the product's lower outline, where its own underside darkens the ground."""
    opaque = standing.alpha > 0.5
    rows = opaque.shape[0]
    lowest = rows - 1 - opaque[::-1].argmax(axis=0)
    lift = np.where(opaque.any(axis=0), standing.foot_px - 1 - lowest, rows).astype(np.float32)
    reach = standing.width_px * 0.16
    strength = np.clip(1 - lift / reach, 0, 1)
    y = np.arange(rows, dtype=np.float32)[:, None]
    thickness = max(1.0, standing.width_px * 0.02)
    inside = np.clip(1 - np.abs(y - lowest[None, :]) / thickness, 0, 1)
    return np.asarray(inside * strength[None, :], np.float32)


def _halved(standing: Standing) -> Standing:
    height, width = standing.alpha.shape
    return Standing(
        np.asarray(
            cv2.resize(
                standing.alpha,
                (max(1, width // 2), max(1, height // 2)),
                interpolation=cv2.INTER_AREA,
            ),
            np.float32,
        ),
        standing.left_px // 2,
        standing.right_px // 2,
        standing.foot_px // 2,
        standing.height_px // 2,
    )


def _grown(print_: Floats, factor: float) -> Floats:
    rows, columns = np.nonzero(print_ > 0.5)
    if not rows.size:
        return print_
    x, y = (columns.min() + columns.max()) / 2, (rows.min() + rows.max()) / 2
    move = np.array([[factor, 0, x * (1 - factor)], [0, factor, y * (1 - factor)]], np.float32)
    size = (print_.shape[1], print_.shape[0])
    return np.asarray(cv2.warpAffine(print_, move, size), np.float32)


def _cast(standing: Standing, print_: Floats, light: Light) -> Floats:
    """The silhouette laid on the ground, away from the light, softer with distance."""
    reach = standing.height_px / math.tan(math.radians(max(light.elevation_deg, 18.0)))
    away = math.radians(light.azimuth_deg + 180.0)
    sideways = math.sin(away) * reach
    # A point on the ground nearer to the camera is lower in the picture.
    towards_camera = math.cos(away) * reach * math.sin(math.radians(CAMERA_PITCH_DEG))
    steps = 14
    total = np.zeros_like(print_)
    for step in range(1, steps + 1):
        share = step / steps
        move = np.array([[1, 0, sideways * share], [0, 1, towards_camera * share]], np.float32)
        size = (print_.shape[1], print_.shape[0])
        layer = np.asarray(cv2.warpAffine(print_, move, size), np.float32)
        softer = blurred(layer, 1.0 + share * standing.width_px * 0.05)
        total = np.maximum(total, softer * (1 - share) ** 0.6)
    strength = 0.82 - 0.42 * light.softness
    spread = standing.width_px * (0.010 + 0.045 * light.softness)
    return np.asarray(np.clip(blurred(total, spread) * strength, 0, 0.9), np.float32)


def reflection(cut: Bytes, standing: Standing, *, left_px: int, top_px: int) -> Floats:
    """The product mirrored at its own lower edge, premultiplied linear RGBA of the picture.

    Every column is mirrored at its lowest opaque pixel, so that a round foot stays round.
    """
    rows, columns = standing.alpha.shape
    height, width = cut.shape[:2]
    opaque = cut[:, :, 3] > 127
    lowest = np.where(opaque.any(axis=0), height - 1 - opaque[::-1].argmax(axis=0), -height)
    reach = max(4, round(height * 0.30))
    first = top_px + height - round(height * 0.12)
    last = min(rows, top_px + height + reach)
    result = np.zeros((rows, columns, 4), np.float32)
    if last <= first:
        return result
    below = np.arange(first, last)[:, None] - top_px
    source = 2 * lowest[None, :] - below
    depth = (below - lowest[None, :]).astype(np.float32)
    seen = (depth > 0) & (source >= 0) & (source < height)
    picked = cut[np.clip(source, 0, height - 1), np.arange(width)[None, :]]
    fade = np.clip(1 - depth / reach, 0, 1) ** 2.2
    share = (picked[:, :, 3:].astype(np.float32) / 255) * (seen * fade)[:, :, None]
    flipped = np.concatenate([linear_from_bytes(picked[:, :, :3]) * share, share], axis=2)
    x0, x1 = max(0, left_px), min(columns, left_px + width)
    result[first:last, x0:x1] = flipped[:, x0 - left_px : x1 - left_px]
    return blurred(result, max(0.8, width * 0.006))
