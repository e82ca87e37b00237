"""Lines are even, end where speech pauses, and never break what belongs together."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from studio.imaging.lines import NBSP, NEVER_FIRST, broken, fewest_lines, pieces


def monospace(line: str) -> float:
    return 10.0 * len(line)


def lines_of(text: str, count: int, language: str = "en") -> tuple[str, ...]:
    found = broken(text, language, count, monospace)
    assert found is not None
    return found.lines


def test_two_lines_are_as_even_as_the_words_allow() -> None:
    assert lines_of("Dinner that waits for everyone", 2) == (
        "Dinner that waits",
        "for everyone",
    )


def test_a_line_ends_at_a_comma_where_that_is_nearly_as_even() -> None:
    assert lines_of("Great rice tonight, no splurge required", 2) == (
        "Great rice tonight,",
        "no splurge required",
    )


def test_a_short_word_does_not_dangle_at_the_end_of_a_line() -> None:
    """Even would be 'the best of' / 'every grain'; 'of' belongs to what follows."""
    assert lines_of("the best of every grain", 2) == ("the best", "of every grain")


def test_japanese_breaks_between_phrases_only() -> None:
    text = "いつものごはんに、いい道具を。"
    assert lines_of(text, 2, "ja") == ("いつものごはんに、", "いい道具を。")


def test_a_number_keeps_its_unit_and_a_name_its_letters() -> None:
    parts, joiner = pieces("SmartChefなら最短25分で炊きあがり。", "ja")
    assert joiner == ""
    assert any("25分" in part for part in parts)
    assert any("SmartChef" in part for part in parts)


@given(st.text(alphabet="炊飯器のごはんをふっくら、。ー「」123円", min_size=1, max_size=40))
def test_no_japanese_line_begins_with_a_closing_mark(text: str) -> None:
    parts, _ = pieces(text, "ja")
    assert "".join(parts) == text.strip()
    assert all(part[0] not in NEVER_FIRST for part in parts[1:])


@given(
    st.lists(st.text(alphabet="abcdefgh,", min_size=1, max_size=9), min_size=1, max_size=9),
    st.integers(1, 4),
)
def test_breaking_keeps_every_word_in_order(words: list[str], count: int) -> None:
    found = broken(" ".join(words), "en", count, monospace)
    if len(words) < count:
        assert found is None
    else:
        assert found is not None
        assert len(found.lines) == count
        assert " ".join(found.lines).split() == words
        assert found.widest == max(monospace(line) for line in found.lines)


def test_no_other_break_into_two_lines_is_narrower() -> None:
    text = "sixteen presets plus really smart cooking"
    words = text.split()
    widths = [
        max(monospace(" ".join(words[:i])), monospace(" ".join(words[i:])))
        for i in range(1, len(words))
    ]
    found = broken(text, "en", 2, monospace)
    assert found is not None
    assert found.widest == min(widths)


def test_as_few_lines_as_fit_or_none() -> None:
    text = "one two three four"
    found = fewest_lines(text, "en", width=100, most=3, width_of=monospace)
    assert found is not None
    assert found.lines == ("one two", "three four")
    assert fewest_lines(text, "en", width=40, most=3, width_of=monospace) is None


@pytest.mark.parametrize("text", ["  Rice\nfor two ", "Rice for two"])
def test_line_ends_in_the_copy_are_spaces(text: str) -> None:
    assert pieces(text, "en") == (("Rice", "for", "two"), " ")


def shown_pieces(text: str, language: str) -> list[str]:
    return [part.replace(NBSP, " ") for part in pieces(text, language)[0]]


THAI = (
    "หุงข้าว|ได้|สมบูรณ์แบบ|ทุกครั้ง",
    "ข้าวหอม|นุ่ม|พร้อมเสิร์ฟ|ทุกมื้อ",
    "หม้อหุงข้าว|อัจฉริยะ|สำหรับ|ทุก|ครอบครัว",
    "ตั้งเวลา|ล่วงหน้า |ตื่นมา|ก็|มี|ข้าวสวย|ร้อนๆ",
    "เทคโนโลยี|ไมโครคอมพิวเตอร์ |ควบคุม|อุณหภูมิ|แม่นยำ",
    "อุ่น|ข้าว|ได้|นาน |24 ชั่วโมง",
    "กลับบ้าน|มา |ข้าว|ก็|สุกพอดี",
    "ทำความสะอาด|ง่าย |หม้อใน|เคลือบ|กันติด",
)


@pytest.mark.parametrize("words", THAI)
def test_thai_breaks_between_words_and_keeps_compounds(words: str) -> None:
    assert list(pieces(words.replace("|", ""), "th")[0]) == words.split("|")


def test_thai_ends_a_line_at_a_space_where_that_is_nearly_as_even() -> None:
    found = broken("กลับบ้านมา ข้าวก็สุกพอดี", "th", 2, monospace)
    assert found is not None
    assert found.lines == ("กลับบ้านมา", "ข้าวก็สุกพอดี")


@pytest.mark.parametrize(
    ("text", "language", "expected"),
    [
        ("W domu i w pracy", "pl", ["W domu", "i w pracy"]),
        ("Ryż z warzywami a smak", "pl", ["Ryż", "z warzywami", "a smak"]),
        ("Prêt ? Oui : « à table » !", "fr", ["Prêt ?", "Oui :", "« à", "table » !"]),
        ("Jetzt 1 299 € oder 5 kg", "de", ["Jetzt", "1 299 €", "oder", "5 kg"]),
        ("por R$ 1.299 à vista", "pt", ["por", "R$ 1.299", "à", "vista"]),
        ("Nồi cơm điện cho cả nhà.", "vi", ["Nồi cơm điện", "cho", "cả nhà."]),
        ("따뜻한 밥 한 공기", "ko", ["따뜻한", "밥", "한 공기"]),
    ],
)
def test_what_no_line_end_may_part(text: str, language: str, expected: list[str]) -> None:
    assert shown_pieces(text, language) == expected


def test_korean_breaks_at_spaces_only_and_keeps_bound_nouns_back() -> None:
    text = "누구나 쉽게 즐길 수 있는 갓 지은 밥"
    assert shown_pieces(text, "ko") == ["누구나", "쉽게", "즐길 수 있는", "갓", "지은", "밥"]
    for count in (2, 3):
        found = broken(text, "ko", count, monospace)
        assert found is not None
        assert " ".join(found.lines).replace(NBSP, " ") == text
        assert not any(line.endswith(" 갓") for line in found.lines)


@pytest.mark.parametrize(
    ("text", "language", "whole"),
    [
        ("智能电饭煲，24小时保温的家常味道", "zh", ("智能", "电饭煲，", "24小时", "保温的")),
        ("把本分做好，粒粒分明，米香四溢", "zh", ("本分", "粒粒分明，", "四溢")),
        ("智慧電子鍋，24 小時保溫", "zh-Hant", ("智慧電子鍋，", "24 小時")),
    ],
)
def test_chinese_breaks_by_phrase(text: str, language: str, whole: tuple[str, ...]) -> None:
    parts = shown_pieces(text, language)
    assert "".join(parts) == text
    assert all(any(word in part for part in parts) for word in whole)
    assert not any(part[0] in "，。的" for part in parts)


def test_a_hindi_postposition_stays_with_its_noun() -> None:
    found = broken("पूरे परिवार के लिए ताज़ा चावल", "hi", 2, monospace)
    assert found is not None
    assert found.lines == ("पूरे परिवार के लिए", "ताज़ा चावल")


def test_a_sentence_does_not_leave_its_first_word_behind() -> None:
    found = broken("Él barre. Tú, de paseo.", "es", 2, monospace)
    assert found is not None
    assert found.lines == ("Él barre.", "Tú, de paseo.")


def test_a_german_compound_is_parted_only_where_nothing_else_fits() -> None:
    text = "Reiskocherzubehör für Zuhause"
    wide = fewest_lines(text, "de", width=200, most=3, width_of=monospace)
    narrow = fewest_lines(text, "de", width=120, most=3, width_of=monospace)
    assert wide is not None
    assert narrow is not None
    assert wide.lines == ("Reiskocherzubehör", "für Zuhause")
    assert narrow.lines[0].endswith("-")
    assert "".join(narrow.lines).replace("-", "").startswith("Reiskocherzubehör")
    assert all(len(part) >= 5 for part in narrow.lines[0].strip("-").split())
    assert (
        fewest_lines("Reiskocherzubehör", "pl", width=120, most=3, width_of=monospace) is None
    )


def test_a_short_word_is_not_left_on_a_line_of_its_own() -> None:
    """The preposition of an Arabic headline goes with the word after it."""
    found = broken("أرز متقن من أول حبة", "ar", 3, monospace)
    assert found is not None
    assert "من" not in found.lines


def test_a_stump_between_long_lines_counts_as_ragged() -> None:
    """Of widths 10, 4 and 10 the slack is 0.2, and 0.05 is missing to the least share."""
    found = broken("aaaaaaaaaa bbbb cccccccccc", "en", 3, monospace)
    assert found is not None
    lonely_last_word = 0.12
    assert found.ragged == pytest.approx(0.2 * 0.35 + lonely_last_word + 0.05 * 0.6)


def test_a_soft_hyphen_in_the_copy_is_seen_only_where_it_parts() -> None:
    text = "Spül\u00admaschinen\u00adfest"
    whole = fewest_lines(text, "de", width=300, most=2, width_of=monospace)
    parted = fewest_lines(text, "de", width=140, most=2, width_of=monospace)
    assert whole is not None
    assert parted is not None
    assert whole.lines == ("Spülmaschinenfest",)
    assert parted.lines == ("Spül-", "maschinenfest")
