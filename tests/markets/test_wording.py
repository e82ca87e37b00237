"""Normal form, numbers and script of a text."""

from __future__ import annotations

from decimal import Decimal

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from studio.markets.wording import cleaned, normalised, numbers_in, script_share


@pytest.mark.parametrize(
    ("tricky", "plain"),
    [
        ("N\u200bo.①", "No.1"),
        ("１００％", "100%"),
        ("No.➀ and ❷", "No.1 and 2"),
        ("最 高 の", "最高の"),
        ("مضـــمون", "مضمون"),
        ("مجّانًا", "مجانا"),
        ("٢٤ ساعة", "24 ساعة"),
        ("be\u00adst\u202e", "best"),
        ("two  words", "two words"),
    ],
)
def test_tricks_are_folded_away(tricky: str, plain: str) -> None:
    assert normalised(tricky) == plain


@given(st.text(max_size=60))
@example("A\rA\rA\x85A")
def test_normal_form_is_stable(text: str) -> None:
    once = normalised(text)
    assert normalised(once) == once


@given(st.text(max_size=60))
def test_cleaned_text_has_no_controls_and_one_line(text: str) -> None:
    shown = cleaned(text)
    assert not any(ord(char) < 32 or char in "\u202e\u2066\u200b" for char in shown)
    assert cleaned(shown) == shown


def test_cleaning_keeps_a_no_break_space_before_a_currency() -> None:
    assert cleaned(" 139\u00a0€\n") == "139\u00a0€"


@pytest.mark.parametrize(
    ("locale", "text", "values"),
    [
        ("en-US", "$1,299.50 for 2", ["1299.50", "2"]),
        ("de-DE", "1.299,50 € und 1,8 Liter.", ["1299.50", "1.8"]),
        ("de-DE", "12 Programme. 24 Stunden.", ["12", "24"]),
        ("ja-JP", "19,800円、12種類", ["19800", "12"]),
        ("ar-SA", "١٢ برنامجًا و1.8 لتر", ["12", "1.8"]),
        ("en-US", "IPX4, not a plain number", ["4"]),
    ],
)
def test_numbers_are_read_by_the_locales_separators(
    locale: str, text: str, values: list[str]
) -> None:
    assert [value for _, value in numbers_in(text, locale=locale)] == list(map(Decimal, values))


@pytest.mark.parametrize(
    ("text", "script", "share"),
    [
        ("أرز abc", "Arab", 0.5),
        ("ごはん炊飯", "Jpan", 1.0),
        ("rice", "Jpan", 0.0),
        ("24 + 2", "Arab", 1.0),
        ("größer", "Latn", 1.0),
    ],
)
def test_script_share_counts_letters(text: str, script: str, share: float) -> None:
    assert script_share(text, script=script) == share
