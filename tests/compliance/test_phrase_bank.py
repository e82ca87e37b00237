"""Every phrase of every market, with a claim that proves it, passes the market's own rules."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

import pytest

from studio.compliance.engine import check
from studio.domain.brief import Brief
from studio.domain.claim import Claim
from studio.domain.creative import Copy, Gloss
from studio.domain.finding import Finding
from studio.domain.market import Locale
from studio.markets.facts import Fact, facts_of, gloss_slots, slots_of
from studio.markets.messages import render
from studio.markets.pack import MarketPack, Phrase
from studio.markets.prices import offer_line
from tests.compliance.cases import LIBRARY, sound_copy
from tests.examples import a_copy, a_creative
from tests.markets.demo import REPORT, a_placement, an_offer, demo_brief

LOCALES = LIBRARY.locales()
FIELDS = {"headlines": "headline", "bodies": "body", "descriptions": "description"}
SEVEN = 7.0
"""Stands in for every value; no phrase may bring a number of its own."""
NOTHING = Gloss(headline="", body="", cta="")


def brief_for(pack: MarketPack, *, benefit: str = "", category: str = "") -> Brief:
    """A brief with one offer and, where a benefit is named, the claim that proves it."""
    claims = []
    if benefit:
        entry = pack.benefits[benefit]
        category = category or (entry.categories or ("rice_cooker",))[0]
        value = SEVEN if entry.valued else None
        claims = [
            Claim(id="it", benefit=benefit, value=value, unit=entry.unit, evidence=REPORT)
        ]
    brief = demo_brief()
    return replace(
        brief,
        claims=tuple(claims),
        offers=(an_offer(pack.market.locale, "1290", pack.market.currency),),
        markets=(Locale(pack.market.locale),),
        product=replace(brief.product, category=category or "rice_cooker"),
        approvals={condition.permit: "77" for condition in pack.conditions if condition.permit},
    )


def plain_copy(brief: Brief, pack: MarketPack, fact: Fact | None, **words: str) -> Copy:
    """Copy that says nothing but `words`, price and small print."""
    offer = brief.offer_in(pack.market.locale)
    legal = render(pack.legal_line, slots_of(brief, pack), locale=pack.market.locale)
    copy = a_copy(
        headline="SmartChef",
        body="SmartChef",
        cta="SmartChef",
        offer_line=offer_line(offer, pack).text,
        legal_line=f"{legal} {fact.note if fact else ''}",
        gloss=NOTHING,
        sources=(),
    )
    return replace(copy, **words)


def every_phrase(pack: MarketPack) -> Iterator[tuple[str, Brief, Copy]]:
    """Each phrase in its field, beside nothing but the product's name."""
    for angle, phrases in pack.phrases.items():
        for kind, field in FIELDS.items():
            for phrase in phrases.of(kind):
                category = (phrase.categories or ("",))[0]
                brief = brief_for(pack, benefit=phrase.benefit, category=category)
                fact = facts_of(brief, pack).of(phrase.benefit) if phrase.benefit else None
                words = {field: filled(phrase, brief, pack, fact)}
                yield f"{angle}/{phrase.id}", brief, plain_copy(brief, pack, fact, **words)


def filled(phrase: Phrase, brief: Brief, pack: MarketPack, fact: Fact | None) -> str:
    assert fact is not None or not phrase.benefit, f"no claim for {phrase.benefit}"
    render(phrase.gloss or phrase.text, gloss_slots(brief, pack, fact), locale="en-US")
    return render(phrase.text, slots_of(brief, pack, fact), locale=pack.market.locale)


def found_in(copy: Copy, brief: Brief, pack: MarketPack) -> list[tuple[str, str]]:
    found: tuple[Finding, ...] = check(
        a_creative(market=pack.market.locale, copy=copy),
        brief=brief,
        pack=pack,
        placement=a_placement(),
    )
    return [(each.rule, each.evidence) for each in found]


@pytest.mark.parametrize("locale", LOCALES)
def test_every_phrase_passes(locale: str) -> None:
    pack = LIBRARY.pack(locale)
    found = {
        name: hits
        for name, brief, copy in every_phrase(pack)
        if (hits := found_in(copy, brief, pack))
    }
    assert found == {}


@pytest.mark.parametrize("locale", LOCALES)
def test_every_button_passes(locale: str) -> None:
    pack = LIBRARY.pack(locale)
    brief = brief_for(pack)
    for button in pack.calls_to_action:
        copy = plain_copy(brief, pack, None, cta=button.text)
        assert found_in(copy, brief, pack) == [], button.text


@pytest.mark.parametrize("locale", LOCALES)
def test_every_benefit_of_the_catalogue_passes(locale: str) -> None:
    pack = LIBRARY.pack(locale)
    found = {}
    for benefit in pack.benefits:
        brief = brief_for(pack, benefit=benefit)
        (fact,) = facts_of(brief, pack).usable
        hits = found_in(plain_copy(brief, pack, fact, body=fact.line), brief, pack)
        if hits:
            found[benefit] = hits
    assert found == {}


@pytest.mark.parametrize("locale", ["ar-SA", "de-DE", "en-US", "ja-JP"])
def test_whole_creatives_of_the_demo_pass_but_for_the_former_price(locale: str) -> None:
    pack, brief = LIBRARY.pack(locale), demo_brief()
    found = found_in(sound_copy(locale, brief), brief, pack)
    assert [rule for rule, _ in found] == (["US-05"] if locale == "en-US" else [])
