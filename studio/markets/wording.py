"""Plain facts about a piece of text: its normal form, its numbers, its script."""

from __future__ import annotations

import re
import unicodedata
from decimal import Decimal
from functools import lru_cache

from babel import Locale as BabelLocale
from babel.numbers import get_decimal_symbol, get_group_symbol

TATWEEL = "\u0640"
HARAKAT = re.compile("[\u0610-\u061a\u064b-\u065f\u0670]")
CJK = "\u3040-\u30ff\u3400-\u9fff\uff66-\uff9f"
SPACED_CJK = re.compile(f"(?<=[{CJK}])[ \u3000]+(?=[{CJK}])")
OTHER_DIGITS = re.compile("(?![0-9])\\d|[\u2776-\u277e\u2780-\u2788\u278a-\u2792]")
"""Digits that NFKC leaves as they are: of other scripts, and the circled dingbats."""
SPACES = re.compile(r"\s+")
BREAKING_SPACES = re.compile(r"[^\S\u00a0\u202f]+")
STRIPPED = re.compile("[\u200b\u2060\ufeff\u202a-\u202e\u2066-\u2069\u00ad\u180e\u2061-\u2064]")
"""Invisible characters that no copy needs; typesetting adds its own where it must."""
MARKS = re.compile("[\u200c-\u200f\u061c]")

SCRIPTS = {
    "Latn": ("LATIN",),
    "Arab": ("ARABIC",),
    "Jpan": ("CJK UNIFIED", "HIRAGANA", "KATAKANA", "CJK COMPATIBILITY"),
    "Kore": ("HANGUL", "CJK UNIFIED"),
    "Hans": ("CJK UNIFIED",),
    "Hant": ("CJK UNIFIED",),
    "Deva": ("DEVANAGARI",),
    "Thai": ("THAI",),
    "Cyrl": ("CYRILLIC",),
    "Grek": ("GREEK",),
}
"""Beginnings of the Unicode names of each script's letters, by ISO 15924 code."""


def cleaned(text: str) -> str:
    """`text` without control characters, bidi overrides and invisible joiners, on one line."""
    kept = "".join(
        " " if unicodedata.category(char) == "Cc" else char for char in STRIPPED.sub("", text)
    )
    return BREAKING_SPACES.sub(" ", kept).strip()


@lru_cache(maxsize=4096)
def normalised(text: str) -> str:
    """The form that rules look at: what a reader sees, without tricks.

    NFKC, invisible characters, tatweel and vowel marks removed, all digits 0-9, spaced CJK
    joined, runs of spaces made one.
    """
    plain = unicodedata.normalize("NFKC", text)
    plain = MARKS.sub("", STRIPPED.sub("", plain)).replace(TATWEEL, "")
    plain = HARAKAT.sub("", plain)
    plain = OTHER_DIGITS.sub(lambda match: str(unicodedata.digit(match.group())), plain)
    return SPACES.sub(" ", SPACED_CJK.sub("", plain)).strip()


def numbers_in(text: str, *, locale: str) -> tuple[tuple[str, Decimal], ...]:
    """Every number as it is written, and its value by the locale's separators."""
    pattern, group, decimal = _number_pattern(locale)
    found = []
    for match in pattern.finditer(normalised(text)):
        plain = match.group().replace(group, "").replace(" ", "").replace(decimal, ".")
        found.append((match.group(), Decimal(plain)))
    return tuple(found)


def script_share(text: str, *, script: str) -> float:
    """Share (0–1) of the letters that belong to the script; 1 where there are no letters."""
    letters = [char for char in text if char.isalpha()]
    if not letters:
        return 1.0
    names = SCRIPTS.get(script, ("LATIN",))
    own = sum(unicodedata.name(char, "").startswith(names) for char in letters)
    return own / len(letters)


@lru_cache(maxsize=64)
def _number_pattern(locale: str) -> tuple[re.Pattern[str], str, str]:
    parsed = BabelLocale.parse(locale, sep="-")
    group = unicodedata.normalize("NFKC", get_group_symbol(parsed, numbering_system="latn"))
    decimal = get_decimal_symbol(parsed, numbering_system="latn")
    grouped = rf"[0-9]{{1,3}}(?:{re.escape(group)}[0-9]{{2,3}})+(?![0-9])"
    tail = rf"(?:{re.escape(decimal)}[0-9]+)?"
    return re.compile(rf"(?:{grouped}|[0-9]+){tail}"), group, decimal
