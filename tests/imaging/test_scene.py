"""Sets are checked when they are read, and cropped so that every shape looks composed."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image

from studio.errors import BriefError, NotFound
from studio.imaging.scene import Framing, SceneSpec, crop_for, load_scene, set_ids, shown_areas
from tests.imaging.examples import CANVAS, SET, a_set

BIG = SceneSpec.model_validate({**SET, "size_px": (1440, 1920), "px_per_cm": 24.0})


def test_a_set_is_found_by_its_folder(tmp_path: Path) -> None:
    a_set(tmp_path)
    (tmp_path / "not-a-set").mkdir()
    assert set_ids(tmp_path) == ("plain",)
    scene = load_scene(tmp_path / "plain")
    assert scene.beauty.shape == (CANVAS[1], CANVAS[0], 3)
    assert scene.mask("wall")[0, 0] == 255
    assert scene.mask("surface")[-1, 0] == 255


def test_a_second_load_decodes_nothing_until_a_file_changes(tmp_path: Path) -> None:
    folder = a_set(tmp_path)
    first = load_scene(folder)
    assert load_scene(folder) is first
    Image.new("RGB", CANVAS, "white").save(folder / "masks.png")
    assert load_scene(folder).fingerprint != first.fingerprint


BARE = Framing(bare=True)


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"anchor": [0.5, 1.4]}, "anchor.1"),
        ({"px_per_cm": 0}, "px_per_cm"),
        ({"light": {**SET["light"], "from": "below"}}, "light.from"),
        ({"surface": {"material": "glass", "gloss": 3}}, "surface.gloss"),
        ({"masks": {"r": "wall", "g": "table"}}, "masks.b"),
        ({"schema": 3}, "schema"),
    ],
)
def test_a_wrong_field_is_named_with_its_file(
    tmp_path: Path, changes: dict[str, object], field: str
) -> None:
    folder = a_set(tmp_path, **changes)
    with pytest.raises(BriefError) as raised:
        load_scene(folder)
    assert raised.value.field == field
    assert raised.value.file.endswith("set.yaml")


def test_a_folder_of_another_name_is_refused(tmp_path: Path) -> None:
    folder = a_set(tmp_path)
    folder.rename(tmp_path / "other")
    with pytest.raises(BriefError, match="must be the folder's name, other"):
        load_scene(tmp_path / "other")


def test_yaml_that_is_none_is_refused(tmp_path: Path) -> None:
    folder = a_set(tmp_path)
    (folder / "set.yaml").write_text("a: [1, 2\nb: }")
    with pytest.raises(BriefError, match="is no readable YAML"):
        load_scene(folder)


def test_a_missing_and_a_broken_pass_are_named(tmp_path: Path) -> None:
    folder = a_set(tmp_path)
    (folder / "depth.png").write_text("no picture")
    with pytest.raises(BriefError, match=r"depth\.png: is no readable PNG"):
        load_scene(folder)
    (folder / "depth.png").unlink()
    with pytest.raises(BriefError, match=r"no depth\.webp or depth\.png"):
        load_scene(folder)


def test_a_pass_of_another_shape_is_refused(tmp_path: Path) -> None:
    folder = a_set(tmp_path)
    Image.new("L", (200, 200)).save(folder / "depth.png")
    with pytest.raises(BriefError, match="200 × 200 px, not 480 × 640"):
        load_scene(folder)


def test_a_set_that_is_not_there_is_named(tmp_path: Path) -> None:
    with pytest.raises(NotFound, match="There is no set 'moon'"):
        load_scene(tmp_path / "moon")


@given(
    st.sampled_from([(1080, 1080), (1080, 1350), (1080, 1920), (1200, 628), (600, 900)]),
    st.floats(3, 60),
    st.floats(-1, 1),
)
def test_a_crop_has_the_asked_shape_and_stays_on_the_canvas(
    size: tuple[int, int], product_cm: float, jitter: float
) -> None:
    crop = crop_for(
        BIG,
        size_px=size,
        product_cm=(product_cm, product_cm * 0.85),
        framing=Framing(jitter=jitter),
    )
    assert crop.width / crop.height == pytest.approx(size[0] / size[1])
    assert crop.left >= 0
    assert crop.top >= 0
    assert crop.left + crop.width <= 1440 + 1e-6
    assert crop.top + crop.height <= 1920 + 1e-6


@pytest.mark.parametrize(
    ("size", "share"), [((1080, 1080), 0.775), ((1080, 1350), 0.70), ((1080, 1920), 0.68)]
)
def test_the_foot_stands_where_the_shape_wants_it(size: tuple[int, int], share: float) -> None:
    crop = crop_for(BIG, size_px=size, product_cm=(27, 23))
    x, y = crop.shown(0.5 * 1440, 0.68 * 1920)
    assert x / size[0] == pytest.approx(0.5)
    assert y / size[1] == pytest.approx(share, abs=0.015)


def test_a_square_crop_shows_the_whole_width_at_three_quarters() -> None:
    """1440 canvas px in 1080: the anchor row 1305.6 is 1116 px below the crop's top edge."""
    crop = crop_for(BIG, size_px=(1080, 1080), product_cm=(27, 23))
    assert crop.scale == pytest.approx(0.75)
    assert crop.top == pytest.approx(1305.6 - 0.775 * 1440)


def test_text_areas_move_with_the_crop() -> None:
    """The area spans canvas rows 96 to 768; what lies above the crop is cut off."""
    crop = crop_for(BIG, size_px=(1080, 1350), product_cm=(27, 23))
    (area,) = shown_areas(BIG, crop)
    assert area.top == pytest.approx(max(0.0, (96 - crop.top) / crop.height))
    assert area.bottom == pytest.approx((768 - crop.top) / crop.height)


@pytest.mark.parametrize(("width_cm", "height_cm"), [(6.5, 5.0), (25.0, 50.0), (35.0, 10.0)])
def test_on_a_stage_of_free_scale_every_product_is_as_large(
    width_cm: float, height_cm: float
) -> None:
    """Its longer side takes 25 cm of the stage: 25 × 24 px of the canvas."""
    stage = BIG.model_copy(update={"scale": "free"})
    crop = crop_for(stage, size_px=(1080, 1080), product_cm=(width_cm, height_cm))
    assert crop.px_per_cm * max(width_cm, height_cm) == pytest.approx(600)


def test_in_a_wide_picture_the_product_can_stand_aside() -> None:
    wide = BIG.model_copy(update={"size_px": (2880, 2160), "px_per_cm": 27.0})
    crop = crop_for(
        wide, size_px=(1200, 628), product_cm=(25, 22), framing=Framing(stand_x=0.7)
    )
    x, _ = crop.shown(0.5 * 2880, 0.68 * 2160)
    assert x / 1200 == pytest.approx(0.7)


def test_a_tall_product_keeps_air_above_in_a_wide_picture() -> None:
    """40 cm × 27 px in 62 % of the height: the window is 1742 px high or more."""
    wide = BIG.model_copy(update={"size_px": (2880, 2160), "px_per_cm": 27.0})
    crop = crop_for(wide, size_px=(1920, 1080), product_cm=(20, 40))
    assert crop.height == pytest.approx(min(40 * 27 / 0.62, 2880 * 9 / 16))


def test_over_a_tall_product_in_a_story_there_is_room_for_words() -> None:
    """Its 40 cm fill 36 % of the height, or 62 % where no words stand on the picture."""
    wide = BIG.model_copy(update={"size_px": (2880, 2160), "px_per_cm": 16.0})
    story = crop_for(wide, size_px=(1080, 1920), product_cm=(20, 40))
    assert 40 * 16 / story.height == pytest.approx(0.36, abs=0.002)
    bare = crop_for(wide, size_px=(160, 258), product_cm=(20, 40), framing=BARE)
    assert 40 * 16 / bare.height == pytest.approx(min(0.62, 40 * 16 / 2160 * 1.7), abs=0.002)
