"""Numbers and claims in the copy must resolve to the brief's registry."""

from __future__ import annotations

import re
from collections.abc import Iterator
from decimal import Decimal

from studio.compliance import reductions
from studio.compliance.case import WORDS, Case, Hit
from studio.compliance.figures import Number, Sort, numbers_of
from studio.compliance.units import unit_names
from studio.domain.claim import Claim
from studio.markets.facts import proven, units_of, values_of
from studio.markets.rules import Condition
from studio.markets.wording import normalised, numbers_in

IDIOMS = re.compile(
    r"\b24\s?/\s?7\b|\b50\s?/\s?50\b"
    r"|(?<![a-z])(?:[ckdm]?m[23]|co2|h2o|o2|lifepo4|pm\s?(?:2[.,]5|10)|mp3)(?!\d)"
    r"|(?<!\d)(?:[01]?\d|2[0-4])(?:[:.][0-5]\d)?\s?(?:uhr|[ap]\.?m\b\.?|o.?clock)"
    r"|(?<!\d)(?:[01]?\d|2[0-4])[:h][0-5]\d(?!\d)"
    r"|(?:午前|午後|朝|夜|昼|夕方|上午|下午|早上|晚上|中午|凌晨|清晨|傍晚|오전|오후|아침|저녁|밤|새벽)"
    r"\s?\d{1,2}(?=\s?(?:時|点|點|시))"
    r"|\b(?:à|vers|a las|sobre las|alle|verso le|às|o godz\.?|saat|pukul|jam|lúc) "
    r"(?:[01]?\d|2[0-4])(?:[:.h][0-5]\d)?(?![\d,.]*\s?[a-zà-ỹ%°€$])",
    re.IGNORECASE,
)
"""Numbers that claim nothing: figures of speech, exponents, formulas, times of the day."""
WHOLE = (Decimal(0), Decimal(100))
"""Percentages that are figures of speech; rules on words look after them."""
UNITS_OF_DATES = frozenset({"day", "week", "month", "year"})
SOURCES = ("claim", "translated")


def number_without_claim(case: Case, condition: Condition) -> Iterator[Hit]:
    """A number that is neither a proven claim's nor the offer's. Prices: see price."""
    del condition
    for field in WORDS:
        text = case.texts[field]
        numbers = numbers_of(text, locale=case.locale)
        if not numbers:
            continue
        idioms = [match.span() for match in IDIOMS.finditer(text)]
        for number in numbers:
            free = any(start <= number.start < end for start, end in idioms)
            if not free and _claims_something(number, field, case):
                yield Hit("", field, number.start, number.end)


def _claims_something(number: Number, field: str, case: Case) -> bool:
    """Whether a number says a fact that nothing in the brief proves."""
    if number.sort is Sort.MONEY or _is_whole(number) or _is_reduction(number, field, case):
        return False
    if case.is_name(field, number.start, number.end):
        return False
    units = unit_names(case.locale).after(case.texts[field], number.end)
    known = proven_numbers(case) | _offer_numbers(case)
    return number.value not in known or not _in_its_unit(number, units, case)


def _in_its_unit(number: Number, units: frozenset[str], case: Case) -> bool:
    """Whether a known number stands in the unit in which it is known, or in none.

    Twelve programmes don't prove twelve minutes. Claims in the brief's own words prove their
    numbers in any unit; dates of the offer prove days, months and years. What looks like a
    metre may be the beginning of a square metre.
    """
    if not units or (units & UNITS_OF_DATES and number.value in _offer_numbers(case)):
        return True
    for claim in case.brief.claims:
        if not proven(claim, case.pack, case.brief.launch):
            continue
        own = units_of(claim, locale=case.locale)
        if number.value in values_of(claim, locale=case.locale) and any(
            unit in each for unit in units for each in own
        ):
            return True
        if number.value in _numbers_said(claim, case):
            return True
    return False


def claim_without_evidence(case: Case, condition: Condition) -> Iterator[Hit]:
    """A claim that the copy rests on isn't in the brief, or its evidence isn't in force."""
    del condition
    by_id = {claim.id: claim for claim in case.brief.claims}
    for source in case.creative.copy.sources:
        kind, _, claim_id = source.partition(":")
        if kind not in SOURCES:
            continue
        claim = by_id.get(claim_id)
        if claim is None:
            yield Hit(f"{claim_id} isn't in the brief", "sources")
        elif not proven(claim, case.pack, case.brief.launch):
            expires = claim.evidence.expires if claim.evidence else None
            state = f"expired on {expires}" if expires else "has no evidence in force"
            yield Hit(f"{claim_id} {state}", "sources")


def translated_claim(case: Case, condition: Condition) -> Iterator[Hit]:
    """A model translated a claim, and nobody has looked at the words."""
    del condition
    texts = {claim.id: claim.text for claim in case.brief.claims}
    for source in case.creative.copy.sources:
        kind, _, claim_id = source.partition(":")
        if kind == "translated":
            yield Hit(texts.get(claim_id) or claim_id, "sources")


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


def proven_numbers(case: Case) -> set[Decimal]:
    """The numbers of all proven claims."""
    numbers: set[Decimal] = set()
    for claim in case.brief.claims:
        if not proven(claim, case.pack, case.brief.launch):
            continue
        numbers |= values_of(claim, locale=case.locale)
        benefit = case.pack.benefits.get(claim.benefit)
        numbers |= {Decimal(str(each)) for each in (benefit.mentions if benefit else ())}
        numbers |= _numbers_said(claim, case)
    return numbers


def _numbers_said(claim: Claim, case: Case) -> set[Decimal]:
    """The numbers in a claim's own words, as its language and the market write numbers."""
    locales = (case.brief.language_of(claim), case.locale) if claim.text else ()
    return {found for locale in locales for _, found in numbers_in(claim.text, locale=locale)}


def _offer_numbers(case: Case) -> set[Decimal]:
    offer, launch = case.offer, case.brief.launch
    numbers = {Decimal(launch.year)}
    if offer is None:
        return numbers
    numbers |= {price.amount for price in offer.prices}
    for day in (offer.starts, offer.ends):
        if day is not None:
            numbers |= {Decimal(part) for part in (day.day, day.month, day.year)}
    if offer.stock is not None:
        numbers.add(Decimal(offer.stock))
    if offer.instalments is not None:
        numbers.add(Decimal(offer.instalments.count))
    return numbers


def _is_reduction(number: Number, field: str, case: Case) -> bool:
    return number.sort is Sort.PERCENT and (field, number) in reductions.percentages(case)


def _is_whole(number: Number) -> bool:
    return number.sort is Sort.PERCENT and number.value in WHOLE
