"""ICU patterns become words by each language's own rules."""

from __future__ import annotations

from decimal import Decimal

import pytest

from studio.errors import InputError
from studio.markets.messages import amount, render

YEARS = "{value, plural, one{سنة} two{سنتين} few{# سنوات} many{# سنة} other{# سنة}}"


@pytest.mark.parametrize(
    ("value", "words"),
    [(1, "سنة"), (2, "سنتين"), (3, "3 سنوات"), (10, "10 سنوات"), (11, "11 سنة")],
)
def test_arabic_nouns_agree_with_their_number(value: int, words: str) -> None:
    assert render(YEARS, {"value": value}, locale="ar-SA") == words


def test_digits_are_western_in_arabic_too() -> None:
    assert render("{value}", {"value": 1299.5}, locale="ar-SA") == "1,299.5"


def test_german_writes_a_decimal_comma() -> None:
    assert render("{value}", {"value": 1.8}, locale="de-DE") == "1,8"


@pytest.mark.parametrize(
    ("locale", "words"),
    [
        ("en-US", "24 hours"),
        ("de-DE", "24 Stunden"),
        ("ar-SA", "24 ساعة"),
        ("ja-JP", "24 時間"),
    ],
)
def test_units_are_written_as_cldr_has_them(locale: str, words: str) -> None:
    assert amount(Decimal(24), "hour", locale=locale) == words


def test_decibels_are_written_as_a_symbol() -> None:
    assert amount(Decimal("38.5"), "decibel", locale="de-DE") == "38,5\u00a0dB"


def test_an_unknown_unit_is_named() -> None:
    with pytest.raises(InputError, match="'horse'"):
        amount(Decimal(1), "horse", locale="en-US")


@pytest.mark.parametrize("pattern", ["{value", "{value, plural, one{x}}", "{a b}"])
def test_a_broken_pattern_is_an_input_error(pattern: str) -> None:
    with pytest.raises(InputError, match="can't be written"):
        render(pattern, {"value": 1}, locale="en-US")


def test_text_in_a_slot_is_never_read_as_a_pattern() -> None:
    shown = render("{product}!", {"product": "{value} '{'"}, locale="en-US")
    assert shown == "{value} '{'!"
