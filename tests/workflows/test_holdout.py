"""Planned ads are held against their twins on the even split, cell by cell and day by day."""

from __future__ import annotations

from datetime import date

import pytest

from studio.domain.delivery import AdId, Delivery
from studio.domain.money import Money
from studio.workflows.holdout import uplift_of
from tests.workflows.learning_fakes import SLUG, a_store

DAY = date(2026, 3, 2)


def reported(ad_id: str, *, impressions: int, clicks: int, conversions: int = 0) -> Delivery:
    cell = next(ad.cell for ad in a_store(holdout=True).ads(SLUG) if ad.id == ad_id)
    return Delivery(
        ad_id=AdId(ad_id), day=DAY, cell=cell, impressions=impressions, clicks=clicks,
        conversions=conversions, spend=Money.of("1", "EUR"),
    )  # fmt: skip


def test_the_uplift_is_the_ratio_of_both_groups_rates() -> None:
    """3 % against 2 % is +50 %; 95 : 5 impressions, as agreed."""
    ads = a_store(holdout=True).ads(SLUG)
    planned, twin = ads[0].id, f"{ads[0].id}-holdout"
    rows = [
        reported(planned, impressions=95_000, clicks=2850),
        reported(twin, impressions=5000, clicks=100),
    ]
    found = uplift_of(ads, rows, holdout_share=0.05)
    assert found is not None
    assert found.estimate == pytest.approx(0.5)
    assert found.low < 0.5 < found.high


def test_without_a_holdout_nothing_is_measured() -> None:
    ads = a_store(holdout=False).ads(SLUG)
    rows = [reported(ads[0].id, impressions=1000, clicks=10)]
    assert uplift_of(ads, rows, holdout_share=0.05) is None
    assert uplift_of(a_store(holdout=True).ads(SLUG), rows, holdout_share=0.0) is None


def test_before_the_first_report_there_is_nothing_to_compare() -> None:
    found = uplift_of(a_store(holdout=True).ads(SLUG), [], holdout_share=0.05)
    assert found is not None
    assert found.estimate is None


def test_conversions_are_compared_where_they_are_what_counts() -> None:
    """0.2 % against 0.4 % is −50 %, whatever the clicks say."""
    ads = a_store(holdout=True).ads(SLUG)
    rows = [
        reported(ads[0].id, impressions=95_000, clicks=2850, conversions=190),
        reported(f"{ads[0].id}-holdout", impressions=5000, clicks=100, conversions=20),
    ]
    found = uplift_of(ads, rows, holdout_share=0.05, by_conversions=True)
    assert found is not None
    assert found.estimate == pytest.approx(-0.5)
