"""The price block as a market writes it and its law asks for it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from functools import lru_cache

from babel import Locale as BabelLocale
from babel.dates import format_skeleton
from babel.numbers import format_decimal, get_currency_symbol

from studio.domain.brief import Offer
from studio.domain.money import MINOR_DIGITS, Money
from studio.markets.messages import Slot, render
from studio.markets.pack import Lead, MarketPack

SEPARATOR = " · "
GLOSS_LOCALE = "en-US"


@dataclass(frozen=True, slots=True, kw_only=True)
class OfferLine:
    """The price block and its gloss; both empty without an offer."""

    text: str = ""
    gloss: str = ""
    reduced: bool = False
    """Whether an earlier price is shown."""


def offer_line(offer: Offer | None, pack: MarketPack) -> OfferLine:
    """What the ad says about the price: amount, reduction, instalments and end."""
    if offer is None:
        return OfferLine()
    words = pack.price
    reduced = reference_price(offer, pack) is not None
    parts = [
        (words.reduced, words.gloss_reduced) if reduced else (words.plain, words.gloss_plain)
    ]
    if shows_instalments(offer, pack):
        instalments = (words.instalments, words.gloss_instalments)
        parts.insert(0 if words.leads_with is Lead.INSTALMENTS else 1, instalments)
    if offer.ends is not None and words.until:
        parts.append((words.until, words.gloss_until))
    locale = pack.market.locale
    slots = _slots(offer, pack, locale)
    gloss_slots = _slots(offer, pack, GLOSS_LOCALE)
    return OfferLine(
        text=SEPARATOR.join(render(text, slots, locale=locale) for text, _ in parts),
        gloss=SEPARATOR.join(
            render(text, gloss_slots, locale=GLOSS_LOCALE) for _, text in parts
        ),
        reduced=reduced,
    )


def shows_instalments(offer: Offer, pack: MarketPack) -> bool:
    """Whether the price block says the instalments: packs word them as free of interest."""
    parts = offer.instalments
    return parts is not None and parts.interest_free and bool(pack.price.instalments)


def reference_price(offer: Offer, pack: MarketPack) -> Money | None:
    """The price that a reduction may be measured from here, or None where there is none.

    The pack names it: EU markets measure from the lowest price of the last 30 days (Directive
    98/6/EC art. 6a; CJEU C-330/23), others from the lowest of 7 or 20 days, so that an earlier
    price without it shows no reduction at all.
    """
    if offer.was is None:
        return None
    reference: Money | None = getattr(offer, pack.price.reference)
    return reference if reference is not None and reference > offer.price else None


def has_usual_ending(price: Money, pack: MarketPack) -> bool:
    """Whether a price ends as prices usually do here; true where the pack knows no endings.

    1299.00 ends in 99, 129.95 in 95, 12900 in 900.
    """
    shown = f"{price.amount:f}"
    digits = (shown.rstrip("0").rstrip(".") if "." in shown else shown).replace(".", "")
    return not pack.price.endings or digits.endswith(pack.price.endings)


def price_text(money: Money, pack: MarketPack) -> str:
    """An amount as this market's shops print it: no decimals where they are zero."""
    return _price(money, pack, locale=pack.market.locale)


@lru_cache(maxsize=1024)
def day_text(day: date, *, locale: str) -> str:
    """Day and month: `24. Dez.`"""
    return format_skeleton("MMMd", day, locale=locale.replace("-", "_"))


def _slots(offer: Offer, pack: MarketPack, locale: str) -> dict[str, Slot]:
    slots: dict[str, Slot] = {"price": _price(offer.price, pack, locale=locale)}
    if offer.was is not None:
        slots["was"] = _price(offer.was, pack, locale=locale)
    lowest: Money | None = (
        offer.lowest_30d
        if pack.price.reference == "was"
        else getattr(offer, pack.price.reference)
    )
    if lowest is not None:
        slots["lowest"] = _price(lowest, pack, locale=locale)
    if offer.ends is not None:
        slots["ends"] = day_text(offer.ends, locale=locale)
    if offer.instalments is not None:
        slots["count"] = offer.instalments.count
        slots["each"] = _price(offer.instalments.each, pack, locale=locale)
        slots["total"] = _price(offer.instalments.total, pack, locale=locale)
    return slots


def _price(money: Money, pack: MarketPack, *, locale: str) -> str:
    shown, symbol = _number_and_symbol(money, locale)
    if money.currency == pack.market.currency and locale == pack.market.locale:
        return pack.price.pattern.replace("{number}", shown)
    return f"{symbol}\u00a0{shown}" if symbol.isalpha() else f"{symbol}{shown}"


@lru_cache(maxsize=4096)
def _number_and_symbol(money: Money, locale: str) -> tuple[str, str]:
    """The amount as the locale writes it, and its currency's sign there."""
    parsed = BabelLocale.parse(locale, sep="-")
    whole = money.amount == money.amount.to_integral_value()
    digits = 0 if whole else MINOR_DIGITS.get(money.currency, 2)
    grouping = parsed.decimal_formats[None].pattern.partition(".")[0]
    pattern = f"{grouping}.{'0' * digits}" if digits else grouping
    shown = format_decimal(money.amount, format=pattern, locale=parsed, numbering_system="latn")
    return shown, get_currency_symbol(money.currency, locale=parsed)
