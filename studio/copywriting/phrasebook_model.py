"""The built-in text model: native phrases, chosen by seed, filled with what is proven."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from dataclasses import asdict, dataclass
from hashlib import sha256
from math import log

from studio.copywriting.assembly import Draft, actions, appeal, assemble
from studio.copywriting.likeness import NEAR_DUPLICATE, likeness
from studio.copywriting.model import CopyRequest
from studio.copywriting.validator import allowed, tightest, within
from studio.domain.creative import Copy
from studio.domain.placement import TextLimit
from studio.domain.seeds import derive_seed
from studio.errors import InputError
from studio.markets.facts import Fact, Facts, facts_of, gloss_slots, slots_of
from studio.markets.messages import render
from studio.markets.pack import Phrase
from studio.markets.wording import normalised

MOST_ADDED_FACTS = 2
SPECIFIC, FAVOURED = 3.0, 2.0
"""How much likelier a phrase about this product, and one with the brand's words, is drawn."""
PIECE = 4
ECHO_SHARE = 0.25
"""Share (0–1) of the headline's pieces of four characters that makes a body its echo."""
UNSPACED_SCRIPTS = frozenset({"Jpan", "Hans", "Hant", "Thai"})


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """A phrase with its slots filled."""

    phrase: Phrase
    text: str
    gloss: str
    fact: Fact | None


class PhrasebookModel:
    """A `TextModel` over the market packs' phrases: no network, equal for equal requests."""

    name = "phrasebook"

    def write(self, request: CopyRequest) -> Copy:
        """The first pair of headline and body, in seeded order, unlike what is taken.

        Raises `InputError` where the pack has no angle of that name, or nothing that fits.
        """
        appeal(request.pack, request.angle)
        facts = facts_of(request.brief, request.pack)
        headlines = _ordered(_lines(request, facts, "headlines"), request, "headline")
        bodies = _ordered(_lines(request, facts, "bodies"), request, "body")
        for headline, body in _pairs(headlines, bodies, tightest(request, "body")):
            copy = self._copy(headline, body, request, facts)
            if all(likeness(copy, other) < NEAR_DUPLICATE for other in request.taken):
                return copy
        raise InputError(
            f"The phrase bank of {request.pack.market.locale} has nothing more for the angle "
            f"{request.angle} that fits the placements and differs from {len(request.taken)} "
            "other variants; ask for fewer variants or add phrases to the pack."
        )

    def fingerprint(self, request: CopyRequest) -> str:
        """SHA-256 of the pack's version and of what the choice depends on, the seed aside."""
        brief = request.brief
        parts = {
            "model": self.name,
            "pack": request.pack.version,
            "angle": request.angle,
            "product": asdict(brief.product),
            "brand": asdict(brief.brand),
            "claims": [asdict(claim) for claim in brief.claims],
            "offer": str(brief.offer_in(request.pack.market.locale)),
            "shows_offer": request.shows_offer,
            "launch": brief.launch,
            "limits": [
                asdict(limit)
                for field in ("headline", "body", "description")
                for limit in tightest(request, field)
            ],
            "taken": [(copy.headline, copy.body) for copy in request.taken],
        }
        return sha256(json.dumps(parts, sort_keys=True, default=str).encode()).hexdigest()

    def _copy(self, headline: Line, body: Line, request: CopyRequest, facts: Facts) -> Copy:
        description = _description(headline, request, facts)
        own = tuple(line.fact for line in (headline, body) if line.fact)
        added = _added(headline, body, facts, request)
        gap = "" if request.pack.market.script in UNSPACED_SCRIPTS else " "
        locale = request.pack.market.locale
        buttons = actions(request)
        return assemble(
            Draft(
                headline=headline.text,
                body=gap.join((body.text, *(fact.line for fact in added))),
                description=description.text if description else "",
                headline_gloss=headline.gloss,
                body_gloss=" ".join((body.gloss, *(fact.gloss for fact in added))),
                description_gloss=description.gloss if description else "",
                action=buttons[derive_seed(request.seed, "cta") % len(buttons)].action,
                facts=tuple({fact.claim.id: fact for fact in (*own, *added)}.values()),
                sources=(
                    f"phrase:{locale}/{request.angle}/{headline.phrase.id}",
                    f"phrase:{locale}/{request.angle}/{body.phrase.id}",
                    *(
                        (f"phrase:{locale}/{request.angle}/{description.phrase.id}",)
                        if description
                        else ()
                    ),
                    *(f"benefit:{locale}/{fact.key}" for fact in added if fact.key),
                ),
            ),
            request,
            facts,
        )


def _lines(request: CopyRequest, facts: Facts, kind: str) -> Iterator[Line]:
    """The phrases of the angle that suit product, month, voice and claims, filled in."""
    brief, pack = request.brief, request.pack
    phrases = pack.phrases[request.angle]
    for phrase in phrases.of(kind):
        fact = facts.of(phrase.benefit) if phrase.benefit else None
        if (phrase.benefit and fact is None) or not _suits(phrase, request):
            continue
        text = render(phrase.text, slots_of(brief, pack, fact), locale=pack.market.locale)
        gloss = phrase.gloss or phrase.text
        yield Line(
            phrase=phrase,
            text=text,
            gloss=render(gloss, gloss_slots(brief, pack, fact), locale="en-US"),
            fact=fact,
        )


def _description(headline: Line, request: CopyRequest, facts: Facts) -> Line | None:
    """The first description in seeded order that fits and doesn't say the headline again."""
    lines = _ordered(_lines(request, facts, "descriptions"), request, "description")
    shown = [line for line in lines if within(line.text, tightest(request, "description"))]
    return next((line for line in shown if not _echoes(headline, line)), None)


def _suits(phrase: Phrase, request: CopyRequest) -> bool:
    brief = request.brief
    return (
        (not phrase.categories or brief.product.category in phrase.categories)
        and (not phrase.months or brief.launch.month in phrase.months)
        and (not phrase.voices or brief.brand.voice in phrase.voices)
    )


def _ordered(lines: Iterable[Line], request: CopyRequest, field: str) -> list[Line]:
    """Seeded order, those that no platform cuts off first, without refused ones.

    Weighted sampling without replacement by exponential keys (Efraimidis and Spirakis 2006).
    """
    brand = request.brief.brand
    avoided = [normalised(word).lower() for word in brand.words_to_avoid if word.strip()]
    limits = tightest(request, field)
    ranked: list[tuple[bool, float, Line]] = []
    for line in lines:
        shown = normalised(line.text).lower()
        if any(word in shown for word in avoided) or not allowed(line.text, limits):
            continue
        weight = SPECIFIC if line.phrase.benefit or line.phrase.categories else 1.0
        if any(word.lower() in shown for word in brand.words_to_use):
            weight *= FAVOURED
        draw = (derive_seed(request.seed, field, line.phrase.id) + 1) / (2**63 + 1)
        ranked.append((not within(line.text, limits), -log(draw) / weight, line))
    return [line for *_, line in sorted(ranked, key=lambda item: item[:2])]


def _pairs(
    headlines: list[Line], bodies: list[Line], limits: tuple[TextLimit, ...]
) -> Iterator[tuple[Line, Line]]:
    """Pairs in order; last those that say a thing twice, or allude to what has no room."""
    weaker = []
    for total in range(len(headlines) + len(bodies)):
        for index, headline in enumerate(headlines[: total + 1]):
            if total - index >= len(bodies):
                continue
            pair = (headline, bodies[total - index])
            if _echoes(*pair) or _leaves_open(*pair, limits):
                weaker.append(pair)
            else:
                yield pair
    yield from weaker


def _added(headline: Line, body: Line, facts: Facts, request: CopyRequest) -> tuple[Fact, ...]:
    """Facts that still fit behind the body: what the headline alludes to, then others."""
    limits: tuple[TextLimit, ...] = tightest(request, "body")
    said = [body.fact, headline.fact if _states_its_fact(headline) else None]
    rest = [fact for fact in facts.usable if fact not in said]
    rest.sort(key=lambda fact: derive_seed(request.seed, "fact", fact.claim.id))
    rest.sort(key=lambda fact: fact != headline.fact)
    most = MOST_ADDED_FACTS - (body.fact is not None)
    text = body.text
    added: list[Fact] = []
    for fact in rest:
        if len(added) < most and within(f"{text} {fact.line}", limits):
            text = f"{text} {fact.line}"
            added.append(fact)
    return tuple(added)


def _states_its_fact(line: Line) -> bool:
    """Whether the phrase says the fact itself, rather than alluding to it."""
    return line.fact is not None and (
        line.fact.claim.value is None
        or "{value" in line.phrase.text
        or "{amount" in line.phrase.text
    )


def _echoes(headline: Line, body: Line) -> bool:
    """Whether the body says again what the headline said."""
    if headline.fact is not None and headline.fact == body.fact:
        return True
    head, rest = (normalised(line.text).lower() for line in (headline, body))
    pieces = {head[start : start + PIECE] for start in range(len(head) - PIECE + 1)}
    return sum(piece in rest for piece in pieces) >= ECHO_SHARE * len(pieces)


def _leaves_open(headline: Line, body: Line, limits: tuple[TextLimit, ...]) -> bool:
    """Whether the headline alludes to a fact for which the body has no room."""
    return (
        headline.fact is not None
        and not _states_its_fact(headline)
        and not within(f"{body.text} {headline.fact.line}", limits)
    )
