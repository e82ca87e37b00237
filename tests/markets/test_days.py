"""Days as packs write them, against calendars worked by hand."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from studio.errors import InputError
from studio.markets.days import days_in, falls_on


@pytest.mark.parametrize(
    ("expression", "year", "day"),
    [
        ("11-09", 2027, date(2027, 11, 9)),
        ("2027-03-26", 2027, date(2027, 3, 26)),
        ("05 sun 2", 2027, date(2027, 5, 9)),  # Mother's Day
        ("05 mon -1", 2027, date(2027, 5, 31)),  # Memorial Day
        ("12 sun -1", 2026, date(2026, 12, 27)),
        ("11 thu 4 +1", 2026, date(2026, 11, 27)),  # Black Friday
        ("easter", 2027, date(2027, 3, 28)),
        ("easter-2", 2027, date(2027, 3, 26)),  # Good Friday
        ("advent", 2026, date(2026, 11, 29)),
        ("advent-7", 2026, date(2026, 11, 22)),  # Totensonntag
        ("advent-14", 2027, date(2027, 11, 14)),  # Volkstrauertag
        ("hijri 09-01", 2027, date(2027, 2, 8)),  # Ramadan
        ("hijri 10-01", 2027, date(2027, 3, 9)),  # Eid al-Fitr
        ("lunar 01-01", 2027, date(2027, 2, 6)),  # Chinese New Year
        ("lunar 08-15", 2027, date(2027, 9, 15)),  # Mid-Autumn
    ],
)
def test_known_dates(expression: str, year: int, day: date) -> None:
    assert days_in(expression, year) == [day]


@pytest.mark.parametrize(("expression", "year"), [("02-29", 2027), ("2027-03-26", 2026)])
def test_a_date_that_a_year_lacks(expression: str, year: int) -> None:
    assert days_in(expression, year) == []


def test_an_islamic_year_may_begin_a_month_twice_in_one_of_ours() -> None:
    assert days_in("hijri 09-01", 2030) == [date(2030, 1, 5), date(2030, 12, 26)]


@pytest.mark.parametrize(
    "wrong", ["", "9.11.", "13-01", "11 thu 6", "11 xyz 1", "easter*2", "lunar 8", "hijri"]
)
def test_anything_else_is_refused_with_examples(wrong: str) -> None:
    with pytest.raises(InputError, match="11-09"):
        days_in(wrong, 2027)


def test_a_span_reaches_into_the_next_year() -> None:
    assert falls_on("12-30", 5, date(2027, 1, 2))
    assert not falls_on("12-30", 3, date(2027, 1, 2))


@given(year=st.integers(1950, 2070), month=st.integers(1, 12), day=st.integers(1, 30))
def test_movable_days_stand_in_their_year(year: int, month: int, day: int) -> None:
    for calendar in ("hijri", "lunar"):
        found = days_in(f"{calendar} {month:02}-{day:02}", year)
        assert all(each.year == year for each in found)
        assert len(found) <= 2
