"""The fidelity measures agree with published pairs and catch a changed product."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import cv2
import numpy as np
import pytest
from coloraide import Color
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image

from studio.errors import PermanentError
from studio.imaging.fidelity import check_fidelity, delta_e, lab, require_fidelity
from studio.imaging.model import PictureRequest, Staged
from studio.imaging.staged_model import StagedModel


@pytest.mark.parametrize(
    ("one", "other", "expected"),
    [
        ((50, 2.6772, -79.7751), (50, 0, -82.7485), 2.0425),
        ((50, -1.3802, -84.2814), (50, 0, -82.7485), 1.0000),
        ((50, 2.5, 0), (50, 0, -2.5), 4.3065),
        ((50, 2.5, 0), (73, 25, -18), 27.1492),
        ((60.2574, -34.0099, 36.2677), (60.4626, -34.1751, 39.4387), 1.2644),
        ((22.7233, 20.0904, -46.6940), (23.0331, 14.9730, -42.5619), 2.0373),
        ((2.0776, 0.0795, -1.1350), (0.9033, -0.0636, -0.5514), 0.9082),
    ],
)
def test_delta_e_2000_of_the_published_pairs(
    one: tuple[float, ...], other: tuple[float, ...], expected: float
) -> None:
    """Sharma, Wu and Dalal (2005), table 1."""
    assert delta_e(np.array(one), np.array(other)) == pytest.approx(expected, abs=1e-4)
    assert delta_e(np.array(other), np.array(one)) == pytest.approx(expected, abs=1e-4)


@given(st.lists(st.integers(0, 255), min_size=6, max_size=6))
def test_delta_e_of_pixels_agrees_with_coloraide(channels: list[int]) -> None:
    pixels = np.array(channels, np.uint8).reshape(2, 3)
    ours = float(delta_e(lab(pixels[0]), lab(pixels[1])))
    colours = [
        Color("srgb", [int(c) / 255 for c in pixel]).convert("lab-d65") for pixel in pixels
    ]
    assert ours == pytest.approx(colours[0].delta_e(colours[1], method="2000"), abs=0.05)


@pytest.fixture(scope="module")
def request_and_picture(
    requests: Callable[..., PictureRequest], sets_dir: Path
) -> tuple[PictureRequest, Staged]:
    request = requests()
    return request, StagedModel(sets_dir).stage(request)


def with_product(staged: Staged, change: Callable[[np.ndarray], np.ndarray]) -> Staged:
    """The same picture with the pixels of the product's box changed."""
    pixels = np.asarray(staged.image).copy()
    box = staged.product_box
    part = (
        slice(round(box.top * 270), round(box.bottom * 270)),
        slice(round(box.left * 270), round(box.right * 270)),
    )
    pixels[part] = change(pixels[part])
    return replace(staged, image=Image.fromarray(pixels))


def test_an_untouched_product_is_faithful(
    request_and_picture: tuple[PictureRequest, Staged],
) -> None:
    request, staged = request_and_picture
    fidelity = check_fidelity(staged, request)
    assert fidelity.delta_e_p95 == 0.0
    assert fidelity.edge_iou == 1.0


def test_a_tinted_product_is_caught(
    request_and_picture: tuple[PictureRequest, Staged],
) -> None:
    request, staged = request_and_picture
    tinted = with_product(
        staged, lambda part: np.clip(part.astype(int) + [18, 0, -12], 0, 255).astype(np.uint8)
    )
    assert check_fidelity(tinted, request).delta_e_p95 > 4
    with pytest.raises(PermanentError, match=r"changed the product: colour differs by \d"):
        require_fidelity(tinted, request)


def test_a_warped_product_is_caught_by_its_edges(
    request_and_picture: tuple[PictureRequest, Staged],
) -> None:
    request, staged = request_and_picture

    def shifted(part: np.ndarray) -> np.ndarray:
        move = np.array([[1, 0.06, -3], [0, 1, 2]], np.float32)
        return cv2.warpAffine(
            part, move, (part.shape[1], part.shape[0]), borderMode=cv2.BORDER_REPLICATE
        )

    assert check_fidelity(with_product(staged, shifted), request).edge_iou < 0.7
