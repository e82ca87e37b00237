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
WORD = re.compile(r"[^\W\d_]+(?:[’'][^\W\d_]+)?")


@dataclass(frozen=True, slots=True, kw_only=True)
class HanTable:
    """han.yaml: characters that only one of the two scripts writes."""

    simplified: str
    traditional: str


@lru_cache(maxsize=16384)
def foreign_to(language: str, text: str) -> str:
    """The other language that a text in Latin letters is surely in; empty: it may be its own.

    Quiet on texts that are too short to tell.
    """
    if language not in LATIN or sum(map(str.isalpha, text)) < FEWEST_LETTERS:
        return ""
    if len(WORD.findall(text)) < 2:
        return ""
    ranked = _identifier().rank(text.lower())
    best, share = ranked[0]
    return str(best) if best != language and share >= SURE else ""


@lru_cache(maxsize=2)
def wrong_characters(variant: str) -> re.Pattern[str]:
    """Runs of characters that only `simplified` or only `traditional` Chinese writes."""
    table: Mapping[str, str] = {
        "simplified": _han().simplified,
        "traditional": _han().traditional,
    }
    return re.compile(f"[{table[variant].replace(' ', '')}]+")


@lru_cache(maxsize=1)
def _han() -> HanTable:
    return DataFile.at(bundled("prompts") / "markets" / "han.yaml").read(TypeAdapter(HanTable))


@lru_cache(maxsize=1)
def _identifier() -> LanguageIdentifier:
    identifier = LanguageIdentifier.from_model_file(MODEL_FILE, norm_probs=True)
    identifier.set_languages(list(LATIN))
    return identifier
