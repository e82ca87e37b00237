"""The end of a film: the product on a ground of the brand's colours, with what to do next."""

from __future__ import annotations

import math
from dataclasses import dataclass, replace
from functools import cached_property
from itertools import product as combinations

import cv2
import numpy as np
from PIL import Image

from studio.domain.geometry import Box
from studio.domain.market import Direction
from studio.errors import InputError
from studio.imaging.colour import (
    Bytes,
    Rgb,
    contrast,
    linear_of,
    luminance,
    luminances,
    mixed,
    oklab_from_linear,
)
from studio.imaging.inks import BLACK, WHITE, deep_enough, inks_of
from studio.imaging.sprites import Place
from studio.imaging.text_layers import TextLayer
from studio.imaging.typeset import TypesetRequest, Typesetter

WIDE = 1.4
"""From this aspect ratio on the words stand beside the product."""
LAYOUTS = ("centred", "aligned", "")
WIDE_LAYOUTS = ("side", "aligned", "centred", "")
"""Those tried first, without panels: the ground is a panel already."""
SIZES = (1.0, 0.88, 0.76, 0.64)
"""Sizes of the product that are tried in turn, until the words have room."""
GROWTH = 0.03
"""How much the product grows while the card stands."""
READS = 6.5
"""Contrast of near-white words with the middle of a ground; its lighter parts take some."""
STANDS_OUT = 2.0
"""Least contrast of a ground with the middle tone of the product."""
MOST_ENLARGED = 1.25
"""A photo is never enlarged more than this."""
GLOW = 0.10
"""How much lighter the ground is behind the product, and how much darker at the corners."""
GRAIN = 0.6
"""Noise in bytes that keeps a gradient from showing steps once it is compressed."""


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class EndCard:
    """A finished end card, taken apart."""

    ground: Bytes
    """(height, width, 3)."""
    grounded: Bytes
    """The same with the product's shadow."""
    place: Place
    layers: tuple[TextLayer, ...]


@dataclass(frozen=True)
class CardMaker:
    """Arranges the end card of one ad."""

    request: TypesetRequest
    """Of the ad's picture."""
    cut: Bytes
    """The product, (height, width, 4)."""
    typesetter: Typesetter

    def card(self) -> EndCard:
        """The card whose ground lets the product stand out and leaves its words room."""
        names = WIDE_LAYOUTS if self._aspect >= WIDE else LAYOUTS
        refused: InputError | None = None
        for size, name, colour in combinations(SIZES, names, self._colours):
            try:
                return self._set(colour, self._place(size), name)
            except InputError as error:
                refused = refused or error
        assert refused is not None
        raise refused

    def _set(self, colour: Rgb, place: Place, layout: str) -> EndCard:
        ground = painted_ground(self._size, colour, place)
        width, height = self._size
        grown = place.scaled(1 + GROWTH)
        box = Box(
            left=grown.left / width,
            top=grown.top / height,
            right=grown.right / width,
            bottom=grown.bottom / height,
        )
        request = replace(
            self.request,
            image=Image.fromarray(ground),
            product_box=box,
            copy=replace(self.request.copy, body=""),
            layout=layout,
        )
        layers = self.typesetter.layers(request)
        if layout and any(layer.is_ground for layer in layers):
            raise InputError(f"palette {request.palette.id}: no words read on this ground.")
        return EndCard(
            ground=ground, grounded=with_shadow(ground, place), place=place, layers=layers
        )

    @property
    def _size(self) -> tuple[int, int]:
        return self.request.placement.width_px, self.request.placement.height_px

    @property
    def _aspect(self) -> float:
        return self._size[0] / self._size[1]

    @cached_property
    def _colours(self) -> tuple[Rgb, ...]:
        """Grounds that the product stands out from, the strongest colour first."""
        inks = inks_of(self.request.palette)
        solid = self.cut[:, :, 3] == 255
        own = float(np.median(luminances(self.cut[:, :, :3][solid])))
        deep = (
            deep_enough(colour, inks.light, least=READS)
            for colour in (*inks.bands[1:], inks.button)
        )
        every = (inks.bands[0], *deep, inks.dark, inks.card)
        return tuple(
            sorted(
                dict.fromkeys(every),
                key=lambda one: (contrast(luminance(one), own) < STANDS_OUT, -_strength(one)),
            )
        )

    def _place(self, size: float) -> Place:
        """Where the product stands: in the middle, or in wide pictures at the end side."""
        width, height = self._size
        direction = self.request.market.direction
        safe, rtl = self.request.placement.safe_for(direction), direction is Direction.RTL
        left, right = safe.left * width, (1 - safe.right) * width
        top, bottom = safe.top * height, (1 - safe.bottom) * height
        wide = self._aspect >= WIDE
        most_high = (bottom - top) * (0.72 if wide else 0.41) * size
        most_wide = (right - left) * (0.40 if wide else 0.58) * size
        tall = self.cut.shape[0] / self.cut.shape[1]
        drawn = min(most_wide, most_high / tall, self.cut.shape[1] * MOST_ENLARGED)
        way = (0.26 if rtl else 0.74) if wide else 0.5
        middle = left + (right - left) * way
        foot = (top + bottom + drawn * tall) / 2 if wide else top + (bottom - top) * 0.70
        return Place(middle - drawn / 2, foot - drawn * tall, drawn, drawn * tall)


def _strength(colour: Rgb) -> float:
    """How colourful a colour is: its chroma in OKLab."""
    _, a, b = oklab_from_linear(linear_of(colour)[None, :])[0].tolist()
    return math.hypot(a, b)


def painted_ground(size_px: tuple[int, int], colour: Rgb, place: Place) -> Bytes:
    """A ground of one colour, a little lighter behind the product, (height, width, 3)."""
    width, height = size_px
    y, x = np.mgrid[0:height, 0:width].astype(np.float32)
    reach = 0.75 * float(np.hypot(width, height))
    away = np.hypot(x - place.middle, y - place.bottom + place.height / 2) / reach
    share = np.clip(away, 0, 1)[:, :, None]
    light, dark = (np.array(mixed(colour, end, GLOW), np.float32) for end in (WHITE, BLACK))
    smooth = share * share * (3 - 2 * share)
    noise = np.random.default_rng(0).normal(0, GRAIN, (height, width, 1)).astype(np.float32)
    ground = (light * (1 - smooth) + dark * smooth) * 255 + noise
    return np.asarray(np.clip(np.rint(ground), 0, 255), np.uint8)


def with_shadow(ground: Bytes, place: Place) -> Bytes:
    """The ground with a soft shadow under the product's foot."""
    shade = np.zeros(ground.shape[:2], np.float32)
    for width, height, darkness in ((0.52, 0.050, 0.30), (0.45, 0.018, 0.45)):
        ellipse = np.zeros_like(shade)
        middle = (round(place.middle), round(place.bottom - place.width * height * 0.9))
        axes = (round(place.width * width), max(1, round(place.width * height)))
        cv2.ellipse(ellipse, middle, axes, 0, 0, 360, darkness, -1, cv2.LINE_AA)
        soft = cv2.GaussianBlur(ellipse, (0, 0), place.width * height * 0.8)
        shade = 1 - (1 - shade) * (1 - soft)
    return np.asarray(np.rint(ground * (1 - shade[:, :, None])), np.uint8)
