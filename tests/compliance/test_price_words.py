"""Prices, percentages and reductions in free text, worked by hand."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest

from studio.compliance.figures import Sort, numbers_of
from studio.domain.brief import Brief, Instalments
from studio.domain.claim import Claim
from studio.domain.money import Money
from studio.markets.rules import Basis, Check
from studio.markets.wording import normalised
from tests.compliance.cases import a_condition, caught, rules
from tests.markets.demo import CLAIMS, REPORT, an_offer, demo_brief

PERCENT = a_condition(Check.PERCENT_WRONG)
PRICE = a_condition(Check.PRICE_SHOWN_WRONG)
MONEY_FIELDS = ("was", "lowest_7d", "lowest_10d", "lowest_20d", "lowest_30d")


def with_offer(market: str, price: str, currency: str, **fields: Any) -> Brief:
    money = {
        name: Money.of(value, currency) if name in MONEY_FIELDS else value
        for name, value in fields.items()
    }
    return demo_brief(offers=(an_offer(market, price, currency, **money),))


@pytest.mark.parametrize(
    ("locale", "text", "points"),
    [
        ("en-US", "20% off", "20"),
        ("en-US", "20 percent off", "20"),
        ("de-DE", "12,5 Prozent", "12.5"),
        ("tr-TR", "%20 indirim", "20"),
        ("tr-TR", "yüzde 20", "20"),
        ("ar-SA", "خصم ٪٢٠", "20"),
        ("ar-SA", "٢٠٪", "20"),
        ("zh-CN", "全场8折", "20"),
        ("zh-CN", "打8.5折", "15"),
        ("zh-CN", "75折起", "25"),
        ("zh-CN", "八五折", "15"),
        ("zh-CN", "五折", "50"),
        ("zh-TW", "半價優惠", "50"),
        ("ja-JP", "20%OFF", "20"),
        ("ja-JP", "2割引", "20"),
        ("ja-JP", "今だけ半額", "50"),
        ("ko-KR", "20% 할인", "20"),
        ("ko-KR", "반값", "50"),
        ("vi-VN", "giảm 20 phần trăm", "20"),
        ("th-TH", "ลดร้อยละ 20", "20"),
        ("en-GB", "half price", "50"),
    ],
)
def test_percentages_in_the_forms_of_each_language(locale: str, text: str, points: str) -> None:
    found = numbers_of(normalised(text), locale=locale)
    assert [n.value for n in found if n.sort is Sort.PERCENT] == [Decimal(points)]


@pytest.mark.parametrize("text", ["三折叠屏幕", "3折叠屏", "折扣", "打折", "9折射"])
def test_folding_is_no_discount(text: str) -> None:
    assert all(n.sort is not Sort.PERCENT for n in numbers_of(text, locale="zh-CN"))


@pytest.mark.parametrize(
    ("locale", "text", "amount", "code"),
    [
        ("en-US", "only $1,299.50", "1299.50", "USD"),
        ("de-DE", "nur 1.299 €", "1299", "EUR"),
        ("ja-JP", "1.9万円", "19000", "JPY"),
        ("zh-CN", "¥1299", "1299", "CNY"),
        ("ko-KR", "12만 원", "120000", "KRW"),
        ("id-ID", "Rp 1,5 juta", "1500000", "IDR"),
        ("pl-PL", "899 zł", "899", "PLN"),
        ("pt-BR", "R$ 99,90", "99.90", "BRL"),
        ("ar-SA", "٤٩٩ ريالا", "499", "SAR"),
        ("hi-IN", "₹1,29,900", "129900", "INR"),
    ],
)
def test_amounts_of_money_in_free_text(locale: str, text: str, amount: str, code: str) -> None:
    (found,) = numbers_of(normalised(text), locale=locale)
    assert (found.sort, found.value) == (Sort.MONEY, Decimal(amount))
    assert code in found.currency


@pytest.mark.parametrize(
    ("body", "wrong"),
    [
        ("Statt 1.299 € nur 999 € (-30 %).", ["30"]),  # 1 - 999/1299 = 23.1 %
        ("Statt 1.299 € nur 999 € (-23 %).", []),
        ("Spart 20 % Strom.", ["20"]),
        ("100 % geladen.", []),
    ],
)
def test_a_percentage_in_the_body_follows_from_the_reference(
    body: str, wrong: list[str]
) -> None:
    brief = with_offer("de-DE", "999", "EUR", was="1299", lowest_30d="1299")
    found = caught("de-DE", PERCENT, brief=brief, headline="Reis", body=body)
    assert [each.evidence for each in found] == wrong


def test_a_proven_percentage_is_no_reduction() -> None:
    saved = Claim(id="s", benefit="x", value=20.0, unit="percent", evidence=REPORT)
    brief = demo_brief(claims=(*CLAIMS, saved))
    assert caught("de-DE", PERCENT, brief=brief, body="Spart 20 % Strom.") == []
    shown = a_condition(Check.LOWEST_PRICE_SHOWN)
    assert caught("de-DE", shown, brief=brief, body="Spart 20 % Strom.") == []


@pytest.mark.parametrize(
    ("body", "wrong"),
    [
        ("Jetzt für 139 €.", []),
        ("Jetzt für 129 €.", ["129"]),
        ("Sie sparen 10 €.", []),  # 149 (30 days) - 139
        ("Sie sparen 30 €.", ["30"]),  # 169 - 139: not from the 30-day price
        ("Hält 24 Stunden warm.", []),
    ],
)
def test_an_amount_in_the_body_is_the_offers(body: str, wrong: list[str]) -> None:
    found = caught("de-DE", PRICE, headline="Reis", body=body)
    assert [each.evidence for each in found] == wrong
    assert all(each.field == "body" for each in found)


def test_an_amount_in_another_currency_is_named() -> None:
    (found,) = caught("de-DE", a_condition(Check.CURRENCY), body="Nur $139 heute.")
    assert found.evidence == "139"


@pytest.mark.parametrize(
    ("body", "announced"),
    [
        ("Jetzt 7 % günstiger.", True),
        ("Früher 169 €, jetzt 139 €.", True),
        ("Unser Aktionspreis.", True),
        ("Reduziert den Lärm statt der Freude.", False),
        ("24 Stunden warm.", False),
    ],
)
def test_the_30_day_price_stands_beside_every_reduction(body: str, *, announced: bool) -> None:
    condition = a_condition(Check.LOWEST_PRICE_SHOWN, words=(r"\baktionspreis\b",))
    assert bool(caught("de-DE", condition, headline="Reis", body=body)) is announced
    beside = "139 € (niedrigster Preis der letzten 30 Tage: 149 €)"
    assert caught("de-DE", condition, headline="Reis", body=body, offer_line=beside) == []


@pytest.mark.parametrize(
    ("basis", "facts", "proven"),
    [
        (Basis.DOCUMENT, {}, False),
        (Basis.DOCUMENT, {"was_proof": "Price list 2026"}, True),
        (Basis.LOWEST_7D, {"was_proof": "Price list 2026"}, False),
        (Basis.LOWEST_7D, {"lowest_7d": "160"}, True),
        (Basis.LOWEST_10D, {"lowest_10d": "159"}, False),
        (Basis.LOWEST_20D, {"lowest_20d": "160"}, True),
        (Basis.LOWEST_30D, {"lowest_30d": "170"}, True),
        (Basis.EIGHT_WEEKS, {"weeks_sold_share": 0.5}, False),
        (Basis.EIGHT_WEEKS, {"weeks_sold_share": 0.51}, True),
        (Basis.EIGHT_WEEKS, {}, False),
    ],
)
def test_an_earlier_price_is_proven_as_the_market_asks(
    basis: Basis, facts: dict[str, Any], *, proven: bool
) -> None:
    brief = with_offer("en-US", "130", "USD", was="160", **facts)
    condition = a_condition(Check.FORMER_PRICE_PROOF, basis=basis)
    shown = caught("en-US", condition, brief=brief, offer_line="$130, was $160")
    assert (shown == []) is proven
    assert caught("en-US", condition, brief=brief, offer_line="$130") == []


@pytest.mark.parametrize(
    ("price", "text", "deep"),
    [("50", "", False), ("49", "", True), ("60", "Giảm 60%", True), ("60", "Giảm 40%", False)],
)
def test_a_reduction_has_a_deepest(price: str, text: str, *, deep: bool) -> None:
    brief = with_offer("en-US", price, "USD", was="100")
    condition = a_condition(Check.DISCOUNT_TOO_DEEP, percent=50.0)
    assert bool(caught("en-US", condition, brief=brief, body=text)) is deep


def test_a_reduction_names_the_terms_it_lacks() -> None:
    condition = a_condition(Check.PROMOTION_TERMS, needs=("starts", "ends", "stock"))
    brief = with_offer("en-US", "80", "USD", was="100", stock=50)
    (found,) = caught("en-US", condition, brief=brief, body="20% off")
    assert found.fix == "offers: starts, offers: ends"
    assert caught("en-US", condition, brief=brief, body="Rice is ready") == []


MSI = r"(?P<count>\d{1,2})\s?x\s(?:of )?\$(?P<each>[\d.,]+)"


@pytest.mark.parametrize(
    ("count", "each", "line", "wrong"),
    [
        (12, "10.83", "12x $10.83", []),  # 129.96, within 12 x 0.05 of 129.99
        (12, "10.90", "12x $10.90", ["12 × 10.90 USD ≠ 129.99 USD"]),  # 130.80
        (12, "10.83", "10x $10.83", ["10x $10.83"]),
        (12, "10.83", "12x $10.38", ["12x $10.38"]),
    ],
)
def test_instalments_add_up_and_are_the_briefs(
    count: int, each: str, line: str, wrong: list[str]
) -> None:
    plan = Instalments(count=count, each=Money.of(each, "USD"))
    brief = with_offer("en-US", "129.99", "USD", instalments=plan)
    condition = a_condition(Check.INSTALMENT_WRONG, words=(MSI,))
    found = caught("en-US", condition, brief=brief, offer_line=line)
    assert [each.evidence for each in found] == wrong


def test_instalments_that_the_brief_lacks_or_that_cost_interest_without_terms() -> None:
    condition = a_condition(Check.INSTALMENT_WRONG, words=(MSI,))
    assert caught("en-US", condition, offer_line="12x $10.83")
    plan = Instalments(count=12, each=Money.of("12", "USD"), interest_free=False)
    brief = with_offer("en-US", "129.99", "USD", instalments=plan)
    (found,) = caught("en-US", condition, brief=brief)
    assert found.evidence == "offers: instalments.terms"


def test_rounding_is_wider_where_the_currency_has_no_decimals() -> None:
    """19,800 yen in 7 parts: 2,829 x 7 = 19,803."""
    plan = Instalments(count=7, each=Money.of(2829, "JPY"))
    brief = with_offer("ja-JP", "19800", "JPY", instalments=plan)
    assert caught("ja-JP", a_condition(Check.INSTALMENT_WRONG), brief=brief) == []


def test_stock_or_end_makes_hurry_true() -> None:
    condition = a_condition(Check.URGENCY_WITHOUT_END, words=("last chance",))
    assert caught("en-US", condition, headline="Last chance")
    brief = with_offer("en-US", "99", "USD", stock=40)
    assert caught("en-US", condition, brief=brief, headline="Last chance") == []


@pytest.mark.parametrize(
    ("body", "found"),
    [
        ("Around the clock, 24/7.", False),
        ("For rooms of 30 m².", True),
        ("Low CO2, no PM2.5.", False),
        ("Back in 2026.", False),
        ("Since 1998.", True),
    ],
)
def test_figures_of_speech_claim_nothing(body: str, *, found: bool) -> None:
    hits = caught("en-US", a_condition(Check.NUMBER_WITHOUT_CLAIM), headline="Rice", body=body)
    assert bool(hits) is found
    assert len(hits) <= 1


def test_both_words_of_a_wrong_price_are_told_once() -> None:
    assert rules("en-US", headline="Rice", body="Now $99.") == ["G-06S"]
