"""Where lines break: between words or phrases, balanced, without lonely last words."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import lru_cache

import budoux

NEVER_FIRST = frozenset(
    "、。，．・：；？！!?,.:;)]}）］｝」』】〉》〕’”ーァィゥェォッャュョぁぃぅぇぉっゃゅょ々…‥%％円"
)
"""Characters that can't begin a Japanese or Chinese line (JIS X 4051)."""
UNITS = frozenset("円年月日分時秒人回台合升度倍種か個点第")
"""What stays with the digit before it."""
NEVER_LAST = frozenset("([{（［｛「『【〈《〔‘“¥￥$＄約第各全")
"""Characters that can't end one."""
PHRASED = ("ja", "zh")
"""Languages written without spaces, which break between phrases."""
PAUSES = frozenset(",.;:!?،؛؟、。，！？…—–")
"""After these a line ends by itself, as in speech."""
SHORT_WORD = 3
"""Latin words up to this length look lost at the end of a line."""

WidthOf = Callable[[str], float]
"""Shaped width of a line at the reference size."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Broken:
    """A text in lines."""

    lines: tuple[str, ...]
    widest: float
    """Width of the widest line at the reference size."""
    ragged: float
    """0: all lines as wide as the widest; grows with short and lonely ends."""


def pieces(text: str, language: str) -> tuple[tuple[str, ...], str]:
    """What may stand on a line of its own, and what joins two of them on one line."""
    flat = " ".join(text.split("\n")).strip()
    if language in PHRASED:
        return _phrases(flat, language), ""
    words = [word for word in re.split(r"[ \t]+", flat) if word]
    return tuple(words), " "


def _phrases(text: str, language: str) -> tuple[str, ...]:
    parts: list[str] = []
    for phrase in _parser(language).parse(text):
        parts.extend(part for part in re.split(r"(?<=[\s—–])", phrase) if part)
    joined: list[str] = []
    for part in parts:
        if joined and _belong_together(joined[-1], part):
            joined[-1] += part
        else:
            joined.append(part)
    return tuple(joined)


def _belong_together(before: str, after: str) -> bool:
    if after[0] in NEVER_FIRST or before[-1] in NEVER_LAST:
        return True
    if before[-1].isdigit() and after[0] in UNITS:
        return True
    return bool(re.match(r"[0-9A-Za-z,.]", after)) and bool(
        re.search(r"[0-9A-Za-z,.]$", before)
    )


@lru_cache(maxsize=2)
def _parser(language: str) -> budoux.Parser:
    if language == "ja":
        return budoux.load_default_japanese_parser()
    return budoux.load_default_simplified_chinese_parser()


def broken(
    text: str, language: str, count: int, width_of: WidthOf, *, by_sense: float = 1.0
) -> Broken | None:
    """`text` in exactly `count` lines, as even as its words allow; None where it has too few.

    by_sense: how much evenness yields to ending lines where speech pauses and not after a
    short word; 1 suits headlines, less suits running text.
    """
    parts, joiner = pieces(text, language)
    if count < 1 or len(parts) < count:
        return None
    measure = _Ranges(parts, joiner, width_of, by_sense)
    best = _evenest(measure, len(parts), count)
    lines = tuple(joiner.join(parts[i:j]).strip() for i, j in best)
    widths = [measure.width(i, j) for i, j in best]
    widest = max(widths)
    return Broken(lines=lines, widest=widest, ragged=_raggedness(lines, widths, language))


class _Ranges:
    """Widths of all runs of pieces, each shaped once."""

    def __init__(
        self, parts: Sequence[str], joiner: str, width_of: WidthOf, by_sense: float
    ) -> None:
        self._parts, self._joiner, self._width_of = parts, joiner, width_of
        self._by_sense = by_sense
        self._known: dict[tuple[int, int], float] = {}

    def width(self, start: int, end: int) -> float:
        key = (start, end)
        if key not in self._known:
            line = self._joiner.join(self._parts[start:end]).strip()
            self._known[key] = self._width_of(line)
        return self._known[key]

    def line_cost(self, start: int, end: int) -> float:
        """Cubes of widths add up least where the lines are even."""
        cost = self.width(start, end) ** 3
        last = self._parts[end - 1]
        if end < len(self._parts):
            if last[-1] in PAUSES:
                cost *= 1 - 0.2 * self._by_sense
            elif self._joiner and len(last) <= SHORT_WORD:
                cost *= 1 + 0.5 * self._by_sense
        return cost


def _evenest(measure: _Ranges, pieces_count: int, count: int) -> tuple[tuple[int, int], ...]:
    """Breaks with the least sum of line costs, by dynamic programming."""
    best: dict[int, tuple[float, tuple[tuple[int, int], ...]]] = {0: (0.0, ())}
    for line in range(count):
        after: dict[int, tuple[float, tuple[tuple[int, int], ...]]] = {}
        left = count - line - 1
        for start, (cost, path) in best.items():
            ends = [pieces_count] if left == 0 else range(start + 1, pieces_count - left + 1)
            for end in ends:
                total = cost + measure.line_cost(start, end)
                if end not in after or total < after[end][0]:
                    after[end] = (total, (*path, (start, end)))
        best = after
    return best[pieces_count][1]


def _raggedness(lines: Sequence[str], widths: Sequence[float], language: str) -> float:
    if len(lines) == 1:
        return 0.0
    widest = max(widths)
    slack = sum(1 - width / widest for width in widths) / len(widths)
    last_share = widths[-1] / widest
    lonely = max(0.0, 0.45 - last_share)
    if language not in PHRASED and " " not in lines[-1] and len(lines) > 2:
        lonely += 0.12
    return slack * 0.35 + lonely


def fewest_lines(
    text: str, language: str, *, width: float, most: int, width_of: WidthOf
) -> Broken | None:
    """`text` in as few even lines as fit the width; None if `most` aren't enough."""
    for count in range(1, most + 1):
        result = broken(text, language, count, width_of, by_sense=0.15)
        if result is not None and result.widest <= width:
            return result
    return None
