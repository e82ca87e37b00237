"""The leading numbers, worked by hand."""

from __future__ import annotations

from datetime import date
from math import exp, log, sqrt

import pytest

from studio.domain.creative import CreativeId
from studio.domain.delivery import Ad, AdId, Cell, Delivery, Group
from studio.domain.market import Locale
from studio.domain.money import Money
from studio.reporting.figures import (
    Comparison,
    Row,
    Tally,
    by_day,
    by_group,
    delivered_rows,
    estimated_even,
    tally,
)

CELL = Cell(market=Locale("de-DE"), placement="feed")
DAY = date(2026, 3, 2)


def delivery(ad: str, impressions: int, clicks: int, *, day: date = DAY) -> Delivery:
    return Delivery(
        ad_id=AdId(ad),
        day=day,
        cell=CELL,
        impressions=impressions,
        clicks=clicks,
        conversions=0,
        spend=Money.of("3.00", "EUR"),
    )


def test_uplift_price_and_clicks_gained_by_hand() -> None:
    """2 % against 1.6 %: +25 %; 500 minor units buy 100 clicks instead of 80: −20 %."""
    comparison = Comparison(
        planned=Tally(impressions=5000, clicks=100, spend_minor=500),
        even=Tally(impressions=5000, clicks=80, spend_minor=500),
    )
    assert comparison.uplift is not None
    assert comparison.uplift.mean == pytest.approx(0.25)
    half = 1.959964 * sqrt(1 / 100 + 1 / 80)
    assert comparison.uplift.low == pytest.approx(exp(log(1.25) - half) - 1)
    assert comparison.uplift.high == pytest.approx(exp(log(1.25) + half) - 1)
    assert comparison.click_price_change == pytest.approx(-0.2)
    assert comparison.clicks_gained == 20


def test_without_clicks_there_is_nothing_to_compare() -> None:
    comparison = Comparison(planned=Tally(impressions=9), even=Tally(impressions=9, clicks=1))
    assert comparison.uplift is None
    assert comparison.click_price_change is None


def test_the_even_split_is_estimated_from_each_ads_own_rate() -> None:
    """Rates 30/900 and 1/100; evenly shown 500 times each: 16.67 + 5 clicks."""
    (row,) = estimated_even([delivery("a", 900, 30), delivery("b", 100, 1)])
    assert row.tally.clicks == pytest.approx(500 * (30 / 900 + 1 / 100))
    assert row.tally.impressions == 1000
    assert row.tally.spend_minor == 600
    variance = 500**2 * ((1 / 30) * (29 / 30) / 900 + 0.01 * 0.99 / 100)
    assert row.tally.clicks_variance == pytest.approx(variance)


def test_an_ad_that_was_never_shown_takes_no_part_in_the_estimate() -> None:
    (row,) = estimated_even([delivery("a", 900, 30), delivery("b", 0, 0)])
    assert row.tally.clicks == pytest.approx(30)


def test_an_even_delivery_is_its_own_even_split() -> None:
    rows = [delivery("a", 500, 10), delivery("b", 500, 5)]
    comparison = Comparison(
        planned=tally(delivered_rows(rows)), even=tally(estimated_even(rows))
    )
    assert comparison.uplift is not None
    assert comparison.uplift.mean == pytest.approx(0.0, abs=1e-12)


def test_days_are_compared_each_for_itself_and_empty_ones_left_out() -> None:
    later = date(2026, 3, 3)
    planned = [
        Row(day=DAY, cell=CELL, tally=Tally(impressions=100, clicks=12)),
        Row(day=later, cell=CELL, tally=Tally(impressions=100, clicks=0)),
    ]
    even = [
        Row(day=DAY, cell=CELL, tally=Tally(impressions=100, clicks=10)),
        Row(day=later, cell=CELL, tally=Tally(impressions=100, clicks=3)),
    ]
    (only,) = by_day(planned, even)
    assert only.day == DAY
    assert only.mean == pytest.approx(0.2)


def an_ad(name: str, creative: str, group: Group = Group.PLAN, content: str = "c") -> Ad:
    return Ad(
        id=AdId(name), creative_id=CreativeId(creative), cell=CELL, platform="meta",
        content_hash=content, group=group,
    )  # fmt: skip


def test_the_holdout_is_not_what_the_plans_brought_but_teaches_the_even_split() -> None:
    """Rates 40/1000 and 10/1000 of both groups; 800 planned views: 400 · 0.05 = 20 clicks."""
    ads = [
        an_ad("a", "one"), an_ad("b", "two"),
        an_ad("a2", "one", Group.HOLDOUT), an_ad("b2", "two", Group.HOLDOUT),
    ]  # fmt: skip
    told = [
        delivery("a", 600, 20), delivery("a2", 400, 20),
        delivery("b", 200, 3), delivery("b2", 800, 7),
    ]  # fmt: skip
    groups = by_group(ads, told)
    assert [one.ad_id for one in groups.planned] == ["a", "b"]
    assert [one.ad_id for one in groups.holdout] == ["a", "b"]
    planned = tally(delivered_rows(groups.planned))
    assert (planned.impressions, planned.clicks, planned.spend_minor) == (800, 23, 600)
    even = tally(estimated_even(groups.planned, holdout=groups.holdout))
    assert (even.impressions, even.spend_minor) == (800, 600)
    assert even.clicks == pytest.approx(20)


def test_a_twin_of_other_content_teaches_nobody_and_a_stranger_counts_as_planned() -> None:
    ads = [an_ad("a", "one"), an_ad("old", "one", Group.HOLDOUT, content="before")]
    groups = by_group(ads, [delivery("old", 10, 1), delivery("stranger", 10, 1)])
    assert [one.ad_id for one in groups.holdout] == ["old"]
    assert [one.ad_id for one in groups.planned] == ["stranger"]
