"""Layers on their way into a frame: words wiped in as they are read, the product as a whole."""

from __future__ import annotations

from dataclasses import dataclass

import cv2
import numpy as np

from studio.imaging.colour import Bytes
from studio.imaging.cutout import resampled
from studio.imaging.text_layers import TextLayer

SOFT_EDGE = 0.35
"""Width of the edge that uncovers words, in shares of their own width."""
RISE = 0.30
"""How far words rise while they enter, in shares of their height."""
MOST_RISE_PX = 26.0
"""At a shorter side of 1080 px."""


@dataclass(frozen=True, slots=True, eq=False)
class Sprite:
    """A layer made ready to be laid over many frames."""

    layer: TextLayer
    ink: Bytes
    """(height, width, 3): its colours times its coverage."""
    kept: Bytes
    """(height, width, 3): how much of the frame shows through, 255 is all."""

    @classmethod
    def of(cls, layer: TextLayer) -> Sprite:
        """The sprite of a layer."""
        return cls(layer, *_premultiplied(layer.rgba))

    def over(self, frame: Bytes) -> None:
        """Lay it over a frame."""
        _blend(frame[self.layer.rows, self.layer.columns], self.ink, self.kept)

    def faded_over(self, frame: Bytes, share: float) -> None:
        """Lay it over a frame, `share` 0–1 of it."""
        if share >= 1:
            self.over(frame)
        elif share > 0:
            rgba = self.layer.rgba.copy()
            rgba[:, :, 3] = cv2.convertScaleAbs(rgba[:, :, 3], alpha=share)
            _blend(frame[self.layer.rows, self.layer.columns], *_premultiplied(rgba))

    def entering_over(
        self, frame: Bytes, share: float, *, mirrored: bool, unit_px: float
    ) -> None:
        """Lay it over a frame while it enters: uncovered from where reading starts, rising.

        It never leaves its own place: what hasn't risen yet is cut off below.
        """
        if share >= 1:
            self.over(frame)
        elif share > 0:
            rgba = self._risen(share, unit_px)
            ramp = self._uncovered(share, mirrored=mirrored)
            rgba[:, :, 3] = cv2.multiply(
                rgba[:, :, 3], np.ascontiguousarray(np.broadcast_to(ramp, rgba.shape[:2])),
                scale=1 / 255,
            )  # fmt: skip
            _blend(frame[self.layer.rows, self.layer.columns], *_premultiplied(rgba))

    def _risen(self, share: float, unit_px: float) -> Bytes:
        left, top, right, bottom = self.layer.seen_px
        below = (1 - share) * min(RISE * (bottom - top), MOST_RISE_PX * unit_px)
        height, width = self.layer.rgba.shape[:2]
        move = np.array([[1, 0, 0], [0, 1, below]], np.float32)
        # Where nothing is drawn the colour stays, so that edges keep theirs.
        rgba = cv2.warpAffine(
            self.layer.rgba, move, (width, height), borderMode=cv2.BORDER_REPLICATE
        )
        rgba[bottom - self.layer.top_px :, :, 3] = 0
        return np.asarray(rgba, np.uint8)

    def _uncovered(self, share: float, *, mirrored: bool) -> Bytes:
        """Coverage of each column, (1, width): a soft edge that crosses what is seen."""
        left, _, right, _ = self.layer.seen_px
        columns = np.arange(self.layer.rgba.shape[1], dtype=np.float32) + self.layer.left_px
        way = (columns - left) / max(right - left, 1)
        way = 1 - way if mirrored else way
        edge = np.clip((share * (1 + SOFT_EDGE) - way) / SOFT_EDGE, 0, 1)
        return np.rint(edge * 255).astype(np.uint8)[None, :]


def _premultiplied(rgba: Bytes) -> tuple[Bytes, Bytes]:
    kept = _kept(rgba[:, :, 3])
    ink = cv2.multiply(np.ascontiguousarray(rgba[:, :, :3]), 255 - kept, scale=1 / 255)
    return np.asarray(ink, np.uint8), kept


def _kept(alpha: Bytes) -> Bytes:
    """How much of what is below shows through, for each colour, (height, width, 3)."""
    return np.asarray(cv2.bitwise_not(cv2.merge([alpha] * 3)), np.uint8)


def _blend(window: Bytes, ink: Bytes, kept: Bytes) -> None:
    window[:] = cv2.add(cv2.multiply(window, kept, scale=1 / 255), ink)


@dataclass(frozen=True, slots=True)
class Place:
    """Where the product stands in a frame, in pixels from edge to edge."""

    left: float
    top: float
    width: float
    height: float

    @property
    def right(self) -> float:
        """Its right edge."""
        return self.left + self.width

    @property
    def bottom(self) -> float:
        """Its lower edge: where it stands."""
        return self.top + self.height

    @property
    def middle(self) -> float:
        """Half-way between its sides."""
        return self.left + self.width / 2

    def scaled(self, scale: float) -> Place:
        """Larger or smaller, its foot where it is."""
        width, height = self.width * scale, self.height * scale
        return Place(self.middle - width / 2, self.bottom - height, width, height)

    def moved(self, right: float, down: float) -> Place:
        """The same elsewhere."""
        return Place(self.left + right, self.top + down, self.width, self.height)

    def towards(self, other: Place, way: float) -> Place:
        """So far on the way to another place."""
        width = self.width + (other.width - self.width) * way
        height = self.height * width / self.width
        middle = self.middle + (other.middle - self.middle) * way
        bottom = self.bottom + (other.bottom - self.bottom) * way
        return Place(middle - width / 2, bottom - height, width, height)


class ProductSprite:
    """The product's own pixels, scaled and moved as a whole; its shape never changes."""

    def __init__(self, rgba: Bytes, width_px: float) -> None:
        """rgba: as large as there is. width_px: the largest that it will be drawn."""
        width = min(rgba.shape[1], round(width_px))
        height = max(1, round(width * rgba.shape[0] / rgba.shape[1]))
        straight = resampled(rgba, width, height) if width < rgba.shape[1] else rgba
        ink, _ = _premultiplied(straight)
        self._pixels = np.dstack([ink, straight[:, :, 3]])

    def over(self, frame: Bytes, place: Place) -> None:
        """Draw it at a place, between pixels too."""
        height, width = self._pixels.shape[:2]
        left, top = max(0, int(place.left) - 1), max(0, int(place.top) - 1)
        right = min(frame.shape[1], int(place.right) + 2)
        bottom = min(frame.shape[0], int(place.bottom) + 2)
        if left >= right or top >= bottom:
            return
        across, down = place.width / width, place.height / height
        move = np.array(
            [
                [across, 0, place.left - left + across / 2 - 0.5],
                [0, down, place.top - top + down / 2 - 0.5],
            ],
            np.float64,
        )
        size = (right - left, bottom - top)
        drawn = np.asarray(
            cv2.warpAffine(self._pixels, move, size, flags=cv2.INTER_CUBIC), np.uint8
        )
        _blend(frame[top:bottom, left:right], drawn[:, :, :3], _kept(drawn[:, :, 3]))
