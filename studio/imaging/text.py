"""Shaped lines of text: measured once at a reference size, drawn at any."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache

import skia

from studio.domain.market import Direction, Market
from studio.imaging.colour import Rgb
from studio.imaging.fonts import Face, Faces

REFERENCE_PX = 100.0
"""Size that texts are measured at; widths grow in proportion."""
ISOLATE, POP = "\u2067", "\u2069"
"""Right-to-left isolate and its end: skia's paragraphs know no base direction (UAX #9)."""


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


RHYTHMS = {
    "Latn": Rhythm(
        heading_leading=1.08,
        text_leading=1.36,
        heading_tracking=-0.012,
        largest_heading=1.0,
        after_heading=0.50,
    ),
    "Arab": Rhythm(
        heading_leading=1.46,
        text_leading=1.58,
        heading_tracking=0.0,
        largest_heading=0.84,
        after_heading=0.46,
    ),
    "Jpan": Rhythm(
        heading_leading=1.30,
        text_leading=1.58,
        heading_tracking=-0.015,
        largest_heading=0.86,
        after_heading=0.62,
    ),
}


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
        self.rhythm = RHYTHMS.get(market.script, RHYTHMS["Latn"])
        self.language = market.language
        self.right_to_left = market.direction is Direction.RTL
        self._locale = str(market.locale)
        self._fonts = faces.collection()
        self._unicode = skia.Unicodes.ICU.Make()
        self._widths: dict[tuple[tuple[str, str, float], ...], float] = {}

    def width(self, text: str, face: Face, tracking: float = 0.0) -> float:
        """Shaped width of one line at the reference size; tracking in shares of the size."""
        return self._run_width((Run(text, face),)) + tracking * REFERENCE_PX * len(text)

    def block(
        self,
        lines: Sequence[Sequence[Run]],
        *,
        size_px: float,
        leading: float,
        tracking: float = 0.0,
    ) -> TextBlock:
        """Lines measured at a size; leading and tracking in shares of it."""
        share = size_px / REFERENCE_PX
        rows = tuple(tuple(line) for line in lines)
        widths = tuple(
            self._run_width(row) * share
            + tracking * size_px * sum(len(run.text) for run in row)
            for row in rows
        )
        return TextBlock(
            lines=rows,
            size_px=size_px,
            widths_px=widths,
            ascent_px=max(_extent(run)[0] * run.scale for run in rows[0]) * share,
            descent_px=max(_extent(run)[1] * run.scale for run in rows[-1]) * share,
            leading_px=leading * size_px,
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
            builder.addText(before + run.text + after)
            builder.pop()
        paragraph = builder.Build()
        paragraph.layout(1e6)
        return paragraph

    def _style(
        self, run: Run, size_px: float, tracking_px: float, colour: Rgb
    ) -> skia.textlayout.TextStyle:
        style = skia.textlayout.TextStyle()
        other = self.faces.text if run.face is not self.faces.text else self.faces.heading
        style.setFontFamilies([run.face.alias, other.alias])
        style.setFontSize(size_px * run.scale)
        style.setLocale(self._locale)
        style.setColor(skia.Color4f(*colour, 1.0).toColor())
        if tracking_px:
            style.setLetterSpacing(tracking_px)
        return style


@lru_cache(maxsize=2048)
def _extent(run: Run) -> tuple[float, float]:
    """How far the ink of a run goes above and below the baseline at the reference size."""
    font = skia.Font(run.face.skia, REFERENCE_PX)
    # Capital height is the least, so that lines with and without tall letters sit alike.
    tallest, lowest = -float(font.getMetrics().fCapHeight), 0.0
    glyphs = font.textToGlyphs(run.text)
    for bounds in font.getBounds(glyphs):
        if bounds.height() > 0:
            tallest, lowest = min(tallest, bounds.top()), max(lowest, bounds.bottom())
    return -tallest, lowest
