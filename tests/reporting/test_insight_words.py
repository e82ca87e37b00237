"""Insights read as a marketer would say them."""

from __future__ import annotations

from dataclasses import replace

import pytest

from studio.domain.insight import Estimate, LevelInsight
from studio.domain.market import Locale
from studio.reporting.insight_words import sentence, subject

BETTER = Estimate(rate=0.02, ratio=1.12, low=1.05, high=1.19, best=0.91, above=0.999)
CRAFT = LevelInsight(
    attribute="angle",
    level="craft",
    market=Locale("ja-JP"),
    n_levels=5,
    impressions=50_000,
    clicks=1000,
    needed_impressions=1500,
    raw_ratio=1.2,
    estimate=BETTER,
    agreeing=3,
    others=4,
)
WORSE = Estimate(rate=0.02, ratio=0.92, low=0.88, high=0.97, best=0.001, above=0.002)
UNCLEAR = Estimate(rate=0.02, ratio=1.02, low=0.96, high=1.09, best=0.3, above=0.7)


def said(insight: LevelInsight) -> str:
    return sentence(insight).replace("\N{NO-BREAK SPACE}", " ")


def test_a_clear_win_names_size_interval_chance_and_agreement() -> None:
    assert said(CRAFT) == (
        "In Japan, craft headlines are clicked 12 % more than the average of angles "
        "(5 to 19 %), 91 % likely the best; 3 of 4 other markets agree."
    )


def test_a_clear_loss_turns_the_interval_round() -> None:
    assert said(replace(CRAFT, estimate=WORSE, agreeing=1, others=1, market=None)) == (
        "Over all markets, craft headlines are clicked 8 % less than the average of angles "
        "(3 to 12 %), < 1 % likely the best; 1 of 1 other market agrees."
    )


def test_no_clear_difference_says_so() -> None:
    assert said(replace(CRAFT, estimate=UNCLEAR, n_levels=2)) == (
        "In Japan, craft headlines are clicked about as often as the average of both "
        "(4 % less to 9 % more): no clear difference, 30 % likely the best."
    )


def test_too_little_data_is_no_number_but_a_count() -> None:
    few = replace(CRAFT, estimate=None, impressions=500)
    assert said(few) == (
        "In Japan, not enough data yet on craft headlines: shown 500 times, about 1,500 are "
        "needed."
    )
    assert said(replace(few, needed_impressions=None)).endswith("nothing was clicked yet.")


@pytest.mark.parametrize(
    ("attribute", "level", "words"),
    [
        ("offer", "none", "ads without the price"),
        ("offer", "shown", "ads with the price"),
        ("set", "bright-kitchen", "pictures in the set bright kitchen"),
        ("cta", "shop_now", "buttons that say shop now"),
        ("family", "kitchen", "pictures in kitchen sets"),
        ("framing", "close", "close views of the product"),
        ("warmth", "cool", "cool pictures"),
        ("busyness", "calm", "calm pictures"),
        ("music", "slow", "ads with music slow"),
    ],
)
def test_levels_are_named_for_people(attribute: str, level: str, words: str) -> None:
    assert subject(attribute, level) == words
