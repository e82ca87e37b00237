"""Numbers and claims in the copy must resolve to the brief's registry."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal
from functools import lru_cache

from studio.compliance import reductions
from studio.compliance.case import WORDS, Case, Hit
from studio.compliance.dates import dates_of
from studio.compliance.figures import Number, Sort
from studio.compliance.ground import MOST_GROUNDS, Ground
from studio.compliance.units import unit_names
from studio.domain.claim import Claim
from studio.markets.facts import proven, units_of, values_of
from studio.markets.rules import Condition
from studio.markets.wording import normalised, numbers_in

IDIOMS = re.compile(
    r"\b24\s?/\s?7\b|\b50\s?/\s?50\b|(?<![\d.,])(\d{1,2})\.\1(?![\d,]|\.\d|\s?[a-z€$%])"
    r"|(?<![\d/])(?:0?[1-9]|[12]\d|3[01])/(?:0?[1-9]|1[0-2])(?![\d/])"
    r"|(?<![a-z])(?:[ckdm]?m[23]|co2|h2o|o2|lifepo4|pm\s?(?:2[.,]5|10)|mp3)(?!\d)"
    r"|(?<!\d)(?:[01]?\d|2[0-4])(?:[:.][0-5]\d)?\s?(?:uhr|[ap]\.?m\b\.?|o.?clock)"
    r"|(?<!\d)(?:[01]?\d|2[0-4])[:h][0-5]\d(?!\d)"
    r"|(?:午前|午後|朝|夜|昼|夕方|上午|下午|早上|晚上|中午|凌晨|清晨|傍晚|오전|오후|아침|저녁|밤|새벽)"
    r"\s?\d{1,2}(?=\s?(?:時|点|點|시))"
    r"|\b(?:à|vers|a las|sobre las|alle|verso le|às|o godz\.?|saat|pukul|jam|lúc) "
    r"(?:[01]?\d|2[0-4])(?:[:.h][0-5]\d)?(?![\d,.]*\s?[a-zà-ỹ%°€$])",
    re.IGNORECASE,
)
"""Numbers that claim nothing: figures of speech, days such as 11.11, formulas, times."""
WHOLE = (Decimal(0), Decimal(100))
"""Percentages that are figures of speech; rules on words look after them."""
HALF_A_POINT = Decimal("0.5")
UNITS_OF_DATES = frozenset({"day", "week", "month", "year"})
LOWEST_OF = (7, 10, 20, 30)
"""Days whose lowest price an offer may know, and an ad may name."""
SOURCES = ("claim", "translated")


def number_without_claim(case: Case, condition: Condition) -> Iterator[Hit]:
    """A number that is neither a proven claim's nor the offer's. Prices: see price."""
    del condition
    for field, numbers in case.numbers.items():
        if field not in WORDS:
            continue
        for number in numbers:
            if _claims_something(number, field, case) and not _is_idiom(number, field, case):
                yield Hit("", field, number.start, number.end)


def _is_idiom(number: Number, field: str, case: Case) -> bool:
    """Whether a number is part of a figure of speech, a formula, a time or a date."""
    return any(
        match.start() <= number.start < match.end()
        for pattern in (IDIOMS, dates_of(case.locale))
        for match in pattern.finditer(case.texts[field])
    )


def _claims_something(number: Number, field: str, case: Case) -> bool:
    """Whether a number says a fact that nothing in the brief proves."""
    if number.sort is Sort.MONEY or _is_whole(number) or _is_reduction(number, field, case):
        return False
    if case.is_name(field, number.start, number.end):
        return False
    units = unit_names(case.locale).after(case.texts[field], number.end)
    return number.value not in _known_numbers(case.ground) or not _in_its_unit(
        number, units, case
    )


def _in_its_unit(number: Number, units: frozenset[str], case: Case) -> bool:
    """Whether a known number stands in the unit in which it is known, or in none.

    Twelve programmes don't prove twelve minutes. Claims in the brief's own words prove their
    numbers in any unit; dates of the offer prove days, months and years. What looks like a
    metre may be the beginning of a square metre.
    """
    if not units or (units & UNITS_OF_DATES and number.value in _offer_numbers(case.ground)):
        return True
    for proof in _proofs(case.ground):
        if number.value in proof.values and any(
            unit in each for unit in units for each in proof.units
        ):
            return True
        if number.value in proof.said:
            return True
    return False


def claim_without_evidence(case: Case, condition: Condition) -> Iterator[Hit]:
    """A claim that the copy rests on isn't in the brief, or its evidence isn't in force."""
    del condition
    for source in case.creative.copy.sources:
        kind, _, claim_id = source.partition(":")
        if kind not in SOURCES:
            continue
        claim = _by_id(case.ground).get(claim_id)
        if claim is None:
            yield Hit(f"{claim_id} isn't in the brief", "sources")
        elif not proven(claim, case.pack, case.brief.launch):
            expires = claim.evidence.expires if claim.evidence else None
            state = f"expired on {expires}" if expires else "has no evidence in force"
            yield Hit(f"{claim_id} {state}", "sources")


def translated_claim(case: Case, condition: Condition) -> Iterator[Hit]:
    """A model translated a claim, and nobody has looked at the words."""
    del condition
    for source in case.creative.copy.sources:
        kind, _, claim_id = source.partition(":")
        if kind == "translated":
            claim = _by_id(case.ground).get(claim_id)
            yield Hit((claim.text if claim else "") or claim_id, "sources")


def says(case: Case, quote: str) -> bool:
    """Whether a claim in the brief's own words, with evidence in force, says the quote."""
    if not quote.strip():
        return False
    words = re.compile(rf"(?<![\w-]){re.escape(quote.strip())}(?![\w-])", re.IGNORECASE)
    spaced = any("\u0e00" <= char <= "\u0e7f" or char >= "\u3040" for char in quote)
    for claim in case.brief.claims:
        if not claim.text or claim.evidence is None:
            continue
        if not claim.evidence.holds_on(case.brief.launch):
            continue
        text = normalised(claim.text)
        if words.search(text) or (spaced and quote.strip() in text):
            return True
    return False


def proven_benefit(case: Case, benefits: tuple[str, ...]) -> bool:
    """Whether the brief proves one of these benefits."""
    return any(
        claim.benefit in benefits and proven(claim, case.pack, case.brief.launch)
        for claim in case.brief.claims
        if claim.benefit
    )


@lru_cache(maxsize=MOST_GROUNDS)
def _known_numbers(ground: Ground) -> frozenset[Decimal]:
    return proven_numbers(ground) | _offer_numbers(ground)


@lru_cache(maxsize=MOST_GROUNDS)
def proven_numbers(ground: Ground) -> frozenset[Decimal]:
    """The numbers of all proven claims."""
    return frozenset().union(
        *(proof.values | proof.said | proof.mentioned for proof in _proofs(ground))
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class Proof:
    """The numbers that a proven claim lets an ad say."""

    values: frozenset[Decimal]
    """The claim's value, metric and converted."""
    units: frozenset[str]
    said: frozenset[Decimal]
    """Those in the claim's own words."""
    mentioned: frozenset[Decimal]
    """Those that the benefit's phrases mention."""


@lru_cache(maxsize=MOST_GROUNDS)
def _proofs(ground: Ground) -> tuple[Proof, ...]:
    brief, pack = ground.brief, ground.pack
    return tuple(
        _proof(claim, ground) for claim in brief.claims if proven(claim, pack, brief.launch)
    )


def _proof(claim: Claim, ground: Ground) -> Proof:
    """Words are read as the claim's language and the market write numbers."""
    locales = (ground.brief.language_of(claim), ground.locale) if claim.text else ()
    said = (numbers_in(claim.text, locale=locale) for locale in locales)
    benefit = ground.pack.benefits.get(claim.benefit)
    mentions = benefit.mentions if benefit else ()
    return Proof(
        values=values_of(claim, locale=ground.locale),
        units=units_of(claim, locale=ground.locale),
        said=frozenset(value for numbers in said for _, value in numbers),
        mentioned=frozenset(Decimal(str(each)) for each in mentions),
    )


@lru_cache(maxsize=MOST_GROUNDS)
def _offer_numbers(ground: Ground) -> frozenset[Decimal]:
    offer = ground.offer
    numbers = {Decimal(ground.brief.launch.year)}
    if offer is None:
        return frozenset(numbers)
    numbers |= {price.amount for price in offer.prices}
    numbers |= {Decimal(days) for days in LOWEST_OF if getattr(offer, f"lowest_{days}d")}
    for day in (offer.starts, offer.ends):
        if day is not None:
            numbers |= {Decimal(part) for part in (day.day, day.month, day.year)}
    if offer.stock is not None:
        numbers.add(Decimal(offer.stock))
    if offer.instalments is not None:
        numbers.add(Decimal(offer.instalments.count))
    return frozenset(numbers)


@lru_cache(maxsize=MOST_GROUNDS)
def _by_id(ground: Ground) -> Mapping[str, Claim]:
    return {claim.id: claim for claim in ground.brief.claims}


def _is_reduction(number: Number, field: str, case: Case) -> bool:
    """Whether a percentage speaks of the price: by its words, or because it is right for it."""
    if number.sort is not Sort.PERCENT:
        return False
    right = reductions.reduction_of(case.ground)
    if right is not None and abs(number.value - right) <= HALF_A_POINT:
        return True
    return (field, number) in reductions.percentages(case)


def _is_whole(number: Number) -> bool:
    return number.sort is Sort.PERCENT and number.value in WHOLE
