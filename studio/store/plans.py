"""Budget plans: every revision is kept, the newest of a day counts."""

from __future__ import annotations

from datetime import date

import sqlalchemy as sa

from studio.domain.budget import BudgetPlan
from studio.errors import NotFound
from studio.store.records import Records, lock_campaign
from studio.store.rows import plan_from_row, plan_to_row
from studio.store.tables import plans


class Plans(Records):
    """Plans, append-only."""

    def save_plan(self, plan: BudgetPlan) -> None:
        """Add a plan as its day's newest revision; the newest once more adds nothing."""
        newest = (
            sa.select(plans)
            .where(plans.c.campaign == plan.campaign, plans.c.day == plan.day)
            .order_by(plans.c.revision.desc())
            .limit(1)
        )
        with self._writing() as connection:
            lock_campaign(connection, plan.campaign)
            row = connection.execute(newest).mappings().first()
            revision = 0 if row is None else int(row["revision"])
            if row is not None and plan_from_row(row) == plan:
                return
            added = plan_to_row(plan, revision=revision + 1)
            connection.execute(sa.insert(plans).values(added))

    def plans(self, slug: str) -> tuple[BudgetPlan, ...]:
        """The plan that counts for each day, the oldest day first."""
        query = (
            sa.select(plans)
            .where(plans.c.campaign == slug)
            .order_by(plans.c.day, plans.c.revision)
        )
        newest = {row["day"]: row for row in self._all(query)}
        return tuple(plan_from_row(row) for row in newest.values())

    def plan(self, slug: str, day: date) -> BudgetPlan:
        """The plan that counts for a day."""
        query = (
            sa.select(plans)
            .where(plans.c.campaign == slug, plans.c.day == day)
            .order_by(plans.c.revision.desc())
            .limit(1)
        )
        row = self._first(query)
        if row is None:
            raise NotFound(f"Campaign {slug!r} has no plan for {day}.")
        return plan_from_row(row)
