"""Days on which ads stay silent."""

from __future__ import annotations

from collections.abc import Iterator
from functools import lru_cache

from studio.compliance.case import Case, Hit
from studio.compliance.ground import MOST_GROUNDS, Ground
from studio.markets.days import falls_on
from studio.markets.rules import Condition


def quiet_date(case: Case, condition: Condition) -> Iterator[Hit]:
    """The launch falls on a quiet date of the market."""
    del condition
    yield from _quiet(case.ground)


@lru_cache(maxsize=MOST_GROUNDS)
def _quiet(ground: Ground) -> tuple[Hit, ...]:
    launch = ground.brief.launch
    return tuple(
        Hit(f"{launch.isoformat()}: {quiet.name}", "launch")
        for quiet in ground.pack.quiet_dates
        if falls_on(quiet.day, quiet.days, launch)
    )
