"""A market's creatives as they are made: no two of a placement may look alike."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import Protocol

from studio.domain.brief import Brief
from studio.domain.creative import Copy, Creative
from studio.domain.seeds import derive_seed
from studio.errors import NotFound
from studio.imaging.model import PictureRequest
from studio.imaging.palettes import branded
from studio.imaging.variety import Look, look_of

ATTEMPTS = 6
"""Pictures tried for one creative before its likeness to another is a problem."""
SAME_COLOURS = 3
"""The first so many differ in crop and layout only."""


class Files(Protocol):
    """The part of `studio.store.blobs` that looking needs."""

    def get(self, sha256: str) -> bytes: ...


@dataclass(slots=True)
class Gallery:
    """What a market has so far; one lane's own."""

    files: Files
    units: list[tuple[Creative, ...]] = field(default_factory=list)
    looks: dict[str, Look | None] = field(default_factory=dict)
    """By rendition; None where its file is gone."""

    @property
    def copies(self) -> tuple[Copy, ...]:
        """The words so far, one for each variant."""
        return tuple(creatives[0].copy for creatives in self.units)

    def twin_of(self, creative: Creative) -> str:
        """The variant whose ad in the same placement looks like this one; empty: none."""
        own = self._look(creative)
        for other in (each for creatives in self.units for each in creatives):
            if other.placement != creative.placement or other.variant == creative.variant:
                continue
            look = self._look(other)
            if own and look and own.is_like(look):
                return other.variant
        return ""

    def _look(self, creative: Creative) -> Look | None:
        sha256 = creative.rendition.sha256
        if sha256 not in self.looks:
            try:
                self.looks[sha256] = look_of(self.files.get(sha256))
            except NotFound:
                self.looks[sha256] = None
        return self.looks[sha256]


def another(request: PictureRequest, brief: Brief, attempt: int) -> PictureRequest:
    """The request once more: from 1 on with another crop and layout, later in other colours."""
    if attempt == 0:
        return request
    moved = replace(request, seed=derive_seed(request.seed, "again", attempt))
    if attempt < SAME_COLOURS:
        return moved
    palettes = request.pack.palettes
    place = [palette.id for palette in palettes].index(request.palette.id)
    palette = palettes[(place + attempt - SAME_COLOURS + 1) % len(palettes)]
    return replace(moved, palette=branded(palette, brief.brand.colours))
