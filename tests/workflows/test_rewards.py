"""Every objective has its reward, and late conversions don't hide a good ad."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date, timedelta

import numpy as np
import pytest
from numpy.testing import assert_allclose, assert_array_equal

from studio.bandit.delay import geometric_curve
from studio.bandit.features import Arms, encode
from studio.domain.brief import Objective
from studio.domain.delivery import AdId, Cell, Delivery
from studio.domain.delivery_report import DeliveryReport
from studio.domain.market import Locale
from studio.domain.money import Money
from studio.errors import InputError
from studio.workflows.rewards import (
    ALL,
    Days,
    completeness_of,
    conversions_per_click,
    days_of,
    log_reward,
)

DAY = date(2026, 12, 1)
CELL = Cell(market=Locale("de-DE"), placement="meta_feed_1x1")
DONE = [(1.0,)] * 2


@dataclass(frozen=True, slots=True, kw_only=True)
class Told:
    day: date = DAY
    impressions: int = 100_000
    clicks: int = 4_000
    conversions: int = 200
    spend_minor: int = 50_000
    value_minor: int | None = 800_000
    age_days: int = 9


def two_arms() -> Arms:
    return encode(
        market=["de-DE"] * 2,
        placement=["meta_feed_1x1"] * 2,
        creative=["one", "two"],
        attributes=[{}, {}],
    )


def reward(objective: Objective, days: Days) -> np.ndarray | None:
    return log_reward(
        objective,
        days,
        two_arms(),
        completeness=DONE,
        n_draws=4_000,
        rng=np.random.default_rng(1),
    )


def lead(objective: Objective, first: Told, second: Told) -> float:
    """How far the first arm's worth of a click lies above the second's, in logs."""
    draws = reward(objective, days_of([[first], [second]]))
    assert draws is not None
    return float((draws[:, 0] - draws[:, 1]).mean())


def test_days_are_placed_by_their_date_and_missing_ones_are_empty() -> None:
    later = Told(day=DAY + timedelta(days=2), clicks=7, value_minor=None, conversions=3)
    days = days_of([[later], [Told(clicks=5, conversions=2, value_minor=90)]])
    assert_array_equal(days.clicks, [[0, 7], [5, 0]])
    assert_array_equal(days.valued, [[0, 0], [2, 0]])
    assert_array_equal(days.value, [[0, 0], [90, 0]])
    assert days_of([[], []]).clicks.shape == (2, 1)


@pytest.mark.parametrize("objective", list(Objective))
def test_an_arm_that_costs_half_is_worth_more(objective: Objective) -> None:
    """Prices of one day are believed in part: less than log 2, well above nothing."""
    assert 0.2 < lead(objective, replace(Told(), spend_minor=25_000), Told()) < np.log(2)


@pytest.mark.parametrize("objective", list(Objective))
def test_conversions_count_where_they_were_asked_for(objective: Objective) -> None:
    found = lead(objective, replace(Told(), conversions=300, value_minor=1_200_000), Told())
    if objective in (Objective.CLICKS, Objective.COST_PER_CLICK):
        assert found == pytest.approx(0.0, abs=0.02)
    else:
        assert 0.2 < found < 0.45


@pytest.mark.parametrize("objective", list(Objective))
def test_values_count_where_they_were_asked_for(objective: Objective) -> None:
    found = lead(objective, replace(Told(), value_minor=1_200_000), Told())
    if objective is Objective.VALUE:
        assert 0.2 < found < 0.45
    else:
        assert found == pytest.approx(0.0, abs=0.02)


def test_without_spend_clicks_need_no_reward_and_conversions_no_price() -> None:
    days = days_of([[replace(Told(), spend_minor=0, conversions=300)], [Told(spend_minor=0)]])
    assert reward(Objective.CLICKS, days) is None
    draws = reward(Objective.CONVERSIONS, days)
    assert draws is not None
    assert draws[:, 0].mean() > draws[:, 1].mean()
    assert np.exp(draws).max() < 1


def test_a_young_ads_conversions_are_awaited() -> None:
    """Both convert 5 %; the second's clicks are new, and half of theirs are reported."""
    old = Told(clicks=40_000, conversions=2_000, age_days=5)
    young = replace(old, conversions=1_000, age_days=0)
    days, arms = days_of([[old], [young]]), two_arms()
    rate, _, _ = conversions_per_click(days, arms, [(0.5, 1.0)] * 2).rates(np.arange(2))
    assert_allclose(rate, 0.05, rtol=0.03)
    naive, _, _ = conversions_per_click(days, arms, DONE).rates(np.arange(2))
    assert naive[1] < 0.03


def test_more_conversions_than_could_have_come_are_no_failure() -> None:
    """Three reported where half a click is ripe: three of three count."""
    days = days_of([[Told(clicks=5, conversions=3, age_days=0)], [Told()]])
    half, three = (
        conversions_per_click(days, two_arms(), [(ripe, 1.0)] * 2).logits(np.arange(2))
        for ripe in (0.1, 0.6)
    )
    assert_allclose(half, three, atol=1e-9)
    assert half[0][0] < 0


def a_report(ad: str, conversions: int, *, first: int, last: int) -> DeliveryReport:
    delivery = Delivery(
        ad_id=AdId(ad),
        day=DAY,
        cell=CELL,
        impressions=9_000,
        clicks=900,
        conversions=conversions,
        spend=Money.of("5", "EUR"),
    )
    return DeliveryReport(
        delivery=delivery,
        reported_on=DAY + timedelta(days=first),
        confirmed_on=DAY + timedelta(days=last),
    )


def test_a_platform_has_its_own_curve_near_that_of_all() -> None:
    """On one nothing comes after the first day, on the other half comes on the next."""
    reports = [
        a_report("fast", 400, first=0, last=3),
        a_report("slow", 200, first=0, last=0),
        a_report("slow", 400, first=1, last=3),
    ]
    platforms = {AdId("fast"): "meta", AdId("slow"): "amazon", AdId("new"): "tiktok"}
    curves = completeness_of(reports, platforms, window_days=3)
    assert curves["meta"][0] > 0.95
    assert curves["amazon"][0] == pytest.approx(0.5, abs=0.02)
    assert curves["tiktok"] == pytest.approx(curves[ALL], abs=1e-6)
    assert 0.7 < curves[ALL][0] < 0.8
    assert all(curve[-1] == 1.0 and len(curve) == 4 for curve in curves.values())


def test_without_reports_the_curve_is_the_assumed_one() -> None:
    curves = completeness_of([], {}, window_days=7)
    assert_allclose(curves[ALL], geometric_curve(7), atol=1e-6)


def test_reports_from_before_their_day_tell_nothing() -> None:
    """The calendars of an account and of an import may be a day apart."""
    early = a_report("fast", 400, first=-1, last=-1)
    curves = completeness_of([early], {AdId("fast"): "meta"}, window_days=7)
    assert_allclose(curves["meta"], geometric_curve(7), atol=1e-6)


def test_a_report_is_confirmed_after_it_was_made() -> None:
    with pytest.raises(InputError, match="can't come before reported_on"):
        a_report("fast", 1, first=2, last=1)


def test_equal_inputs_give_equal_draws() -> None:
    days = days_of([[Told()], [replace(Told(), clicks=3_000)]])
    first, again = reward(Objective.VALUE, days), reward(Objective.VALUE, days)
    assert first is not None
    assert again is not None
    assert_array_equal(first, again)
