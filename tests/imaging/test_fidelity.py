"""A product that stayed as it was is faithful, a changed one is caught."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import cv2
import numpy as np
import pytest
from PIL import Image

from studio.errors import PermanentError
from studio.imaging.fidelity import check_fidelity, require_fidelity
from studio.imaging.model import PictureRequest, Staged
from studio.imaging.staged_model import StagedModel


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
