"""Numbers and claims in the copy must resolve to the brief's registry."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal

from studio.compliance.case import WORDS, Case, Hit
from studio.markets.facts import proven, value_of
from studio.markets.pack import Condition
from studio.markets.wording import numbers_in


def number_without_claim(case: Case, condition: Condition) -> Iterator[Hit]:
    """A number that is neither a proven claim's nor the offer's. Percentages: see price."""
    del condition
    known = _proven_numbers(case)
    for field in WORDS:
        text = case.nameless(field)
        for written, value in numbers_in(text, locale=case.locale):
            is_percentage = f"{written}%" in text.replace(" ", "")
            if value not in known and not is_percentage:
                yield Hit(written, field)


def claim_without_evidence(case: Case, condition: Condition) -> Iterator[Hit]:
    """A claim that the copy rests on isn't in the brief, or its evidence isn't in force."""
    del condition
    by_id = {claim.id: claim for claim in case.brief.claims}
    for source in case.creative.copy.sources:
        kind, _, claim_id = source.partition(":")
        if kind != "claim":
            continue
        claim = by_id.get(claim_id)
        if claim is None:
            yield Hit(f"{claim_id} isn't in the brief", "sources")
        elif not proven(claim, case.pack, case.brief.launch):
            expires = claim.evidence.expires if claim.evidence else None
            state = f"expired on {expires}" if expires else "has no evidence in force"
            yield Hit(f"{claim_id} {state}", "sources")


def _proven_numbers(case: Case) -> set[Decimal]:
    numbers: set[Decimal] = set()
    for claim in case.brief.claims:
        if not proven(claim, case.pack, case.brief.launch):
            continue
        value = value_of(claim)
        if value is not None:
            numbers.add(value)
        numbers |= {found for _, found in numbers_in(claim.text, locale=case.brief.language)}
    if case.offer is not None:
        prices = (case.offer.price, case.offer.was, case.offer.lowest_30d)
        numbers |= {price.amount for price in prices if price is not None}
    return numbers
