"""The seam to image models: one request in, one picture without words out."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

from PIL import Image

from studio.domain.brief import Product
from studio.domain.creative import Ai
from studio.domain.geometry import Box
from studio.domain.placement import Placement
from studio.markets.pack import MarketPack, Palette


@dataclass(frozen=True, slots=True, kw_only=True)
class SetCard:
    """A set as whoever plans variants sees it."""

    id: str
    family: str = ""
    """Kind of place: kitchen, studio, outdoors …"""
    season: str = ""
    """Feast that it is dressed for; empty: all year."""
    is_dark: bool = False
    """Whether it lives on darkness, which light walls would spoil."""


@dataclass(frozen=True, slots=True, kw_only=True)
class PictureRequest:
    """What an image model needs to stage the product for one market and placement."""

    product: Product
    photos: tuple[Path, ...]
    """The product's photos as files, in the order of `product.photos`."""
    pack: MarketPack
    placement: Placement
    set: str
    """Id of the set to stage the product in; a generating model takes its depth and mood."""
    palette: Palette
    seed: int
    closeness: float = 1.0
    """Size of the product against the usual one in the placement."""


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Staged:
    """A picture of exactly the size that the placement asks for, and the product's place."""

    image: Image.Image
    """RGB, sRGB."""
    product_box: Box
    prompt_sha256: str = ""
    ai: Ai = Ai.NONE
    """How much of it a model painted; the product's pixels are the photo's either way."""
    photoreal: bool = False
    """Whether what a model painted could be taken for a photo."""
    tags: tuple[str, ...] = ()
    """What is to be seen."""
    family: str = ""
    """The set's kind of place."""
    light_delta_e: float = 0.0
    """CIEDE2000 between a grey in the photo's light and in the set's; 0: not known."""


class ImageModel(Protocol):
    """Stages a product. Raises `StudioError` and nothing else when it can't."""

    name: str
    """Such as `staged` or `diffusion:stabilityai/sdxl-turbo`."""

    def sets(self) -> tuple[str, ...]:
        """Ids of the sets it can stage in."""
        ...

    def sets_for(self, product: Product) -> tuple[SetCard, ...]:
        """Those where the product belongs by kind and size, or nearly; none if it fits none."""
        ...

    def stage(self, request: PictureRequest) -> Staged:
        """The product in its scene. Its pixels are those of the photo, never redrawn."""
        ...

    def fingerprint(self, request: PictureRequest) -> str:
        """SHA-256 of everything that shapes the picture, the seed included."""
        ...
