"""A price line is taken apart so that the price can be large and its conditions small."""

from __future__ import annotations

import pytest

from studio.imaging.offer import OfferWords, offer_words


def words(
    amount: str,
    *,
    before: str = "",
    after: str = "",
    above: tuple[str, ...] = (),
    notes: tuple[str, ...] = (),
) -> OfferWords:
    return OfferWords(above=above, before=before, amount=amount, after=after, notes=notes)


@pytest.mark.parametrize(
    ("line", "expected"),
    [
        ("$129", words("$129")),
        (
            "Now $129.99, was $159.99 · Ends Dec 5",
            words("$129.99", before="Now", after="was $159.99", notes=("Ends Dec 5",)),
        ),
        (
            "1.129,99\u00a0€ inkl. MwSt. statt 1.299\u00a0€ (niedrigster Preis)",
            words(
                "1.129,99\u00a0€", notes=("inkl. MwSt. statt 1.299\u00a0€ (niedrigster Preis)",)
            ),
        ),
        ("29,800円（税込）", words("29,800円", after="（税込）")),
        (
            "通常価格34,800円のところ29,800円（税込） · 12月5日まで",
            words(
                "29,800円",
                above=("通常価格34,800円のところ",),
                after="（税込）",
                notes=("12月5日まで",),
            ),
        ),
        (
            "499 ر.س بدلًا من 599 ر.س، شامل ضريبة القيمة المضافة",
            words("499 ر.س", notes=("بدلًا من 599 ر.س، شامل ضريبة القيمة المضافة",)),
        ),
        ("٤٩٩ ر.س", words("٤٩٩ ر.س")),
        (
            "299 zł. Najniższa cena z 30 dni przed obniżką: 319 zł",
            words("299 zł", notes=("Najniższa cena z 30 dni przed obniżką: 319 zł",)),
        ),
        (
            "12x de R$ 108,25 sem juros ou R$ 1.299 à vista",
            words(
                "R$ 108,25", before="12x de", after="sem juros", notes=("ou R$ 1.299 à vista",)
            ),
        ),
        (
            "$2,499 o 12 meses sin intereses de $208.25",
            words("$2,499", notes=("o 12 meses sin intereses de $208.25",)),
        ),
        (
            "4.999 TL · 9 taksit × 555,44 TL",
            words("4.999 TL", notes=("9 taksit × 555,44 TL",)),
        ),
        (
            "NT$4,990（含稅），原售價 NT$5,988",
            words("NT$4,990", after="（含稅）", notes=("原售價 NT$5,988",)),
        ),
        (
            "到手价¥1,299，近7日最低成交价¥1,349",
            words("¥1,299", before="到手价", notes=("近7日最低成交价¥1,349",)),
        ),
        (
            "₹12,999 (सभी करों सहित)",
            words("₹12,999", after="(सभी करों सहित)"),
        ),
        ("Rp1.299.000", words("Rp1.299.000")),
        (
            "4,990 บาท · 4,990 บาท หรือ 416 บาท x 12 เดือน",
            words("4,990 บาท", notes=("หรือ 416 บาท x 12 เดือน",)),
        ),
        (
            "₹12,999 (सभी कर सहित) · ₹12,999 (सभी कर सहित) या 12 × ₹1,083",
            words("₹12,999", after="(सभी कर सहित)", notes=("या 12 × ₹1,083",)),
        ),
        ("Jetzt oder nie: 129 €", words("129 €", above=("Jetzt oder nie:",))),
        ("3.290.000 ₫", words("3.290.000 ₫")),
        ("4,990 บาท", words("4,990 บาท")),
        ("329,000원", words("329,000원")),
        ("Free for 30 days", words("Free for 30 days")),
        ("", words("")),
    ],
)
def test_the_price_is_found_among_its_words(line: str, expected: OfferWords) -> None:
    assert offer_words(line) == expected


@pytest.mark.parametrize(
    ("amount", "expected"),
    [
        ("R$ 1.299", ("R$ ", "1.299", "")),
        ("NT$4,990", ("NT$", "4,990", "")),
        ("299 zł", ("", "299", " zł")),
        ("29,800円", ("", "29,800", "円")),
        ("$129", ("", "$129", "")),
        ("$2,499 MXN", ("", "$2,499", " MXN")),
        ("499 ر.س", ("", "499", " ر.س")),
    ],
)
def test_currency_words_stand_beside_the_number(
    amount: str, expected: tuple[str, str, str]
) -> None:
    assert words(amount).split_amount == expected
