"""Text in another language is found, short or mixed names stay quiet."""

from __future__ import annotations

import re

import pytest

from studio.compliance.identification import LATIN, foreign_to
from studio.compliance.language import ALL_SCRIPTS, SIGNS
from studio.markets.pack import MarketPack
from studio.markets.rules import Check
from tests.compliance.cases import LIBRARY, a_condition, caught
from tests.markets.demo import demo_brief

LANGUAGE = a_condition(Check.LANGUAGE)
VARIANT = a_condition(Check.WRONG_SCRIPT_VARIANT)
LINES = {
    "de": "Der Reis wartet schon, wenn ihr nach Hause kommt.",
    "en": "Dinner is ready before the kids are home from school.",
    "es": "El arroz ya está listo cuando llegas a casa.",
    "fr": "Le riz est déjà prêt quand vous rentrez à la maison.",
    "id": "Nasi sudah siap ketika keluarga pulang ke rumah.",
    "it": "Il riso è già pronto quando torni a casa la sera.",
    "pl": "Ryż jest już gotowy, kiedy wracasz wieczorem do domu.",
    "pt": "O arroz já está pronto quando você chega em casa.",
    "tr": "Eve geldiğinizde pilav çoktan hazır olur.",
    "vi": "Cơm đã chín sẵn khi bạn về đến nhà.",
}

JAPANESE = (
    "ごはんが炊けました。毎日の食卓に、いつものおいしさを。"
    "帰りが遅い日も、温かいごはんが待っています。"
)


@pytest.mark.parametrize("own", LATIN)
@pytest.mark.parametrize("language", LATIN)
def test_sentences_are_told_apart(own: str, language: str) -> None:
    assert foreign_to(own, LINES[language]) == ("" if own == language else language)


@pytest.mark.parametrize("text", ["Rice on time", "Smart & easy", "Wow!", "SmartChef Pro", ""])
def test_what_is_too_short_to_tell_is_left_alone(text: str) -> None:
    assert foreign_to("de", text) in ("", "en")
    assert foreign_to("de", text[:10]) == ""


@pytest.mark.parametrize(
    ("locale", "body", "quote"),
    [
        ("de-DE", LINES["en"], LINES["en"]),
        ("de-DE", f"{LINES['de']} {LINES['en']}", LINES["en"]),
        ("de-DE", f"{LINES['de']} Mit WLAN, App und Bluetooth.", ""),
        ("de-DE", "SmartChef Smart Home App", ""),
        ("ja-JP", LINES["en"], LINES["en"]),
        ("ja-JP", f"{JAPANESE}{LINES['en']}", LINES["en"][:-1]),
        ("ja-JP", "SmartChefはBluetooth対応。アプリで操作できます。", ""),
        ("zh-CN", "ごはんが炊けました。", "ごはんが炊けました。"),
        ("zh-CN", "煮好一锅米饭，晚归也不怕。", ""),
        ("ar-SA", "أرز SmartChef جاهز", ""),
        ("en-US", "米饭已经煮好了", "米饭已经煮好了"),
    ],
)
def test_a_foreign_sentence_is_quoted(locale: str, body: str, quote: str) -> None:
    found = caught(locale, LANGUAGE, headline="SmartChef", body=body, cta="SmartChef")
    assert [each.evidence for each in found] == ([quote] if quote else [])


@pytest.mark.parametrize(
    ("locale", "body", "wrong"),
    [
        ("zh-TW", "手机里的视频，质量很好", ["机", "视频", "质"]),
        ("zh-TW", "廚房裡的群峰，灶上飯香", []),
        ("zh-CN", "廚房裡飯香四溢", ["廚", "裡飯"]),
        ("zh-CN", "厨房里饭香四溢，后面皇后", []),
        ("ja-JP", "国内の体験を学ぶ", []),
        ("ja-JP", "这个锅很好", ["这", "锅"]),
    ],
)
def test_characters_of_the_other_script_are_named(
    locale: str, body: str, wrong: list[str]
) -> None:
    found = caught(locale, VARIANT, headline="SmartChef", body=body, cta="SmartChef")
    assert [each.evidence for each in found] == wrong


def test_regional_words_say_what_people_say_here() -> None:
    pack: MarketPack = LIBRARY.pack("zh-TW")
    assert pack.regional_words
    found = caught(
        "zh-TW", a_condition(Check.REGIONAL_WORD), headline="用視頻學做飯", body="飯"
    )
    assert any("視頻 → " in each.fix for each in found)


def test_mixed_forms_of_address_are_both_quoted() -> None:
    condition = a_condition(Check.REGISTER_MIX)
    (found,) = caught(
        "de-DE", condition, headline="Hol dir Ruhe", body="Damit sparen Sie Zeit."
    )
    assert found.evidence == "du: dir · Sie: Sie"
    assert (found.field, found.start) == ("body", 13)


def test_a_translated_claim_waits_for_somebody_who_reads_it() -> None:
    condition = a_condition(Check.TRANSLATED_CLAIM)
    sources = ("claim:warm", "translated:lid")
    (found,) = caught("de-DE", condition, brief=demo_brief(), sources=sources)
    assert found.evidence == "lid"


def test_signs_are_letters_of_no_script() -> None:
    signs = re.compile(f"[{SIGNS}]")
    letters = re.compile(f"[{ALL_SCRIPTS}]")
    for char in map(chr, range(0x10000)):
        if signs.match(char):
            assert not char.isalpha()
            assert not letters.match(char)
