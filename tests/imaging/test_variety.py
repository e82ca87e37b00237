"""The same picture is recognised through compression and small changes, others are not."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from io import BytesIO
from pathlib import Path

import numpy as np
import pytest
from PIL import Image, ImageDraw

from studio.imaging.model import PictureRequest
from studio.imaging.staged_model import StagedModel
from studio.imaging.variety import look_of
from tests.imaging.examples import NIGHT, SAND, a_placement


def encoded(image: Image.Image, **options: object) -> bytes:
    buffer = BytesIO()
    image.save(buffer, **options)  # type: ignore[arg-type]
    return buffer.getvalue()


@pytest.fixture(scope="module")
def picture(requests: Callable[..., PictureRequest], sets_dir: Path) -> Image.Image:
    request = requests(placement=a_placement(400, 400))
    return StagedModel(sets_dir).stage(request).image


def test_compression_and_a_few_words_do_not_make_another_picture(picture: Image.Image) -> None:
    look = look_of(encoded(picture, format="PNG"))
    assert look.is_like(look_of(encoded(picture, format="JPEG", quality=60)))
    worded = picture.copy()
    ImageDraw.Draw(worded).text((150, 40), "another headline", fill="#2A2018")
    assert look.is_like(look_of(encoded(worded, format="PNG")))


def test_size_does_not_matter(picture: Image.Image) -> None:
    big = picture.resize((1080, 1080), Image.Resampling.LANCZOS)
    assert look_of(encoded(picture, format="PNG")).is_like(look_of(encoded(big, format="JPEG")))


def test_other_colours_are_another_picture(
    requests: Callable[..., PictureRequest], sets_dir: Path
) -> None:
    """Hashes are of grey values: two palettes of one lightness differ in colour alone."""
    placement = a_placement(400, 400)
    green = replace(SAND, wall="#B5CCB0", surface="#53703F", accent="#8A4B6B")
    looks = [
        look_of(encoded(StagedModel(sets_dir).stage(request).image, format="PNG"))
        for request in (
            requests(placement=placement),
            requests(placement=placement, palette=green),
            requests(placement=placement, palette=NIGHT),
        )
    ]
    assert not looks[0].is_like(looks[1])
    assert not looks[0].is_like(looks[2])
    assert looks[0].perception - looks[1].perception <= 8


def test_the_mirror_image_is_another_picture(picture: Image.Image) -> None:
    mirrored = picture.transpose(Image.Transpose.FLIP_LEFT_RIGHT)
    look = look_of(encoded(picture, format="PNG"))
    assert not look.is_like(look_of(encoded(mirrored, format="PNG")))


def test_the_distance_of_colours_is_their_mean_difference() -> None:
    """White and black differ by 100; half a picture of each from white by 50."""
    white, black = (
        look_of(encoded(Image.new("RGB", (64, 64), c), format="PNG"))
        for c in ("white", "black")
    )
    half = Image.new("RGB", (64, 64), "white")
    half.paste("black", (0, 0, 32, 64))
    assert white.distance(black) == pytest.approx(100, abs=0.01)
    assert white.distance(look_of(encoded(half, format="PNG"))) == pytest.approx(50, abs=0.01)
    assert white.is_like(white)
    assert np.isfinite(black.colours).all()
