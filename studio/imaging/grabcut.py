"""Product or ground, pixel by pixel, in photos that have no plain background."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import cv2
import numpy as np

from studio.domain.geometry import Box
from studio.imaging.colour import Bytes, Floats
from studio.imaging.masks import Mask, disc, enlarged, shrunk

GUESS_EDGE_PX: Final = 200
MARGIN_SHARE: Final = 0.2
"""How much around the frame is looked at, in shares of the frame."""
SLACK_SHARE: Final = 0.06
"""How far the product may stick out of a frame, in shares of the frame."""
ROUNDNESS: Final = 2.5
"""Exponent of the superellipse in a frame where the product is likely."""
UNLIKELY_CORNER: Final = 1.35
ROUNDS: Final = 4
GRAIN_BYTES: Final = 4.0
SEED: Final = 1
"""Of OpenCV's own random numbers, so that a photo is always cut the same way."""


@dataclass(frozen=True, slots=True, kw_only=True)
class _Look:
    """How one segmentation goes about it."""

    edge_px: int
    """Longest edge that is segmented; the edge is refined at full size afterwards."""
    sure_core: float
    """Part of the ellipse in the frame, from its centre, that is product for sure."""
    seed: int
    """Of all random numbers, so that a photo is always cut the same way."""


FIRST_LOOK: Final = _Look(edge_px=520, sure_core=0.5, seed=SEED)
SECOND_LOOK: Final = _Look(edge_px=300, sure_core=0.72, seed=SEED + 1)


@dataclass(frozen=True, slots=True, eq=False)
class Segmented:
    """What was found in a frame."""

    mask: Mask
    """(height, width) of the photo: where the product is."""
    band_px: int
    """How far the mask's edge may be off."""
    agreement: float
    """Overlap (0–1) with what a second, coarser look finds that takes more for granted."""


def segmented(rgb: Bytes, frame: Box) -> Segmented:
    """The product inside a frame that a person drew or `likely_frame` guessed.

    Rother, Kolmogorov and Blake (2004), GrabCut: outside the frame is ground, the middle of
    the frame is product, the colours of both decide the rest.
    """
    height, width = rgb.shape[:2]
    around = _around(frame, width, height)
    part = rgb[around]
    place = _Place(frame, around, width, height)
    found = _look(part, place, FIRST_LOOK)
    again = _look(part, place, SECOND_LOOK)
    mask = np.zeros((height, width), bool)
    mask[around] = enlarged(found, part.shape[1], part.shape[0])
    band_px = max(4, round(2.5 * part.shape[1] / found.shape[1]))
    return Segmented(mask, band_px, _overlap(found, again))


def _look(part: Bytes, place: _Place, look: _Look) -> Mask:
    small = shrunk(part, look.edge_px)
    return _whole(_grab(small, place.rect(small.shape[1] / part.shape[1]), look))


def _overlap(one: Mask, other: Mask) -> float:
    other = enlarged(other, one.shape[1], one.shape[0])
    return float((one & other).sum() / max(1, (one | other).sum()))


def limits(frame: Box) -> Box:
    """How far from its frame a product may reach: outside is ground for sure."""
    x = (frame.right - frame.left) * SLACK_SHARE
    y = (frame.bottom - frame.top) * SLACK_SHARE
    return Box(
        left=max(0.0, frame.left - x),
        top=max(0.0, frame.top - y),
        right=min(1.0, frame.right + x),
        bottom=min(1.0, frame.bottom + y),
    )


def likely_frame(rgb: Bytes) -> Box:
    """A frame around what differs most from the photo's border, near its middle."""
    small = shrunk(rgb, GUESS_EDGE_PX)
    height, width = small.shape[:2]
    stands_out = _unlike_border(small) * _central(width, height)
    scaled = np.clip(stands_out / max(float(np.quantile(stands_out, 0.995)), 1e-6), 0, 1)
    level, _ = cv2.threshold(
        (scaled * 255).astype(np.uint8), 0, 255, cv2.THRESH_BINARY + cv2.THRESH_OTSU
    )
    reach = max(3, round(0.03 * max(height, width)))
    joined = cv2.morphologyEx(
        (scaled * 255 > 0.8 * level).astype(np.uint8), cv2.MORPH_CLOSE, disc(reach)
    )
    count, labels, stats, _ = cv2.connectedComponentsWithStats(joined)
    if count < 2:
        return Box(left=0.12, top=0.12, right=0.88, bottom=0.88)
    weights = np.bincount(labels.ravel(), stands_out.ravel())
    x, y, w, h = (int(each) for each in stats[1 + int(weights[1:].argmax()), :4])
    pad = 0.06 * max(w, h)
    return Box(
        left=max(0.0, (x - pad) / width),
        top=max(0.0, (y - pad) / height),
        right=min(1.0, (x + w + pad) / width),
        bottom=min(1.0, (y + h + pad) / height),
    )


def _unlike_border(small: Bytes) -> Floats:
    """Distance of each pixel to the colours of the border, height counting as well."""
    height, width = small.shape[:2]
    lab = cv2.cvtColor(small.astype(np.float32) / 255, cv2.COLOR_RGB2LAB)
    lab = cv2.bilateralFilter(lab, 5, 10, 4)
    rows = np.repeat(np.linspace(0, 40, height, dtype=np.float32)[:, None], width, axis=1)
    features = np.dstack([lab[:, :, 0] * 0.7, lab[:, :, 1:], rows])
    edge = max(2, round(0.04 * min(height, width)))
    inner = np.zeros((height, width), bool)
    inner[edge:-edge, edge:-edge] = True
    border = np.ascontiguousarray(features[~inner], np.float32)
    cv2.setRNGSeed(SEED)
    stop = (cv2.TERM_CRITERIA_EPS + cv2.TERM_CRITERIA_MAX_ITER, 20, 0.5)
    labels = np.zeros((len(border), 1), np.int32)
    _, _, centres = cv2.kmeans(border, 10, labels, stop, 2, cv2.KMEANS_PP_CENTERS)
    distances = np.linalg.norm(features[:, :, None] - centres[None, None], axis=3)
    return np.asarray(cv2.GaussianBlur(distances.min(axis=2), (0, 0), 1.5))


def _central(width: int, height: int) -> Floats:
    x = (np.arange(width) / width - 0.5) / 0.33
    y = (np.arange(height) / height - 0.52) / 0.36
    return np.exp(-(x[None, :] ** 2 + y[:, None] ** 2)).astype(np.float32)


def _around(frame: Box, width: int, height: int) -> tuple[slice, slice]:
    x = (frame.right - frame.left) * MARGIN_SHARE
    y = (frame.bottom - frame.top) * MARGIN_SHARE
    return (
        slice(round(max(0, frame.top - y) * height), round(min(1, frame.bottom + y) * height)),
        slice(round(max(0, frame.left - x) * width), round(min(1, frame.right + x) * width)),
    )


@dataclass(frozen=True, slots=True)
class _Rect:
    """A frame in pixels of the small picture."""

    left: float
    top: float
    right: float
    bottom: float


@dataclass(frozen=True, slots=True)
class _Place:
    """A frame in a photo, and the part of the photo around it."""

    frame: Box
    around: tuple[slice, slice]
    width: int
    height: int

    def rect(self, scale: float) -> _Rect:
        """The frame in pixels of that part, made `scale` times as large."""
        frame, (rows, columns) = self.frame, self.around
        return _Rect(
            (frame.left * self.width - columns.start) * scale,
            (frame.top * self.height - rows.start) * scale,
            (frame.right * self.width - columns.start) * scale,
            (frame.bottom * self.height - rows.start) * scale,
        )


def _grab(small: Bytes, rect: _Rect, look: _Look) -> Mask:
    height, width = small.shape[:2]
    x = np.abs(np.arange(width) + 0.5 - (rect.left + rect.right) / 2)
    y = np.abs(np.arange(height) + 0.5 - (rect.top + rect.bottom) / 2)
    half_w, half_h = (rect.right - rect.left) / 2, (rect.bottom - rect.top) / 2
    far = (x / half_w)[None, :] ** ROUNDNESS + (y / half_h)[:, None] ** ROUNDNESS
    marks = np.full((height, width), cv2.GC_BGD, np.uint8)
    room_w, room_h = half_w * (1 + 2 * SLACK_SHARE), half_h * (1 + 2 * SLACK_SHARE)
    marks[(x < room_w)[None, :] & (y < room_h)[:, None]] = cv2.GC_PR_BGD
    marks[(x < half_w)[None, :] & (y < half_h)[:, None]] = cv2.GC_PR_FGD
    marks[(marks == cv2.GC_PR_FGD) & (far > UNLIKELY_CORNER)] = cv2.GC_PR_BGD
    marks[far < look.sure_core**ROUNDNESS] = cv2.GC_FGD
    if not (marks == cv2.GC_BGD).any():
        marks[0] = marks[-1] = marks[:, 0] = marks[:, -1] = cv2.GC_BGD
    lab = cv2.cvtColor(_grainy(small, look.seed), cv2.COLOR_RGB2LAB)
    cv2.setRNGSeed(look.seed)
    ground, product = np.zeros((1, 65)), np.zeros((1, 65))
    cv2.grabCut(lab, marks, (0, 0, 1, 1), ground, product, ROUNDS, cv2.GC_INIT_WITH_MASK)
    return np.asarray((marks == cv2.GC_FGD) | (marks == cv2.GC_PR_FGD))


def _grainy(small: Bytes, seed: int) -> Bytes:
    """A little grain, so that a flat ground's own JPEG fringes count as ground."""
    grain = np.random.default_rng(seed).normal(0, GRAIN_BYTES, small.shape)
    return np.clip(np.rint(small + grain), 0, 255).astype(np.uint8)


def _whole(found: Mask) -> Mask:
    """The largest part alone, its pinholes filled and its outline free of splinters."""
    round_3 = disc(3)
    smooth = cv2.morphologyEx(found.astype(np.uint8), cv2.MORPH_OPEN, round_3)
    smooth = cv2.morphologyEx(smooth, cv2.MORPH_CLOSE, round_3)
    count, labels, stats, _ = cv2.connectedComponentsWithStats(smooth)
    if count < 2:
        return found
    main = labels == 1 + int(stats[1:, cv2.CC_STAT_AREA].argmax())
    _, gaps, sizes, _ = cv2.connectedComponentsWithStats(
        (~main).astype(np.uint8), connectivity=4
    )
    small = sizes[:, cv2.CC_STAT_AREA] < LARGEST_PINHOLE * main.sum()
    return np.asarray(main | (small[gaps] & ~main))


LARGEST_PINHOLE: Final = 0.02
"""Gaps smaller than this share of the product are filled; larger ones are its handle."""
