"""The set's light comes to within the stated difference of the photo's."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image

from studio.imaging.balance import (
    MAX_LIGHT_DELTA_E,
    as_white,
    balance_for,
    black_body,
    estimated_white,
    set_white,
    white_delta_e,
)
from studio.imaging.colour import bytes_from_linear, linear_from_bytes
from studio.imaging.model import PictureRequest
from studio.imaging.staged_model import StagedModel
from tests.imaging.examples import SAND, a_packshot

NEUTRAL = as_white((1, 1, 1))


def light_of(temperature_k: float) -> np.ndarray:
    """The white of a light of this temperature in a picture balanced for 6500 K."""
    return as_white(black_body(temperature_k) / black_body(6500))


def tinted(rgba: np.ndarray, white: np.ndarray) -> np.ndarray:
    """The same product photographed in another light, as bright as that allows."""
    linear = linear_from_bytes(rgba[:, :, :3]) * (white / white.max()).astype(np.float32)
    return np.concatenate([bytes_from_linear(linear), rgba[:, :, 3:]], axis=2)


@pytest.fixture(scope="module")
def packshot(tmp_path_factory: pytest.TempPathFactory) -> np.ndarray:
    file = a_packshot(tmp_path_factory.mktemp("photo") / "left.png")
    return np.asarray(Image.open(file))


def plain(colour: tuple[int, int, int]) -> np.ndarray:
    """A ball of one colour, lit from the left, on nothing."""
    y, x = np.mgrid[-1:1:120j, -1:1:120j]
    shade = np.clip(0.75 - 0.35 * x, 0, 1)[:, :, None]
    rgb = bytes_from_linear(linear_from_bytes(np.array(colour, np.uint8)) * shade)
    alpha = ((x**2 + y**2 < 0.9) * 255).astype(np.uint8)
    return np.concatenate([rgb, alpha[:, :, None]], axis=2)


@pytest.mark.parametrize("temperature_k", [3600, 4200, 5000, 5800, 6500, 7500, 9000])
def test_the_light_of_a_tinted_photo_is_found(
    packshot: np.ndarray, temperature_k: float
) -> None:
    """Against what the same photo says untinted, so that only the tint is asked for."""
    light = light_of(temperature_k)
    found = estimated_white(tinted(packshot, light))
    expected = as_white(light * estimated_white(packshot))
    assert white_delta_e(found, expected) < 1.0


@pytest.mark.parametrize(
    "colour", [(200, 30, 40), (30, 60, 160), (20, 120, 60), (12, 12, 13), (230, 180, 20)]
)
def test_a_product_without_bright_greys_says_nothing_of_the_light(
    colour: tuple[int, int, int],
) -> None:
    assert white_delta_e(estimated_white(plain(colour)), NEUTRAL) < 0.5


def test_a_white_product_is_balanced_and_an_empty_cut_out_too() -> None:
    assert white_delta_e(estimated_white(plain((245, 245, 245))), NEUTRAL) < 0.2
    assert white_delta_e(estimated_white(np.zeros((9, 9, 4), np.uint8)), NEUTRAL) == 0


@given(st.floats(3600, 10000), st.floats(1800, 12000))
def test_the_bound_holds_for_every_photo_and_set(photo_k: float, set_k: float) -> None:
    photo = light_of(photo_k)
    light = balance_for(photo, temperature_k=set_k)
    things = as_white(set_white(set_k) * light.gains)
    assert white_delta_e(things, photo) <= MAX_LIGHT_DELTA_E + 0.01
    assert white_delta_e(as_white(light.tint), photo) <= MAX_LIGHT_DELTA_E + 0.01
    assert light.light_delta_e <= MAX_LIGHT_DELTA_E + 0.01


def test_a_set_near_the_photo_keeps_its_mood() -> None:
    """5000 K differs by 2.7 from a balanced photo: nothing is changed."""
    light = balance_for(NEUTRAL, temperature_k=5000)
    assert light.gains.tolist() == pytest.approx([1, 1, 1])
    assert light.tint.tolist() == pytest.approx([1, 1, 1])
    assert light.light_delta_e == pytest.approx(2.75, abs=0.05)


def test_lamplight_is_brought_towards_daylight_but_not_all_the_way() -> None:
    light = balance_for(NEUTRAL, temperature_k=2900)
    assert light.gains[2] > light.gains[1] > light.gains[0]
    assert light.light_delta_e == pytest.approx(MAX_LIGHT_DELTA_E, abs=0.01)


@pytest.mark.parametrize("temperature_k", [4000, 9000])
def test_a_grey_thing_in_the_finished_set_has_the_photos_light(
    requests: Callable[..., PictureRequest],
    sets_dir: Path,
    packshot: np.ndarray,
    tmp_path: Path,
    temperature_k: float,
) -> None:
    """The plain set painted grey, compared by its pixels with the light put on the photo.

    The drawn product is a little warm itself, which counts as its photo's light.
    """
    photo = tmp_path / "tinted.png"
    Image.fromarray(tinted(packshot, light_of(temperature_k))).save(photo)
    light = as_white(light_of(temperature_k) * estimated_white(packshot))
    grey = {"wall": "#BDBDBD", "surface": "#BDBDBD", "accent": "#BDBDBD"}
    palette = replace(SAND, **grey)
    staged = StagedModel(sets_dir).stage(requests(photos=(photo, photo), palette=palette))
    corner = linear_from_bytes(np.asarray(staged.image)[4:24, 4:24]).mean(axis=(0, 1))
    assert white_delta_e(as_white(corner), light) <= MAX_LIGHT_DELTA_E + 0.5
    assert white_delta_e(as_white(corner), NEUTRAL) > MAX_LIGHT_DELTA_E
    assert staged.light_delta_e == pytest.approx(MAX_LIGHT_DELTA_E, abs=0.05)
