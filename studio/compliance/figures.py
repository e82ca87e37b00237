"""The numbers of a text, and whether each is a price, a percentage or a plain count."""

from __future__ import annotations

import re
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum
from functools import lru_cache

from studio.compliance.atoms import EDGE, atoms, folded, needs, ways
from studio.markets.wording import placed_numbers


class Sort(StrEnum):
    """What a number counts."""

    PLAIN = "plain"
    MONEY = "money"
    PERCENT = "percent"


@dataclass(frozen=True, slots=True, kw_only=True)
class Number:
    """One number of a text."""

    value: Decimal
    """Of a percentage: the points (0-100); of `8折`, which says what is left to pay: 20."""
    sort: Sort
    start: int
    """Of the number itself."""
    end: int
    currency: tuple[str, ...] = ()
    """Codes of the currencies that its sign may stand for."""
    reduction: bool = False
    """Whether the very form says that something costs less: `8折`, `半額`."""


SIGNS = {
    "USD": r"US\$|\$|USD\b|dollars?\b|دولار",
    "EUR": r"€|EUR\b|euros?\b|يورو",
    "GBP": r"£|GBP\b",
    "JPY": r"¥|円|JPY\b|yen\b",
    "KRW": r"₩|원|KRW\b",
    "CNY": r"¥|元|块|CNY\b|RMB\b|人民币",
    "TWD": r"NT\$|\$|元|塊|圓|TWD\b",
    "INR": r"₹|Rs\b\.?|INR\b|रुपये|रुपए|रु\b",
    "IDR": r"Rp\b\.?|IDR\b|rupiah\b",
    "THB": r"฿|บาท|THB\b",
    "VND": r"₫|đ\b|VND\b|VNĐ\b|đồng\b",
    "TRY": r"₺|TL\b|TRY\b|lira\b",
    "BRL": r"R\$|BRL\b|reais\b",
    "PLN": r"zł\b|PLN\b|złot\w+",
    "SAR": r"ر\.س\.?|ريالا?|SAR\b|\u20c1",
    "AED": r"د\.إ\.?|درهما?|AED\b|Dhs?\b",
    "MXN": r"MX\$|\$|MXN\b|pesos\b",
}
"""How each currency is written beside a number."""
TIMES = {
    "万": 10_000, "萬": 10_000, "만": 10_000, "천": 1_000, "ribu": 1_000, "rb": 1_000,
    "juta": 1_000_000, "jt": 1_000_000, "triệu": 1_000_000, "nghìn": 1_000, "ngàn": 1_000,
    "lakh": 100_000, "लाख": 100_000, "हज़ार": 1_000, "हजार": 1_000, "bin": 1_000, "ألف": 1_000,
}  # fmt: skip
"""Words that multiply the number before them."""
MULTIPLIER = re.compile(
    rf"\s?({'|'.join(sorted(TIMES, key=len, reverse=True))})(?![a-z])\s?", re.I
)
PERCENT_AFTER = re.compile(
    r"\s?(?:[%٪]|per ?cent\b|prozent\b|pour ?cent\b|por ?ciento\b|per ?cento\b|procent\w*"
    r"|por ?cento\b|persen\b|phần trăm|प्रतिशत|फ़?ीसदी|เปอร์เซ็นต์|퍼센트|パーセント"
    r"|(?:بال|في ال)(?:مئة|مائة))",
    re.IGNORECASE,
)
PERCENT_BEFORE = re.compile(r"(?:[%٪]|yüzde|ร้อยละ|百分之)\s?$", re.IGNORECASE)
TO_PAY = re.compile(r"\s?折(?![叠疊页頁线線纸紙射损損腾騰磨])")
TENTHS_OFF = re.compile(r"\s?割(?:引|安|オフ|OFF|お得)", re.IGNORECASE)
HAN_DIGITS = {char: value for value, char in enumerate("一二三四五六七八九", start=1)}
HAN_TO_PAY = re.compile(
    "(?<![一二三四五六七八九十])(?P<ten>[一二三四五六七八九])(?P<one>[一二三四五六七八九])?折"
    "(?![叠疊页頁线線纸紙射])"
)
HALF = re.compile(
    r"半価|半額|半价|半價|[对對]折|반값|반 가격"
    r"|\bhalf[- ](?:the )?price\b|\bhalf off\b|\bhalbe[rn]? preis\b"
    r"|\bmoitié prix\b|\bmitad de precio\b|\bmetà prezzo\b|\bmetade do preço\b|\bpół ceny\b"
    r"|\byarı fiyat\w*|\bsetengah harga\b|\bnửa giá\b|ครึ่งราคา|आध[ीे] (?:कीमत|दाम)|نصف السعر",
    re.IGNORECASE,
)
ROUND_PRICE = re.compile(r"[.,][-–—](?![\w-])")
"""`129,–` and `990.-`: no cents, and no sign either."""
REACH = 16
"""Characters beside a number in which its sign is looked for."""
_ANY_SIGN = "|".join(SIGNS.values())
SIGN_AFTER = re.compile(rf"\s?(?P<sign>{_ANY_SIGN})", re.IGNORECASE)
SIGN_BEFORE = re.compile(
    rf"(?P<sign>{_ANY_SIGN.replace(chr(92) + 'b', '')})\s?$", re.IGNORECASE
)
SIGN_OF = {
    code: re.compile(signs.replace(r"\b", ""), re.IGNORECASE) for code, signs in SIGNS.items()
}
ZLOTY = "złot"
"""The one sign that has more than one ending, too many to list."""
SIGN_ENDINGS = tuple(
    sign.replace(EDGE, "") for way in ways(_ANY_SIGN) for sign in needs(way).whole or ()
)
PERCENT_ENDINGS = ("%", "٪", "yüzde", "ร้อยละ", "百分之")
HALF_ATOMS = tuple(atom.replace(EDGE, "") for atom in atoms(HALF.pattern) or ())


@lru_cache(maxsize=16384)
def numbers_of(text: str, *, locale: str) -> tuple[Number, ...]:
    """Every number of a normal form, in order."""
    found = [
        _classed(text, value, start, start + len(written))
        for written, value, start in placed_numbers(text, locale=locale)
    ]
    if "折" in text or _may_halve(text):
        found += _in_words(text)
    return tuple(sorted(found, key=lambda number: number.start))


def _classed(text: str, value: Decimal, start: int, end: int) -> Number:
    before, after = text[max(0, start - REACH) : start], text[end : end + REACH]
    near = folded(before.rstrip())
    if PERCENT_AFTER.match(after) or (
        near.endswith(PERCENT_ENDINGS) and PERCENT_BEFORE.search(before)
    ):
        return Number(value=value, sort=Sort.PERCENT, start=start, end=end)
    if TO_PAY.match(after):
        share = value * 10 if value < 10 else value
        return _reduction(100 - share, start, end)
    if TENTHS_OFF.match(after):
        return _reduction(value * 10, start, end)
    if ROUND_PRICE.match(after):
        return Number(value=value, sort=Sort.MONEY, start=start, end=end, currency=tuple(SIGNS))
    times = MULTIPLIER.match(after)
    if times:
        value, after = value * TIMES[times[1].lower()], after[times.end() :]
    sign = (_ends_in_sign(near) and SIGN_BEFORE.search(before)) or SIGN_AFTER.match(after)
    if sign:
        codes = tuple(code for code, own in SIGN_OF.items() if own.fullmatch(sign["sign"]))
        return Number(value=value, sort=Sort.MONEY, start=start, end=end, currency=codes)
    return Number(value=value, sort=Sort.PLAIN, start=start, end=end)


def _ends_in_sign(near: str) -> bool:
    """Whether a currency's sign may stand at the end of a folded text; mostly none does."""
    return near.endswith(SIGN_ENDINGS) or ZLOTY in near


def _may_halve(text: str) -> bool:
    shown = folded(text)
    return any(atom in shown for atom in HALF_ATOMS)


def _in_words(text: str) -> list[Number]:
    found = [_reduction(Decimal(50), *match.span()) for match in HALF.finditer(text)]
    for match in HAN_TO_PAY.finditer(text):
        tens = HAN_DIGITS[match["ten"]] * 10
        share = tens + (HAN_DIGITS[match["one"]] if match["one"] else 0)
        found.append(_reduction(Decimal(100 - share), *match.span()))
    return found


def _reduction(points: Decimal, start: int, end: int) -> Number:
    return Number(value=points, sort=Sort.PERCENT, start=start, end=end, reduction=True)
