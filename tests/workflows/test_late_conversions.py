"""Plans follow the objective, and expect the conversions that are still to come."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

from studio.domain.learning import ArmDay, ArmRecord, LearningInputs
from tests.workflows.test_planning import DAY, FEED, SETTINGS, an_arm, planned, some_inputs

DAYS = 8
CURVE = (0.05, 0.2, 0.4, 0.6, 0.75, 0.85, 0.95, 1.0, 1.0)
"""Of the conversions of a day this share is reported 0, 1, 2 … days later."""


def an_ad(index: int, *, per_click: float, new_days: int = DAYS) -> ArmRecord:
    """1,000 clicks in 50,000 impressions a day, on the last so many days."""
    days = []
    for age in range(new_days, 0, -1):
        reported = round(1000 * per_click * CURVE[age])
        days.append(
            ArmDay(
                day=DAY - timedelta(days=age),
                impressions=50_000,
                clicks=1000,
                conversions=reported,
                age_days=age,
            )
        )
    return an_arm(
        index,
        FEED,
        impressions=sum(day.impressions for day in days),
        clicks=sum(day.clicks for day in days),
        conversions=sum(day.conversions for day in days),
        days=tuple(days),
    )


def by_conversions(*arms: ArmRecord, late: bool) -> LearningInputs:
    inputs = some_inputs(*arms, settings=replace(SETTINGS, objective="conversions"))
    return replace(inputs, completeness={"all": CURVE} if late else {})


def test_an_ad_that_sells_more_per_click_gets_more_when_conversions_count() -> None:
    arms = an_ad(0, per_click=0.03), an_ad(1, per_click=0.06), an_ad(2, per_click=0.03)
    sold = planned(by_conversions(*arms, late=True)).moves
    clicked = planned(some_inputs(*arms)).moves
    assert sold[1].share_after > 0.8
    assert clicked[1].share_after < 0.6


def test_an_ad_that_joined_yesterday_is_not_blamed_for_conversions_to_come() -> None:
    """It sells more per click than the others; 20 % of its conversions are reported."""
    arms = (
        an_ad(0, per_click=0.03),
        an_ad(1, per_click=0.03),
        an_ad(2, per_click=0.05, new_days=2),
    )
    expecting = planned(by_conversions(*arms, late=True)).moves[2]
    forgetful = planned(by_conversions(*arms, late=False)).moves[2]
    assert expecting.best_probability > 0.8
    assert forgetful.best_probability < 0.2


def test_the_cheaper_of_two_equal_ads_gets_more_clicks_for_the_money() -> None:
    dear, cheap, other = (an_ad(index, per_click=0.0) for index in range(3))
    spent = {0: 30_000, 1: 15_000, 2: 30_000}
    arms = tuple(
        replace(arm, days=tuple(replace(day, spend_minor=spent[at]) for day in arm.days))
        for at, arm in enumerate((dear, cheap, other))
    )
    moves = planned(some_inputs(*arms)).moves
    assert moves[1].share_after > 0.8
    assert moves[1].expected_gain > 0.2
