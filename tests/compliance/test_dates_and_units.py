"""Numbers in their context: days of the calendar, times, units that a claim doesn't have."""

from __future__ import annotations

import pytest

from studio.compliance.dates import dates_of
from studio.compliance.units import unit_names
from studio.markets.messages import amount
from tests.compliance.cases import rules


@pytest.mark.parametrize(
    ("locale", "text", "date"),
    [
        ("tr-TR", "14 Şubat'ta mumlar", "14 Şubat"),
        ("fr-FR", "dès le 14 février", "14 février"),
        ("de-DE", "ab 3. März", "3. März"),
        ("en-US", "until March 31", "March 31"),
        ("ja-JP", "12月24日まで", "12月24日"),
        ("zh-CN", "3月8日见", "3月8日"),
    ],
)
def test_a_day_with_its_month_is_a_date(locale: str, text: str, date: str) -> None:
    match = dates_of(locale).search(text)
    assert match is not None
    assert match.group() == date


@pytest.mark.parametrize("text", ["24 Stunden warm", "12 Programme", "2 Jahre Garantie"])
def test_other_numbers_are_no_dates(text: str) -> None:
    assert dates_of("de-DE").search(text) is None


@pytest.mark.parametrize(
    ("locale", "text", "unit"),
    [
        ("de-DE", "24 Stunden warm", "hour"),
        ("ja-JP", "12 分で", "minute"),
        ("ar-SA", "24 ساعة", "hour"),
        ("hi-IN", "24 घंटे", "hour"),
        ("th-TH", "24 ชั่วโมง", "hour"),
        ("it-IT", "860 W", "watt"),
        ("tr-TR", "2 YIL", "year"),
    ],
)
def test_units_are_known_by_their_names(locale: str, text: str, unit: str) -> None:
    assert unit in unit_names(locale).after(text, text.index(" "))


def test_american_amounts_are_converted() -> None:
    from decimal import Decimal

    assert amount(Decimal(200), "celsius", locale="en-US") == "392\u00a0°F"  # 200 × 1.8 + 32
    assert amount(Decimal(20), "centimeter", locale="en-US") == "7.9 in"  # 20 ÷ 2.54
    assert amount(Decimal(200), "celsius", locale="en-GB") == "200\u00a0°C"


def test_twelve_programmes_prove_no_twelve_minutes() -> None:
    assert "G-01" in rules("de-DE", headline="Reis in 12 Minuten")
    assert "G-01" not in rules("de-DE", headline="12 Programme, ein Gerät")


@pytest.mark.parametrize(
    "headline",
    [
        "Am 11.11. zugreifen",
        "Ab 20/10 im Handel",
        "18 Uhr, der Reis ist fertig",
        "Am 14. Februar zu zweit",
        "Um 18:30 zu Tisch",
    ],
)
def test_clock_and_calendar_claim_nothing(headline: str) -> None:
    assert "G-01" not in rules("de-DE", headline=headline)


@pytest.mark.parametrize(
    ("locale", "body"),
    [
        ("pl-PL", "SmartChef vaří rýži, zatímco ty odpočíváš u televize."),
        ("tr-TR", "SmartChef ilə axşam yeməyi hər gün vaxtında hazırdır."),
    ],
)
def test_a_neighbours_letters_give_its_language_away(locale: str, body: str) -> None:
    assert "G-13" in rules(locale, body=body)
