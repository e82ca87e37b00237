"""The free space of a picture, and the pieces of an arrangement."""

from __future__ import annotations

from dataclasses import dataclass

from studio.domain.geometry import Box
from studio.domain.placement import Insets
from studio.imaging.items import Item

MARGIN = 58.0
"""Least distance of text from the picture's edge; all lengths at a shorter side of 1080 px."""
CLEARANCE = 38.0
"""Distance of text from the product."""


@dataclass(frozen=True, slots=True)
class Rect:
    """A rectangle in pixels."""

    left: float
    top: float
    right: float
    bottom: float

    @property
    def width(self) -> float:
        """Horizontal extent; negative when there is no room."""
        return self.right - self.left

    @property
    def height(self) -> float:
        """Vertical extent; negative when there is no room."""
        return self.bottom - self.top

    def inset(self, px: float) -> Rect:
        """The same, smaller on all sides."""
        return Rect(self.left + px, self.top + px, self.right - px, self.bottom - px)


@dataclass(frozen=True, slots=True, kw_only=True)
class Frame:
    """The free space of one picture."""

    width_px: int
    height_px: int
    unit_px: float
    right_to_left: bool
    safe: Rect
    upper: Rect
    """Over the product."""
    lower: Rect
    """Under it; may have no height."""


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Set:
    """An item at its place."""

    item: Item
    left_px: float
    top_px: float
    align: float
    """Where its lines are drawn in it: 0 at the left, 1 at the right."""
    group: str
    """Items of one group share an ink: `upper`, `lower` or `panel`."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Panel:
    """A ground of its own behind text."""

    kind: str
    """`card` or `band`."""
    rect: Rect
    radius_px: float


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Plan:
    """A finished arrangement."""

    layout: str
    items: tuple[Set, ...]
    panels: tuple[Panel, ...] = ()

    @property
    def headline_px(self) -> float:
        """Type size of the headline."""
        return self._size("headline")

    @property
    def merit(self) -> float:
        """How good it is: a large headline, and the body copy shown."""
        return merit_of(self.headline_px, with_body=bool(self._size("body")))

    def _size(self, kind: str) -> float:
        for placed in self.items:
            if placed.item.kind == kind and placed.item.block:
                return placed.item.block.size_px
        return 0.0


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Cluster(Item):
    """Items that keep their places to each other; offsets run from the start side."""

    children: tuple[tuple[Item, float, float, float], ...]
    """Item, distance from the start side, distance from the top, alignment from the start."""


def frame_of(size_px: tuple[int, int], safe_zone: Insets, product: Box, *, rtl: bool) -> Frame:
    """The free space over and under the product, inside the safe zone."""
    width, height = size_px
    unit = min(width, height) / 1080
    margin, clear = MARGIN * unit, CLEARANCE * unit
    safe = Rect(
        max(safe_zone.left * width, margin),
        max(safe_zone.top * height, margin),
        width - max(safe_zone.right * width, margin),
        height - max(safe_zone.bottom * height, margin),
    )
    return Frame(
        width_px=width,
        height_px=height,
        unit_px=unit,
        right_to_left=rtl,
        safe=safe,
        upper=Rect(safe.left, safe.top, safe.right, product.top * height - clear),
        lower=Rect(safe.left, product.bottom * height + clear, safe.right, safe.bottom),
    )


def merit_of(headline_px: float, *, with_body: bool) -> float:
    """Beyond a comfortable size, a larger headline is worth less than the body copy."""
    comfortable = 74.0
    size = min(headline_px, comfortable) + 0.35 * max(0.0, headline_px - comfortable)
    return size * (1.3 if with_body else 1.0)
