"""The finished ad: copy typeset on a picture, encoded for its placement."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from threading import local
from typing import Any, TypeVar

import numpy as np
from PIL import Image

from studio.domain.creative import Copy
from studio.domain.geometry import Box
from studio.domain.market import Direction, Market
from studio.domain.placement import Placement
from studio.domain.seeds import derive_seed
from studio.errors import InputError
from studio.imaging.columns import Columns
from studio.imaging.encode import encoded
from studio.imaging.fonts import load_faces
from studio.imaging.frame import Frame, Plan, Rect, Set, frame_of, picture_size
from studio.imaging.inks import LEAST_CONTRAST, inks_of
from studio.imaging.items import DENSE, LogoItem, OfferItem, Workshop
from studio.imaging.layout import FILLING, LAYOUTS
from studio.imaging.logo import logo_for
from studio.imaging.paint import Painter, legibility
from studio.imaging.sizes import type_scale
from studio.imaging.text import TextEngine
from studio.imaging.text_layers import TextLayer, layers_of
from studio.markets.pack import Palette, Typefaces

Made = TypeVar("Made")

NEEDED = ("headline", "cta")
"""Fields that every ad has."""
USUAL_LENGTHS = {"headline": 45, "cta": 18, "offer_line": 70, "legal_line": 160}
"""Characters that most pictures have room for."""
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
    fills: bool = False
    """Whether to choose among those alone whose picture fills the frame, as film needs."""


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
    product_box: Box | None = None
    """Where the product stands in it; None: unknown."""


class Typesetter:
    """Typesets ads; several threads may share one, each of which keeps engines of its own."""

    def __init__(self) -> None:
        self._own = local()

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
        engine = self._engine(request.typefaces, request.market)
        placement, direction = request.placement, request.market.direction
        size = (placement.width_px, placement.height_px)
        frame = frame_of(
            size,
            placement.safe_for(direction),
            request.product_box,
            picture_px=request.image.size,
            rtl=direction is Direction.RTL,
        )
        sizes = type_scale(*size)
        shop = Workshop(engine, request.copy, sizes=sizes, note_ratio=request.note_ratio)
        logo = logo_for(
            request.logo,
            request.brand_name,
            engine,
            width_px=frame.width_px,
            sizes=sizes,
        )
        plan = _chosen(Columns(shop, frame, logo), request)
        return plan, frame, _painted(plan, frame, request, engine)

    def _engine(self, typefaces: Typefaces, market: Market) -> TextEngine:
        """This thread's engine for a market, which knows the lines of what it set before."""
        engines: dict[tuple[Typefaces, Market], TextEngine]
        engines = self._own.__dict__.setdefault("engines", {})
        key = (typefaces, market)
        if key not in engines:
            engines[key] = TextEngine(load_faces(typefaces), market)
        return engines[key]

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
            boxes={placed.item.kind: _box(_rect(placed), frame) for placed in plan.items},
            product_box=_box(_product(plan, frame), frame),
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
    width, height = picture_size(placement)
    if request.image.size != (width, height):
        raise InputError(
            f"picture: it has {request.image.width} × {request.image.height} px, but "
            f"{placement.id} needs {width} × {height}."
        )
    for field in NEEDED:
        if not getattr(request.copy, field).strip():
            raise InputError(f"{field}: is empty; every ad needs one.")
    if request.layout and request.layout not in LAYOUTS:
        raise InputError(
            f"layout: there is no layout {request.layout[:40]!r}; choose one of "
            f"{', '.join(LAYOUTS)}."
        )


def _chosen(columns: Columns, request: TypesetRequest) -> Plan:
    """The asked layout, or one by seed among those that suit words and picture."""
    names = (request.layout,) if request.layout else FILLING if request.fills else LAYOUTS
    plans = [plan for name in names if (plan := LAYOUTS[name](columns)) is not None]
    if not plans and request.layout and any(make(columns) for make in LAYOUTS.values()):
        raise InputError(
            f"layout: {request.layout} has no room for these words in "
            f"{request.placement.id}; choose another layout."
        )
    if not plans:
        raise InputError(_too_long(request, columns))
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


def _too_long(request: TypesetRequest, columns: Columns) -> str:
    """Which field doesn't fit: the one without which there is room, the longest first."""
    copy, shop = request.copy, columns.shop
    excess = {field: len(getattr(copy, field)) / size for field, size in USUAL_LENGTHS.items()}
    fields = sorted(excess, key=lambda name: -excess[name])
    field = next((each for each in fields if _fits_without(each, copy, columns)), fields[0])
    length = len(getattr(copy, field))
    usual = USUAL_LENGTHS[field] // (2 if shop.engine.language in DENSE else 1)
    return (
        f"{field}: the text doesn't fit the picture of {request.placement.id} at a readable "
        f"size; shorten it to about {min(usual, max(round(length * 0.7), 1))} characters."
    )


def _fits_without(field: str, copy: Copy, columns: Columns) -> bool:
    """Whether a layout has room once a field is as good as gone."""
    stub = getattr(copy, field)[:1] if field in NEEDED else ""
    if stub == getattr(copy, field):
        return False
    change: dict[str, Any] = {field: stub}
    shop = columns.shop.with_copy(replace(copy, **change))
    without = Columns(shop, columns.frame, columns.logo)
    return any(make(without) is not None for make in LAYOUTS.values())


def _painted(plan: Plan, frame: Frame, request: TypesetRequest, engine: TextEngine) -> Painter:
    inks = inks_of(request.palette)
    picture = np.asarray(request.image.convert("RGB"))
    if plan.window is None:
        painter = Painter(picture, engine, inks)
    else:
        painter = Painter(
            np.zeros((frame.height_px, frame.width_px, 3), np.uint8), engine, inks
        )
        painter.show(picture, plan.window)
    for panel in plan.panels:
        bands = inks.bands
        pick = derive_seed(request.seed, "band") % len(bands)
        colour = inks.card if panel.kind == "card" else bands[pick]
        painter.panel(panel.rect, colour, radius_px=panel.radius_px)
    product = _product(plan, frame)
    for group in ("panel", "upper", "lower", "side"):
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


def _product(plan: Plan, frame: Frame) -> Rect:
    """Where the product stands once its picture is in the layout's window."""
    return frame.product.moved(*plan.window.offset) if plan.window else frame.product


def _rect(placed: Set) -> Rect:
    left, top, item = placed.left_px, placed.top_px, placed.item
    return Rect(left, top, left + item.width_px, top + item.height_px)


def _box(rect: Rect, frame: Frame) -> Box:
    return Box(
        left=rect.left / frame.width_px,
        top=rect.top / frame.height_px,
        right=rect.right / frame.width_px,
        bottom=rect.bottom / frame.height_px,
    )
