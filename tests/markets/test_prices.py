"""Price lines as each market writes them and its law asks for them."""

from __future__ import annotations

from datetime import date

import pytest

from studio.domain.money import Money
from studio.markets.library import MarketLibrary
from studio.markets.prices import offer_line, price_text, reference_price
from tests.markets.demo import an_offer, demo_brief

LIBRARY = MarketLibrary()


@pytest.mark.parametrize(
    ("locale", "text", "gloss"),
    [
        ("en-US", "Now $129.99, was $159.99", "Now $129.99, was $159.99"),
        (
            "de-DE",
            "139\u00a0€ inkl. MwSt. statt 149\u00a0€ (niedrigster Preis der letzten 30 Tage)",
            "€139 including VAT instead of €149 (lowest price of the last 30 days)",
        ),
        ("ja-JP", "19,800円（税込）", "¥19,800 (tax included)"),
        ("ar-SA", "499 ر.س شامل ضريبة القيمة المضافة", "SAR 499 including value added tax"),
    ],
)
def test_demo_offers(locale: str, text: str, gloss: str) -> None:
    pack = LIBRARY.pack(locale)
    line = offer_line(demo_brief().offer_in(pack.market.locale), pack)
    assert line.text == text
    assert line.gloss.replace("\u00a0", " ") == gloss


def test_decimals_are_kept_where_there_are_some_and_thousands_are_grouped() -> None:
    german = LIBRARY.pack("de-DE")
    assert price_text(Money.of("1299.50", "EUR"), german) == "1.299,50\u00a0€"
    assert price_text(Money.of("1299", "EUR"), german) == "1.299\u00a0€"


def test_germany_shows_no_reduction_without_the_lowest_price_of_30_days() -> None:
    german = LIBRARY.pack("de-DE")
    offer = an_offer("de-DE", "139", "EUR", was=Money.of("169", "EUR"))
    assert reference_price(offer, german) is None
    assert offer_line(offer, german).text == "139\u00a0€ inkl. MwSt."


def test_germany_shows_no_reduction_that_isnt_one() -> None:
    german = LIBRARY.pack("de-DE")
    euro = Money.of("139", "EUR")
    offer = an_offer("de-DE", "139", "EUR", was=Money.of("169", "EUR"), lowest_30d=euro)
    assert "statt" not in offer_line(offer, german).text


@pytest.mark.parametrize(
    ("locale", "currency", "end"),
    [
        ("en-US", "USD", "Ends Dec 24"),
        ("de-DE", "EUR", "bis 24. Dez."),
        ("ja-JP", "JPY", "12月24日まで"),
        ("ar-SA", "SAR", "حتى 24 ديسمبر"),
    ],
)
def test_the_end_of_an_offer_is_said(locale: str, currency: str, end: str) -> None:
    offer = an_offer(locale, "500", currency, ends=date(2026, 12, 24))
    assert offer_line(offer, LIBRARY.pack(locale)).text.endswith(f" · {end}")


def test_a_foreign_currency_is_named_rather_than_dressed_up() -> None:
    text = price_text(Money.of("129.99", "USD"), LIBRARY.pack("de-DE"))
    assert "€" not in text
    assert "129,99" in text
