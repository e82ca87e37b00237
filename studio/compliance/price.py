"""Prices that hold together, and that are shown as the market's law asks."""

from __future__ import annotations

import re
from collections.abc import Iterator
from decimal import Decimal
from functools import lru_cache

from studio.compliance import reductions
from studio.compliance.case import FIELDS, WORDS, Case, Hit
from studio.compliance.claims import proven_numbers
from studio.compliance.figures import Sort
from studio.compliance.ground import MOST_GROUNDS, Ground
from studio.compliance.reductions import earlier_price, shown
from studio.domain.brief import Instalments, Offer
from studio.domain.money import MINOR_DIGITS, Money
from studio.markets.prices import offer_line, price_text, reference_price
from studio.markets.rules import Basis, Condition
from studio.markets.wording import normalised, numbers_in

TOLERANCE = Decimal("0.5")
"""Percentage points by which a rounded percentage may differ."""
EACH_TOLERANCE = Decimal("0.05")
"""Major units by which each instalment may be rounded."""
MOST_OF_EIGHT_WEEKS = 0.5


def price_order(case: Case, condition: Condition) -> Iterator[Hit]:
    """The price now isn't below the earlier one."""
    del condition
    offer = case.offer
    if offer is not None and offer.was is not None and offer.was <= offer.price:
        yield Hit(f"{_amount(offer.price)} ≥ {_amount(offer.was)}", "offer_line")


def currency(case: Case, condition: Condition) -> Iterator[Hit]:
    """The offer, or an amount in the text, is in another currency than the market's."""
    del condition
    own = case.pack.market.currency
    if case.offer is not None and case.offer.price.currency != own:
        yield Hit(f"{_amount(case.offer.price)} ≠ {own}", "offer_line")
    for field, numbers in case.numbers.items():
        for number in numbers:
            if number.sort is Sort.MONEY and own not in number.currency:
                yield Hit("", field, number.start, number.end)


def offer_ended(case: Case, condition: Condition) -> Iterator[Hit]:
    """The offer doesn't run on launch day."""
    del condition
    if case.offer is None:
        return
    starts, ends, launch = case.offer.starts, case.offer.ends, case.brief.launch
    if (starts and launch < starts) or (ends and ends < launch):
        yield Hit(f"{starts or '…'} – {ends or '…'}, launch {launch}", "offer_line")


def price_shown_wrong(case: Case, condition: Condition) -> Iterator[Hit]:
    """The price line, or an amount in the text, isn't what the brief says."""
    del condition
    yield from _wrong_line(case)
    ground = case.ground
    for field in WORDS:
        for number in case.numbers.get(field, ()):
            if number.sort is not Sort.MONEY:
                continue
            if number.value not in _known_amounts(ground) | proven_numbers(ground):
                yield Hit("", field, number.start, number.end)


def percent_wrong(case: Case, condition: Condition) -> Iterator[Hit]:
    """A reduction in percent that the offer's reference price doesn't give."""
    del condition
    right = list(reductions.claimed_percentages(case.ground))
    reduction = reductions.reduction_of(case.ground)
    if reduction is not None:
        right.append(reduction)
    for field, number in reductions.percentages(case):
        if all(abs(number.value - known) > TOLERANCE for known in right):
            yield Hit("", field, number.start, number.end)


def lowest_price_shown(case: Case, condition: Condition) -> Iterator[Hit]:
    """A reduction is announced without the lowest price of the last 30 days beside it."""
    offer = case.offer
    hit = reductions.announced(case, condition.words)
    if hit is None:
        return
    if offer is None or offer.lowest_30d is None or not shown(offer.lowest_30d, case):
        yield hit
    elif offer.price >= offer.lowest_30d:
        yield Hit(f"{_amount(offer.price)} ≥ {_amount(offer.lowest_30d)}", "offer_line")


def tax_words(case: Case, condition: Condition) -> Iterator[Hit]:
    """The price line doesn't say that tax is included."""
    line = case.texts["offer_line"]
    if line and not case.first_place(condition.words, line):
        yield Hit("", "offer_line", 0, len(line))


def former_price_proof(case: Case, condition: Condition) -> Iterator[Hit]:
    """An earlier price is shown, and the offer doesn't prove it as the law asks."""
    hit = earlier_price(case)
    if hit is not None and case.offer is not None and not _proves(case.offer, condition.basis):
        yield hit


def discount_too_deep(case: Case, condition: Condition) -> Iterator[Hit]:
    """The reduction is deeper than the law allows."""
    most = Decimal(str(condition.percent))
    offer = case.offer
    before = None if offer is None else (offer.was or reference_price(offer, case.pack))
    if offer is not None and before is not None:
        points = 100 * (1 - offer.price.amount / before.amount)
        if points > most:
            yield Hit(f"-{points:.0f} %", "offer_line")
            return
    for field, number in reductions.percentages(case):
        if number.value > most:
            yield Hit("", field, number.start, number.end)


def promotion_terms(case: Case, condition: Condition) -> Iterator[Hit]:
    """A reduction is announced, and the offer lacks terms that must be said with it."""
    hit = reductions.announced(case, condition.words)
    if hit is None:
        return
    missing = [name for name in condition.needs if getattr(case.offer, name, None) is None]
    if missing:
        yield hit._replace(fix=", ".join(f"offers: {name}" for name in missing))


def instalment_wrong(case: Case, condition: Condition) -> Iterator[Hit]:
    """Instalments that don't add up, or that the brief doesn't offer."""
    offered = case.offer.instalments if case.offer is not None else None
    if case.offer is not None and offered is not None:
        yield from _wrong_total(case.offer, offered)
    for regex in case.searching(condition.words):
        for field in FIELDS:
            for match in regex.finditer(case.texts[field]):
                if not _as_offered(match, offered, case.locale):
                    yield Hit("", field, *match.span())


def urgency_without_end(case: Case, condition: Condition) -> Iterator[Hit]:
    """The copy hurries the reader, and the brief names neither an end nor a stock."""
    offer = case.offer
    if offer is not None and (offer.ends is not None or offer.stock is not None):
        return
    if case.candidates.isdisjoint(condition.words):
        return
    if case.first_place(condition.unless, case.joined):
        return
    for field, text in case.texts.items():
        place = case.first_place(condition.words, text)
        if place:
            yield Hit("", field, *place)


def _wrong_line(case: Case) -> Iterator[Hit]:
    line = case.texts["offer_line"]
    if not line:
        return
    if case.offer is None:
        yield Hit("", "offer_line", 0, len(line))
        return
    if not _says_price(line, case.offer, case):
        yield Hit("", "offer_line", 0, len(line), fix=price_text(case.offer.price, case.pack))
        return
    known = _known_amounts(case.ground)
    for number in case.numbers.get("offer_line", ()):
        if number.sort is Sort.PERCENT or number.value in known:
            continue
        if number.value not in _line_numbers(case.ground):
            yield Hit("", "offer_line", number.start, number.end)


def _says_price(line: str, offer: Offer, case: Case) -> bool:
    """Whether the line holds the price, as the pack writes it or with its currency's sign."""
    if _price_shown(case.ground) in line:
        return True
    return any(
        number.value == offer.price.amount and offer.price.currency in number.currency
        for number in case.numbers.get("offer_line", ())
    )


@lru_cache(maxsize=MOST_GROUNDS)
def _price_shown(ground: Ground) -> str:
    """Normal form of the price as the market writes it."""
    return normalised(price_text(ground.offer.price, ground.pack)) if ground.offer else ""


@lru_cache(maxsize=MOST_GROUNDS)
def _line_numbers(ground: Ground) -> frozenset[Decimal]:
    """The numbers of the price line that the market's words make of the offer."""
    line = offer_line(ground.offer, ground.pack).text
    return frozenset(value for _, value in numbers_in(line, locale=ground.locale))


@lru_cache(maxsize=MOST_GROUNDS)
def _known_amounts(ground: Ground) -> frozenset[Decimal]:
    """What the offer lets an ad say: its prices, and what a buyer saves."""
    offer = ground.offer
    if offer is None:
        return frozenset()
    amounts = {price.amount for price in offer.prices}
    reference = reference_price(offer, ground.pack)
    if reference is not None:
        amounts.add((reference - offer.price).amount)
    return frozenset(amounts)


def _proves(offer: Offer, basis: Basis) -> bool:
    if basis is Basis.DOCUMENT:
        return bool(offer.was_proof.strip())
    if basis is Basis.EIGHT_WEEKS:
        return (offer.weeks_sold_share or 0) > MOST_OF_EIGHT_WEEKS
    lowest: Money | None = getattr(offer, basis)
    return lowest is not None and offer.was is not None and offer.was <= lowest


def _wrong_total(offer: Offer, offered: Instalments) -> Iterator[Hit]:
    if not offered.interest_free:
        if not offered.terms.strip():
            yield Hit("offers: instalments.terms", "offer_line")
        return
    unit = Decimal(1).scaleb(-MINOR_DIGITS.get(offer.price.currency, 2))
    off = abs(offered.total.amount - offer.price.amount)
    if off > max(EACH_TOLERANCE, unit) * offered.count:
        shown = f"{offered.count} × {_amount(offered.each)} ≠ {_amount(offer.price)}"
        yield Hit(shown, "offer_line")


def _as_offered(match: re.Match[str], offered: Instalments | None, locale: str) -> bool:
    if offered is None:
        return False
    groups = match.groupdict()
    count, each = groups.get("count"), groups.get("each")
    if count and int(count) != offered.count:
        return False
    amounts = numbers_in(each, locale=locale) if each else ()
    return not amounts or amounts[0][1] == offered.each.amount


def _amount(money: Money) -> str:
    return f"{money.amount} {money.currency}"
