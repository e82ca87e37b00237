"""What is judged: a creative with its brief, market and placement."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import NamedTuple, TypeAlias

from studio.compliance.figures import Number, numbers_of
from studio.compliance.ground import Ground, ground_of
from studio.compliance.patterns import Span, first_place, pattern
from studio.compliance.rulebook import Rulebook, rulebook
from studio.domain.brief import Brief, Offer
from studio.domain.creative import Creative
from studio.domain.market import Locale
from studio.domain.placement import Placement
from studio.markets.pack import MarketPack
from studio.markets.rules import Condition
from studio.markets.wording import normalised

NEEDED = ("headline", "body", "cta")
"""Fields that no ad can be without."""
WORDS = ("headline", "body", "description", "cta")
"""Fields that the audience reads as the ad's message."""
FIELDS = (*WORDS, "offer_line", "legal_line")


class Hit(NamedTuple):
    """What was found, and where: in a field's normal form, if it has a place there."""

    evidence: str
    """Empty: what stands at the place, quoted."""
    field: str
    start: int = -1
    end: int = -1
    fix: str = ""
    """More exact than the rule's; may be empty."""


@dataclass(frozen=True, kw_only=True)
class Case:
    """One creative on trial; facts about its texts are found once."""

    creative: Creative
    brief: Brief
    pack: MarketPack
    placement: Placement
    missing_glyphs: Callable[[str, MarketPack], str] | None = None
    """Characters of a text that the market's typefaces lack; None: nobody can tell."""

    @cached_property
    def texts(self) -> Mapping[str, str]:
        """Normal form of each field."""
        copy = self.creative.copy
        return {field: normalised(getattr(copy, field)) for field in FIELDS}

    @cached_property
    def joined(self) -> str:
        """All fields, one per line."""
        return "\n".join(self.texts.values())

    @cached_property
    def numbers(self) -> Mapping[str, tuple[Number, ...]]:
        """The numbers of each field that has any."""
        locale = self.locale
        found = {field: numbers_of(text, locale=locale) for field, text in self.texts.items()}
        return {field: numbers for field, numbers in found.items() if numbers}

    @cached_property
    def ground(self) -> Ground:
        """What this case shares with others of its brief and market."""
        return ground_of(self.brief, self.pack)

    @property
    def locale(self) -> Locale:
        """The market's locale."""
        return self.pack.market.locale

    @property
    def offer(self) -> Offer | None:
        """The brief's offer in this market."""
        return self.ground.offer

    @property
    def names(self) -> tuple[str, ...]:
        """Normal forms of the names of product and brand, the longer first."""
        return self.ground.names

    @cached_property
    def book(self) -> Rulebook:
        """The pack's patterns and conditions, made ready."""
        return rulebook(self.pack)

    @cached_property
    def candidates(self) -> frozenset[str]:
        """Those of the pack's patterns that may match a field of this case."""
        may_match = self.book.sieve.may_match
        return frozenset().union(*map(may_match, self.texts.values()))

    def searching(self, sources: tuple[str, ...]) -> Iterator[re.Pattern[str]]:
        """Those of these patterns that may match a field of this case."""
        candidates, known = self.candidates, self.book.known
        for source in sources:
            if source in candidates or source not in known:
                yield pattern(source)

    def first_place(self, sources: tuple[str, ...], text: str) -> Span | None:
        """Where the first matching pattern matches a part of this case's texts, trimmed."""
        candidates, known = self.candidates, self.book.known
        for source in sources:
            if source in candidates or source not in known:
                place = first_place(source, text)
                if place:
                    return place
        return None

    def is_name(self, field: str, start: int, end: int) -> bool:
        """Whether a place lies within the name of product or brand."""
        text = self.texts[field]
        return any(
            found <= start and end <= found + len(name)
            for name in self.names
            for found in _places(name, text)
        )


Checker: TypeAlias = Callable[[Case, Condition], Iterator[Hit]]
"""Yields what speaks against a case, for one condition."""


def _places(name: str, text: str) -> Iterator[int]:
    at = text.find(name)
    while at >= 0:
        yield at
        at = text.find(name, at + 1)
