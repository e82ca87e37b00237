"""Long work as a row in the database, so that it outlives a page or a process."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import NewType

from studio.domain.brief import Slug

JobId = NewType("JobId", str)


class JobState(StrEnum):
    """How far a job has come."""

    QUEUED = "queued"
    RUNNING = "running"
    DONE = "done"
    FAILED = "failed"
    CANCELLED = "cancelled"

    @property
    def ended(self) -> bool:
        """Whether nothing more will happen to the job."""
        return self in (JobState.DONE, JobState.FAILED, JobState.CANCELLED)


@dataclass(frozen=True, slots=True, kw_only=True)
class Job:
    """One run of generation, in units that are keyed by the hash of their inputs."""

    id: JobId
    campaign: Slug
    state: JobState
    units_done: int
    units_total: int
    """0 until the work has been planned."""
    message: str
    """What is being done, or why it failed."""
    created_at: datetime
    beat_at: datetime | None
    """Last sign of life of the worker that holds it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class UnitResult:
    """A finished unit of work."""

    key: str
    """SHA-256 of the unit's inputs."""
    creative_ids: tuple[str, ...]
    seconds: float
