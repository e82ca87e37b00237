"""The verbs of learning on the real database: rehearse, plan, replay, take back, report."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime
from hashlib import sha256
from io import BytesIO
from pathlib import Path

from PIL import Image

from studio.domain.creative import Decision, Role, Status, Verdict
from studio.domain.job import Job, JobId, JobState, UnitResult
from studio.store.blobs import Blobs
from studio.store.repository import Repository
from studio.workflows.learn import Learner
from studio.workflows.report import Reporter
from studio.workflows.simulate import Rehearsal
from tests.examples import ADMIN
from tests.workflows.learning_fakes import SLUG, MemoryStore, a_brief, a_store, an_ad

NOW = datetime(2026, 3, 1, 12, tzinfo=UTC)


def published(repository: Repository, blobs: Blobs) -> MemoryStore:
    """A campaign of 12 approved and exported ads in the database; returns its source."""
    source = a_store(variants=3, brief=a_brief(days=3))
    repository.save_brief(source.written, "title: Kettle", by="mara", at=NOW)
    picture = BytesIO()
    Image.new("RGB", (60, 60), "teal").save(picture, "JPEG")
    sha = blobs.put(picture.getvalue())
    job = Job(
        id=JobId("job"), campaign=SLUG, state=JobState.QUEUED, units_done=0, units_total=1,
        message="", created_at=NOW, beat_at=None,
    )  # fmt: skip
    repository.enqueue(job)
    drafts = [
        replace(one, status=Status.DRAFT, rendition=replace(one.rendition, sha256=sha))
        for one in source.made
    ]
    result = UnitResult(key=sha256(b"unit").hexdigest(), creative_ids=(), seconds=0.1)
    repository.record_unit(job.id, result, drafts, {})
    for one in drafts:
        verdict = Verdict(
            creative_id=one.id, content_hash=one.content_hash, decision=Decision.APPROVE,
            reviewer="rene", role=Role.REVIEWER, reason="", at=NOW,
        )  # fmt: skip
        repository.decide(verdict, Status.APPROVED)
        repository.set_status(one.id, Status.LIVE, content_hash=one.content_hash)
    repository.save_ads(SLUG, [an_ad(one) for one in drafts])
    return source


def test_a_rehearsed_campaign_is_stored_replayed_taken_back_and_reported(
    repository: Repository, blobs: Blobs, tmp_path: Path
) -> None:
    brief = published(repository, blobs).written
    learner = Learner(store=repository, blobs=blobs, draws=300)
    rehearsal = Rehearsal.of(repository, brief)
    days = list(rehearsal.run(learner, person=ADMIN))
    assert repository.plans(SLUG) == tuple(day.plan for day in days)
    assert repository.deliveries(SLUG) == tuple(
        sorted(
            (row for day in days for row in day.deliveries),
            key=lambda row: (row.day, row.ad_id),
        )
    )
    newest = repository.plans(SLUG)[-1]
    assert learner.replay(newest) == newest
    undone = learner.undo(SLUG, person=ADMIN)
    assert repository.plan(SLUG, newest.day) == undone
    assert undone.shares() == days[-2].plan.shares()
    report = Reporter(store=repository, blobs=blobs).write(
        SLUG, to=tmp_path, rehearsal=rehearsal.record(days)
    )
    assert "the last plan was taken back" in report.read_text(encoding="utf-8")
