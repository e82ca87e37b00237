"""Fields that are empty or longer than the placement takes."""

from __future__ import annotations

from collections.abc import Iterator

from studio.compliance.case import WORDS, Case, Hit
from studio.domain.placement import TextLimit
from studio.markets.pack import Condition


def empty_field(case: Case, condition: Condition) -> Iterator[Hit]:
    """A field that every ad needs has no words."""
    del condition
    for field in WORDS:
        if not case.texts[field]:
            yield Hit(f"{field} is empty", field)


def over_maximum(case: Case, condition: Condition) -> Iterator[Hit]:
    """The platform refuses the text."""
    del condition
    for field, limit, length in _lengths(case):
        if length > limit.maximum:
            yield Hit(f"{length} of {limit.maximum} ({limit.counter})", field)


def over_recommended(case: Case, condition: Condition) -> Iterator[Hit]:
    """The platform cuts the text off."""
    del condition
    for field, limit, length in _lengths(case):
        if limit.recommended < length <= limit.maximum:
            yield Hit(f"{length} of {limit.recommended} ({limit.counter})", field)


def _lengths(case: Case) -> Iterator[tuple[str, TextLimit, int]]:
    copy, placement = case.creative.copy, case.placement
    yield "headline", placement.headline, placement.headline.counter.length(copy.headline)
    yield "body", placement.body, placement.body.counter.length(copy.body)
