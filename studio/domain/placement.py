"""A place on an ad platform where a creative can run."""

from __future__ import annotations

import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass, replace
from enum import StrEnum
from functools import lru_cache

from studio.domain.market import Direction


class Counter(StrEnum):
    """How a platform counts the length of a text."""

    CHARACTERS = "characters"
    """Each visible character is 1, combining marks are 0."""
    DISPLAY_WIDTH = "display_width"
    """East Asian wide, full-width and ambiguous characters are 2 (UAX #11)."""
    BYTES = "bytes"
    """Bytes of UTF-8."""
    HALF_LATIN = "half_latin"
    """East Asian characters are 1, all others a half; rounded up."""

    def length(self, text: str) -> int:
        """The length of `text` as this platform counts it."""
        if self is Counter.BYTES:
            return len(text.encode())
        if text.isascii():
            return -(-len(text) // 2) if self is Counter.HALF_LATIN else len(text)
        columns = list(map(_columns, text))
        if self is Counter.DISPLAY_WIDTH:
            return sum(columns)
        if self is Counter.HALF_LATIN:
            return -(-sum(columns) // 2)
        return sum(map(bool, columns))


@lru_cache(maxsize=16384)
def _columns(char: str) -> int:
    """Columns that a character takes: 0 for what only marks another, 2 for wide ones."""
    if unicodedata.category(char) in ("Mn", "Me", "Cf"):
        return 0
    return 2 if unicodedata.east_asian_width(char) in "WFA" else 1


@dataclass(frozen=True, slots=True, kw_only=True)
class TextLimit:
    """How long one field may be."""

    recommended: int
    """Longer text is cut off by the platform: a warning."""
    maximum: int
    """Longer text is refused by the platform: an error."""
    counter: Counter = Counter.CHARACTERS


@dataclass(frozen=True, slots=True, kw_only=True)
class Insets:
    """Shares (0–1) of width or height at each edge that the platform covers with its own."""

    top: float = 0.0
    bottom: float = 0.0
    left: float = 0.0
    right: float = 0.0

    @property
    def mirrored(self) -> Insets:
        """The same with its sides exchanged."""
        return replace(self, left=self.right, right=self.left)


FILM_SIZES = ((1080, 1920), (1080, 1080), (1920, 1080))
"""Width and height in px that every platform plays films in: 9:16, 1:1 and 16:9."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Placement:
    """Size, safe zone and text limits of one placement."""

    id: str
    """Such as `meta_feed_4x5`."""
    platform: str
    name: str
    width_px: int
    height_px: int
    safe_zone: Insets
    """Where the platform's own controls read from left to right."""
    mirrors: bool = False
    """Whether those controls change sides in right-to-left languages."""
    headline: TextLimit | None = None
    """None where the placement has no such field beside the picture; likewise the others."""
    body: TextLimit | None = None
    description: TextLimit | None = None
    max_file_bytes: int
    formats: tuple[str, ...]
    checked_on: str
    """ISO date on which the spec was last checked."""

    @property
    def limits(self) -> Mapping[str, TextLimit]:
        """The limits of the fields that stand beside the picture."""
        fields = {
            "headline": self.headline,
            "body": self.body,
            "description": self.description,
        }
        return {name: limit for name, limit in fields.items() if limit is not None}

    @property
    def plays_films(self) -> bool:
        """Whether an ad of this size can be a film as well."""
        return (self.width_px, self.height_px) in FILM_SIZES

    def safe_for(self, direction: Direction) -> Insets:
        """The safe zone where people read in this direction."""
        turned = self.mirrors and direction is Direction.RTL
        return self.safe_zone.mirrored if turned else self.safe_zone
