"""Numbers, places and ideas as a marketer reads them. Pure functions."""

from __future__ import annotations

import re
from collections.abc import Mapping
from functools import cache

from babel import Locale as BabelLocale
from babel.core import UnknownLocaleError

RATIO, SIZE = re.compile(r"_(\d\d?)x(\d\d?)$"), re.compile(r"(\d+)x(\d+)")
NARROW = "\N{NO-BREAK SPACE}"


def percent(share: float, *, digits: int = 0) -> str:
    """`0.314` → `31 %`."""
    return f"{share * 100:.{digits}f}{NARROW}%"


def share_percent(share: float) -> str:
    """A share of a budget; small ones keep a decimal: `31 %`, `0.8 %`."""
    return percent(share, digits=1 if 0 < share < 0.0995 else 0)


def chance(probability: float) -> str:
    """A probability from sampling, which is never certain: `84 %`, `< 1 %`, `> 99 %`."""
    if probability < 0.01:
        return f"<{NARROW}1{NARROW}%"
    if probability > 0.99:
        return f">{NARROW}99{NARROW}%"
    return percent(probability)


def signed(share: float, *, digits: int = 0) -> str:
    """`0.18` → `+18 %`, `-0.18` → `−18 %`."""
    text = f"{share * 100:+.{digits}f}{NARROW}%"
    return text.replace("-", "\N{MINUS SIGN}")


def number(count: float, *, digits: int = 0) -> str:
    """Thousands set apart: `12,345`."""
    return f"{count:,.{digits}f}"


@cache
def market_name(locale: str) -> str:
    """`de-DE` → `Germany`; the tag itself where it is unknown."""
    try:
        return BabelLocale.parse(locale, sep="-").get_territory_name("en") or locale
    except (ValueError, UnknownLocaleError):
        return locale


def placement_name(placement: str) -> str:
    """`meta_feed_4x5` → `Meta feed 4:5`; sizes in pixels as `300 × 250`."""
    shown = SIZE.sub(r"\1 × \2", RATIO.sub(r" \1:\2", placement))
    words = shown.replace("_", " ").replace("-", " ")
    return words[:1].upper() + words[1:]


def plain(code: str) -> str:
    """`time_saved` → `time saved`."""
    return code.replace("_", " ").replace("-", " ")


def short_variant(variant: str, angle: str) -> str:
    """`v3-time-saved` → `v3`, because the angle is named beside it."""
    return variant.removesuffix("-" + angle.replace("_", "-")) if angle else variant


def idea_name(attributes: Mapping[str, str], *, variant: str) -> str:
    """What tells an ad apart in a sentence: `‘Time saved’ (bright kitchen, v3)`."""
    angle = attributes.get("angle", "")
    place = plain(attributes.get("set", ""))
    if not angle:
        return f"‘{variant}’"
    aside = ", ".join(part for part in (place, short_variant(variant, angle)) if part)
    return f"‘{plain(angle).capitalize()}’ ({aside})"


def idea_label(attributes: Mapping[str, str], *, variant: str) -> str:
    """The same for a legend: `v3 · Time saved`."""
    angle = attributes.get("angle", "")
    return (
        f"{short_variant(variant, angle)} · {plain(angle).capitalize()}" if angle else variant
    )
