"""What a standing product does to the ground around it: shadow and faint reflection.

The product is taken as a stack of discs as wide as its silhouette. How much light reaches a
point of the ground is counted over many directions: a disc of them around the main light, which
gives a shadow that is sharp at the foot and softens with distance, and the whole sky, which
gives the dimness near the foot that any object in a room makes.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from typing import TypeAlias

import cv2
import numpy as np
from numpy.typing import NDArray

from studio.imaging.colour import Bytes, Floats, blurred, linear_from_bytes
from studio.imaging.scene import Light

Doubles: TypeAlias = NDArray[np.float64]

DEPTH_SHARE = 0.8
"""Depth of a product, which no photo tells, in shares of its width."""
DISCS = 9
JUMP_SHARE = 0.03
"""Step of the lower outline, in widths, at which another thing begins."""
FARTHEST_LIFT = 0.17
"""A part that ends higher than this, in widths, doesn't stand but hangs: a handle."""
NARROWEST_PART = 0.12
"""In widths."""
FOOT_SHARE = 0.055
"""How far the front edge of a foot lies below its middle, in widths."""
MAIN_DIRECTIONS, SKY_DIRECTIONS = 36, 48
LIGHT_RADIUS_DEG = (1.5, 15.0)
"""How wide the main light is seen from the ground, from hard to soft."""
MAIN_SHARE = (0.74, 0.36)
"""The main light's part of all light on the ground, from hard to soft."""
LOWEST_LIGHT_DEG = 16.0
"""A lower light would throw a shadow out of the picture."""
LONGEST_WIDTHS, LONGEST_HEIGHTS = 3.0, 2.6
CELLS = 320
"""Along the longer side of the map of the ground."""
LINE_STRENGTH = 0.8
"""How dark the thin line is where the product touches the ground."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Ground:
    """The plane that the product stands on, as the camera sees it."""

    x_px: float
    """Where the middle of the product's foot stands in the picture."""
    y_px: float
    px_per_cm: float
    """At that point."""
    pitch_deg: float
    """How far the camera looks down."""
    distance_cm: float
    """From the camera to that point."""

    def away_of(self, y_px: float) -> float:
        """How much farther than the foot a point of the ground lies, seen in this row."""
        farther, rise = self._slopes()
        return (self.y_px - y_px) / max(rise - (self.y_px - y_px) * farther, 1e-6)

    def _slopes(self) -> tuple[float, float]:
        pitch = math.radians(self.pitch_deg)
        return math.cos(pitch) / self.distance_cm, self.px_per_cm * math.sin(pitch)

    def to_picture(self) -> Doubles:
        """(3, 3): from (right, away) in centimetres to pixels, in homogeneous coordinates.

        A pinhole camera whose optical axis meets the ground at the foot; Hartley & Zisserman,
        Multiple View Geometry in Computer Vision (2004), section 8.1.1.
        """
        farther, rise = self._slopes()
        return np.array(
            [
                [self.px_per_cm, self.x_px * farther, self.x_px],
                [0.0, self.y_px * farther - rise, self.y_px],
                [0.0, farther, 1.0],
            ]
        )


@dataclass(frozen=True, slots=True, eq=False)
class Standing:
    """A product's alpha, the ground under it, and where it lies in a part of the picture."""

    alpha: Floats
    """(height, width) of the product alone, 0–1."""
    left_px: int
    top_px: int
    ground: Ground

    @property
    def width_cm(self) -> float:
        """Width of the product."""
        return float(self.alpha.shape[1]) / self.ground.px_per_cm

    @property
    def height_cm(self) -> float:
        """Height of the product over the middle of its foot."""
        return (self.ground.y_px - self.top_px) / self.ground.px_per_cm

    def halved(self) -> Standing:
        """The same at half the size; a soft shadow needs no more."""
        height, width = self.alpha.shape
        size = (max(2, width // 2), max(2, height // 2))
        ground = replace(
            self.ground,
            x_px=self.ground.x_px / 2,
            y_px=self.ground.y_px / 2,
            px_per_cm=self.ground.px_per_cm / 2,
        )
        alpha = np.asarray(
            cv2.resize(self.alpha, size, interpolation=cv2.INTER_AREA), np.float32
        )
        return Standing(alpha, self.left_px // 2, self.top_px // 2, ground)


@dataclass(frozen=True, slots=True, eq=False)
class Discs:
    """A product as horizontal ellipses, in centimetres from the middle of its foot."""

    heights: Doubles
    middles: Doubles
    """How far right of the foot's middle each one's centre is."""
    radii: Doubles
    """Half of each one's width."""
    away_cm: float = 0.0
    """How much farther from the camera they stand than the product's foot."""

    def outlines(self, points: int = 28) -> Doubles:
        """Points of the ellipses seen from above, (discs, points, 2): right, away."""
        turn = np.linspace(0, 2 * np.pi, points, endpoint=False)
        x = self.middles[:, None] + self.radii[:, None] * np.cos(turn)
        y = DEPTH_SHARE * self.radii[:, None] * np.sin(turn) + self.away_cm
        return np.stack([x, y], axis=-1)


def things_of(standing: Standing) -> tuple[Discs, ...]:
    """A stack of discs for each thing that stands on the ground by itself.

    An earbud before its case, a lid beside its pot: where the lower outline jumps, another
    thing begins, and the higher its lowest point, the farther back it stands.
    """
    solid = standing.alpha > 0.5
    lowest = _lowest(solid)
    return tuple(
        discs_of(replace(standing, alpha=standing.alpha * columns), int(lowest[columns].max()))
        for columns in _parts(lowest)
    )


def _lowest(solid: NDArray[np.bool_]) -> NDArray[np.int64]:
    """Row of each column's lowest solid pixel; -1 without any."""
    rows = solid.shape[0]
    return np.where(solid.any(axis=0), rows - 1 - solid[::-1].argmax(axis=0), -1)


def _parts(lowest: NDArray[np.int64]) -> list[NDArray[np.bool_]]:
    """Columns of each thing that stands, those of equal depth together."""
    width = len(lowest)
    jump = max(2.0, JUMP_SHARE * width)
    label = np.cumsum(np.abs(np.diff(lowest, prepend=lowest[:1])) > jump)
    parts: list[tuple[int, NDArray[np.bool_]]] = []
    for number in range(int(label.max()) + 1):
        columns = label == number
        foot = int(lowest[columns].max())
        if foot < lowest.max() - FARTHEST_LIFT * width or foot < 0:
            continue
        near = next((one for one in parts if abs(one[0] - foot) <= jump), None)
        if near:
            near[1][columns] = True
        else:
            parts.append((foot, columns))
    wide = [columns for _, columns in parts if columns.sum() >= NARROWEST_PART * width]
    return wide or [lowest >= 0]


def discs_of(standing: Standing, lowest: int | None = None) -> Discs:
    """The stack of discs that has the silhouette of a thing whose lowest row is given."""
    solid = standing.alpha > 0.5
    columns = np.nonzero(solid.any(axis=0))[0]
    rows, scale, ground = solid.shape[0], standing.ground.px_per_cm, standing.ground
    last = rows - 1 if lowest is None else lowest
    width = int(columns[-1] - columns[0] + 1) if columns.size else solid.shape[1]
    foot_px = standing.top_px + last + 1 - FOOT_SHARE * width
    foot = min(max(round(foot_px - standing.top_px), 1), rows)
    picked = np.linspace(foot - 1, 0, DISCS).round().astype(int)
    band = max(1, foot // (3 * DISCS))
    lefts, rights = [], []
    for row in picked:
        found = np.nonzero(solid[max(0, row - band) : row + band + 1].any(axis=0))[0]
        lefts.append(found[0] if found.size else solid.shape[1] / 2)
        rights.append(found[-1] + 1 if found.size else solid.shape[1] / 2)
    left, right = np.array(lefts, float), np.array(rights, float)
    middle = (left + right) / 2 + standing.left_px - ground.x_px
    heights = np.maximum(foot - 1 - picked, 0)
    return Discs(
        heights / scale,
        middle / scale,
        (right - left) / 2 / scale,
        0.0 if lowest is None else ground.away_of(foot_px),
    )


def main_directions(light: Light) -> Doubles:
    """Directions spread evenly over the main light, (n, 2): azimuth, elevation in radians."""
    radius = math.radians(float(np.interp(light.softness, (0, 1), LIGHT_RADIUS_DEG)))
    index = np.arange(MAIN_DIRECTIONS) + 0.5
    out, turn = np.sqrt(index / MAIN_DIRECTIONS) * radius, index * _GOLDEN_ANGLE
    elevation = math.radians(light.elevation_deg) + out * np.sin(turn)
    across = out * np.cos(turn) / math.cos(math.radians(min(light.elevation_deg, 70.0)))
    return np.stack(
        [
            math.radians(light.azimuth_deg) + across,
            np.clip(elevation, math.radians(LOWEST_LIGHT_DEG), math.radians(89.0)),
        ],
        axis=-1,
    )


def sky_directions() -> Doubles:
    """Directions over the hemisphere as often as they light level ground, (n, 2).

    Cosine-weighted: the squared sine of the elevation is spread evenly (Malley's method).
    """
    index = np.arange(SKY_DIRECTIONS) + 0.5
    elevation = np.arcsin(np.sqrt(index / SKY_DIRECTIONS))
    return np.stack([index * _GOLDEN_ANGLE, np.maximum(elevation, math.radians(8.0))], axis=-1)


_GOLDEN_ANGLE = math.pi * (3 - math.sqrt(5))


@dataclass(frozen=True, slots=True, kw_only=True)
class Plot:
    """A rectangle of the ground as a grid of cells."""

    left_cm: float
    near_cm: float
    cell_cm: float
    columns: int
    rows: int

    def to_ground(self) -> Doubles:
        """(3, 3): from (column, row) to centimetres right and away."""
        return np.array(
            [
                [self.cell_cm, 0.0, self.left_cm],
                [0.0, self.cell_cm, self.near_cm],
                [0.0, 0.0, 1.0],
            ]
        )


def plot_around(things: Sequence[Discs], light: Light) -> Plot:
    """The ground that the shadows of a product's things can reach."""
    reaches = np.array([_reach_of(discs, light) for discs in things])
    left, near = reaches[:, :2].min(axis=0)
    right, far = reaches[:, 2:].max(axis=0)
    cell = max(right - left, far - near) / CELLS
    return Plot(
        left_cm=left,
        near_cm=near,
        cell_cm=cell,
        columns=math.ceil((right - left) / cell),
        rows=math.ceil((far - near) / cell),
    )


def _reach_of(discs: Discs, light: Light) -> tuple[float, float, float, float]:
    """Left, near, right and far in centimetres."""
    radius, height = max(float(discs.radii.max()), 0.1), float(discs.heights.max())
    elevation = math.radians(max(light.elevation_deg, LOWEST_LIGHT_DEG))
    throw = min(
        height / math.tan(elevation), 2 * LONGEST_WIDTHS * radius, LONGEST_HEIGHTS * height
    )
    away = math.radians(light.azimuth_deg + 180.0)
    x, y = math.sin(away) * throw, -math.cos(away) * throw
    margin = radius * 1.8 + 0.4 * min(height, 2 * radius)
    middle = float(discs.middles[0])
    return (
        middle + min(0.0, x) - margin,
        discs.away_cm + min(0.0, y) - margin,
        middle + max(0.0, x) + margin,
        discs.away_cm + max(0.0, y) + margin,
    )


def hidden(things: Sequence[Discs], directions: Iterable[Doubles], plot: Plot) -> Floats:
    """Share of the directions whose light things keep from each cell, (rows, columns)."""
    outlines = [discs.outlines() for discs in things]
    total = np.zeros((plot.rows, plot.columns), np.float32)
    layer = np.zeros((plot.rows, plot.columns), np.uint8)
    count = 0
    for azimuth, elevation in directions:
        away = np.array([-math.sin(azimuth), math.cos(azimuth)]) / math.tan(elevation)
        layer[:] = 0
        for discs, outline in zip(things, outlines, strict=True):
            _fill(layer, outline + discs.heights[:, None, None] * away, plot)
        total += layer
        count += 1
    return total / max(count, 1)


def _fill(layer: Bytes, outlines: Doubles, plot: Plot) -> None:
    """Mark the cells under a stack of outlines laid on the ground."""
    cells = (outlines - (plot.left_cm, plot.near_cm)) / plot.cell_cm
    points = np.rint(cells * 16).astype(np.int32)
    for lower, upper in zip(points[:-1], points[1:], strict=True):
        hull = cv2.convexHull(np.concatenate([lower, upper]))
        cv2.fillConvexPoly(layer, hull, 1, cv2.LINE_8, 4)


def main_share(light: Light) -> float:
    """The main light's part of all light on the ground, 0–1."""
    return float(np.interp(light.softness, (0, 1), MAIN_SHARE))


@dataclass(frozen=True, slots=True, eq=False)
class Shade:
    """Light that a product takes from the ground, in the frame of a part of the picture."""

    main: Floats
    """(height, width), 0–1, of all light: taken from the main light."""
    sky: Floats
    """Taken from everything else."""
    line: Floats
    """The thin dark line where it touches."""

    def taken(self, *, lit: Floats | float = 1.0, open_: Floats | float = 1.0) -> Floats:
        """All together, 0–1.

        lit: how much of the main light falls on the ground without the product.
        open_: likewise of the sky. What is dark already isn't darkened twice.
        """
        cast = np.asarray(self.main * lit + self.sky * open_, np.float32)
        return np.asarray(1 - (1 - np.clip(cast, 0, 1)) * (1 - self.line), np.float32)


def shade(standing: Standing, light: Light, size: tuple[int, int]) -> Shade:
    """The shadow on a part of the picture, `size` as (width, height)."""
    half = standing.halved()
    things = things_of(half)
    plot = plot_around(things, light)
    share = main_share(light)
    main = hidden(things, main_directions(light), plot) * share
    sky = hidden(things, sky_directions(), plot) * (1 - share)
    cells = standing.width_cm / plot.cell_cm
    maps = np.stack([blurred(main, 0.012 * cells), blurred(sky, 0.03 * cells)], axis=-1)
    seen = cv2.warpPerspective(
        maps,
        half.ground.to_picture() @ plot.to_ground(),
        (max(1, size[0] // 2), max(1, size[1] // 2)),
        flags=cv2.INTER_LINEAR,
    )
    whole = np.asarray(cv2.resize(seen, size, interpolation=cv2.INTER_LINEAR), np.float32)
    return Shade(whole[:, :, 0], whole[:, :, 1], touching_line(standing, size))


def reach(standing: Standing, light: Light) -> tuple[float, float, float, float]:
    """Left, top, right and bottom of what the shadow can reach, in pixels."""
    plot = plot_around(things_of(standing), light)
    corners = [(x, y, 1.0) for x in (0, plot.columns) for y in (0, plot.rows)]
    at = np.array(corners) @ (standing.ground.to_picture() @ plot.to_ground()).T
    x, y = at[:, 0] / at[:, 2], at[:, 1] / at[:, 2]
    return float(x.min()), float(y.min()), float(x.max()), float(y.max())


def touching_line(standing: Standing, size: tuple[int, int]) -> Floats:
    """A band along the lower outline, where the product's own underside darkens the ground."""
    solid = standing.alpha > 0.5
    rows, columns = solid.shape
    lowest = _lowest(solid)
    lift = np.full(columns, rows, np.float32)
    for part in _parts(lowest):
        lift[part] = lowest[part].max() - lowest[part]
    strength = np.clip(1 - lift / (columns * 0.14), 0, 1) ** 1.5
    thickness = max(1.0, columns * 0.008)
    below = round(4 * thickness) + 2
    y = np.arange(rows + below, dtype=np.float32)[:, None]
    off = np.abs(y - lowest[None, :] - thickness / 2)
    band = np.clip(1.5 - off / thickness, 0, 1) * strength[None, :]
    return _laid(
        blurred(np.asarray(band, np.float32), thickness) * LINE_STRENGTH, standing, size
    )


def _laid(pixels: Floats, standing: Standing, size: tuple[int, int]) -> Floats:
    """Something in the product's frame in that of a part of the picture."""
    whole = np.zeros((size[1], size[0]), np.float32)
    top, left = max(0, standing.top_px), max(0, standing.left_px)
    part = pixels[top - standing.top_px :, left - standing.left_px :]
    height, width = min(part.shape[0], size[1] - top), min(part.shape[1], size[0] - left)
    whole[top : top + height, left : left + width] = part[:height, :width]
    return whole


def reflection(cut: Bytes, *, left_px: int, top_px: int, size: tuple[int, int]) -> Floats:
    """The product mirrored at its own lower edge, premultiplied linear RGBA of the picture.

    Every column is mirrored at its lowest opaque pixel, so that a round foot stays round.
    """
    columns, rows = size
    height, width = cut.shape[:2]
    opaque = cut[:, :, 3] > 127
    lowest = np.where(opaque.any(axis=0), height - 1 - opaque[::-1].argmax(axis=0), -height)
    reach_px = max(4, round(height * 0.30))
    first = max(0, top_px + height - round(height * 0.12))
    last = min(rows, top_px + height + reach_px)
    result = np.zeros((rows, columns, 4), np.float32)
    if last <= first:
        return result
    below = np.arange(first, last)[:, None] - top_px
    source = 2 * lowest[None, :] - below
    depth = (below - lowest[None, :]).astype(np.float32)
    seen = (depth > 0) & (source >= 0) & (source < height)
    picked = cut[np.clip(source, 0, height - 1), np.arange(width)[None, :]]
    fade = np.clip(1 - depth / reach_px, 0, 1) ** 2.2
    share = (picked[:, :, 3:].astype(np.float32) / 255) * (seen * fade)[:, :, None]
    flipped = np.concatenate([linear_from_bytes(picked[:, :, :3]) * share, share], axis=2)
    x0, x1 = max(0, left_px), min(columns, left_px + width)
    result[first:last, x0:x1] = flipped[:, x0 - left_px : x1 - left_px]
    return blurred(result, max(0.8, width * 0.006))
