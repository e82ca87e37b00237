"""What a text model is told: the market pack, the limits and the facts, as two messages."""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import timedelta
from functools import cached_property
from hashlib import sha256
from pathlib import Path

from babel import Locale as BabelLocale
from jinja2 import Environment, FileSystemLoader, StrictUndefined

from studio.copywriting.assembly import actions, appeal
from studio.copywriting.model import CopyRequest
from studio.copywriting.validator import tightest
from studio.domain.placement import TextLimit
from studio.markets.days import falls_on
from studio.markets.facts import Facts, gloss_slots, slots_of
from studio.markets.inflection import inflected
from studio.markets.messages import render
from studio.markets.pack import Phrase
from studio.resources import bundled

MOST_EXAMPLES = 6
DAYS_AHEAD = 28
"""So many days after the launch, events of the market's calendar are told to the model."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Prompt:
    """The two messages that a chat model gets."""

    system: str
    request: str

    @property
    def sha256(self) -> str:
        """Fingerprint of both."""
        return sha256(f"{self.system}\x1f{self.request}".encode()).hexdigest()


@dataclass(frozen=True)
class PromptBook:
    """Templates of a folder; a user's own folder may stand in for the bundled one."""

    folder: Path | None = None

    @cached_property
    def _templates(self) -> Environment:
        return Environment(
            loader=FileSystemLoader(self.folder or bundled("prompts") / "copy"),
            undefined=StrictUndefined,
            trim_blocks=True,
            lstrip_blocks=True,
            autoescape=False,  # noqa: S701
        )

    def render(self, request: CopyRequest, facts: Facts) -> Prompt:
        """The prompt for a request, with what may be said of the product."""
        pack, brand = request.pack, request.brief.brand
        reason = appeal(pack, request.angle)
        language = BabelLocale.parse(pack.market.locale, sep="-").get_display_name("en")
        system = self._templates.get_template("system.md").render(
            market={"name": pack.market.name, "language_name": language},
            pack=pack,
            request=request,
            voice=brand.voice.value,
            tone=pack.tone.get(brand.voice, ""),
            examples=_examples(request),
            forbidden=_forbidden(request),
        )
        asked = self._templates.get_template("request.md").render(
            request=request,
            appeal=reason,
            headline_limit=_limit_in_words(tightest(request, "headline")),
            body_limit=_limit_in_words(tightest(request, "body")),
            description_limit=_limit_in_words(tightest(request, "description")),
            dates=_dates(request),
            data=_data(request, facts),
            taken=[copy.headline for copy in request.taken],
            actions=json.dumps([button.action for button in actions(request)]),
        )
        return Prompt(system=system, request=asked)


def _data(request: CopyRequest, facts: Facts) -> str:
    """Everything that strangers wrote, as JSON that can't close its own fence."""
    brief = request.brief
    data = {
        "product": brief.product.name,
        "category": str(gloss_slots(brief, request.pack)["noun"]),
        "category_word": str(slots_of(brief, request.pack)["noun"]),
        "brand": brief.brand.name,
        "words_to_use": brief.brand.words_to_use,
        "words_to_avoid": brief.brand.words_to_avoid,
        "facts": [
            {"id": fact.claim.id, "fact": fact.line, "in_english": fact.gloss}
            for fact in facts.usable
        ],
        "facts_to_translate": [
            {"id": fact.claim.id, "fact": fact.line} for fact in facts.foreign
        ],
        "launch": brief.launch.isoformat(),
    }
    text = json.dumps(data, ensure_ascii=False, indent=1)
    return text.replace("`", "\\u0060").replace("<", "\\u003c")


def _examples(request: CopyRequest) -> list[str]:
    """Phrases of the angle that need no fact, as they would read for this product."""
    phrases = request.pack.phrases[request.angle]
    half = MOST_EXAMPLES // 2
    plain = [
        phrase
        for group in (phrases.headlines, phrases.bodies)
        for phrase in [each for each in group if _plain(each)][:half]
    ]
    market = request.pack.market
    nameless = {"product": "…", "brand": "…", "contact": "…", **inflected("…", market.language)}
    slots = slots_of(request.brief, request.pack) | nameless
    return [render(phrase.text, slots, locale=market.locale) for phrase in plain]


def _forbidden(request: CopyRequest) -> list[str]:
    """What the market's rules say of words, each once, with its laws."""
    told: dict[str, dict[str, None]] = {}
    for rule in request.pack.rules:
        words = request.pack.fault_words["en"].get(rule.kind)
        message = rule.message or (words.message if words else "")
        told.setdefault(message, {})[rule.law] = None
    return [f"{message} ({'; '.join(laws)})" for message, laws in told.items() if message]


def _dates(request: CopyRequest) -> list[str]:
    """Trade events that the weeks after the launch touch."""
    launch = request.brief.launch
    weeks = [launch + timedelta(days) for days in range(DAYS_AHEAD)]
    return [
        f"{event.name}{f' ({event.gloss})' if event.gloss else ''}: {event.use}".rstrip(": ")
        for event in request.pack.calendar
        if any(falls_on(event.day, event.days, day) for day in weeks)
    ]


def _plain(phrase: Phrase) -> bool:
    return not (phrase.benefit or phrase.months or phrase.categories)


def _limit_in_words(limits: tuple[TextLimit, ...]) -> str:
    return " and ".join(
        f"{limit.recommended} ({limit.counter.replace('_', ' ')})" for limit in limits
    )
