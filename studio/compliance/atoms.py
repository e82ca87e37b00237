"""What a text must hold for a regular expression to match: some few literal strings."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import lru_cache, reduce
from itertools import product
from re import IGNORECASE, MULTILINE, _constants, _parser  # type: ignore[attr-defined]
from typing import Any, TypeAlias

from studio.markets.wording import pattern_form

Part: TypeAlias = tuple[Any, Any]
"""An operation of a parsed pattern, and its argument."""
Strings: TypeAlias = frozenset[str]
MOST_STRINGS = 24
"""So many strings are told apart before a part of a pattern counts as anything."""
MOST_LETTERS = 200
"""Classes of more characters count as anything."""
EDGE = "\x00"
"""Stands in a string where a word must begin or end."""
NOTHING: Strings = frozenset({""})
RUNS = re.compile(r"\w+|\W+")
BOUND_TOGETHER = re.compile(r"\\[1-9]|\(\?P=|\(\?\(|\A\(\?[a-zA-Z]+\)")
"""Signs that parts of a pattern refer to others, so that it can't be taken apart."""
TOKEN = re.compile(r"\\.|\[\^?\]?(?:\\.|[^]\\])*\]|.", re.DOTALL)
"""An escaped character, a class of characters, or any other character of a pattern."""


@dataclass(frozen=True, slots=True)
class Needs:
    """What is known of the texts that a part of a pattern matches."""

    whole: Strings | None = None
    """All of them; None where they are too many to list."""
    some: Strings | None = None
    """Strings of which each text holds one; None where nothing is known."""
    every: tuple[Strings, ...] = ()
    """More such: each text holds one of each."""


ANYTHING = Needs()


def folded(text: str) -> str:
    """`text` without the difference of capital and small letters, as Python ignores case."""
    small = text.replace("İ", "i").lower()
    if small.isascii():
        return small
    return small.replace("ı", "i").replace("ſ", "s").replace("ς", "σ")


def marked(text: str) -> str:
    """A folded text with an `EDGE` wherever a word begins or ends, and at its own ends."""
    return EDGE.join(("", *RUNS.findall(text), ""))


def marked_atom(atom: str) -> str:
    """An atom as it stands in a marked text."""
    first = EDGE if atom.startswith(EDGE) else ""
    last = EDGE if atom.endswith(EDGE) else ""
    return first + EDGE.join(RUNS.findall(atom.replace(EDGE, ""))) + last


def ways(source: str) -> tuple[str, ...]:
    """The alternatives of a pattern: it matches in a text if, and only if, one of them does."""
    if BOUND_TOGETHER.search(source):
        return (source,)
    found, depth = [""], 0
    for token in TOKEN.findall(source):
        depth += (token == "(") - (token == ")")
        if token == "|" and not depth:
            found.append("")
        else:
            found[-1] += token
    return tuple(dict.fromkeys(found))


def atoms(source: str) -> Strings | None:
    """Folded strings of which one stands, on one line, in every text that the pattern matches.

    Words begin or end where a string has an `EDGE`. None where the pattern may match without
    any such string.
    """
    found = needs(source).some
    return found if _tells(found) else None


@lru_cache(maxsize=65536)
def needs(source: str) -> Needs:
    """What is known of the texts that a pattern matches."""
    return _sequence(_parser.parse(pattern_form(source), IGNORECASE | MULTILINE))


def _sequence(parts: Iterable[Part]) -> Needs:
    """What stands in a row: strings in a row where all are listed, else the rarest need."""
    row, listed = NOTHING, True
    every: list[Strings] = []
    for operation, argument in _edges_inside(parts):
        part = _part(operation, argument)
        if part.whole is not None and _few(row, part.whole):
            row = _joined(row, part.whole)
            continue
        listed = False
        every += [row, *part.every, *_known(part.some)]
        row = NOTHING if part.whole is None else part.whole
    if listed:
        return Needs(row, row)
    telling = tuple(dict.fromkeys(each for each in (*every, row) if _tells(each)))
    return Needs(None, reduce(_rarer, telling, None), telling)


def _known(strings: Strings | None) -> tuple[Strings, ...]:
    return () if strings is None else (strings,)


def _edges_inside(parts: Iterable[Part]) -> Iterator[Part]:
    """The parts with each word's edge moved into the alternatives that it stands before."""
    edge: list[Part] = []
    for operation, argument in parts:
        if operation is _constants.BRANCH and edge:
            yield operation, (None, [[*edge, *way] for way in argument[1]])
            edge = []
            continue
        yield from edge
        edge = [(operation, argument)] if argument is _constants.AT_BOUNDARY else []
        if not edge:
            yield operation, argument
    yield from edge


def _few(first: Strings, second: Strings) -> bool:
    """Whether joining makes few strings, or no more than there are."""
    return len(first) * len(second) <= max(MOST_STRINGS, len(first), len(second))


def _joined(first: Strings, second: Strings) -> Strings:
    return frozenset(a + b for a, b in product(first, second))


def _rarer(one: Strings | None, other: Strings | None) -> Strings | None:
    """That of two needs whose shortest string is longer; of two alike, the fewer strings."""
    known = [each for each in (one, other) if each is not None and _tells(each)]
    return max(known, key=lambda each: (_least_bytes(each), -len(each)), default=None)


def _tells(strings: Strings | None) -> bool:
    """Whether there are strings, and each has letters."""
    return strings is not None and all(string.strip(EDGE) for string in strings)


def _least_bytes(strings: Strings) -> int:
    """Bytes, since a character of a large script is rarer than a Latin letter."""
    return min(len(string.strip(EDGE).encode()) for string in strings)


def _part(operation: Any, argument: Any) -> Needs:
    read = READERS.get(operation)
    return ANYTHING if read is None else read(argument)


def _literal(code: int) -> Needs:
    return _letters({chr(code)})


def _class(items: Iterable[Part]) -> Needs:
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
    some = [way.some for way in ways if way.some is not None and _tells(way.some)]
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
    return Needs(None, once.some, once.every) if least else ANYTHING


def _anchor(argument: Any) -> Needs:
    edge = argument is _constants.AT_BOUNDARY
    return Needs(frozenset({EDGE}) if edge else NOTHING)


def _look_around(argument: Any) -> Needs:
    """It takes no room in a text."""
    del argument
    return Needs(NOTHING)


READERS: Mapping[Any, Callable[[Any], Needs]] = {
    _constants.LITERAL: _literal,
    _constants.IN: _class,
    _constants.SUBPATTERN: _group,
    _constants.BRANCH: _branch,
    _constants.MAX_REPEAT: _repeat,
    _constants.MIN_REPEAT: _repeat,
    _constants.AT: _anchor,
    _constants.ASSERT: _look_around,
    _constants.ASSERT_NOT: _look_around,
}
"""How each operation of a parsed pattern is read; any other may match anything."""
