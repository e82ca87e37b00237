"""Ink on a picture: colours that can be read, measured on the pixels behind the words."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from typing import TypeVar

import cv2
import numpy as np
import skia
from numpy.typing import NDArray

from studio.imaging.colour import (
    Bytes,
    Floats,
    Rgb,
    blurred,
    contrast,
    luminance,
    luminances,
    mixed,
)
from studio.imaging.frame import CLEARANCE, Plan, Rect, Set, Window
from studio.imaging.inks import BLACK, LEAST_CONTRAST, SAFE_CONTRAST, WHITE, Inks, deep_enough
from studio.imaging.items import ButtonItem, LogoItem, OfferItem
from studio.imaging.text import TextBlock, TextEngine

WORST_SHARE = 0.01
"""The contrast of a text is that of its worst pixels: this share of those behind it."""
Pixels = TypeVar("Pixels", Bytes, Floats)

LEAST_LOGO_CONTRAST = 3.0
"""WCAG 2.2 asks this of graphics; layouts that fall short are for want of others."""

HALO_PX = 3
"""How far around a glyph the ground counts as behind it."""


@dataclass(frozen=True, slots=True, eq=False)
class Mask:
    """Coverage of one shape and where it lies."""

    kind: str
    alpha: Floats
    """(height, width), 0–1."""
    left: int
    top: int
    baselines: tuple[float, ...] = ()
    """Rows of the mask that its lines stand on, where it is text of several lines."""

    def window(self, pixels: Pixels) -> Pixels:
        """The pixels under it."""
        height, width = self.alpha.shape
        return pixels[self.top : self.top + height, self.left : self.left + width]

    def near(self) -> NDArray[np.bool_]:
        """Where its shape is or nearly is, (height, width)."""
        wide = cv2.dilate(self.alpha, np.ones((2 * HALO_PX + 1, 2 * HALO_PX + 1)))
        return np.asarray(wide > 0.3)


@dataclass(frozen=True, slots=True, eq=False)
class Stroke:
    """One thing that was painted, in the order of painting."""

    mask: Mask
    paint: Rgb | Bytes
    """A colour, or the pixels of a picture, (height, width, 3)."""
    group: str
    origin: tuple[int, int] = (0, 0)
    """Of a part of a picture: its column and row there."""


class Painter:
    """Draws one ad; keeps account of the contrasts it measured and of what it painted."""

    def __init__(self, pixels: Bytes, engine: TextEngine, inks: Inks) -> None:
        self.pixels = pixels.copy()
        self.contrasts: dict[str, float] = {}
        self.strokes: list[Stroke] = []
        self._engine, self._inks = engine, inks
        self._group = "panel"

    def show(self, picture: Bytes, window: Window) -> None:
        """A part of a picture at its place, pixel by pixel."""
        left, top = window.picture_left_px, window.picture_top_px
        part = picture[top : top + window.height_px, left : left + window.width_px]
        whole = np.ones(part.shape[:2], np.float32)
        mask = Mask("window", whole, window.left_px, window.top_px)
        mask.window(self.pixels)[:] = part
        self.strokes.append(Stroke(mask, part, self._group, origin=(left, top)))

    def panel(self, rect: Rect, colour: Rgb, *, radius_px: float) -> None:
        """A ground of one colour; a card with round corners gets a soft shadow."""
        if radius_px:
            fallen = Rect(
                rect.left, rect.top + radius_px * 0.3, rect.right, rect.bottom + radius_px * 0.3
            )
            cast = self._rounded("shadow", fallen, radius_px, pad_px=int(radius_px * 2.5))
            soft = Mask(
                "shadow", blurred(cast.alpha, radius_px * 0.75) * 0.20, cast.left, cast.top
            )
            self._blend(soft, BLACK)
        self._blend(self._rounded("panel", rect, radius_px), colour)

    def group(self, items: Sequence[Set], *, spared: Rect | None) -> None:
        """Write the items of one group in one ink; a soft scrim helps where none reads."""
        self._group = items[0].group
        masks = [mask for placed in items for mask in self._masks(placed)]
        if masks:
            ink = self._ink_for(masks, spared, aside=items[0].group == "side")
            for mask in masks:
                self._note(mask, ink)
                self._blend(mask, ink)
        for placed in items:
            if isinstance(placed.item, ButtonItem):
                self._button(placed, placed.item)
            if isinstance(placed.item, LogoItem) and placed.item.picture is not None:
                self._logo(placed, placed.item, spared=spared, alone=not masks)

    def _masks(self, placed: Set) -> list[Mask]:
        item = placed.item
        if isinstance(item, ButtonItem):
            return []
        if isinstance(item, OfferItem):
            return [
                self._text_mask(
                    item.kind,
                    block,
                    placed.left_px + (item.width_px - block.width_px) * placed.align,
                    placed.top_px + top,
                    placed.align,
                )
                for block, top in item.parts
            ]
        if item.block is None:
            return []
        return [
            self._text_mask(item.kind, item.block, placed.left_px, placed.top_px, placed.align)
        ]

    def _text_mask(
        self, kind: str, block: TextBlock, left_px: float, top_px: float, align: float
    ) -> Mask:
        pad = int(block.size_px * 0.4) + HALO_PX
        left, top = int(left_px) - pad, int(top_px) - pad
        width, height = int(block.width_px) + 2 * pad + 2, int(block.height_px) + 2 * pad + 2
        alpha = _drawn(
            (width, height),
            lambda canvas: self._engine.draw(
                canvas,
                block,
                left_px=left_px - left,
                top_px=top_px - top,
                align=align,
                colour=WHITE,
            ),
        )
        lines = range(len(block.lines))
        first = top_px - top + block.ascent_px
        mask = self._clipped(kind, alpha, left, top)
        lost = mask.top - top
        return replace(
            mask, baselines=tuple(first - lost + block.leading_px * line for line in lines)
        )

    def _clipped(self, kind: str, alpha: Floats, left: int, top: int) -> Mask:
        rows, columns = self.pixels.shape[:2]
        x, y = max(0, -left), max(0, -top)
        right, bottom = min(alpha.shape[1], columns - left), min(alpha.shape[0], rows - top)
        return Mask(kind, alpha[y:bottom, x:right], left + x, top + y)

    def _ink_for(
        self, masks: Sequence[Mask], spared: Rect | None, *, aside: bool = False
    ) -> Rgb:
        inks = self._inks
        candidates = (inks.ink, inks.light, inks.dark)
        grounds = [self._behind(mask) for mask in masks]
        for ink in candidates:
            if min(reached(ink, ground) for ground in grounds) >= SAFE_CONTRAST:
                return ink
        usual = [
            min(reached(ink, ground, share=0.5) for ground in grounds) for ink in candidates
        ]
        ink = inks.ink if usual[0] >= 3.0 else candidates[int(np.argmax(usual))]
        self._scrim(masks, ink, spared, aside=aside)
        return ink

    def _behind(self, mask: Mask) -> Bytes:
        """The pixels behind and closely around a mask's glyphs, (n, 3)."""
        return np.asarray(mask.window(self.pixels)[mask.near()])

    def _note(self, mask: Mask, ink: Rgb) -> None:
        measured = reached(ink, self._behind(mask))
        self.contrasts[mask.kind] = min(self.contrasts.get(mask.kind, 21.0), measured)

    def _scrim(
        self, masks: Sequence[Mask], ink: Rgb, spared: Rect | None, *, aside: bool = False
    ) -> None:
        """Dim or lighten the ground behind the words, just as much as they need."""
        spread = self._spread(masks, spared, aside=aside)
        veil = np.array(self._veil(spread, ink), np.float32) * 255
        grounds = [(self._behind(mask), mask.window(spread)[mask.near()]) for mask in masks]
        for step in range(1, 20):
            strength = step * 0.05
            veiled = (
                veiled_by(pixels, share[:, None] * strength, veil) for pixels, share in grounds
            )
            if min(reached(ink, ground) for ground in veiled) >= SAFE_CONTRAST:
                break
        rows = np.nonzero(spread.max(axis=1) > 0)[0]
        part = slice(int(rows.min()), int(rows.max()) + 1)
        share = spread[part] * strength
        self.pixels[part] = veiled_by(self.pixels[part], share[:, :, None], veil)
        red, green, blue = (veil / 255).tolist()
        self._record(Mask("scrim", share, 0, part.start), (red, green, blue))

    def _veil(self, spread: Floats, ink: Rgb) -> Rgb:
        """The picture's own colour there, far towards black or white."""
        thin = (slice(None, None, 8), slice(None, None, 8))
        weights = spread[thin].reshape(-1) + 1e-6
        average = np.average(self.pixels[thin].reshape(-1, 3), axis=0, weights=weights)
        red, green, blue = (average / 255).tolist()
        if luminance(ink) > 0.35:
            return mixed((red, green, blue), BLACK, 0.78)
        return mixed((red, green, blue), WHITE, 0.86)

    def _spread(self, masks: Sequence[Mask], spared: Rect | None, *, aside: bool) -> Floats:
        """A gradient from the nearer edge over the words, clear of the product.

        aside: from the left or right edge, not from the top or bottom one.
        """
        rows, columns = self.pixels.shape[:2]
        if aside:
            start = min(mask.left for mask in masks)
            end = max(mask.left + mask.alpha.shape[1] for mask in masks)
            soft = np.repeat(_ramp(columns, start, end, 0.2)[None, :], rows, axis=0)
        else:
            start = min(mask.top for mask in masks)
            end = max(mask.top + mask.alpha.shape[0] for mask in masks)
            soft = np.repeat(_ramp(rows, start, end, 0.07)[:, None], columns, axis=1)
        if spared is not None:
            kept = np.ones((rows, columns), np.uint8)
            kept[
                max(0, int(spared.top)) : int(spared.bottom),
                max(0, int(spared.left)) : int(spared.right),
            ] = 0
            distance = cv2.distanceTransform(kept, cv2.DIST_L2, 3)
            near = np.clip(distance / (columns * 0.05 if aside else CLEARANCE * 0.8), 0, 1)
            soft = soft * near * near * (3 - 2 * near)
        return np.asarray(soft, np.float32)

    def _button(self, placed: Set, item: ButtonItem) -> None:
        rect = Rect(
            placed.left_px,
            placed.top_px,
            placed.left_px + item.width_px,
            placed.top_px + item.height_px,
        )
        ground, label = self._button_colours(rect)
        self._blend(self._rounded("cta", rect, item.height_px / 2), ground)
        if item.block is None:
            return
        rtl = self._engine.right_to_left
        left = placed.left_px + item.pad_px + (item.arrow_px if rtl else 0)
        top = placed.top_px + (item.height_px - item.block.height_px) / 2
        mask = self._text_mask("cta", item.block, left, top, 0.0)
        self._note(mask, label)
        self._blend(mask, label)
        self._blend(self._arrow(rect, item, rtl=rtl), label)

    def _button_colours(self, rect: Rect) -> tuple[Rgb, Rgb]:
        """A ground that stands out from what is behind it, and a label that reads on it."""
        inks = self._inks
        around = luminances(
            self.pixels[int(rect.top) : int(rect.bottom), int(rect.left) : int(rect.right)]
        )
        behind = float(np.median(around))
        ground = next(
            (
                colour
                for colour in (inks.button, inks.light, inks.dark)
                if contrast(luminance(colour), behind) >= 1.7
            ),
            inks.button,
        )
        for label in (inks.light, inks.dark):
            if contrast(luminance(label), luminance(ground)) >= SAFE_CONTRAST:
                return ground, label
        return deep_enough(ground, inks.light, least=SAFE_CONTRAST), inks.light

    def _arrow(self, rect: Rect, item: ButtonItem, *, rtl: bool) -> Mask:
        """A line with a point, in reading direction."""
        size = item.arrow_px * 0.36
        left = rect.left + item.pad_px if rtl else rect.right - item.pad_px - size * 2
        left, top = left - size, (rect.top + rect.bottom) / 2 - size * 2
        tip, back = (size, 1.0) if rtl else (size * 3, -1.0)
        middle = size * 2
        path = skia.Path()
        path.moveTo(tip + back * size * 2.0, middle)
        path.lineTo(tip, middle)
        path.moveTo(tip + back * size * 0.85, middle - size * 0.85)
        path.lineTo(tip, middle)
        path.lineTo(tip + back * size * 0.85, middle + size * 0.85)
        path.offset(left - int(left), top - int(top))
        paint = skia.Paint(
            AntiAlias=True,
            Color=skia.ColorWHITE,
            Style=skia.Paint.kStroke_Style,
            StrokeWidth=item.arrow_px * 0.075,
            StrokeCap=skia.Paint.kRound_Cap,
            StrokeJoin=skia.Paint.kRound_Join,
        )
        edge = int(size * 4) + 2
        alpha = _drawn((edge, edge), lambda canvas: canvas.drawPath(path, paint))
        return self._clipped("arrow", alpha, int(left), int(top))

    def _logo(self, placed: Set, item: LogoItem, *, spared: Rect | None, alone: bool) -> None:
        picture = item.picture
        if picture is None:
            return
        left, top = round(placed.left_px), round(placed.top_px)
        height, width = picture.shape[:2]
        window = self.pixels[top : top + height, left : left + width]
        on_dark = item.picture_on_dark
        if on_dark is not None and _stands_out(on_dark, window) > _stands_out(picture, window):
            picture = on_dark
        solid = picture[:, :, 3] > 127
        if alone and solid.any():
            red, green, blue = (np.median(picture[:, :, :3][solid], axis=0) / 255).tolist()
            mask = Mask("logo", picture[:, :, 3].astype(np.float32) / 255, left, top)
            if reached((red, green, blue), self._behind(mask)) < LEAST_LOGO_CONTRAST:
                self._scrim([mask], (red, green, blue), spared)
        self.contrasts["logo"] = _stands_out(picture, window)
        share = picture[:, :, 3:].astype(np.float32) / 255
        blend = picture[:, :, :3] * share + window * (1 - share)
        self.pixels[top : top + height, left : left + width] = np.rint(blend).astype(np.uint8)
        self._record(Mask("logo", share[:, :, 0], left, top), picture[:, :, :3])

    def _rounded(self, kind: str, rect: Rect, radius_px: float, *, pad_px: int = 2) -> Mask:
        """A rectangle with round corners, and `pad_px` of nothing around it."""
        paint = skia.Paint(AntiAlias=True, Color=skia.ColorWHITE)
        left, top = int(rect.left) - pad_px, int(rect.top) - pad_px
        shape = skia.Rect(
            rect.left - left, rect.top - top, rect.right - left, rect.bottom - top
        )
        size = (int(rect.width) + 2 * pad_px + 2, int(rect.height) + 2 * pad_px + 2)
        alpha = _drawn(
            size, lambda canvas: canvas.drawRoundRect(shape, radius_px, radius_px, paint)
        )
        return self._clipped(kind, alpha, left, top)

    def _blend(self, mask: Mask, colour: Rgb) -> None:
        window = mask.window(self.pixels)
        flat = np.empty(window.shape, np.uint8)
        flat[:] = np.rint(np.array(colour, np.float32) * 255)
        under = np.ascontiguousarray(window)
        window[:] = cv2.blendLinear(flat, under, mask.alpha, 1 - mask.alpha)
        self._record(mask, colour)

    def _record(self, mask: Mask, paint: Rgb | Bytes) -> None:
        self.strokes.append(Stroke(mask, paint, self._group))


def reached(ink: Rgb, behind: Bytes, *, share: float = WORST_SHARE) -> float:
    """The ink's contrast with the worst share of the pixels behind it."""
    if not behind.size:
        return 21.0
    own = luminance(ink)
    low, high = np.quantile(luminances(behind), (share, 1 - share))
    return min(contrast(own, float(low)), contrast(own, float(high)))


def veiled_by(pixels: Bytes, share: Floats, veil: Floats) -> Bytes:
    """Pixels with so much of the veil's colour over them."""
    return np.asarray(np.rint(pixels * (1 - share) + veil * share), np.uint8)


def legibility(pixels: Bytes, plan: Plan, inks: Inks) -> float:
    """Contrast of the best ink on the bare picture, for the worst group of words."""
    worst = min(
        (_logo_legibility(pixels, placed) for placed in plan.items if placed.group != "panel"),
        default=21.0,
    )
    for group in ("upper", "lower", "side"):
        behind = [
            luminances(
                pixels[
                    max(0, int(placed.top_px)) : int(placed.top_px + placed.item.height_px) : 4,
                    max(0, int(placed.left_px)) : int(
                        placed.left_px + placed.item.width_px
                    ) : 4,
                ]
            ).ravel()
            for placed in plan.items
            if placed.group == group and not isinstance(placed.item, ButtonItem | LogoItem)
        ]
        if not behind:
            continue
        low, high = np.quantile(np.concatenate(behind), (0.03, 0.97))
        worst = min(
            worst,
            max(
                min(contrast(luminance(ink), float(low)), contrast(luminance(ink), float(high)))
                for ink in (inks.ink, inks.light, inks.dark)
            ),
        )
    return worst


def _logo_legibility(pixels: Bytes, placed: Set) -> float:
    """Contrast of the better version of a logo's picture with most of what is behind it."""
    item = placed.item
    if not isinstance(item, LogoItem) or item.picture is None:
        return 21.0
    left, top = max(0, round(placed.left_px)), max(0, round(placed.top_px))
    behind = luminances(
        pixels[top : top + round(item.height_px) : 2, left : left + round(item.width_px) : 2]
    )
    low, high = (float(each) for each in np.quantile(behind, (0.02, 0.98)))
    owns = [
        float(np.median(luminances(picture[:, :, :3][picture[:, :, 3] > 127])))
        for picture in (item.picture, item.picture_on_dark)
        if picture is not None and (picture[:, :, 3] > 127).any()
    ]
    ratios = [min(contrast(own, low), contrast(own, high)) for own in owns]
    return max(ratios, default=21.0) * LEAST_CONTRAST / LEAST_LOGO_CONTRAST


def _ramp(length: int, start: float, end: float, fade_share: float) -> Floats:
    """(length,): 1 from the nearer edge to a part's far end, then falling smoothly to 0."""
    places = np.arange(length, dtype=np.float32)
    beyond = places - end if start + end < length else start - places
    ramp = 1 - np.clip(beyond / (length * fade_share), 0, 1)
    return np.asarray(ramp * ramp * (3 - 2 * ramp), np.float32)


def _drawn(size: tuple[int, int], draw: Callable[[skia.Canvas], None]) -> Floats:
    """Coverage of what `draw` paints, (height, width)."""
    layer = np.zeros((size[1], size[0], 4), np.uint8)
    surface = skia.Surface(layer)
    draw(surface.getCanvas())
    surface.flushAndSubmit()
    return layer[:, :, 3].astype(np.float32) / 255


def _stands_out(picture: Bytes, window: Bytes) -> float:
    """Contrast of a logo's typical colour with what is behind it."""
    solid = picture[:, :, 3] > 127
    if not solid.any() or not window.size:
        return 1.0
    own = float(np.median(luminances(picture[:, :, :3][solid])))
    return contrast(own, float(np.median(luminances(window.reshape(-1, 3)))))
