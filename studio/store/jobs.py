"""Long work: who holds it, how far it is, and which units are finished for good."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime, timedelta

import sqlalchemy as sa
from sqlalchemy import Connection

from studio.domain.creative import Creative, CreativeId
from studio.domain.finding import Finding
from studio.domain.job import Job, JobId, JobState, UnitResult
from studio.errors import InputError, NotFound
from studio.store.creatives import store_made
from studio.store.records import Records, insert_new, lock_campaign
from studio.store.rows import job_from_row, job_to_row, unit_from_row, unit_to_row
from studio.store.tables import creatives, jobs, units

OPEN = (str(JobState.QUEUED), str(JobState.RUNNING))


class Jobs(Records):
    """Jobs and their units. A worker's lease lasts as long as it beats."""

    def enqueue(self, job: Job) -> None:
        """Add a job for whichever worker is free first."""
        with self._writing() as connection:
            lock_campaign(connection, job.campaign)
            if not insert_new(connection, jobs, job_to_row(job)):
                raise InputError(f"There is already a job {job.id!r}.")

    def job(self, job_id: JobId) -> Job:
        """The job as it stands now."""
        row = self._first(sa.select(jobs).where(jobs.c.id == job_id))
        if row is None:
            raise _unknown(job_id)
        return job_from_row(row)

    def jobs(self, slug: str) -> tuple[Job, ...]:
        """A campaign's jobs, the newest first."""
        query = sa.select(jobs).where(jobs.c.campaign == slug)
        newest_first = query.order_by(jobs.c.created_at.desc(), jobs.c.id.desc())
        return tuple(job_from_row(row) for row in self._all(newest_first))

    def claim(self, worker: str, *, now: datetime, stale_after_s: float) -> Job | None:
        """Take the oldest job that is queued, or whose worker hasn't beaten for so long.

        Of several workers that ask at once, one gets the job.
        """
        silent_since = now - timedelta(seconds=stale_after_s)
        abandoned = sa.and_(
            jobs.c.state == str(JobState.RUNNING),
            sa.or_(jobs.c.beat_at.is_(None), jobs.c.beat_at < silent_since),
        )
        oldest = (
            sa.select(jobs.c.id)
            .where(sa.or_(jobs.c.state == str(JobState.QUEUED), abandoned))
            .order_by(jobs.c.created_at, jobs.c.id)
            .limit(1)
            .with_for_update(skip_locked=True)
        )
        with self._writing() as connection:
            job_id = connection.scalar(oldest)
            if job_id is None:
                return None
            taken = (
                sa.update(jobs)
                .where(jobs.c.id == job_id)
                .values(state=str(JobState.RUNNING), worker=worker, beat_at=now)
                .returning(jobs)
            )
            return job_from_row(connection.execute(taken).mappings().one())

    def beat(
        self,
        job_id: JobId,
        worker: str,
        *,
        now: datetime,
        done: int,
        total: int,
        message: str,
    ) -> bool:
        """Report progress; False where the job was cancelled or another worker took it."""
        changed = sa.update(jobs).values(
            beat_at=now, units_done=done, units_total=total, message=message
        )
        return self._as_holder(changed, job_id, worker)

    def finish(self, job_id: JobId, worker: str, state: JobState, message: str) -> None:
        """End a job, unless it was cancelled or another worker took it."""
        if not state.ended:
            raise ValueError(f"a job can't finish as {state}")
        changed = sa.update(jobs).values(state=str(state), message=message)
        self._as_holder(changed, job_id, worker)

    def cancel(self, job_id: JobId) -> None:
        """End a job from outside; one that has ended stays as it ended."""
        cancelled = (
            sa.update(jobs)
            .where(jobs.c.id == job_id, jobs.c.state.in_(OPEN))
            .values(state=str(JobState.CANCELLED))
        )
        with self._writing() as connection:
            if connection.execute(cancelled).rowcount == 1:
                return
        self.job(job_id)

    def finished_unit(self, key: str) -> UnitResult | None:
        """The result of a unit, if its creatives are still those that it made.

        Edits by people count as the unit's; creatives that another unit made again don't.
        """
        with self._reading() as connection:
            return _standing(connection, key)

    def record_unit(
        self,
        job_id: JobId,
        result: UnitResult,
        creatives: Iterable[Creative],
        findings: Mapping[CreativeId, tuple[Finding, ...]],
    ) -> None:
        """Store a unit with all that it made; the same key a second time changes nothing."""
        with self._writing() as connection:
            if connection.scalar(sa.select(jobs.c.id).where(jobs.c.id == job_id)) is None:
                raise _unknown(job_id)
            added = insert_new(connection, units, unit_to_row(result, job_id=job_id))
            if not added and _standing(connection, result.key):
                return
            for creative in sorted(creatives, key=lambda it: it.id):
                found = findings.get(creative.id, ())
                store_made(connection, creative, found, unit_key=result.key)

    def _as_holder(self, changed: sa.Update, job_id: JobId, worker: str) -> bool:
        held = changed.where(
            jobs.c.id == job_id,
            jobs.c.worker == worker,
            jobs.c.state == str(JobState.RUNNING),
        )
        with self._writing() as connection:
            return connection.execute(held).rowcount == 1


def _standing(connection: Connection, key: str) -> UnitResult | None:
    row = connection.execute(sa.select(units).where(units.c.key == key)).mappings().first()
    if row is None:
        return None
    result = unit_from_row(row)
    made = sa.select(creatives.c.id).where(
        creatives.c.id.in_(result.creative_ids), creatives.c.unit_key == key
    )
    whole = set(connection.scalars(made)) == set(result.creative_ids)
    return result if whole else None


def _unknown(job_id: JobId) -> NotFound:
    return NotFound(f"There is no job {job_id!r}.")
