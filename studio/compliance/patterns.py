"""Rules' regular expressions: compiled once, and where they match."""

from __future__ import annotations

import re
from functools import lru_cache
from typing import TypeAlias

from studio.markets.wording import pattern_form

Span: TypeAlias = tuple[int, int]


@lru_cache(maxsize=16384)
def pattern(text: str) -> re.Pattern[str]:
    """A rule's regular expression over normal forms; case is ignored."""
    return re.compile(pattern_form(text), re.IGNORECASE | re.MULTILINE)


@lru_cache(maxsize=32768)
def first_place(source: str, text: str) -> Span | None:
    """Where a rule's regular expression first matches a normal form, trimmed."""
    match = pattern(source).search(text)
    return trimmed(match) if match else None


def trimmed(match: re.Match[str]) -> Span:
    """A match's place without the spaces at its ends."""
    found = match.group()
    bare = found.strip()
    if not bare:
        return match.span()
    start = match.start() + found.index(bare)
    return start, start + len(bare)
