"""The bundled packs keep the promises that a shape can't express."""

from __future__ import annotations

import re

import pytest

from studio.domain.brief import Voice
from studio.markets.library import MarketLibrary
from studio.markets.pack import MarketPack
from studio.markets.wording import normalised

LIBRARY = MarketLibrary()
LOCALES = LIBRARY.locales()
PACKS = [LIBRARY.pack(locale) for locale in LOCALES]


@pytest.mark.parametrize("pack", PACKS, ids=LOCALES)
def test_every_angle_works_for_every_category_and_month_without_any_claim(
    pack: MarketPack,
) -> None:
    for phrases in pack.phrases.values():
        for group in (phrases.headlines, phrases.bodies):
            always = [p for p in group if not (p.benefit or p.categories or p.months)]
            assert len(always) >= 2


@pytest.mark.parametrize("pack", PACKS, ids=LOCALES)
def test_a_pack_speaks_in_every_voice_and_names_every_category(pack: MarketPack) -> None:
    assert set(pack.tone) == set(Voice)
    assert set(pack.product_nouns) == set(LIBRARY.categories())


@pytest.mark.parametrize("pack", PACKS, ids=LOCALES)
def test_no_phrase_holds_a_number_of_its_own(pack: MarketPack) -> None:
    texts = [
        phrase.text
        for phrases in pack.phrases.values()
        for phrase in (*phrases.headlines, *phrases.bodies)
    ]
    texts += [benefit.line for benefit in pack.benefits.values()]
    bare = [re.sub("LiFePO[4₄]|m³/", "", text) for text in texts]
    assert [text for text in bare if re.search(r"\d", normalised(text))] == []


@pytest.mark.parametrize("pack", PACKS, ids=LOCALES)
def test_no_headline_is_written_twice(pack: MarketPack) -> None:
    headlines = [
        phrase.text for phrases in pack.phrases.values() for phrase in phrases.headlines
    ]
    assert len(set(headlines)) == len(headlines)


@pytest.mark.parametrize("pack", PACKS, ids=LOCALES)
def test_the_unlocalised_line_stands_beside_the_local_ones(pack: MarketPack) -> None:
    assert "global_modern" in pack.phrases
    assert len(pack.phrases) >= 8


def test_palettes_are_legible() -> None:
    for pack in PACKS:
        for palette in pack.palettes:
            assert _contrast(palette.ink, palette.wall) >= 4.5, palette.id


def test_japanese_headlines_are_short() -> None:
    (pack,) = (pack for pack in PACKS if pack.market.locale == "ja-JP")
    for phrases in pack.phrases.values():
        for phrase in phrases.headlines:
            assert len(phrase.text.replace("{value}", "12")) <= 16, phrase.text


def _contrast(one: str, other: str) -> float:
    """WCAG 2 contrast ratio."""
    light, dark = sorted((_luminance(one), _luminance(other)), reverse=True)
    return (light + 0.05) / (dark + 0.05)


def _luminance(colour: str) -> float:
    channels = [int(colour[start : start + 2], 16) / 255 for start in (1, 3, 5)]
    red, green, blue = (
        value / 12.92 if value <= 0.04045 else ((value + 0.055) / 1.055) ** 2.4
        for value in channels
    )
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue
