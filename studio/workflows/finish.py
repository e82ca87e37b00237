"""Copy and picture become a finished, checked ad. Generating and editing share this step."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from io import BytesIO
from pathlib import Path
from typing import Protocol

from PIL import Image

from studio.domain.brief import Brief
from studio.domain.creative import Copy, Creative, Picture, Rendition
from studio.domain.delivery import Cell
from studio.domain.finding import Finding
from studio.domain.market import Locale
from studio.domain.placement import Counter, Placement
from studio.errors import InputError
from studio.imaging.attributes import framing
from studio.imaging.palettes import branded
from studio.imaging.typeset import Typeset, TypesetRequest
from studio.markets.library import MarketLibrary
from studio.markets.pack import MarketPack

SHORT_HEADLINE_UNITS = 24
"""Up to this display width a headline counts as short; East Asian characters are 2 wide."""


class BlobStore(Protocol):
    """The part of `studio.store.blobs` that finishing needs."""

    def put(self, data: bytes) -> str: ...
    def get(self, sha256: str) -> bytes: ...


class Typesets(Protocol):
    """The part of `studio.imaging.typeset` that finishing needs."""

    def typeset(self, request: TypesetRequest) -> Typeset: ...


class Checks(Protocol):
    """A compliance check, such as `studio.compliance.engine.check`."""

    def __call__(
        self, creative: Creative, *, brief: Brief, pack: MarketPack, placement: Placement
    ) -> tuple[Finding, ...]: ...


@dataclass(frozen=True, slots=True, kw_only=True)
class Finisher:
    """Typesets copy on pictures and checks the result."""

    blobs: BlobStore
    library: MarketLibrary
    placements: Mapping[str, Placement]
    typesetter: Typesets
    check: Checks
    brand_file: Callable[[Brief], Path | None]
    """The brand's logo as a file, if the brief names one."""

    def render(
        self,
        brief: Brief,
        *,
        cell: Cell,
        copy: Copy,
        picture: Picture,
        seed: int,
        layout: str = "",
    ) -> Rendition:
        """The finished ad as a file in the blob store.

        layout: the one to keep if the words fit it; empty: chosen by the seed.
        """
        spec = self.placements[cell.placement]
        request = self.words_on(
            brief, cell=cell, copy=copy, picture=picture, seed=seed, layout=layout
        )
        made = self._typeset(request)
        return Rendition(
            sha256=self.blobs.put(made.data),
            width_px=spec.width_px,
            height_px=spec.height_px,
            layout=made.layout,
            media_type=made.media_type,
            size_bytes=len(made.data),
            smallest_px=made.smallest_px,
            note_px=made.note_px,
            body_px=made.body_px,
            least_contrast=made.least_contrast,
        )

    def words_on(
        self,
        brief: Brief,
        *,
        cell: Cell,
        copy: Copy,
        picture: Picture,
        seed: int,
        layout: str = "",
    ) -> TypesetRequest:
        """The copy on the picture, as the typesetter is asked for it."""
        pack, spec = self.library.pack(cell.market), self.placements[cell.placement]
        palette = next(each for each in pack.palettes if each.id == picture.palette)
        with Image.open(BytesIO(self.blobs.get(picture.sha256))) as image:
            return TypesetRequest(
                image=image.convert("RGB"),
                product_box=picture.product_box,
                copy=copy,
                placement=spec,
                market=pack.market,
                typefaces=pack.typefaces,
                palette=branded(palette, brief.brand.colours),
                logo=self.brand_file(brief),
                brand_name=brief.brand.name,
                note_ratio=max((each.least_ratio for each in pack.conditions), default=0.0),
                seed=seed,
                layout=layout,
            )

    def _typeset(self, request: TypesetRequest) -> Typeset:
        try:
            return self.typesetter.typeset(request)
        except InputError:
            if not request.layout:
                raise
            return self.typesetter.typeset(replace(request, layout=""))

    def findings(self, brief: Brief, creative: Creative) -> tuple[Finding, ...]:
        """What the rules of the creative's market say of it."""
        return self.check(
            creative,
            brief=brief,
            pack=self.library.pack(creative.market),
            placement=self.placements[creative.placement],
        )

    def attributes(
        self, *, market: Locale, copy: Copy, picture: Picture, layout: str
    ) -> dict[str, str]:
        """What the optimizer learns over."""
        palettes = {each.id: each.family for each in self.library.pack(market).palettes}
        seen = {
            "family": picture.family,
            "framing": framing(picture.product_box, (picture.width_px, picture.height_px)),
            "warmth": picture.warmth,
            "busyness": picture.busyness,
        }
        return {
            **{name: word for name, word in seen.items() if word},
            "angle": copy.angle,
            "set": picture.set,
            "palette": palettes[picture.palette],
            "layout": layout,
            "offer": "shown" if copy.offer_line else "none",
            "headline": "short"
            if Counter.DISPLAY_WIDTH.length(copy.headline) <= SHORT_HEADLINE_UNITS
            else "long",
            "cta": copy.cta_action.lower(),
        }
