"""Colour arithmetic agrees with published values and with itself."""

from __future__ import annotations

import numpy as np
import pytest
from coloraide import Color
from hypothesis import given
from hypothesis import strategies as st

from studio.errors import InputError
from studio.imaging.colour import (
    bytes_from_linear,
    contrast,
    linear_from_bytes,
    linear_from_oklab,
    luminance,
    mixed,
    oklab_from_linear,
    parse_hex,
    to_hex,
)

CHANNEL = st.integers(0, 255)


def test_every_byte_survives_linear_light() -> None:
    every = np.arange(256, dtype=np.uint8).reshape(16, 16)
    assert np.array_equal(bytes_from_linear(linear_from_bytes(every)), every)


@given(CHANNEL, CHANNEL, CHANNEL)
def test_oklab_agrees_with_coloraide(red: int, green: int, blue: int) -> None:
    pixel = np.array([[red, green, blue]], np.uint8)
    expected = Color("srgb", [red / 255, green / 255, blue / 255]).convert("oklab").coords()
    ours = oklab_from_linear(linear_from_bytes(pixel))
    assert ours[0].tolist() == pytest.approx(expected, abs=2e-3)
    assert linear_from_oklab(ours) == pytest.approx(linear_from_bytes(pixel), abs=1e-4)


@given(CHANNEL, CHANNEL, CHANNEL)
def test_contrast_agrees_with_coloraide(red: int, green: int, blue: int) -> None:
    colour = (red / 255, green / 255, blue / 255)
    expected = Color("srgb", list(colour)).contrast(Color("#0B3D2E"), method="wcag21")
    assert contrast(luminance(colour), luminance(parse_hex("#0B3D2E"))) == pytest.approx(
        expected, rel=1e-3
    )


def test_black_on_white_is_twenty_one_to_one() -> None:
    assert contrast(luminance((0, 0, 0)), luminance((1, 1, 1))) == pytest.approx(21.0)


def test_mixing_ends_at_its_ends() -> None:
    red, blue = parse_hex("#C83C1E"), parse_hex("#1E3CC8")
    assert to_hex(mixed(red, blue, 0.0)) == "#C83C1E"
    assert to_hex(mixed(red, blue, 1.0)) == "#1E3CC8"


@pytest.mark.parametrize("text", ["#12345", "123456", "#12345G", "red", "#1234567"])
def test_what_is_no_colour_is_named(text: str) -> None:
    with pytest.raises(InputError, match="is no colour"):
        parse_hex(text)
