"""Days of the year as packs write them: fixed, movable, lunar, Islamic."""

from __future__ import annotations

import re
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from datetime import date, timedelta
from functools import lru_cache

from dateutil.easter import easter
from hijridate import Gregorian, Hijri
from lunardate import LunarDate

from studio.errors import InputError
from studio.markets.certainty import Certainty

WEEKDAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
LAST = -1
WEEK = 7

Years = Callable[[re.Match[str], int], list[date]]
"""The days of one year that a match of the grammar names."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Event:
    """A date of trade that ads may speak of."""

    name: str
    gloss: str = ""
    day: str
    """In the grammar of `days_in`."""
    days: int = 1
    use: str = ""
    """What ads do with it, in English."""
    certainty: Certainty = Certainty.LIKELY
    source: str = ""

    @property
    def names(self) -> tuple[str, ...]:
        """Its name, and what that means in English where it says so."""
        return (self.name, self.gloss) if self.gloss else (self.name,)

    def is_near(self, day: date, *, lead_days: int) -> bool:
        """Whether it is on, or begins within `lead_days` after `day`."""
        ahead = (day + timedelta(offset) for offset in range(lead_days + 1))
        return any(falls_on(self.day, self.days, each) for each in ahead)


@dataclass(frozen=True, slots=True, kw_only=True)
class QuietDate:
    """Days on which ads stay silent."""

    day: str
    name: str
    days: int = 1
    certainty: Certainty = Certainty.ESTABLISHED
    source: str = ""


def days_in(expression: str, year: int) -> list[date]:
    """The first days of a date in a year; none where it doesn't exist that year.

    `MM-DD` · `YYYY-MM-DD` · `MM ddd N` (Nth weekday; -1 is the last) with an optional shift
    in days (`11 thu 4 +1`) · `easter+N` and `easter-N` · `advent-N`, from the first Sunday of
    Advent · `hijri MM-DD` (Umm al-Qura calendar; sighting may move it by a day) ·
    `lunar MM-DD` (Chinese lunisolar calendar). Raises `InputError` for anything else.
    """
    for pattern, years in GRAMMAR:
        match = pattern.fullmatch(expression.strip())
        if match:
            return years(match, year)
    raise InputError(
        f"{expression!r} is no day; write one like 11-09, 2027-03-26, 11 thu 4 +1, easter-2, "
        "advent-14, hijri 10-01 or lunar 08-15."
    )


def falls_on(expression: str, days: int, day: date) -> bool:
    """Whether `day` is one of the `days` days that begin with the expression."""
    return day in _span(expression, days, day.year)


@lru_cache(maxsize=4096)
def _span(expression: str, days: int, year: int) -> frozenset[date]:
    starts = [first for each in (year - 1, year) for first in days_in(expression, each)]
    return frozenset(first + timedelta(offset) for first in starts for offset in range(days))


def _fixed(match: re.Match[str], year: int) -> list[date]:
    month, day = int(match["month"]), int(match["day"])
    try:
        return [date(year, month, day)]
    except ValueError:
        return []


def _once(match: re.Match[str], year: int) -> list[date]:
    return _fixed(match, year) if int(match["year"]) == year else []


def _weekday(match: re.Match[str], year: int) -> list[date]:
    month, nth = int(match["month"]), int(match["nth"])
    weekday = WEEKDAYS.index(match["weekday"])
    first = date(year, month, 1)
    if nth == LAST:
        following = date(year + month // 12, month % 12 + 1, 1)
        found = following - timedelta((following.weekday() - weekday - 1) % WEEK + 1)
    else:
        found = first + timedelta((weekday - first.weekday()) % WEEK + WEEK * (nth - 1))
    return [found + timedelta(int(match["shift"] or 0))]


def _easter(match: re.Match[str], year: int) -> list[date]:
    return [easter(year) + timedelta(int(match["shift"] or 0))]


def _advent(match: re.Match[str], year: int) -> list[date]:
    eve = date(year, 12, 24)
    fourth = eve - timedelta((eve.weekday() + 1) % WEEK)
    return [fourth - timedelta(3 * WEEK) + timedelta(int(match["shift"] or 0))]


def _hijri(match: re.Match[str], year: int) -> list[date]:
    first, last = Gregorian(year, 1, 1).to_hijri().year, Gregorian(year, 12, 31).to_hijri().year
    return _in_year(year, range(first, last + 1), match, _from_hijri)


def _lunar(match: re.Match[str], year: int) -> list[date]:
    return _in_year(year, range(year - 1, year + 1), match, _from_lunar)


def _in_year(
    year: int, own_years: range, match: re.Match[str], convert: Callable[[int, int, int], date]
) -> list[date]:
    """The day in each year of another calendar, as far as it falls into `year`."""
    found = []
    for own in own_years:
        with suppress(ValueError):
            found.append(convert(own, int(match["month"]), int(match["day"])))
    return [day for day in found if day.year == year]


def _from_hijri(year: int, month: int, day: int) -> date:
    own = Hijri(year, month, day).to_gregorian()
    return date(own.year, own.month, own.day)


def _from_lunar(year: int, month: int, day: int) -> date:
    found: date = LunarDate(year, month, day).to_solar_date()
    return found


_MONTH_DAY = r"(?P<month>0[1-9]|1[0-2])-(?P<day>0[1-9]|[12]\d|3[01])"
GRAMMAR: tuple[tuple[re.Pattern[str], Years], ...] = (
    (re.compile(_MONTH_DAY), _fixed),
    (re.compile(rf"(?P<year>\d{{4}})-{_MONTH_DAY}"), _once),
    (
        re.compile(
            rf"(?P<month>0[1-9]|1[0-2]) (?P<weekday>{'|'.join(WEEKDAYS)}) (?P<nth>-1|[1-5])"
            r"(?: (?P<shift>[+-]\d{1,3}))?"
        ),
        _weekday,
    ),
    (re.compile(r"easter(?P<shift>[+-]\d{1,3})?"), _easter),
    (re.compile(r"advent(?P<shift>[+-]\d{1,3})?"), _advent),
    (re.compile(rf"hijri {_MONTH_DAY}"), _hijri),
    (re.compile(rf"lunar {_MONTH_DAY}"), _lunar),
)
