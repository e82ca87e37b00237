"""The free space of a picture, and the pieces of an arrangement."""

from __future__ import annotations

from dataclasses import dataclass

from studio.domain.geometry import Box
from studio.domain.placement import Insets, Placement
from studio.imaging.items import Item
from studio.imaging.sizes import BANNER_SIDE_PX, type_scale

CLEARANCE, CLEARANCE_BESIDE = 38.0, 60.0
"""Distance of text over or under the product, and beside it, in units."""
STRIP, TOWER = 2.6, 0.4
"""Aspect ratios (width / height) beyond which a picture can't fill the placement."""
STRIP_WINDOW, TOWER_WINDOW = 1.44, 0.62
"""Aspect ratio of the window that the picture then has."""
WIDEST_WINDOW = 0.34
"""Most of a strip that the window takes."""
BANNER_PICTURE = 0.8
"""Share of any other banner's width that its picture has, so that there is room for words."""


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

    def moved(self, x: float, y: float) -> Rect:
        """The same elsewhere."""
        return Rect(self.left + x, self.top + y, self.right + x, self.bottom + y)


def picture_size(placement: Placement) -> tuple[int, int]:
    """Width and height in px of the picture that a placement asks for.

    Banners show it in a window beside or between the words; all others are filled.
    """
    width, height = placement.width_px, placement.height_px
    if width >= STRIP * height:
        return round(min(height * STRIP_WINDOW, width * WIDEST_WINDOW)), height
    if width <= TOWER * height:
        return width, round(width / TOWER_WINDOW)
    if min(width, height) < BANNER_SIDE_PX:
        return round(width * BANNER_PICTURE), height
    return width, height


@dataclass(frozen=True, slots=True, kw_only=True)
class Frame:
    """The free space of one picture."""

    width_px: int
    height_px: int
    picture_px: tuple[int, int]
    unit_px: float
    right_to_left: bool
    product: Rect
    """Where it stands in the picture."""
    safe: Rect
    upper: Rect
    """Over the product."""
    lower: Rect
    """Under it; may have no height."""
    beside: Rect
    """Next to it, on the side that has more room."""

    @property
    def aspect(self) -> float:
        """Width by height."""
        return self.width_px / self.height_px

    @property
    def is_filled(self) -> bool:
        """Whether the picture fills the frame."""
        return self.picture_px == (self.width_px, self.height_px)

    @property
    def is_stacked(self) -> bool:
        """Whether words go over and under the product."""
        return self.is_filled and not self.stands_aside

    @property
    def is_strip(self) -> bool:
        """Whether all stands in a row."""
        return self.aspect >= STRIP

    @property
    def is_tower(self) -> bool:
        """Whether all stands in a narrow column."""
        return self.aspect <= TOWER

    @property
    def stands_aside(self) -> bool:
        """Whether the product leaves one side free."""
        middle = (self.product.left + self.product.right) / 2
        return self.is_filled and abs(middle / self.width_px - 0.5) > 0.1


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Set:
    """An item at its place."""

    item: Item
    left_px: float
    top_px: float
    align: float
    """Where its lines are drawn in it: 0 at the left, 1 at the right."""
    group: str
    """Items of one group share an ink: `upper`, `lower`, `side` or `panel`."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Panel:
    """A ground of its own behind text."""

    kind: str
    """`card` or `band`."""
    rect: Rect
    radius_px: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Window:
    """A part of the picture, pixel by pixel, at a place of its own."""

    left_px: int
    top_px: int
    width_px: int
    height_px: int
    picture_left_px: int = 0
    """Column of the picture that its left edge shows."""
    picture_top_px: int = 0

    @property
    def offset(self) -> tuple[int, int]:
        """How far the picture's pixels move, in px to the right and down."""
        return self.left_px - self.picture_left_px, self.top_px - self.picture_top_px


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Plan:
    """A finished arrangement."""

    layout: str
    unit_px: float
    items: tuple[Set, ...]
    panels: tuple[Panel, ...] = ()
    window: Window | None = None
    """None: the picture fills the frame."""

    @property
    def headline_px(self) -> float:
        """Type size of the headline."""
        return self._size("headline")

    @property
    def merit(self) -> float:
        """How good it is: a large headline, and the body copy shown."""
        return merit_of(self.headline_px / self.unit_px, with_body=bool(self._size("body")))

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


def frame_of(
    size_px: tuple[int, int],
    safe_zone: Insets,
    product: Box,
    *,
    picture_px: tuple[int, int] | None = None,
    rtl: bool,
) -> Frame:
    """The free space around the product, inside the safe zone.

    product: its place in shares of the picture.
    picture_px: size of the picture where it doesn't fill the frame.
    """
    width, height = size_px
    seen = picture_px or size_px
    sizes = type_scale(width, height)
    unit, margin = sizes.unit_px, sizes.margin_px
    clear, aside = CLEARANCE * unit, CLEARANCE_BESIDE * unit
    safe = Rect(
        max(safe_zone.left * width, margin),
        max(safe_zone.top * height, margin),
        width - max(safe_zone.right * width, margin),
        height - max(safe_zone.bottom * height, margin),
    )
    stands = Rect(
        product.left * seen[0],
        product.top * seen[1],
        product.right * seen[0],
        product.bottom * seen[1],
    )
    left = Rect(safe.left, safe.top, stands.left - aside, safe.bottom)
    right = Rect(stands.right + aside, safe.top, safe.right, safe.bottom)
    return Frame(
        width_px=width,
        height_px=height,
        picture_px=seen,
        unit_px=unit,
        right_to_left=rtl,
        product=stands,
        safe=safe,
        upper=Rect(safe.left, safe.top, safe.right, stands.top - clear),
        lower=Rect(safe.left, stands.bottom + clear, safe.right, safe.bottom),
        beside=_roomier(right, left) if rtl else _roomier(left, right),
    )


def _roomier(start: Rect, end: Rect) -> Rect:
    """The side with more room; the start side unless the other has clearly more."""
    return end if end.width > 1.2 * start.width else start


def merit_of(headline: float, *, with_body: bool) -> float:
    """Beyond a comfortable size, a larger headline is worth less than the body copy.

    headline: its type size in units, which are 1 px at a shorter side of 1080 px.
    """
    comfortable = 74.0
    size = min(headline, comfortable) + 0.35 * max(0.0, headline - comfortable)
    return size * (1.3 if with_body else 1.0)
