"""A brand colours a market's palette within bounds, and words stay readable."""

from __future__ import annotations

from dataclasses import replace

import pytest
from coloraide import Color
from hypothesis import given
from hypothesis import strategies as st

from studio.errors import InputError
from studio.imaging.colour import contrast, luminance, parse_hex
from studio.imaging.palettes import (
    KINDRED_DEG,
    LEAST_CONTRAST,
    MOST_HUE_DEG,
    branded,
    hue_step,
)
from studio.markets.library import MarketLibrary
from tests.imaging.examples import NIGHT, SAND

PALETTES = [
    palette
    for locale in ("en-US", "ja-JP", "ar-SA", "zh-CN")
    for palette in MarketLibrary().pack(locale).palettes
]
HEX = st.integers(0, 0xFFFFFF).map(lambda value: f"#{value:06X}")


def hue(colour: str) -> Color:
    return Color(colour).convert("oklch")


def on_wall(palette: object, colour: str) -> float:
    return contrast(*(luminance(parse_hex(one)) for one in (colour, palette.wall)))  # type: ignore[attr-defined]


def test_without_brand_colours_the_palette_is_the_markets() -> None:
    assert branded(SAND, ()) is SAND


def test_a_kindred_colour_draws_the_accent_halfway_in_chroma_and_fully_in_hue() -> None:
    """A green of hue 150° beside the brand's of 160°."""
    green = Color("oklch", [0.5, 0.08, 150]).convert("srgb").to_string(hex=True).upper()
    brand = Color("oklch", [0.5, 0.12, 160]).convert("srgb").to_string(hex=True).upper()
    accent = hue(branded(replace(SAND, accent=green), (brand,)).accent)
    assert accent["hue"] == pytest.approx(160, abs=1.5)
    assert accent["chroma"] == pytest.approx(0.10, abs=0.004)
    assert accent["lightness"] == pytest.approx(0.5, abs=0.006)


def test_a_foreign_colour_leaves_the_market_alone() -> None:
    """Blue is farther than 45° from the sand palette's green accent and red button."""
    assert abs(hue_step(hue(SAND.accent), hue("#2030C0"))) > KINDRED_DEG
    assert branded(SAND, ("#2030C0",)) == SAND


def test_a_grey_brand_has_no_hue_to_follow() -> None:
    assert branded(SAND, ("#808080", "#FFFFFF", "#000000")) == SAND


@given(st.sampled_from(PALETTES), st.lists(HEX, min_size=1, max_size=4))
def test_the_market_keeps_its_mood_and_buttons_stand_out(
    palette: object, brand: list[str]
) -> None:
    after = branded(palette, brand)  # type: ignore[arg-type]
    assert (after.wall, after.surface, after.ink, after.family) == (
        *(palette.wall, palette.surface, palette.ink, palette.family),  # type: ignore[attr-defined]
    )
    turned = abs(hue_step(hue(palette.accent), hue(after.accent)))  # type: ignore[attr-defined]
    if hue(after.accent)["chroma"] > 0.05:
        assert turned <= MOST_HUE_DEG + 4
    least = min(LEAST_CONTRAST, on_wall(palette, palette.button))  # type: ignore[attr-defined]
    assert on_wall(palette, after.button) >= least - 1e-9


def test_a_button_that_would_sink_into_the_wall_is_darkened() -> None:
    """A pale yellow brand lightens the button of a light wall, but only to 3 to 1."""
    wall = replace(SAND, wall="#F5E6C8", button="#A87B00")
    after = branded(wall, ("#FFE98A",))
    assert after.button != wall.button
    assert on_wall(wall, after.button) >= LEAST_CONTRAST


def test_on_a_dark_wall_buttons_grow_lighter() -> None:
    """3.2 to 1 before; without care the dark brown would bring it to about 2.7."""
    dark = replace(NIGHT, button="#977530")
    assert on_wall(dark, dark.button) >= LEAST_CONTRAST
    after = branded(dark, ("#5A4408",))
    assert after.button != dark.button
    assert on_wall(dark, after.button) >= LEAST_CONTRAST - 1e-9


def test_a_wrong_colour_is_named() -> None:
    with pytest.raises(InputError, match="'teal' is no colour"):
        branded(SAND, ("teal",))
