"""The things a layout arranges: logo, headline, body, price, button, legal line."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from functools import partial

from studio.domain.creative import Copy
from studio.imaging.colour import Bytes
from studio.imaging.fonts import Face
from studio.imaging.lines import Broken, broken, fewest_lines
from studio.imaging.offer import OfferWords, offer_words
from studio.imaging.text import REFERENCE_PX, Run, TextBlock, TextEngine

LARGEST_HEADLINE = 98.0
SMALLEST_HEADLINE = 40.0
MOST_HEADLINE_LINES = 4
BODY, SMALLEST_BODY, MOST_BODY_LINES = 36.0, 30.0, 3
OFFER, SMALLEST_OFFER = 68.0, 48.0
NOTE, SMALLEST_NOTE = 26.0, 23.0
BUTTON, SMALLEST_BUTTON = 35.0, 30.0
LEGAL, SMALLEST_LEGAL = 21.0, 19.0
"""Sizes in px of a picture whose shorter side is 1080 px; all scale with it."""


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


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class LogoItem(Item):
    """The brand's picture, or its name where there is none."""

    picture: Bytes | None = None
    """RGBA at its final size, as made for light grounds."""
    picture_on_dark: Bytes | None = None


class Workshop:
    """Makes items in the sizes that a layout asks for."""

    def __init__(self, engine: TextEngine, copy: Copy, *, unit_px: float) -> None:
        self.engine = engine
        self.unit_px = unit_px
        self._copy = copy
        faces = engine.faces
        self.headline_text = faces.prepared(copy.headline, field="headline")
        self._body = faces.prepared(copy.body, field="body")
        self._cta = faces.prepared(copy.cta, field="cta")
        self._offer = offer_words(faces.prepared(copy.offer_line, field="offer_line"))
        self._legal = faces.prepared(copy.legal_line, field="legal_line")

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

    def headline(self, width_px: float, height_px: float, *, trailing: float) -> Item | None:
        """The largest headline for the box, its lines balanced; None if it doesn't fit.

        trailing: space that follows it, in shares of its type size.
        """
        engine, face = self.engine, self.engine.faces.heading
        rhythm = engine.rhythm
        width_of = self._width_of(face, rhythm.heading_tracking)
        best: tuple[float, float, Broken] | None = None
        for count in range(1, MOST_HEADLINE_LINES + 1):
            lines = broken(self.headline_text, engine.language, count, width_of)
            if lines is None:
                break
            size = min(
                LARGEST_HEADLINE * rhythm.largest_heading * self.unit_px,
                width_px / lines.widest * REFERENCE_PX,
            )
            size = min(size, height_px / self._height_per_px(lines, face, trailing))
            merit = size * (1 - 0.30 * lines.ragged) * (0.97**count)
            if best is None or merit > best[0]:
                best = (merit, size, lines)
        if best is None or best[1] < SMALLEST_HEADLINE * rhythm.largest_heading * self.unit_px:
            return None
        return self._text_item("headline", best[2], face, best[1])

    def body(self, width_px: float, *, scale: float) -> Item | None:
        """Body copy in few even lines, never wider than reads well."""
        size = max(BODY * scale, SMALLEST_BODY) * self.unit_px
        width = min(width_px, size * (22 if self.engine.language in ("ja", "zh", "ko") else 23))
        return self._wrapped(
            "body", self._body, self.engine.faces.text, size, width, MOST_BODY_LINES
        )

    def legal(self, width_px: float, *, scale: float) -> Item | None:
        """Small print, as wide as there is room."""
        size = max(LEGAL * scale, SMALLEST_LEGAL) * self.unit_px
        return self._wrapped(
            "legal_line", self._legal, self.engine.faces.text, size, width_px, 4
        )

    def button(self, width_px: float, *, scale: float) -> ButtonItem | None:
        """The call to action."""
        size = max(BUTTON * scale, SMALLEST_BUTTON) * self.unit_px
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
        """The price block."""
        size = max(OFFER * scale, SMALLEST_OFFER) * self.unit_px
        words = self._offer
        lead = self._lead(words, size)
        if lead.width_px > width_px and words.after:
            words = replace(words, after="", notes=(words.after, *words.notes))
            lead = self._lead(words, size)
        if lead.width_px > width_px:
            size *= width_px / lead.width_px
            if size < SMALLEST_OFFER * 0.8 * self.unit_px:
                return None
            lead = self._lead(words, size)
        note_size = max(NOTE * scale, SMALLEST_NOTE) * self.unit_px
        above = self._notes(words.above, note_size, width_px)
        below = self._notes(words.notes, note_size, width_px)
        if above is None or below is None:
            return None
        return _stacked_offer([*above, lead, *below], gap_px=note_size * 0.62)

    def _lead(self, words: OfferWords, size_px: float) -> TextBlock:
        faces = self.engine.faces
        row: list[Run] = []
        if words.before:
            row.append(Run(words.before + " ", faces.strong, 0.46))
        amount, unit = _without_unit(words.amount)
        row.append(Run(amount, faces.heading))
        if unit:
            row.append(Run(unit, faces.heading, 0.58))
        if words.after:
            row.append(Run(" " + words.after, faces.text, 0.44))
        return self.engine.block([row], size_px=size_px, leading=1.1)

    def _notes(
        self, notes: tuple[str, ...], size_px: float, width_px: float
    ) -> list[TextBlock] | None:
        face, blocks = self.engine.faces.text, []
        for note in notes:
            width = width_px / size_px * REFERENCE_PX
            lines = fewest_lines(
                note,
                self.engine.language,
                width=width,
                most=3,
                width_of=self._width_of(face, 0),
            )
            if lines is None:
                return None
            blocks.append(
                self.engine.block(
                    [[Run(line, face)] for line in lines.lines], size_px=size_px, leading=1.3
                )
            )
        return blocks

    def _wrapped(
        self, kind: str, text: str, face: Face, size_px: float, width_px: float, most: int
    ) -> Item | None:
        lines = fewest_lines(
            text,
            self.engine.language,
            width=width_px / size_px * REFERENCE_PX,
            most=most,
            width_of=self._width_of(face, 0),
        )
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
        probe = self.engine.block(
            [[Run(line, face)] for line in lines.lines],
            size_px=REFERENCE_PX,
            leading=self.engine.rhythm.heading_leading,
        )
        return probe.height_px / REFERENCE_PX + trailing

    def _width_of(self, face: Face, tracking: float) -> Callable[[str], float]:
        return partial(self.engine.width, face=face, tracking=tracking)


def _without_unit(amount: str) -> tuple[str, str]:
    """Currency words after an amount are set smaller, as shops in Japan and Arabia do."""
    for unit in ("円", "ر.س.", "ر.س", "ريال سعودي", "ريال"):
        if amount.endswith(unit):
            return amount[: -len(unit)], unit
    return amount, ""


def _stacked_offer(blocks: list[TextBlock], *, gap_px: float) -> OfferItem:
    top, parts = 0.0, []
    for block in blocks:
        parts.append((block, top))
        top += block.height_px + gap_px
    return OfferItem(
        kind="offer_line",
        width_px=max(block.width_px for block in blocks),
        height_px=top - gap_px,
        parts=tuple(parts),
    )
