"""Shaping per script: marks find their place, lines don't touch, Han forms are the region's."""

from __future__ import annotations

import numpy as np
import pytest
import skia

from studio.imaging.fonts import load_faces
from studio.imaging.lines import broken
from studio.imaging.text import RHYTHMS, Run, TextBlock, TextEngine, isolated
from tests.imaging.examples import a_market, typefaces_of


def engine_of(locale: str) -> TextEngine:
    return TextEngine(load_faces(typefaces_of(locale)), a_market(locale))


def drawn(engine: TextEngine, block: TextBlock, *, pad: int = 60) -> np.ndarray:
    """Coverage of a block on its own, with room around it."""
    size = (int(block.height_px) + 2 * pad, int(block.width_px) + 2 * pad, 4)
    layer = np.zeros(size, np.uint8)
    surface = skia.Surface(layer)
    engine.draw(
        surface.getCanvas(), block, left_px=pad, top_px=pad, align=0.0, colour=(1, 1, 1)
    )
    surface.flushAndSubmit()
    return layer[:, :, 3]


STACKED = {
    "th-TH": ("ที่นี่มีผู้ที่รู้จัก", "น้ำปลาดีที่สุด ปั๊ม"),
    "hi-IN": ("हर्षपूर्ण ज़िंदगी ट्रैक्टर", "रूढ़ियाँ और द्धि"),
    "vi-VN": ("MỘT BỮA CƠM", "Ấm cả bữa sum vầy"),
    "ar-SA": ("أهلًا بالضُّيوفِ", "لَحْظَةٌ دافِئَةٌ"),
    "pl-PL": ("Złoty żółw gęgał", "Święto Źrebiąt Ó"),
    "tr-TR": ("İyi ki ağaç", "Şöyle İşte Ğ"),
}


@pytest.mark.parametrize("locale", STACKED)
def test_no_mark_is_cut_off_or_touches_the_next_line(locale: str) -> None:
    """All ink lies in the block, and between two lines stays a row without any."""
    engine = engine_of(locale)
    for face, leading in (
        (engine.faces.heading, engine.rhythm.heading_leading),
        (engine.faces.text, engine.rhythm.text_leading),
    ):
        block = engine.block(
            [[Run(line, face)] for line in STACKED[locale]], size_px=80, leading=leading
        )
        ink = drawn(engine, block, pad=60).max(axis=1)
        rows = np.nonzero(ink > 40)[0]
        assert rows[0] >= 60 - 3
        assert rows[-1] <= 60 + block.height_px + 3
        empty = np.nonzero(ink[rows[0] : rows[-1]] == 0)[0]
        assert len(empty) >= 2


def test_hindi_stands_a_fifth_and_thai_a_quarter_further_apart_than_latin() -> None:
    latin = RHYTHMS["Latn"]
    for script, share in (("Deva", 1.20), ("Thai", 1.25)):
        rhythm = RHYTHMS[script]
        assert rhythm.heading_leading == pytest.approx(latin.heading_leading * share, abs=0.01)
        assert rhythm.text_leading == pytest.approx(latin.text_leading * share, abs=0.01)
        assert rhythm.heading_tracking == 0


def test_hindi_clusters_are_shaped_together() -> None:
    """A conjunct is one shape: narrower than its letters with a visible virama between."""
    engine = engine_of("hi-IN")
    face = engine.faces.text
    joined = engine.width("क्ष", face)
    apart = engine.width("क्\u200cष", face)
    assert joined < apart


def test_a_line_end_never_parts_a_hindi_cluster() -> None:
    text = "हर दाना खिला-खिला, हर शाम परिवार के साथ"
    found = broken(text, "hi", 3, lambda line: float(len(line)))
    assert found is not None
    assert " ".join(found.lines) == text


def test_one_han_letter_is_drawn_as_its_region_writes_it() -> None:
    """The bone (U+9AA8) differs between Tokyo, Beijing and Taipei."""
    forms = []
    for locale in ("ja-JP", "zh-CN", "zh-TW"):
        engine = engine_of(locale)
        block = engine.block([[Run("骨", engine.faces.text)]], size_px=120, leading=1.0)
        layer = np.zeros((200, 200, 4), np.uint8)
        surface = skia.Surface(layer)
        engine.draw(
            surface.getCanvas(), block, left_px=20, top_px=40, align=0.0, colour=(1, 1, 1)
        )
        surface.flushAndSubmit()
        forms.append(layer[:, :, 3].astype(int))
    for one, other in ((0, 1), (0, 2), (1, 2)):
        assert np.abs(forms[one] - forms[other]).mean() > 0.5


def test_turkish_keeps_the_dot_of_fi() -> None:
    """English gets the face's ligature; in Turkish it would hide what tells i from ı."""
    widths = {}
    for locale in ("en-US", "tr-TR"):
        engine = TextEngine(load_faces(typefaces_of("tr-TR")), a_market(locale))
        face = engine.faces.text
        apart = engine.width("f", face) + engine.width("i", face)
        widths[locale] = engine.width("fi", face) - apart
    assert widths["en-US"] < -1
    assert widths["tr-TR"] == pytest.approx(0, abs=0.1)


def test_latin_names_and_measures_are_isolated_in_arabic() -> None:
    """A number after a name belongs to the words that follow, a full stop to the line."""
    name, pop = "\u2066SmartChef\u2069", "\u2069"
    assert isolated("مع SmartChef.") == f"مع {name}."
    assert isolated("SmartChef 24 ساعة") == f"{name} 24 ساعة"
    assert isolated("سعة 1.8 L كاملة") == f"سعة \u20661.8 L{pop} كاملة"
    assert isolated(name) == name
    assert isolated("smartchef.example/sa") == f"\u2066smartchef.example/sa{pop}"


def test_a_number_after_a_latin_name_is_read_with_the_arabic_words() -> None:
    """Right to left: the name first, then 24, then hours; so 24 isn't at the right edge."""
    engine = engine_of("ar-SA")
    face = engine.faces.text

    def columns(text: str) -> np.ndarray:
        block = engine.block([[Run(text, face)]], size_px=60, leading=1.0)
        return drawn(engine, block).astype(int).sum(axis=0)

    line, name = columns("SmartChef 24 ساعة"), columns("SmartChef")
    width = len(name) - 2 * 60 - 4
    at_right = np.abs(line[-60 - width : -60] - name[-60 - width : -60]).mean()
    assert at_right < 0.2 * name[60:-60].mean()
