"""From words to copy: the parts that no model may invent are added here."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from studio.copywriting.model import CopyRequest
from studio.domain.creative import Copy, Gloss
from studio.errors import InputError
from studio.markets.facts import Fact, Facts, LeftOut, slots_of
from studio.markets.messages import render
from studio.markets.pack import Appeal, CallToAction, MarketPack
from studio.markets.prices import offer_line, reference_price, shows_instalments

SENTENCE_ENDS = (".", "!", "?", "。", "！", "？", "।", "؟")
NOTE_MARK = "※"
OFFER_ACTION = "GET_OFFER"


@dataclass(frozen=True, slots=True, kw_only=True)
class Draft:
    """What a model wrote."""

    headline: str
    body: str
    description: str = ""
    headline_gloss: str
    body_gloss: str
    description_gloss: str = ""
    action: str
    facts: tuple[Fact, ...]
    """The facts that headline and body state."""
    sources: tuple[str, ...]
    rationale: str = ""
    """The model's own reason; empty: the market pack's."""


def assemble(draft: Draft, request: CopyRequest, facts: Facts) -> Copy:
    """The draft with price block, small print, button and sources."""
    button = call_to_action(request, draft.action)
    price = offer_line(request.shown_offer, request.pack)
    reason = draft.rationale or appeal(request.pack, request.angle).rationale
    return Copy(
        headline=draft.headline,
        body=draft.body,
        description=draft.description,
        cta=button.text,
        cta_action=button.action,
        offer_line=price.text,
        legal_line=_legal_line(draft, request),
        gloss=Gloss(
            headline=draft.headline_gloss,
            body=draft.body_gloss,
            description=draft.description_gloss,
            cta=button.gloss,
        ),
        angle=request.angle,
        rationale=" ".join((reason, *_translated(draft), *_left_out(draft, facts))),
        sources=(
            *draft.sources,
            *(f"claim:{fact.claim.id}" for fact in draft.facts),
            *(f"translated:{fact.claim.id}" for fact in draft.facts if fact.foreign),
            *(f"left_out:{left.claim_id}" for left in _unsaid(draft, facts)),
        ),
    )


def appeal(pack: MarketPack, angle: str) -> Appeal:
    """The pack's appeal of an angle. Raises `InputError` where it has none."""
    for candidate in pack.appeals:
        if candidate.angle == angle:
            return candidate
    known = ", ".join(candidate.angle for candidate in pack.appeals)
    raise InputError(
        f"{pack.market.locale} has no angle {angle[:40]!r}; choose one of {known}."
    )


def actions(request: CopyRequest) -> tuple[CallToAction, ...]:
    """Buttons that suit the request: none that promises an offer where no price is reduced."""
    offer = request.shown_offer
    reduced = offer is not None and reference_price(offer, request.pack) is not None
    return tuple(
        button
        for button in request.pack.calls_to_action
        if reduced or button.action != OFFER_ACTION
    )


def call_to_action(request: CopyRequest, action: str) -> CallToAction:
    """The market's words for a button, or those of its first one."""
    choices = actions(request)
    return next((button for button in choices if button.action == action), choices[0])


def _legal_line(draft: Draft, request: CopyRequest) -> str:
    """The market's own line and the notes of the facts that are stated."""
    pack = request.pack
    own = render(pack.legal_line, slots_of(request.brief, pack), locale=pack.market.locale)
    notes = dict.fromkeys(fact.note for fact in draft.facts if fact.note)
    offer = request.shown_offer
    if offer is not None and shows_instalments(offer, pack) and offer.instalments:
        notes[offer.instalments.terms] = None
    return _in_a_row(part for part in (own.strip(" ·"), *notes) if part)


def _in_a_row(parts: Iterable[str]) -> str:
    """Small print on one line: a dot parts what no sentence's end or note mark does."""
    line = ""
    for part in parts:
        ended = not line or line.endswith(SENTENCE_ENDS) or part.startswith(NOTE_MARK)
        line = f"{line}{'' if not line else ' ' if ended else ' · '}{part}"
    return line


def _unsaid(draft: Draft, facts: Facts) -> tuple[LeftOut, ...]:
    """Claims that can't be said here, but for those that the model has translated."""
    translated = {fact.claim.id for fact in draft.facts if fact.foreign}
    return tuple(left for left in facts.left_out if left.claim_id not in translated)


def _left_out(draft: Draft, facts: Facts) -> tuple[str, ...]:
    return tuple(
        f"Left out: claim {left.claim_id} ({left.reason})." for left in _unsaid(draft, facts)
    )


def _translated(draft: Draft) -> tuple[str, ...]:
    return tuple(
        f"Claim {fact.claim.id} was translated by the text model; have it checked."
        for fact in draft.facts
        if fact.foreign
    )
