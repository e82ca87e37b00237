"""Every phrase of every market, with the demo's claims, passes the market's own rules."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

import pytest

from studio.compliance.engine import check
from studio.domain.claim import Claim
from studio.domain.creative import Copy, Gloss
from studio.domain.finding import Severity
from studio.markets.facts import facts_of, gloss_slots, slots_of
from studio.markets.messages import render
from studio.markets.pack import MarketPack, Phrase
from studio.markets.prices import offer_line
from tests.compliance.cases import LIBRARY, sound_copy
from tests.examples import a_creative
from tests.markets.demo import CLAIMS, LOCALES, REPORT, a_placement, demo_brief

BRIEF = demo_brief()


def every_copy(pack: MarketPack, filler: Copy) -> Iterator[tuple[str, Copy]]:
    """Each headline over a plain body, and each body under a plain headline."""
    for angle, phrases in pack.phrases.items():
        for phrase in phrases.headlines:
            yield f"{angle}/{phrase.id}", replace(filler, headline=filled(phrase, pack))
        for phrase in phrases.bodies:
            yield f"{angle}/{phrase.id}", replace(filler, body=filled(phrase, pack))
    for fact in facts_of(BRIEF, pack).usable:
        yield f"benefit/{fact.key}", replace(filler, body=fact.line)
    for button in pack.calls_to_action:
        yield f"cta/{button.action}", replace(filler, cta=button.text)


def filled(phrase: Phrase, pack: MarketPack) -> str:
    fact = facts_of(BRIEF, pack).of(phrase.benefit) if phrase.benefit else None
    assert fact is not None or not phrase.benefit, f"no demo claim for {phrase.benefit}"
    gloss = phrase.gloss or phrase.text
    assert render(gloss, gloss_slots(BRIEF, pack, fact), locale="en-US").isascii()
    return render(phrase.text, slots_of(BRIEF, pack, fact), locale=pack.market.locale)


@pytest.mark.parametrize("locale", LOCALES)
def test_every_phrase_passes(locale: str) -> None:
    pack = LIBRARY.pack(locale)
    filler = replace(
        sound_copy(locale, BRIEF),
        offer_line=offer_line(BRIEF.offer_in(pack.market.locale), pack).text,
        sources=tuple(f"claim:{claim.id}" for claim in CLAIMS),
        gloss=Gloss(headline="", body="", cta=""),
    )
    found = {
        (name, finding.rule, finding.evidence)
        for name, copy in every_copy(pack, filler)
        for finding in check(
            a_creative(market=locale, copy=copy),
            brief=BRIEF,
            pack=pack,
            placement=a_placement(),
        )
        if not (finding.rule == "US-05" and finding.severity is Severity.WARN)
        if not (finding.rule == "DE-06" and "Garantiebedingungen" not in copy.legal_line)
    }
    assert found == set()


@pytest.mark.parametrize("locale", LOCALES)
def test_every_benefit_of_the_catalogue_passes(locale: str) -> None:
    """Seven stands in for every value; no benefit may bring a number of its own."""
    pack = LIBRARY.pack(locale)
    for benefit in pack.benefits.values():
        value = 7.0 if benefit.valued else None
        claim = Claim(
            id="it", benefit=benefit.key, value=value, unit=benefit.unit, evidence=REPORT
        )
        category = benefit.categories[0] if benefit.categories else "rice_cooker"
        product = replace(BRIEF.product, category=category)
        brief = demo_brief(claims=(claim,), product=product)
        (fact,) = facts_of(brief, pack).usable
        legal = f"{sound_copy(locale, brief).legal_line} {fact.note}"
        copy = replace(sound_copy(locale, brief), body=fact.line, legal_line=legal)
        found = check(
            a_creative(market=locale, copy=copy),
            brief=brief,
            pack=pack,
            placement=a_placement(),
        )
        assert [f for f in found if f.rule != "US-05"] == [], benefit.key


@pytest.mark.parametrize("locale", LOCALES)
def test_whole_creatives_pass_and_their_warnings_are_known(locale: str) -> None:
    pack = LIBRARY.pack(locale)
    found = check(
        a_creative(market=locale, copy=sound_copy(locale, BRIEF)),
        brief=BRIEF,
        pack=pack,
        placement=a_placement(),
    )
    assert [f.rule for f in found] == (["US-05"] if locale == "en-US" else [])
