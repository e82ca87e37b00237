"""Proof that the product in a picture is the product of the photo."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

import cv2
import numpy as np
from numpy.typing import NDArray

from studio.errors import PermanentError
from studio.imaging.colour import Bytes, Floats
from studio.imaging.cutout import cut_out, resampled
from studio.imaging.difference import delta_e, lab
from studio.imaging.model import PictureRequest, Staged
from studio.imaging.ocr import agreement, words_in

MAX_DELTA_E = 2.0
"""CIEDE2000 of the 95th percentile; below about 2 a difference goes unnoticed."""
MIN_EDGE_IOU = 0.90
EDGE_LOW, EDGE_HIGH = 60, 140


MIN_LABEL = 0.75
"""Agreement of the words read on the product with those read on its photo."""
GROUND = 225
"""Grey that both are laid on for reading, so that a background adds no words."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Label:
    """Whether the words on the product can still be read."""

    words: tuple[str, ...] = ()
    """What was read on the photo at this size; too small or none: empty."""
    agreement: float = 1.0
    """How much of them is read in the picture, 0–1."""
    basis: Literal["same pixels", "read", "not measured"]
    """Equal pixels have equal labels; without Tesseract, changed ones aren't measured."""

    @property
    def holds(self) -> bool:
        """Whether no word was seen to change."""
        return self.agreement >= MIN_LABEL


@dataclass(frozen=True, slots=True, kw_only=True)
class Fidelity:
    """How close the product in the picture is to its photo."""

    delta_e_p95: float
    """CIEDE2000 that 95 % of the product's opaque pixels stay below."""
    edge_iou: float
    """Overlap of its edges with the photo's, 0–1; a pixel off still counts."""
    label: Label

    @property
    def faults(self) -> tuple[str, ...]:
        """What was changed, in words; none: nobody would call the product changed."""
        found = []
        if self.delta_e_p95 > MAX_DELTA_E:
            found.append(f"colour differs by {self.delta_e_p95:.1f} (at most {MAX_DELTA_E:g})")
        if self.edge_iou < MIN_EDGE_IOU:
            found.append(f"edges agree to {self.edge_iou:.0%} (at least {MIN_EDGE_IOU:.0%})")
        if not self.label.holds:
            found.append(
                f"of the label “{' '.join(self.label.words)}” {self.label.agreement:.0%} "
                f"can be read (at least {MIN_LABEL:.0%})"
            )
        return tuple(found)

    @property
    def holds(self) -> bool:
        """Whether nobody would call the product changed."""
        return not self.faults


def check_fidelity(staged: Staged, request: PictureRequest) -> Fidelity:
    """Compare the product in a picture with the photo that it is most like."""
    shown = shown_product(staged)
    height, width = shown.shape[:2]
    sources = [resampled(cut_out(photo).rgba, width, height) for photo in request.photos]
    nearest = min(
        sources, key=lambda source: (delta_e_p95(shown, source), -edge_iou(shown, source))
    )
    return fidelity_of(shown, nearest)


def require_fidelity(staged: Staged, request: PictureRequest) -> Fidelity:
    """The fidelity of a picture; raises `PermanentError` where the product was changed."""
    return _required(check_fidelity(staged, request))


def require_pasted(staged: Staged, source: Bytes) -> Fidelity:
    """The same against the cut-out itself, (h, w, 4), as it was laid on the picture."""
    return _required(fidelity_of(shown_product(staged), source))


def _required(fidelity: Fidelity) -> Fidelity:
    if not fidelity.holds:
        raise PermanentError(
            f"The picture changed the product: {'; '.join(fidelity.faults)}. Report this; such "
            "a picture may not be used."
        )
    return fidelity


def shown_product(staged: Staged) -> Bytes:
    """The picture's pixels in the product's box."""
    width, height = staged.image.size
    box = staged.product_box
    left, top = round(box.left * width), round(box.top * height)
    right, bottom = round(box.right * width), round(box.bottom * height)
    return np.asarray(staged.image.convert("RGB"))[top:bottom, left:right]


def fidelity_of(shown: Bytes, source: Bytes) -> Fidelity:
    """Compare pixels (h, w, 3) with a cut-out (h, w, 4) of the same size.

    The label of equal pixels is equal, so only changed ones are read, which takes a second.
    """
    solid = source[:, :, 3] == 255
    if solid.any() and np.array_equal(shown[solid], source[:, :, :3][solid]):
        return Fidelity(delta_e_p95=0.0, edge_iou=1.0, label=Label(basis="same pixels"))
    return Fidelity(
        delta_e_p95=delta_e_p95(shown, source),
        edge_iou=edge_iou(shown, source),
        label=label_of(shown, source),
    )


def label_of(shown: Bytes, source: Bytes) -> Label:
    """The words on a product against those on its photo, both at the shown size."""
    alpha = source[:, :, 3:].astype(np.float32) / 255
    wanted = words_in(_on_grey(source[:, :, :3], alpha))
    found = words_in(_on_grey(shown, alpha)) if wanted else wanted
    if wanted is None or found is None:
        return Label(basis="not measured")
    return Label(
        words=tuple(word.text for word in wanted),
        agreement=agreement(wanted, found),
        basis="read",
    )


def _on_grey(pixels: Bytes, alpha: Floats) -> Bytes:
    return np.asarray(np.rint(pixels * alpha + GROUND * (1 - alpha)), np.uint8)


def _inner(source: Bytes) -> NDArray[np.bool_]:
    """The product without its rim, which the background shines through."""
    solid = (source[:, :, 3] == 255).astype(np.uint8)
    return cv2.erode(solid, np.ones((3, 3), np.uint8)).astype(bool)


def delta_e_p95(shown: Bytes, source: Bytes) -> float:
    """CIEDE2000 that 95 % of a product's pixels stay below."""
    inner = _inner(source)
    if not inner.any():
        return 100.0
    differences = delta_e(lab(shown[inner]), lab(source[:, :, :3][inner]))
    return float(np.quantile(differences, 0.95))


def edge_iou(shown: Bytes, source: Bytes) -> float:
    """Overlap of the edges within a product, 0–1; a pixel off still counts."""
    inner = _inner(source)
    return _edge_iou(shown, source[:, :, :3], inner) if inner.any() else 0.0


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
