"""A market pack: language, taste, calendar and law of one market, as data."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from studio.domain.brief import Voice
from studio.domain.finding import Severity
from studio.domain.market import Market


@dataclass(frozen=True, slots=True, kw_only=True)
class Palette:
    """Colours that a scene is tuned to, as sRGB hex."""

    id: str
    family: str
    """What the optimizer learns over: warm, cool, neutral, deep, pastel."""
    wall: str
    surface: str
    accent: str
    ink: str
    """Colour of text on the wall."""
    button: str
    """Ground of the call to action."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Typeface:
    """A font family from an installed font package, at one weight."""

    family: str
    weight: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Typefaces:
    """Heading and text faces; both must cover the market's script."""

    heading: Typeface
    text: Typeface


@dataclass(frozen=True, slots=True, kw_only=True)
class Appeal:
    """How well an angle is expected to do here: a prior for the choice, not a promise."""

    angle: str
    strength: float
    """0–1; angles are drawn in this proportion."""
    rationale: str
    """In English, for the reviewer."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Phrase:
    """One native line with ICU MessageFormat slots, and its literal English gloss."""

    id: str
    text: str
    gloss: str
    benefit: str = ""
    """Benefit whose claim must be in the brief for the phrase to be used; empty: always."""
    voices: tuple[Voice, ...] = ()
    """Voices it suits; empty: all."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Phrases:
    """The phrases of one angle."""

    headlines: tuple[Phrase, ...]
    bodies: tuple[Phrase, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class CallToAction:
    """A button's words and the platforms' name for it."""

    action: str
    """SHOP_NOW, LEARN_MORE, ORDER_NOW …"""
    text: str
    gloss: str


@dataclass(frozen=True, slots=True, kw_only=True)
class PriceWords:
    """How a price block is written; ICU MessageFormat over `price`, `was`, `lowest`, `ends`."""

    pattern: str
    """Of the price itself: CLDR number pattern or `cldr`."""
    plain: str
    reduced: str
    """Used when the offer has an earlier price."""
    gloss_plain: str
    gloss_reduced: str


@dataclass(frozen=True, slots=True, kw_only=True)
class QuietDate:
    """A day on which ads stay silent: `MM-DD`, or `YYYY-MM-DD` where it moves."""

    day: str
    name: str


@dataclass(frozen=True, slots=True, kw_only=True)
class LexiconRule:
    """Words that a law or custom forbids or ties to proof."""

    id: str
    severity: Severity
    patterns: tuple[str, ...]
    """Regular expressions over the normalised text (NFKC, case folded)."""
    message: str
    law: str
    fix: str
    unless: tuple[str, ...] = ()
    """Patterns that make a hit harmless."""


@dataclass(frozen=True, slots=True, kw_only=True)
class MarketPack:
    """Everything the studio knows about one market."""

    version: str
    """Fingerprint of the pack's files: SHA-256, the first 16 digits."""
    market: Market
    register: str
    tone: Mapping[Voice, str]
    appeals: tuple[Appeal, ...]
    phrases: Mapping[str, Phrases]
    """By angle."""
    benefits: Mapping[str, Phrase]
    """Benefit lines by key, with slots for value and unit."""
    product_nouns: Mapping[str, str]
    """By category: what the product is called here."""
    calls_to_action: tuple[CallToAction, ...]
    price: PriceWords
    legal_line: str
    """Line that the law asks for in each ad; may be empty."""
    palettes: tuple[Palette, ...]
    sets_favoured: tuple[str, ...]
    sets_avoided: tuple[str, ...]
    typefaces: Typefaces
    quiet_dates: tuple[QuietDate, ...]
    rules: tuple[LexiconRule, ...]
    scene_notes: tuple[str, ...]
    """Rules for pictures in this market, in English, for image prompts and reviewers."""
