"""The finished ad: copy typeset on a picture, encoded for its placement."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TypeVar

import numpy as np
from PIL import Image

from studio.domain.creative import Copy
from studio.domain.geometry import Box
from studio.domain.market import Direction, Market
from studio.domain.placement import Placement
from studio.domain.seeds import derive_seed
from studio.errors import InputError
from studio.imaging.encode import encoded
from studio.imaging.fonts import load_faces
from studio.imaging.frame import Frame, Plan, Rect, Set, frame_of
from studio.imaging.inks import LEAST_CONTRAST, inks_of
from studio.imaging.items import DENSE, LogoItem, OfferItem, Workshop
from studio.imaging.layout import LAYOUTS, Composer
from studio.imaging.logo import logo_for
from studio.imaging.paint import Painter, legibility
from studio.imaging.text import TextEngine
from studio.imaging.text_layers import TextLayer, layers_of
from studio.markets.pack import Palette, Typefaces

Made = TypeVar("Made")

WORTH_A_TURN = 0.76
"""A layout is in the draw when its merit reaches this share of the best one's."""


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class TypesetRequest:
    """A picture and the words that go on it."""

    image: Image.Image
    product_box: Box
    copy: Copy
    placement: Placement
    market: Market
    typefaces: Typefaces
    palette: Palette
    brand_name: str
    logo: Path | None = None
    """PNG with transparency; `<name>-light.png` beside it is used on dark grounds."""
    note_ratio: float = 0.0
    """Least size of notes and small print that the market's law allows, beside the body's."""
    seed: int = 0
    layout: str = ""
    """Name of a layout; empty: chosen by seed among those that suit."""


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Typeset:
    """A finished ad as a file, with what was measured on it."""

    data: bytes
    media_type: str
    width_px: int
    height_px: int
    layout: str
    least_contrast: float = 0.0
    """The least WCAG contrast of any text, on its worst pixels; 0: unknown."""
    smallest_px: float = 0.0
    """Type size of the smallest words, the logo's aside; 0: unknown."""
    note_px: float = 0.0
    """Type size of the smallest note or small print; 0 without any."""
    body_px: float = 0.0
    """Type size of the body copy; 0 where it isn't in the picture."""
    contrasts: Mapping[str, float]
    """By field."""
    font_sizes_px: Mapping[str, float]
    """By field; a field that is missing isn't in the picture."""
    boxes: Mapping[str, Box]
    """Where each field stands, in shares of the picture."""


class Typesetter:
    """Typesets ads; holds nothing between them, so several threads may share one."""

    def layouts(self) -> tuple[str, ...]:
        """Names of the layouts."""
        return tuple(LAYOUTS)

    def typeset(self, request: TypesetRequest) -> Typeset:
        """The ad; raises `InputError` naming the field whose words can't be set.

        Where notes as large as the body leave no room for it, the body stays out.
        """
        return _relenting(self._typeset, request)

    def layers(self, request: TypesetRequest) -> tuple[TextLayer, ...]:
        """What `typeset` would write on the picture, from the lowest layer to the topmost."""
        return _relenting(lambda asked: layers_of(self._set(asked)[2].strokes), request)

    def _set(self, request: TypesetRequest) -> tuple[Plan, Frame, Painter]:
        engine = TextEngine(load_faces(request.typefaces), request.market)
        frame = frame_of(
            request.image.size,
            request.placement.safe_zone,
            request.product_box,
            rtl=request.market.direction is Direction.RTL,
        )
        shop = Workshop(
            engine, request.copy, unit_px=frame.unit_px, note_ratio=request.note_ratio
        )
        logo = logo_for(
            request.logo,
            request.brand_name,
            engine,
            width_px=frame.width_px,
            unit_px=frame.unit_px,
        )
        plan = _chosen(Composer(shop, frame, logo), request, shop)
        return plan, frame, _painted(plan, request, engine)

    def _typeset(self, request: TypesetRequest) -> Typeset:
        plan, frame, painter = self._set(request)
        least = min(value for field, value in painter.contrasts.items() if field != "logo")
        data, media_type = encoded(Image.fromarray(painter.pixels), request.placement)
        return Typeset(
            data=data,
            media_type=media_type,
            width_px=frame.width_px,
            height_px=frame.height_px,
            layout=plan.layout,
            least_contrast=round(least, 2),
            smallest_px=round(min(_word_sizes(plan)), 1),
            note_px=round(min(_note_sizes(plan), default=0.0), 1),
            body_px=_sizes(plan).get("body", 0.0),
            contrasts={field: round(value, 2) for field, value in painter.contrasts.items()},
            font_sizes_px=_sizes(plan),
            boxes={placed.item.kind: _box(placed, frame) for placed in plan.items},
        )


def _relenting(act: Callable[[TypesetRequest], Made], request: TypesetRequest) -> Made:
    """Do it with all words, or where notes leave no room for the body, without it."""
    _check(request)
    try:
        return act(request)
    except InputError:
        if not request.note_ratio:
            raise
        bare = replace(request.copy, body="")
        return act(replace(request, copy=bare, note_ratio=0.0))


def _check(request: TypesetRequest) -> None:
    placement = request.placement
    if request.image.size != (placement.width_px, placement.height_px):
        raise InputError(
            f"picture: it has {request.image.width} × {request.image.height} px, but "
            f"{placement.id} needs {placement.width_px} × {placement.height_px}."
        )
    for field in ("headline", "cta"):
        if not getattr(request.copy, field).strip():
            raise InputError(f"{field}: is empty; every ad needs one.")
    if request.layout and request.layout not in LAYOUTS:
        raise InputError(
            f"layout: there is no layout {request.layout[:40]!r}; choose one of "
            f"{', '.join(LAYOUTS)}."
        )


def _chosen(composer: Composer, request: TypesetRequest, shop: Workshop) -> Plan:
    """The asked layout, or one by seed among those that suit words and picture."""
    names = (request.layout,) if request.layout else tuple(LAYOUTS)
    plans = [plan for name in names if (plan := composer.plan(name)) is not None]
    if not plans and request.layout and any(composer.plan(name) for name in LAYOUTS):
        raise InputError(
            f"layout: {request.layout} has no room for these words in "
            f"{request.placement.id}; choose another layout."
        )
    if not plans:
        raise InputError(_too_long(request, shop))
    pixels, inks = np.asarray(request.image), inks_of(request.palette)
    merits = [
        plan.merit * min(max(legibility(pixels, plan, inks) / LEAST_CONTRAST, 0.35), 1.0)
        for plan in plans
    ]
    good = [
        plan
        for plan, merit in zip(plans, merits, strict=True)
        if merit >= WORTH_A_TURN * max(merits)
    ]
    return good[derive_seed(request.seed, "layout") % len(good)]


def _too_long(request: TypesetRequest, shop: Workshop) -> str:
    """Which field doesn't fit: the one that is longest beside what is usual."""
    usual = {"headline": 45, "cta": 18, "offer_line": 70, "legal_line": 160}
    copy = request.copy
    lengths = {field: len(getattr(copy, field)) / size for field, size in usual.items()}
    field = max(lengths, key=lambda name: lengths[name])
    dense = shop.engine.language in DENSE
    return (
        f"{field}: the text doesn't fit the picture of {request.placement.id} at a readable "
        f"size; shorten it to about {usual[field] // (2 if dense else 1)} characters."
    )


def _painted(plan: Plan, request: TypesetRequest, engine: TextEngine) -> Painter:
    inks = inks_of(request.palette)
    painter = Painter(np.asarray(request.image.convert("RGB")), engine, inks)
    for panel in plan.panels:
        bands = inks.bands
        pick = derive_seed(request.seed, "band") % len(bands)
        colour = inks.card if panel.kind == "card" else bands[pick]
        painter.panel(panel.rect, colour, radius_px=panel.radius_px)
    box, (width, height) = request.product_box, request.image.size
    product = Rect(box.left * width, box.top * height, box.right * width, box.bottom * height)
    for group in ("panel", "upper", "lower"):
        items = [placed for placed in plan.items if placed.group == group]
        if items:
            painter.group(items, spared=product)
    least = min(painter.contrasts, key=lambda field: painter.contrasts[field])
    if least != "logo" and painter.contrasts[least] < LEAST_CONTRAST:
        raise InputError(
            f"palette {request.palette.id}: {least} reaches a contrast of only "
            f"{painter.contrasts[least]:.1f} : 1 here; choose another palette or set."
        )
    return painter


def _sizes(plan: Plan) -> dict[str, float]:
    sizes = {}
    for placed in plan.items:
        item = placed.item
        if isinstance(item, OfferItem):
            sizes[item.kind] = round(min(block.smallest_px for block, _ in item.parts), 1)
        elif item.block is not None:
            sizes[item.kind] = round(item.block.size_px, 1)
    return sizes


def _word_sizes(plan: Plan) -> Iterator[float]:
    """Type sizes of all words that an ad says; a logo is none."""
    for placed in plan.items:
        item = placed.item
        if isinstance(item, OfferItem):
            yield from (block.smallest_px for block, _ in item.parts)
        elif item.block is not None and not isinstance(item, LogoItem):
            yield item.block.smallest_px


def _note_sizes(plan: Plan) -> Iterator[float]:
    """Type sizes of small print and of the lines around a price."""
    for placed in plan.items:
        item = placed.item
        if isinstance(item, OfferItem):
            for index, (block, _) in enumerate(item.parts):
                if index != item.lead:
                    yield block.smallest_px
        elif item.kind == "legal_line" and item.block is not None:
            yield item.block.smallest_px


def _box(placed: Set, frame: Frame) -> Box:
    item = placed.item
    return Box(
        left=placed.left_px / frame.width_px,
        top=placed.top_px / frame.height_px,
        right=(placed.left_px + item.width_px) / frame.width_px,
        bottom=(placed.top_px + item.height_px) / frame.height_px,
    )
