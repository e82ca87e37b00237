"""What a market's law and custom ask of its ads: words that are restricted, and conditions."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from studio.domain.finding import Severity
from studio.markets.certainty import Certainty


@dataclass(frozen=True, slots=True, kw_only=True)
class Span:
    """Some days in a row."""

    day: str
    """The first, in the grammar of `studio.markets.days`."""
    days: int = 1


@dataclass(frozen=True, slots=True, kw_only=True)
class LexiconRule:
    """Words that a law or custom forbids or ties to proof."""

    id: str
    kind: str
    """What sort of fault it is: a key of `prompts/findings/`, which words it for reviewers."""
    severity: Severity
    patterns: tuple[str, ...]
    """Regular expressions over the normalised text; case is ignored."""
    unless: tuple[str, ...] = ()
    """Patterns anywhere in the creative's words that make a hit harmless."""
    cleared_by: tuple[str, ...] = ()
    """Benefits whose proven claim makes a hit harmless."""
    categories: tuple[str, ...] = ()
    """Product categories it holds for; empty: all."""
    fields: tuple[str, ...] = ()
    """Fields of the copy it looks at; empty: all."""
    not_on: tuple[Span, ...] = ()
    """Launches on these days may say it, such as `soldes` in the legal season."""
    law: str
    in_force: str = ""
    """ISO date from which it holds for launches; empty: it has long been in force."""
    certainty: Certainty = Certainty.ESTABLISHED
    source: str = ""
    message: str = ""
    fix: str = ""


class Check(StrEnum):
    """Conditions that code decides; which of them hold where, and their law, are data."""

    QUIET_DATE = "quiet_date"
    LANGUAGE = "language"
    REGISTER_MIX = "register_mix"
    REGIONAL_WORD = "regional_word"
    WRONG_SCRIPT_VARIANT = "wrong_script_variant"
    EMPTY_FIELD = "empty_field"
    OVER_MAXIMUM = "over_maximum"
    OVER_RECOMMENDED = "over_recommended"
    MISSING_GLYPH = "missing_glyph"
    SMALL_PRINT = "small_print"
    AVOIDED_WORD = "avoided_word"
    NUMBER_WITHOUT_CLAIM = "number_without_claim"
    CLAIM_WITHOUT_EVIDENCE = "claim_without_evidence"
    TRANSLATED_CLAIM = "translated_claim"
    URGENCY_WITHOUT_END = "urgency_without_end"
    PRICE_ORDER = "price_order"
    CURRENCY = "currency"
    OFFER_ENDED = "offer_ended"
    PRICE_SHOWN_WRONG = "price_shown_wrong"
    PERCENT_WRONG = "percent_wrong"
    LOWEST_PRICE_SHOWN = "lowest_price_shown"
    TAX_WORDS = "tax_words"
    FORMER_PRICE_PROOF = "former_price_proof"
    DISCOUNT_TOO_DEEP = "discount_too_deep"
    PROMOTION_TERMS = "promotion_terms"
    INSTALMENT_WRONG = "instalment_wrong"
    PERMIT_MISSING = "permit_missing"
    ADVERTISER_NAMED = "advertiser_named"
    MANDATORY_LINE = "mandatory_line"
    AI_LABEL = "ai_label"
    AI_MARK = "ai_mark"
    RADIATION_LINE = "radiation_line"
    ENERGY_LABEL = "energy_label"
    PERSON_SHOWN = "person_shown"
    SYMBOL_SHOWN = "symbol_shown"
    PRODUCT_REDRAWN = "product_redrawn"


class When(StrEnum):
    """Which ads a condition is for."""

    ALWAYS = "always"
    PAID = "paid"
    INFLUENCER = "influencer"
    LIVESTREAM = "livestream"
    REDUCED = "reduced"
    INSTALMENTS = "instalments"
    ANY = "any"
    """Any part of the picture was made by an AI model."""
    PHOTOREAL = "photoreal"
    PERSON = "person"
    SYNTHETIC_PERSON = "synthetic_person"


class Basis(StrEnum):
    """What proves that an earlier price was real."""

    DOCUMENT = "document"
    LOWEST_7D = "lowest_7d"
    LOWEST_10D = "lowest_10d"
    LOWEST_20D = "lowest_20d"
    LOWEST_30D = "lowest_30d"
    EIGHT_WEEKS = "eight_weeks"


@dataclass(frozen=True, slots=True, kw_only=True)
class Condition:
    """A condition that the creative and its brief must meet."""

    id: str
    check: Check
    kind: str
    severity: Severity
    law: str
    in_force: str = ""
    certainty: Certainty = Certainty.ESTABLISHED
    source: str = ""
    message: str = ""
    fix: str = ""
    words: tuple[str, ...] = ()
    """What the check looks for, where it looks for words: regular expressions."""
    unless: tuple[str, ...] = ()
    when: When = When.ALWAYS
    place: str = ""
    """`start` where the words must begin the text."""
    basis: Basis = Basis.DOCUMENT
    percent: float = 0.0
    """Deepest reduction (0–100) that `discount_too_deep` lets pass."""
    needs: tuple[str, ...] = ()
    """Fields of the offer that `promotion_terms` asks for."""
    permit: str = ""
    """Key of the brief's approvals that `permit_missing` asks for."""
    marks: tuple[str, ...] = ()
    """Metadata marks that `ai_mark` asks for: `iptc`, `tc260`."""
    least_ratio: float = 0.0
    """Least size of small print over the size of the body, for `small_print`."""
    persons: tuple[str, ...] = ()
    tags: tuple[str, ...] = ()
    variant: str = ""
    """Han variant that is wrong here, for `wrong_script_variant`: traditional or simplified."""


@dataclass(frozen=True, slots=True, kw_only=True)
class RegisterForm:
    """One form of address; a creative keeps to one of them."""

    name: str
    patterns: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class RegionalWord:
    """A word of another region, and the one that is said here."""

    wrong: str
    """Regular expression."""
    right: str


@dataclass(frozen=True, slots=True, kw_only=True)
class FaultWords:
    """What a reviewer is told of one sort of fault."""

    message: str
    fix: str
