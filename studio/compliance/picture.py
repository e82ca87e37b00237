"""What the picture shows, how it was made, and how the ad and its file say so."""

from __future__ import annotations

from collections.abc import Iterator

from studio.compliance.case import Case, Hit
from studio.domain.creative import Figure, ProductPixels
from studio.markets.rules import Condition


def ai_label(case: Case, condition: Condition) -> Iterator[Hit]:
    """A model painted the picture, and the ad's words don't say so."""
    if not case.first_place(condition.words, case.joined):
        picture = case.creative.picture
        yield Hit(f"AI: {picture.ai}, person: {picture.person}", "picture")


def ai_mark(case: Case, condition: Condition) -> Iterator[Hit]:
    """The file lacks marks that machines can read."""
    missing = [mark for mark in condition.marks if mark not in case.creative.rendition.marks]
    if missing:
        yield Hit(", ".join(missing), "picture")


def person_shown(case: Case, condition: Condition) -> Iterator[Hit]:
    """The picture shows a person of a sort that is restricted."""
    person = case.creative.picture.person
    restricted = condition.persons or tuple(each for each in Figure if each is not Figure.NONE)
    if person in restricted:
        yield Hit(str(person), "picture")


def symbol_shown(case: Case, condition: Condition) -> Iterator[Hit]:
    """The picture shows something that is sensitive."""
    for tag in case.creative.picture.tags:
        if tag in condition.tags:
            yield Hit(tag, "picture")


def product_redrawn(case: Case, condition: Condition) -> Iterator[Hit]:
    """A model drew the product."""
    del condition
    if case.creative.picture.product_pixels is ProductPixels.GENERATED:
        yield Hit(case.creative.picture.model, "picture")
