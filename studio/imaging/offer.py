"""A price line's own hierarchy: the amount first, the words around it after."""

from __future__ import annotations

import re
from dataclasses import dataclass

from studio.domain.placement import Counter

DIGIT = r"[0-9\u0660-\u0669]"
SPACE = r"[\s\u00a0\u202f\u200f]"
NUMBER = rf"{DIGIT}(?:[0-9\u0660-\u0669.,\u066b\u066c\u00a0\u202f'’]*{DIGIT})?"
CODES = r"(?:USD|EUR|SAR|JPY|AED|GBP|CHF|PLN|TRY|MXN|BRL|KRW|CNY|TWD|INR|IDR|THB|VND)"
LEADING_UNIT = rf"(?:(?:US|NT|MX|HK|R|A|C)?\$|[€£¥￥₹₺₩₫฿]|Rp\.?|{CODES}(?![A-Z]))"
TRAILING_UNIT = (
    r"(?:円|元|원|บาท|€|\$|£|₫|₺|₩|₹|\u20c1|(?:zł|TL|đ|đồng|kr)(?!\w)"
    r"|ر\.?\s?س\.?|د\.?\s?إ\.?|ريال(?:\s?سعودي)?|درهم(?:ًا)?"
    rf"|{CODES}(?![A-Z]))"
)
AMOUNT = re.compile(rf"(?:{LEADING_UNIT}{SPACE}?)?{NUMBER}(?:{SPACE}?{TRAILING_UNIT})?")
HAS_UNIT = re.compile(rf"(?:{LEADING_UNIT}|{TRAILING_UNIT})")
OR = r"(?:ou|o|or|oder|lub|albo|oppure|veya|ya da|atau|hoặc|หรือ|또는|या|أو)"
SEPARATORS = re.compile(r"\s*(?:\n|\s[·|–—]\s|[;；])\s*")
ALTERNATIVE = re.compile(rf",?\s+(?={OR}\s.*{DIGIT})")
"""Before the other way to pay."""
WORDED = r"(?:[^\W\d_][^\d]*|円|元)"
PARTED_AMOUNT = re.compile(
    rf"((?:[A-Z]{{1,2}}\$|Rp\.?){SPACE}?|)([$€£¥￥₹₺₩₫฿]?{NUMBER})({SPACE}?{WORDED}|)"
)
SHORT_BEFORE = 14
"""Words before the amount up to this display width share its line."""
SHORT_AFTER = 17
LEADING_BRACKETS = re.compile(r"([(（][^()（）]+[)）])[,，、;；]?\s*(.+)")
BRACKETED = re.compile(r"[(（]([^()（）]+)[)）]")


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

    @property
    def split_amount(self) -> tuple[str, str, str]:
        """Leading currency word, number, trailing currency word; the words are set smaller."""
        found = PARTED_AMOUNT.fullmatch(self.amount)
        return (found[1], found[2], found[3]) if found else ("", self.amount, "")


def offer_words(line: str) -> OfferWords:
    """The amount of the first part that has one is the price, the lowest where it has several.

    Long words around it become notes. An earlier price is always the higher one; the other way
    to pay, such as instalments after the price, stands in a part of its own.
    """
    parts = [part for part in SEPARATORS.split(line.strip()) if part]
    if not parts:
        return OfferWords(before="", amount="", after="", notes=())
    index = next((place for place, part in enumerate(parts) if _lowest(part)), -1)
    if index < 0:
        return OfferWords(before="", amount=parts[0], after="", notes=tuple(parts[1:]))
    lead, *others = ALTERNATIVE.split(parts[index])
    if not _lowest(lead):
        lead, others = parts[index], []
    found = _lowest(lead)
    assert found is not None
    before, amount, after = lead[: found.start()], found.group().strip(), lead[found.end() :]
    notes = [*others, *(_without(lead, amount, part) for part in parts[index + 1 :])]
    first = parts[:index]
    before, after = before.strip(), after.lstrip(" .,，،、;；。").rstrip()
    if _width(after) > SHORT_AFTER:
        brackets = LEADING_BRACKETS.fullmatch(after)
        kept, after = (brackets[1], brackets[2]) if brackets else ("", after)
        notes.insert(0, as_note(after))
        after = kept if _width(kept) <= SHORT_AFTER else ""
    if _width(before) > SHORT_BEFORE:
        first.append(before)
        before = ""
    return OfferWords(
        before=before, amount=amount, after=after, above=tuple(first), notes=tuple(notes)
    )


def _width(words: str) -> int:
    return Counter.DISPLAY_WIDTH.length(words)


def as_note(words: str) -> str:
    """Words on a line of their own, which brackets around all of them would only indent."""
    found = BRACKETED.fullmatch(words)
    return found[1] if found else words


def _without(lead: str, amount: str, note: str) -> str:
    """A note of another way to pay without the price, which stands above it."""
    for said in (lead, amount):
        rest = note.removeprefix(said)
        if rest != note and ALTERNATIVE.match(rest):
            return rest.strip()
    return note


def _lowest(part: str) -> re.Match[str] | None:
    amounts = [found for found in AMOUNT.finditer(part) if HAS_UNIT.search(found.group())]
    return min(amounts, key=lambda found: _value(found.group()), default=None)


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
