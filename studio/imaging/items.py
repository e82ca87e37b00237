"""The things a layout arranges: logo, headline, body, price, button, legal line."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace

from studio.domain.creative import Copy
from studio.imaging.colour import Bytes
from studio.imaging.fonts import Face
from studio.imaging.lines import HEADING, RUNNING, Broken
from studio.imaging.offer import OfferWords, as_note, offer_words
from studio.imaging.sizes import Span, TypeScale
from studio.imaging.text import REFERENCE_PX, Run, TextBlock, TextEngine

MOST_HEADLINE_LINES = 4
LEAST_OFFER_SHARE = 0.8
"""A price too wide for its place may go so far under its smallest size."""
DENSE = ("ja", "ko", "zh", "zh-Hant")
"""Languages whose letters are about as wide as high."""


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Item:
    """One thing with its size."""

    kind: str
    width_px: float
    height_px: float
    block: TextBlock | None = None
    """What is written; None for a logo that is a picture."""


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class ButtonItem(Item):
    """A pill with a label and an arrow in reading direction."""

    pad_px: float
    arrow_px: float
    """Width of the arrow and of the gap before it."""


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class OfferItem(Item):
    """The amount with its words, and small lines above and below."""

    parts: tuple[tuple[TextBlock, float], ...]
    """Blocks with their distance from the top."""
    lead: int
    """Which of them carries the amount."""


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class LogoItem(Item):
    """The brand's picture, or its name where there is none."""

    picture: Bytes | None = None
    """RGBA at its final size, as made for light grounds."""
    picture_on_dark: Bytes | None = None


class Workshop:
    """Makes items in the sizes that a layout asks for."""

    def __init__(
        self, engine: TextEngine, copy: Copy, *, sizes: TypeScale, note_ratio: float = 0.0
    ) -> None:
        """note_ratio: least size of notes and small print, in shares of the body's."""
        self.engine = engine
        self._note_ratio = note_ratio
        self.sizes = sizes
        self._heights: dict[tuple[str, ...], float] = {}
        self._copy = copy
        faces = engine.faces
        self.headline_text = faces.prepared(copy.headline, field="headline")
        self._body = faces.prepared(copy.body, field="body")
        self._cta = faces.prepared(copy.cta, field="cta")
        self._offer = offer_words(faces.prepared(copy.offer_line, field="offer_line"))
        self._legal = faces.prepared(copy.legal_line, field="legal_line")

    def with_copy(self, copy: Copy) -> Workshop:
        """A workshop for other words, the same otherwise."""
        return Workshop(self.engine, copy, sizes=self.sizes, note_ratio=self._note_ratio)

    @property
    def has_body(self) -> bool:
        """Whether there is body copy."""
        return bool(self._body.strip())

    @property
    def has_offer(self) -> bool:
        """Whether there is a price line."""
        return bool(self._offer.amount)

    @property
    def has_legal(self) -> bool:
        """Whether there is small print."""
        return bool(self._legal.strip())

    def headline(
        self, width_px: float, height_px: float, *, trailing: float, sizes: Span | None = None
    ) -> Item | None:
        """The largest headline for the box, its lines balanced; None if it doesn't fit.

        trailing: space that follows it, in shares of its type size.
        sizes: other than the picture's usual ones, for Latin letters.
        """
        span = (sizes or self.sizes.headline).times(self.engine.rhythm.largest_heading)
        smallest = max(span.smallest, self.sizes.least_px)
        box, largest = (width_px, height_px), self.largest_headline(sizes)
        for hyphens in (False, True):
            best = self._best_headline(box, largest, trailing=trailing, hyphens=hyphens)
            if best is not None and best[0] >= smallest:
                return self._text_item("headline", best[1], self.engine.faces.heading, best[0])
        return None

    def largest_headline(self, sizes: Span | None = None) -> float:
        """The largest size in px that a headline takes, however much room there is."""
        return (sizes or self.sizes.headline).largest * self.engine.rhythm.largest_heading

    def _best_headline(
        self, box_px: tuple[float, float], largest_px: float, *, trailing: float, hyphens: bool
    ) -> tuple[float, Broken] | None:
        """Size and lines of the best headline, however small."""
        engine, face = self.engine, self.engine.faces.heading
        tracking = engine.rhythm.heading_tracking
        breaker = engine.breaker(self.headline_text, face, tracking=tracking, by_sense=HEADING)
        best: tuple[float, float, Broken] | None = None
        for count in range(1, MOST_HEADLINE_LINES + 1):
            lines = breaker.into(count, hyphens=hyphens)
            if lines is None:
                break
            size = min(
                largest_px,
                box_px[0] / lines.widest * REFERENCE_PX,
                box_px[1] / self._height_per_px(lines, face, trailing),
            )
            merit = size * (1 - 0.30 * lines.ragged) * (0.97**count)
            if best is None or merit > best[0]:
                best = (merit, size, lines)
        return None if best is None else best[1:]

    def body(self, width_px: float, *, scale: float) -> Item | None:
        """Body copy in few even lines, never wider than reads well."""
        size = self._small(0.0 if self._note_ratio else scale, self.sizes.body)
        width = min(width_px, size * (22 if self.engine.language in DENSE else 23))
        return self._wrapped(
            "body", self._body, self.engine.faces.text, size, width, self.sizes.body_lines
        )

    def legal(self, width_px: float, *, scale: float) -> Item | None:
        """Small print, as wide as there is room; smaller before it takes a third line."""
        face = self.engine.faces.text
        usual, smallest = (self._small_note(each, self.sizes.legal) for each in (scale, 0.0))
        most_lines = self.sizes.legal_lines
        for size, most in (
            (usual, most_lines),
            (smallest, most_lines),
            (smallest, most_lines + 1),
        ):
            item = self._wrapped("legal_line", self._legal, face, size, width_px, most)
            if item is not None:
                return item
        return None

    def _small(self, scale: float, span: Span) -> float:
        """A size of small text in px, as this script needs it."""
        return span.at(scale) * self.engine.rhythm.small_text

    def _small_note(self, scale: float, span: Span) -> float:
        """The same for notes, which some laws tie to the size of the body."""
        tied = self._note_ratio * self.sizes.body.smallest
        return self._small(scale, Span(span.largest, max(span.smallest, tied)))

    def button(self, width_px: float, *, scale: float) -> ButtonItem | None:
        """The call to action."""
        size = self.sizes.button.at(scale)
        block = self.engine.block(
            [[Run(self._cta, self.engine.faces.strong)]], size_px=size, leading=1.0
        )
        pad, arrow = size * 0.98, size * 1.25
        width = block.width_px + 2 * pad + arrow
        if width > width_px:
            return None
        return ButtonItem(
            kind="cta",
            width_px=width,
            height_px=size * 2.25,
            block=block,
            pad_px=pad,
            arrow_px=arrow,
        )

    def offer(self, width_px: float, *, scale: float) -> OfferItem | None:
        """The price block: the amount, and notes in few lines each."""
        span, size = self.sizes.offer, self.sizes.offer.at(scale)
        for words in _ever_narrower(self._offer):
            lead = self._lead(words, size)
            if lead.width_px <= width_px:
                break
        else:
            size *= width_px / lead.width_px
            if size < span.smallest * LEAST_OFFER_SHARE:
                return None
            lead = self._lead(words, size)
        for note_size in dict.fromkeys(
            self._small_note(each, self.sizes.note) for each in (scale, 0.0)
        ):
            above = self._notes(words.above, note_size, width_px)
            below = self._notes(words.notes, note_size, width_px)
            if above is not None and below is not None:
                return _stacked_offer(
                    [*above, lead, *below], lead=len(above), gap_px=note_size * 0.62
                )
        return None

    def _lead(self, words: OfferWords, size_px: float) -> TextBlock:
        faces, legible = self.engine.faces, self._small_note(0.0, self.sizes.note) / size_px
        currency, amount, unit = words.split_amount
        runs = (
            Run(words.before + " ", faces.strong, max(0.46, legible)),
            Run(currency, faces.heading, max(0.58, legible)),
            Run(amount, faces.heading),
            Run(unit, faces.heading, max(0.58, legible)),
            Run(" " + words.after, faces.text, max(0.44, legible)),
        )
        row = [run for run in runs if run.text.strip()]
        return self.engine.block([row], size_px=size_px, leading=1.1)

    def _notes(
        self, notes: tuple[str, ...], size_px: float, width_px: float
    ) -> list[TextBlock] | None:
        face, blocks = self.engine.faces.text, []
        for note in notes:
            lines = self._fewest(note, face, size_px, width_px, self.sizes.note_lines)
            if lines is None:
                return None
            blocks.append(
                self.engine.block(
                    [[Run(line, face)] for line in lines.lines],
                    size_px=size_px,
                    leading=self.engine.rhythm.note_leading,
                )
            )
        return blocks

    def _wrapped(
        self, kind: str, text: str, face: Face, size_px: float, width_px: float, most: int
    ) -> Item | None:
        lines = self._fewest(text, face, size_px, width_px, most)
        return None if lines is None else self._text_item(kind, lines, face, size_px)

    def _text_item(self, kind: str, lines: Broken, face: Face, size_px: float) -> Item:
        rhythm, heading = self.engine.rhythm, kind == "headline"
        block = self.engine.block(
            [[Run(line, face)] for line in lines.lines],
            size_px=size_px,
            leading=rhythm.heading_leading if heading else rhythm.text_leading,
            tracking=rhythm.heading_tracking if heading else 0.0,
        )
        return Item(kind=kind, width_px=block.width_px, height_px=block.height_px, block=block)

    def _height_per_px(self, lines: Broken, face: Face, trailing: float) -> float:
        """Height of a headline and the space after it, per px of its type size."""
        if lines.lines not in self._heights:
            probe = self.engine.block(
                [[Run(line, face)] for line in lines.lines],
                size_px=REFERENCE_PX,
                leading=self.engine.rhythm.heading_leading,
            )
            self._heights[lines.lines] = probe.height_px / REFERENCE_PX
        return self._heights[lines.lines] + trailing

    def _fewest(
        self, text: str, face: Face, size_px: float, width_px: float, most: int
    ) -> Broken | None:
        """Running text in as few lines as fit."""
        breaker = self.engine.breaker(text, face, by_sense=RUNNING)
        return breaker.fewest(width=width_px / size_px * REFERENCE_PX, most=most)


def _ever_narrower(words: OfferWords) -> Iterator[OfferWords]:
    """The price with the words beside it, then with those after it below, then all apart."""
    yield words
    if words.after:
        words = replace(words, after="", notes=(as_note(words.after), *words.notes))
        yield words
    if words.before:
        yield replace(words, before="", above=(*words.above, words.before))


def _stacked_offer(blocks: list[TextBlock], *, lead: int, gap_px: float) -> OfferItem:
    top, parts = 0.0, []
    for block in blocks:
        parts.append((block, top))
        top += block.height_px + gap_px
    return OfferItem(
        kind="offer_line",
        width_px=max(block.width_px for block in blocks),
        height_px=top - gap_px,
        parts=tuple(parts),
        lead=lead,
    )
