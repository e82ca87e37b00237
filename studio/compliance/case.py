"""What is judged: a creative with its brief, market and placement."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from functools import cache, cached_property
from re import IGNORECASE, MULTILINE, Pattern
from re import compile as compile_pattern
from typing import NamedTuple, TypeAlias

from studio.domain.brief import Brief, Offer
from studio.domain.creative import Creative
from studio.domain.placement import Placement
from studio.markets.pack import Condition, MarketPack
from studio.markets.wording import normalised

WORDS = ("headline", "body", "cta")
"""Fields that the audience reads as the ad's message."""
FIELDS = (*WORDS, "offer_line", "legal_line")


class Hit(NamedTuple):
    """What was found, and in which field."""

    evidence: str
    field: str


@dataclass(frozen=True, kw_only=True)
class Case:
    """One creative on trial; its texts are normalised once."""

    creative: Creative
    brief: Brief
    pack: MarketPack
    placement: Placement

    @cached_property
    def texts(self) -> Mapping[str, str]:
        """Normal form of each field."""
        copy = self.creative.copy
        return {field: normalised(getattr(copy, field)) for field in FIELDS}

    @cached_property
    def joined(self) -> str:
        """All fields, one per line."""
        return "\n".join(self.texts.values())

    @property
    def locale(self) -> str:
        """The market's locale."""
        return self.pack.market.locale

    @cached_property
    def offer(self) -> Offer | None:
        """The brief's offer in this market."""
        return self.brief.offer_in(self.pack.market.locale)

    def nameless(self, field: str) -> str:
        """A field without the names of product and brand, whose letters and digits are free."""
        text = self.texts[field]
        for name in (self.brief.product.name, self.brief.brand.name):
            if name:
                text = text.replace(normalised(name), " ")
        return text


Checker: TypeAlias = Callable[[Case, Condition], Iterator[Hit]]
"""Yields what speaks against a case, for one condition."""


@cache
def pattern(text: str) -> Pattern[str]:
    """A rule's regular expression, compiled once."""
    return compile_pattern(text, IGNORECASE | MULTILINE)


def first_hit(patterns: tuple[str, ...], text: str) -> str:
    """What the first matching pattern matched, trimmed; empty where none does."""
    for source in patterns:
        match = pattern(source).search(text)
        if match:
            return match.group().strip() or match.group()
    return ""
