"""What every image model derives from a request: crop, photo and fingerprint."""

from __future__ import annotations

import json
from collections.abc import Mapping
from hashlib import sha256
from pathlib import Path

from studio.domain.market import Direction
from studio.domain.seeds import derive_seed
from studio.errors import InputError, NotFound
from studio.imaging.frame import picture_size
from studio.imaging.mirror import OPPOSITE, mirrored
from studio.imaging.model import PictureRequest
from studio.imaging.scene import Crop, Framing, Light, Scene, crop_for, load_scene, set_ids
from studio.imaging.sizes import WIDE

ASIDE = 0.7
"""Where the product stands in a wide picture, in shares of the width from the start side."""


def scene_of(request: PictureRequest, sets_dir: Path) -> Scene:
    """The set that a request names; mirrored where all photos have the other light.

    Sets hold no words, so that only their light tells left from right.
    """
    known = set_ids(sets_dir)
    if request.set not in known:
        raise NotFound(
            f"set: there is no set {request.set[:60]!r}; choose one of "
            f"{', '.join(known) or '(none is installed)'}."
        )
    scene = load_scene(sets_dir / request.set)
    sides = {photo.light_from for photo in request.product.photos}
    side = scene.spec.light.side
    return mirrored(scene) if sides == {OPPOSITE.get(side)} else scene


def crop_of(request: PictureRequest, scene: Scene) -> Crop:
    """The window of the set for the request's placement; the seed moves it a little."""
    jitter = derive_seed(request.seed, "crop") % 2001 / 1000 - 1
    return crop_for(
        scene.spec,
        size_px=picture_size(request.placement),
        product_cm=(request.product.width_cm, request.product.height_cm),
        framing=Framing(
            jitter=jitter,
            stand_x=stand_x(request),
            closeness=request.closeness,
            bare=picture_size(request.placement) != _whole(request),
        ),
    )


def stand_x(request: PictureRequest) -> float:
    """Share of the width at which the product stands: in wide pictures at the end side.

    The words then stand at the side where reading starts.
    """
    width, height = picture_size(request.placement)
    if width < WIDE * height or (width, height) != _whole(request):
        return 0.5
    return 1 - ASIDE if request.pack.market.direction is Direction.RTL else ASIDE


def _whole(request: PictureRequest) -> tuple[int, int]:
    return request.placement.width_px, request.placement.height_px


def is_calm(request: PictureRequest) -> bool:
    """Whether large accents are softened for text: in three of five variants."""
    return derive_seed(request.seed, "accent") % 5 < 3


def chosen_photo(request: PictureRequest, light: Light) -> Path:
    """The photo lit from the same side as the set, or the first where none is."""
    if not request.photos:
        raise InputError("product.photos: give at least one photo of the product.")
    pairs = zip(request.product.photos, request.photos, strict=True)
    return next(
        (path for photo, path in pairs if photo.light_from == light.side), request.photos[0]
    )


def request_fingerprint(request: PictureRequest, scene: Scene, model: Mapping[str, str]) -> str:
    """SHA-256 of everything that shapes a picture, the photos' bytes included."""
    palette, product = request.palette, request.product
    photo = chosen_photo(request, scene.spec.light)
    if not photo.is_file():
        raise NotFound(f"product.photos: there is no file {photo}.")
    shaping = {
        "model": dict(model),
        "scene": scene.fingerprint,
        "palette": [palette.wall, palette.surface, palette.accent, palette.ink],
        "size": picture_size(request.placement),
        "stand_x": stand_x(request),
        "closeness": request.closeness,
        "photo": sha256(photo.read_bytes()).hexdigest(),
        "width_cm": product.width_cm,
        "seed": request.seed,
    }
    return sha256(json.dumps(shaping, sort_keys=True).encode()).hexdigest()
