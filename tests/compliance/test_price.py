"""Prices hold together and are shown as each market's law asks."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from typing import Any

import pytest

from studio.domain.brief import Brief
from studio.domain.money import Money
from tests.compliance.cases import findings, rules
from tests.markets.demo import an_offer, demo_brief

NBSP = "\u00a0"


def with_offer(market: str, price: str, currency: str, **fields: Any) -> Brief:
    money = {
        name: Money.of(value, currency) if name in ("was", "lowest_30d") else value
        for name, value in fields.items()
    }
    return demo_brief(offers=(an_offer(market, price, currency, **money),))


def test_a_price_that_rose_is_no_reduction() -> None:
    assert "G-06" in rules("en-US", brief=with_offer("en-US", "160", "USD", was="160"))
    assert "G-06" not in rules("en-US", brief=with_offer("en-US", "159.99", "USD", was="160"))


def test_the_market_is_paid_in_its_own_currency() -> None:
    assert "G-06C" in rules("de-DE", brief=with_offer("de-DE", "139", "USD"))


def test_an_offer_that_ended_before_launch_is_blocked() -> None:
    ended = with_offer("en-US", "99", "USD", ends=date(2026, 11, 30))
    last_day = with_offer("en-US", "99", "USD", ends=date(2026, 12, 1))
    assert "G-06E" in rules("en-US", brief=ended)
    assert "G-06E" not in rules("en-US", brief=last_day)


@pytest.mark.parametrize(
    ("line", "wrong"),
    [
        ("Now $129.99, was $159.99", False),
        ("Now $119.99, was $159.99", True),
        ("Now $129.99, was $199.99", True),
        ("$129.99 and 3 gifts", True),
        ("", False),
    ],
)
def test_the_price_line_says_what_the_brief_says(line: str, *, wrong: bool) -> None:
    assert ("G-06S" in rules("en-US", offer_line=line)) is wrong


def test_a_price_line_without_an_offer_is_wrong() -> None:
    brief = demo_brief(offers=())
    assert "G-06S" in rules("en-US", brief=brief, offer_line="Now $1")


@pytest.mark.parametrize(
    ("locale", "headline", "wrong"),
    [
        ("en-US", "Save 19% on rice nights", False),  # 1 - 129.99/159.99 = 18.75 %
        ("en-US", "Save 20% on rice nights", True),
        ("de-DE", "Jetzt 7 % sparen", False),  # 1 - 139/149 = 6.71 %, from the 30-day price
        ("de-DE", "Jetzt 18 % sparen", True),  # 1 - 139/169 = 17.75 %, from the former price
        ("ja-JP", "炊飯器が30%お得に", True),
    ],
)
def test_percentages_follow_from_the_reference_price(
    locale: str, headline: str, *, wrong: bool
) -> None:
    assert ("G-06P" in rules(locale, headline=headline)) is wrong


def test_germany_wants_the_lowest_price_beside_a_reduction() -> None:
    brief = with_offer("de-DE", "139", "EUR", was="169", lowest_30d="149")
    bare = f"139{NBSP}€ statt 169{NBSP}€, inkl. MwSt."
    full = f"{bare} Niedrigster Preis der letzten 30 Tage: 149{NBSP}€"
    assert "EU-01" in rules("de-DE", brief=brief, offer_line=bare)
    assert "EU-01" not in rules("de-DE", brief=brief, offer_line=full)


def test_germany_refuses_a_reduction_from_a_price_that_was_lower() -> None:
    brief = with_offer("de-DE", "139", "EUR", was="169", lowest_30d="129")
    line = f"139{NBSP}€ statt 169{NBSP}€, inkl. MwSt. (30 Tage: 129{NBSP}€)"
    assert "EU-01" in rules("de-DE", brief=brief, offer_line=line)


@pytest.mark.parametrize(
    ("locale", "line", "rule"),
    [
        ("de-DE", f"139{NBSP}€", "EU-02"),
        ("de-DE", f"139{NBSP}€ zzgl. MwSt.", "EU-02W"),
        ("ja-JP", "19,800円", "JP-04"),
        ("ar-SA", "499 ر.س", "SA-05"),
    ],
)
def test_tax_is_included_and_said(locale: str, line: str, rule: str) -> None:
    assert rule in rules(locale, offer_line=line)


@pytest.mark.parametrize(
    ("locale", "price", "currency", "was", "rule"),
    [
        ("ja-JP", "19800", "JPY", "24800", "JP-03"),
        ("ar-SA", "499", "SAR", "599", "SA-04"),
    ],
)
def test_a_former_price_needs_proof(
    locale: str, price: str, currency: str, was: str, rule: str
) -> None:
    assert rule in rules(locale, brief=with_offer(locale, price, currency, was=was))
    assert rule not in rules(locale, brief=with_offer(locale, price, currency))


def test_hurry_is_fine_with_an_end_date() -> None:
    brief = with_offer("en-US", "99", "USD", ends=date(2026, 12, 24))
    assert "G-07" not in rules("en-US", brief=brief, headline="Last chance for rice")


@pytest.mark.parametrize(
    ("line", "missing"),
    [
        ("إعلان · smartchef.example/sa", ""),
        ("smartchef.example/sa", "ad mark"),
        ("إعلان", "contact"),
        ("", "ad mark, contact"),
    ],
)
def test_saudi_ads_name_ad_product_provider_and_contact(line: str, missing: str) -> None:
    found = findings("ar-SA", body="أرز من SmartChef لكل بيت", legal_line=line)
    evidence = [f.evidence for f in found if f.rule == "SA-01"]
    assert evidence == ([f"missing: {missing}"] if missing else [])


def test_a_saudi_offer_without_a_page_lacks_its_contact() -> None:
    offer = replace(an_offer("ar-SA", "499", "SAR"), landing_url="")
    assert "SA-01" in rules("ar-SA", brief=demo_brief(offers=(offer,)))
