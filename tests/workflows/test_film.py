"""A film is made once, looked at anew, and only by those who may generate."""

from __future__ import annotations

import threading
import time
from dataclasses import dataclass, field, replace
from io import BytesIO
from pathlib import Path

import pytest
from PIL import Image

from studio.domain.creative import Creative, Status
from studio.errors import InputError, NotAllowed
from studio.imaging.film import FilmRequest, Footage, Progress
from studio.markets.library import MarketLibrary
from studio.platforms.specs import load_placements
from studio.store.blobs import Blobs
from studio.store.repository import Repository
from studio.workflows.film import FilmDesk, Making
from studio.workflows.finish import Finisher
from tests.examples import MARKETER, NOON, REVIEWER, a_brief, a_creative, a_finding, a_verdict
from tests.fakes import FakeTypesetter
from tests.workflows.test_publish import stored


@dataclass
class FakeFilms:
    """Films in an instant, or when it is let."""

    shot: int = 0
    waits: threading.Event = field(default_factory=threading.Event)
    fails: str = ""
    asked: list[FilmRequest] = field(default_factory=list)

    def shoot(self, request: FilmRequest, progress: Progress) -> Footage:
        self.asked.append(request)
        self.waits.wait(5)
        if self.fails:
            raise InputError(self.fails)
        self.shot += 1
        progress(0.5)
        return Footage(
            data=f"film of {request.typeset.copy.headline}".encode(),
            srt="1\n",
            vtt="WEBVTT\n",
            width_px=1080,
            height_px=1080,
            seconds=8.0,
            fps=30,
            move="slide",
            amount=1.0,
        )

    def fingerprint(self, request: FilmRequest, still_sha256: str) -> str:
        return f"{still_sha256[:8]}{request.picture.seed}"


@pytest.fixture
def films() -> FakeFilms:
    films = FakeFilms()
    films.waits.set()
    return films


@pytest.fixture
def desk(repository: Repository, blobs: Blobs, tmp_path: Path, films: FakeFilms) -> FilmDesk:
    library, placements = MarketLibrary([]), load_placements()
    finisher = Finisher(
        blobs=blobs,
        library=library,
        placements=placements,
        typesetter=FakeTypesetter(),
        check=lambda creative, **_: (a_finding(),) if creative.film else (),
        brand_file=lambda brief: None,
    )
    return FilmDesk(
        store=repository,
        blobs=blobs,
        library=library,
        placements=placements,
        finisher=finisher,
        films=films,
        photo_files=lambda brief: (),
        records_dir=tmp_path / "films",
    )


@pytest.fixture
def draft(repository: Repository, blobs: Blobs) -> Creative:
    """A creative whose picture is in the blob store."""
    repository.save_brief(a_brief(), "title: x", by="mara", at=NOON)
    out = BytesIO()
    Image.new("RGB", (8, 8)).save(out, "PNG")
    palette = MarketLibrary([]).pack("en-US").palettes[0].id
    picture = replace(a_creative().picture, sha256=blobs.put(out.getvalue()), palette=palette)
    return stored(repository, blobs, picture=picture)


def made(desk: FilmDesk, creative: Creative) -> Creative:
    return desk.make(creative.id, content_hash=creative.content_hash, person=MARKETER)


def test_a_film_belongs_to_its_creative_with_subtitles(
    desk: FilmDesk, draft: Creative, repository: Repository, blobs: Blobs
) -> None:
    made(desk, draft)
    film = repository.creative(draft.id).film
    assert film is not None
    assert blobs.get(film.sha256) == b"film of Rice on time"
    assert blobs.get(film.vtt_sha256) == b"WEBVTT\n"
    assert (film.seconds, film.move, film.size_bytes) == (8.0, "slide", 20)


def test_the_picture_is_asked_for_as_it_was_made(
    desk: FilmDesk, draft: Creative, repository: Repository, films: FakeFilms
) -> None:
    picture = replace(draft.picture, closeness=0.86, seed=41)
    repository.revise(replace(draft, picture=picture), ())
    made(desk, repository.creative(draft.id))
    (request,) = films.asked
    asked = request.picture
    assert (asked.set, asked.seed, asked.closeness) == (picture.set, 41, 0.86)
    assert asked.palette.id == picture.palette


def test_a_film_sends_an_approved_ad_back_to_review_and_is_checked(
    desk: FilmDesk, draft: Creative, repository: Repository
) -> None:
    approved = repository.decide(a_verdict(draft), Status.APPROVED)
    made(desk, approved)
    now = repository.creative(draft.id)
    assert now.status is Status.DRAFT
    assert now.content_hash != approved.content_hash
    assert repository.findings(draft.id) == (a_finding(),)


def test_the_same_film_again_changes_nothing(
    desk: FilmDesk, draft: Creative, repository: Repository, films: FakeFilms
) -> None:
    filmed = made(desk, draft)
    approved = repository.decide(a_verdict(filmed), Status.APPROVED)
    assert made(desk, approved) == approved
    assert films.shot == 1


def test_equal_inputs_are_filmed_once_even_after_the_film_was_removed(
    desk: FilmDesk, draft: Creative, films: FakeFilms
) -> None:
    filmed = made(desk, draft)
    bare = desk.remove(filmed.id, content_hash=filmed.content_hash, person=MARKETER)
    assert bare.content_hash == draft.content_hash
    assert made(desk, bare).film == filmed.film
    assert films.shot == 1


def test_a_film_whose_file_is_lost_is_made_again(
    desk: FilmDesk, draft: Creative, blobs: Blobs, films: FakeFilms
) -> None:
    filmed = made(desk, draft)
    assert filmed.film is not None
    blobs.path(filmed.film.sha256).unlink()
    bare = desk.remove(filmed.id, content_hash=filmed.content_hash, person=MARKETER)
    made(desk, bare)
    assert films.shot == 2


def test_reviewers_make_no_films(desk: FilmDesk, draft: Creative) -> None:
    for act in (desk.make, desk.remove, desk.order):
        with pytest.raises(NotAllowed):
            act(draft.id, content_hash=draft.content_hash, person=REVIEWER)
    with pytest.raises(NotAllowed):
        desk.making(draft.id, person=REVIEWER)


def test_what_was_changed_in_between_is_not_filmed(desk: FilmDesk, draft: Creative) -> None:
    with pytest.raises(InputError, match="was changed since you opened it"):
        desk.make(draft.id, content_hash="0" * 64, person=MARKETER)
    with pytest.raises(InputError, match="has no film"):
        desk.remove(draft.id, content_hash=draft.content_hash, person=MARKETER)


def test_other_shapes_have_no_film(
    desk: FilmDesk, draft: Creative, repository: Repository
) -> None:
    other = replace(draft, placement="meta_feed_4x5")
    repository.revise(other, [])
    with pytest.raises(InputError, match="1080 × 1920"):
        made(desk, repository.creative(draft.id))


def test_a_film_is_made_in_the_background_and_told_of(
    desk: FilmDesk, draft: Creative, films: FakeFilms
) -> None:
    films.waits.clear()
    first = desk.order(draft.id, content_hash=draft.content_hash, person=MARKETER)
    again = desk.order(draft.id, content_hash=draft.content_hash, person=MARKETER)
    assert first.creative is None
    assert again.creative is None
    films.waits.set()
    done = waited(desk, draft)
    assert done.creative is not None
    assert done.creative.film is not None
    assert films.shot == 1
    with pytest.raises(InputError, match="order it again"):
        desk.making(draft.id, person=MARKETER)


def test_why_an_ordered_film_failed_is_told(
    desk: FilmDesk, draft: Creative, films: FakeFilms
) -> None:
    films.fails = "legal_line: too long"
    desk.order(draft.id, content_hash=draft.content_hash, person=MARKETER)
    assert waited(desk, draft).error == "legal_line: too long"


def waited(desk: FilmDesk, creative: Creative) -> Making:
    for _ in range(500):
        making = desk.making(creative.id, person=MARKETER)
        if making.creative is not None or making.error:
            return making
        time.sleep(0.01)
    raise AssertionError("the film wasn't made")
