"""Budget plans and what people decide on them: everything is kept, the newest counts."""

from __future__ import annotations

from datetime import date

import sqlalchemy as sa
from sqlalchemy import Connection
from sqlalchemy.engine import RowMapping

from studio.domain.alarm import AlarmAnswer
from studio.domain.budget import BudgetPlan, PlanVerdict
from studio.errors import InputError, NotFound
from studio.store.records import Records, lock_campaign
from studio.store.rows import (
    alarm_answer_from_row,
    alarm_answer_to_row,
    plan_from_row,
    plan_to_row,
    plan_verdict_from_row,
    plan_verdict_to_row,
)
from studio.store.tables import alarm_answers, plan_verdicts, plans


class Plans(Records):
    """Plans, decisions on them and answers to alarms, all append-only."""

    def save_plan(self, plan: BudgetPlan, *, signed: PlanVerdict | None = None) -> None:
        """Add a plan as its day's newest revision; the newest once more adds nothing.

        signed: a decision on this plan, stored with it or not at all.
        """
        with self._writing() as connection:
            lock_campaign(connection, plan.campaign)
            row = _newest(connection, plan.campaign, plan.day)
            if row is None or plan_from_row(row) != plan:
                revision = 0 if row is None else int(row["revision"])
                added = plan_to_row(plan, revision=revision + 1)
                connection.execute(sa.insert(plans).values(added))
            if signed is not None:
                connection.execute(sa.insert(plan_verdicts).values(plan_verdict_to_row(signed)))

    def plans(self, slug: str) -> tuple[BudgetPlan, ...]:
        """The newest revision of each day's plan, the oldest day first."""
        newest = {plan.day: plan for plan in self.plan_revisions(slug)}
        return tuple(newest.values())

    def plan_revisions(self, slug: str) -> tuple[BudgetPlan, ...]:
        """Every revision, by day and in the order they were made."""
        query = (
            sa.select(plans)
            .where(plans.c.campaign == slug)
            .order_by(plans.c.day, plans.c.revision)
        )
        return tuple(plan_from_row(row) for row in self._all(query))

    def plan(self, slug: str, day: date) -> BudgetPlan:
        """The newest revision of a day's plan."""
        with self._reading() as connection:
            row = _newest(connection, slug, day)
        if row is None:
            raise NotFound(f"Campaign {slug!r} has no plan for {day}.")
        return plan_from_row(row)

    def decide_plan(self, verdict: PlanVerdict) -> None:
        """Remember a decision on the newest revision of its day.

        Raises `InputError` if there is a newer one by now, or if the same was decided last.
        """
        with self._writing() as connection:
            lock_campaign(connection, verdict.campaign)
            row = _newest(connection, verdict.campaign, verdict.day)
            if row is None or plan_from_row(row).sha256 != verdict.plan_sha256:
                raise InputError(
                    f"The plan for {verdict.day} changed in the meantime; look at the newest "
                    "one and decide again."
                )
            _refuse_repetition(connection, verdict)
            connection.execute(sa.insert(plan_verdicts).values(plan_verdict_to_row(verdict)))

    def plan_verdicts(self, slug: str) -> tuple[PlanVerdict, ...]:
        """All decisions on a campaign's plans, in the order they were made."""
        query = (
            sa.select(plan_verdicts)
            .where(plan_verdicts.c.campaign == slug)
            .order_by(plan_verdicts.c.id)
        )
        return tuple(plan_verdict_from_row(row) for row in self._all(query))

    def answer_alarm(self, answer: AlarmAnswer) -> None:
        """Remember an answer; the last one to an alarm counts."""
        with self._writing() as connection:
            lock_campaign(connection, answer.campaign)
            connection.execute(sa.insert(alarm_answers).values(alarm_answer_to_row(answer)))

    def alarm_answers(self, slug: str) -> tuple[AlarmAnswer, ...]:
        """All answers to a campaign's alarms, in the order they were given."""
        query = (
            sa.select(alarm_answers)
            .where(alarm_answers.c.campaign == slug)
            .order_by(alarm_answers.c.id)
        )
        return tuple(alarm_answer_from_row(row) for row in self._all(query))


def _newest(connection: Connection, slug: str, day: date) -> RowMapping | None:
    query = (
        sa.select(plans)
        .where(plans.c.campaign == slug, plans.c.day == day)
        .order_by(plans.c.revision.desc())
        .limit(1)
    )
    return connection.execute(query).mappings().first()


def _refuse_repetition(connection: Connection, verdict: PlanVerdict) -> None:
    query = (
        sa.select(plan_verdicts)
        .where(
            plan_verdicts.c.campaign == verdict.campaign,
            plan_verdicts.c.plan_sha256 == verdict.plan_sha256,
        )
        .order_by(plan_verdicts.c.id.desc())
        .limit(1)
    )
    row = connection.execute(query).mappings().first()
    if row is not None and row["decision"] == verdict.decision:
        raise InputError(
            f"{row['person']} decided the same on the plan for {verdict.day} already "
            f"({row['at']:%d %b %Y %H:%M} UTC)."
        )
