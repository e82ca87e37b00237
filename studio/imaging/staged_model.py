"""The built-in image model: a rendered set in the market's colours, the product on it."""

from __future__ import annotations

from pathlib import Path

from studio.domain.brief import Product
from studio.imaging.balance import balance_for, photo_white
from studio.imaging.compose import composed, placed
from studio.imaging.cutout import cut_out
from studio.imaging.fidelity import require_pasted
from studio.imaging.model import PictureRequest, SetCard, Staged
from studio.imaging.recolour import coloured_set
from studio.imaging.scene import set_ids
from studio.imaging.set_choice import sets_for
from studio.imaging.staging import (
    chosen_photo,
    crop_of,
    is_calm,
    request_fingerprint,
    scene_of,
)

VERSION = "3"
"""Goes up when the same request gives another picture."""


class StagedModel:
    """An `ImageModel` without GPU, key or network; equal requests give equal pixels."""

    name = "staged"

    def __init__(self, sets_dir: Path) -> None:
        self._sets_dir = sets_dir

    def sets(self) -> tuple[str, ...]:
        """Ids of the sets it can stage in."""
        return set_ids(self._sets_dir)

    def sets_for(self, product: Product) -> tuple[SetCard, ...]:
        """Those where the product belongs by kind and size, or nearly."""
        return sets_for(product, self._sets_dir)

    def stage(self, request: PictureRequest) -> Staged:
        """The product in its scene; its pixels are those of the photo."""
        scene = scene_of(request, self._sets_dir)
        crop = crop_of(request, scene)
        cut = cut_out(chosen_photo(request, scene.spec.light))
        product = placed(cut, scene, crop, width_cm=request.product.width_cm)
        white = photo_white(cut)
        light = balance_for(white, temperature_k=scene.spec.light.temperature_k)
        picture = coloured_set(scene, crop, request.palette, calm=is_calm(request), white=white)
        staged = Staged(
            image=composed(picture, product, scene, crop),
            product_box=product.box(crop.width_px, crop.height_px),
            tags=scene.spec.tags,
            family=scene.spec.family,
            light_delta_e=light.light_delta_e,
        )
        require_pasted(staged, product.rgba)
        return staged

    def fingerprint(self, request: PictureRequest) -> str:
        """SHA-256 of everything that shapes the picture, the seed included."""
        scene = scene_of(request, self._sets_dir)
        return request_fingerprint(request, scene, {"name": self.name, "version": VERSION})
