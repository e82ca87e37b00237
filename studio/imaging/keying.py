"""Taking a plain, light studio background away, soft shadows included."""

from __future__ import annotations

from typing import Final

import cv2
import numpy as np

from studio.errors import InputError
from studio.imaging.colour import Bytes, Floats, linear_from_bytes, oklab_from_linear
from studio.imaging.masks import Mask, disc, enlarged, shrunk
from studio.imaging.matting import projected

KEY_EDGE_PX: Final = 1200
"""Longest edge at which edges are looked for; the alpha is found at full size."""
LIGHTEST_GROUND: Final = 0.80
"""OKLab lightness that a studio background has at least."""
GROUND_SPREAD: Final = 0.05
"""OKLab distance that the border may stray from its median."""
PLAIN_SHARE: Final = 0.85
"""Share of the border that has to be as plain as that."""
DARKEST_SHADOW: Final = 0.30
"""OKLab lightness below the ground's from which nothing is shadow."""
GREYEST_PRODUCT: Final = 0.03
"""OKLab chroma apart from the ground's from which nothing is shadow."""
FINE, COARSE = 1.2, 4.0
"""Blurs (standard deviations in pixels) between which sharp edges fade and soft ones don't."""
SHARP_RATIO: Final = 1.6
"""How much steeper an edge is in the fine picture, if it isn't a shadow's."""
FAINTEST_STEP: Final = 0.8
"""Steepness, in 8-bit steps per pixel, below which an edge is noise."""
NOISE_TIMES: Final = 5.0
GAPS_PX: Final = (1, 3, 6)
"""Half widths of gaps in an edge that are closed, the first that suffices."""
LEAST_PART: Final = 0.025
"""Parts smaller than this share of the largest are specks."""
LINE_PX: Final = 5.0
"""Half the width that a mere edge has by the blur that found it."""
STRAY_AREA, STRAY_LENGTH = 0.8, 0.1
"""Most edge, in all and in one piece, that a background has: in sides of a square as large
as the product."""


class NoPlainGround(InputError):
    """The photo has no plain light background to key."""


class FaintEdge(InputError):
    """Keying can't find where the product ends."""


def keyed(rgb: Bytes, name: str) -> Bytes:
    """The photo as RGBA without its plain light background.

    Raises `NoPlainGround` where there is none, `FaintEdge` where the product can't be told
    from it.
    """
    small = shrunk(rgb, KEY_EDGE_PX)
    lab = oklab_from_linear(linear_from_bytes(small))
    ground = _ground(lab, name)
    barred = _barred(small, lab, ground)
    mask = _closed_off(barred, name)
    _check(mask, name)
    scale = rgb.shape[1] / small.shape[1]
    full = enlarged(mask, rgb.shape[1], rgb.shape[0])
    return projected(rgb, full, reach_px=max(3, round(3 * scale)))


def border_of(pixels: Floats) -> Floats:
    """The outermost pixels of (height, width, n) as (m, n)."""
    edge = max(2, min(pixels.shape[:2]) // 100)
    strips = (pixels[:edge], pixels[-edge:], pixels[:, :edge], pixels[:, -edge:])
    return np.concatenate([strip.reshape(-1, pixels.shape[2]) for strip in strips])


def _ground(lab: Floats, name: str) -> Floats:
    border = border_of(lab)
    ground = np.asarray(np.median(border, axis=0), np.float32)
    plain = (np.linalg.norm(border - ground, axis=1) < GROUND_SPREAD).mean()
    if ground[0] < LIGHTEST_GROUND or plain < PLAIN_SHARE:
        raise NoPlainGround(
            f"product.photos: {name} has no plain light background to cut the product from. "
            "Cut it out on the brief page or with `studio cutout`, and look at the result; or "
            "give a PNG with a transparent background."
        )
    return ground


def _barred(small: Bytes, lab: Floats, ground: Floats) -> Mask:
    """Where no background is: on sharp edges, in other colours, in deep dark."""
    grey = cv2.cvtColor(small, cv2.COLOR_RGB2GRAY).astype(np.float32)
    fine, coarse = _steepness(grey, FINE), _steepness(grey, COARSE)
    floor = max(FAINTEST_STEP, NOISE_TIMES * _noise(fine))
    sharp = (fine > floor) & (fine > SHARP_RATIO * coarse)
    smooth = cv2.GaussianBlur(lab, (0, 0), FINE)
    coloured = np.linalg.norm(smooth[:, :, 1:] - ground[1:], axis=2) > GREYEST_PRODUCT
    return np.asarray(sharp | coloured | (smooth[:, :, 0] < ground[0] - DARKEST_SHADOW))


def _steepness(grey: Floats, blur: float) -> Floats:
    smooth = cv2.GaussianBlur(grey, (0, 0), blur)
    across = cv2.Sobel(smooth, cv2.CV_32F, 1, 0, scale=1 / 8)
    down = cv2.Sobel(smooth, cv2.CV_32F, 0, 1, scale=1 / 8)
    return np.asarray(np.hypot(across, down))


def _noise(fine: Floats) -> float:
    """Steepness that the background has by itself: the median along the border."""
    return float(np.median(border_of(fine[:, :, None])))


def _closed_off(barred: Mask, name: str) -> Mask:
    """What can't be reached from the border, with the smallest gaps closed that suffice."""
    for gap in GAPS_PX:
        mask = _largest_parts(_unreached(barred, gap))
        if not _leaves_edges(barred, mask):
            return mask
    raise FaintEdge(
        f"product.photos: the product in {name} is as light as its background, so its edge "
        "would fray; give a PNG with a transparent background, or a photo on a darker ground."
    )


def _leaves_edges(barred: Mask, mask: Mask) -> bool:
    """Whether the background has sharp edges: parts of the product that it ran into."""
    near = cv2.dilate(mask.astype(np.uint8), disc(5))
    stray = (barred & (near == 0)).astype(np.uint8)
    side = float(np.sqrt(max(1, mask.sum())))
    _, _, stats, _ = cv2.connectedComponentsWithStats(stray, connectivity=8)
    longest = stats[1:, [cv2.CC_STAT_WIDTH, cv2.CC_STAT_HEIGHT]].max(initial=0)
    return bool(stray.sum() > STRAY_AREA * side or longest > STRAY_LENGTH * side)


def _unreached(barred: Mask, gap: int) -> Mask:
    wide = cv2.dilate(barred.astype(np.uint8), disc(gap))
    framed = cv2.copyMakeBorder(wide, 1, 1, 1, 1, cv2.BORDER_CONSTANT, value=0)
    flooded = np.zeros((framed.shape[0] + 2, framed.shape[1] + 2), np.uint8)
    cv2.floodFill(framed, flooded, (0, 0), 2, flags=4)
    reached = cv2.dilate((framed[1:-1, 1:-1] == 2).astype(np.uint8), disc(gap))
    # An edge is as wide as the blur that found it; the product ends in its middle.
    inside = cv2.erode(1 - reached, disc(1))
    return np.asarray(inside > 0)


def _largest_parts(mask: Mask) -> Mask:
    """Without specks, and without lines that enclose nothing."""
    opened = cv2.morphologyEx(mask.astype(np.uint8), cv2.MORPH_OPEN, disc(1))
    count, labels, stats, _ = cv2.connectedComponentsWithStats(opened, connectivity=8)
    areas = stats[:, cv2.CC_STAT_AREA]
    depth = np.zeros(count, np.float32)
    np.maximum.at(
        depth,
        labels.ravel().astype(np.intp),
        cv2.distanceTransform(opened, cv2.DIST_L2, 3).ravel(),
    )
    kept = (areas >= LEAST_PART * areas[1:].max(initial=0)) & (depth > LINE_PX)
    kept[0] = False
    return np.asarray(kept[labels])


def _check(mask: Mask, name: str) -> None:
    kept, border = mask.mean(), border_of(mask[:, :, None].astype(np.float32)).mean()
    if kept < 0.005 or kept > 0.97:
        raise FaintEdge(
            f"product.photos: the product in {name} can't be told from its background; give a "
            "PNG with a transparent background."
        )
    if border > 0.12:
        raise FaintEdge(
            f"product.photos: the product in {name} touches the edge of the photo, so a part "
            "of it is missing; give a photo that shows all of it with room around it."
        )
