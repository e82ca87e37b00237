"""How each language likes its lines to end and begin: words that lean on their neighbours."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from ruamel.yaml import YAML

FILE = Path(__file__).with_name("habits.yaml")


@dataclass(frozen=True, slots=True, kw_only=True)
class Habits:
    """What a reader of a language finds odd at a line's end or start."""

    short_word: int = 3
    """Words up to this length look lost at the end of a line; 0: length says nothing."""
    leans_on: frozenset[str] = frozenset()
    """Words that belong to the next one: prepositions, conjunctions, negations."""
    leans_back: frozenset[str] = frozenset()
    """Words that belong to the one before: particles, postpositions, bound nouns."""
    compounds: frozenset[str] = frozenset()
    """Words that are written in parts, which no line end should part."""


USUAL = Habits()


def habits_of(language: str) -> Habits:
    """The habits of a language; where none are known, those of Latin scripts."""
    return _all().get(language, USUAL)


@lru_cache(maxsize=1)
def _all() -> Mapping[str, Habits]:
    with FILE.open(encoding="utf-8") as file:
        stored = YAML(typ="safe").load(file)
    return {
        language: Habits(
            short_word=entry.get("short_word", USUAL.short_word),
            leans_on=frozenset(entry.get("leans_on", "").split()),
            leans_back=frozenset(entry.get("leans_back", "").split()),
            compounds=frozenset(filter(None, entry.get("compounds", "").split(", "))),
        )
        for language, entry in stored.items()
    }
