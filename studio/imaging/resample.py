"""Pictures with transparency at another size."""

from __future__ import annotations

import cv2
import numpy as np

from studio.imaging.colour import Bytes, bytes_from_linear, linear_from_bytes


def resampled(rgba: Bytes, width: int, height: int) -> Bytes:
    """RGBA at another size, averaged in premultiplied linear light so that no edge darkens."""
    alpha = rgba[:, :, 3:].astype(np.float32) / 255
    stack = np.concatenate([linear_from_bytes(rgba[:, :, :3]) * alpha, alpha], axis=2)
    shrinks = width < rgba.shape[1]
    how = cv2.INTER_AREA if shrinks else cv2.INTER_CUBIC
    stack = np.clip(cv2.resize(stack, (width, height), interpolation=how), 0, 1)
    alpha = stack[:, :, 3:]
    straight = bytes_from_linear(stack[:, :, :3] / np.maximum(alpha, 1e-4))
    return np.concatenate([straight, np.rint(alpha * 255).astype(np.uint8)], axis=2)


def no_longer_than(rgba: Bytes, edge_px: int) -> Bytes:
    """RGBA whose longest edge is at most `edge_px`."""
    height, width = rgba.shape[:2]
    scale = edge_px / max(width, height)
    if scale >= 1:
        return rgba
    return resampled(rgba, max(1, round(width * scale)), max(1, round(height * scale)))
