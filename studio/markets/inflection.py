"""A product's name with the endings that a language puts on it."""

from __future__ import annotations

import unicodedata
from collections.abc import Mapping

APOSTROPHE = "\u2019"
TURKISH_VOWELS = {
    "a": "ı", "ı": "ı", "e": "i", "i": "i", "o": "u", "u": "u", "ö": "ü", "ü": "ü",
}  # fmt: skip
"""Last vowel of a word → the close vowel of its suffixes (four-way vowel harmony)."""
TURKISH_BACK = "aıou"
TURKISH_VOICELESS = "fstkçşhp"
TURKISH_DIGITS = {
    "00": "yüz", "10": "on", "20": "yirmi", "30": "otuz", "40": "kırk", "50": "elli",
    "60": "altmış", "70": "yetmiş", "80": "seksen", "90": "doksan", "0": "sıfır", "1": "bir",
    "2": "iki", "3": "üç", "4": "dört", "5": "beş", "6": "altı", "7": "yedi", "8": "sekiz",
    "9": "dokuz",
}  # fmt: skip
"""How the end of a number is read, the longer ends first."""
HANGUL_FIRST, HANGUL_LAST = "\uac00", "\ud7a3"
FINALS = 28
"""Final consonants of a Hangul syllable, none among them."""
RIEUL = 8
KOREAN_CLOSED_LETTERS = "lmn"
KOREAN_DIGITS = {"0": 21, "1": RIEUL, "3": 16, "6": 1, "7": RIEUL, "8": RIEUL}
"""Digits whose Korean reading ends in a consonant (yeong, il, sam …), and in which."""


def inflected(name: str, language: str) -> Mapping[str, str]:
    """Slots such as `product_gen` for languages that inflect names, by the name's spelling.

    Turkish: `gen dat acc loc abl ins` with an apostrophe, by vowel harmony. Korean:
    `topic subject object with by`, by whether the last sound is a consonant; Latin letters are
    judged as they are usually read (l, m, n and ng close a syllable). Other languages: none.
    """
    forms = {"tr": _turkish, "ko": _korean}.get(language)
    if forms is None or not name:
        return {}
    return {f"product_{case}": text for case, text in forms(name).items()}


def _turkish(name: str) -> dict[str, str]:
    plain = name.replace("I", "ı").replace("İ", "i").lower()
    read = next((word for end, word in TURKISH_DIGITS.items() if plain.endswith(end)), "")
    plain = read or plain
    bare = "".join(
        char if char in TURKISH_VOWELS else unicodedata.normalize("NFD", char)[0]
        for char in plain
    )
    vowel = next((char for char in reversed(bare) if char in TURKISH_VOWELS), "e")
    close = TURKISH_VOWELS[vowel]
    open_ = "a" if vowel in TURKISH_BACK else "e"
    last = next((char for char in reversed(plain) if char.isalnum()), "e")
    ends_open = last in TURKISH_VOWELS
    hard = "t" if last in TURKISH_VOICELESS else "d"
    stem = f"{name}{APOSTROPHE}"
    return {
        "gen": f"{stem}{'n' if ends_open else ''}{close}n",
        "dat": f"{stem}{'y' if ends_open else ''}{open_}",
        "acc": f"{stem}{'y' if ends_open else ''}{close}",
        "loc": f"{stem}{hard}{open_}",
        "abl": f"{stem}{hard}{open_}n",
        "ins": f"{stem}{'y' if ends_open else ''}l{open_}",
    }


def _korean(name: str) -> dict[str, str]:
    final = _final_consonant(name)
    closed = final > 0
    return {
        "topic": f"{name}{'은' if closed else '는'}",
        "subject": f"{name}{'이' if closed else '가'}",
        "object": f"{name}{'을' if closed else '를'}",
        "with": f"{name}{'과' if closed else '와'}",
        "by": f"{name}{'으로' if closed and final != RIEUL else '로'}",
    }


def _final_consonant(name: str) -> int:
    """Index (0: none) of the final consonant of the last syllable, as Unicode orders them."""
    last = next((char for char in reversed(name.lower()) if char.isalnum()), "")
    if HANGUL_FIRST <= last <= HANGUL_LAST:
        return (ord(last) - ord(HANGUL_FIRST)) % FINALS
    if last in KOREAN_DIGITS:
        return KOREAN_DIGITS[last]
    if last == "l":
        return RIEUL
    return 1 if last and (last in KOREAN_CLOSED_LETTERS or name.lower().endswith("ng")) else 0
