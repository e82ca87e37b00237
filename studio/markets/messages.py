"""ICU messages: patterns with slots become words, by a locale's plurals and numbers."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from functools import lru_cache

from icu4py.messageformat import MessageFormat

from studio.errors import InputError

Slot = int | float | str | Decimal
"""What may stand in a slot."""

SYMBOLS = {
    "celsius": "°C", "decibel": "dB", "nit": "nits", "pascal": "Pa", "watt": "W",
    "watt-hour": "Wh",
}  # fmt: skip
"""Units that ICU has no words for, and those that ads write as international symbols."""
SHORT = frozenset(
    {
        "centimeter", "cubic-meter-per-hour", "gram", "kilogram", "megapixel", "millisecond",
        "revolution-per-minute", "square-meter",
    }
)  # fmt: skip
"""Units that ads abbreviate, as CLDR does for the locale."""
SPELT_OUT = ("ar", "hi")
"""Languages whose abbreviations of units nobody prints."""


def render(pattern: str, slots: Mapping[str, Slot], *, locale: str) -> str:
    """`pattern` with its slots filled; digits are 0-9 in every market.

    Raises `InputError` for a pattern that ICU can't read, or whose slots don't suit it.
    """
    try:
        return _message(pattern, locale).format(dict(slots))
    except (ValueError, RuntimeError, TypeError) as error:
        raise InputError(
            f"The message {pattern!r} can't be written for {locale}: {error}"
        ) from error


def amount(value: Decimal, unit: str, *, locale: str) -> str:
    """A number with its unit in full, as CLDR writes it: `24 Stunden`."""
    if not unit:
        return render("{value, number}", {"value": number(value)}, locale=locale)
    if unit in SYMBOLS:
        shown = render("{value, number}", {"value": number(value)}, locale=locale)
        return f"{shown}\u00a0{SYMBOLS[unit]}"
    if unit == "percent":
        return render("{value, number, ::percent}", {"value": number(value)}, locale=locale)
    short = unit in SHORT and locale.split("-")[0] not in SPELT_OUT
    width = "short" if short else "full-name"
    skeleton = f"{{value, number, ::unit/{unit} unit-width-{width}}}"
    try:
        return render(skeleton, {"value": number(value)}, locale=locale)
    except InputError as error:
        raise InputError(
            f"{unit!r} is no unit that CLDR knows; write one like hour, liter or minute."
        ) from error


def number(value: Decimal) -> int | float:
    """A decimal as ICU takes it: whole numbers as integers."""
    return int(value) if value == value.to_integral_value() else float(value)


@lru_cache(maxsize=8192)
def _message(pattern: str, locale: str) -> MessageFormat:
    return MessageFormat(pattern, f"{locale}-u-nu-latn")
