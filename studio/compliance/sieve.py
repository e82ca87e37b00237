"""Many patterns looked for at once: which of them can't be in a text is known in one pass."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cached_property, lru_cache
from typing import TypeAlias

import ahocorasick

from studio.compliance.atoms import EDGE, atoms, folded

Owners: TypeAlias = Mapping[str, frozenset[str]]
"""Atoms with the patterns that they may be of."""


@dataclass(frozen=True, eq=False)
class Sieve:
    """Tells which of its patterns may match a text; the others surely don't.

    Every pattern that matches needs one of a few literal strings, its atoms; all atoms are
    looked for together (Aho and Corasick, Efficient string matching, 1975).
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
    def owners(self) -> Mapping[str, Owners]:
        """Each atom's letters, with the atoms that differ only in where words end."""
        found: dict[str, dict[str, frozenset[str]]] = {}
        for source in self.patterns:
            for atom in atoms(source) or ():
                alike = found.setdefault(atom.replace(EDGE, ""), {})
                alike[atom] = alike.get(atom, frozenset()) | {source}
        return found

    @cached_property
    def automaton(self) -> ahocorasick.Automaton:
        """Finds the letters of all atoms in one pass."""
        automaton = ahocorasick.Automaton()
        for letters in self.owners:
            automaton.add_word(letters, letters)
        automaton.make_automaton()
        return automaton


@lru_cache(maxsize=16384)
def _may_match(sieve: Sieve, text: str) -> frozenset[str]:
    shown = folded(text)
    found = set(sieve.always)
    if not sieve.owners:
        return frozenset(found)
    for letters in {letters for _, letters in sieve.automaton.iter(shown)}:
        for atom, sources in sieve.owners[letters].items():
            if EDGE not in atom or _with_edges(atom).search(shown):
                found |= sources
    return frozenset(found)


@lru_cache(maxsize=16384)
def _with_edges(atom: str) -> re.Pattern[str]:
    return re.compile(re.escape(atom).replace(re.escape(EDGE), r"\b"))


def sieve_of(patterns: Iterable[str]) -> Sieve:
    """A sieve of these patterns, each once."""
    return Sieve(tuple(dict.fromkeys(patterns)))
