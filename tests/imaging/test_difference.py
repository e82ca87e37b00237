"""CIELAB and CIEDE2000 agree with the published pairs and with another implementation."""

from __future__ import annotations

import numpy as np
import pytest
from coloraide import Color
from hypothesis import given
from hypothesis import strategies as st

from studio.imaging.difference import delta_e, lab


@pytest.mark.parametrize(
    ("one", "other", "expected"),
    [
        ((50, 2.6772, -79.7751), (50, 0, -82.7485), 2.0425),
        ((50, -1.3802, -84.2814), (50, 0, -82.7485), 1.0000),
        ((50, 2.5, 0), (50, 0, -2.5), 4.3065),
        ((50, 2.5, 0), (73, 25, -18), 27.1492),
        ((60.2574, -34.0099, 36.2677), (60.4626, -34.1751, 39.4387), 1.2644),
        ((22.7233, 20.0904, -46.6940), (23.0331, 14.9730, -42.5619), 2.0373),
        ((2.0776, 0.0795, -1.1350), (0.9033, -0.0636, -0.5514), 0.9082),
    ],
)
def test_delta_e_2000_of_the_published_pairs(
    one: tuple[float, ...], other: tuple[float, ...], expected: float
) -> None:
    """Sharma, Wu and Dalal (2005), table 1."""
    assert delta_e(np.array(one), np.array(other)) == pytest.approx(expected, abs=1e-4)
    assert delta_e(np.array(other), np.array(one)) == pytest.approx(expected, abs=1e-4)


@given(st.lists(st.integers(0, 255), min_size=6, max_size=6))
def test_delta_e_of_pixels_agrees_with_coloraide(channels: list[int]) -> None:
    pixels = np.array(channels, np.uint8).reshape(2, 3)
    ours = float(delta_e(lab(pixels[0]), lab(pixels[1])))
    colours = [
        Color("srgb", [int(c) / 255 for c in pixel]).convert("lab-d65") for pixel in pixels
    ]
    assert ours == pytest.approx(colours[0].delta_e(colours[1], method="2000"), abs=0.05)
