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
        ("Free for 30 days", words("Free for 30 days")),
        ("", words("")),
    ],
)
def test_the_lowest_amount_is_the_price(line: str, expected: OfferWords) -> None:
    assert offer_words(line) == expected
