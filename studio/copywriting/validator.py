"""What is wrong with a piece of copy, in words that a person or a model can act on."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from decimal import Decimal

from studio.copywriting.likeness import NEAR_DUPLICATE, likeness
from studio.copywriting.model import CopyRequest
from studio.domain.creative import Copy
from studio.domain.placement import TextLimit
from studio.markets.facts import facts_of, values_of
from studio.markets.wording import cleaned, normalised, numbers_in, script_share

OWN_SCRIPT_SHARE = 0.5
"""Least share (0–1) of letters in the market's script, names of product and brand aside."""


def tidied(copy: Copy) -> Copy:
    """The copy without control characters, bidi overrides and stray spaces."""
    return replace(
        copy,
        headline=cleaned(copy.headline),
        body=cleaned(copy.body),
        description=cleaned(copy.description),
        cta=cleaned(copy.cta),
        offer_line=cleaned(copy.offer_line),
        legal_line=cleaned(copy.legal_line),
    )


def faults(copy: Copy, request: CopyRequest) -> tuple[str, ...]:
    """Everything that keeps the copy from being used; empty where it is fine."""
    return (
        *_empty(copy),
        *_too_long(copy, request),
        *_foreign(copy, request),
        *_avoided(copy, request),
        *_unproven(copy, request),
        *_repeated(copy, request),
    )


def tightest(request: CopyRequest, field: str) -> tuple[TextLimit, ...]:
    """The limits of a field in all placements of the request that have it."""
    limits = (getattr(placement, field) for placement in request.placements)
    return tuple(dict.fromkeys(limit for limit in limits if limit is not None))


def within(text: str, limits: tuple[TextLimit, ...]) -> bool:
    """Whether no platform cuts the text off."""
    return all(limit.counter.length(text) <= limit.recommended for limit in limits)


def allowed(text: str, limits: tuple[TextLimit, ...]) -> bool:
    """Whether no platform refuses the text."""
    return all(limit.counter.length(text) <= limit.maximum for limit in limits)


def _empty(copy: Copy) -> Iterator[str]:
    for field in ("headline", "body", "cta"):
        if not getattr(copy, field).strip():
            yield f"{field} is empty; write it."


def _too_long(copy: Copy, request: CopyRequest) -> Iterator[str]:
    for field in ("headline", "body", "description"):
        text = getattr(copy, field)
        for limit in tightest(request, field):
            length = limit.counter.length(text)
            if length > limit.maximum:
                yield (
                    f"{field} counts {length} ({limit.counter}), {limit.maximum} are allowed; "
                    "shorten it."
                )


def _foreign(copy: Copy, request: CopyRequest) -> Iterator[str]:
    market = request.pack.market
    for field in ("headline", "body", "description"):
        text = without_names(getattr(copy, field), request)
        if script_share(text, script=market.script) < OWN_SCRIPT_SHARE:
            yield f"{field} isn't written in {market.language} ({market.script}); rewrite it."


def _avoided(copy: Copy, request: CopyRequest) -> Iterator[str]:
    words = (copy.headline, copy.body, copy.description, copy.cta)
    shown = normalised(" ".join(words)).lower()
    for word in request.brief.brand.words_to_avoid:
        if word.strip() and normalised(word).lower() in shown:
            yield f"the brand avoids {word!r}; say it in other words."


def _unproven(copy: Copy, request: CopyRequest) -> Iterator[str]:
    proven = _proven_numbers(request)
    for field in ("headline", "body", "description"):
        text = without_names(getattr(copy, field), request)
        for written, value in numbers_in(text, locale=request.pack.market.locale):
            if value not in proven:
                yield f"{field} says {written}, which no claim proves; leave the number out."


def _proven_numbers(request: CopyRequest) -> set[Decimal]:
    numbers: set[Decimal] = set()
    facts = facts_of(request.brief, request.pack)
    for fact in (*facts.usable, *facts.foreign):
        numbers |= values_of(fact.claim, locale=request.pack.market.locale)
        own_words = numbers_in(fact.claim.text, locale=request.brief.language_of(fact.claim))
        numbers |= {number for _, number in own_words}
    return numbers


def _repeated(copy: Copy, request: CopyRequest) -> Iterator[str]:
    for other in request.taken:
        if likeness(copy, other) >= NEAR_DUPLICATE:
            yield f"too close to {other.headline!r}, which another variant has; write anew."
            return


def without_names(text: str, request: CopyRequest) -> str:
    """The text without the names of product and brand, whose letters and digits are free."""
    for name in (request.brief.product.name, request.brief.brand.name):
        if name:
            text = text.replace(name, " ")
    return text
