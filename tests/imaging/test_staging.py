"""Where a picture's product stands, and how large the picture is, by placement and market."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from studio.imaging.model import PictureRequest
from studio.imaging.scene import load_scene
from studio.imaging.staged_model import StagedModel
from studio.imaging.staging import crop_of, request_fingerprint, stand_x
from tests.imaging.examples import a_pack, a_placement, a_set

Requests = Callable[..., PictureRequest]
WIDE = a_placement(600, 314)


def test_in_wide_pictures_the_product_leaves_the_start_side_free(requests: Requests) -> None:
    assert stand_x(requests(placement=WIDE)) == 0.7
    assert stand_x(requests(placement=WIDE, pack=a_pack("ar-SA"))) == pytest.approx(0.3)
    assert stand_x(requests(placement=a_placement(540, 675))) == 0.5
    assert stand_x(requests(placement=a_placement(728, 90))) == 0.5


def test_it_really_stands_there(requests: Requests, tmp_path: Path) -> None:
    a_set(tmp_path / "sets", size=(1280, 960), px_per_cm=12)
    model = StagedModel(tmp_path / "sets")
    for locale, least, most in (("en-US", 0.62, 0.78), ("ar-SA", 0.22, 0.38)):
        box = model.stage(requests(placement=WIDE, pack=a_pack(locale))).product_box
        assert least < (box.left + box.right) / 2 < most


@pytest.mark.parametrize(
    ("size", "expected"), [((728, 90), (130, 90)), ((160, 600), (160, 258))]
)
def test_banners_get_a_picture_of_their_windows_size(
    requests: Requests, sets_dir: Path, size: tuple[int, int], expected: tuple[int, int]
) -> None:
    request = requests(placement=a_placement(*size))
    assert StagedModel(sets_dir).stage(request).image.size == expected


def test_the_side_is_part_of_a_pictures_fingerprint(requests: Requests, sets_dir: Path) -> None:
    scene = load_scene(sets_dir / "plain")
    prints = {
        request_fingerprint(requests(placement=WIDE, pack=a_pack(locale)), scene, {})
        for locale in ("en-US", "ar-SA")
    }
    assert len(prints) == 2


def test_the_seed_moves_a_crop_a_little(requests: Requests, sets_dir: Path) -> None:
    scene = load_scene(sets_dir / "plain")
    lefts = {round(crop_of(requests(seed=seed), scene).left, 3) for seed in range(6)}
    assert len(lefts) > 3
