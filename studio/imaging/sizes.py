"""How large type is set: in proportion to a picture, and never too small on a banner."""

from __future__ import annotations

from dataclasses import dataclass
from math import sqrt

BANNER_SIDE_PX, NARROW_PX = 260, 200
"""A picture whose shorter side is less is a banner, seen at its own size; or a narrow one."""
WIDE, WIDE_GAIN = 1.4, 1.25
"""From this aspect ratio on (width / height) type gains on what the shorter side gives."""

MARGIN = 58.0
"""Least distance of text from the edge, in units."""


@dataclass(frozen=True, slots=True)
class Span:
    """Largest and smallest size of one kind of text, in px, for Latin letters."""

    largest: float
    smallest: float

    def at(self, scale: float) -> float:
        """A share of the largest, but never less than the smallest."""
        return max(self.largest * scale, self.smallest)

    def times(self, factor: float) -> Span:
        """Both of them larger or smaller."""
        return Span(self.largest * factor, self.smallest * factor)


@dataclass(frozen=True, slots=True, kw_only=True)
class TypeScale:
    """The sizes of everything that one picture says."""

    unit_px: float
    """What spacing is counted in: 1 px where a picture's shorter side has 1080."""
    margin_px: float
    """Least distance of text from the picture's edge."""
    headline: Span
    body: Span
    offer: Span
    note: Span
    button: Span
    legal: Span
    logo_px: float
    """Height of the logo."""
    logo_share: float = 0.36
    """Most of the picture's width that it takes."""
    least_px: float = 0.0
    """No size goes under this in any script."""
    body_lines: int = 3
    legal_lines: int = 2
    note_lines: int = 2


def type_scale(width_px: int, height_px: int) -> TypeScale:
    """The sizes for a picture of this size."""
    if min(width_px, height_px) < BANNER_SIDE_PX:
        return _banner(width_px, height_px)
    gain = WIDE_GAIN if width_px >= WIDE * height_px else 1.0
    unit = min(width_px, height_px) / 1080 * gain
    return TypeScale(
        unit_px=unit,
        margin_px=MARGIN * unit,
        headline=Span(98, 40).times(unit),
        body=Span(36, 30).times(unit),
        offer=Span(68, 48).times(unit),
        note=Span(26, 23).times(unit),
        button=Span(35, 30).times(unit),
        legal=Span(22, 20).times(unit),
        logo_px=46 * unit,
    )


def _banner(width_px: int, height_px: int) -> TypeScale:
    """Banners aren't enlarged or shrunk, so sizes are those that can be read on a screen."""
    side = sqrt(width_px * height_px)
    narrow = width_px < NARROW_PX
    return TypeScale(
        unit_px=side / 1500,
        margin_px=8 if narrow else MARGIN * side / 1500,
        headline=Span(max(side * 0.1, height_px * 0.36 if width_px > height_px else 0), 14),
        body=Span(max(side * 0.03, 12), 12),
        offer=Span(max(side * 0.08, 18), 17),
        note=Span(max(side * 0.025, 11), 11),
        button=Span(max(side * 0.032, 12), 12),
        legal=Span(11, 11),
        logo_px=max(side * 0.055, 16),
        logo_share=0.7 if narrow else 0.36,
        least_px=11,
        body_lines=6 if narrow else 3,
        legal_lines=max(3, round(1300 / width_px)),
        note_lines=4 if narrow else 3,
    )
