"""Variants of a placement that look alike are made anew, and named where that doesn't help."""

from __future__ import annotations

from dataclasses import dataclass, field, replace

import pytest
from PIL import Image

from studio.domain.job import JobState
from studio.imaging.model import PictureRequest
from studio.imaging.typeset import TypesetRequest
from studio.markets.library import MarketLibrary
from studio.workflows.gallery import ATTEMPTS, SAME_COLOURS, another
from tests.examples import a_brief
from tests.fakes import FakeTypesetter, pattern
from tests.imaging.examples import a_placement, a_product
from tests.workflows.test_generate import Bench, bench

__all__ = ["bench"]


@dataclass
class Painter:
    """Paints every ad of a placement alike until one of its conditions is met."""

    by_seed: bool = False
    by_palette: bool = False
    seen: list[TypesetRequest] = field(default_factory=list)

    def __call__(self, request: TypesetRequest) -> Image.Image:
        self.seen.append(request)
        parts = [request.placement.id, request.market.locale]
        parts += [str(request.seed)] if self.by_seed else []
        parts += [request.palette.id] if self.by_palette else []
        return pattern(" ".join(parts))


def painted_by(bench: Bench, painter: Painter) -> Bench:
    finisher = replace(bench.generator.finisher, typesetter=FakeTypesetter(paints=painter))
    return replace(bench, generator=replace(bench.generator, finisher=finisher))


def test_ads_that_differ_are_made_once(bench: Bench) -> None:
    painter = Painter(by_seed=True)
    assert painted_by(bench, painter).run() is JobState.DONE
    assert len(painter.seen) == 8


def test_a_twin_is_made_again_in_other_colours(bench: Bench) -> None:
    """Seeds don't help here: two markets × two placements have a second variant each."""
    brief = a_brief(variants_per_market=5)
    bench.repository.save_brief(brief, "title: y", by="mara", at=bench.generator.clock())
    painter = Painter(by_palette=True)
    assert painted_by(bench, painter).run() is JobState.FAILED
    (job,) = bench.repository.jobs("rice")
    assert "looks like that of v" in job.message
    for market in ("en-US", "de-DE"):
        made = bench.repository.creatives("rice", market=market)
        square = [each for each in made if each.placement == "meta_feed_1x1"]
        assert len({each.picture.palette for each in square}) == len(square) == 4


def test_one_look_for_all_is_a_clear_problem(bench: Bench) -> None:
    painter = Painter()
    assert painted_by(bench, painter).run() is JobState.FAILED
    (job,) = bench.repository.jobs("rice")
    assert f"in every one of {ATTEMPTS} tries; ask for fewer variants" in job.message
    assert len({each.variant for each in bench.repository.creatives("rice")}) == 2
    assert len(bench.repository.creatives("rice")) == 4


def test_ads_of_an_earlier_run_count_too(bench: Bench) -> None:
    """The first variants are there already when the others are made."""
    bench.text.refuses = lambda request: request.variant.startswith("v2")
    painter = Painter()
    alike = painted_by(bench, painter)
    assert alike.run() is JobState.FAILED
    bench.text.refuses = lambda request: False
    assert alike.run() is JobState.FAILED
    assert len(bench.repository.creatives("rice")) == 4


@pytest.fixture
def request_() -> PictureRequest:
    pack = MarketLibrary().pack("de-DE")
    return PictureRequest(
        product=a_product(),
        photos=(),
        pack=pack,
        placement=a_placement(),
        set="plain",
        palette=pack.palettes[1],
        seed=7,
    )


def test_each_try_is_another_request(request_: PictureRequest) -> None:
    """First as planned, then in other crops, then in each of the market's other palettes."""
    tries = [another(request_, a_brief(), attempt) for attempt in range(ATTEMPTS)]
    assert tries[0] is request_
    assert len({each.seed for each in tries}) == ATTEMPTS
    places = [[p.id for p in request_.pack.palettes].index(each.palette.id) for each in tries]
    assert places == [1, 1, 1, 2, 3, 0]
    assert SAME_COLOURS == 3


def test_the_words_of_a_picture_are_attributes_of_its_ad(bench: Bench) -> None:
    bench.run()
    for creative in bench.repository.creatives("rice"):
        assert creative.picture.closeness == 1.0
        assert creative.attributes["framing"] in ("close", "medium", "wide")
        assert creative.attributes["warmth"] == creative.picture.warmth
        assert creative.attributes["busyness"] == creative.picture.busyness == "calm"
