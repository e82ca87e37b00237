"""A price line's own hierarchy: the amount first, the words around it after."""

from __future__ import annotations

import re
from dataclasses import dataclass

DIGIT = r"[0-9\u0660-\u0669]"
NUMBER = rf"{DIGIT}(?:[0-9\u0660-\u0669.,\u066b\u066c\u00a0\u202f'’]*{DIGIT})?"
LATIN_UNIT = r"[$€£¥￥]|US\$|(?:USD|EUR|SAR|JPY|AED|GBP|CHF)"
TRAILING_UNIT = (
    r"円|€|\$|£|ر\.?\s?س\.?|ريال(?:\s?سعودي)?|\u20c1|(?:USD|EUR|SAR|JPY|AED|GBP|CHF)"
)
AMOUNT = re.compile(
    rf"(?:(?:{LATIN_UNIT})[\s\u00a0\u202f\u200f]?)?{NUMBER}"
    rf"(?:[\s\u00a0\u202f\u200f]?(?:{TRAILING_UNIT}))?"
)
HAS_UNIT = re.compile(rf"(?:{LATIN_UNIT}|{TRAILING_UNIT})")
SEPARATORS = re.compile(r"\s*(?:\n|\s[·|–—]\s|[;；])\s*")
SHORT_BEFORE = 14
"""Words before the amount up to this length share its line."""
SHORT_AFTER = 17


@dataclass(frozen=True, slots=True, kw_only=True)
class OfferWords:
    """A price line taken apart, in reading order."""

    above: tuple[str, ...] = ()
    """Small lines over the amount."""
    before: str
    amount: str
    after: str
    notes: tuple[str, ...]
    """Further lines, set small: the earlier price, the lowest of 30 days, the end date."""


def offer_words(line: str) -> OfferWords:
    """The lowest amount with a currency is the price; long words around it become notes."""
    parts = [part for part in SEPARATORS.split(line.strip()) if part]
    if not parts:
        return OfferWords(before="", amount="", after="", notes=())
    index, found = _price(parts)
    if found is None:
        return OfferWords(before="", amount=parts[0], after="", notes=tuple(parts[1:]))
    lead = parts[index]
    before, amount, after = lead[: found.start()], found.group().strip(), lead[found.end() :]
    notes = [part for position, part in enumerate(parts) if position > index]
    first = [part for position, part in enumerate(parts) if position < index]
    before, after = before.strip(), after.lstrip(" ,،、;").rstrip()
    if len(after) > SHORT_AFTER:
        notes.insert(0, after)
        after = ""
    if len(before) > SHORT_BEFORE:
        first.append(before)
        before = ""
    return OfferWords(
        before=before, amount=amount, after=after, above=tuple(first), notes=tuple(notes)
    )


def _price(parts: list[str]) -> tuple[int, re.Match[str] | None]:
    """The lowest amount with a currency: an earlier price is always the higher one."""
    amounts = [
        (_value(found.group()), index, found)
        for index, part in enumerate(parts)
        for found in AMOUNT.finditer(part)
        if HAS_UNIT.search(found.group())
    ]
    if not amounts:
        return 0, None
    _, index, found = min(amounts, key=lambda entry: entry[0])
    return index, found


def _value(amount: str) -> float:
    """An amount as a number, whatever its market's separators."""
    number = re.search(NUMBER, amount)
    digits = "".join(
        str(int(char)) if char.isdigit() else "."
        for char in (number.group() if number else "0")
    ).strip(".")
    whole, dot, decimals = digits.rpartition(".")
    if dot and len(decimals) in (1, 2):
        return float(whole.replace(".", "") + "." + decimals)
    return float(digits.replace(".", ""))
