"""Colours for text and its grounds, derived from a palette."""

from __future__ import annotations

from dataclasses import dataclass

from studio.imaging.colour import Rgb, contrast, luminance, mixed, parse_hex
from studio.markets.pack import Palette

LEAST_CONTRAST = 4.5
"""WCAG 2.2, level AA, for text of any size."""
SAFE_CONTRAST = 5.2
"""What inks are chosen for, so that compression can't push them under the limit."""
WHITE: Rgb = (1.0, 1.0, 1.0)
BLACK: Rgb = (0.0, 0.0, 0.0)


@dataclass(frozen=True, slots=True, kw_only=True)
class Inks:
    """A palette's colours for text and grounds."""

    ink: Rgb
    light: Rgb
    dark: Rgb
    button: Rgb
    card: Rgb
    bands: tuple[Rgb, ...]


def inks_of(palette: Palette) -> Inks:
    """Derive what a palette doesn't say: a near-white, a near-black and grounds for panels."""
    wall, ink = parse_hex(palette.wall), parse_hex(palette.ink)
    accent, button = parse_hex(palette.accent), parse_hex(palette.button)
    is_dark = luminance(ink) > luminance(wall)
    light = mixed(ink if is_dark else wall, WHITE, 0.82)
    dark = mixed(wall if is_dark else ink, BLACK, 0.45 if is_dark else 0.15)
    deep = [
        one for one in (accent, button) if contrast(luminance(light), luminance(one)) >= 6.0
    ]
    tint = mixed(wall, WHITE, 0.72)
    return Inks(
        ink=ink,
        light=light,
        dark=dark,
        button=button,
        card=mixed(wall, BLACK, 0.18) if is_dark else mixed(wall, WHITE, 0.84),
        bands=(light if is_dark else tint, *deep),
    )


def deep_enough(colour: Rgb, light: Rgb, *, least: float) -> Rgb:
    """The colour, darkened until near-white text reads well on it."""
    for step in range(20):
        darker = mixed(colour, BLACK, step * 0.04)
        if contrast(luminance(light), luminance(darker)) >= least:
            return darker
    return mixed(colour, BLACK, 0.8)
