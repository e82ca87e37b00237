"""The product in its set: true size, one light, and its own pixels as they were."""

from __future__ import annotations

import math
from dataclasses import dataclass, replace

import numpy as np
from PIL import Image

from studio.domain.geometry import Box
from studio.errors import InputError
from studio.imaging.colour import (
    LUMINANCE,
    Bytes,
    Floats,
    blurred,
    bytes_from_linear,
    linear_from_bytes,
)
from studio.imaging.cutout import CutOut, resampled
from studio.imaging.recolour import coverage_in
from studio.imaging.scene import Crop, Scene
from studio.imaging.shadow import (
    FOOT_SHARE,
    Ground,
    Standing,
    main_share,
    reach,
    reflection,
    shade,
)

LARGEST_SHARE = 0.86
"""Most of the picture's width or of the height above the foot that a product may fill."""
MOST_ENLARGED = 1.6
"""A photo is never enlarged more than this; it would look soft beside the set."""
SHADOW_TINT = np.array([0.10, 0.085, 0.075], np.float32)
"""Linear light that stays in the darkest shadow."""
OFF_SURFACE = 0.3
"""Part of the shadow that falls on what isn't the surface: things beside the product."""
PITCH_DEG, DISTANCE_CM = 8.0, 120.0
"""The camera of a set that doesn't describe its own."""


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
    bottom = round(anchor_y + width * FOOT_SHARE)
    if width > LARGEST_SHARE * crop.width_px or height > LARGEST_SHARE * bottom:
        too_wide = width > LARGEST_SHARE * crop.width_px
        side, size = ("width", width_cm) if too_wide else ("height", width_cm * height / width)
        raise InputError(
            f"product.{side}_cm: {size:.3g} cm is too large for the set {spec.id}, which "
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
    around = _surroundings(product, scene, crop)
    result = picture.copy()
    window = result[around]
    size = (window.shape[1], window.shape[0])
    local = replace(
        product,
        left_px=product.left_px - around[1].start,
        top_px=product.top_px - around[0].start,
    )
    share = coverage_in(scene, crop)["surface"][around].astype(np.float32) / 255
    linear = _reflected(
        linear_from_bytes(window), local, size, share * scene.spec.surface.gloss
    )
    cast = shade(_standing(local, scene, crop), scene.spec.light, size)
    taken = cast.taken(
        lit=lit_share(linear, share, main_share=main_share(scene.spec.light)),
        open_=crop.of(scene.occlusion)[around].astype(np.float32) / 255,
    )
    taken = (taken * (OFF_SURFACE + (1 - OFF_SURFACE) * share))[:, :, None]
    window[:] = bytes_from_linear(linear * (1 - taken * (1 - SHADOW_TINT)))
    return overlaid(result, product)


def lit_share(linear: Floats, surface: Floats, *, main_share: float) -> Floats:
    """How much of the main light falls on each pixel of the ground already, 0–1.

    A set's own shadows lie on the ground before the product comes; there the main light is
    gone, so that brightness has sunk to what the rest of the light gives.
    """
    light = blurred(np.asarray(linear @ LUMINANCE, np.float32), linear.shape[1] * 0.012)
    ground = light[surface > 0.9]
    if not ground.size:
        return np.ones_like(light)
    full = max(float(np.quantile(ground, 0.75)), 1e-3)
    return np.asarray(np.clip((light / full - (1 - main_share)) / main_share, 0.25, 1))


def _surroundings(product: Placed, scene: Scene, crop: Crop) -> tuple[slice, slice]:
    """The part of the picture that shadow and reflection can reach."""
    left, top, right, bottom = reach(_standing(product, scene, crop), scene.spec.light)
    height = product.rgba.shape[0]
    rows = (
        min(top, product.bottom_px - 0.3 * height),
        max(bottom, product.bottom_px + 0.35 * height),
    )
    columns = min(left, product.left_px), max(right, product.right_px)
    return (
        slice(max(0, math.floor(rows[0])), min(crop.height_px, math.ceil(rows[1]))),
        slice(max(0, math.floor(columns[0])), min(crop.width_px, math.ceil(columns[1]))),
    )


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


def _standing(product: Placed, scene: Scene, crop: Crop) -> Standing:
    width = product.rgba.shape[1]
    camera = scene.spec.camera
    ground = Ground(
        x_px=product.left_px + width / 2,
        y_px=product.bottom_px - width * FOOT_SHARE,
        px_per_cm=crop.px_per_cm * crop.scale,
        pitch_deg=camera.pitch_deg if camera else PITCH_DEG,
        distance_cm=camera.distance_cm if camera else DISTANCE_CM,
    )
    alpha = product.rgba[:, :, 3].astype(np.float32) / 255
    return Standing(alpha, product.left_px, product.top_px, ground)


def _reflected(linear: Floats, product: Placed, size: tuple[int, int], gloss: Floats) -> Floats:
    """A glossy surface shows up to a third of the product, fading with distance."""
    if float(gloss.max(initial=0)) < 0.05:
        return linear
    mirrored = reflection(
        product.rgba, left_px=product.left_px, top_px=product.top_px, size=size
    )
    strength = (gloss * 0.34)[:, :, None]
    return np.asarray(
        linear * (1 - mirrored[:, :, 3:] * strength) + mirrored[:, :, :3] * strength, np.float32
    )
