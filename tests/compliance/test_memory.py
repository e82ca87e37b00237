"""What is remembered of earlier checks changes no verdict."""

from __future__ import annotations

from dataclasses import replace

import pytest

from studio.compliance import figures, language, lexicon, patterns, sieve
from studio.compliance.engine import check
from studio.domain.brief import Brief
from studio.domain.creative import Creative
from studio.domain.finding import Finding
from studio.markets.pack import MarketPack
from tests.compliance.cases import LIBRARY, sound_copy
from tests.examples import a_creative
from tests.markets.demo import a_placement, demo_brief

BY_TEXT = (
    figures.numbers_of,
    language._strange_part,
    lexicon.rule_places,
    patterns.first_place,
    sieve._sieved,
)


def forget() -> None:
    for remembered in BY_TEXT:
        remembered.cache_clear()


def verdict(creative: Creative, brief: Brief, pack: MarketPack) -> tuple[Finding, ...]:
    return check(creative, brief=brief, pack=pack, placement=a_placement())


def faulty(locale: str, brief: Brief) -> list[Creative]:
    """Three creatives that share most of their texts, with faults of words and facts."""
    sound = sound_copy(locale, brief)
    bodies = (sound.body, f"{sound.body} 100 % best, 7 kg, $3 !!!", sound.headline)
    copies = [replace(sound, body=body) for body in bodies]
    return [a_creative(market=locale, copy=copy) for copy in copies]


@pytest.mark.parametrize("locale", ["de-DE", "ja-JP", "ar-SA"])
def test_a_verdict_is_the_same_the_first_time_and_later(locale: str) -> None:
    pack, brief = LIBRARY.pack(locale), demo_brief()
    creatives = faulty(locale, brief)
    first = []
    for creative in creatives:
        forget()
        first.append(verdict(creative, replace(brief), pack))
    assert any(first)
    assert [verdict(each, brief, pack) for each in creatives] == first
    assert [verdict(each, brief, pack) for each in reversed(creatives)] == first[::-1]


def test_a_changed_brief_is_a_brief_of_its_own() -> None:
    pack, brief = LIBRARY.pack("en-US"), demo_brief()
    bare = replace(brief, claims=())
    creative = a_creative(
        market="en-US", copy=replace(sound_copy("en-US", brief), headline="24 hours warm")
    )
    for _ in range(2):
        assert "G-01" in {found.rule for found in verdict(creative, bare, pack)}
        assert "G-01" not in {found.rule for found in verdict(creative, brief, pack)}
