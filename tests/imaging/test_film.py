"""Films: the product keeps its shape, words stay where they may be read, the end card calls."""

from __future__ import annotations

import io
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import av
import cv2
import numpy as np
import pytest

from studio.errors import InputError
from studio.imaging.colour import contrast, luminance
from studio.imaging.end_card import CardMaker, painted_ground
from studio.imaging.film import FilmMaker, FilmRequest, Reel, least_contrast, wipe
from studio.imaging.model import PictureRequest
from studio.imaging.parallax import Camera
from studio.imaging.plates import plates_of
from studio.imaging.sprites import Place, ProductSprite, Sprite
from studio.imaging.staged_model import StagedModel
from studio.imaging.storyboard import ENTER_S, TURN_S
from studio.imaging.text_layers import TextLayer, composite
from studio.imaging.typeset import TypesetRequest, Typesetter
from tests.imaging.examples import SAND, a_copy, a_market, a_placement, a_request, typefaces_of

Requests = Callable[..., PictureRequest]


def a_film(
    requests: Requests, sets_dir: Path, locale: str = "en-US", **changes: object
) -> FilmRequest:
    picture = requests(placement=a_placement(360, 360), **changes)
    staged = StagedModel(sets_dir).stage(picture)
    words = a_copy() if locale == "en-US" else a_copy(
        headline="جودة عالية بسعر في المتناول", body="", cta="تسوّق الآن", offer_line="499 ر.س"
    )  # fmt: skip
    typeset = TypesetRequest(
        image=staged.image,
        product_box=staged.product_box,
        copy=words,
        placement=picture.placement,
        market=a_market(locale),
        typefaces=typefaces_of(locale),
        palette=SAND,
        brand_name="SmartChef",
        seed=3,
    )
    return FilmRequest(picture=picture, typeset=typeset)


@pytest.fixture(scope="module")
def request_(picture_files: Path) -> FilmRequest:
    return a_film(lambda **changes: a_request(picture_files, **changes), picture_files / "sets")


@pytest.fixture(scope="module")
def reel(request_: FilmRequest, picture_files: Path) -> Reel:
    return FilmMaker(picture_files / "sets").reel(request_)


def test_a_picture_taken_apart_goes_together_again(
    request_: FilmRequest, sets_dir: Path
) -> None:
    picture = np.asarray(request_.typeset.image)
    plates = plates_of(request_.picture, picture, sets_dir)
    product = plates.product
    place = Place(product.left_px, product.top_px, product.rgba.shape[1], product.rgba.shape[0])
    frame = plates.ground.copy()
    ProductSprite(product.rgba, place.width).over(frame, place)
    alpha = np.zeros(picture.shape[:2], np.uint8)
    rows = slice(product.top_px, product.bottom_px)
    alpha[rows, product.left_px : product.right_px] = product.rgba[:, :, 3]
    apart = np.abs(frame.astype(int) - picture)
    assert apart[(alpha == 0) & (cv2.dilate(alpha, np.ones((9, 9))) == 0)].max() == 0
    assert apart[alpha == 255].max() <= 1
    assert apart.mean() < 0.5


def test_behind_the_product_is_the_set(request_: FilmRequest, sets_dir: Path) -> None:
    picture = np.asarray(request_.typeset.image)
    plates = plates_of(request_.picture, picture, sets_dir)
    rows = slice(plates.product.top_px + 8, plates.product.top_px + 20)
    columns = slice(plates.product.left_px + 40, plates.product.right_px - 40)
    beside = picture[rows, 4 : plates.product.left_px - 20].mean(axis=(0, 1))
    assert np.abs(plates.ground[rows, columns].mean(axis=(0, 1)) - beside).max() < 25


def test_another_photo_is_refused(request_: FilmRequest, sets_dir: Path) -> None:
    other = np.asarray(request_.typeset.image)[:, ::-1]
    with pytest.raises(InputError, match="generate the campaign again"):
        plates_of(request_.picture, other, sets_dir)


def test_a_painted_picture_is_filled_from_its_surroundings(
    request_: FilmRequest, sets_dir: Path
) -> None:
    picture = np.array(request_.typeset.image)
    plates = plates_of(request_.picture, picture, sets_dir)
    product = plates.product
    painted = np.full_like(picture, (90, 140, 60))
    place = Place(product.left_px, product.top_px, product.rgba.shape[1], product.rgba.shape[0])
    ProductSprite(product.rgba, place.width).over(painted, place)
    ground = plates_of(request_.picture, painted, sets_dir).ground
    assert np.abs(ground.astype(int) - (90, 140, 60)).max() <= 12


def test_the_product_is_only_scaled_and_moved() -> None:
    rgba = np.random.default_rng(0).integers(0, 256, (40, 60, 4), np.uint8)
    rgba[:, :, 3] = 255
    frame = np.zeros((200, 200, 3), np.uint8)
    sprite = ProductSprite(rgba, 60)
    sprite.over(frame, Place(20, 30, 60, 40))
    assert (frame[30:70, 20:80] == rgba[:, :, :3]).all()
    frame[:] = 0
    white = ProductSprite(np.full((40, 60, 4), 255, np.uint8), 60)
    white.over(frame, Place(20.25, 30.5, 90, 60))
    y, x = np.mgrid[0:200, 0:200]
    weight = frame[:, :, 0] / frame[:, :, 0].sum()
    assert (weight * x).sum() == pytest.approx(20.25 + 45 - 0.5, abs=0.1)
    assert (weight * y).sum() == pytest.approx(30.5 + 30 - 0.5, abs=0.1)
    frame[:] = 0
    sprite.over(frame, Place(20, 30, 120, 80))
    lit = np.argwhere(frame.max(axis=2) > 50)
    assert lit.min(axis=0).tolist() == pytest.approx([30, 20], abs=1)
    assert lit.max(axis=0).tolist() == pytest.approx([109, 139], abs=1)


def test_the_product_keeps_its_proportions_in_every_frame(reel: Reel) -> None:
    still = reel._stand(Camera())
    for now in np.linspace(0, reel.board.card_s, 9):
        stand = reel._stand(reel._camera(float(now)))
        assert stand.width / stand.height == pytest.approx(still.width / still.height)


def test_its_way_to_the_end_card_is_a_similarity() -> None:
    start, end = Place(10, 20, 100, 50), Place(60, 100, 200, 100)
    half = start.towards(end, 0.5)
    assert half == Place(35.0, 60.0, 150.0, 75.0)
    grown = start.scaled(1.1)
    assert (grown.bottom, grown.middle) == pytest.approx((start.bottom, start.middle))


def test_a_camera_at_rest_with_all_words_shows_the_still(
    request_: FilmRequest, picture_files: Path
) -> None:
    reel = FilmMaker(picture_files / "sets").reel(request_)
    reel.amount, reel.move = 0.0, reel.board.move
    calm = reel.move.at(0.0, amount=0.0)
    assert calm.push == 0
    moment = reel.board.card_s - 1e-6
    frame = reel.frame(moment).astype(int)
    layers = Typesetter().layers(request_.typeset)
    still = composite(np.asarray(request_.typeset.image), layers).astype(int)
    apart = np.abs(frame - still)
    assert apart.mean() < 0.5
    product = reel._stand(calm)
    outside = np.ones(apart.shape[:2], bool)
    outside[
        int(product.top) - 4 : int(product.bottom) + 4,
        int(product.left) - 4 : int(product.right) + 4,
    ] = False
    assert apart[outside].max() <= 4


def test_words_hold_their_contrast_while_the_camera_moves(
    reel: Reel, request_: FilmRequest
) -> None:
    layers = Typesetter().layers(request_.typeset)
    for way in np.linspace(0, 1, 7).tolist():
        camera = reel._at(way)
        frame = reel._parallax.seen(camera)
        for layer in (each for each in layers if each.is_ground):
            Sprite.of(layer).over(frame)
        assert least_contrast(frame, layers) >= 4.3


def test_contrast_is_measured_on_what_is_behind_the_words() -> None:
    rgba = np.zeros((20, 20, 4), np.uint8)
    rgba[8:12, 2:18] = (255, 255, 255, 255)
    layer = TextLayer(kind="body", group="upper", rgba=rgba, left_px=10, top_px=10)
    ground = np.zeros((60, 60, 3), np.uint8)
    assert least_contrast(ground, [layer]) == pytest.approx(21)
    ground[:] = parse_level(118)
    assert least_contrast(ground, [layer]) == pytest.approx(
        contrast(1.0, luminance(tuple(parse_level(118) / 255))), rel=1e-3
    )


def parse_level(level: int) -> np.ndarray:
    return np.array([level, level, level], np.uint8)


@pytest.mark.parametrize("mirrored", [False, True])
def test_words_are_uncovered_from_where_reading_starts(*, mirrored: bool) -> None:
    rgba = np.full((30, 100, 4), 255, np.uint8)
    sprite = Sprite.of(
        TextLayer(kind="headline", group="upper", rgba=rgba, left_px=20, top_px=10)
    )
    frame = np.zeros((50, 140, 3), np.uint8)
    sprite.entering_over(frame, 0.5, mirrored=mirrored, unit_px=1.0)
    first, last = frame[36, 22:50].mean(), frame[36, 90:118].mean()
    assert (last > 200 and first < 60) if mirrored else (first > 200 and last < 60)
    outside = frame.copy()
    outside[10:40, 20:120] = 0
    assert not outside.any()


def test_words_that_have_entered_are_exactly_those_of_the_still() -> None:
    rgba = np.random.default_rng(5).integers(0, 256, (30, 40, 4), np.uint8)
    layer = TextLayer(kind="body", group="upper", rgba=rgba, left_px=5, top_px=5)
    frame = np.full((60, 60, 3), 90, np.uint8)
    expected = composite(frame, [layer]).astype(int)
    Sprite.of(layer).entering_over(frame, 1.0, mirrored=False, unit_px=1.0)
    assert np.abs(frame.astype(int) - expected).max() <= 2


def test_nothing_is_written_outside_the_safe_zone(reel: Reel, request_: FilmRequest) -> None:
    safe = request_.typeset.placement.safe_zone
    width, height = reel.size
    for layers in (Typesetter().layers(request_.typeset), reel._card.layers):
        for layer in (each for each in layers if not each.is_ground):
            left, top, right, bottom = layer.seen_px
            assert left >= safe.left * width - 1
            assert top >= safe.top * height - 1
            assert right <= (1 - safe.right) * width + 1
            assert bottom <= (1 - safe.bottom) * height + 1


def test_the_first_frame_is_a_whole_picture(reel: Reel) -> None:
    first = reel.frame(0.0)
    assert first.std() > 20
    assert np.abs(first.astype(int) - reel.frame(1 / 30)).mean() < 3


def test_frames_follow_each_other_without_jumps(reel: Reel) -> None:
    last = None
    for now in np.arange(0, reel.board.seconds, 1 / reel.board.fps):
        frame = reel.frame(float(now)).astype(int)
        if last is not None and not (
            reel.board.card_s <= now <= reel.board.card_s + TURN_S + ENTER_S
        ):
            assert np.abs(frame - last).mean() < 4
        last = frame


def test_a_wipe_uncovers_from_the_side_where_reading_starts() -> None:
    for mirrored in (False, True):
        frame, other = np.zeros((4, 100, 3), np.uint8), np.full((4, 100, 3), 200, np.uint8)
        wipe(frame, other, 0.5, mirrored=mirrored)
        shown = frame[0, :, 0]
        assert (shown[60:] > 0).all() if mirrored else not shown[60:].any()
        wipe(frame, other, 1.0, mirrored=mirrored)
        assert (frame == 200).all()


def test_the_end_card_lets_the_product_stand_out(request_: FilmRequest) -> None:
    rgba = np.full((50, 60, 4), 245, np.uint8)
    rgba[:, :, 3] = 255
    card = CardMaker(request_.typeset, rgba, Typesetter()).card()
    around = card.ground[int(card.place.top) + 5, int(card.place.left) - 8] / 255
    assert contrast(luminance(tuple(around.tolist())), luminance((0.96, 0.96, 0.96))) >= 2
    kinds = {layer.kind for layer in card.layers}
    assert {"headline", "offer_line", "cta", "logo"} <= kinds
    assert "body" not in kinds
    assert card.grounded.mean() < card.ground.mean()


def test_a_ground_has_no_steps() -> None:
    ground = painted_ground((200, 200), (0.2, 0.4, 0.35), Place(60, 60, 80, 80))
    middle, corner = ground[95:105, 95:105].mean(), ground[:10, :10].mean()
    assert middle > corner
    rows = ground[100, :, 1].astype(int)
    assert max(len(run) for run in np.split(rows, np.nonzero(np.diff(rows))[0] + 1)) < 12


def test_right_to_left_films_are_mirrored(picture_files: Path) -> None:
    request = a_film(
        lambda **changes: a_request(picture_files, **changes), picture_files / "sets", "ar-SA"
    )
    reel = FilmMaker(picture_files / "sets").reel(request)
    assert reel.board.mirrored
    mirrored = [
        np.sign(reel.board.move.at(way, mirrored=True).across)
        == -np.sign(reel.board.move.at(way).across)
        for way in (0.1, 0.9)
    ]
    assert all(mirrored)


def test_placements_of_other_shapes_are_refused(request_: FilmRequest, sets_dir: Path) -> None:
    with pytest.raises(InputError, match=r"1080 × 1920.*360 × 360"):
        FilmMaker(sets_dir).shoot(request_)


def test_a_film_is_shot_told_and_played(
    request_: FilmRequest, sets_dir: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("studio.domain.placement.FILM_SIZES", ((360, 360),))
    told: list[float] = []
    footage = FilmMaker(sets_dir).shoot(request_, told.append)
    assert told == sorted(told)
    assert told[-1] == 1.0
    with av.open(io.BytesIO(footage.data)) as film:
        count = sum(1 for _ in film.decode(video=0))
    assert count == round(footage.seconds * footage.fps) == len(told)
    assert 6 <= footage.seconds <= 15
    assert footage.vtt.startswith("WEBVTT")
    assert "Perfect rice, every night" in footage.srt


def test_what_shapes_a_film_shapes_its_fingerprint(
    request_: FilmRequest, sets_dir: Path
) -> None:
    maker = FilmMaker(sets_dir)
    own = maker.fingerprint(request_, "a" * 64)
    assert maker.fingerprint(request_, "a" * 64) == own
    assert maker.fingerprint(request_, "b" * 64) != own
    assert maker.fingerprint(replace(request_, fps=25), "a" * 64) != own
    other = replace(request_, typeset=replace(request_.typeset, seed=4))
    assert maker.fingerprint(other, "a" * 64) != own


def test_a_layout_with_a_window_is_filmed_through_it(
    request_: FilmRequest, picture_files: Path
) -> None:
    asked = replace(request_.typeset, layout="split")
    layers = Typesetter().layers(asked)
    (window,) = (layer for layer in layers if layer.kind == "window")
    reel = FilmMaker(picture_files / "sets").reel(replace(request_, typeset=asked))
    frame = reel.frame(reel.board.card_s / 2)
    outside = np.ones(frame.shape[:2], bool)
    outside[window.rows, window.columns] = False
    assert len(np.unique(frame[: window.top_px + 6][outside[: window.top_px + 6]], axis=0)) < 20
    shown = reel._framed(reel._parallax.seen(reel._camera(1.0)))
    assert not shown[outside].any()
    left, top = window.origin
    seen = reel._parallax.seen(reel._camera(1.0))
    assert (shown[window.top_px, window.left_px] == seen[top, left]).all()


def test_the_shadow_goes_on_under_the_product(request_: FilmRequest, sets_dir: Path) -> None:
    picture = np.asarray(request_.typeset.image)
    plates = plates_of(request_.picture, picture, sets_dir)
    product = plates.product
    column = (product.left_px + product.right_px) // 2
    alpha = product.rgba[:, column - product.left_px, 3]
    foot = product.top_px + int(np.nonzero(alpha)[0].max())
    outside = picture[foot + 3, column].astype(int)
    inside = plates.ground[foot - 2, column].astype(int)
    assert np.abs(outside - inside).max() <= 14
