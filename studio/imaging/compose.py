"""The product in its set: true size, one light, and its own pixels as they were."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
from PIL import Image

from studio.domain.geometry import Box
from studio.errors import InputError
from studio.imaging.colour import Bytes, Floats, bytes_from_linear, linear_from_bytes
from studio.imaging.cutout import CutOut, resampled
from studio.imaging.scene import Crop, Scene
from studio.imaging.shadow import Standing, reflection, shadow

FOOT_DEPTH_SHARE = 0.055
"""How far below the anchor the foot's front edge lies, in widths of the product."""
LARGEST_SHARE = 0.86
"""Most of the picture's width or of the height above the foot that a product may fill."""
MOST_ENLARGED = 1.6
"""A photo is never enlarged more than this; it would look soft beside the set."""
SHADOW_TINT = np.array([0.10, 0.085, 0.075], np.float32)
"""Linear light that stays in the darkest shadow."""


@dataclass(frozen=True, slots=True, eq=False)
class Placed:
    """A cut-out at the size and place it has in the picture."""

    rgba: Bytes
    left_px: int
    top_px: int

    @property
    def right_px(self) -> int:
        """Column after its last."""
        return self.left_px + int(self.rgba.shape[1])

    @property
    def bottom_px(self) -> int:
        """Row after its last."""
        return self.top_px + int(self.rgba.shape[0])

    def box(self, width_px: int, height_px: int) -> Box:
        """Its place in shares of the picture."""
        return Box(
            left=self.left_px / width_px,
            top=self.top_px / height_px,
            right=self.right_px / width_px,
            bottom=self.bottom_px / height_px,
        )


def placed(cut: CutOut, scene: Scene, crop: Crop, *, width_cm: float) -> Placed:
    """The cut-out at true size, standing on the set's anchor."""
    spec = scene.spec
    width = max(8, round(width_cm * crop.px_per_cm * crop.scale))
    height = max(8, round(width * cut.rgba.shape[0] / cut.rgba.shape[1]))
    anchor_x, anchor_y = crop.shown(
        spec.anchor[0] * spec.size_px[0], spec.anchor[1] * spec.size_px[1]
    )
    bottom = round(anchor_y + width * FOOT_DEPTH_SHARE)
    if width > LARGEST_SHARE * crop.width_px or height > LARGEST_SHARE * bottom:
        raise InputError(
            f"product.width_cm: {width_cm:g} cm is too large for the set {spec.id}, which "
            "shows things that stand on a table; correct the size or choose another set."
        )
    if width > MOST_ENLARGED * cut.rgba.shape[1]:
        raise InputError(
            f"product.photos: the product in {cut.name} is only {cut.rgba.shape[1]} px wide; "
            f"this placement needs {round(width / MOST_ENLARGED)} px or more."
        )
    rgba = resampled(cut.rgba, width, height)
    rgba.setflags(write=False)
    return Placed(rgba, round(anchor_x - width / 2), bottom - height)


def composed(picture: Bytes, product: Placed, scene: Scene, crop: Crop) -> Image.Image:
    """The product laid over the set, with shadow and reflection beneath it.

    Where the cut-out is opaque, the result's pixels are the cut-out's, bit by bit.
    """
    around = _surroundings(product, picture.shape[1], picture.shape[0])
    result = picture.copy()
    window = result[around]
    ground = crop.of(np.ascontiguousarray(scene.mask("surface")))[around]
    share = ground.astype(np.float32) / 255
    local = replace(
        product,
        left_px=product.left_px - around[1].start,
        top_px=product.top_px - around[0].start,
    )
    standing = _standing(local, window.shape[1], window.shape[0])
    linear = linear_from_bytes(window)
    linear = _reflected(linear, local, standing, share * scene.spec.surface.gloss)
    taken = (shadow(standing, scene.spec.light) * (0.35 + 0.65 * share))[:, :, None]
    window[:] = bytes_from_linear(linear * (1 - taken * (1 - SHADOW_TINT)))
    return overlaid(result, product)


def _surroundings(product: Placed, width_px: int, height_px: int) -> tuple[slice, slice]:
    """The part of the picture that shadow and reflection can reach."""
    reach = product.rgba.shape[1]
    top = max(0, product.bottom_px - round(reach * 0.75))
    bottom = min(height_px, product.bottom_px + round(reach * 0.5))
    left, right = max(0, product.left_px - reach), min(width_px, product.right_px + reach)
    return slice(top, bottom), slice(left, right)


def overlaid(picture: Bytes, product: Placed) -> Image.Image:
    """The cut-out over a picture; edges mix in linear light, opaque pixels are copied."""
    result = picture.copy()
    rows = slice(max(0, product.top_px), min(picture.shape[0], product.bottom_px))
    columns = slice(max(0, product.left_px), min(picture.shape[1], product.right_px))
    cut = product.rgba[
        rows.start - product.top_px : rows.stop - product.top_px,
        columns.start - product.left_px : columns.stop - product.left_px,
    ]
    share = cut[:, :, 3:].astype(np.float32) / 255
    under = linear_from_bytes(result[rows, columns])
    mixed = linear_from_bytes(cut[:, :, :3]) * share + under * (1 - share)
    result[rows, columns] = np.where(
        cut[:, :, 3:] == 255, cut[:, :, :3], bytes_from_linear(mixed)
    )
    return Image.fromarray(result)


def _standing(product: Placed, width_px: int, height_px: int) -> Standing:
    alpha = np.zeros((height_px, width_px), np.float32)
    top, bottom = max(0, product.top_px), min(height_px, product.bottom_px)
    left, right = max(0, product.left_px), min(width_px, product.right_px)
    part = product.rgba[
        top - product.top_px : bottom - product.top_px,
        left - product.left_px : right - product.left_px,
        3,
    ]
    alpha[top:bottom, left:right] = part.astype(np.float32) / 255
    return Standing(alpha, left, right, bottom, product.rgba.shape[0])


def _reflected(linear: Floats, product: Placed, standing: Standing, gloss: Floats) -> Floats:
    """A glossy surface shows up to a third of the product, fading with distance."""
    if float(gloss.max()) < 0.05:
        return linear
    mirrored = reflection(
        product.rgba, standing, left_px=product.left_px, top_px=product.top_px
    )
    strength = (gloss * 0.34)[:, :, None]
    return np.asarray(
        linear * (1 - mirrored[:, :, 3:] * strength) + mirrored[:, :, :3] * strength, np.float32
    )
