"""Masks: where in a picture something is."""

from __future__ import annotations

from typing import TypeAlias

import cv2
import numpy as np
from numpy.typing import NDArray

from studio.imaging.colour import Bytes

Mask: TypeAlias = NDArray[np.bool_]
"""(height, width)."""


def enlarged(mask: Mask, width: int, height: int) -> Mask:
    """A mask at another size, its outline smooth."""
    soft = cv2.GaussianBlur(mask.astype(np.float32), (0, 0), 1)
    return np.asarray(cv2.resize(soft, (width, height), interpolation=cv2.INTER_CUBIC) > 0.5)


def shrunk(rgb: Bytes, edge_px: int) -> Bytes:
    """A picture whose longest edge is at most `edge_px`."""
    scale = edge_px / max(rgb.shape[:2])
    if scale >= 1:
        return rgb
    size = (max(1, round(rgb.shape[1] * scale)), max(1, round(rgb.shape[0] * scale)))
    return np.asarray(cv2.resize(rgb, size, interpolation=cv2.INTER_AREA))


def disc(radius: int) -> Bytes:
    """A structuring element, round, `2 * radius + 1` pixels across."""
    side = 2 * radius + 1
    return np.asarray(cv2.getStructuringElement(cv2.MORPH_ELLIPSE, (side, side)))


def trimmed_to(mask: Mask) -> tuple[slice, slice]:
    """Rows and columns of the smallest rectangle around a mask that isn't empty."""
    rows, columns = np.flatnonzero(mask.any(axis=1)), np.flatnonzero(mask.any(axis=0))
    return slice(int(rows[0]), int(rows[-1]) + 1), slice(int(columns[0]), int(columns[-1]) + 1)
