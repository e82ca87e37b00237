"""Days on which ads stay silent."""

from __future__ import annotations

from collections.abc import Iterator

from studio.compliance.case import Case, Hit
from studio.markets.pack import Condition


def quiet_date(case: Case, condition: Condition) -> Iterator[Hit]:
    """The launch falls on a quiet date of the market."""
    del condition
    day = case.brief.launch.isoformat()
    for quiet in case.pack.quiet_dates:
        if quiet.day in (day, day[5:]):
            yield Hit(f"{day}: {quiet.name}", "launch")
