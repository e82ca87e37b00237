"""Days of the calendar in a text: their numbers claim nothing of the product."""

from __future__ import annotations

import re
from functools import lru_cache

from babel import Locale as BabelLocale

from studio.markets.wording import normalised

EAST_ASIAN = r"\d{1,2}\s?[月월]\s?(?:\d{1,2}\s?[日号號일])?|(?<!\d)\d{1,2}\s?[日号號](?![a-z])"


@lru_cache(maxsize=64)
def dates_of(locale: str) -> re.Pattern[str]:
    """Finds days with their month's name, before or behind, as the locale writes them."""
    parsed = BabelLocale.parse(locale, sep="-")
    names = {
        normalised(name).rstrip(".")
        for context in ("format", "stand-alone")
        for width in ("wide", "abbreviated")
        for name in parsed.months[context][width].values()
        if not name[:1].isdigit()
    }
    if not names:
        return re.compile(EAST_ASIAN)
    months = "|".join(sorted(map(re.escape, names), key=len, reverse=True))
    return re.compile(
        rf"(?<!\d)\d{{1,2}}(?:\.|er|st|nd|rd|th|º)?\s?(?:de |of )?(?:{months})"
        rf"|(?<![^\W\d_])(?:{months})\.? \d{{1,2}}(?!\d)|{EAST_ASIAN}",
        re.IGNORECASE,
    )
