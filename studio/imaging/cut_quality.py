"""How well a product was cut out of its photo: what is measured, and what makes it poor."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum
from typing import Final, TypeAlias

import cv2
import numpy as np
from numpy.typing import NDArray

from studio.domain.geometry import Box
from studio.imaging.colour import Bytes, Floats, linear_from_bytes, oklab_from_linear
from studio.imaging.masks import Mask

MEASURED_EDGE_PX: Final = 800
"""Longest edge of the product at which its outline is measured."""
PROBE_PX: Final = 4.0
"""How far inside and outside the outline colours are compared, at that size."""
FAINT_STEP: Final = 0.025
"""OKLab difference across the outline below which nothing shows that it runs there."""
MOST_FAINT: Final = 0.12
LONGEST_FAINT: Final = 0.055
WIDEST_SOFT_PX: Final = 8.0
LEAST_AGREEMENT: Final = 0.94
LEAST_AREA, MOST_AREA = 0.01, 0.95
LARGEST_CONTACT: Final = 0.03
FRAME_INSET: Final = 0.003
"""How far inside its limits a mask is looked at, in shares of the photo's longer edge."""
LEAST_MAIN_PART: Final = 0.8
FEWEST_PX: Final = 120


Places: TypeAlias = NDArray[np.int32]
"""Columns and rows of pixels, (n, 2)."""


class Side(StrEnum):
    """An edge of the photo."""

    TOP = "top"
    RIGHT = "right"
    BOTTOM = "bottom"
    LEFT = "left"


@dataclass(frozen=True, slots=True, kw_only=True)
class CutQuality:
    """What was measured of one cut-out; lengths in pixels of the photo as it is worked on."""

    width_px: int
    height_px: int
    area_share: float
    """Share (0–1) of the photo that the product covers."""
    contrast: float
    """Median OKLab difference between both sides of the outline."""
    faint_share: float
    """Share (0–1) of the outline where both sides look the same."""
    longest_faint_share: float
    """Longest such stretch, as a share (0–1) of the outline."""
    soft_px: float
    """Mean width of the half-transparent rim."""
    main_part_share: float
    """Share (0–1) of the product's area in its largest part."""
    cut_by: tuple[Side, ...]
    """Edges of the photo that the product runs into."""
    beyond: tuple[Side, ...] = ()
    """Edges of the frame that it runs into, and so goes on behind."""
    agreement: float = 1.0
    """Overlap (0–1) of what two looks at the photo find."""

    @property
    def faults(self) -> tuple[str, ...]:
        """Why the cut-out shouldn't be used, each with the remedy; empty where it is good."""
        return tuple(_faults(self))


def measured(rgba: Bytes, rgb: Bytes, *, limits: Box | None = None) -> CutQuality:
    """The quality of a cut-out (h, w, 4) of a photo (h, w, 3) of the same size.

    limits: how far the product could reach, where a frame bounded it.
    """
    alpha = rgba[:, :, 3].astype(np.float32) / 255
    solid = alpha > 0.5
    rows, columns = np.nonzero(solid)
    if not rows.size:
        return _nothing()
    width, height = int(np.ptp(columns)) + 1, int(np.ptp(rows)) + 1
    steps = _steps(rgb, alpha, scale=min(1.0, MEASURED_EDGE_PX / max(width, height)))
    faint = steps < FAINT_STEP
    return CutQuality(
        width_px=width,
        height_px=height,
        area_share=float(solid.mean()),
        contrast=float(np.median(steps)) if steps.size else 0.0,
        faint_share=float(faint.mean()) if steps.size else 1.0,
        longest_faint_share=_longest_run(faint),
        soft_px=_soft_px(alpha),
        main_part_share=_main_part(solid),
        cut_by=tuple(_cut_by(solid)),
        beyond=tuple(_beyond(solid, limits)) if limits else (),
    )


def _nothing() -> CutQuality:
    return CutQuality(
        width_px=0,
        height_px=0,
        area_share=0.0,
        contrast=0.0,
        faint_share=1.0,
        longest_faint_share=1.0,
        soft_px=0.0,
        main_part_share=0.0,
        cut_by=(),
    )


def _faults(quality: CutQuality) -> Iterator[str]:
    yield from _faults_of_place(quality)
    yield from _faults_of_edge(quality)


def _faults_of_place(quality: CutQuality) -> Iterator[str]:
    if quality.cut_by:
        sides = " and ".join(quality.cut_by)
        yield (
            f"The product is cut off at the photo's {sides} edge. Give a photo that shows all "
            "of it, with room around it."
        )
    if quality.beyond:
        yield (
            f"The product goes on behind the {' and '.join(quality.beyond)} of the frame. Draw "
            "the frame larger, around all of it."
        )
    if max(quality.width_px, quality.height_px) < FEWEST_PX:
        yield (
            f"The product is only {quality.width_px} × {quality.height_px} pixels. Give a "
            "photo that shows it larger."
        )
    elif not LEAST_AREA <= quality.area_share <= MOST_AREA:
        yield (
            f"{quality.area_share:.0%} of the photo counts as product, which can't be right. "
            "Draw a frame closely around the product."
        )


def _faults_of_edge(quality: CutQuality) -> Iterator[str]:
    if quality.faint_share > MOST_FAINT or quality.longest_faint_share > LONGEST_FAINT:
        yield (
            f"Along {quality.faint_share:.0%} of its outline the product looks like what is "
            "behind it, so the outline is a guess. Draw a frame closely around the product, or "
            "give a photo on a ground of another colour."
        )
    elif quality.agreement < LEAST_AGREEMENT:
        yield (
            f"Two looks agree on {quality.agreement:.0%} of the product only, so a part of it "
            "is missing or too much. Draw a frame closely around it, or give a photo on a "
            "plain ground of another colour."
        )
    if quality.soft_px > WIDEST_SOFT_PX:
        yield (
            f"Its edge is {quality.soft_px:.0f} pixels wide and would look like a haze. Give a "
            "sharper photo."
        )
    if quality.main_part_share < LEAST_MAIN_PART:
        yield (
            f"It falls into pieces, the largest {quality.main_part_share:.0%} of it. Draw a "
            "frame closely around the product."
        )


def _steps(rgb: Bytes, alpha: Floats, *, scale: float) -> Floats:
    """OKLab differences across the outline, in order along it, longest outline first."""
    size = (max(8, round(rgb.shape[1] * scale)), max(8, round(rgb.shape[0] * scale)))
    small = np.asarray(cv2.resize(rgb, size, interpolation=cv2.INTER_AREA), np.uint8)
    cover = np.asarray(cv2.resize(alpha, size, interpolation=cv2.INTER_AREA), np.float32)
    lab = oklab_from_linear(linear_from_bytes(small))
    lab = np.asarray(cv2.GaussianBlur(lab, (0, 0), 0.8), np.float32)
    outlines, _ = cv2.findContours(
        (cover > 0.5).astype(np.uint8), cv2.RETR_CCOMP, cv2.CHAIN_APPROX_NONE
    )
    points = np.concatenate(
        [outline[:, 0] for outline in sorted(outlines, key=len, reverse=True)]
        or [np.zeros((0, 2), np.int32)]
    ).astype(np.int32)
    return _across(lab, cover, _within(points, size))


def _within(points: Places, size: tuple[int, int]) -> Places:
    """Points with room for the probes: along the photo's edge there is no other side."""
    room = PROBE_PX + 1
    inside = (points >= room) & (points < np.array(size) - room)
    return points[inside.all(axis=1)]


def _across(lab: Floats, cover: Floats, points: Places) -> Floats:
    if not len(points):
        return np.zeros(0, np.float32)
    smooth = cv2.GaussianBlur(cover, (0, 0), 2)
    slope = np.stack([cv2.Sobel(smooth, cv2.CV_32F, 1, 0), cv2.Sobel(smooth, cv2.CV_32F, 0, 1)])
    inward = slope[:, points[:, 1], points[:, 0]].T
    inward = inward / np.maximum(np.linalg.norm(inward, axis=1, keepdims=True), 1e-6)
    inside, outside = (_sampled(lab, points + inward * way) for way in (PROBE_PX, -PROBE_PX))
    return np.asarray(np.linalg.norm(inside - outside, axis=1))


def _sampled(lab: Floats, points: Floats) -> Floats:
    places = points.astype(np.float32)[:, None]
    found = cv2.remap(lab, places[:, :, 0], places[:, :, 1], cv2.INTER_LINEAR)
    return np.asarray(found[:, 0])


def _longest_run(faint: Mask) -> float:
    """Longest stretch of True, as a share of all; single points between don't end it."""
    if not faint.size:
        return 1.0
    joined = cv2.morphologyEx(
        faint.astype(np.uint8), cv2.MORPH_CLOSE, np.ones((5, 1), np.uint8)
    )
    edges = np.flatnonzero(np.diff(joined.ravel(), prepend=0, append=0))
    return float((edges[1::2] - edges[::2]).max(initial=0) / faint.size)


def _soft_px(alpha: Floats) -> float:
    soft = ((alpha > 0.04) & (alpha < 0.96)).sum()
    outlines, _ = cv2.findContours(
        (alpha > 0.5).astype(np.uint8), cv2.RETR_CCOMP, cv2.CHAIN_APPROX_NONE
    )
    return float(soft / max(1, sum(len(each) for each in outlines)))


def _main_part(solid: Mask) -> float:
    _, _, stats, _ = cv2.connectedComponentsWithStats(solid.astype(np.uint8))
    areas = stats[1:, cv2.CC_STAT_AREA]
    return float(areas.max(initial=0) / max(1, areas.sum()))


def _cut_by(solid: Mask) -> Iterator[Side]:
    """Edges of the photo along which a noticeable part of the product lies."""
    long = max(solid.any(axis=0).sum(), solid.any(axis=1).sum())
    for side, line in _lines(solid).items():
        if line.sum() > LARGEST_CONTACT * long:
            yield side


def _beyond(solid: Mask, limits: Box) -> Iterator[Side]:
    """The same for a frame's limits, except where those are the photo's own edges."""
    height, width = solid.shape
    inset = max(2, round(FRAME_INSET * max(height, width)))
    rows = slice(round(limits.top * height) + inset, round(limits.bottom * height) - inset)
    columns = slice(round(limits.left * width) + inset, round(limits.right * width) - inset)
    within = solid[rows, columns]
    if not within.size:
        return
    open_sides = {
        Side.TOP: limits.top > 0,
        Side.RIGHT: limits.right < 1,
        Side.BOTTOM: limits.bottom < 1,
        Side.LEFT: limits.left > 0,
    }
    yield from (side for side in _cut_by(within) if open_sides[side])


def _lines(solid: Mask) -> dict[Side, Mask]:
    return {
        Side.TOP: solid[0],
        Side.RIGHT: solid[:, -1],
        Side.BOTTOM: solid[-1],
        Side.LEFT: solid[:, 0],
    }
