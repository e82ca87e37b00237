"""The built-in image model keeps the contract and stages as an art director would."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from studio.errors import InputError
from studio.imaging.cutout import cut_out, resampled
from studio.imaging.model import PictureRequest
from studio.imaging.scene import load_scene
from studio.imaging.staged_model import StagedModel
from studio.imaging.staging import crop_of
from tests.contracts.image_model import ImageModelContract
from tests.imaging.examples import NIGHT, a_packshot, a_placement, a_product, a_set


class TestStagedModel(ImageModelContract):
    @pytest.fixture
    def model(self, sets_dir: Path) -> StagedModel:
        return StagedModel(sets_dir)


def test_a_set_lit_from_the_right_takes_the_photo_lit_from_the_right(
    requests: Callable[..., PictureRequest], tmp_path: Path
) -> None:
    light = {
        "from": "right",
        "azimuth_deg": 50,
        "elevation_deg": 40,
        "softness": 0.6,
        "temperature_k": 5000,
    }
    a_set(tmp_path / "sets", light=light)
    request = requests()
    staged = StagedModel(tmp_path / "sets").stage(request)
    width, height = staged.image.size
    box = staged.product_box
    left, right = round(box.left * width), round(box.right * width)
    top, bottom = round(box.top * height), round(box.bottom * height)
    source = resampled(cut_out(request.photos[1]).rgba, right - left, bottom - top)
    opaque = source[:, :, 3] == 255
    shown = np.asarray(staged.image)[top:bottom, left:right]
    assert np.array_equal(shown[opaque], source[:, :, :3][opaque])


def test_the_product_stands_at_true_size(
    requests: Callable[..., PictureRequest], sets_dir: Path
) -> None:
    """The canvas has 8 px a centimetre, so 27 cm are 216 px, times the crop's enlargement."""
    request = requests(placement=a_placement(360, 640))
    crop = crop_of(request, load_scene(sets_dir / "plain"))
    box = StagedModel(sets_dir).stage(request).product_box
    assert 1.0 <= crop.scale < 1.04
    assert round((box.right - box.left) * 360) == round(216 * crop.scale)


def test_palettes_change_the_set_and_not_the_product(
    requests: Callable[..., PictureRequest], sets_dir: Path
) -> None:
    model = StagedModel(sets_dir)
    day, night = (
        np.asarray(model.stage(requests(**change)).image).astype(int)
        for change in ({}, {"palette": NIGHT})
    )
    assert day[5, 5].sum() - night[5, 5].sum() > 200
    assert np.array_equal(day[160:180, 130:140], night[160:180, 130:140])


def test_the_product_darkens_the_ground_it_stands_on_away_from_the_light(
    requests: Callable[..., PictureRequest], sets_dir: Path
) -> None:
    """The light comes from the left: right of the foot is darker than left of it."""
    staged = StagedModel(sets_dir).stage(requests())
    pixels = np.asarray(staged.image).astype(float).mean(axis=2)
    box = staged.product_box
    row = round(box.bottom * 270) - 8
    left, right = round(box.left * 270), round(box.right * 270)
    assert pixels[row, right + 4] < pixels[row, left - 5] - 10
    assert pixels[row, left - 5] < pixels[row, 3]


def test_a_wardrobe_does_not_fit_on_a_table(
    requests: Callable[..., PictureRequest], sets_dir: Path
) -> None:
    product = a_product()
    wide = type(product)(
        name=product.name,
        category=product.category,
        photos=product.photos,
        width_cm=180,
        height_cm=200,
    )
    with pytest.raises(InputError, match=r"product\.width_cm: 180 cm is too large"):
        StagedModel(sets_dir).stage(requests(product=wide))


def test_a_thumbnail_of_the_product_is_refused_with_the_size_that_is_needed(
    requests: Callable[..., PictureRequest], sets_dir: Path, tmp_path: Path
) -> None:
    small = a_packshot(tmp_path / "small.png", width=60)
    with pytest.raises(InputError, match=r"small\.png is only \d+ px wide; .* needs \d+ px"):
        StagedModel(sets_dir).stage(
            requests(photos=(small, small), placement=a_placement(1080, 1080))
        )


def test_a_dark_set_is_painted_in_the_palettes_deep_colour(
    requests: Callable[..., PictureRequest], sets_dir: Path, tmp_path: Path
) -> None:
    """The same set rendered five times darker: its sand wall becomes a brown as of the ink."""
    folder = a_set(tmp_path / "sets")
    with Image.open(folder / "beauty.webp") as image:
        dark = (np.asarray(image) * 0.2).astype(np.uint8)
    Image.fromarray(dark).save(folder / "beauty.webp", quality=95)
    corners = [
        np.asarray(StagedModel(folder_).stage(requests()).image)[5:25, 5:25].mean(axis=(0, 1))
        for folder_ in (sets_dir, tmp_path / "sets")
    ]
    assert corners[0].min() > 140
    assert corners[1].max() < 75
    assert corners[1][0] > corners[1][2]
