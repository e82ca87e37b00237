"""A rice cooker for four markets, as the demo campaign has it."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from typing import Any

from studio.domain.brief import Brand, Brief, Offer
from studio.domain.claim import Claim, Evidence
from studio.domain.market import Locale
from studio.domain.money import Money
from studio.domain.placement import Counter, Insets, Placement, TextLimit
from tests.examples import a_brief

LOCALES = ("ar-SA", "de-DE", "en-US", "ja-JP")
REPORT = Evidence(document="Report 14", issued=date(2026, 3, 12))

CLAIMS = (
    Claim(id="warm", benefit="keep_warm_hours", value=24.0, unit="hour", evidence=REPORT),
    Claim(id="size", benefit="capacity_litres", value=1.8, unit="liter", evidence=REPORT),
    Claim(id="presets", benefit="presets_count", value=12.0, evidence=REPORT),
    Claim(id="quick", benefit="quick_cook_minutes", value=25.0, unit="minute", evidence=REPORT),
    Claim(id="sensor", benefit="ai_sensor", evidence=REPORT),
    Claim(id="warranty", benefit="warranty_years", value=2.0, unit="year", evidence=REPORT),
)


def an_offer(market: str, price: str, currency: str, **overrides: Any) -> Offer:
    """A price in a market, with a page to land on."""
    fields: dict[str, Any] = {
        "market": Locale(market),
        "price": Money.of(price, currency),
        "landing_url": f"https://smartchef.example/{market[-2:].lower()}",
    }
    return Offer(**(fields | overrides))


OFFERS = (
    an_offer("en-US", "129.99", "USD", was=Money.of("159.99", "USD")),
    an_offer(
        "de-DE",
        "139.00",
        "EUR",
        was=Money.of("169.00", "EUR"),
        lowest_30d=Money.of("149.00", "EUR"),
    ),
    an_offer("ja-JP", "19800", "JPY"),
    an_offer("ar-SA", "499.00", "SAR"),
)


def demo_brief(**overrides: Any) -> Brief:
    """The demo campaign's brief."""
    brief = a_brief(
        claims=CLAIMS,
        offers=OFFERS,
        markets=tuple(map(Locale, LOCALES)),
        brand=Brand(name="SmartChef", words_to_avoid=("cheap", "billig")),
    )
    return replace(brief, **overrides)


def a_placement(**overrides: Any) -> Placement:
    """A feed post with common limits."""
    fields: dict[str, Any] = {
        "id": "meta_feed_1x1",
        "platform": "meta",
        "name": "Feed 1:1",
        "width_px": 1080,
        "height_px": 1080,
        "safe_zone": Insets(),
        "headline": TextLimit(recommended=40, maximum=255),
        "body": TextLimit(recommended=125, maximum=2200),
        "max_file_bytes": 1_000_000,
        "formats": ("image/jpeg",),
        "checked_on": "2026-11-21",
    }
    return Placement(**(fields | overrides))


NARROW = a_placement(
    id="narrow",
    headline=TextLimit(recommended=30, maximum=30, counter=Counter.DISPLAY_WIDTH),
    body=TextLimit(recommended=90, maximum=90, counter=Counter.DISPLAY_WIDTH),
)
"""A placement that counts East Asian characters twice, as Google's display ads do."""
