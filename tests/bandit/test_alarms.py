"""What can't be true is asked about; what is only bad luck isn't."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.stats import binom

from studio.bandit.alarms import (
    LARGEST_COUNT,
    Alarm,
    AlarmKind,
    AlarmSettings,
    Counted,
    Flight,
    Reports,
    alarms,
    collapse_p_value,
)


def reports(n_arms: int = 1, n_days: int = 8, **overrides: object) -> Reports:
    """Arms that have 1,000 impressions, 20 clicks and spend 500 of 500 a day."""
    size = n_arms * n_days
    steady = Reports(
        arm=np.repeat(np.arange(n_arms), n_days),
        day=np.tile(np.arange(n_days), n_arms),
        impressions=np.full(size, 1000.0),
        clicks=np.full(size, 20.0),
        spend=np.full(size, 500.0),
        budget=np.full(size, 500.0),
        own_currency=np.ones(size, dtype=bool),
    )
    return replace(steady, **overrides)  # type: ignore[arg-type]


def flight(n_arms: int = 1, n_days: int = 8) -> Flight:
    return Flight(
        first=np.zeros(n_arms, dtype=np.int64),
        last=np.full(n_arms, 99),
        reported_through=n_days - 1,
        today=n_days,
    )


def changed(values: np.ndarray, row: int, value: float) -> np.ndarray:
    values = values.copy()
    values[row] = value
    return values


def test_a_quiet_campaign_raises_nothing() -> None:
    assert alarms(reports(3), flight(3)) == ()


NAN, INF = float("nan"), float("inf")
BAD = {
    "clicks": (
        {"clicks": 1001.0},
        Alarm(
            kind=AlarmKind.CLICKS_OVER_IMPRESSIONS, arm=0, day=4, observed=1001, expected=1000
        ),
    ),
    "negative": (
        {"clicks": -3.0},
        Alarm(kind=AlarmKind.NOT_A_COUNT, arm=0, day=4, observed=-3, expected=0),
    ),
    "infinite": (
        {"spend": INF},
        Alarm(kind=AlarmKind.NOT_A_COUNT, arm=0, day=4, observed=INF, expected=0),
    ),
    "tenfold of the budget": (
        {"spend": 5001.0},
        Alarm(kind=AlarmKind.SPEND_TENFOLD, arm=0, day=4, observed=5001, expected=500),
    ),
    "tenfold of what is typical": (
        {"spend": 6000.0, "budget": NAN},
        Alarm(kind=AlarmKind.SPEND_TENFOLD, arm=0, day=4, observed=6000, expected=500),
    ),
    "gone": (
        {"impressions": 0.0, "clicks": 0.0},
        Alarm(kind=AlarmKind.IMPRESSIONS_GONE, arm=0, day=4, observed=0, expected=1000),
    ),
}


@pytest.mark.parametrize("case", BAD)
def test_a_bad_row_raises_its_alarm_with_evidence(case: str) -> None:
    values, expected = BAD[case]
    whole = reports()
    fields = {
        field: changed(getattr(whole, field), 4, value) for field, value in values.items()
    }
    assert alarms(replace(whole, **fields), flight()) == (expected,)


def test_nan_is_no_count_and_currency_must_be_the_campaigns() -> None:
    whole = reports()
    strange = replace(
        whole,
        impressions=changed(whole.impressions, 1, NAN),
        own_currency=np.arange(8) != 5,
    )
    assert [(one.kind, one.day) for one in alarms(strange, flight())] == [
        (AlarmKind.NOT_A_COUNT, 1),
        (AlarmKind.WRONG_CURRENCY, 5),
    ]


def test_ten_times_exactly_and_no_budget_are_no_news() -> None:
    whole = reports()
    assert alarms(replace(whole, spend=changed(whole.spend, 4, 5000)), flight()) == ()
    paused = replace(
        whole,
        impressions=changed(whole.impressions, 4, 0),
        clicks=changed(whole.clicks, 4, 0),
        spend=changed(whole.spend, 4, 0),
        budget=changed(whole.budget, 4, 0),
    )
    assert alarms(paused, flight()) == ()


def test_without_a_typical_day_spend_and_impressions_are_not_judged() -> None:
    few = reports(
        n_days=3,
        spend=np.array([1.0, 1.0, 900.0]),
        budget=np.full(3, NAN),
        impressions=np.array([500.0, 500, 0]),
        clicks=np.zeros(3),
    )
    assert alarms(few, flight(n_days=3)) == ()


def test_a_day_missing_for_a_live_arm_is_named() -> None:
    whole = reports(2)
    kept = ~((whole.arm == 1) & np.isin(whole.day, [3, 7]))
    names = ("arm", "day", "impressions", "clicks", "spend", "budget", "own_currency")
    gaps = Reports(**{name: getattr(whole, name)[kept] for name in names})
    found = alarms(gaps, flight(2))
    assert [(one.kind, one.arm, one.day) for one in found] == [
        (AlarmKind.DAY_MISSING, 1, 3),
        (AlarmKind.DAY_MISSING, 1, 7),
    ]
    ended = replace(flight(2), last=np.array([99, 6]))
    assert [one.day for one in alarms(gaps, ended)] == [3]
    later = replace(flight(2), first=np.array([0, 4]), reported_through=6)
    assert alarms(gaps, later) == ()


def test_a_day_that_has_not_come_is_named() -> None:
    found = alarms(reports(), replace(flight(), today=6, reported_through=5))
    assert [(one.kind, one.day, one.expected) for one in found] == [
        (AlarmKind.DAY_IN_FUTURE, 7, 6)
    ]


def test_a_collapse_is_named_with_both_rates() -> None:
    clicks = np.array([200.0] * 7 + [10.0])
    found = alarms(reports(impressions=np.full(8, 1e4), clicks=clicks), flight())
    assert found == (
        Alarm(kind=AlarmKind.CTR_COLLAPSED, arm=0, day=7, observed=0.001, expected=0.02),
    )


def test_impossible_rows_are_nobodys_past() -> None:
    """Clicks of a day above its impressions would make every later day a collapse."""
    whole = reports(impressions=np.full(8, 1000.0))
    wrong = replace(whole, clicks=changed(whole.clicks, 2, 1e6))
    assert {one.kind for one in alarms(wrong, flight())} == {AlarmKind.CLICKS_OVER_IMPRESSIONS}


def test_the_collapse_test_is_an_exact_binomial_without_dispersion() -> None:
    days = Counted(
        day=np.arange(4),
        impressions=np.array([1000.0, 2000, 1500, 1500]),
        clicks=np.array([20.0, 35, 31, 6]),
    )
    settings = AlarmSettings(day_dispersion=0.0, kept_share=0.6)
    ours = collapse_p_value(days, days.day == 3, settings=settings)
    assert ours == pytest.approx(binom.cdf(6, 92, 0.6 * 1500 / (0.6 * 1500 + 4500)))
    capped = collapse_p_value(days, days.day == 3, settings=AlarmSettings(day_dispersion=0.04))
    assert capped > ours


def test_the_false_alarms_are_shared_among_days_and_windows() -> None:
    """A chance of 0.002 is news for a single look, and none among 28 × 3 looks."""
    clicks = np.array([40.0] * 7 + [4.0])
    loose = AlarmSettings(horizon_days=1, windows=(1,))
    late = np.arange(8) == 7
    days = Counted(day=np.arange(8), impressions=np.full(8, 1000.0), clicks=clicks)
    p_value = collapse_p_value(days, late, settings=loose)
    assert 0.01 / 84 < p_value < 0.01
    assert alarms(reports(clicks=clicks), flight(), settings=loose)
    assert alarms(reports(clicks=clicks), flight()) == ()


def test_no_earlier_click_is_no_evidence() -> None:
    days = Counted(
        day=np.arange(2), impressions=np.array([1000.0, 1e9]), clicks=np.array([0.0, 0.0])
    )
    none = replace(days, clicks=np.array([0.0, 5.0]))
    assert collapse_p_value(none, days.day == 1, settings=AlarmSettings()) == 1.0


def campaign(
    rng: np.random.Generator, *, size: int, left: float = 1.0
) -> tuple[np.ndarray, np.ndarray]:
    """28 days of arms: rates 0.05 to 5 %, days differing by 15 %, weeks and wear on top.

    From day 14 on, `left` of the rate is left.
    """
    days = np.arange(28)
    rate = np.exp(rng.uniform(np.log(5e-4), np.log(0.05), size))[:, None]
    shown = np.exp(rng.uniform(np.log(200), np.log(1e6), size))[:, None]
    impressions = rng.poisson(shown * np.exp(rng.normal(0, 0.2, (size, 28))))
    mood = np.exp(rng.normal(0, 0.15, (size, 28))) * 0.98**days
    week = 1 + 0.15 * np.sin(2 * np.pi * days / 7)
    truth = np.minimum(rate * mood * week * np.where(days < 14, 1.0, left), 1.0)
    return impressions, rng.binomial(impressions, truth)


def first_alarms(impressions: np.ndarray, clicks: np.ndarray, *, start: int) -> np.ndarray:
    """Day of each arm's first alarm when every day is looked at, 99 for none."""
    size = len(clicks)
    first = np.full(size, 99)
    for today in range(start, 28):
        arm = np.repeat(np.arange(size), today + 1)
        found = alarms(
            Reports(
                arm=arm,
                day=np.tile(np.arange(today + 1), size),
                impressions=impressions[:, : today + 1].ravel().astype(float),
                clicks=clicks[:, : today + 1].ravel().astype(float),
                spend=np.zeros(len(arm)),
                budget=np.zeros(len(arm)),
                own_currency=np.ones(len(arm), dtype=bool),
            ),
            flight(size, today + 1),
        )
        for one in found:
            if one.kind is AlarmKind.CTR_COLLAPSED:
                first[one.arm] = min(first[one.arm], today)
    return first


def test_at_most_one_in_a_hundred_steady_arms_is_called_collapsed_in_28_days() -> None:
    rng = np.random.default_rng(1)
    first = first_alarms(*campaign(rng, size=300), start=1)
    assert (first < 99).mean() <= 0.01


def test_a_collapse_to_a_fifth_is_found_within_a_week() -> None:
    """Of arms with at least 10 clicks a day."""
    rng = np.random.default_rng(2)
    impressions, clicks = campaign(rng, size=120, left=0.2)
    busy = clicks[:, :14].mean(axis=1) > 10
    first = first_alarms(impressions[busy], clicks[busy], start=13)
    assert ((first >= 14) & (first <= 20)).mean() > 0.95
    assert np.median(first) <= 17


@given(st.lists(st.tuples(*[st.floats(allow_nan=True)] * 3), min_size=1, max_size=6))
def test_no_report_whatsoever_breaks_the_checks(rows: list[tuple[float, ...]]) -> None:
    values = np.array(rows)
    size = len(rows)
    found = alarms(
        reports(
            n_days=size,
            impressions=values[:, 0],
            clicks=values[:, 1],
            spend=values[:, 2],
            budget=np.full(size, NAN),
        ),
        flight(n_days=size),
    )
    impossible = ~((values >= 0) & (values <= LARGEST_COUNT)).all(axis=1)
    told = {one.day for one in found if one.kind is AlarmKind.NOT_A_COUNT}
    assert told == set(np.flatnonzero(impossible))
