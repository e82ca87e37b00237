"""A market pack: language, taste, calendar and law of one market, as data."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

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


@dataclass(frozen=True, slots=True, kw_only=True)
class Noun:
    """What a kind of product is called here."""

    text: str
    gloss: str = ""
    gender: str = ""
    """For ICU `select`: m, f, n or p (plural)."""


@dataclass(frozen=True, slots=True, kw_only=True)
class CallToAction:
    """A button's words and the platforms' name for it."""

    action: str
    """SHOP_NOW, LEARN_MORE, ORDER_NOW …"""
    text: str
    gloss: str


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
    """Patterns anywhere in the creative's words that make a hit harmless."""


class Check(StrEnum):
    """Conditions that code decides; which of them hold where, and their law, are data."""

    QUIET_DATE = "quiet_date"
    SCRIPT = "script"
    REGISTER_MIX = "register_mix"
    EMPTY_FIELD = "empty_field"
    OVER_MAXIMUM = "over_maximum"
    OVER_RECOMMENDED = "over_recommended"
    AVOIDED_WORD = "avoided_word"
    NUMBER_WITHOUT_CLAIM = "number_without_claim"
    CLAIM_WITHOUT_EVIDENCE = "claim_without_evidence"
    URGENCY_WITHOUT_END = "urgency_without_end"
    PRICE_ORDER = "price_order"
    CURRENCY = "currency"
    OFFER_ENDED = "offer_ended"
    PRICE_SHOWN_WRONG = "price_shown_wrong"
    PERCENT_WRONG = "percent_wrong"
    LOWEST_PRICE_SHOWN = "lowest_price_shown"
    TAX_WORDS = "tax_words"
    FORMER_PRICE_PROOF = "former_price_proof"
    ADVERTISER_NAMED = "advertiser_named"


@dataclass(frozen=True, slots=True, kw_only=True)
class Condition:
    """A condition that the creative and its brief must meet."""

    id: str
    check: Check
    severity: Severity
    message: str
    law: str
    fix: str
    words: tuple[str, ...] = ()
    """What the check looks for, where it looks for words: regular expressions."""


@dataclass(frozen=True, slots=True, kw_only=True)
class RegisterForm:
    """One form of address; a creative keeps to one of them."""

    name: str
    patterns: tuple[str, ...]


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
    sets_favoured: tuple[str, ...]
    sets_avoided: tuple[str, ...]
    typefaces: Typefaces
    quiet_dates: tuple[QuietDate, ...]
    rules: tuple[LexiconRule, ...]
    conditions: tuple[Condition, ...]
    register_forms: tuple[RegisterForm, ...]
    writing_notes: tuple[str, ...]
    """Rules for the words in this market, in English, for text models and reviewers."""
    scene_notes: tuple[str, ...]
    """Rules for pictures in this market, in English, for image prompts and reviewers."""
