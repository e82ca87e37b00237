"""Many patterns looked for at once: which of them can't be in a text is known in one pass."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property, lru_cache

import ahocorasick

from studio.compliance.atoms import Strings, atoms, folded, marked, marked_atom, needs, ways

MOST_ATOMS = 160
"""Needs of more atoms than this cost more to look for than they spare."""


@dataclass(frozen=True, slots=True, eq=False)
class Way:
    """One of the alternatives of a pattern: it matches if one of them does."""

    pattern: str
    words: str
    """The alternative itself."""
    needs: tuple[tuple[str, ...], ...]
    """Strings of each of which one stands in every line that it matches."""

    def may_stand_in(self, shown: str) -> bool:
        """Whether a marked text holds all that this needs."""
        for strings in self.needs:
            for string in strings:
                if string in shown:
                    break
            else:
                return False
        return True


@dataclass(frozen=True, slots=True)
class Sieved:
    """What may match a text."""

    patterns: frozenset[str]
    """Those that may match across lines, of which the text is one."""
    ways: tuple[Way, ...]
    """Alternatives that may match within the text."""


@dataclass(frozen=True, eq=False)
class Sieve:
    """Tells which of its patterns may match a text; the others surely don't.

    Every alternative of a pattern needs one of a few literal strings, its atoms; all atoms are
    looked for together (Aho and Corasick, Efficient string matching, 1975).
    """

    patterns: tuple[str, ...]

    def may_match(self, text: str) -> frozenset[str]:
        """The patterns that are worth searching for in a normal form of one line or more."""
        return _sieved(self, text).patterns

    def ways_in(self, text: str) -> tuple[Way, ...]:
        """The alternatives that are worth searching for in a normal form of one line."""
        return _sieved(self, text).ways

    @cached_property
    def always(self) -> frozenset[Way]:
        """Alternatives that may match without any atom."""
        return frozenset(way for way, found in self._atoms if found is None)

    @cached_property
    def owners(self) -> tuple[tuple[str, frozenset[Way]], ...]:
        """Each atom, as it stands in a marked text, with the alternatives it may be of."""
        found: dict[str, set[Way]] = {}
        for way, strings in self._atoms:
            for atom in _bare(strings or ()):
                found.setdefault(atom, set()).add(way)
        return tuple((atom, frozenset(own)) for atom, own in found.items())

    @cached_property
    def automaton(self) -> ahocorasick.Automaton:
        """Finds the alternatives of all atoms in one pass."""
        automaton = ahocorasick.Automaton()
        for atom, own in self.owners:
            automaton.add_word(atom, own)
        automaton.make_automaton()
        return automaton

    @cached_property
    def _atoms(self) -> tuple[tuple[Way, Strings | None], ...]:
        return tuple(
            (_way(source, words), atoms(words))
            for source in self.patterns
            for words in ways(source)
        )


@lru_cache(maxsize=16384)
def _sieved(sieve: Sieve, text: str) -> Sieved:
    shown = marked(folded(text))
    found = sieve.always
    if sieve.owners:
        found = found.union(*{own for _, own in sieve.automaton.iter(shown)})
    return Sieved(
        frozenset(way.pattern for way in found),
        tuple(way for way in found if way.may_stand_in(shown)),
    )


def _way(source: str, words: str) -> Way:
    """What the automaton finds anyway is not looked for again."""
    known = needs(words)
    others = [each for each in known.every if each != known.some and len(each) <= MOST_ATOMS]
    return Way(source, words, tuple(sorted(map(_bare, others), key=len)))


def _bare(strings: Iterable[str]) -> tuple[str, ...]:
    """Atoms as they stand in a marked text, without those that hold another."""
    shown = sorted(set(map(marked_atom, strings)), key=len)
    if len(shown) > MOST_ATOMS:
        return tuple(shown)
    kept: list[str] = []
    for atom in shown:
        if not any(other in atom for other in kept):
            kept.append(atom)
    return tuple(kept)


def sieve_of(patterns: Iterable[str]) -> Sieve:
    """A sieve of these patterns, each once."""
    return Sieve(tuple(dict.fromkeys(patterns)))
