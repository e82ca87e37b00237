"""What a picture looks like in a few words, for the optimizer to learn over."""

from __future__ import annotations

import cv2
import numpy as np
from PIL import Image

from studio.domain.geometry import Box
from studio.imaging.difference import lab
from studio.imaging.scene import usual_share

CLOSE, WIDE = 1.05, 0.94
"""Size of the product against the usual one in a picture of this shape."""
WARM, COOL = -0.18, -0.36
"""Warmth of a picture from which it counts as warm, and up to which as cool."""
CALM, BUSY = 0.050, 0.070
"""Share of edge pixels up to which a picture is calm, and from which it is busy."""
SAMPLE_PX = 64
EDGES_PX = 256
EDGE_LOW, EDGE_HIGH = 50, 100


def framing(product: Box, size_px: tuple[int, int]) -> str:
    """`close`, `medium` or `wide`, by how much of the picture the product fills."""
    width, height = usual_share(size_px[0] / size_px[1])
    size = max((product.right - product.left) / width, (product.bottom - product.top) / height)
    return "close" if size >= CLOSE else "wide" if size < WIDE else "medium"


def warmth(image: Image.Image) -> str:
    """`warm`, `neutral` or `cool`."""
    value = warmth_value(image)
    return "warm" if value > WARM else "cool" if value < COOL else "neutral"


def warmth_value(image: Image.Image) -> float:
    """How warm a picture feels on the average; a grey is -0.5.

    Ou, Luo, Woodcock and Wright (2004), A study of colour emotion and colour preference,
    part I: WC = -0.5 + 0.02 C^1.07 cos(h - 50°), with CIELAB chroma and hue.
    """
    small = image.convert("RGB").resize((SAMPLE_PX, SAMPLE_PX), Image.Resampling.BOX)
    colours = lab(np.asarray(small))
    chroma = np.hypot(colours[..., 1], colours[..., 2])
    hue = np.arctan2(colours[..., 2], colours[..., 1])
    return float(np.mean(-0.5 + 0.02 * chroma**1.07 * np.cos(hue - np.radians(50))))


def busyness(image: Image.Image) -> str:
    """`calm`, `balanced` or `busy`."""
    share = edge_share(image)
    return "calm" if share < CALM else "busy" if share >= BUSY else "balanced"


def edge_share(image: Image.Image) -> float:
    """Share (0–1) of pixels on an edge at a width of 256 px.

    Edge density is a plain measure of clutter; Rosenholtz, Li and Nakano (2007), Measuring
    visual clutter, compare it with others.
    """
    height = max(1, round(EDGES_PX * image.height / image.width))
    small = image.convert("L").resize((EDGES_PX, height), Image.Resampling.LANCZOS)
    return float((cv2.Canny(np.asarray(small), EDGE_LOW, EDGE_HIGH) > 0).mean())
