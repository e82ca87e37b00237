"""Reports that can't be taken at face value: what was seen, and what a person says to it."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from typing import NewType

from studio.domain.brief import Slug
from studio.domain.creative import Role
from studio.domain.delivery import AdId, Cell, Delivery

AlarmId = NewType("AlarmId", str)


class AlarmKind(StrEnum):
    """What is wrong with a day."""

    CTR_COLLAPSED = "ctr_collapsed"
    """An ad is clicked far less than before: a broken page, or people are tired of it."""
    CLICKS_OVER_IMPRESSIONS = "clicks_over_impressions"
    NOT_A_COUNT = "not_a_count"
    SPEND_TENFOLD = "spend_tenfold"
    """Many times the money that was planned, or that is usual."""
    DAY_MISSING = "day_missing"
    """Money was planned, and nothing was reported."""
    IMPRESSIONS_GONE = "impressions_gone"
    """Reported, but hardly shown any more."""
    DAY_IN_FUTURE = "day_in_future"
    WRONG_CURRENCY = "wrong_currency"


@dataclass(frozen=True, slots=True, kw_only=True)
class Alarm:
    """One thing that a person should look at before money moves on."""

    kind: AlarmKind
    day: date
    cell: Cell
    ad_id: AdId | None = None
    """The ad it is about; `None`: the whole cell."""
    question: str
    """What was seen and what to decide, in a sentence."""

    @property
    def id(self) -> AlarmId:
        """The same for the same thing seen again."""
        place = self.ad_id or str(self.cell)
        return AlarmId(f"{self.day.isoformat()}:{self.kind}:{place}")

    def covers(self, delivery: Delivery) -> bool:
        """Whether it is about this report."""
        same_day = (delivery.day, delivery.cell) == (self.day, self.cell)
        return same_day and self.ad_id in (None, delivery.ad_id)


class Answer(StrEnum):
    """What a person says to an alarm."""

    ACCEPT = "accept"
    """The report is true: learn from it and go on."""
    EXCLUDE = "exclude"
    """The report is wrong or tells nothing: don't learn from it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class AlarmAnswer:
    """A named person's answer; never changed, a later one counts instead."""

    campaign: Slug
    alarm: Alarm
    answer: Answer
    person: str
    role: Role
    note: str
    at: datetime


def latest(answers: Iterable[AlarmAnswer]) -> dict[AlarmId, AlarmAnswer]:
    """The answer that counts for each alarm; later ones come later in `answers`."""
    return {answer.alarm.id: answer for answer in answers}


def teaching(
    deliveries: Iterable[Delivery], answers: Sequence[AlarmAnswer]
) -> tuple[Delivery, ...]:
    """The reports that may be learnt from: those that nobody excluded."""
    excluded = [
        answer.alarm for answer in latest(answers).values() if answer.answer is Answer.EXCLUDE
    ]
    return tuple(
        delivery
        for delivery in deliveries
        if not any(alarm.covers(delivery) for alarm in excluded)
    )
