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
    "celsius": "°C", "decibel": "dB", "fahrenheit": "°F", "nit": "nits", "pascal": "Pa",
    "watt": "W", "watt-hour": "Wh",
}  # fmt: skip
"""Units that ICU has no words for, and those that ads write as international symbols."""
SHORT = frozenset(
    {
        "centimeter", "cubic-meter-per-hour", "gram", "kilogram", "megapixel", "millisecond",
        "revolution-per-minute", "square-foot",
        "square-meter", "inch", "pound",
    }
)  # fmt: skip
"""Units that ads abbreviate, as CLDR does for the locale."""
US_CUSTOMARY: Mapping[str, tuple[str, Decimal, int, int]] = {
    "celsius": ("fahrenheit", Decimal("1.8"), 32, 0),
    "centimeter": ("inch", 1 / Decimal("2.54"), 0, 1),
    "kilogram": ("pound", 1 / Decimal("0.45359237"), 0, 1),
    "kilometer": ("mile", 1 / Decimal("1.609344"), 0, 1),
    "meter": ("foot", 1 / Decimal("0.3048"), 0, 0),
    "square-meter": ("square-foot", 1 / Decimal("0.09290304"), 0, 0),
}
"""What American ads say instead: unit, factor, offset, decimals (NIST SP 811, appendix B)."""
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
    """A number with its unit as the locale's ads write it: `24 Stunden`, `%20`, `72 °F`."""
    value, unit = quantity(value, unit, locale=locale)
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


def quantity(value: Decimal, unit: str, *, locale: str) -> tuple[Decimal, str]:
    """The value and unit that are shown: American ads convert metric units."""
    if unit not in US_CUSTOMARY or not locale.endswith("-US"):
        return value, unit
    name, factor, offset, decimals = US_CUSTOMARY[unit]
    return round(value * factor + offset, decimals), name


def number(value: Decimal) -> int | float:
    """A decimal as ICU takes it: whole numbers as integers."""
    return int(value) if value == value.to_integral_value() else float(value)


@lru_cache(maxsize=8192)
def _message(pattern: str, locale: str) -> MessageFormat:
    return MessageFormat(pattern, f"{locale}-u-nu-latn")
