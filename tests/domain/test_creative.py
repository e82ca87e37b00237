"""Nothing goes live unapproved, and approval holds for one content only."""

from __future__ import annotations

from dataclasses import replace

import pytest

from studio.domain.creative import NEXT, Gloss, Status
from studio.errors import IllegalTransition
from tests.examples import a_copy, a_creative


def test_a_draft_can_not_go_live() -> None:
    with pytest.raises(IllegalTransition, match="draft and can't become live"):
        a_creative().moved_to(Status.LIVE)


def test_a_rejected_creative_stays_rejected() -> None:
    rejected = a_creative().moved_to(Status.REJECTED)
    for status in Status:
        with pytest.raises(IllegalTransition):
            rejected.moved_to(status)


def test_every_status_says_where_it_may_go() -> None:
    assert set(NEXT) == set(Status)


@pytest.mark.parametrize(
    "change",
    [
        {"copy": a_copy(headline="Other")},
        {"copy": a_copy(legal_line="Small print")},
        {"landing_url": "https://elsewhere.example"},
        {"rendition": replace(a_creative().rendition, sha256="c" * 64)},
        {"picture": replace(a_creative().picture, sha256="d" * 64)},
        {"placement": "meta_story_9x16"},
    ],
)
def test_whatever_the_audience_sees_changes_the_content_hash(change: dict[str, object]) -> None:
    assert a_creative(**change).content_hash != a_creative().content_hash


def test_what_only_reviewers_see_leaves_the_content_hash() -> None:
    gloss = Gloss(headline="x", body="y", cta="z")
    other = a_creative(copy=a_copy(gloss=gloss, rationale="Because."), status=Status.APPROVED)
    assert other.content_hash == a_creative().content_hash


def test_a_revision_leads_back_to_draft() -> None:
    approved = a_creative(status=Status.APPROVED)
    revised = approved.revised(
        copy=a_copy(headline="Other"), rendition=approved.rendition, attributes={}
    )
    assert revised.status is Status.DRAFT
