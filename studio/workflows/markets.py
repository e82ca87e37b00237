"""Looks after market packs: what there is, and what is wrong with it."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from studio.copywriting.assembly import Draft, assemble
from studio.copywriting.model import CopyRequest
from studio.domain.brief import Brand, Brief, Budget, Offer, Product, Slug
from studio.domain.claim import Claim, Evidence
from studio.domain.creative import Copy, Creative, CreativeId, Picture, Rendition
from studio.domain.finding import Finding, Severity
from studio.domain.geometry import Box
from studio.domain.market import Locale
from studio.domain.money import Money
from studio.domain.placement import Placement
from studio.errors import StudioError
from studio.markets.breadth import gaps
from studio.markets.facts import Fact, Facts, facts_of, gloss_slots, slots_of
from studio.markets.library import MarketLibrary
from studio.markets.messages import render
from studio.markets.pack import Benefit, MarketPack, Phrase
from studio.workflows.finish import Checks

LAUNCH = date(2027, 3, 2)
EVIDENCE = Evidence(document="Report 1", issued=date(2026, 1, 1))
SAMPLE_PRICE = Decimal(129)
SAMPLE_VALUES = {"": 12.0, "year": 2.0, "percent": 20.0, "decibel": 45.0}
SAMPLE_VALUE = 24.0
LOUD = (Severity.BLOCK, Severity.BLOCK_UNTIL_EVIDENCE, Severity.WARN)

MissingGlyphs = Callable[[str, MarketPack], str]
"""The characters of a text that the pack's typefaces can't draw."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Summary:
    """One market in numbers."""

    locale: str
    name: str
    currency: str
    angles: int
    phrases: int
    benefits: int
    rules: int
    """Word rules and conditions, those of all markets included."""
    events: int
    quiet_dates: int
    facts: int
    """Facts that say how certain they are."""
    sourced: int
    """Facts and rules that name their source or law."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Complaint:
    """Something a pack's author should mend."""

    locale: str
    where: str
    """Part of the pack, such as `family/h3`."""
    what: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Markets:
    """The packs that are installed."""

    library: MarketLibrary
    check: Checks
    placement: Placement
    """Where sample ads are thought to run."""
    missing_glyphs: MissingGlyphs

    def summaries(self) -> tuple[Summary, ...]:
        """Every market in numbers."""
        return tuple(_summary(self.library.pack(locale)) for locale in self.library.locales())

    def complaints(self, locale: str) -> Iterator[Complaint]:
        """What is wrong with a pack: it doesn't load, lacks things, or breaks its own rules."""
        try:
            pack = self.library.pack(locale)
        except StudioError as error:
            yield Complaint(locale=locale, where="pack", what=str(error))
            return
        categories = self.library.categories()
        for gap in gaps(pack, categories, len(self.library.catalogue())):
            yield Complaint(locale=locale, where="breadth", what=gap)
        for where, text in _texts(pack):
            missing = self.missing_glyphs(text, pack)
            if missing:
                yield Complaint(locale=locale, where=where, what=f"no glyph for {missing!r}")
        for category in categories:
            yield from self._against_own_rules(pack, category)

    def sample_copies(self, locale: str, category: str) -> Iterator[tuple[str, Brief, Copy]]:
        """Every phrase and benefit that suits a product, as whole copy with its brief."""
        pack = self.library.pack(locale)
        brief = sample_brief(pack, category)
        facts = replace(facts_of(brief, pack), left_out=())
        drafts = list(_drafts(pack, brief, facts))
        for where, draft in drafts:
            yield where, brief, assemble(draft, self._request(brief, pack), facts)
        for where, offer in _sound_offers(pack, brief):
            priced = replace(brief, offers=(offer,))
            yield where, priced, assemble(drafts[0][1], self._request(priced, pack), facts)

    def _request(self, brief: Brief, pack: MarketPack) -> CopyRequest:
        return CopyRequest(
            brief=brief,
            pack=pack,
            placements=(self.placement,),
            angle=pack.appeals[0].angle,
            variant="sample",
            seed=0,
        )

    def _against_own_rules(self, pack: MarketPack, category: str) -> Iterator[Complaint]:
        for where, brief, copy in self.sample_copies(pack.market.locale, category):
            creative = sample_creative(copy, brief, pack, self.placement)
            for finding in self.check(
                creative, brief=brief, pack=pack, placement=self.placement
            ):
                if finding.severity in LOUD:
                    yield Complaint(
                        locale=pack.market.locale,
                        where=f"{where} ({category})",
                        what=_in_words(finding),
                    )


def sample_brief(pack: MarketPack, category: str) -> Brief:
    """A brief that proves every benefit of a category, priced in the market's currency."""
    claims = tuple(
        Claim(
            id=key.replace("_", "-"),
            benefit=key,
            value=SAMPLE_VALUES.get(benefit.unit, SAMPLE_VALUE) if benefit.valued else None,
            unit=benefit.unit,
            evidence=EVIDENCE,
        )
        for key, benefit in pack.benefits.items()
        if _belongs(benefit, category)
    )
    market = pack.market
    return Brief(
        slug=Slug("sample"),
        title="Sample",
        language="en",
        product=Product(
            name="SmartChef", category=category, photos=(), width_cm=20, height_cm=20
        ),
        claims=claims,
        offers=(
            Offer(
                market=market.locale,
                price=Money.of(SAMPLE_PRICE, market.currency),
                landing_url="https://smartchef.example",
            ),
        ),
        markets=(market.locale,),
        placements=("sample",),
        budget=Budget(daily=Money.of(100, market.currency), days=7),
        brand=Brand(name="SmartChef"),
        launch=LAUNCH,
        approvals={each.permit: "1234" for each in pack.conditions if each.permit},
    )


def _sound_offers(pack: MarketPack, brief: Brief) -> Iterator[tuple[str, Offer]]:
    """An offer that no law objects to: reduced from a proven price, with dates and stock."""
    (plain,) = brief.offers
    earlier = plain.price.times(Decimal("1.25"))
    reduced = replace(
        plain,
        was=earlier,
        lowest_7d=earlier,
        lowest_10d=earlier,
        lowest_20d=earlier,
        lowest_30d=earlier,
        weeks_sold_share=1.0,
        was_proof=EVIDENCE.document,
        starts=LAUNCH,
        ends=LAUNCH + timedelta(days=14),
        stock=500,
    )
    yield "price/reduced", reduced


def _belongs(benefit: Benefit, category: str) -> bool:
    return not benefit.categories or category in benefit.categories


def _drafts(pack: MarketPack, brief: Brief, facts: Facts) -> Iterator[tuple[str, Draft]]:
    """One draft per phrase, benefit and button; the rest of each is plain words of the pack."""
    first = next(iter(pack.phrases.values()))
    plain = Draft(
        headline=_filled(first.headlines[0], pack, brief, None)[0],
        body=_filled(first.bodies[0], pack, brief, None)[0],
        headline_gloss="",
        body_gloss="",
        action=pack.calls_to_action[0].action,
        facts=(),
        sources=(),
    )
    for angle, phrases in pack.phrases.items():
        for kind, field in FIELDS.items():
            for phrase in phrases.of(kind):
                fact = facts.of(phrase.benefit) if phrase.benefit else None
                if not _suits(phrase, brief) or (phrase.benefit and fact is None):
                    continue
                text, gloss = _filled(phrase, pack, brief, fact)
                words: dict[str, Any] = {field: text, f"{field}_gloss": gloss}
                stated = (fact,) if fact else ()
                yield f"{angle}/{phrase.id}", replace(plain, facts=stated, **words)
    for fact in facts.usable:
        yield f"benefit/{fact.key}", replace(plain, body=fact.line, facts=(fact,))
    for button in pack.calls_to_action:
        yield f"cta/{button.action}", replace(plain, action=button.action)


FIELDS = {"headlines": "headline", "bodies": "body", "descriptions": "description"}


def _suits(phrase: Phrase, brief: Brief) -> bool:
    return not phrase.categories or brief.product.category in phrase.categories


def _filled(
    phrase: Phrase, pack: MarketPack, brief: Brief, fact: Fact | None
) -> tuple[str, str]:
    """The phrase and its gloss with their slots filled."""
    locale = pack.market.locale
    gloss = phrase.gloss or phrase.text
    return (
        render(phrase.text, slots_of(brief, pack, fact), locale=locale),
        render(gloss, gloss_slots(brief, pack, fact), locale="en-US"),
    )


def sample_creative(
    copy: Copy, brief: Brief, pack: MarketPack, placement: Placement
) -> Creative:
    """A creative that holds this copy over no picture."""
    return Creative(
        id=CreativeId("sample"),
        campaign=brief.slug,
        market=Locale(pack.market.locale),
        placement=placement.id,
        variant="sample",
        copy=copy,
        picture=Picture(
            sha256="",
            width_px=placement.width_px,
            height_px=placement.height_px,
            set=pack.sets_favoured[0],
            palette=pack.palettes[0].id,
            seed=0,
            model="none",
            product_box=Box(left=0.3, top=0.4, right=0.7, bottom=0.9),
        ),
        rendition=Rendition(
            sha256="",
            width_px=placement.width_px,
            height_px=placement.height_px,
            layout="none",
            media_type="image/png",
            size_bytes=1,
        ),
        attributes={},
        seed=0,
        text_model="phrasebook",
    )


def _texts(pack: MarketPack) -> Iterator[tuple[str, str]]:
    """Every text of the pack that is drawn."""
    for angle, phrases in pack.phrases.items():
        for kind in FIELDS:
            for phrase in phrases.of(kind):
                yield f"{angle}/{phrase.id}", phrase.text
    for key, benefit in pack.benefits.items():
        yield f"benefit/{key}", f"{benefit.line} {benefit.note}"
    for button in pack.calls_to_action:
        yield f"cta/{button.action}", button.text
    words = pack.price
    yield "price", f"{words.pattern} {words.plain} {words.reduced} {words.until}"
    yield "price/instalments", words.instalments
    yield "legal_line", pack.legal_line


def _in_words(finding: Finding) -> str:
    return f"{finding.severity} {finding.rule} in {finding.field}: {finding.evidence!r}"


def _summary(pack: MarketPack) -> Summary:
    notes = (*pack.writing, *pack.scenes, *pack.people, *pack.price.habits)
    facts = (
        *pack.appeals, *pack.trust_signals, *pack.sets, *notes, *pack.calendar,
        *pack.quiet_dates, *pack.rules, *pack.conditions, pack.humour,
    )  # fmt: skip
    named = [fact for fact in facts if getattr(fact, "source", "") or getattr(fact, "law", "")]
    return Summary(
        locale=pack.market.locale,
        name=pack.market.name,
        currency=pack.market.currency,
        angles=len(pack.phrases),
        phrases=sum(
            len(phrases.of(kind)) for phrases in pack.phrases.values() for kind in FIELDS
        ),
        benefits=len(pack.benefits),
        rules=len(pack.rules) + len(pack.conditions) + len(pack.regional_words),
        events=len(pack.calendar),
        quiet_dates=len(pack.quiet_dates),
        facts=len(facts),
        sourced=len(named),
    )
