"""Nothing goes live unapproved, and approval holds for one content only."""

from __future__ import annotations

from dataclasses import replace

import pytest

from studio.domain.creative import NEXT, Gloss, Status
from studio.errors import IllegalTransition
from tests.examples import a_copy, a_creative, a_film


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
        {"film": a_film()},
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


def test_a_creative_without_a_film_keeps_the_hash_it_always_had() -> None:
    assert a_creative().content_hash == (
        "0a0d10a3547ac1478efaa39dd71285e98702b9952e0a10ce8fc9d1ce160a5588"
    )


def test_other_subtitles_are_another_film() -> None:
    filmed = a_creative(film=a_film())
    other = a_creative(film=a_film(vtt_sha256="f" * 64))
    assert filmed.content_hash != other.content_hash


def test_a_film_sends_its_ad_back_to_review_and_other_words_drop_it() -> None:
    approved = a_creative(status=Status.APPROVED)
    filmed = approved.with_film(a_film())
    assert (filmed.film, filmed.status) == (a_film(), Status.DRAFT)
    assert filmed.with_film(None).content_hash == approved.content_hash
    revised = filmed.revised(
        copy=a_copy(headline="Other"), rendition=filmed.rendition, attributes={}
    )
    assert revised.film is None
