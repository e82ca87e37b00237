"""A market: the people one locale's ads speak to."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import NewType

Locale = NewType("Locale", str)
"""BCP 47 tag of language and region, such as `ar-SA`."""


class Direction(StrEnum):
    """Which way the market's script runs."""

    LTR = "ltr"
    RTL = "rtl"


@dataclass(frozen=True, slots=True, kw_only=True)
class Market:
    """What every stage must know about a market; its taste and law are in the market pack."""

    locale: Locale
    name: str
    """In English, for people who run the campaign: `Saudi Arabia (Arabic)`."""
    language: str
    """ISO 639 code of the copy: `ar`."""
    currency: str
    script: str
    """ISO 15924 code: `Arab`."""
    direction: Direction
