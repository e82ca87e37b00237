"""What a pipeline is shown, in pixels: window, mask, depth, and the way back."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from studio.imaging.diffusion_canvas import (
    Canvas,
    canvas_for,
    hard_mask,
    window_for,
    working_size,
)
from studio.imaging.model import PictureRequest
from studio.imaging.scene import Crop
from tests.imaging.examples import a_placement

Requests = Callable[..., PictureRequest]


def a_crop(**changes: object) -> Crop:
    values: dict[str, object] = {
        "left": 200.0,
        "top": 500.0,
        "width": 2000.0,
        "height": 250.0,
        "width_px": 800,
        "height_px": 100,
        "px_per_cm": 20.0,
    }
    return Crop(**{**values, **changes})  # type: ignore[arg-type]


@pytest.fixture
def canvas(requests: Requests, sets_dir: Path) -> Canvas:
    return canvas_for(requests(), sets_dir)


def test_a_strip_becomes_twice_as_wide_as_high() -> None:
    """800 × 100 px at 0.4: 400 px high, 150 px more above and below, 375 canvas pixels each."""
    window, offset = window_for(a_crop(), (2880, 2160))
    assert (window.width_px, window.height_px) == (800, 400)
    assert offset == (0, 150)
    assert (window.top, window.height) == (125.0, 1000.0)


def test_where_the_canvas_ends_the_other_side_gives_more() -> None:
    """Only 40 of the 150 px are there above (100 canvas pixels); 260 come from below."""
    window, offset = window_for(a_crop(top=100.0), (2880, 2160))
    assert offset == (0, 40)
    assert (window.top, window.height_px) == (0.0, 400)


def test_a_small_canvas_gives_what_it_has() -> None:
    window, _ = window_for(a_crop(top=0.0), (2880, 500))
    assert window.height_px == 200


@given(
    left=st.floats(0, 800),
    top=st.floats(0, 1800),
    size=st.tuples(st.integers(20, 900), st.integers(20, 900)),
)
def test_a_window_holds_its_crop_and_stays_on_the_canvas(
    left: float, top: float, size: tuple[int, int]
) -> None:
    canvas_px = (2880, 2160)
    scale = max(size[0] / 2000, size[1] / 350)
    crop = a_crop(
        left=left,
        top=top,
        width=size[0] / scale,
        height=size[1] / scale,
        width_px=size[0],
        height_px=size[1],
    )
    window, (right, down) = window_for(crop, canvas_px)
    assert window.scale == pytest.approx(crop.scale)
    assert window.left >= -1e-6
    assert window.top >= -1e-6
    assert window.left + window.width <= max(canvas_px[0], left + crop.width) + 1e-6
    assert window.top + window.height <= max(canvas_px[1], top + crop.height) + 1e-6
    assert right + crop.width_px <= window.width_px
    assert down + crop.height_px <= window.height_px
    corner = window.shown(crop.left, crop.top)
    assert corner == pytest.approx((right, down), abs=1e-6)


def test_the_working_size_has_the_area_the_model_was_trained_on() -> None:
    """1080 × 1920 at 1024²: 768 × 1365.3, in steps of 16 768 × 1360 (85.3 steps)."""
    assert working_size(1080, 1920, native_px=1024, step=16) == (768, 1360)
    assert working_size(270, 270, native_px=64, step=16) == (64, 64)
    assert working_size(1000, 10, native_px=64, step=16) == (640, 16)


def test_the_product_is_locked_and_nothing_else(canvas: Canvas) -> None:
    mask = np.asarray(canvas.mask())
    assert set(np.unique(mask)) == {0, 255}
    product = canvas.product_in_window
    opaque = product.rgba[:, :, 3] == 255
    assert (mask == 0).sum() == opaque.sum()
    rows, columns = np.nonzero(mask == 0)
    assert product.top_px <= rows.min() <= rows.max() < product.bottom_px
    assert product.left_px <= columns.min() <= columns.max() < product.right_px


def test_a_mask_stays_black_and_white_when_it_shrinks(canvas: Canvas) -> None:
    small = np.asarray(hard_mask(canvas.mask(), (64, 64)))
    assert set(np.unique(small)) == {0, 255}
    assert (small == 0).mean() == pytest.approx(
        (np.asarray(canvas.mask()) == 0).mean(), abs=0.02
    )


def test_depth_fills_the_range_and_the_product_stands_at_its_foot(canvas: Canvas) -> None:
    """The test's set gets nearer from top to bottom, so the product is as near as its foot."""
    empty = np.asarray(canvas.depth(with_product=False))[:, :, 0].astype(int)
    assert (empty.min(), empty.max()) == (0, 255)
    with_product = np.asarray(canvas.depth(with_product=True))[:, :, 0].astype(int)
    product = canvas.product_in_window
    middle = (product.left_px + product.right_px) // 2
    foot = empty[product.bottom_px - 1, middle]
    upper = product.top_px + product.rgba.shape[0] // 2
    assert with_product[upper, middle] == pytest.approx(foot, abs=4)
    assert empty[upper, middle] < foot - 20
    assert np.array_equal(with_product[: product.top_px], empty[: product.top_px])


def test_the_start_shows_the_product_only_where_it_is_kept(
    canvas: Canvas, requests: Requests
) -> None:
    with_product, empty = (
        np.asarray(canvas.start(requests(), with_product=shown)).astype(int)
        for shown in (True, False)
    )
    locked = np.asarray(canvas.mask()) == 0
    assert np.abs(with_product - empty)[locked].mean() > 20
    assert np.array_equal(with_product[:20], empty[:20])


def test_a_painting_is_cut_back_to_the_crop_without_moving(
    requests: Requests, sets_dir: Path
) -> None:
    """A window with marked rows: the crop's first row is the window's row 90."""
    canvas = canvas_for(requests(placement=a_placement(300, 300)), sets_dir)
    window = replace(canvas.window, height_px=480)
    grown = replace(canvas, window=window, offset_px=(0, 90))
    rows = np.arange(480, dtype=np.uint16) % 251
    painting = np.repeat(rows.astype(np.uint8)[:, None, None], 300, axis=1).repeat(3, axis=2)
    finished = np.asarray(grown.finished(painting, has_product=True))
    assert finished.shape == (300, 300, 3)
    assert finished[0, 0, 0] == 90
    assert finished[5, 299, 1] == 95
