"""Compliance hears of characters that typesetting would refuse, before anything is set."""

from __future__ import annotations

import pytest

from studio.errors import InputError
from studio.imaging.coverage import missing_glyphs, missing_in_pack
from studio.imaging.fonts import load_faces
from tests.imaging.examples import FACES, a_pack, typefaces_of

CURRENCY_TEXTS = {
    "hi-IN": "₹12,999",
    "vi-VN": "3.290.000 ₫",
    "ko-KR": "₩329,000 원",
    "tr-TR": "4.999 ₺",
    "pl-PL": "299 zł",
    "pt-BR": "R$ 1.299",
    "ar-SA": "499 \u20c1",
    "th-TH": "4,990 บาท ฿4,990",
    "id-ID": "Rp1.299.000",
    "zh-CN": "¥1,299元",
    "zh-TW": "NT$4,990",
}


@pytest.mark.parametrize("locale", CURRENCY_TEXTS)
def test_each_market_can_draw_its_currency(locale: str) -> None:
    assert missing_glyphs(CURRENCY_TEXTS[locale], typefaces_of(locale)) == ""
    assert load_faces(typefaces_of(locale)).prepared(CURRENCY_TEXTS[locale], field="offer")


def test_the_riyal_sign_is_written_in_letters_where_no_font_has_it() -> None:
    faces = load_faces(typefaces_of("ar-SA"))
    assert faces.prepared("499 \u20c1", field="offer_line") == "499 ر.س"
    assert missing_glyphs("\u20c1", typefaces_of("en-US")) == "\u20c1"


def test_each_missing_character_is_named_once_in_order() -> None:
    assert missing_glyphs("飯 🍚 and 飯 again", typefaces_of("en-US")) == "飯🍚"
    assert missing_in_pack("飯", a_pack("ja-JP")) == ""


def test_marks_that_nobody_sees_are_no_glyphs() -> None:
    assert missing_glyphs("\u2067أرز\u2069\u200d\ufe0f\n", typefaces_of("ar-SA")) == ""


@pytest.mark.parametrize("locale", sorted(FACES))
def test_it_agrees_with_typesetting(locale: str) -> None:
    """Exactly what is named missing is refused."""
    typefaces = typefaces_of(locale)
    faces = load_faces(typefaces)
    for char in "aéłşğİıơữ₫₹₺€£¥—’“”«»…飯骨가ขुश्كب\u20c1🍚":
        if missing_glyphs(char, typefaces):
            with pytest.raises(InputError, match="no glyph"):
                faces.prepared(char, field="headline")
        else:
            faces.prepared(char, field="headline")
