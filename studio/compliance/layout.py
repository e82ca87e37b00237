"""Fields that are empty, too long for the placement, unreadable or too small."""

from __future__ import annotations

from collections.abc import Iterator
from functools import lru_cache

from studio.compliance.case import FIELDS, NEEDED, Case, Hit
from studio.domain.placement import Counter, TextLimit
from studio.markets.rules import Condition


def empty_field(case: Case, condition: Condition) -> Iterator[Hit]:
    """A field that every ad needs has no words."""
    del condition
    for field in NEEDED:
        if not case.texts[field]:
            yield Hit("", field)


def over_maximum(case: Case, condition: Condition) -> Iterator[Hit]:
    """The platform refuses the text."""
    del condition
    for field, limit, length in _lengths(case):
        if length > limit.maximum:
            yield Hit(f"{length} > {limit.maximum} ({limit.counter})", field)


def over_recommended(case: Case, condition: Condition) -> Iterator[Hit]:
    """The platform cuts the text off."""
    del condition
    for field, limit, length in _lengths(case):
        if limit.recommended < length <= limit.maximum:
            yield Hit(f"{length} > {limit.recommended} ({limit.counter})", field)


def missing_glyph(case: Case, condition: Condition) -> Iterator[Hit]:
    """The market's typefaces lack a character."""
    del condition
    if case.missing_glyphs is None:
        return
    for field in FIELDS:
        lacking = case.missing_glyphs(getattr(case.creative.copy, field), case.pack)
        if lacking:
            yield Hit(" ".join(dict.fromkeys(lacking)), field)


def small_print(case: Case, condition: Condition) -> Iterator[Hit]:
    """The small print is set smaller, beside the body, than the law lets it."""
    rendition = case.creative.rendition
    note, body = rendition.note_px, rendition.body_px
    if note and body and note < condition.least_ratio * body:
        yield Hit(f"{note:g} px : {body:g} px", "legal_line")


def _lengths(case: Case) -> Iterator[tuple[str, TextLimit, int]]:
    for field, limit in case.placement.limits.items():
        yield field, limit, _length(limit.counter, getattr(case.creative.copy, field))


@lru_cache(maxsize=16384)
def _length(counter: Counter, text: str) -> int:
    return counter.length(text)
