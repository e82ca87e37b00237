"""Where lines break: between words or phrases, balanced, without lonely last words."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import accumulate, pairwise

import budoux
import pyphen
from icu4py.breakers import LineBreaker, WordBreaker

from studio.imaging.habits import Habits, habits_of

NEVER_FIRST = frozenset(
    "、。，．・：；？！!?,.:;)]}）］｝」』】〉》〕’”ーァィゥェォッャュョぁぃぅぇぉっゃゅょ々…‥%％円元～〜℃"
)
"""Characters that can't begin a Japanese or Chinese line (JIS X 4051, GB/T 15834)."""
PARTICLES = frozenset("的了吗嗎呢吧啊们們")
"""What leans on the Chinese word before it."""
GENITIVE = "的"
"""A Chinese line that ends in it leaves its noun behind."""
UNITS = frozenset("円元年月日分時时秒人回台合升度倍種种档檔段天周週期折款か個个点點第小")
"""What stays with the digit before it."""
NEVER_LAST = frozenset("([{（［｛「『【〈《〔‘“¥￥$＄約约第各全")
"""Characters that can't end one."""
PHRASED = ("ja", "zh", "zh-Hant")
"""Languages written without spaces, which break between phrases."""
UNSPACED = (*PHRASED, "th")
PAUSES = frozenset(",.;:!?،؛؟、。，！？…—–।")
"""After these a line ends by itself, as in speech."""
STOPS = frozenset(".!?؟。！？।")
"""Ends of sentences: the next one shouldn't leave its first word behind."""
STUMP = 0.45
"""Lines shorter than this share of the widest look like a stump."""
AROUND_WORDS = " .,!?:;…()।"
NBSP, SOFT_HYPHEN = "\u00a0", "\u00ad"
HYPHENATED = {"de": "de_DE"}
"""Languages whose long words may be parted where nothing else helps, and their patterns."""
LONG_WORD, LEAST_PART = 13, 5
UNIT = r"(?:%|€|£|\$|₺|₫|₹|₩|(?:zł|TL|USD|EUR|ml|cm|mm|kg|kWh|kW|dB|min|mAh|[LlgWhx])(?!\w))"
CURRENCY = r"(?:[A-Z]{1,2}\$|Rp\.?|[€£$₺₫₹₩¥฿])"
FIXED_SPACES = (
    (re.compile(rf"(?<=[0-9\u0660-\u0669]) (?={UNIT})"), NBSP),
    (re.compile(r"(?<=\d) (?=\d{3}(?!\d))"), NBSP),
    (re.compile(rf"({CURRENCY}) (?=\d)"), rf"\1{NBSP}"),
    (re.compile(r" (?=[·–—%])"), NBSP),
)
"""Spaces that no line may end at, in any language."""
FIXED_SPACES_OF = {
    "fr": ((re.compile(r" (?=[:;!?»])"), NBSP), (re.compile(r"« "), f"«{NBSP}")),
    "ko": (
        (re.compile(r"(?<!\S)([한두세네몇]) (?=[가-힣]{1,3})"), rf"\1{NBSP}"),
        (re.compile(r"(조금|좀|번) (?=더)"), rf"\1{NBSP}"),
        (re.compile(r" (수|줄) (?=[있없아알모])"), rf"{NBSP}\1{NBSP}"),
    ),
    "pl": ((re.compile(r"(?<!\w)([aiouwzkAIOUWZK]) "), rf"\1{NBSP}"),),
}
"""French marks keep to their word, Korean counters to their number; Polish one-letter words
go with the next."""

HEADING, RUNNING = 1.0, 0.4
"""How much evenness yields to sense in a headline, and in running text."""
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


def pieces(text: str, language: str, *, hyphens: bool = False) -> tuple[tuple[str, ...], str]:
    """What may stand on a line of its own, and what joins two of them on one line.

    hyphens: whether long words may be parted; a part that needs a hyphen at the end of a
    line ends in a soft one.
    """
    flat = re.sub(r"[ \t\n]+", " ", text).strip()
    if not hyphens:
        flat = flat.replace(SOFT_HYPHEN, "")
    for pattern, bound in (*FIXED_SPACES, *FIXED_SPACES_OF.get(language, ())):
        flat = pattern.sub(bound, flat)
    if language == "th":
        return _thai_words(flat), ""
    if language in PHRASED:
        return _phrases(flat, language), ""
    words = _with_compounds([word for word in flat.split(" ") if word], language)
    if hyphens:
        return tuple(part for word in words for part in _parted(word, language)), " "
    return tuple(words), " "


def _thai_words(text: str) -> tuple[str, ...]:
    """Words by ICU's dictionary, which splits compounds: those that we know stay whole."""
    words: list[str] = []
    for word in _with_known(list(LineBreaker(text, "th")), "th"):
        if words and (word.startswith("ๆ") or re.fullmatch(r"[\d.,]+ ?", words[-1])):
            words[-1] += word
        else:
            words.append(word)
    return tuple(words)


def _with_known(parts: list[str], language: str) -> list[str]:
    """Parts of an unspaced text, put together where a known compound spans them."""
    text, ends = "".join(parts), {0, *accumulate(map(len, parts))}
    whole: set[int] = set()
    for compound in habits_of(language).compounds:
        for found in re.finditer(re.escape(compound), text):
            if ends & {found.start(), found.end()}:
                whole.update(range(found.start() + 1, found.end()))
    kept = sorted(ends - whole)
    return [text[start:end] for start, end in pairwise(kept)]


def _with_compounds(words: list[str], language: str) -> list[str]:
    """Words that are written in parts, such as Vietnamese ones, as one piece each."""
    compounds = habits_of(language).compounds
    if not compounds:
        return words
    joined: list[str] = []
    start = 0
    while start < len(words):
        for length in range(min(4, len(words) - start), 0, -1):
            parts = words[start : start + length]
            if length == 1 or " ".join(parts).lower().rstrip(".,!?:;…") in compounds:
                joined.append(NBSP.join(parts))
                start += length
                break
    return joined


def _parted(word: str, language: str) -> tuple[str, ...]:
    """The parts of a long word, all but the last with a soft hyphen at their end."""
    if SOFT_HYPHEN not in word:
        if language not in HYPHENATED or not re.fullmatch(rf"\w{{{LONG_WORD},}}\W*", word):
            return (word,)
        places = _hyphenation(language).positions(word)
        later = [place for place in places if place + 1 not in places]
        letters = len(re.sub(r"\W", "", word))
        for place in reversed(later):
            if LEAST_PART <= place <= letters - LEAST_PART:
                word = word[:place] + SOFT_HYPHEN + word[place:]
    first, *rest = word.split(SOFT_HYPHEN)
    parts = [first]
    for part in rest:
        parts[-1] += SOFT_HYPHEN
        parts.append(part)
    return tuple(parts)


@lru_cache(maxsize=2)
def _hyphenation(language: str) -> pyphen.Pyphen:
    return pyphen.Pyphen(lang=HYPHENATED[language])


def _phrases(text: str, language: str) -> tuple[str, ...]:
    parts: list[str] = []
    for phrase in _parser(language).parse(text):
        parts.extend(part for part in re.split(r"(?<=[ —–])", phrase) if part)
    if language != "ja":
        parts = _with_known(_at_word_ends(parts, text), language)
    joined: list[str] = []
    for part in parts:
        if joined and _belong_together(joined[-1], part, language):
            joined[-1] += part
        else:
            joined.append(part)
    return tuple(joined)


def _at_word_ends(parts: list[str], text: str) -> list[str]:
    """Chinese phrases without ends inside a word that ICU's dictionary knows."""
    ends = {0, *accumulate(map(len, parts))}
    words = {0, *accumulate(map(len, WordBreaker(text, "zh")))}
    return [text[start:end] for start, end in pairwise(sorted(ends & words))]


def _belong_together(before: str, after: str, language: str) -> bool:
    if after[0] in NEVER_FIRST or before[-1] in NEVER_LAST:
        return True
    if after == " " or NBSP in (before[-1], after[0]):
        return True
    if before.rstrip(" ")[-1:].isdigit() and after[0] in UNITS:
        return True
    if before[-1] == after[0] and after[0] in "—…":
        return True
    if language != "ja" and after[0] in PARTICLES:
        return True
    return bool(re.match(r"[0-9A-Za-z,.]", after)) and bool(
        re.search(r"[0-9A-Za-z,.]$", before)
    )


@lru_cache(maxsize=3)
def _parser(language: str) -> budoux.Parser:
    if language == "ja":
        return budoux.load_default_japanese_parser()
    if language == "zh-Hant":
        return budoux.load_default_traditional_chinese_parser()
    return budoux.load_default_simplified_chinese_parser()


def broken(
    text: str,
    language: str,
    count: int,
    width_of: WidthOf,
    *,
    by_sense: float = 1.0,
    hyphens: bool = False,
) -> Broken | None:
    """`text` in exactly `count` lines, as even as its words allow; None where it has too few.

    by_sense: how much evenness yields to ending lines where speech pauses and not after a
    short word; 1 suits headlines, less suits running text.
    hyphens: whether long words may be parted: for words that are wider than their place.
    """
    return Breaker(text, language, width_of, by_sense=by_sense).into(count, hyphens=hyphens)


class Breaker:
    """One text in any number of lines; what it found once it knows."""

    def __init__(
        self, text: str, language: str, width_of: WidthOf, *, by_sense: float = 1.0
    ) -> None:
        self._text, self._language = text, language
        self._width_of, self._by_sense = width_of, by_sense
        self._ranges: dict[bool, _Ranges] = {}
        self._found: dict[tuple[int, bool], Broken | None] = {}

    def into(self, count: int, *, hyphens: bool = False) -> Broken | None:
        """The text in exactly `count` lines; None where it has too few words."""
        key = (count, hyphens)
        if key not in self._found:
            self._found[key] = self._broken(count, hyphens=hyphens)
        return self._found[key]

    def fewest(self, *, width: float, most: int) -> Broken | None:
        """The text in as few even lines as fit the width; None if `most` aren't enough.

        Long words are parted only where nothing else fits.
        """
        for hyphens in (False, True):
            for count in range(1, most + 1):
                result = self.into(count, hyphens=hyphens)
                if result is not None and result.widest <= width:
                    return result
        return None

    def _broken(self, count: int, *, hyphens: bool) -> Broken | None:
        measure = self._measured(hyphens=hyphens)
        if count < 1 or measure.pieces_count < count:
            return None
        best = _evenest(measure, measure.pieces_count, count)
        lines = tuple(measure.line(i, j) for i, j in best)
        widths = [measure.width(i, j) for i, j in best]
        ragged = _raggedness(lines, widths, self._language)
        return Broken(lines=lines, widest=max(widths), ragged=ragged)

    def _measured(self, *, hyphens: bool) -> _Ranges:
        if hyphens not in self._ranges:
            parts, joiner = pieces(self._text, self._language, hyphens=hyphens)
            habits = habits_of(self._language)
            self._ranges[hyphens] = _Ranges(
                parts, joiner, self._width_of, habits=habits, by_sense=self._by_sense
            )
        return self._ranges[hyphens]


class _Ranges:
    """Widths of all runs of pieces, each shaped once."""

    def __init__(
        self,
        parts: Sequence[str],
        joiner: str,
        width_of: WidthOf,
        *,
        habits: Habits,
        by_sense: float,
    ) -> None:
        self._parts, self._joiner, self._width_of = parts, joiner, width_of
        self._habits, self._by_sense = habits, by_sense
        self._known: dict[tuple[int, int], float] = {}

    @property
    def pieces_count(self) -> int:
        """How many pieces may stand on lines of their own."""
        return len(self._parts)

    def line(self, start: int, end: int) -> str:
        """The pieces on one line; a hyphen shows where a word is parted."""
        line = self._joiner.join(self._parts[start:end]).strip(" ")
        parted = line.endswith(SOFT_HYPHEN)
        whole = line.replace(SOFT_HYPHEN + self._joiner, "").replace(SOFT_HYPHEN, "")
        return whole + "-" if parted else whole

    def width(self, start: int, end: int) -> float:
        key = (start, end)
        if key not in self._known:
            self._known[key] = self._width_of(self.line(start, end))
        return self._known[key]

    def line_cost(self, start: int, end: int, fair: float) -> float:
        """Cubes of widths add up least where the lines are even.

        fair: width that all lines would have; a bad end costs as much on a short line, though
        not the hyphen of a word that had to be parted.
        """
        width = self.width(start, end)
        cost = width**3
        if end < len(self._parts):
            strain = self._strain(self._parts[end - 1], self._parts[end])
            if end - start > 1:
                strain += self._left_behind(end - 1)
            grows = strain > 0 and not self._parts[end - 1].endswith(SOFT_HYPHEN)
            cost += strain * (max(width, fair) if grows else width) ** 3
        return cost

    def _left_behind(self, index: int) -> float:
        """How odd a piece looks at a line's end as the first of its sentence or clause."""
        before, piece = self._parts[index - 1], self._parts[index]
        mark = before.rstrip(" ")[-1]
        if mark in STOPS:
            return 0.6 if piece.rstrip(" ")[-1] in PAUSES else 0.4
        if mark in PAUSES:
            return 0.3
        is_thai = "\u0e00" < piece[0] < "\u0e7f"
        return 0.4 if is_thai and before[-1] == " " != piece[-1] else 0.0

    def _strain(self, last: str, following: str) -> float:
        """How badly a line ends between two pieces: less than 0 where speech pauses."""
        habits, before = self._habits, last.rstrip(" ")
        if last.endswith(SOFT_HYPHEN):
            return 3.0
        if before[-1] in PAUSES:
            return (-0.35 if before[-1] in STOPS else -0.2) * self._by_sense
        if not self._joiner and last != before:
            return -0.15
        word, after = _last_word(before), _first_word(following)
        if word in habits.leans_on or after in habits.leans_back or before[-1].isdigit():
            return 0.6
        if before[-1] == GENITIVE:
            return 0.3
        if self._joiner and len(before) <= habits.short_word:
            return 0.6 * self._by_sense
        return 0.0


def _last_word(piece: str) -> str:
    return piece.rpartition(NBSP)[2].strip(AROUND_WORDS).lower()


def _first_word(piece: str) -> str:
    return piece.partition(NBSP)[0].strip(AROUND_WORDS).lower()


def _evenest(measure: _Ranges, pieces_count: int, count: int) -> tuple[tuple[int, int], ...]:
    """Breaks with the least sum of line costs, by dynamic programming."""
    best: dict[int, tuple[float, tuple[tuple[int, int], ...]]] = {0: (0.0, ())}
    fair = measure.width(0, pieces_count) / count
    for line in range(count):
        after: dict[int, tuple[float, tuple[tuple[int, int], ...]]] = {}
        left = count - line - 1
        for start, (cost, path) in best.items():
            ends = [pieces_count] if left == 0 else range(start + 1, pieces_count - left + 1)
            for end in ends:
                total = cost + measure.line_cost(start, end, fair)
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
    lonely = max(0.0, STUMP - last_share)
    if language not in UNSPACED and " " not in lines[-1] and len(lines) > 2:
        lonely += 0.12
    stumps = sum(max(0.0, STUMP - width / widest) for width in widths[:-1])
    return slack * 0.35 + lonely + stumps * 0.6


def fewest_lines(
    text: str, language: str, *, width: float, most: int, width_of: WidthOf
) -> Broken | None:
    """`text` in as few even lines as fit the width; None if `most` aren't enough."""
    return Breaker(text, language, width_of, by_sense=RUNNING).fewest(width=width, most=most)
