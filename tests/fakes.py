"""Doubles of the seams to models: quick, deterministic, and they count."""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from dataclasses import dataclass, field
from io import BytesIO

import numpy as np
from PIL import Image

from studio.copywriting.model import CopyRequest
from studio.domain.brief import Product
from studio.domain.creative import Copy, Gloss
from studio.domain.geometry import Box
from studio.errors import PermanentError
from studio.imaging.model import PictureRequest, SetCard, Staged
from studio.imaging.typeset import Typeset, TypesetRequest


@dataclass
class FakeTextModel:
    """Writes the request back as copy."""

    name: str = "fake-text"
    asked: list[str] = field(default_factory=list)
    refuses: Callable[[CopyRequest], bool] = lambda request: False
    before: Callable[[CopyRequest], None] = lambda request: None

    def write(self, request: CopyRequest) -> Copy:
        self.before(request)
        self.asked.append(f"{request.pack.market.locale} {request.variant}")
        if self.refuses(request):
            raise PermanentError("the model has nothing to say")
        word = "".join(
            chr(ord("a") + byte % 26)
            for byte in hashlib.sha256(request.variant.encode()).digest()
        )
        body = f"{request.brief.product.name} {word[12:]} {word[:12]}"
        return Copy(
            headline=word[:12],
            body=body,
            cta="Go",
            gloss=Gloss(headline=request.angle, body=body, cta="Go"),
            angle=request.angle,
            rationale="fake",
            sources=("claim:keep_warm",),
        )

    def fingerprint(self, request: CopyRequest) -> str:
        return hashlib.sha256(f"{request.brief.claims} {request.angle}".encode()).hexdigest()


@dataclass
class FakeImageModel:
    """Paints one colour."""

    name: str = "fake-image"

    def sets(self) -> tuple[str, ...]:
        return ("studio-arch", "bright-kitchen", "japanese-apartment", "majlis-lounge")

    def sets_for(self, product: Product) -> tuple[SetCard, ...]:
        return tuple(SetCard(id=name) for name in self.sets())

    def stage(self, request: PictureRequest) -> Staged:
        colour = (request.seed % 256, 120, 90)
        return Staged(
            image=Image.new("RGB", (60, 60), colour),
            product_box=Box(left=0.3, top=0.5, right=0.7, bottom=0.9),
        )

    def fingerprint(self, request: PictureRequest) -> str:
        asked = f"{request.set} {request.palette.id} {request.placement.id} {request.seed}"
        return hashlib.sha256(asked.encode()).hexdigest()


def pattern(text: str) -> Image.Image:
    """Coarse noise that is the text's own."""
    seed = int.from_bytes(hashlib.sha256(text.encode()).digest()[:8])
    noise = np.random.default_rng(seed).integers(0, 256, (8, 8, 3), np.uint8)
    return Image.fromarray(noise).resize((64, 64), Image.Resampling.BICUBIC)


@dataclass
class FakeTypesetter:
    """Sets the words as a pattern of their own; or what `paints` makes of a request."""

    paints: Callable[[TypesetRequest], Image.Image] = lambda request: pattern(
        f"{request.copy.headline}|{request.copy.body}|{request.placement.id}"
    )

    def typeset(self, request: TypesetRequest) -> Typeset:
        encoded = BytesIO()
        self.paints(request).save(encoded, "PNG")
        return Typeset(
            data=encoded.getvalue(),
            media_type="image/png",
            width_px=request.placement.width_px,
            height_px=request.placement.height_px,
            layout="centre",
            least_contrast=7.0,
            contrasts={},
            font_sizes_px={},
            boxes={},
        )
