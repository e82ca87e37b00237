"""What a finished picture hides: the set behind the product, its depth, the product alone."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import cv2
import numpy as np

from studio.errors import InputError
from studio.imaging.balance import photo_white
from studio.imaging.colour import Bytes, Floats
from studio.imaging.compose import Placed, placed
from studio.imaging.cutout import CutOut, cut_out
from studio.imaging.model import PictureRequest
from studio.imaging.recolour import coloured_set
from studio.imaging.scene import Crop, Scene
from studio.imaging.staging import chosen_photo, crop_of, is_calm, scene_of

SAME_BYTES = 3.0
"""Mean difference up to which pixels count as the same, in bytes."""
OWN_SET_BYTES = 9.0
"""Median difference up to which a picture counts as its set with a product in it."""
EDGE_PX = 1
"""How far around the product its soft edge may have tinted the picture."""
CONTACT_SHARE = 0.012
"""How far under the product the light at its edge goes on, in shares of the shorter side."""
SHRINK = 4
"""What is painted in for want of knowledge is painted at so many times less."""
INPAINT_RADIUS_PX = 6


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Plates:
    """A picture taken apart."""

    ground: Bytes
    """(height, width, 3): the picture without its product; the shadow is still there."""
    depth: Bytes
    """(height, width): near is white."""
    product: Placed
    cut: CutOut
    """The product as large as its photo has it."""


def plates_of(request: PictureRequest, picture: Bytes, sets_dir: Path) -> Plates:
    """Take a picture apart that was made from this request.

    Raises `InputError` where the photo or the set is another one by now.
    """
    scene = scene_of(request, sets_dir)
    crop = crop_of(request, scene)
    cut = cut_out(chosen_photo(request, scene.spec.light))
    product = placed(cut, scene, crop, width_cm=request.product.width_cm)
    _require_own(picture, product, crop)
    return Plates(
        ground=_emptied(picture, product, _clean_set(request, scene, crop, cut)),
        depth=crop.of(scene.depth),
        product=product,
        cut=cut,
    )


def _clean_set(request: PictureRequest, scene: Scene, crop: Crop, cut: CutOut) -> Bytes:
    white = photo_white(cut)
    return coloured_set(scene, crop, request.palette, calm=is_calm(request), white=white)


def _require_own(picture: Bytes, product: Placed, crop: Crop) -> None:
    """Refuse a product that isn't the one in the picture, pixel by pixel."""
    if picture.shape[:2] == (crop.height_px, crop.width_px):
        rows, columns = _visible(product, picture)
        part = product.rgba[
            rows.start - product.top_px : rows.stop - product.top_px,
            columns.start - product.left_px : columns.stop - product.left_px,
        ]
        solid = part[:, :, 3] == 255
        shown, own = picture[rows, columns][solid], part[:, :, :3][solid]
        if own.size and np.abs(shown.astype(np.int16) - own).mean() <= SAME_BYTES:
            return
    raise InputError(
        "picture: the product's photo, its size or the set has changed since this picture was "
        "made; generate the campaign again, then make the film."
    )


def _visible(product: Placed, picture: Bytes) -> tuple[slice, slice]:
    height, width = picture.shape[:2]
    return (
        slice(max(0, product.top_px), min(height, product.bottom_px)),
        slice(max(0, product.left_px), min(width, product.right_px)),
    )


def _emptied(picture: Bytes, product: Placed, clean: Bytes) -> Bytes:
    """The picture without its product.

    Where the picture is the set, the set's own pixels in the light around the product come
    out from under it; a picture that a model painted is painted in from its surroundings.
    """
    hidden = _hidden(product, picture)
    apart = np.abs(picture.astype(np.int16) - clean)[hidden == 0]
    if float(np.median(apart)) <= OWN_SET_BYTES:
        return _relit(picture, clean, hidden)
    return _painted_in(picture, hidden)


def _hidden(product: Placed, picture: Bytes) -> Bytes:
    """255 where the product is or has tinted the picture, (height, width)."""
    rows, columns = _visible(product, picture)
    mask = np.zeros(picture.shape[:2], np.uint8)
    alpha = product.rgba[
        rows.start - product.top_px : rows.stop - product.top_px,
        columns.start - product.left_px : columns.stop - product.left_px,
        3,
    ]
    mask[rows, columns] = np.where(alpha > 0, 255, 0)
    return np.asarray(cv2.dilate(mask, np.ones((2 * EDGE_PX + 1, 2 * EDGE_PX + 1))), np.uint8)


def _relit(picture: Bytes, clean: Bytes, hidden: Bytes) -> Bytes:
    """The clean set under the product, as bright as the picture is around it."""
    known = (hidden == 0).astype(np.float32)
    ratio = (picture.astype(np.float32) + 1) / (clean.astype(np.float32) + 1)
    light = _spread_into(ratio, known)
    near, away = _nearest(ratio, hidden)
    own = np.exp(-away / (CONTACT_SHARE * min(hidden.shape)))[:, :, None]
    light = near * own + light * (1 - own)
    filled = np.clip(np.rint(clean * light), 0, 255).astype(np.uint8)
    return np.where(hidden[:, :, None] > 0, filled, picture)


def _nearest(values: Floats, hidden: Bytes) -> tuple[Floats, Floats]:
    """The nearest known value of every pixel, and how far away it is in px.

    A shadow is darkest where the product touches the ground, and goes on under it.
    """
    away, labels = cv2.distanceTransformWithLabels(
        hidden, cv2.DIST_L2, cv2.DIST_MASK_5, labelType=cv2.DIST_LABEL_PIXEL
    )
    known = hidden == 0
    table = np.zeros((int(labels.max()) + 1, values.shape[2]), np.float32)
    table[labels[known]] = values[known]
    return table[labels], np.asarray(away, np.float32)


def _spread_into(values: Floats, known: Floats) -> Floats:
    """Known values carried on into the unknown, the nearer the weightier.

    Normalised convolution (Knutsson & Westin, 1993), from narrow to wide windows.
    """
    height, width = known.shape
    size = (max(2, width // SHRINK), max(2, height // SHRINK))
    weight = cv2.resize(known, size, interpolation=cv2.INTER_AREA)
    small = cv2.resize(values * known[:, :, None], size, interpolation=cv2.INTER_AREA)
    total, mass = np.zeros_like(small), np.zeros(weight.shape, np.float32)
    for sigma in (0.7, 2.0, 6.0, 18.0, 54.0):
        trust = 10.0 ** -(2 * sigma**0.5)
        total += trust * cv2.GaussianBlur(small, (0, 0), sigma)
        mass += trust * cv2.GaussianBlur(weight, (0, 0), sigma)
    spread = total / np.maximum(mass, 1e-30)[:, :, None]
    return np.asarray(
        cv2.resize(spread, (width, height), interpolation=cv2.INTER_LINEAR), np.float32
    )


def _painted_in(picture: Bytes, hidden: Bytes) -> Bytes:
    """Surroundings drawn over the product (Telea, 2004); a camera's move bares little of it."""
    height, width = hidden.shape
    size = (max(2, width // SHRINK), max(2, height // SHRINK))
    small = np.asarray(cv2.resize(picture, size, interpolation=cv2.INTER_AREA), np.uint8)
    mask = (cv2.resize(hidden, size, interpolation=cv2.INTER_AREA) > 0).astype(np.uint8)
    mask = np.asarray(cv2.dilate(mask, np.ones((3, 3), np.uint8)), np.uint8)
    drawn = cv2.inpaint(small, mask, INPAINT_RADIUS_PX, cv2.INPAINT_TELEA)
    large = cv2.resize(drawn, (width, height), interpolation=cv2.INTER_CUBIC)
    return np.where(hidden[:, :, None] > 0, large, picture)
