"""A page carries the letters it needs and no more."""

from __future__ import annotations

from io import BytesIO

import pytest
from fontTools.ttLib import TTFont

from studio.reporting.fonts import caption_font, copy_font, page_font


def letters_of(woff: bytes) -> set[str]:
    return {chr(code) for code in TTFont(BytesIO(woff)).getBestCmap()}


def test_the_page_font_has_the_letters_and_signs_that_reports_use() -> None:
    assert set("ABCxyzäöüéß0123456789%·–\N{MINUS SIGN}‘’€") <= letters_of(page_font())
    assert len(page_font()) < 60_000


def test_japanese_and_arabic_copy_brings_its_own_letters() -> None:
    assert letters_of(copy_font("ja-JP", "炊きたて炊")) >= set("炊きたて")
    assert letters_of(copy_font("ar-SA", "أرز")) >= set("أرز")
    assert len(copy_font("ja-JP", "炊きたて炊")) < 20_000


@pytest.mark.parametrize(
    ("locale", "text"),
    [
        ("ko-KR", "갓지은밥"),
        ("zh-CN", "电饭煲"),
        ("zh-TW", "電子鍋"),
        ("hi-IN", "चावल₹"),
        ("th-TH", "หุงข้าว"),
        ("vi-VN", "cơm dẻo ₫"),
    ],
)
def test_every_script_brings_its_own_letters(locale: str, text: str) -> None:
    assert letters_of(copy_font(locale, text)) >= set(text)


def test_han_letters_come_in_the_forms_of_their_region() -> None:
    """The bone (U+9AA8) is drawn differently in Beijing, Taipei and Tokyo."""
    forms = set()
    for locale in ("ja-JP", "zh-CN", "zh-TW"):
        font = TTFont(BytesIO(copy_font(locale, "骨")))
        forms.add(tuple(font["glyf"][font.getBestCmap()[ord("骨")]].coordinates))
    assert len(forms) == 3


def test_latin_copy_needs_no_other_font() -> None:
    assert copy_font("de-DE", "Größe") == b""


def test_heavier_captions_are_wider() -> None:
    light, bold = (caption_font(40, weight).getlength("Family") for weight in (300, 800))
    assert bold > light
