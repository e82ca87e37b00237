"""A market's palette with a touch of the brand's colours, never against the market."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from functools import lru_cache

from coloraide import Color

from studio.imaging.colour import contrast, luminance, parse_hex
from studio.markets.pack import Palette

KINDRED_DEG = 45.0
"""Farther apart in OKLCH hue than this, a brand's colour leaves a market's alone."""
MOST_HUE_DEG = 28.0
"""Most that a market's colour turns towards the brand's; green stays green."""
MOST_CHROMA, MOST_LIGHTNESS = 0.05, 0.06
"""Likewise in OKLCH chroma and lightness (0–1)."""
LEAST_CHROMA = 0.025
"""Greyer colours have no hue worth following."""
LEAST_CONTRAST = 3.0
"""WCAG 2.2, 1.4.11, of a button on the wall, unless the market's own palette has less."""
STEP = 0.01


def branded(palette: Palette, brand_colours: Sequence[str]) -> Palette:
    """Accent and button moved towards the brand's colour that is nearest in hue.

    Wall, surface and ink are the market's: they carry mood, and the words. Raises `InputError`
    where a brand's colour is none.
    """
    for colour in brand_colours:
        parse_hex(colour)
    return _branded(palette, tuple(brand_colours)) if brand_colours else palette


@lru_cache(maxsize=512)
def _branded(palette: Palette, brand_colours: tuple[str, ...]) -> Palette:
    accent = _drawn(palette.accent, brand_colours)
    button = _drawn(palette.button, brand_colours)
    return replace(
        palette,
        accent=_hex(accent),
        button=_readable(button, palette),
    )


def _drawn(colour: str, brand_colours: Sequence[str]) -> Color:
    """The colour a bounded step closer to the nearest of the brand's, in OKLCH."""
    own = Color(colour).convert("oklch")
    others = [Color(other).convert("oklch") for other in brand_colours]
    kin = [
        (abs(hue_step(own, other)), place, other)
        for place, other in enumerate(others)
        if other["chroma"] >= LEAST_CHROMA
    ]
    if own["chroma"] < LEAST_CHROMA or not kin:
        return own
    far, _, nearest = min(kin, key=lambda one: one[:2])
    if far > KINDRED_DEG:
        return own
    own["hue"] += _within(hue_step(own, nearest), MOST_HUE_DEG)
    own["chroma"] += _within((nearest["chroma"] - own["chroma"]) / 2, MOST_CHROMA)
    own["lightness"] += _within((nearest["lightness"] - own["lightness"]) / 2, MOST_LIGHTNESS)
    return own


def hue_step(one: Color, other: Color) -> float:
    """The shorter way from one hue to another in degrees, -180 to 180."""
    return (float(other["hue"]) - float(one["hue"]) + 180) % 360 - 180


def _within(step: float, most: float) -> float:
    return min(max(step, -most), most)


def _readable(button: Color, palette: Palette) -> str:
    """The button, lighter or darker until it stands out from the wall as it did before."""
    wall = luminance(parse_hex(palette.wall))
    before = contrast(luminance(parse_hex(palette.button)), wall)
    wanted = min(before, LEAST_CONTRAST)
    away = STEP if luminance(parse_hex(palette.button)) > wall else -STEP
    while contrast(luminance(parse_hex(_hex(button))), wall) < wanted:
        if not 0 < button["lightness"] < 1:
            return palette.button
        button["lightness"] += away
    return _hex(button)


def _hex(colour: Color) -> str:
    fitted = colour.clone().fit("srgb", method="oklch-chroma").convert("srgb")
    return str(fitted.to_string(hex=True)).upper()
