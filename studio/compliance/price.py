"""Prices that hold together, and that are shown as the market's law asks."""

from __future__ import annotations

import re
from collections.abc import Iterator
from decimal import Decimal

from studio.compliance.case import Case, Hit, first_hit
from studio.domain.money import Money
from studio.markets.facts import contact, proven, value_of
from studio.markets.pack import Condition
from studio.markets.prices import offer_line, price_text, reference_price
from studio.markets.wording import normalised, numbers_in

PERCENT = re.compile(r"(\d+(?:[.,]\d+)?)\s?[%٪]|[%٪]\s?(\d+(?:[.,]\d+)?)")
TOLERANCE = Decimal("0.5")
"""Percentage points by which a rounded percentage may differ."""
CONTACT = re.compile(r"[\w-]+\.[a-z]{2,}|\+?\d[\d ]{7,}")


def price_order(case: Case, condition: Condition) -> Iterator[Hit]:
    """The price now isn't below the earlier one."""
    del condition
    offer = case.offer
    if offer is not None and offer.was is not None and offer.was <= offer.price:
        yield Hit(f"{offer.price} now, {offer.was} before", "offer_line")


def currency(case: Case, condition: Condition) -> Iterator[Hit]:
    """The offer is in another currency than the market's."""
    del condition
    own = case.pack.market.currency
    if case.offer is not None and case.offer.price.currency != own:
        yield Hit(f"{case.offer.price}, the market pays in {own}", "offer_line")


def offer_ended(case: Case, condition: Condition) -> Iterator[Hit]:
    """The offer is over before the ad runs."""
    del condition
    ends = case.offer.ends if case.offer is not None else None
    if ends is not None and ends < case.brief.launch:
        yield Hit(f"ends {ends}, launch {case.brief.launch}", "offer_line")


def price_shown_wrong(case: Case, condition: Condition) -> Iterator[Hit]:
    """The price line says another price than the brief."""
    del condition
    shown = case.texts["offer_line"]
    if not shown:
        return
    if case.offer is None:
        yield Hit(f"{shown}; the brief makes no offer here", "offer_line")
        return
    if normalised(price_text(case.offer.price, case.pack)) not in shown:
        yield Hit(f"{shown}; the brief says {case.offer.price}", "offer_line")
        return
    expected = numbers_in(offer_line(case.offer, case.pack).text, locale=case.locale)
    prices = (case.offer.price, case.offer.was, case.offer.lowest_30d)
    known = {value for _, value in expected} | {price.amount for price in prices if price}
    for written, value in numbers_in(PERCENT.sub(" ", shown), locale=case.locale):
        if value not in known:
            yield Hit(written, "offer_line")


def percent_wrong(case: Case, condition: Condition) -> Iterator[Hit]:
    """A percentage that neither a claim nor the offer's reference price gives."""
    del condition
    right = _percentages(case)
    for field, text in case.texts.items():
        for match in PERCENT.finditer(text):
            value = Decimal((match[1] or match[2]).replace(",", "."))
            if all(abs(value - known) > TOLERANCE for known in right):
                yield Hit(match.group(), field)


def lowest_price_shown(case: Case, condition: Condition) -> Iterator[Hit]:
    """A reduction is announced without the lowest price of the last 30 days beside it."""
    del condition
    offer, shown = case.offer, case.texts["offer_line"]
    if offer is None:
        return
    announced = bool(PERCENT.search(case.joined)) or _shows(offer.was, case)
    if not announced:
        return
    if offer.lowest_30d is None or not _shows(offer.lowest_30d, case):
        yield Hit(shown or case.texts["headline"], "offer_line")
    elif offer.price >= offer.lowest_30d:
        yield Hit(f"{offer.price} isn't below {offer.lowest_30d}", "offer_line")


def tax_words(case: Case, condition: Condition) -> Iterator[Hit]:
    """The price line doesn't say that tax is included."""
    shown = case.texts["offer_line"]
    if shown and not first_hit(condition.words, shown):
        yield Hit(shown, "offer_line")


def former_price_proof(case: Case, condition: Condition) -> Iterator[Hit]:
    """An earlier price is shown."""
    del condition
    if case.offer is not None and case.offer.was is not None and _shows(case.offer.was, case):
        yield Hit(price_text(case.offer.was, case.pack), "offer_line")


def urgency_without_end(case: Case, condition: Condition) -> Iterator[Hit]:
    """The copy hurries the reader, and the brief names no end."""
    if case.offer is not None and case.offer.ends is not None:
        return
    for field, text in case.texts.items():
        found = first_hit(condition.words, text)
        if found:
            yield Hit(found, field)


def advertiser_named(case: Case, condition: Condition) -> Iterator[Hit]:
    """The ad doesn't say that it is one, or hides product, provider or contact."""
    shown = case.joined
    address = normalised(contact(case.brief, case.pack))
    parts = {
        "ad mark": bool(first_hit(condition.words, shown)),
        "product name": normalised(case.brief.product.name) in shown,
        "provider": normalised(case.brief.brand.name) in shown,
        "contact": address in shown if address else bool(CONTACT.search(shown)),
    }
    missing = [name for name, there in parts.items() if not there]
    if missing:
        yield Hit(f"missing: {', '.join(missing)}", "legal_line")


def _shows(price: Money | None, case: Case) -> bool:
    if price is None:
        return False
    shown = numbers_in(case.texts["offer_line"], locale=case.locale)
    return price.amount in {value for _, value in shown}


def _percentages(case: Case) -> tuple[Decimal, ...]:
    claimed = [
        value
        for claim in case.brief.claims
        if claim.unit == "percent" and proven(claim, case.pack, case.brief.launch)
        for value in [value_of(claim)]
        if value is not None
    ]
    reference = None if case.offer is None else reference_price(case.offer, case.pack)
    if case.offer is not None and reference is not None:
        claimed.append(100 * (1 - case.offer.price.amount / reference.amount))
    return tuple(claimed)
