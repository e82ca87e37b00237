"""A film's words beside it, for those who can't see them: SubRip and WebVTT."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from html import escape
from itertools import pairwise

from studio.domain.creative import Copy
from studio.domain.market import Direction, Market
from studio.domain.placement import Counter
from studio.imaging.lines import fewest_lines
from studio.imaging.storyboard import Storyboard
from studio.imaging.text import ISOLATE, POP, isolated, writing_of

FIELDS = ("headline", "body", "offer_line", "cta")
"""What is said, in the order in which it enters."""
COLUMNS, WIDE_COLUMNS = 42, 32
"""Most of a line, East Asian characters being 2 wide; the second where lines are of those."""
WIDE_SCRIPTS = ("Jpan", "Hans", "Hant", "Kore")
MOST_LINES = 2


@dataclass(frozen=True, slots=True, kw_only=True)
class Subtitle:
    """Words and when they are shown."""

    start_s: float
    end_s: float
    lines: tuple[str, ...]


def subtitles(board: Storyboard, copy: Copy, market: Market) -> tuple[Subtitle, ...]:
    """The film's words as staged: each until the next enters, the last until the end."""
    said = [
        (start, getattr(copy, field))
        for field in FIELDS
        if (start := board.start_of(field)) is not None and getattr(copy, field).strip()
    ]
    ends = [start for start, _ in said[1:]] + [board.seconds]
    return tuple(
        subtitle
        for (start, text), end in zip(said, ends, strict=True)
        for subtitle in _shown(text, start, end, market)
    )


def srt(shown: Sequence[Subtitle]) -> str:
    """SubRip: numbered, with a comma before the milliseconds."""
    return "".join(
        f"{number}\n{timecode(each.start_s, ',')} --> {timecode(each.end_s, ',')}\n"
        + "\n".join(each.lines).replace("-->", "->")
        + "\n\n"
        for number, each in enumerate(shown, 1)
    )


def vtt(shown: Sequence[Subtitle], market: Market) -> str:
    """WebVTT (W3C): UTF-8 by definition, `&` and `<` escaped."""
    cues = (
        f"{timecode(each.start_s, '.')} --> {timecode(each.end_s, '.')}\n"
        + escape("\n".join(each.lines), quote=False)
        + "\n"
        for each in shown
    )
    return f"WEBVTT\nLanguage: {market.locale}\n\n" + "\n".join(cues)


def timecode(seconds: float, point: str) -> str:
    """`HH:MM:SS`, a point of some kind, and milliseconds."""
    whole, thousandths = divmod(round(seconds * 1000), 1000)
    minutes, second = divmod(whole, 60)
    hours, minute = divmod(minutes, 60)
    return f"{hours:02}:{minute:02}:{second:02}{point}{thousandths:03}"


def _shown(text: str, start_s: float, end_s: float, market: Market) -> Iterator[Subtitle]:
    """A text in one subtitle, or in several that share its time by their length."""
    lines = _wrapped(" ".join(text.split()), market)
    parts = [lines[at : at + MOST_LINES] for at in range(0, len(lines), MOST_LINES)]
    lengths = [sum(map(len, part)) for part in parts]
    reached = [sum(lengths[:count]) / sum(lengths) for count in range(len(parts) + 1)]
    for part, (begun, done) in zip(parts, pairwise(reached), strict=True):
        yield Subtitle(
            start_s=start_s + (end_s - start_s) * begun,
            end_s=start_s + (end_s - start_s) * done,
            lines=tuple(_directed(line, market) for line in part),
        )


def _wrapped(text: str, market: Market) -> tuple[str, ...]:
    columns = WIDE_COLUMNS if market.script in WIDE_SCRIPTS else COLUMNS
    for most in range(1, len(text) + 1):
        found = fewest_lines(
            text, writing_of(market), width=columns, most=most, width_of=_columns
        )
        if found is not None:
            return tuple(line.strip() for line in found.lines)
    return (text,)


def _columns(text: str) -> float:
    return float(Counter.DISPLAY_WIDTH.length(text))


def _directed(line: str, market: Market) -> str:
    """A right-to-left line in an isolate of its own: players guess the direction otherwise."""
    if market.direction is not Direction.RTL:
        return line
    return f"{ISOLATE}{isolated(line)}{POP}"
