"""What a pipeline is shown of a set, and how its painting becomes the picture."""

from __future__ import annotations

from dataclasses import dataclass, replace
from pathlib import Path

import cv2
import numpy as np
from PIL import Image

from studio.imaging.balance import photo_white
from studio.imaging.colour import Bytes
from studio.imaging.compose import Placed, composed, overlaid, placed
from studio.imaging.cutout import cut_out
from studio.imaging.model import PictureRequest
from studio.imaging.recolour import coloured_set
from studio.imaging.scene import Crop, Scene
from studio.imaging.staging import chosen_photo, crop_of, is_calm, scene_of

MOST_ASPECT = 2.0
"""Longest a painting may be against its height, or its height against its width.

Models are trained on such pictures; of a banner, more of the set is painted than is shown.
"""
FAR_SHARE, NEAR_SHARE = 0.01, 0.99
"""Quantiles of the depth that become black and white."""


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Canvas:
    """A request's part of a set, with the product in its place."""

    scene: Scene
    crop: Crop
    """What is shown."""
    window: Crop
    """What is painted: the crop, or more of the set around it."""
    offset_px: tuple[int, int]
    """Where the crop's corner lies in the window: right and down."""
    product: Placed
    """In the crop."""
    white: tuple[float, float, float]
    """The photo's, which the set's light follows."""

    @property
    def product_in_window(self) -> Placed:
        """The product where it stands in what is painted."""
        right, down = self.offset_px
        return replace(
            self.product,
            left_px=self.product.left_px + right,
            top_px=self.product.top_px + down,
        )

    def start(self, request: PictureRequest, *, with_product: bool) -> Image.Image:
        """The set in the market's colours, at the window's size."""
        picture = coloured_set(
            self.scene,
            self.window,
            request.palette,
            calm=is_calm(request),
            white=self.white,
        )
        if with_product:
            return composed(picture, self.product_in_window, self.scene, self.window)
        return Image.fromarray(picture)

    def mask(self) -> Image.Image:
        """White where the model paints, black where the product is opaque."""
        product = self.product_in_window
        height, width = self.window.height_px, self.window.width_px
        mask = np.full((height, width), 255, np.uint8)
        rows, columns, alpha = _shown_part(product, width, height)
        mask[rows, columns][alpha == 255] = 0
        return Image.fromarray(mask)

    def depth(self, *, with_product: bool) -> Image.Image:
        """The set's depth over the full range, near is white; the product stands upright."""
        shown = self.window.of(self.scene.depth).astype(np.float32)
        far, near = np.quantile(shown, (FAR_SHARE, NEAR_SHARE))
        spread = np.clip((shown - far) / max(float(near - far), 1.0), 0, 1)
        depth = np.asarray(np.rint(spread * 255), np.uint8)
        if with_product:
            product = self.product_in_window
            rows, columns, alpha = _shown_part(product, depth.shape[1], depth.shape[0])
            depth[rows, columns][alpha >= 128] = _foot_depth(depth, product)
        return Image.fromarray(depth).convert("RGB")

    def finished(self, painting: Bytes, *, has_product: bool) -> Image.Image:
        """The shown part of a painting with the product's own pixels on it.

        has_product: the product was part of what was painted around, and so was its shadow;
        otherwise shadow and reflection are laid beneath it now.
        """
        size = (self.window.width_px, self.window.height_px)
        right, down = self.offset_px
        shown = resized(painting, size)[
            down : down + self.crop.height_px, right : right + self.crop.width_px
        ]
        if has_product:
            return overlaid(np.ascontiguousarray(shown), self.product)
        return composed(np.ascontiguousarray(shown), self.product, self.scene, self.crop)


def canvas_for(request: PictureRequest, sets_dir: Path) -> Canvas:
    """The request's crop, window and product; raises `InputError` where that can't stand."""
    scene = scene_of(request, sets_dir)
    crop = crop_of(request, scene)
    cut = cut_out(chosen_photo(request, scene.spec.light))
    window, offset = window_for(crop, scene.spec.size_px)
    return Canvas(
        scene=scene,
        crop=crop,
        window=window,
        offset_px=offset,
        product=placed(cut, scene, crop, width_cm=request.product.width_cm),
        white=photo_white(cut),
    )


def window_for(crop: Crop, canvas_px: tuple[int, int]) -> tuple[Crop, tuple[int, int]]:
    """The crop, made taller or wider as far as the canvas allows, and its place in that.

    It grows by whole shown pixels, so that cutting it back resamples nothing.
    """
    widest = max(crop.width_px, round(crop.height_px / MOST_ASPECT))
    tallest = max(crop.height_px, round(crop.width_px / MOST_ASPECT))
    canvas_w, canvas_h = canvas_px
    right_of = canvas_w - crop.left - crop.width
    below = canvas_h - crop.top - crop.height
    left_px, more_right = _grown(
        widest - crop.width_px, crop.left * crop.scale, right_of * crop.scale
    )
    up_px, more_down = _grown(
        tallest - crop.height_px, crop.top * crop.scale, below * crop.scale
    )
    width_px = crop.width_px + left_px + more_right
    height_px = crop.height_px + up_px + more_down
    window = replace(
        crop,
        left=crop.left - left_px / crop.scale,
        top=crop.top - up_px / crop.scale,
        width=width_px / crop.scale,
        height=height_px / crop.scale,
        width_px=width_px,
        height_px=height_px,
    )
    return window, (left_px, up_px)


def _grown(wanted: int, before: float, after: float) -> tuple[int, int]:
    """Pixels added at each end: half and half, more at one where the other has no room."""
    first = min(wanted // 2, max(0, int(before)))
    last = min(wanted - first, max(0, int(after)))
    return min(wanted - last, max(0, int(before))), last


def working_size(
    width_px: int, height_px: int, *, native_px: int, step: int
) -> tuple[int, int]:
    """The size to paint at: as much area as the model was trained on, sides in steps."""
    scale = (native_px**2 / (width_px * height_px)) ** 0.5
    width, height = (
        max(step, round(side * scale / step) * step) for side in (width_px, height_px)
    )
    return width, height


def resized(pixels: Bytes, size: tuple[int, int]) -> Bytes:
    """A picture at another size."""
    if (pixels.shape[1], pixels.shape[0]) == size:
        return pixels
    return np.array(Image.fromarray(pixels).resize(size, Image.Resampling.LANCZOS))


def hard_mask(mask: Image.Image, size: tuple[int, int]) -> Image.Image:
    """A mask at another size, still black and white."""
    shrunk = np.asarray(mask.resize(size, Image.Resampling.BOX))
    return Image.fromarray(np.where(shrunk >= 128, 255, 0).astype(np.uint8))


def _shown_part(product: Placed, width: int, height: int) -> tuple[slice, slice, Bytes]:
    """Rows and columns of a picture that the product covers, and its alpha there."""
    rows = slice(max(0, product.top_px), min(height, product.bottom_px))
    columns = slice(max(0, product.left_px), min(width, product.right_px))
    alpha = product.rgba[
        rows.start - product.top_px : rows.stop - product.top_px,
        columns.start - product.left_px : columns.stop - product.left_px,
        3,
    ]
    return rows, columns, alpha


def _foot_depth(depth: Bytes, product: Placed) -> int:
    """Depth of the ground at the product's foot; it is about as deep as it is thin."""
    row = min(max(product.bottom_px - 1, 0), depth.shape[0] - 1)
    middle = (product.left_px + product.right_px) // 2
    column = min(max(middle, 0), depth.shape[1] - 1)
    around = cv2.blur(depth, (9, 9))
    return int(around[row, column])
