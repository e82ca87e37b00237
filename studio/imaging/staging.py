"""What every image model derives from a request: crop, photo and fingerprint."""

from __future__ import annotations

import json
from collections.abc import Mapping
from hashlib import sha256
from pathlib import Path

from studio.domain.seeds import derive_seed
from studio.errors import InputError, NotFound
from studio.imaging.model import PictureRequest
from studio.imaging.scene import Crop, Light, Scene, crop_for, load_scene, set_ids


def scene_of(request: PictureRequest, sets_dir: Path) -> Scene:
    """The set that a request names."""
    known = set_ids(sets_dir)
    if request.set not in known:
        raise NotFound(
            f"set: there is no set {request.set[:60]!r}; choose one of "
            f"{', '.join(known) or '(none is installed)'}."
        )
    return load_scene(sets_dir / request.set)


def crop_of(request: PictureRequest, scene: Scene) -> Crop:
    """The window of the set for the request's placement; the seed moves it a little."""
    placement = request.placement
    jitter = derive_seed(request.seed, "crop") % 2001 / 1000 - 1
    return crop_for(
        scene.spec,
        size_px=(placement.width_px, placement.height_px),
        product_cm=(request.product.width_cm, request.product.height_cm),
        jitter=jitter,
    )


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
    palette, placement, product = request.palette, request.placement, request.product
    photo = chosen_photo(request, scene.spec.light)
    if not photo.is_file():
        raise NotFound(f"product.photos: there is no file {photo}.")
    shaping = {
        "model": dict(model),
        "scene": scene.fingerprint,
        "palette": [palette.wall, palette.surface, palette.accent, palette.ink],
        "size": [placement.width_px, placement.height_px],
        "photo": sha256(photo.read_bytes()).hexdigest(),
        "width_cm": product.width_cm,
        "seed": request.seed,
    }
    return sha256(json.dumps(shaping, sort_keys=True).encode()).hexdigest()
