"""Many patterns looked for at once: which of them can't be in a text is known in one pass."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property

import re2

from studio.markets.wording import pattern_form

FOLDED = str.maketrans("ıİſ\u212a", "iisk")
"""Letters that Python takes for others when case is ignored, and RE2 doesn't."""
LOOKAROUND = re.compile(r"\(\?<?[=!]")
NAMED = re.compile(r"\(\?P<\w+>|\(\?[a-z]*-?[a-z]*:")
COUNTED = re.compile(r"\{(\d+)(?:(,)(\d*))?\}")
PLAIN = re.compile("[A-Za-z0-9]")
OPTIONAL = ("?", "*", "{")
MOST_COUNTED = 6
"""A longer counted repetition becomes an unlimited one, which is quicker to search."""
ESCAPES = {
    **dict.fromkeys("bBAZ", ""),
    "w": r"[\pL\pM\pN_]",
    "d": r"\pN",
    "s": r"[\s\pZ]",
    **dict.fromkeys("WDS", r"(?s:.)"),
}
IN_CLASS = {"w": r"\pL\pM\pN_", "d": r"\pN", "s": r"\s\pZ"}
ANYTHING = r"(?s:.)"
MEMORY_BYTES = 64 << 20


@dataclass(frozen=True)
class Sieve:
    """Tells which of its patterns may match a text; the others surely don't."""

    patterns: tuple[str, ...]

    def may_match(self, text: str) -> frozenset[str]:
        """The patterns that are worth searching for. `text` is a normal form."""
        found, always = self._ready
        matched = found.Match(text.translate(FOLDED)) or ()
        return always | {self.patterns[index] for index in matched}

    @cached_property
    def _ready(self) -> tuple[re2.Set, frozenset[str]]:
        options = re2.Options()
        options.case_sensitive = False
        options.log_errors = False
        options.max_mem = MEMORY_BYTES
        found = re2.Set.SearchSet(options)
        always = set()
        for index, source in enumerate(self.patterns):
            try:
                added = found.Add(widened(source))
            except (re2.error, ValueError):
                always.add(source)
                added = found.Add(f"\\x00{index}")
            if added != index:
                raise AssertionError(f"pattern {index} was counted as {added}")
        found.Compile()
        return found, frozenset(always)


def sieve_of(patterns: Iterable[str]) -> Sieve:
    """A sieve of these patterns, each once."""
    return Sieve(tuple(dict.fromkeys(patterns)))


def widened(source: str) -> str:
    """A pattern for RE2 that matches wherever Python's does, and perhaps elsewhere.

    What looks around and anchors are left out, long counts become unlimited. Boundaries stay
    where they touch plain ASCII letters only: RE2 knows no others.
    """
    text = pattern_form(source).translate(FOLDED)
    parts: list[str] = []
    at = 0
    while at < len(text):
        part, at = _part(text, at)
        parts.append(part)
    return "".join(parts)


def _part(text: str, at: int) -> tuple[str, int]:
    """The widened form of what begins at a place, and where the rest begins."""
    char = text[at]
    if char == "\\":
        if text[at + 1] == "b" and _begins_plain(text, at + 2):
            return r"\b", at + 2
        return ESCAPES.get(text[at + 1], text[at : at + 2]), at + 2
    if char == "[":
        return _class(text, at)
    if char == "(":
        return _opened(text, at)
    counted = COUNTED.match(text, at)
    if counted:
        return _repeated(counted), counted.end()
    if PLAIN.match(text, at) and text.startswith(r"\b", at + 1):
        return char + r"\b", at + 3
    return ("" if char in "^$" else char), at + 1


def _opened(text: str, at: int) -> tuple[str, int]:
    """A group without its name and flags; one that looks around is passed over."""
    if LOOKAROUND.match(text, at):
        return "", _closed(text, at)
    opened = NAMED.match(text, at)
    return ("(?:", opened.end()) if opened else ("(", at + 1)


def _repeated(counted: re.Match[str]) -> str:
    """A counted repetition; a long one becomes unlimited."""
    most = counted[3] if counted[2] else counted[1]
    if most != "" and int(most) > MOST_COUNTED:
        return "*" if counted[1] == "0" else "+"
    return counted.group()


def _begins_plain(text: str, at: int) -> bool:
    """Whether what stands here can only begin with a plain letter or digit."""
    opened = NAMED.match(text, at)
    if opened is None:
        return bool(PLAIN.match(text, at)) and text[at + 1 : at + 2] not in OPTIONAL
    starts = [opened.end()]
    depth, at = 1, opened.end()
    while depth:
        if text[at] == "\\":
            at += 1
        elif text[at] == "[":
            at = _class(text, at)[1] - 1
        elif text[at] == "|" and depth == 1:
            starts.append(at + 1)
        depth += {"(": 1, ")": -1}.get(text[at], 0)
        at += 1
    mandatory = text[at : at + 1] not in OPTIONAL
    return mandatory and all(_begins_plain(text, start) for start in starts)


def _class(text: str, at: int) -> tuple[str, int]:
    """A class of characters; one that excludes becomes anything."""
    end = at + 1 + (text[at + 1 : at + 2] == "^")
    end += text[end : end + 1] == "]"
    parts = []
    wide = text[at + 1] == "^"
    start = end
    while text[end] != "]":
        if text[end] == "\\":
            wide = wide or text[end + 1] in "WDS"
            parts.append(IN_CLASS.get(text[end + 1], text[end : end + 2]))
            end += 2
        else:
            parts.append("\\[" if text[end] == "[" else text[end])
            end += 1
    first = text[at + 1 : start].replace("]", "\\]")
    return (ANYTHING if wide else f"[{first}{''.join(parts)}]"), end + 1


def _closed(text: str, at: int) -> int:
    """Where the group that opens at a place has ended."""
    depth = 0
    while True:
        if text[at] == "\\":
            at += 2
            continue
        if text[at] == "[":
            _, at = _class(text, at)
            continue
        depth += {"(": 1, ")": -1}.get(text[at], 0)
        at += 1
        if depth == 0:
            return at
