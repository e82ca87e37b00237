"""Units as a language writes them behind a number."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import lru_cache
from itertools import product

from studio.compliance.atoms import folded
from studio.markets.messages import render
from studio.markets.wording import normalised

UNITS = (
    "year", "month", "week", "day", "hour", "minute", "second", "millisecond", "kilometer",
    "meter", "centimeter", "millimeter", "inch", "foot", "mile", "kilogram", "gram", "pound",
    "liter", "milliliter", "square-meter", "square-foot", "watt", "kilowatt", "bar", "celsius",
    "fahrenheit", "megapixel",
)  # fmt: skip
"""Units of the benefit catalogue and their neighbours, by their names in CLDR."""
SYMBOLS = {
    "dB": "decibel", "Pa": "pascal", "Wh": "watt-hour", "W": "watt", "ms": "millisecond",
    "mAh": "milliampere-hour", "m2": "square-meter", "m3/h": "cubic-meter-per-hour",
    "rpm": "revolution-per-minute", "MP": "megapixel", "kg": "kilogram", "g": "gram",
    "cm": "centimeter", "mm": "millimeter", "km": "kilometer", "°C": "celsius",
}  # fmt: skip
"""Written alike everywhere."""
WIDTHS = ("full-name", "short")
COUNTS = (1, 2, 5, 21)
"""Together these have every plural category of the markets' languages."""


@dataclass(frozen=True, slots=True)
class UnitNames:
    """A language's names of units, to be found behind a number."""

    pattern: re.Pattern[str]
    units: Mapping[str, frozenset[str]]
    """By folded name; a name may stand for several."""

    def after(self, text: str, place: int) -> frozenset[str]:
        """The units that the words from `place` on may name; empty where they name none."""
        match = self.pattern.match(text, place)
        return self.units[folded(match["name"])] if match else frozenset()


@lru_cache(maxsize=64)
def unit_names(locale: str) -> UnitNames:
    """The names that CLDR knows in a locale, as they look in normal form."""
    units: dict[str, set[str]] = {}
    for name, unit in (*SYMBOLS.items(), *_cldr_names(locale)):
        units.setdefault(folded(normalised(name)), set()).add(unit)
    longest = "|".join(map(re.escape, sorted(units, key=len, reverse=True)))
    return UnitNames(
        pattern=re.compile(rf"\s?(?P<name>{longest})(?![a-zA-ZÀ-ỹ0-9])", re.IGNORECASE),
        units={name: frozenset(found) for name, found in units.items()},
    )


def _cldr_names(locale: str) -> Iterator[tuple[str, str]]:
    for unit, width, count in product(UNITS, WIDTHS, COUNTS):
        message = f"{{value, number, ::unit/{unit} unit-width-{width}}}"
        shown = render(message, {"value": count}, locale=locale)
        name = shown.removeprefix(str(count)).strip()
        if shown.startswith(str(count)) and name:
            yield name, unit
