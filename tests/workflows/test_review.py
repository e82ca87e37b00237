"""People decide; a decision holds for exactly what they saw."""

from __future__ import annotations

from pathlib import Path

import pytest

from studio.domain.creative import Creative, CreativeId, Status
from studio.domain.finding import Finding, Severity
from studio.errors import IllegalTransition, InputError, NotAllowed
from studio.store.blobs import Blobs
from studio.store.repository import Repository
from studio.workflows.finish import Finisher
from studio.workflows.review import ReviewDesk
from tests.examples import ADMIN, MARKETER, NOON, REVIEWER, a_brief, a_finding
from tests.workflows.test_publish import stored


@pytest.fixture
def draft(repository: Repository, blobs: Blobs) -> Creative:
    repository.save_brief(a_brief(), "title: x", by="mara", at=NOON)
    return stored(repository, blobs)


@pytest.fixture
def desk(repository: Repository, blobs: Blobs, tmp_path: Path) -> ReviewDesk:
    """A desk for decisions; editing is tested on the journey, with real typesetting."""
    finisher = Finisher(
        blobs=blobs, library=None, placements={}, typesetter=None, check=None, brand_file=None
    )  # type: ignore[arg-type]
    return ReviewDesk(store=repository, finisher=finisher, clock=lambda: NOON)


def found(repository: Repository, creative: Creative, *findings: Finding) -> None:
    repository.revise(creative, findings)


def test_an_approval_names_who_when_and_what(desk: ReviewDesk, draft: Creative) -> None:
    done = desk.approve(draft.id, content_hash=draft.content_hash, person=REVIEWER)
    assert done.status is Status.APPROVED
    (card,) = desk.cards("rice")
    (verdict,) = card.verdicts
    assert (verdict.reviewer, verdict.role, verdict.at) == (REVIEWER.name, REVIEWER.role, NOON)
    assert verdict.content_hash == draft.content_hash


def test_a_card_names_the_claims_it_rests_on(desk: ReviewDesk, draft: Creative) -> None:
    (card,) = desk.cards("rice")
    assert card.claims == ("keep warm hours: 24 hour — Report 14",)


def test_a_marketer_may_not_decide(desk: ReviewDesk, draft: Creative) -> None:
    for act in (desk.approve, desk.reject):
        with pytest.raises(NotAllowed):
            act(draft.id, content_hash=draft.content_hash, person=MARKETER, reason="x")
    with pytest.raises(NotAllowed):
        desk.undo(draft.id, person=MARKETER)
    with pytest.raises(NotAllowed):
        desk.approve_clean("rice", {draft.id: draft.content_hash}, MARKETER)


def test_what_was_seen_must_be_what_is_there(desk: ReviewDesk, draft: Creative) -> None:
    with pytest.raises(InputError, match="was changed since you opened it"):
        desk.approve(draft.id, content_hash="0" * 64, person=REVIEWER)


def test_a_rejection_needs_a_reason(desk: ReviewDesk, draft: Creative) -> None:
    with pytest.raises(InputError, match="say why"):
        desk.reject(draft.id, content_hash=draft.content_hash, person=REVIEWER, reason="  ")


def test_a_blocking_finding_needs_an_override_with_a_reason(
    desk: ReviewDesk, repository: Repository, draft: Creative
) -> None:
    found(repository, draft, a_finding())
    with pytest.raises(InputError, match="G-01 blocks this ad"):
        desk.approve(draft.id, content_hash=draft.content_hash, person=REVIEWER)
    done = desk.approve(
        draft.id, content_hash=draft.content_hash, person=REVIEWER, reason="Legal agreed."
    )
    assert done.status is Status.APPROVED
    assert repository.verdicts(draft.id)[-1].reason == "Legal agreed."


def test_a_warning_does_not_stop_approval(
    desk: ReviewDesk, repository: Repository, draft: Creative
) -> None:
    found(repository, draft, a_finding(severity=Severity.WARN))
    done = desk.approve(draft.id, content_hash=draft.content_hash, person=REVIEWER)
    assert done.status is Status.APPROVED


def test_deciding_twice_is_refused(desk: ReviewDesk, draft: Creative) -> None:
    desk.reject(draft.id, content_hash=draft.content_hash, person=REVIEWER, reason="dull")
    with pytest.raises(IllegalTransition):
        desk.approve(draft.id, content_hash=draft.content_hash, person=REVIEWER)


def test_undo_takes_back_one_s_own_last_decision_and_keeps_the_record(
    desk: ReviewDesk, repository: Repository, draft: Creative
) -> None:
    desk.reject(draft.id, content_hash=draft.content_hash, person=REVIEWER, reason="dull")
    with pytest.raises(InputError, match="rene decided this"):
        desk.undo(draft.id, person=ADMIN)
    assert desk.undo(draft.id, person=REVIEWER).status is Status.DRAFT
    assert [each.decision for each in repository.verdicts(draft.id)] == ["reject", "reopen"]
    with pytest.raises(InputError, match="no decision"):
        desk.undo(draft.id, person=REVIEWER)


def test_bulk_approval_takes_only_what_is_clean_and_seen(
    desk: ReviewDesk, repository: Repository, blobs: Blobs, draft: Creative
) -> None:
    flagged = stored(repository, blobs, id=CreativeId("flagged"))
    unseen = stored(repository, blobs, id=CreativeId("unseen"))
    found(repository, flagged, a_finding(severity=Severity.INFO))
    seen = {each.id: each.content_hash for each in (draft, flagged)}
    assert desk.approve_clean("rice", seen, REVIEWER) == 1
    assert repository.creative(draft.id).status is Status.APPROVED
    assert repository.creative(flagged.id).status is Status.DRAFT
    assert repository.creative(unseen.id).status is Status.DRAFT
