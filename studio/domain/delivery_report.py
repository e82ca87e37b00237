"""What a platform said of an ad's day, and when it said so: conversions come in late."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from studio.domain.delivery import Delivery
from studio.errors import InputError


@dataclass(frozen=True, slots=True, kw_only=True)
class DeliveryReport:
    """One ad's day as reports said from one day to another, in the calendar of imports."""

    delivery: Delivery
    reported_on: date
    """When these numbers were first imported."""
    confirmed_on: date
    """When they were last imported, unchanged; the same day, unless imported again."""

    def __post_init__(self) -> None:
        if self.confirmed_on < self.reported_on:
            raise InputError(
                f"confirmed_on ({self.confirmed_on}) can't come before reported_on "
                f"({self.reported_on})."
            )
