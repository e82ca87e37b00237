"""Days on which ads stay silent."""

from __future__ import annotations

from collections.abc import Iterator

from studio.compliance.case import Case, Hit
from studio.markets.days import falls_on
from studio.markets.rules import Condition


def quiet_date(case: Case, condition: Condition) -> Iterator[Hit]:
    """The launch falls on a quiet date of the market."""
    del condition
    launch = case.brief.launch
    for quiet in case.pack.quiet_dates:
        if falls_on(quiet.day, quiet.days, launch):
            yield Hit(f"{launch.isoformat()}: {quiet.name}", "launch")
