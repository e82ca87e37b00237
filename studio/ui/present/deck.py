"""What the review deck's script shows, as JSON; the script sets it as text, never as HTML."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from itertools import groupby
from operator import itemgetter
from typing import TypedDict

from studio.domain.creative import Creative, Decision, Film, Verdict
from studio.domain.finding import Finding, Severity
from studio.domain.market import Market
from studio.domain.person import RIGHTS, Person, Right
from studio.domain.placement import Insets, Placement, TextLimit
from studio.ui.present.pieces import STATUS_WORDS
from studio.workflows.review import Card

SEVERITY_WORDS = {
    Severity.BLOCK: "Blocks",
    Severity.BLOCK_UNTIL_EVIDENCE: "Needs proof",
    Severity.WARN: "Warning",
    Severity.INFO: "Note",
}
DECISION_WORDS = {
    Decision.APPROVE: "approved",
    Decision.REJECT: "rejected",
    Decision.REOPEN: "took back",
}
FIELD_WORDS = {"cta": "call to action", "offer_line": "price", "legal_line": "small print"}
WORD_FIELDS = {
    "headline": "headline",
    "body": "body",
    "description": "description",
    "cta": "cta",
    "offer": "offer_line",
    "legal": "legal_line",
}
"""The copy's fields by the names that the page gives them."""
GLOSS_LANGUAGE = "en"
EDITED = "edit:"
"""How a source of a copy begins that names a person."""
REASONS = (
    "Off brand",
    "Reads unnaturally",
    "Claim too strong",
    "Picture does not fit the market",
    "Product looks wrong",
    "Text hard to read",
    "Too like another variant",
    "Wrong price or offer",
)
"""Quick reasons for a rejection, chosen by digit."""


class LimitData(TypedDict):
    """How long a field may be."""

    recommended: int
    maximum: int
    counter: str


class FindingData(TypedDict):
    """One finding in words."""

    rule: str
    severity: str
    word: str
    where: str
    evidence: str
    message: str
    law: str
    inForce: str
    fix: str


class VerdictData(TypedDict):
    """One past decision; `current` if it was made on the present content."""

    who: str
    role: str
    decision: str
    reason: str
    when: str
    current: bool


class FilmData(TypedDict):
    """A film and what is said of it."""

    video: str
    subtitles: str
    words: str


class CardData(TypedDict):
    """One creative with all that is shown beside it."""

    id: str
    hash: str
    status: str
    statusWord: str
    market: str
    marketName: str
    lang: str
    dir: str
    placement: str
    placementName: str
    variant: str
    image: str
    thumbnail: str
    width: int
    height: int
    film: FilmData | None
    canFilm: bool
    safe: dict[str, float]
    words: dict[str, str]
    marked: dict[str, list[tuple[str, str]]]
    """Each field in pieces, each with the severity of what was found there, or empty."""
    gloss: dict[str, str]
    edited: str
    angle: str
    rationale: str
    claims: list[str]
    attributes: list[tuple[str, str]]
    limits: dict[str, LimitData]
    findings: list[FindingData]
    verdicts: list[VerdictData]


class DeckData(TypedDict):
    """The whole deck, and what the person may do in it."""

    cards: list[CardData]
    reasons: list[str]
    rights: dict[str, bool]
    glossLanguage: str


def deck(
    cards: Sequence[Card],
    *,
    person: Person,
    markets: Mapping[str, Market],
    placements: Mapping[str, Placement],
) -> DeckData:
    """The deck for one person."""
    return DeckData(
        cards=[
            card_data(
                card,
                market=markets[card.creative.market],
                placement=placements[card.creative.placement],
            )
            for card in cards
        ],
        reasons=list(REASONS),
        rights={
            "review": Right.REVIEW in RIGHTS[person.role],
            "override": Right.OVERRIDE in RIGHTS[person.role],
            "film": Right.GENERATE in RIGHTS[person.role],
            "edit": Right.EDIT_COPY in RIGHTS[person.role],
            "export": Right.EXPORT in RIGHTS[person.role],
        },
        glossLanguage=GLOSS_LANGUAGE,
    )


def card_data(card: Card, *, market: Market, placement: Placement) -> CardData:
    """One card of the deck."""
    creative, copy = card.creative, card.creative.copy
    rendition = creative.rendition
    return CardData(
        id=creative.id,
        hash=creative.content_hash,
        status=creative.status,
        statusWord=STATUS_WORDS[creative.status],
        market=market.locale,
        marketName=market.name,
        lang=market.locale,
        dir=market.direction,
        placement=placement.id,
        placementName=placement.name,
        variant=creative.variant,
        image=f"/files/{rendition.sha256}",
        thumbnail=f"/files/{rendition.sha256}?width=320",
        width=rendition.width_px,
        height=rendition.height_px,
        film=_film(creative.film),
        canFilm=placement.plays_films,
        safe=_safe(placement.safe_for(market.direction)),
        words={name: getattr(copy, field) for name, field in WORD_FIELDS.items()},
        marked={
            name: marked(getattr(copy, field), field, card.findings)
            for name, field in WORD_FIELDS.items()
        },
        gloss={
            "headline": copy.gloss.headline,
            "body": copy.gloss.body,
            "description": copy.gloss.description,
            "cta": copy.gloss.cta,
        },
        edited=_editor(copy.sources),
        angle=_spaced(copy.angle),
        rationale=copy.rationale,
        claims=list(card.claims),
        attributes=_attributes(creative),
        limits=_limits(placement),
        findings=[_finding(each) for each in by_weight(card.findings)],
        verdicts=[_verdict(each, creative) for each in reversed(card.verdicts)],
    )


def _film(film: Film | None) -> FilmData | None:
    if film is None:
        return None
    return FilmData(
        video=f"/files/{film.sha256}",
        subtitles=f"/files/{film.vtt_sha256}",
        words=f"{film.seconds:.1f} s · {film.size_bytes / 1e6:.1f} MB · {_spaced(film.move)}",
    )


def marked(text: str, field: str, findings: Sequence[Finding]) -> list[tuple[str, str]]:
    """A text in pieces: each with the weightiest severity found in it, or an empty one."""
    weights = [""] * len(text)
    for finding in reversed(by_weight(findings)):
        if finding.field == field and finding.start >= 0:
            for place in range(finding.start, min(finding.end, len(text))):
                weights[place] = str(finding.severity)
    pieces: list[tuple[str, str]] = []
    for severity, group in groupby(zip(text, weights, strict=True), key=itemgetter(1)):
        pieces.append(("".join(char for char, _ in group), severity))
    return pieces


def by_weight(findings: Sequence[Finding]) -> list[Finding]:
    """The heaviest first; equals stay in their order."""
    order = list(Severity)
    return sorted(findings, key=lambda finding: order.index(finding.severity))


def _finding(finding: Finding) -> FindingData:
    return FindingData(
        rule=finding.rule,
        severity=finding.severity,
        word=SEVERITY_WORDS[finding.severity],
        where=FIELD_WORDS.get(finding.field, finding.field),
        evidence=finding.evidence,
        message=finding.message,
        law=finding.law,
        inForce=finding.in_force,
        fix=finding.fix,
    )


def _verdict(verdict: Verdict, creative: Creative) -> VerdictData:
    return VerdictData(
        who=verdict.reviewer,
        role=verdict.role,
        decision=DECISION_WORDS[verdict.decision],
        reason=verdict.reason,
        when=f"{verdict.at:%d %b %Y, %H:%M} UTC",
        current=verdict.content_hash == creative.content_hash,
    )


def _editor(sources: Sequence[str]) -> str:
    """Who last put other words in, empty if nobody did; their words have no gloss."""
    editors = [each.removeprefix(EDITED) for each in sources if each.startswith(EDITED)]
    return editors[-1] if editors else ""


def _attributes(creative: Creative) -> list[tuple[str, str]]:
    known = [(_spaced(name), _spaced(value)) for name, value in creative.attributes.items()]
    return [*known, ("picture", creative.picture.model), ("words", creative.text_model)]


def _limits(placement: Placement) -> dict[str, LimitData]:
    """Limits of the fields that the placement shows."""
    return {name: _limit(limit) for name, limit in placement.limits.items()}


def _limit(limit: TextLimit) -> LimitData:
    return LimitData(
        recommended=limit.recommended, maximum=limit.maximum, counter=limit.counter
    )


def _safe(insets: Insets) -> dict[str, float]:
    return {
        "top": insets.top,
        "bottom": insets.bottom,
        "left": insets.left,
        "right": insets.right,
    }


def _spaced(text: str) -> str:
    return text.replace("_", " ")
