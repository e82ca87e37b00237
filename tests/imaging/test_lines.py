"""Lines are even, end where speech pauses, and never break what belongs together."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from studio.imaging.lines import NEVER_FIRST, broken, fewest_lines, pieces


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
