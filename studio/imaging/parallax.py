"""A still picture seen by a moving camera: what is near moves further than what is far."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TypeAlias

import cv2
import numpy as np

from studio.imaging.colour import Bytes, Floats
from studio.imaging.easing import between

RELIEF = 0.9
"""How much more the nearest moves than the farthest, against the plane of the product."""
LEAST_MOTION, MOST_MOTION = 0.45, 1.45
"""Limits of a pixel's movement, in those of the product's plane."""
SHRINK = 4
"""Depth is smoothed on a copy that is so many times smaller."""
NEAR_REACH, SMOOTH = 0.010, 0.016
"""How far near things reach over their edge, and how far edges are smoothed, in shares of
the shorter side: what is torn open at an edge is stretched from the far side."""
ROOM_USED = 0.9
"""How much of the room that a push leaves at the edges a slide takes."""
FOOT_WINDOW = 0.02
"""Side of the square at the product's foot whose depth counts as the product's."""

Point: TypeAlias = tuple[float, float]


@dataclass(frozen=True, slots=True)
class Camera:
    """Where the camera stands, against the picture as it was taken."""

    push: float = 0.0
    """How far it has come nearer: 0.05 shows the product's plane 1 / 0.95 times as large."""
    across: float = 0.0
    """−1 to 1: share of the room beside the push by which the picture moves right."""
    up: float = 0.0
    """−1 to 1: the same downwards."""

    def towards(self, other: Camera, way: float) -> Camera:
        """So far on the way to another place."""
        return Camera(
            between(self.push, other.push, way),
            between(self.across, other.across, way),
            between(self.up, other.up, way),
        )


@dataclass(frozen=True, slots=True)
class Move:
    """A camera's way through one shot."""

    name: str
    start: Camera
    end: Camera

    def at(self, way: float, *, amount: float = 1.0, mirrored: bool = False) -> Camera:
        """The camera after a share of the way; `amount` 0–1 makes the whole move smaller."""
        camera = self.start.towards(self.end, way)
        side = -1.0 if mirrored else 1.0
        return Camera(camera.push * amount, camera.across * side, camera.up)


MOVES = (
    Move("push_in", Camera(0.0), Camera(0.085)),
    Move("pull_out", Camera(0.085), Camera(0.0)),
    Move("slide", Camera(0.055, -1.0), Camera(0.055, 1.0)),
    Move("rise", Camera(0.055, 0.0, -1.0), Camera(0.055, 0.0, 1.0)),
)


@dataclass(frozen=True, slots=True)
class Similarity:
    """A picture's points scaled and moved: nothing is bent."""

    scale: float
    right_px: float
    down_px: float

    def of(self, x: float, y: float) -> Point:
        """Where a point comes to lie."""
        return self.scale * x + self.right_px, self.scale * y + self.down_px


class Parallax:
    """A picture with depth, ready to be seen from other places."""

    def __init__(self, picture: Bytes, depth: Bytes, *, pivot: Point, foot: Point) -> None:
        """picture: (height, width, 3). depth: (height, width), near is white.

        pivot: what a push moves towards. foot: where the product stands; what lies as far
        away as this moves as the product does.
        """
        self._picture = picture
        height, width = picture.shape[:2]
        self._size, self._pivot = (width, height), pivot
        motion = motions(depth, foot)
        x = np.arange(width, dtype=np.float32)[None, :]
        y = np.arange(height, dtype=np.float32)[:, None]
        self._motion = motion
        self._x = np.ascontiguousarray(np.broadcast_to(x, (height, width)))
        self._y = np.ascontiguousarray(np.broadcast_to(y, (height, width)))
        self._to_pivot_x = motion * (pivot[0] - x)
        self._to_pivot_y = motion * (pivot[1] - y)

    def seen(self, camera: Camera) -> Bytes:
        """The picture from there, (height, width, 3)."""
        if camera == Camera():
            return self._picture.copy()
        x, y = self.sources(camera)
        return np.asarray(
            cv2.remap(self._picture, x, y, cv2.INTER_CUBIC, borderMode=cv2.BORDER_REFLECT_101),
            np.uint8,
        )

    def sources(self, camera: Camera) -> tuple[Floats, Floats]:
        """Column and row of the picture that each pixel shows, (height, width) each.

        Source = place + motion · (push · (pivot − place) − shift). All of them lie within the
        picture, as a shift takes no more than the room that the push leaves at the edges.
        """
        across, down = self._shift(camera)
        x = cv2.addWeighted(self._to_pivot_x, camera.push, self._motion, -across, 0.0)
        y = cv2.addWeighted(self._to_pivot_y, camera.push, self._motion, -down, 0.0)
        return (
            np.asarray(cv2.add(self._x, x), np.float32),
            np.asarray(cv2.add(self._y, y), np.float32),
        )

    def plane(self, camera: Camera) -> Similarity:
        """How the product's own plane moves, which is as far away as its foot."""
        scale = 1 / (1 - camera.push)
        across, down = self._shift(camera)
        return Similarity(
            scale,
            (across - camera.push * self._pivot[0]) * scale,
            (down - camera.push * self._pivot[1]) * scale,
        )

    def _shift(self, camera: Camera) -> Point:
        """In pixels of the product's plane, to the right and down."""
        (width, height), (x, y) = self._size, self._pivot
        room = ROOM_USED * camera.push
        return (
            camera.across * room * min(x, width - 1 - x),
            camera.up * room * min(y, height - 1 - y),
        )


def motions(depth: Bytes, foot: Point) -> Floats:
    """How far each pixel moves against the plane of the product, (height, width).

    Sets store the inverse of the distance, which is what parallax is proportional to.
    """
    height, width = depth.shape
    side = min(height, width)
    small_size = (max(2, width // SHRINK), max(2, height // SHRINK))
    small = cv2.resize(depth, small_size, interpolation=cv2.INTER_AREA)
    reach = max(1, round(side * NEAR_REACH / SHRINK))
    small = cv2.dilate(small, np.ones((2 * reach + 1, 2 * reach + 1), np.uint8))
    soft = cv2.GaussianBlur(small.astype(np.float32) / 255, (0, 0), side * SMOOTH / SHRINK)
    near = cv2.resize(soft, (width, height), interpolation=cv2.INTER_CUBIC)
    half = max(1, round(side * FOOT_WINDOW / 2))
    x, y = (
        min(max(round(at), 0), most - 1) for at, most in zip(foot, (width, height), strict=True)
    )
    own = np.median(near[max(0, y - half) : y + half, max(0, x - half) : x + half])
    return np.asarray(np.clip(1 + RELIEF * (near - own), LEAST_MOTION, MOST_MOTION), np.float32)
