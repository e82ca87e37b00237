"""A pack's rules, made ready once: patterns compiled, in a form that is quick to search."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache

from studio.compliance.case import pattern
from studio.markets.pack import MarketPack
from studio.markets.rules import LexiconRule


@dataclass(frozen=True, slots=True, eq=False)
class ReadyRule:
    """A rule on words with its patterns."""

    rule: LexiconRule
    patterns: tuple[re.Pattern[str], ...]
    unless: tuple[re.Pattern[str], ...]


@dataclass(frozen=True, slots=True, eq=False)
class Rulebook:
    """The rules on words of one pack."""

    rules: tuple[ReadyRule, ...]


@dataclass(frozen=True, slots=True, eq=False)
class _Same:
    """A pack as a key: itself, not what it holds."""

    pack: MarketPack

    def __hash__(self) -> int:
        return id(self.pack)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, _Same) and other.pack is self.pack


def rulebook(pack: MarketPack) -> Rulebook:
    """The pack's rules on words, compiled once for each pack."""
    return _compiled(_Same(pack))


@lru_cache(maxsize=64)
def _compiled(key: _Same) -> Rulebook:
    return Rulebook(
        tuple(
            ReadyRule(
                rule=rule,
                patterns=tuple(map(pattern, rule.patterns)),
                unless=tuple(map(pattern, rule.unless)),
            )
            for rule in key.pack.rules
        )
    )
