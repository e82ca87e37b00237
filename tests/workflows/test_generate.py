"""Generation makes each unit once, survives what fails, and can be stopped."""

from __future__ import annotations

import re
import threading
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from pathlib import Path

import pytest
from PIL import Image

from studio.domain.creative import Status
from studio.domain.job import JobState
from studio.engine.local import LocalEngine
from studio.engine.serial import SerialEngine
from studio.errors import InputError, NotAllowed, PermanentError
from studio.imaging.model import PictureRequest, Staged
from studio.imaging.typeset import TypesetRequest
from studio.imaging.watch import tell
from studio.markets.library import MarketLibrary
from studio.platforms.specs import load_placements
from studio.store.blobs import Blobs
from studio.store.repository import Repository
from studio.workflows.finish import Finisher
from studio.workflows.generate import Generator
from studio.workflows.variants import plan_variants
from tests.examples import ADMIN, MARKETER, NOON, REVIEWER, a_brief, a_verdict
from tests.fakes import FakeImageModel, FakeTextModel, FakeTypesetter


@dataclass
class Bench:
    """A generator over fakes, and what a test looks at."""

    repository: Repository
    generator: Generator
    text: FakeTextModel = field(default_factory=FakeTextModel)

    def run(self) -> JobState:
        self.generator.enqueue("rice", MARKETER)
        assert self.generator.work_once("worker")
        return self.repository.jobs("rice")[0].state


@pytest.fixture
def bench(repository: Repository, blobs: Blobs) -> Bench:
    repository.save_brief(a_brief(), "title: x", by="mara", at=NOON)
    library = MarketLibrary()
    placements = load_placements()
    text = FakeTextModel()
    finisher = Finisher(
        blobs=blobs,
        library=library,
        placements=placements,
        typesetter=FakeTypesetter(),
        check=lambda creative, *, brief, pack, placement: (),
        brand_file=lambda brief: None,
    )
    generator = Generator(
        store=repository,
        finisher=finisher,
        library=library,
        placements=placements,
        text_model=text,
        image_model=FakeImageModel(),
        engine=SerialEngine(),
        photo_files=lambda brief: (Path("product.png"),),
        clock=lambda: datetime.now(UTC),
    )
    return Bench(repository=repository, generator=generator, text=text)


def test_every_market_variant_and_placement_gets_its_creative(bench: Bench) -> None:
    assert bench.run() is JobState.DONE
    made = bench.repository.creatives("rice")
    assert len(made) == 2 * 2 * 2
    assert {(each.market, each.placement) for each in made} == {
        (market, placement)
        for market in ("en-US", "de-DE")
        for placement in ("meta_feed_1x1", "meta_story_9x16")
    }
    assert len({each.content_hash for each in made}) == 8
    assert all(each.status is Status.DRAFT for each in made)


def test_the_number_of_workers_changes_nothing(bench: Bench, tmp_path: Path) -> None:
    bench.run()
    alone = {each.id: each.content_hash for each in bench.repository.creatives("rice")}
    bench.generator = replace(
        bench.generator, engine=LocalEngine(2), text_model=FakeTextModel(name="other")
    )
    bench.run()
    assert {each.id: each.content_hash for each in bench.repository.creatives("rice")} == alone


def test_a_second_run_makes_nothing_twice(bench: Bench) -> None:
    bench.run()
    asked = list(bench.text.asked)
    assert bench.run() is JobState.DONE
    assert bench.text.asked == asked


def test_an_edited_variant_does_not_void_the_others(bench: Bench) -> None:
    bench.run()
    creative = bench.repository.creatives("rice", market="en-US")[0]
    other = bench.repository.creatives("rice", market="en-US")[-1]
    bench.repository.decide(a_verdict(other), Status.APPROVED)
    edited = creative.revised(
        copy=replace(creative.copy, headline="Edited by hand"),
        rendition=replace(creative.rendition, sha256="c" * 64),
        attributes=creative.attributes,
    )
    bench.repository.revise(edited, ())
    asked = list(bench.text.asked)
    bench.run()
    assert bench.text.asked == asked
    assert bench.repository.creative(creative.id).copy.headline == "Edited by hand"
    assert bench.repository.creative(other.id).status is Status.APPROVED


def test_going_back_to_an_earlier_brief_brings_its_ads_back(bench: Bench) -> None:
    bench.run()
    first = {each.id: each.content_hash for each in bench.repository.creatives("rice")}
    brand = replace(a_brief().brand, name="Other")
    other = a_brief(brand=brand, product=replace(a_brief().product, name="Other"))
    bench.repository.save_brief(other, "title: y", by="mara", at=NOON)
    bench.run()
    assert {e.id: e.content_hash for e in bench.repository.creatives("rice")} != first
    bench.repository.save_brief(a_brief(), "title: x", by="mara", at=NOON)
    bench.run()
    assert {e.id: e.content_hash for e in bench.repository.creatives("rice")} == first


def test_one_failing_unit_is_named_and_the_others_are_made(bench: Bench) -> None:
    bench.text.refuses = lambda request: request.variant.startswith("v1")
    assert bench.run() is JobState.FAILED
    (job,) = bench.repository.jobs("rice")
    assert "2 of 4 units failed" in job.message
    assert "the model has nothing to say" in job.message
    assert len(bench.repository.creatives("rice")) == 4
    bench.text.refuses = lambda request: False
    assert bench.run() is JobState.DONE
    assert len(bench.repository.creatives("rice")) == 8


def test_a_placement_that_has_no_room_for_the_words_leaves_the_others_alone(
    bench: Bench,
) -> None:
    """The story refuses until its words fit; then one more run makes what was left out."""

    def refusing(request: TypesetRequest) -> Image.Image:
        if "story" in request.placement.id:
            raise InputError("headline: the text doesn't fit.")
        return FakeTypesetter().paints(request)

    typesetter = bench.generator.finisher.typesetter
    assert isinstance(typesetter, FakeTypesetter)
    typesetter.paints = refusing
    assert bench.run() is JobState.FAILED
    (job,) = bench.repository.jobs("rice")
    assert job.message.startswith("ads left out: 4: ")
    assert "headline: the text doesn't fit." in job.message
    made = {each.placement for each in bench.repository.creatives("rice")}
    assert made == {"meta_feed_1x1"}
    typesetter.paints = FakeTypesetter().paints
    assert bench.run() is JobState.DONE
    assert len(bench.repository.creatives("rice")) == 8


def test_a_cancelled_job_stops_and_keeps_what_is_finished(bench: Bench) -> None:
    job = bench.generator.enqueue("rice", MARKETER)

    def cancel_at_second(request: object) -> None:
        if len(bench.text.asked) == 1:
            bench.generator.cancel(job.id, MARKETER)
            bench.generator.store.beat(job.id, "worker", now=NOON, done=0, total=0, message="")

    bench.text.before = cancel_at_second
    bench.generator.work_once("worker")
    assert bench.repository.job(job.id).state is JobState.CANCELLED
    assert 0 < len(bench.repository.creatives("rice")) < 8


@dataclass
class SlowPainter(FakeImageModel):
    """Tells two steps of each picture, and is told of pictures ahead."""

    at_step: Callable[[], None] = lambda: None
    ahead: list[PictureRequest] = field(default_factory=list)
    fails: bool = False

    def paint_ahead(self, requests: Sequence[PictureRequest]) -> None:
        self.ahead += requests
        tell(f"painting {len(requests)} pictures")
        if self.fails:
            raise PermanentError("no weights")

    def stage(self, request: PictureRequest) -> Staged:
        for step in (1, 2):
            self.at_step()
            tell(f"step {step} of 2")
        return super().stage(request)


def test_steps_of_a_slow_painter_are_the_jobs_message(
    bench: Bench, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("studio.workflows.generate.BEAT_EVERY_S", 0.02)
    seen: set[str] = set()

    def look() -> None:
        time.sleep(0.1)
        seen.add(bench.repository.jobs("rice")[0].message)

    generator = replace(bench.generator, image_model=SlowPainter(at_step=look))
    generator.enqueue("rice", MARKETER)
    generator.work_once("worker")
    assert "en-US · painting 4 pictures" in seen
    assert any(re.fullmatch(r"de-DE · v1-\S+ · step 1 of 2", message) for message in seen)


def test_a_market_is_painted_ahead_without_what_is_finished(bench: Bench) -> None:
    painter = SlowPainter()
    generator = replace(bench.generator, image_model=painter)
    generator.enqueue("rice", MARKETER)
    generator.work_once("worker")
    assert len(painter.ahead) == 8
    assert {request.placement.id for request in painter.ahead} == {
        "meta_feed_1x1",
        "meta_story_9x16",
    }
    painter.ahead.clear()
    generator.enqueue("rice", MARKETER)
    generator.work_once("worker")
    assert painter.ahead == []


def test_what_cant_be_painted_ahead_is_tried_unit_by_unit(bench: Bench) -> None:
    generator = replace(bench.generator, image_model=SlowPainter(fails=True))
    generator.enqueue("rice", MARKETER)
    generator.work_once("worker")
    assert bench.repository.jobs("rice")[0].state is JobState.DONE


def test_a_job_stops_in_the_middle_of_a_picture(
    bench: Bench, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("studio.workflows.generate.BEAT_EVERY_S", 0.02)
    stop = threading.Event()
    steps: list[int] = []

    def stop_at_third() -> None:
        steps.append(1)
        if len(steps) == 3:
            stop.set()
            time.sleep(0.2)

    generator = replace(bench.generator, image_model=SlowPainter(at_step=stop_at_third))
    job = generator.enqueue("rice", MARKETER)
    generator.work_once("worker", stop)
    assert len(steps) == 3
    assert bench.repository.job(job.id).state is JobState.RUNNING
    assert "failed" not in bench.repository.job(job.id).message
    assert bench.repository.creatives("rice") == ()


def test_a_stopping_worker_leaves_the_job_to_the_next(bench: Bench) -> None:
    job = bench.generator.enqueue("rice", MARKETER)
    stop = threading.Event()
    stop.set()
    bench.generator.work_once("first", stop)
    assert bench.repository.job(job.id).state is JobState.RUNNING
    assert bench.repository.creatives("rice") == ()
    later = replace(bench.generator, clock=lambda: datetime.now(UTC).replace(year=2030))
    assert later.work_once("second")
    assert bench.repository.job(job.id).state is JobState.DONE


def test_a_running_job_is_returned_instead_of_a_second_one(bench: Bench) -> None:
    first = bench.generator.enqueue("rice", MARKETER)
    assert bench.generator.enqueue("rice", ADMIN).id == first.id


def test_a_bug_is_shown_and_ends_the_job(bench: Bench) -> None:
    def bug(request: object) -> None:
        raise ZeroDivisionError("oops")

    bench.text.before = bug
    bench.generator.enqueue("rice", MARKETER)
    with pytest.raises(ZeroDivisionError):
        bench.generator.work_once("worker")
    (job,) = bench.repository.jobs("rice")
    assert job.state is JobState.FAILED
    assert "oops" in job.message


def test_a_reviewer_may_not_generate(bench: Bench) -> None:
    with pytest.raises(NotAllowed):
        bench.generator.enqueue("rice", REVIEWER)


@pytest.mark.parametrize("locale", ["en-US", "de-DE", "ja-JP", "ar-SA"])
def test_variants_differ_in_angle_and_avoid_what_the_market_avoids(locale: str) -> None:
    pack = MarketLibrary().pack(locale)
    brief = a_brief(variants_per_market=6)
    plans = plan_variants(brief, pack, FakeImageModel().sets_for(brief.product))
    assert len({plan.angle for plan in plans}) == 6
    assert not {plan.set for plan in plans} & set(pack.sets_avoided)
    assert {plan.shows_offer for plan in plans} == {True, False}
    assert len({plan.seed for plan in plans}) == 6
