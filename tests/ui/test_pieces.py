"""Numbers, times and counts as people read them."""

from __future__ import annotations

from datetime import timedelta

import pytest

from studio.domain.creative import Status
from studio.domain.money import Money
from studio.ui.present.pieces import (
    address,
    ago,
    duration,
    empty_state,
    money,
    page_title,
    percent,
    plural,
    stacked_bar,
)
from tests.examples import NOON


@pytest.mark.parametrize(
    ("amount", "currency", "shown"),
    [
        ("1234567.5", "EUR", "1,234,567.50 EUR"),
        ("19800", "JPY", "19,800 JPY"),
        ("1.5", "KWD", "1.500 KWD"),
    ],
)
def test_money_has_the_currencys_decimals(amount: str, currency: str, shown: str) -> None:
    assert money(Money.of(amount, currency)) == shown


@pytest.mark.parametrize(
    ("seconds", "shown"),
    [
        (0, "0 s"),
        (59, "59 s"),
        (60, "1 min"),
        (3599, "1 h 0 min"),
        (7500, "2 h 5 min"),
        (-3, "0 s"),
    ],
)
def test_durations_are_rough(seconds: int, shown: str) -> None:
    assert duration(timedelta(seconds=seconds)) == shown


@pytest.mark.parametrize(
    ("passed", "shown"),
    [
        (timedelta(seconds=30), "just now"),
        (timedelta(minutes=5), "5 min ago"),
        (timedelta(days=1), "1 day ago"),
        (timedelta(days=13), "13 days ago"),
        (timedelta(days=14), "08 Nov 2026"),
    ],
)
def test_moments_are_told_from_now(passed: timedelta, shown: str) -> None:
    assert ago(NOON - passed, now=NOON) == shown


def test_counts_take_their_plural() -> None:
    assert (plural(1, "ad"), plural(0, "ad"), plural(2000, "ad")) == (
        "1 ad",
        "0 ads",
        "2,000 ads",
    )
    assert plural(2, "copy", "copies") == "2 copies"


def test_shares_become_percentages_here_only() -> None:
    assert percent(0.125) == "12 %"
    assert percent(0.0135, digits=2) == "1.35 %"


def test_a_bar_shows_every_status_that_has_ads_in_proportion() -> None:
    bar = stacked_bar({Status.DRAFT: 3, Status.LIVE: 1, Status.REJECTED: 0})
    assert 'is-draft" style="flex-grow:3"' in bar
    assert "1 live" in bar
    assert "rejected" not in bar
    assert "No ads yet" in stacked_bar(dict.fromkeys(Status, 0))


def test_names_show_as_text() -> None:
    hostile = "<img src=x onerror=alert(1)>"
    for shown in (page_title(hostile, hostile), empty_state(hostile, hostile)):
        assert "<img" not in shown
        assert shown.count("&lt;img") == 2


def test_an_address_carries_any_name_safely() -> None:
    assert address("review", "a&b=c") == "/review?campaign=a%26b%3Dc"
