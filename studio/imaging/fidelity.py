"""Proof that the product in a picture is the product of the photo."""

from __future__ import annotations

from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

from studio.errors import PermanentError
from studio.imaging.colour import Bytes
from studio.imaging.cutout import cut_out, resampled
from studio.imaging.difference import delta_e, lab
from studio.imaging.model import PictureRequest, Staged

MAX_DELTA_E = 2.0
"""CIEDE2000 of the 95th percentile; below about 2 a difference goes unnoticed."""
MIN_EDGE_IOU = 0.90
EDGE_LOW, EDGE_HIGH = 60, 140


@dataclass(frozen=True, slots=True, kw_only=True)
class Fidelity:
    """How close the product in the picture is to its photo."""

    delta_e_p95: float
    """CIEDE2000 that 95 % of the product's opaque pixels stay below."""
    edge_iou: float
    """Overlap of its edges with the photo's, 0–1; a pixel off still counts."""

    @property
    def holds(self) -> bool:
        """Whether nobody would call the product changed."""
        return self.delta_e_p95 <= MAX_DELTA_E and self.edge_iou >= MIN_EDGE_IOU


def check_fidelity(staged: Staged, request: PictureRequest) -> Fidelity:
    """Compare the product in a picture with the photo that it is most like."""
    width, height = staged.image.size
    box = staged.product_box
    left, top = round(box.left * width), round(box.top * height)
    right, bottom = round(box.right * width), round(box.bottom * height)
    shown = np.asarray(staged.image.convert("RGB"))[top:bottom, left:right]
    found = [
        fidelity_of(shown, resampled(cut_out(photo).rgba, right - left, bottom - top))
        for photo in request.photos
    ]
    return min(found, key=lambda one: (one.delta_e_p95, -one.edge_iou))


def require_fidelity(staged: Staged, request: PictureRequest) -> Fidelity:
    """The fidelity of a picture; raises `PermanentError` where the product was changed."""
    fidelity = check_fidelity(staged, request)
    if not fidelity.holds:
        raise PermanentError(
            f"The picture changed the product: colour differs by {fidelity.delta_e_p95:.1f} "
            f"(at most {MAX_DELTA_E:g}), edges agree to {fidelity.edge_iou:.0%} "
            f"(at least {MIN_EDGE_IOU:.0%}). Report this; such a picture may not be used."
        )
    return fidelity


def fidelity_of(shown: Bytes, source: Bytes) -> Fidelity:
    """Compare pixels (h, w, 3) with a cut-out (h, w, 4) of the same size."""
    solid = (source[:, :, 3] == 255).astype(np.uint8)
    inner = cv2.erode(solid, np.ones((3, 3), np.uint8)).astype(bool)
    if not inner.any():
        return Fidelity(delta_e_p95=100.0, edge_iou=0.0)
    differences = delta_e(lab(shown[inner]), lab(source[:, :, :3][inner]))
    return Fidelity(
        delta_e_p95=float(np.quantile(differences, 0.95)),
        edge_iou=_edge_iou(shown, source[:, :, :3], inner),
    )


def _edge_iou(shown: Bytes, source: Bytes, inner: NDArray[np.bool_]) -> float:
    ours, theirs = (
        (cv2.Canny(cv2.cvtColor(pixels, cv2.COLOR_RGB2GRAY), EDGE_LOW, EDGE_HIGH) > 0)
        & cv2.erode(inner.astype(np.uint8), np.ones((5, 5), np.uint8)).astype(bool)
        for pixels in (np.ascontiguousarray(shown), np.ascontiguousarray(source))
    )
    if not ours.any() and not theirs.any():
        return 1.0
    near = np.ones((3, 3), np.uint8)
    common = (ours & (cv2.dilate(theirs.astype(np.uint8), near) > 0)).sum()
    missed = (theirs & (cv2.dilate(ours.astype(np.uint8), near) == 0)).sum()
    return float(common / (ours.sum() + missed))
