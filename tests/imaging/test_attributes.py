"""A picture's words follow from numbers worked by hand."""

from __future__ import annotations

import math
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
from PIL import Image, ImageDraw

from studio.domain.geometry import Box
from studio.imaging.attributes import busyness, edge_share, framing, warmth, warmth_value
from studio.imaging.difference import lab
from studio.imaging.model import PictureRequest
from studio.imaging.staged_model import StagedModel
from tests.imaging.examples import a_placement, a_set


def plain(colour: str) -> Image.Image:
    return Image.new("RGB", (300, 200), colour)


def stripes(every_px: int) -> Image.Image:
    """Black lines of 3 px on white at 256 px of width, each with two edges."""
    image = Image.new("RGB", (256, 256), "white")
    draw = ImageDraw.Draw(image)
    for left in range(every_px // 2, 256, every_px):
        draw.rectangle((left, 0, left + 2, 255), fill="black")
    return image


@pytest.mark.parametrize(
    ("width", "height", "word"),
    [(0.45, 0.38, "medium"), (0.48, 0.38, "close"), (0.42, 0.38, "wide"), (0.2, 0.66, "close")],
)
def test_framing_in_a_square(width: float, height: float, word: str) -> None:
    """A product usually fills 45 % of a square's width, or 62 % of its height if it is tall."""
    box = Box(left=0.3, top=0.2, right=0.3 + width, bottom=0.2 + height)
    assert framing(box, (1080, 1080)) == word


def test_framing_asks_for_more_in_a_story() -> None:
    """In 9:16 the usual width is 60 %."""
    box = Box(left=0.2, top=0.4, right=0.7, bottom=0.6)
    assert framing(box, (1080, 1920)) == "wide"
    assert framing(box, (1080, 1080)) == "close"


@pytest.mark.parametrize(
    ("closeness", "word"), [(1.0, "medium"), (1.08, "close"), (0.86, "wide")]
)
@pytest.mark.parametrize("size", [(360, 360), (320, 400), (360, 640)])
def test_framing_follows_how_close_the_picture_was_asked_for(
    requests: Callable[..., PictureRequest],
    tmp_path: Path,
    closeness: float,
    word: str,
    size: tuple[int, int],
) -> None:
    a_set(tmp_path, size=(1600, 1600), px_per_cm=17)
    request = requests(placement=a_placement(*size), closeness=closeness)
    staged = StagedModel(tmp_path).stage(request)
    assert framing(staged.product_box, size) == word


def test_warmth_by_its_formula() -> None:
    """A grey has no chroma: -0.5. Orange of hue near 50° is warm, blue is cool."""
    assert warmth_value(plain("#808080")) == pytest.approx(-0.5, abs=0.005)
    red, green, blue = 217, 140, 95
    _, a, b = lab(np.array([red, green, blue], np.uint8))
    chroma, hue = math.hypot(a, b), math.degrees(math.atan2(b, a))
    by_hand = -0.5 + 0.02 * chroma**1.07 * math.cos(math.radians(hue - 50))
    assert warmth_value(Image.new("RGB", (80, 80), (red, green, blue))) == pytest.approx(
        by_hand
    )
    assert [warmth(plain(colour)) for colour in ("#D98C5F", "#D8CCB8", "#7FA0C0")] == [
        *("warm", "neutral", "cool")
    ]


def test_busyness_is_the_share_of_edges() -> None:
    """Two edges of one pixel every 64, 33 and 22 px: 3.1, 6.1 and 9.1 % of the pixels."""
    assert edge_share(plain("#405060")) == 0
    for every, word in ((64, "calm"), (33, "balanced"), (22, "busy")):
        assert edge_share(stripes(every)) == pytest.approx(2 / every, rel=0.15)
        assert busyness(stripes(every)) == word


def test_busyness_does_not_depend_on_the_pictures_size() -> None:
    big = stripes(33).resize((1024, 1024), Image.Resampling.LANCZOS)
    assert busyness(big) == busyness(stripes(33))
