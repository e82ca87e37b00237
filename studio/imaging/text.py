"""Shaped lines of text: measured once at a reference size, drawn at any."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import lru_cache, partial
from operator import add

import numpy as np
import skia

from studio.domain.market import Direction, Market
from studio.imaging.colour import Rgb
from studio.imaging.fonts import Face, Faces
from studio.imaging.lines import Breaker

REFERENCE_PX = 100.0
"""Size that texts are measured at; widths grow in proportion."""
MOST_KEPT = 500
"""Texts that an engine keeps the lines of."""
INK_PX = 40.0
"""Size that the ink of stacked marks is measured at."""
ISOLATE, POP = "\u2067", "\u2069"
"""Right-to-left isolate and its end: skia's paragraphs know no base direction (UAX #9)."""
LATIN_ISOLATE = "\u2066"
ISOLATES = re.compile(r"[\u2066-\u2069]")
LATIN_WORD = r"[A-Za-z](?:[\w.+&'’/:-]*[\w+])?"
MEASURE = r"[0-9][0-9.,]*[ \u00a0]?[A-Za-z]{1,4}(?![A-Za-z])"
LATIN_NAME = re.compile(rf"{MEASURE}|{LATIN_WORD}(?:[ \u00a0]{LATIN_WORD})*", re.ASCII)
"""A product's name or a measure within Arabic.

A number after a name belongs to the Arabic words that follow it.
"""
STACKING = frozenset({"Arab", "Deva", "Thai"})
"""Scripts whose marks find their height in shaping only."""
LEAST_AIR = 0.05
"""Between the ink of two lines, in shares of the type size."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Rhythm:
    """How a script likes to be set, in shares of the type size."""

    heading_leading: float
    text_leading: float
    heading_tracking: float
    largest_heading: float
    """Relative to Latin: dense scripts look larger at the same size."""
    after_heading: float
    """Space after a heading, in shares of its type size."""
    small_text: float = 1.0
    """Relative to Latin: scripts with small letters need larger sizes to be read."""

    @property
    def note_leading(self) -> float:
        """Of small lines around a price."""
        return self.text_leading * 0.955


LATIN = Rhythm(
    heading_leading=1.08,
    text_leading=1.36,
    heading_tracking=-0.012,
    largest_heading=1.0,
    after_heading=0.50,
)
HAN = Rhythm(
    heading_leading=1.30,
    text_leading=1.58,
    heading_tracking=-0.015,
    largest_heading=0.86,
    after_heading=0.62,
)
RHYTHMS = {
    "Latn": LATIN,
    "vi": replace(LATIN, heading_leading=1.24, text_leading=1.48, largest_heading=0.96),
    "Arab": Rhythm(
        heading_leading=1.46,
        text_leading=1.58,
        heading_tracking=0.0,
        largest_heading=0.84,
        after_heading=0.46,
    ),
    "Jpan": HAN,
    "Hans": HAN,
    "Hant": HAN,
    "Kore": replace(HAN, heading_leading=1.28, heading_tracking=-0.02, largest_heading=0.88),
    "Deva": replace(
        LATIN,
        heading_leading=1.30,
        text_leading=1.63,
        heading_tracking=0.0,
        largest_heading=0.92,
        small_text=1.06,
    ),
    "Thai": replace(
        LATIN,
        heading_leading=1.35,
        text_leading=1.70,
        heading_tracking=0.0,
        largest_heading=0.90,
        small_text=1.08,
    ),
}
"""By script, or by language where it differs from its script.

Against Latin, Hindi lines stand a fifth further apart, Thai lines a quarter.
"""


@dataclass(frozen=True, slots=True)
class Run:
    """Text in one face; `scale` is its size relative to its line's."""

    text: str
    face: Face
    scale: float = 1.0


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class TextBlock:
    """Lines of one size, measured."""

    lines: tuple[tuple[Run, ...], ...]
    size_px: float
    widths_px: tuple[float, ...]
    ascent_px: float
    """From the top of the block to the first baseline: the ink, not the font's em."""
    descent_px: float
    leading_px: float
    tracking_px: float = 0.0

    @property
    def smallest_px(self) -> float:
        """Of its smallest words."""
        return self.size_px * min(run.scale for line in self.lines for run in line)

    @property
    def width_px(self) -> float:
        """Of the widest line."""
        return max(self.widths_px)

    @property
    def height_px(self) -> float:
        """From the ink's top to its bottom."""
        return self.ascent_px + self.leading_px * (len(self.lines) - 1) + self.descent_px


class TextEngine:
    """Shapes and draws with one market's faces; used by one thread at a time."""

    def __init__(self, faces: Faces, market: Market) -> None:
        self.faces = faces
        self.rhythm = RHYTHMS.get(market.language) or RHYTHMS.get(market.script, LATIN)
        self.language = writing_of(market)
        self.right_to_left = market.direction is Direction.RTL
        self._locale = str(market.locale)
        self._fonts = faces.collection()
        self._unicode = skia.Unicodes.ICU.Make()
        self._stacking = market.script in STACKING
        self._widths: dict[tuple[tuple[str, str, float], ...], float] = {}
        self._breakers: dict[tuple[str, str, float, float], Breaker] = {}
        self._inks: dict[tuple[str, str], tuple[float, float]] = {}

    def width(self, text: str, face: Face, tracking: float = 0.0) -> float:
        """Shaped width of one line at the reference size; tracking in shares of the size."""
        return self._run_width((Run(text, face),)) + tracking * REFERENCE_PX * len(text)

    def breaker(
        self, text: str, face: Face, *, tracking: float = 0.0, by_sense: float
    ) -> Breaker:
        """The text in lines of this face; the same for the same text.

        by_sense: how much evenness yields to ending lines where speech pauses.
        """
        key = (text, face.alias, tracking, by_sense)
        if key not in self._breakers:
            if len(self._breakers) >= MOST_KEPT:
                self._breakers.clear()
                self._widths.clear()
            width_of = partial(self.width, face=face, tracking=tracking)
            self._breakers[key] = Breaker(text, self.language, width_of, by_sense=by_sense)
        return self._breakers[key]

    def block(
        self,
        lines: Sequence[Sequence[Run]],
        *,
        size_px: float,
        leading: float,
        tracking: float = 0.0,
    ) -> TextBlock:
        """Lines measured at a size; leading and tracking in shares of it.

        Lines whose marks would touch stand further apart than the leading.
        """
        share = size_px / REFERENCE_PX
        rows = tuple(tuple(line) for line in lines)
        widths = tuple(
            self._run_width(row) * share
            + tracking * size_px * sum(len(run.text) for run in row)
            for row in rows
        )
        above = [max(self._extent(run)[0] * run.scale for run in row) for row in rows]
        below = [max(self._extent(run)[1] * run.scale for run in row) for row in rows]
        closest = max(map(add, below, above[1:]), default=0.0) + LEAST_AIR * REFERENCE_PX
        return TextBlock(
            lines=rows,
            size_px=size_px,
            widths_px=widths,
            ascent_px=above[0] * share,
            descent_px=below[-1] * share,
            leading_px=max(leading * REFERENCE_PX, closest) * share,
            tracking_px=tracking * size_px,
        )

    def draw(
        self,
        canvas: skia.Canvas,
        block: TextBlock,
        *,
        left_px: float,
        top_px: float,
        align: float,
        colour: Rgb,
    ) -> None:
        """Paint a block into the width of its widest line.

        align: 0 puts lines at the left edge, 0.5 in the middle, 1 at the right edge.
        """
        baseline = top_px + block.ascent_px
        for row, width in zip(block.lines, block.widths_px, strict=True):
            paragraph = self._paragraph(
                row, block.size_px, tracking_px=block.tracking_px, colour=colour
            )
            x = left_px + (block.width_px - width) * align
            paragraph.paint(canvas, x, baseline - paragraph.AlphabeticBaseline)
            baseline += block.leading_px

    def _run_width(self, row: tuple[Run, ...]) -> float:
        key = tuple((run.text, run.face.alias, run.scale) for run in row)
        if key not in self._widths:
            paragraph = self._paragraph(row, REFERENCE_PX, tracking_px=0.0, colour=(0, 0, 0))
            self._widths[key] = float(paragraph.LongestLine)
        return self._widths[key]

    def _paragraph(
        self, row: tuple[Run, ...], size_px: float, *, tracking_px: float, colour: Rgb
    ) -> skia.textlayout.Paragraph:
        style = skia.textlayout.ParagraphStyle()
        style.setTextAlign(skia.textlayout.TextAlign.kLeft)
        builder = skia.textlayout.ParagraphBuilder(style, self._fonts, self._unicode)
        for index, run in enumerate(row):
            builder.pushStyle(self._style(run, size_px, tracking_px, colour))
            before = ISOLATE if self.right_to_left and index == 0 else ""
            after = POP if self.right_to_left and index == len(row) - 1 else ""
            text = isolated(run.text) if self.right_to_left else run.text
            builder.addText(before + text + after)
            builder.pop()
        paragraph = builder.Build()
        paragraph.layout(1e6)
        return paragraph

    def _style(
        self, run: Run, size_px: float, tracking_px: float, colour: Rgb
    ) -> skia.textlayout.TextStyle:
        style = skia.textlayout.TextStyle()
        families = (run.face, self.faces.text, self.faces.heading)
        style.setFontFamilies(list(dict.fromkeys(face.alias for face in families)))
        style.setFontSize(size_px * run.scale)
        style.setLocale(self._locale)
        style.setColor(skia.Color4f(*colour, 1.0).toColor())
        if tracking_px:
            style.setLetterSpacing(tracking_px)
        return style

    def _extent(self, run: Run) -> tuple[float, float]:
        """How far the ink of a run goes above and below the baseline at the reference size."""
        if not self._stacking:
            return _glyph_extent(run.text, run.face)
        key = (run.text, run.face.alias)
        if key not in self._inks:
            self._inks[key] = self._ink(run)
        return self._inks[key]

    def _ink(self, run: Run) -> tuple[float, float]:
        """The same, seen on the shaped run."""
        plain = Run(run.text, run.face)
        paragraph = self._paragraph((plain,), INK_PX, tracking_px=0.0, colour=(0, 0, 0))
        room, baseline = round(INK_PX), round(INK_PX * 2.5)
        layer = np.zeros(
            (round(INK_PX * 4), int(paragraph.LongestLine) + 2 * room, 4), np.uint8
        )
        surface = skia.Surface(layer)
        paragraph.paint(surface.getCanvas(), room, baseline - paragraph.AlphabeticBaseline)
        surface.flushAndSubmit()
        rows = np.nonzero(layer[:, :, 3].max(axis=1) > 24)[0]
        capitals = _capital_height(run.face)
        if not rows.size:
            return capitals, 0.0
        scale = REFERENCE_PX / INK_PX
        above, below = baseline - int(rows[0]), int(rows[-1]) + 1 - baseline
        return max(above * scale, capitals), max(below * scale, 0.0)


def writing_of(market: Market) -> str:
    """The language, with its script where that changes how lines break: `zh-Hant`."""
    return "zh-Hant" if market.script == "Hant" else market.language


def isolated(text: str) -> str:
    """A right-to-left line whose Latin names can't turn what stands beside them."""
    bare = ISOLATES.sub("", text)
    return LATIN_NAME.sub(lambda found: LATIN_ISOLATE + found.group() + POP, bare)


def _capital_height(face: Face) -> float:
    """The least ascent, so that lines with and without tall letters sit alike."""
    return float(skia.Font(face.skia, REFERENCE_PX).getMetrics().fCapHeight)


@lru_cache(maxsize=2048)
def _glyph_extent(text: str, face: Face) -> tuple[float, float]:
    font = skia.Font(face.skia, REFERENCE_PX)
    tallest, lowest = -_capital_height(face), 0.0
    own = [glyph for glyph in font.textToGlyphs(text) if glyph]
    for bounds in font.getBounds(own):
        if bounds.height() > 0:
            tallest, lowest = min(tallest, bounds.top()), max(lowest, bounds.bottom())
    return -tallest, lowest
