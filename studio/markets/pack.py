"""A market pack: language, taste, calendar and law of one market, as data."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum

from studio.domain.brief import Voice
from studio.domain.market import Market
from studio.markets.certainty import Certainty
from studio.markets.days import Event, QuietDate
from studio.markets.rules import (
    Condition,
    FaultWords,
    LexiconRule,
    RegionalWord,
    RegisterForm,
)

GLOBAL_MODERN = "global_modern"
"""The angle that isn't adapted: the control beside the local ones."""


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
    certainty: Certainty = Certainty.HINT
    source: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Phrase:
    """One native line with ICU MessageFormat slots, and its literal English gloss.

    Slots: `product`, `brand`, `noun`, `gender` (for `select`); with a benefit also `value`
    (the number) and `amount` (number and unit, as CLDR writes them in full).
    """

    id: str
    text: str
    gloss: str = ""
    """Empty where the market's language is English: the text is its own gloss."""
    benefit: str = ""
    """Benefit whose claim must be in the brief for the phrase to be used; empty: always."""
    voices: tuple[Voice, ...] = ()
    """Voices it suits; empty: all."""
    categories: tuple[str, ...] = ()
    """Product categories it suits; empty: all."""
    months: tuple[int, ...] = ()
    """Months (1–12) of the launch in which it is in season; empty: all year."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Phrases:
    """The phrases of one angle."""

    headlines: tuple[Phrase, ...]
    bodies: tuple[Phrase, ...]
    descriptions: tuple[Phrase, ...] = ()
    """Short lines that platforms show under the headline."""

    def of(self, kind: str) -> tuple[Phrase, ...]:
        """The phrases of one field: `headlines`, `bodies` or `descriptions`."""
        group: tuple[Phrase, ...] = getattr(self, kind)
        return group


@dataclass(frozen=True, slots=True, kw_only=True)
class Benefit:
    """One kind of fact about products, and how this market says it."""

    key: str
    categories: tuple[str, ...]
    """Product categories it makes sense for; empty: all."""
    unit: str
    """Unit that claims must be in, as CLDR names it; empty for counts and plain facts."""
    valued: bool
    """Whether a claim of it carries a number."""
    line: str
    """A short sentence that can stand alone, with the slots `value` and `amount`."""
    gloss: str
    note: str = ""
    """Small print that must accompany the fact, with the slot `contact`."""
    note_gloss: str = ""
    mentions: tuple[float, ...] = ()
    """Numbers that its definition holds, which a proven claim of it proves as well."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Noun:
    """What a kind of product is called here."""

    text: str
    gloss: str = ""
    gender: str = ""
    """For ICU `select`: m, f, n or p (plural)."""
    forms: Mapping[str, str] = field(default_factory=dict)
    """Other cases, each a slot: `gen` fills `{noun_gen}`."""


@dataclass(frozen=True, slots=True, kw_only=True)
class CallToAction:
    """A button's words and the platforms' name for it."""

    action: str
    """SHOP_NOW, LEARN_MORE, ORDER_NOW …"""
    text: str
    gloss: str


class Lead(StrEnum):
    """What stands first in a price block with instalments."""

    PRICE = "price"
    INSTALMENTS = "instalments"


@dataclass(frozen=True, slots=True, kw_only=True)
class Note:
    """A rule of taste or trade, in English, for people and for models."""

    rule: str
    certainty: Certainty = Certainty.LIKELY
    source: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Humour:
    """How much of it the market takes."""

    level: int
    """0 (none) to 3 (expected)."""
    note: str = ""
    certainty: Certainty = Certainty.HINT


@dataclass(frozen=True, slots=True, kw_only=True)
class TrustSignal:
    """A mark or promise that persuades here, and that only evidence lets us show."""

    mark: str
    gloss: str = ""
    proof: str
    """What must be at hand."""
    certainty: Certainty = Certainty.LIKELY
    source: str = ""


class Use(StrEnum):
    """Whether a set suits a market."""

    FAVOUR = "favour"
    AVOID = "avoid"


@dataclass(frozen=True, slots=True, kw_only=True)
class SetChoice:
    """One of the scenes, and how it suits the market."""

    id: str
    use: Use
    when: str = ""
    """Name or gloss of the calendar's event around which it is shown; empty: all year."""
    certainty: Certainty = Certainty.HINT
    reason: str = ""
    source: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class PriceWords:
    """How a price block is written.

    `plain`, `reduced` and `until` are ICU MessageFormat over `price`, `was`, `lowest`, `ends`.
    """

    pattern: str
    """The amount with its currency, such as `{number} €`; decimals are dropped when zero."""
    plain: str
    reduced: str
    """Used when the offer has an earlier price that this market's law lets us show."""
    until: str
    """Added when the offer ends on a day."""
    gloss_plain: str
    gloss_reduced: str
    gloss_until: str
    reference: str = "was"
    """Price that a reduction is measured from: `was`, or `lowest_30d` as EU law asks."""
    instalments: str = ""
    """ICU message over `count`, `each`, `total`, `price`; empty: not shown here."""
    gloss_instalments: str = ""
    leads_with: Lead = Lead.PRICE
    endings: tuple[str, ...] = ()
    """Last digits that prices usually have here, the commonest first."""
    endings_certainty: Certainty = Certainty.HINT
    habits: tuple[Note, ...] = ()


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
    benefits: Mapping[str, Benefit]
    """By key."""
    product_nouns: Mapping[str, Noun]
    """By category."""
    calls_to_action: tuple[CallToAction, ...]
    price: PriceWords
    legal_line: str
    """Line that the law asks for in each ad, with the slots `product`, `brand`, `contact`."""
    palettes: tuple[Palette, ...]
    sets: tuple[SetChoice, ...]
    typefaces: Typefaces
    humour: Humour
    trust_signals: tuple[TrustSignal, ...]
    writing: tuple[Note, ...]
    """Rules for the words in this market."""
    scenes: tuple[Note, ...]
    """Rules for pictures in this market."""
    people: tuple[Note, ...]
    """Rules for people in pictures: dress, gestures, company."""
    calendar: tuple[Event, ...]
    quiet_dates: tuple[QuietDate, ...]
    rules: tuple[LexiconRule, ...]
    conditions: tuple[Condition, ...]
    register_forms: tuple[RegisterForm, ...]
    regional_words: tuple[RegionalWord, ...]
    fault_words: Mapping[str, Mapping[str, FaultWords]]
    """What reviewers are told of a fault: by language, then by kind."""

    @property
    def sets_favoured(self) -> tuple[str, ...]:
        """Scenes that suit the market, the best first."""
        return tuple(choice.id for choice in self.sets if choice.use is Use.FAVOUR)

    @property
    def sets_avoided(self) -> tuple[str, ...]:
        """Scenes that are never used here."""
        return tuple(choice.id for choice in self.sets if choice.use is Use.AVOID)
