"""Where a creative says that something costs less than before."""

from __future__ import annotations

import re
from collections.abc import Iterator
from decimal import Decimal
from functools import lru_cache

from studio.compliance.case import FIELDS, Case, Hit
from studio.compliance.figures import Number, Sort
from studio.compliance.ground import MOST_GROUNDS, Ground
from studio.domain.money import Money
from studio.markets.facts import proven, value_of
from studio.markets.prices import reference_price

ABOUT_PRICES = re.compile(
    r"\boff\b|\bsav(?:e|es|ing|ings)\b|\bdiscount\w*|\bsale\b|\breduc(?:ed|tion)\b"
    r"|\bcheaper\b|\bless than before\b"
    r"|rabatt|\bspar(?:en|t|e|st)?\b|nachlass|reduzier|günstiger|billiger|\bstatt\b|im preis"
    r"|\bremise|\bréduction|\bréduit|\béconomis|\bmoins cher|\bpromo|au lieu de"
    r"|descuent|\bahorr|rebaj|\bdesconto|\beconomi(?:ze|a)\b|\bmenos\b|\bantes\b"
    r"|\bsconto|scontat|\brisparmi|ribass|anziché"
    r"|\brabat|\btaniej\b|zniżk|obniż|przecen|oszczęd"
    r"|indirim|\btasarruf|\bucuz"
    r"|\bdiskon|\bhemat\b|potongan|\bgiảm|tiết kiệm|ưu đãi|ลด|ประหยัด|छूट|बचत|ऑफ"
    r"|خصم|تخفيض|\bوفر|توفير"
    r"|オフ|OFF|引|割|お得|値下げ|할인|세일|절약|인하"
    r"|优惠|優惠|立减|立減|直降|[便降省]|折",
    re.IGNORECASE,
)
"""Words beside a percentage that make it a reduction of the price."""
MINUS = re.compile(r"[-−–]\s?[%٪]?\s?$")
REACH = 28


def percentages(case: Case) -> Iterator[tuple[str, Number]]:
    """Each percentage that speaks of the price, with its field."""
    for field, numbers in case.numbers.items():
        for number in numbers:
            if number.sort is Sort.PERCENT and (
                field == "offer_line"
                or number.reduction
                or _about_prices(case.texts[field], number)
            ):
                yield field, number


def announced(case: Case, words: tuple[str, ...] = ()) -> Hit | None:
    """The first place that says the price was reduced: by percent, by words, by showing it."""
    claimed = claimed_percentages(case.ground)
    for field, number in percentages(case):
        if number.reduction or number.value not in claimed:
            return Hit("", field, number.start, number.end)
    earlier = earlier_price(case)
    if earlier is not None:
        return earlier
    for field in FIELDS:
        place = case.first_place(words, case.texts[field])
        if place:
            return Hit("", field, *place)
    return None


@lru_cache(maxsize=MOST_GROUNDS)
def claimed_percentages(ground: Ground) -> tuple[Decimal, ...]:
    """Percentages that proven claims of the brief give."""
    return tuple(
        value
        for claim in ground.brief.claims
        if claim.unit == "percent" and proven(claim, ground.pack, ground.brief.launch)
        for value in [value_of(claim)]
        if value is not None
    )


def earlier_price(case: Case) -> Hit | None:
    """Where the offer's earlier price is shown."""
    offer = case.offer
    if offer is None or offer.was is None or offer.was <= offer.price:
        return None
    return shown(offer.was, case)


def shown(price: Money | None, case: Case) -> Hit | None:
    """Where an amount is shown; the price line is looked at first."""
    if price is None:
        return None
    for field in ("offer_line", *FIELDS):
        for number in case.numbers.get(field, ()):
            if number.sort is not Sort.PERCENT and number.value == price.amount:
                return Hit("", field, number.start, number.end)
    return None


@lru_cache(maxsize=MOST_GROUNDS)
def reduction_of(ground: Ground) -> Decimal | None:
    """Percentage points by which the price is below its reference here; None where it isn't."""
    offer = ground.offer
    reference = None if offer is None else reference_price(offer, ground.pack)
    if offer is None or reference is None:
        return None
    return 100 * (1 - offer.price.amount / reference.amount)


def _about_prices(text: str, number: Number) -> bool:
    near = text[max(0, number.start - REACH) : number.end + REACH]
    before = text[max(0, number.start - 3) : number.start]
    return bool(ABOUT_PRICES.search(near) or MINUS.search(before))
