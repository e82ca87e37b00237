"""Many patterns looked for at once: which of them can't be in a text is known in one pass."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cached_property, lru_cache

from studio.compliance.atoms import atoms, folded

GRAM = 3
"""Letters by which an atom is looked up; shorter atoms are looked up whole."""


@dataclass(frozen=True, eq=False)
class Sieve:
    """Tells which of its patterns may match a text; the others surely don't.

    Every pattern that matches needs one of a few literal strings, its atoms. A text is cut
    into its runs of one, two and three letters; those at which atoms are kept name the atoms
    that are worth looking for.
    """

    patterns: tuple[str, ...]

    def may_match(self, text: str) -> frozenset[str]:
        """The patterns that are worth searching for in a normal form of one line or more."""
        return _may_match(self, text)

    @cached_property
    def always(self) -> frozenset[str]:
        """Patterns that may match without any atom."""
        return frozenset(source for source in self.patterns if atoms(source) is None)

    @cached_property
    def by_gram(self) -> Mapping[str, tuple[tuple[str, frozenset[str]], ...]]:
        """Atoms, each with the patterns that it may be of, by their first letters."""
        owners: dict[str, set[str]] = {}
        for source in self.patterns:
            for atom in atoms(source) or ():
                owners.setdefault(atom, set()).add(source)
        kept: dict[str, list[tuple[str, frozenset[str]]]] = {}
        for atom, sources in owners.items():
            kept.setdefault(atom[:GRAM], []).append((atom, frozenset(sources)))
        return {gram: tuple(found) for gram, found in kept.items()}


@lru_cache(maxsize=16384)
def _may_match(sieve: Sieve, text: str) -> frozenset[str]:
    shown = folded(text)
    pairs = set(map(str.__add__, shown, shown[1:]))
    triples = set(map(str.__add__, map(str.__add__, shown, shown[1:]), shown[2:]))
    by_gram = sieve.by_gram
    found = set(sieve.always)
    for gram in by_gram.keys() & (pairs | triples | set(shown)):
        for atom, sources in by_gram[gram]:
            if atom in shown:
                found |= sources
    return frozenset(found)


def sieve_of(patterns: Iterable[str]) -> Sieve:
    """A sieve of these patterns, each once."""
    return Sieve(tuple(dict.fromkeys(patterns)))
