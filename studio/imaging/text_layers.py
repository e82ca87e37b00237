"""What is written on a picture as layers with transparency, so that each can move alone."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import groupby, pairwise

import numpy as np

from studio.imaging.colour import Bytes, Floats
from studio.imaging.paint import Stroke

GROUNDS = ("scrim", "panel", "window")
"""Kinds of layers that say nothing themselves."""
PARTS_OF = {"shadow": "panel", "arrow": "cta"}
"""What is painted apart and moves together."""
SEEN = 8
"""Coverage in bytes from which a pixel counts as seen."""


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class TextLayer:
    """One thing on a picture: a line of words, a button, a logo, or the ground of words."""

    kind: str
    """`scrim`, `panel`, `window` where the picture is seen, `logo`, or the field of the copy:
    `headline`, `offer_line` …"""
    group: str
    """Layers of a group share their grounds: `upper`, `lower` or `panel`."""
    line: int = 0
    """Which line of the headline; 0 for everything else."""
    rgba: Bytes
    """(height, width, 4), sRGB with straight alpha."""
    left_px: int
    top_px: int
    origin: tuple[int, int] = (0, 0)
    """Of a window: column and row of the picture at its upper left corner."""

    @property
    def is_ground(self) -> bool:
        """Whether it says nothing by itself."""
        return self.kind in GROUNDS

    @property
    def rows(self) -> slice:
        """Rows of the picture that it covers."""
        return slice(self.top_px, self.top_px + int(self.rgba.shape[0]))

    @property
    def columns(self) -> slice:
        """Columns of the picture that it covers."""
        return slice(self.left_px, self.left_px + int(self.rgba.shape[1]))

    @property
    def seen_px(self) -> tuple[int, int, int, int]:
        """Left, top, right and bottom of what can be seen of it, in the picture."""
        rows, columns = np.nonzero(self.rgba[:, :, 3] > SEEN)
        if not rows.size:
            return (self.left_px, self.top_px, self.left_px, self.top_px)
        return (
            self.left_px + int(columns.min()),
            self.top_px + int(rows.min()),
            self.left_px + int(columns.max()) + 1,
            self.top_px + int(rows.max()) + 1,
        )


def layers_of(strokes: Iterable[Stroke]) -> tuple[TextLayer, ...]:
    """The layers of what a painter painted, from the lowest to the topmost.

    Laid over the picture in turn they give the painter's picture, within rounding.
    """
    layers: list[TextLayer] = []
    for (kind, group), run in groupby(strokes, key=_kind_and_group):
        together = list(run)
        if kind == "headline":
            layers += [line for stroke in together for line in _lines(stroke)]
        else:
            layers.append(_merged(together, kind, group))
    return tuple(layers)


def composite(picture: Bytes, layers: Iterable[TextLayer]) -> Bytes:
    """Layers laid over a picture in turn, (height, width, 3)."""
    result = picture.copy()
    for layer in layers:
        window = result[layer.rows, layer.columns]
        share = layer.rgba[:, :, 3:].astype(np.float32) / 255
        window[:] = np.rint(window * (1 - share) + layer.rgba[:, :, :3] * share)
    return result


def _kind_and_group(stroke: Stroke) -> tuple[str, str]:
    return PARTS_OF.get(stroke.mask.kind, stroke.mask.kind), stroke.group


def _merged(strokes: Sequence[Stroke], kind: str, group: str) -> TextLayer:
    """Strokes over each other as one layer (Porter & Duff, 1984: over)."""
    masks = [stroke.mask for stroke in strokes]
    left, top = min(mask.left for mask in masks), min(mask.top for mask in masks)
    right = max(mask.left + mask.alpha.shape[1] for mask in masks)
    bottom = max(mask.top + mask.alpha.shape[0] for mask in masks)
    ink = np.zeros((bottom - top, right - left, 3), np.float32)
    cover = np.zeros((bottom - top, right - left, 1), np.float32)
    for stroke, mask in zip(strokes, masks, strict=True):
        height, width = mask.alpha.shape
        rows = slice(mask.top - top, mask.top - top + height)
        columns = slice(mask.left - left, mask.left - left + width)
        share = mask.alpha[:, :, None]
        ink[rows, columns] = ink[rows, columns] * (1 - share) + _colours(stroke) * share
        cover[rows, columns] = cover[rows, columns] * (1 - share) + share
    rgb = ink / np.maximum(cover, 1e-6)
    rgba = np.rint(np.concatenate([rgb, cover * 255], axis=2)).clip(0, 255).astype(np.uint8)
    origin = strokes[0].origin
    return TextLayer(kind=kind, group=group, rgba=rgba, left_px=left, top_px=top, origin=origin)


def _colours(stroke: Stroke) -> Floats:
    if isinstance(stroke.paint, tuple):
        return np.array(stroke.paint, np.float32) * 255
    return stroke.paint.astype(np.float32)


def _lines(stroke: Stroke) -> list[TextLayer]:
    """Each line of a text by itself, cut where there is the least ink between two."""
    whole = _merged([stroke], "headline", stroke.group)
    height = whole.rgba.shape[0]
    ink = stroke.mask.alpha.sum(axis=1)
    cuts = [0, *(_emptiest(ink, *pair) for pair in pairwise(stroke.mask.baselines)), height]
    return [
        TextLayer(
            kind="headline",
            group=stroke.group,
            line=line,
            rgba=whole.rgba[start:stop],
            left_px=whole.left_px,
            top_px=whole.top_px + start,
        )
        for line, (start, stop) in enumerate(pairwise(cuts))
    ]


def _emptiest(ink: Floats, above: float, below: float) -> int:
    """The row between two baselines with the least ink, the middle of them if several."""
    start, stop = round(above) + 1, round(below)
    rows = np.nonzero(ink[start:stop] <= ink[start:stop].min() + 1e-3)[0]
    return start + int(rows[len(rows) // 2])
