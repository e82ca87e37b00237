"""Which language a short text is in, among those that the markets read."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache

from py3langid.langid import MODEL_FILE, LanguageIdentifier
from pydantic import TypeAdapter

from studio.markets.data_file import DataFile
from studio.resources import bundled

LATIN = ("de", "en", "es", "fr", "id", "it", "pl", "pt", "tr", "vi")
"""Languages in Latin script between which a text is judged."""
SURE = 0.9
"""Least share (0–1) of the belief that another language must have."""
FEWEST_LETTERS = 12
FEWEST_WORDS = 2
WORD = re.compile(r"[^\W\d_]+(?:[’'][^\W\d_]+)?")


@dataclass(frozen=True, slots=True, kw_only=True)
class HanTable:
    """han.yaml: characters that only one of the two scripts writes."""

    simplified: str
    traditional: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Signs:
    """function-words.yaml: by what a language is known at a glance."""

    words: Mapping[str, str]
    letters: Mapping[str, str]
    """Letters that no other of the languages has."""


@lru_cache(maxsize=16384)
def foreign_to(language: str, text: str) -> str:
    """The other language that a text in Latin letters is surely in; empty: it may be its own.

    Quiet on texts that are too short to tell.
    """
    if language not in LATIN or sum(map(str.isalpha, text)) < FEWEST_LETTERS:
        return ""
    if len(WORD.findall(text)) < FEWEST_WORDS or plainly_own(language, text):
        return ""
    ranked = _identifier().rank(text.lower())
    best, share = ranked[0]
    return str(best) if best != language and share >= SURE else ""


@lru_cache(maxsize=16384)
def plainly_own(language: str, text: str) -> bool:
    """Whether small words of this language stand in the text, and none of another."""
    spoken = _speakers()
    found = {spoken[word] for word in WORD.findall(text.lower()) if word in spoken}
    if found - {language}:
        return False
    return bool(found) or any(letter in text for letter in _signs().letters.get(language, ""))


@lru_cache(maxsize=1)
def _speakers() -> dict[str, str]:
    """The language of each small word that only one of them has."""
    owners: dict[str, list[str]] = {}
    for language, words in _signs().words.items():
        for word in set(words.split()):
            owners.setdefault(word, []).append(language)
    return {word: own[0] for word, own in owners.items() if len(own) == 1}


@lru_cache(maxsize=1)
def _signs() -> Signs:
    file = DataFile.at(bundled("prompts") / "markets" / "function-words.yaml")
    return file.read(TypeAdapter(Signs))


@lru_cache(maxsize=8)
def wrong_characters(variant: str, *, script: str) -> re.Pattern[str]:
    """Runs of characters that only `simplified` or only `traditional` Chinese writes.

    For the script `Jpan`, those that Japanese writes as well are left out.
    """
    wrong = _han().simplified if variant == "simplified" else _han().traditional
    if script == "Jpan":
        wrong = "".join(char for char in wrong if not _is_japanese(char))
    return re.compile(f"[{wrong.replace(' ', '')}]+")


def _is_japanese(char: str) -> bool:
    try:
        char.encode("shift_jis")
    except UnicodeEncodeError:
        return False
    return True


@lru_cache(maxsize=1)
def _han() -> HanTable:
    return DataFile.at(bundled("prompts") / "markets" / "han.yaml").read(TypeAdapter(HanTable))


@lru_cache(maxsize=1)
def _identifier() -> LanguageIdentifier:
    identifier = LanguageIdentifier.from_model_file(MODEL_FILE, norm_probs=True)
    identifier.set_languages(list(LATIN))
    return identifier
