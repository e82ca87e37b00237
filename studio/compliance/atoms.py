"""What a text must hold for a regular expression to match: one of some few literal strings."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from functools import lru_cache
from itertools import product
from re import IGNORECASE, MULTILINE, _constants, _parser  # type: ignore[attr-defined]
from typing import Any, TypeAlias

from studio.markets.wording import pattern_form

Strings: TypeAlias = frozenset[str]
MOST_STRINGS = 24
"""So many strings are told apart before a part of a pattern counts as anything."""
MOST_LETTERS = 10
"""Classes of more characters count as anything."""
NOTHING: Strings = frozenset({""})


@dataclass(frozen=True, slots=True)
class Needs:
    """What is known of the texts that a part of a pattern matches."""

    whole: Strings | None = None
    """All of them; None where they are too many to list."""
    some: Strings | None = None
    """Strings of which each text holds one; None where nothing is known."""


ANYTHING = Needs()


def folded(text: str) -> str:
    """`text` without the difference of capital and small letters, as Python ignores case."""
    small = text.replace("İ", "i").lower()
    if small.isascii():
        return small
    return small.replace("ı", "i").replace("ſ", "s").replace("ς", "σ")


@lru_cache(maxsize=16384)
def atoms(source: str) -> Strings | None:
    """Folded strings of which one stands, on one line, in every text that the pattern matches.

    None where the pattern may match without any such string.
    """
    found = _sequence(_parser.parse(pattern_form(source), IGNORECASE | MULTILINE))
    return None if found.some is None or "" in found.some else found.some


def _sequence(parts: Iterable[tuple[Any, Any]]) -> Needs:
    """What stands in a row: strings in a row where all are listed, else the rarest need."""
    row, best, listed = NOTHING, None, True
    for operation, argument in parts:
        part = _part(operation, argument)
        if part.whole is not None and len(part.whole) * len(row) <= MOST_STRINGS:
            row = _joined(row, part.whole)
            continue
        listed = False
        best = _rarer(_rarer(best, row), part.some)
        row = NOTHING if part.whole is None or len(part.whole) > MOST_STRINGS else part.whole
    return Needs(row, row) if listed else Needs(None, _rarer(best, row))


def _joined(first: Strings, second: Strings) -> Strings:
    return frozenset(a + b for a, b in product(first, second))


def _rarer(one: Strings | None, other: Strings | None) -> Strings | None:
    """That of two needs whose shortest string is longer; of two alike, the fewer strings."""
    known = [each for each in (one, other) if each is not None and "" not in each]
    return max(known, key=lambda each: (_least_bytes(each), -len(each)), default=None)


def _least_bytes(strings: Strings) -> int:
    """Bytes, since a character of a large script is rarer than a Latin letter."""
    return min(len(string.encode()) for string in strings)


def _part(operation: Any, argument: Any) -> Needs:
    read = READERS.get(operation)
    return ANYTHING if read is None else read(argument)


def _literal(code: int) -> Needs:
    return _letters({chr(code)})


def _class(items: Iterable[tuple[Any, Any]]) -> Needs:
    letters: set[str] = set()
    for operation, argument in items:
        if operation is _constants.LITERAL:
            letters.add(chr(argument))
        elif operation is _constants.RANGE and argument[1] - argument[0] < MOST_LETTERS:
            letters.update(map(chr, range(argument[0], argument[1] + 1)))
        else:
            return ANYTHING
    return _letters(letters)


def _letters(letters: set[str]) -> Needs:
    """One of these; a line's end is never part of a string, since texts are sieved by line."""
    if "\n" in letters or len(letters) > MOST_LETTERS:
        return ANYTHING
    strings = frozenset(map(folded, letters))
    return Needs(strings, strings)


def _group(argument: tuple[Any, ...]) -> Needs:
    return _sequence(argument[-1])


def _branch(argument: tuple[Any, list[Any]]) -> Needs:
    """One of several: a need only where each has one."""
    ways = [_sequence(way) for way in argument[1]]
    whole = [way.whole for way in ways if way.whole is not None]
    some = [way.some for way in ways if way.some is not None and "" not in way.some]
    return Needs(
        frozenset().union(*whole) if len(whole) == len(ways) else None,
        frozenset().union(*some) if len(some) == len(ways) else None,
    )


def _repeat(argument: tuple[int, int, Any]) -> Needs:
    least, most, repeated = argument
    once = _sequence(repeated)
    if (least, most) == (1, 1):
        return once
    if (least, most) == (0, 1) and once.whole is not None:
        return Needs(once.whole | NOTHING)
    return Needs(None, once.some if least else None)


def _nothing(argument: Any) -> Needs:
    """An anchor or what looks around: it takes no room in a text."""
    del argument
    return Needs(NOTHING)


READERS: Mapping[Any, Callable[[Any], Needs]] = {
    _constants.LITERAL: _literal,
    _constants.IN: _class,
    _constants.SUBPATTERN: _group,
    _constants.BRANCH: _branch,
    _constants.MAX_REPEAT: _repeat,
    _constants.MIN_REPEAT: _repeat,
    _constants.AT: _nothing,
    _constants.ASSERT: _nothing,
    _constants.ASSERT_NOT: _nothing,
}
"""How each operation of a parsed pattern is read; any other may match anything."""
