"""The price block as a market writes it and its law asks for it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from babel.dates import format_skeleton
from babel.numbers import format_decimal, get_currency_symbol

from studio.domain.brief import Offer
from studio.domain.money import MINOR_DIGITS, Money
from studio.markets.messages import render
from studio.markets.pack import MarketPack

SEPARATOR = " · "


@dataclass(frozen=True, slots=True, kw_only=True)
class OfferLine:
    """The price block and its gloss; both empty without an offer."""

    text: str = ""
    gloss: str = ""
    reduced: bool = False
    """Whether an earlier price is shown."""


def offer_line(offer: Offer | None, pack: MarketPack) -> OfferLine:
    """What the ad says about the price."""
    if offer is None:
        return OfferLine()
    words = pack.price
    reduced = reference_price(offer, pack) is not None
    pattern, gloss = (
        (words.reduced, words.gloss_reduced) if reduced else (words.plain, words.gloss_plain)
    )
    texts = [pattern]
    glosses = [gloss]
    if offer.ends is not None and words.until:
        texts.append(words.until)
        glosses.append(words.gloss_until)
    locale = pack.market.locale
    slots = _slots(offer, pack, locale)
    gloss_slots = _slots(offer, pack, "en-US")
    return OfferLine(
        text=SEPARATOR.join(render(text, slots, locale=locale) for text in texts),
        gloss=SEPARATOR.join(render(text, gloss_slots, locale="en-US") for text in glosses),
        reduced=reduced,
    )


def reference_price(offer: Offer, pack: MarketPack) -> Money | None:
    """The price that a reduction may be measured from here, or None where there is none.

    EU markets measure from the lowest price of the last 30 days (Directive 98/6/EC art. 6a;
    CJEU C-330/23), so that an earlier price without it shows no reduction at all.
    """
    if offer.was is None:
        return None
    by_law = pack.price.reference == "lowest_30d"
    reference = offer.lowest_30d if by_law else offer.was
    return reference if reference is not None and reference > offer.price else None


def price_text(money: Money, pack: MarketPack) -> str:
    """An amount as this market's shops print it: no decimals where they are zero."""
    return _price(money, pack, locale=pack.market.locale)


def day_text(day: date, *, locale: str) -> str:
    """Day and month: `24. Dez.`"""
    return format_skeleton("MMMd", day, locale=locale.replace("-", "_"))


def _slots(offer: Offer, pack: MarketPack, locale: str) -> dict[str, str]:
    slots = {"price": _price(offer.price, pack, locale=locale)}
    if offer.was is not None:
        slots["was"] = _price(offer.was, pack, locale=locale)
    if offer.lowest_30d is not None:
        slots["lowest"] = _price(offer.lowest_30d, pack, locale=locale)
    if offer.ends is not None:
        slots["ends"] = day_text(offer.ends, locale=locale)
    return slots


def _price(money: Money, pack: MarketPack, *, locale: str) -> str:
    babel_locale = locale.replace("-", "_")
    digits = 0 if money.amount == money.amount.to_integral_value() else _digits(money)
    decimals = "0" * digits
    pattern = f"#,##0.{decimals}" if digits else "#,##0"
    shown = format_decimal(
        money.amount, format=pattern, locale=babel_locale, numbering_system="latn"
    )
    if money.currency == pack.market.currency and locale == pack.market.locale:
        return pack.price.pattern.replace("{number}", shown)
    symbol = get_currency_symbol(money.currency, locale=babel_locale)
    return f"{symbol}\u00a0{shown}" if symbol.isalpha() else f"{symbol}{shown}"


def _digits(money: Money) -> int:
    return MINOR_DIGITS.get(money.currency, 2)
