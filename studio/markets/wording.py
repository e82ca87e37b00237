"""Plain facts about a piece of text: its normal form, its numbers, its script."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from decimal import Decimal
from functools import lru_cache

from babel import Locale as BabelLocale
from babel.numbers import get_decimal_symbol, get_group_symbol
from pydantic import TypeAdapter

from studio.markets.data_file import DataFile
from studio.resources import bundled

CJK = "\u3040-\u30ff\u3400-\u9fff\uff66-\uff9f"
BREAKING_SPACES = re.compile(r"[^\S\u00a0\u202f]+")
STRIPPED = re.compile("[\u200b\u2060\ufeff\u202a-\u202e\u2066-\u2069\u00ad\u180e\u2061-\u2064]")
"""Invisible characters that no copy needs; typesetting adds its own where it must."""
UNSEEN = re.compile(
    "[\u200b-\u200f\u2060-\u2064\u2066-\u2069\u202a-\u202e\ufeff\u00ad\u034f\u180e\u061c\u115f"
    "\u1160\u3164\uffa0\ufe00-\ufe0f\u2122\u2120\u0334-\u0338\u0489\u20d0-\u20f0"
    "\u0640\u0610-\u061a\u064b-\u065f\u0670\U000e0000-\U000e01ef]"
)
"""What a reader doesn't see, or reads past: joiners, direction and trade marks, strikes,
tatweel, Arabic vowel signs."""
OTHER_DIGITS = re.compile("(?![0-9])\\d|[\u2776-\u277e\u2780-\u2788\u278a-\u2792]")
"""Digits that NFKC leaves as they are: of other scripts, and the circled dingbats."""
SPACED_CJK = re.compile(f"(?<=[{CJK}])(?: +|[-._*|/~^+·](?=[{CJK}]))(?=[{CJK}])")
SPACED_LETTERS = re.compile(
    r"(?<![^\W_])[^\W\d_](?P<gap>[ .\-_*|/·~+])(?P=gap){0,2}[^\W\d_]"
    r"(?:(?P=gap){1,3}[^\W\d_]){2,}(?![^\W_])"
)
LOOK_ALIKES = str.maketrans(
    "АВЕЅІЈКМНОРСТХУЗаеѕіјорсухкмнтвԁԛԝһΑΒΕΖΗΙΚΜΝΟΡΤΥΧαοινρκτυᴀʙᴄᴅᴇꜰɢʜɪᴊᴋʟᴍɴᴏᴘʀꜱᴛᴜᴠᴡʏᴢ",
    "ABESIJKMHOPCTXY3aesijopcyxkmhtbdqwhABEZHIKMNOPTYXaoivpktuabcdefghijklmnoprstuvwyz",
)
FOREIGN = "\u0370-\u03ff\u0400-\u052f"
SMALL_CAPITALS = "\u1d00-\u1d22\u0299\u0262\u026a\u0274\u0280\u028f\u029c\u029f\ua730\ua731"
FOREIGN_WORD = re.compile(f"[^\\W\\d_]*[{FOREIGN}{SMALL_CAPITALS}][^\\W\\d_]*")
BLOCK_LETTERS = re.compile("[\U0001f150-\U0001f169\U0001f170-\U0001f189]")
LEET = str.maketrans("013457@$!€", "oieastasie")
LEET_WORD = re.compile(
    r"(?<![\w@$€])(?=[\w@$!€]*[a-z])(?=[\w@$!€]*[013457@$!€])[\w@$!€]{3,14}", re.IGNORECASE
)
SPACED_HINT = re.compile(r"(?:\b\w[ .\-_*|/·~+]{1,3}){3}")
LEET_SIGN = re.compile("[013457@$€!]")
LEET_HINT = re.compile(r"[a-z][013457@$€]|[013457@$€!][a-z]", re.IGNORECASE)
HAN_FIRST = re.compile("第 ?1(?![0-9])")
SARA_AM = ("\u0e4d\u0e32", "\u0e33")
PERSIAN = str.maketrans("\u06cc\u06a9\u066b\u066c", "\u064a\u0643.,")
"""Persian letters, and the Arabic marks of decimals and thousands."""
SPACES = re.compile(r"\s+")
DIGIT = re.compile("[0-9]")
EDGES = re.compile(r"\A\s+|\s+\Z")
ROUNDS = 4
"""Folding one disguise may bare another; more layers than this nobody reads."""

SCRIPTS: Mapping[str, str] = {
    "Latn": "A-Za-z\u00aa\u00ba\u00c0-\u024f\u1e00-\u1eff",
    "Arab": "\u0600-\u06ff\u0750-\u077f\u08a0-\u08ff\ufb50-\ufdff\ufe70-\ufeff",
    "Jpan": "\u3005-\u3007\u3040-\u30ff\u3400-\u9fff\uf900-\ufaff\uff66-\uff9f",
    "Kore": "\u1100-\u11ff\u3130-\u318f\uac00-\ud7af\u4e00-\u9fff",
    "Hans": "\u3005-\u3007\u3400-\u9fff\uf900-\ufaff",
    "Hant": "\u3005-\u3007\u3100-\u312f\u3400-\u9fff\uf900-\ufaff",
    "Deva": "\u0900-\u097f\ua8e0-\ua8ff",
    "Thai": "\u0e00-\u0e7f",
    "Cyrl": "\u0400-\u052f",
    "Grek": "\u0370-\u03ff\u1f00-\u1fff",
}
"""Ranges of each script's letters, by ISO 15924 code."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Variants:
    """variants.yaml: disguises, and what they stand for."""

    replaced: Mapping[str, str]
    leet: tuple[str, ...]


def cleaned(text: str) -> str:
    """`text` without control characters, bidi overrides and invisible joiners, on one line."""
    kept = "".join(
        " " if unicodedata.category(char) == "Cc" else char for char in STRIPPED.sub("", text)
    )
    return BREAKING_SPACES.sub(" ", kept).strip()


@lru_cache(maxsize=16384)
def normalised(text: str) -> str:
    """The form that rules look at: what a reader sees, without tricks.

    NFKC; invisible characters, tatweel and vowel marks removed; all digits 0-9; spaced-out
    words joined; look-alike letters, homophones and digits for letters folded; runs of spaces
    made one.
    """
    plain = _plainly(text)
    if plain is not None:
        return plain
    for _ in range(ROUNDS):
        before = text
        for step in STEPS:
            text = step(text, None)
        if text == before:
            break
    return text


@dataclass(frozen=True, slots=True)
class Origins:
    """Where each character of a normal form came from."""

    text: str
    """The normal form."""
    spans: tuple[tuple[int, int], ...]
    """Of each of its characters: start and end in the original."""

    def span(self, start: int, end: int) -> tuple[int, int]:
        """The part of the original that a part of the normal form came from."""
        own = self.spans[start:end]
        if not own:
            place = self.spans[start][0] if start < len(self.spans) else 0
            return place, place
        return min(first for first, _ in own), max(last for _, last in own)


@lru_cache(maxsize=1024)
def origins(text: str) -> Origins:
    """The normal form of `text`, character by character with its place."""
    places = [(index, index + 1) for index in range(len(text))]
    if text == normalised(text):
        return Origins(text, tuple(places))
    for _ in range(ROUNDS):
        before = text
        for step in STEPS:
            text = step(text, places)
        if text == before:
            break
    return Origins(text, tuple(places))


def numbers_in(text: str, *, locale: str) -> tuple[tuple[str, Decimal], ...]:
    """Every number as it is written, and its value by the locale's separators."""
    return tuple((written, value) for written, value, _ in placed_numbers(text, locale=locale))


@lru_cache(maxsize=16384)
def placed_numbers(text: str, *, locale: str) -> tuple[tuple[str, Decimal, int], ...]:
    """Every number as it is written, its value, and where it begins in the normal form."""
    pattern, group, decimal = _number_pattern(locale)
    shown = normalised(text)
    first = DIGIT.search(shown)
    found = []
    for match in pattern.finditer(shown, first.start()) if first else ():
        plain = match.group().replace(group, "").replace(" ", "").replace(decimal, ".")
        found.append((match.group(), Decimal(plain), match.start()))
    return tuple(found)


@lru_cache(maxsize=16384)
def script_share(text: str, *, script: str) -> float:
    """Share (0–1) of the letters that belong to the script; 1 where there are no letters."""
    letters = sum(map(str.isalpha, text))
    if not letters:
        return 1.0
    own = sum(map(str.isalpha, _others(script).sub("", text)))
    return own / letters


def pattern_form(pattern: str) -> str:
    """A regular expression as it must be to meet normal forms: composed, half-width."""
    composed = unicodedata.normalize("NFC", pattern)
    return FULL_WIDTH.sub(lambda match: re.escape(chr(ord(match.group()) - 0xFEE0)), composed)


FULL_WIDTH = re.compile("[\uff01-\uff5e]")

Places = list[tuple[int, int]]
Step = Callable[[str, "Places | None"], str]
"""Folds one sort of disguise; keeps the places of what is left, where there are any."""


def _replacing(pattern: re.Pattern[str], new: str | Callable[[re.Match[str]], str]) -> Step:
    def step(text: str, places: Places | None) -> str:
        if places is None:
            return pattern.sub(new, text)
        return _tracked(pattern, new, text, places)

    return step


def _tracked(
    pattern: re.Pattern[str],
    new: str | Callable[[re.Match[str]], str],
    text: str,
    places: Places,
) -> str:
    """Like `pattern.sub`; `places` are changed to those of the result."""
    parts: list[str] = []
    kept: Places = []
    last = 0
    for match in pattern.finditer(text):
        start, end = match.span()
        shown = new if isinstance(new, str) else new(match)
        parts += [text[last:start], shown]
        kept += places[last:start]
        kept += _spread(text[start:end], shown, places[start:end])
        last = end
    parts.append(text[last:])
    kept += places[last:]
    places[:] = kept
    return "".join(parts)


def _spread(old: str, new: str, places: Places) -> Places:
    """The places of a replacement: one by one where it has them, else all it replaces."""
    if len(old) == len(new):
        return places
    if not new:
        return []
    letters = [place for char, place in zip(old, places, strict=True) if char.isalnum()]
    if len(letters) == len(new):
        return letters
    whole = (min(first for first, _ in places), max(last for _, last in places))
    return [whole] * len(new)


def _compatible(text: str, places: Places | None) -> str:
    """NFKC, but for Thai's AM, which it takes apart."""
    if unicodedata.is_normalized("NFKC", text):
        return text
    whole = unicodedata.normalize("NFKC", text).replace(*SARA_AM)
    if places is None or whole == text:
        return whole
    parts: list[str] = []
    kept: Places = []
    start = 0
    for end in range(1, len(text) + 1):
        if end < len(text) and not _breaks(text[start:end], text[end]):
            continue
        part = unicodedata.normalize("NFKC", text[start:end])
        parts.append(part)
        kept += _spread(text[start:end], part, places[start:end])
        start = end
    joined = "".join(parts)
    recomposed = _tracked(re.compile(SARA_AM[0]), SARA_AM[1], joined, kept)
    if recomposed != whole:
        kept = [(places[0][0], places[-1][1])] * len(whole)
    places[:] = kept
    return whole


def _breaks(before: str, char: str) -> bool:
    """Whether NFKC treats what stands before a character apart from it."""
    if unicodedata.combining(char):
        return False
    form = unicodedata.normalize
    return form("NFKC", before + char) == form("NFKC", before) + form("NFKC", char)


def _folded_word(match: re.Match[str]) -> str:
    """A word of look-alikes in Latin letters; any other as it is."""
    folded = match.group().translate(LOOK_ALIKES)
    return match.group() if re.search(f"[{FOREIGN}]", folded) else folded


def _block_letter(match: re.Match[str]) -> str:
    code = ord(match.group())
    return chr(ord("A") + code - (0x1F150 if code < 0x1F170 else 0x1F170))


def _unleeted(match: re.Match[str]) -> str:
    word = match.group().rstrip("!")
    folded = word.lower().translate(LEET)
    return folded + match.group()[len(word) :] if folded in _leet_words() else match.group()


def _without_gaps(match: re.Match[str]) -> str:
    """The letters joined; where some gaps are wider than others, those part words."""
    gaps = [len(gap) for gap in re.findall(f"{re.escape(match['gap'])}+", match.group())]
    letters = re.split(f"{re.escape(match['gap'])}+", match.group())
    parts = (
        " " * (gap > min(gaps)) + char for gap, char in zip(gaps, letters[1:], strict=True)
    )
    return letters[0] + "".join(parts)


def _undisguised(text: str, places: Places | None) -> str:
    pattern, words = _disguises()
    return _replacing(pattern, lambda match: words.get(match.group().lower(), "第一"))(
        text, places
    )


@lru_cache(maxsize=1)
def _variants() -> Variants:
    return DataFile.at(bundled("prompts") / "markets" / "variants.yaml").read(
        TypeAdapter(Variants)
    )


@lru_cache(maxsize=1)
def _leet_words() -> frozenset[str]:
    return frozenset(_variants().leet)


@lru_cache(maxsize=1)
def _disguises() -> tuple[re.Pattern[str], dict[str, str]]:
    words = {key.lower(): value for key, value in _variants().replaced.items()}
    longest_first = sorted(words, key=len, reverse=True)
    known = "|".join(
        f"(?<![a-z0-9]){re.escape(key)}(?![a-z])" if re.search("[a-z]", key) else re.escape(key)
        for key in longest_first
    )
    return re.compile(f"{known}|{HAN_FIRST.pattern}", re.IGNORECASE), words


def _disguised(text: str) -> bool:
    """Whether a text in Han or Kana holds a disguise; mostly a glance at its letters tells."""
    if not (IS_CJK.search(text) and _first_letters().search(text)):
        return False
    small = text.replace("İ", "i").lower().replace("ı", "i").replace("ſ", "s")
    return any(word in small for word in _disguises()[1]) or bool(HAN_FIRST.search(text))


@lru_cache(maxsize=1)
def _first_letters() -> re.Pattern[str]:
    """What each disguise begins with, or the Latin letter in it before one that isn't."""
    letters = {key[0] for key in _disguises()[1] if not key[0].isascii()}
    listed = re.escape("".join(sorted(letters)))
    return re.compile(rf"[{listed}第]|[a-z](?![a-z])[^\x00-\x7f]", re.IGNORECASE)


def _plainly(text: str) -> str | None:
    """The normal form of a text without any disguise; None where there may be one."""
    if not text.isascii():
        if _suspect(text):
            return None
        before, text = text, _compatible(text, None)
        if (text != before and _suspect(text)) or _disguised(text):
            return None
    plain = " ".join(text.split())
    if SPACED_HINT.search(plain) or (LEET_SIGN.search(plain) and LEET_HINT.search(plain)):
        return None
    return plain


def _suspect(text: str) -> bool:
    """Whether there are signs of a disguise in a text that isn't plain ASCII."""
    if SUSPECTS.search(text) or FOREIGN_DIGIT.search(text):
        return True
    return bool(IS_CJK.search(text) and SPACED_CJK.search(text))


IS_CJK = re.compile(f"[{CJK}]")
SUSPECTS = re.compile(
    UNSEEN.pattern.rstrip("]")
    + BLOCK_LETTERS.pattern.strip("[]")
    + f"\u2776-\u277e\u2780-\u2788\u278a-\u2792{FOREIGN}{SMALL_CAPITALS}"
    + "\u06cc\u06a9\u066b\u066c]"
)
FOREIGN_DIGIT = re.compile(r"[^0-9\D]")
STEPS: tuple[Step, ...] = (
    _replacing(UNSEEN, ""),
    _compatible,
    _replacing(UNSEEN, ""),
    _replacing(
        re.compile("[\u06cc\u06a9\u066b\u066c]"), lambda match: match.group().translate(PERSIAN)
    ),
    _replacing(OTHER_DIGITS, lambda match: str(unicodedata.digit(match.group()))),
    _replacing(BLOCK_LETTERS, _block_letter),
    _replacing(FOREIGN_WORD, _folded_word),
    _replacing(SPACED_LETTERS, _without_gaps),
    _replacing(SPACED_CJK, ""),
    _undisguised,
    _replacing(LEET_WORD, _unleeted),
    _replacing(SPACES, " "),
    _replacing(EDGES, ""),
)


@lru_cache(maxsize=64)
def _others(script: str) -> re.Pattern[str]:
    return re.compile(f"[^{SCRIPTS.get(script, SCRIPTS['Latn'])}]+")


@lru_cache(maxsize=64)
def _number_pattern(locale: str) -> tuple[re.Pattern[str], str, str]:
    parsed = BabelLocale.parse(locale, sep="-")
    group = unicodedata.normalize("NFKC", get_group_symbol(parsed, numbering_system="latn"))
    decimal = get_decimal_symbol(parsed, numbering_system="latn")
    grouped = rf"[0-9]{{1,3}}(?:{re.escape(group)}[0-9]{{2,3}})+(?![0-9])"
    tail = rf"(?:{re.escape(decimal)}[0-9]+)?"
    return re.compile(rf"(?:{grouped}|[0-9]+){tail}"), group, decimal
