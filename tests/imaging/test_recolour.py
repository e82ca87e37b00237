"""Recolouring hits the paint's tone, keeps the light and leaves the rest alone."""

from __future__ import annotations

import numpy as np
import pytest

from studio.imaging.balance import Balance
from studio.imaging.colour import (
    contrast,
    linear_from_bytes,
    linear_of,
    luminance,
    oklab_from_linear,
    parse_hex,
)
from studio.imaging.recolour import recoloured, softened

ONES = np.ones(3, np.float32)
AS_IS = Balance(gains=ONES, tint=ONES, light_delta_e=0.0)
GREEN = "#2F5D50"


def a_wall(*, light: int = 200, shade: int = 120) -> np.ndarray:
    """Left three quarters in the light, right quarter in shade; 40 × 40, neutral grey."""
    wall = np.full((40, 40, 3), light, np.uint8)
    wall[:, 30:] = shade
    return wall


def full(share: int = 255) -> np.ndarray:
    return np.full((40, 40), share, np.uint8)


def lab_of(pixel: np.ndarray) -> list[float]:
    return [float(part) for part in oklab_from_linear(linear_from_bytes(pixel))]


def test_the_lit_part_takes_the_paints_colour() -> None:
    out = recoloured(a_wall(), {"wall": full()}, {"wall": GREEN}, light=AS_IS)
    target = oklab_from_linear(linear_of(parse_hex(GREEN)))
    assert lab_of(out[5, 5]) == pytest.approx(target.tolist(), abs=0.02)


def test_shade_keeps_its_proportion_of_lightness() -> None:
    """OKLab lightness of shade over light is the same before and after, in dark paint too."""
    wall = a_wall()
    before = lab_of(wall[5, 35])[0] / lab_of(wall[5, 5])[0]
    for paint in (GREEN, "#E4C9A8"):
        out = recoloured(wall, {"wall": full()}, {"wall": paint}, light=AS_IS)
        after = lab_of(out[5, 35])[0] / lab_of(out[5, 5])[0]
        assert after == pytest.approx(before, abs=0.03)


def test_what_no_mask_covers_stays_as_it_was() -> None:
    wall = a_wall()
    mask = full()
    mask[:, :20] = 0
    out = recoloured(wall, {"wall": mask}, {"wall": GREEN}, light=AS_IS)
    assert np.array_equal(out[:, :20], wall[:, :20])
    assert not np.array_equal(out[:, 20:], wall[:, 20:])


def test_half_coverage_mixes_in_linear_light() -> None:
    wall = a_wall(shade=200)
    mask = full()
    mask[:, 35:] = 128
    out = recoloured(wall, {"wall": mask}, {"wall": GREEN}, light=AS_IS)
    old, new, mix = (linear_from_bytes(pixel) for pixel in (wall[0, 0], out[0, 0], out[0, 38]))
    assert mix.tolist() == pytest.approx((old * 127 / 255 + new * 128 / 255).tolist(), abs=0.01)


def test_paint_keeps_its_colour_where_the_light_is_balanced() -> None:
    """Gains are for what is not painted, the tint for what is; exposure is for both."""
    mask = full()
    mask[:, 20:] = 0
    gains = np.array([0.9, 1.0, 1.2], np.float32)
    tint = np.array([1.1, 1.0, 0.8], np.float32)
    balanced = Balance(gains=gains, tint=ONES, light_delta_e=0.0)
    tinted = Balance(gains=gains, tint=tint, light_delta_e=0.0)
    wall = a_wall(shade=200)
    plain = recoloured(wall, {"wall": mask}, {"wall": GREEN}, light=AS_IS)
    out = recoloured(wall, {"wall": mask}, {"wall": GREEN}, light=balanced)
    warm = recoloured(wall, {"wall": mask}, {"wall": GREEN}, light=tinted)
    brighter = recoloured(wall, {"wall": mask}, {"wall": GREEN}, light=balanced, gain=1.1)
    assert np.array_equal(out[:, :20], plain[:, :20])
    assert np.array_equal(out[:, 20:], warm[:, 20:])
    ratio = linear_from_bytes(out[0, 39]) / linear_from_bytes(wall[0, 39])
    assert ratio.tolist() == pytest.approx(gains.tolist(), rel=0.01)
    ratio = linear_from_bytes(warm[0, 0]) / linear_from_bytes(plain[0, 0])
    assert ratio.tolist() == pytest.approx(tint.tolist(), rel=0.03)
    for column in (0, 39):
        ratio = linear_from_bytes(brighter[0, column]) / linear_from_bytes(out[0, column])
        assert ratio.tolist() == pytest.approx([1.1] * 3, rel=0.03)


def test_two_masks_that_share_an_edge_leave_no_old_colour_between_them() -> None:
    """Half red and half blue paint on a white wall: no white is left in the mix."""
    wall = a_wall(light=250, shade=250)
    left, right = full(), full()
    left[:, 20:] = 0
    right[:, :20] = 0
    left[:, 19:21], right[:, 19:21] = 128, 127
    out = recoloured(
        wall,
        {"wall": left, "accent": right},
        {"wall": "#802020", "accent": "#202080"},
        light=AS_IS,
    )
    ends = [linear_from_bytes(out[0, 5]), linear_from_bytes(out[0, 35])]
    middle = linear_from_bytes(out[0, 19])
    assert middle.tolist() == pytest.approx((0.5 * (ends[0] + ends[1])).tolist(), abs=0.01)


def test_a_dark_stage_stays_dark_in_a_bright_palette() -> None:
    """Grey 45 has OKLab lightness 0.29; a cream wall may bring it to 0.41, and no farther."""
    stage = a_wall(light=45, shade=30)
    out = recoloured(stage, {"wall": full()}, {"wall": "#F0E4D0"}, light=AS_IS)
    before, after = lab_of(stage[5, 5]), lab_of(out[5, 5])
    assert after[0] == pytest.approx(before[0] + 0.12, abs=0.015)
    assert after[2] > 0.005
    dark = recoloured(stage, {"wall": full()}, {"wall": "#1E2A30"}, light=AS_IS)
    wanted = oklab_from_linear(linear_of(parse_hex("#1E2A30")))
    assert lab_of(dark[5, 5]) == pytest.approx(wanted.tolist(), abs=0.02)


def test_the_accent_of_a_dark_stage_may_shine() -> None:
    stage = a_wall(light=45, shade=30)
    out = recoloured(stage, {"accent": full()}, {"accent": "#F0E4D0"}, light=AS_IS)
    assert lab_of(out[5, 5])[0] > 0.85


def test_an_accent_is_softened_just_until_ink_reads() -> None:
    ink, wall = "#20302C", "#E4E2DC"
    soft = softened("#3E5C55", wall=wall, ink=ink)
    reached = contrast(luminance(parse_hex(ink)), luminance(parse_hex(soft)))
    assert 6.5 <= reached < 9
    assert softened(wall, wall=wall, ink=ink) == wall
