"""A set in the mirror: everything changes sides, and twice is as before."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from studio.domain.brief import Photo
from studio.imaging.mirror import mirrored
from studio.imaging.model import PictureRequest
from studio.imaging.scene import load_scene
from studio.imaging.staged_model import StagedModel
from studio.imaging.staging import scene_of
from tests.imaging.examples import a_set


def test_passes_light_and_areas_change_sides(tmp_path: Path) -> None:
    folder = a_set(tmp_path, text_areas=[[0.1, 0.05, 0.4, 0.3]], anchor=[0.6, 0.68])
    scene = load_scene(folder)
    turned = mirrored(scene)
    assert np.array_equal(turned.beauty[:, 0], scene.beauty[:, -1])
    assert np.array_equal(turned.mask("accent"), scene.mask("accent")[:, ::-1])
    assert np.array_equal(turned.occlusion[:, ::-1], scene.occlusion)
    assert (turned.spec.light.side, turned.spec.light.azimuth_deg) == ("right", 50)
    assert turned.spec.anchor == pytest.approx((0.4, 0.68))
    assert turned.spec.text_areas[0] == pytest.approx((0.6, 0.05, 0.9, 0.3))
    assert turned.fingerprint != scene.fingerprint


def test_twice_is_as_before(sets_dir: Path) -> None:
    scene = load_scene(sets_dir / "plain")
    again = mirrored(mirrored(scene))
    assert np.array_equal(again.beauty, scene.beauty)
    assert again.spec.light == scene.spec.light
    assert again.spec.text_areas[0] == pytest.approx(scene.spec.text_areas[0])


def lit_from(request: PictureRequest, *sides: str) -> PictureRequest:
    photos = tuple(
        Photo(path=path.name, light_from=side)
        for path, side in zip(request.photos, sides, strict=False)
    )
    product = replace(request.product, photos=photos)
    return replace(request, product=product, photos=request.photos[: len(sides)])


def test_only_a_photo_of_the_other_side_mirrors_the_set(
    requests: Callable[..., PictureRequest], sets_dir: Path
) -> None:
    """The plain set is lit from the left."""
    for sides, side in (
        (("right",), "right"),
        (("right", "right"), "right"),
        (("left",), "left"),
        (("right", "left"), "left"),
        (("front",), "left"),
    ):
        assert scene_of(lit_from(requests(), *sides), sets_dir).spec.light.side == side


def test_the_shadow_falls_away_from_the_photos_light(
    requests: Callable[..., PictureRequest], sets_dir: Path
) -> None:
    staged = StagedModel(sets_dir).stage(lit_from(requests(), "right"))
    pixels = np.asarray(staged.image).astype(float).mean(axis=2)
    box = staged.product_box
    row = round(box.bottom * 270) - 8
    left, right = round(box.left * 270), round(box.right * 270)
    assert pixels[row, left - 5] < pixels[row, right + 4] - 10
