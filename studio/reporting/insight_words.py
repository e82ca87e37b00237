"""What a campaign taught, in sentences that a marketer understands. Pure functions."""

from __future__ import annotations

from studio.domain.insight import Estimate, LevelInsight
from studio.reporting.words import chance, market_name, number, percent, plain

SUBJECTS = {
    "angle": "{} headlines",
    "set": "pictures in the set {}",
    "family": "pictures in {} sets",
    "palette": "{} colours",
    "layout": "{} layouts",
    "framing": "{} views of the product",
    "warmth": "{} pictures",
    "busyness": "{} pictures",
    "headline": "{} headlines",
    "cta": "buttons that say {}",
}
"""What ads with a level are called."""
OFFERS = {"shown": "ads with the price", "none": "ads without the price"}
PLURALS = {
    "angle": "angles",
    "set": "sets",
    "palette": "palettes",
    "family": "kinds of set",
    "layout": "layouts",
    "framing": "views",
    "warmth": "warm, neutral and cool ones",
    "busyness": "calm, balanced and busy ones",
    "headline": "headline lengths",
    "cta": "buttons",
    "offer": "offers",
}


def subject(attribute: str, level: str) -> str:
    """`craft headlines`, `ads without the price`."""
    if attribute == "offer" and level in OFFERS:
        return OFFERS[level]
    return SUBJECTS.get(attribute, f"ads with {plain(attribute)} {{}}").format(plain(level))


def average_of(insight: LevelInsight) -> str:
    """What a level is compared with: `the average of angles`, `the average of both`."""
    if insight.n_levels == 2:
        return "the average of both"
    named = PLURALS.get(insight.attribute, plain(insight.attribute) + " values")
    return f"the average of {named}"


def place(insight: LevelInsight) -> str:
    """`In Japan`, `In all markets`."""
    return f"In {market_name(insight.market)}" if insight.market else "Over all markets"


def sentence(insight: LevelInsight) -> str:
    """What is known of one level, with its interval, or that there is not enough data."""
    who = subject(insight.attribute, insight.level)
    if insight.estimate is None:
        return f"{place(insight)}, not enough data yet on {who}: {shortage(insight)}."
    said = comparison(insight.estimate, average_of(insight))
    tail = agreement(insight)
    return f"{place(insight)}, {who} are clicked {said}{tail}."


def shortage(insight: LevelInsight) -> str:
    """How far the data goes: `shown 500 times, about 2,300 are needed`."""
    shown = f"shown {number(insight.impressions)} times"
    if insight.needed_impressions is None:
        return f"{shown}, and nothing was clicked yet"
    return f"{shown}, about {number(insight.needed_impressions)} are needed"


def comparison(estimate: Estimate, average: str) -> str:
    """`12 % more than the average of angles (5 to 19 %), 91 % likely the best`."""
    low, high = estimate.low - 1, estimate.high - 1
    best = f"{chance(estimate.best)} likely the best"
    if not estimate.is_clear:
        ends = f"{percent(abs(low))} less to {percent(high)} more"
        return f"about as often as {average} ({ends}): no clear difference, {best}"
    size = percent(abs(estimate.ratio - 1))
    if estimate.ratio > 1:
        return f"{size} more than {average} ({bare(low)} to {percent(high)}), {best}"
    return f"{size} less than {average} ({bare(-high)} to {percent(-low)}), {best}"


def bare(share: float) -> str:
    """A percentage without its sign: `0.05` → `5`."""
    return f"{share * 100:.0f}"


def agreement(insight: LevelInsight) -> str:
    """`; 3 of 4 other markets agree`, where the difference is clear and others tell."""
    if not insight.others or insight.estimate is None or not insight.estimate.is_clear:
        return ""
    verb = "agrees" if insight.agreeing == 1 else "agree"
    markets = "market" if insight.others == 1 else "markets"
    return f"; {insight.agreeing} of {insight.others} other {markets} {verb}"
