"""A product's shadow agrees with geometry worked by hand, and follows the set's light."""

from __future__ import annotations

import math
from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from studio.imaging.compose import lit_share
from studio.imaging.scene import Light
from studio.imaging.shadow import (
    Discs,
    Ground,
    Plot,
    Standing,
    discs_of,
    hidden,
    main_directions,
    main_share,
    reach,
    shade,
    sky_directions,
    things_of,
)

GROUND = Ground(x_px=200, y_px=300, px_per_cm=4.0, pitch_deg=30, distance_cm=100)


def light(azimuth: float = -60, elevation: float = 40, softness: float = 0.6) -> Light:
    return Light.model_validate(
        {
            "from": "left" if azimuth < 0 else "right",
            "azimuth_deg": azimuth,
            "elevation_deg": elevation,
            "softness": softness,
            "temperature_k": 5500,
        }
    )


def shown(ground: Ground, right_cm: float, away_cm: float) -> tuple[float, float]:
    x, y, w = ground.to_picture() @ (right_cm, away_cm, 1.0)
    return x / w, y / w


def a_box(width: int, height: int, ground: Ground = GROUND) -> Standing:
    """A plain block whose front edge is a little below the middle of its foot."""
    foot_px = round(ground.y_px + 0.055 * width)
    left = round(ground.x_px - width / 2)
    return Standing(np.ones((height, width), np.float32), left, foot_px - height, ground)


def cylinder(*, radius: float, height: float) -> Discs:
    heights = np.linspace(0, height, 5)
    return Discs(heights, np.zeros(5), np.full(5, radius))


def test_the_ground_is_seen_in_perspective() -> None:
    """Looking down 30° from 100 cm, the far ground ends at 300 - 4 × 100 × tan 30° = 69."""
    assert shown(GROUND, 0, 0) == (200, 300)
    assert shown(GROUND, 10, 0) == pytest.approx((240, 300))
    depth = 1 + 10 * math.cos(math.radians(30)) / 100
    assert shown(GROUND, 10, 10) == pytest.approx((200 + 40 / depth, 300 - 20 / depth))
    assert shown(GROUND, 0, 1e9)[1] == pytest.approx(300 - 400 * math.tan(math.radians(30)))


def test_light_at_45_degrees_throws_a_shadow_as_long_as_the_thing_is_high() -> None:
    """From the left: a post of 1 cm radius and 10 cm height hides the ground up to x = 11."""
    plot = Plot(left_cm=-5, near_cm=-5, cell_cm=0.1, columns=200, rows=100)
    direction = np.array([[math.radians(-90), math.radians(45)]])
    shadow = hidden([cylinder(radius=1, height=10)], direction, plot)
    at = {x: shadow[50, round((x + 5) / 0.1)] for x in (-3, -0.8, 0, 5, 10.8, 11.3)}
    assert at == {-3: 0, -0.8: 1, 0: 1, 5: 1, 10.8: 1, 11.3: 0}
    assert shadow[50 + 12, 100] == 0


@pytest.mark.parametrize("angle_deg", [30, 45, 60])
def test_beside_a_wall_the_sky_is_hidden_as_its_view_factor_says(angle_deg: float) -> None:
    """A long wall seen at elevation α hides (1 - cos α) / 2 of a cosine-weighted sky."""
    distance = 10 / math.tan(math.radians(angle_deg))
    plot = Plot(left_cm=0, near_cm=-50, cell_cm=1, columns=700, rows=100)
    shadow = hidden([cylinder(radius=500, height=10)], sky_directions(), plot)
    expected = (1 - math.cos(math.radians(angle_deg))) / 2
    assert shadow[50, round(500 + distance)] == pytest.approx(expected, abs=0.05)


def test_under_the_product_all_light_is_gone() -> None:
    taken = shade(a_box(80, 60), light(), (400, 400)).taken()
    assert taken[300, 200] == pytest.approx(1.0, abs=0.01)


@given(st.floats(20, 70), st.sampled_from([-1, 1]), st.floats(25, 60), st.floats(0, 1))
def test_the_shadow_lies_away_from_the_light(
    azimuth: float, side: int, elevation: float, softness: float
) -> None:
    taken = shade(a_box(80, 60), light(side * azimuth, elevation, softness), (400, 400)).main
    columns = np.arange(400) - 200
    middle = float((taken * columns).sum() / taken.sum())
    assert middle * -side > 2


def test_a_hard_light_has_a_narrow_edge_and_a_darker_shadow() -> None:
    hard, soft = (
        shade(a_box(80, 60), light(softness=softness), (400, 400)).main for softness in (0, 1)
    )
    assert hard.max() > 1.5 * soft.max()
    partial = [
        ((part > 0.1 * part.max()) & (part < 0.9 * part.max())).sum() for part in (hard, soft)
    ]
    assert partial[1] > 2 * partial[0]


def test_the_edge_softens_with_distance_from_the_foot() -> None:
    """Light from the left at 45°: the edge across the shadow near the foot and farther out."""
    ground = Ground(x_px=200, y_px=200, px_per_cm=4, pitch_deg=90, distance_cm=100)
    block = Standing(np.ones((120, 40), np.float32), 180, 80, ground)
    main = shade(block, light(azimuth=-90, elevation=45, softness=0.5), (500, 400)).main
    near, far = main[:, 235], main[:, 300]
    widths = [
        int(((edge > 0.1 * main.max()) & (edge < 0.9 * main.max())).sum())
        for edge in (near, far)
    ]
    assert widths[1] > 1.5 * widths[0]


@pytest.mark.parametrize(("width", "height"), [(200, 50), (60, 240), (90, 75)])
def test_low_wide_and_tall_things_keep_their_shadow_within_reach(
    width: int, height: int
) -> None:
    block = a_box(
        width, height, Ground(x_px=400, y_px=500, px_per_cm=5, pitch_deg=8, distance_cm=117)
    )
    left, top, right, bottom = reach(block, light())
    main = shade(block, light(), (900, 700)).main
    rows, columns = np.nonzero(main > 0.02)
    assert left <= columns.min()
    assert columns.max() <= right
    assert top - 2 <= rows.min()
    assert rows.max() <= bottom + 2


def test_discs_follow_the_silhouette() -> None:
    """A block of 40 px, half as wide in its upper half: radii of 5 and 2.5 cm.

    The middle of its foot is 2.2 px above row 81, so that 78 rows lie over it.
    """
    alpha = np.zeros((81, 40), np.float32)
    alpha[40:] = 1
    alpha[:40, 10:30] = 1
    ground = Ground(x_px=20, y_px=80, px_per_cm=4, pitch_deg=8, distance_cm=100)
    discs = discs_of(Standing(alpha, 0, 0, ground))
    assert discs.radii[0] == pytest.approx(5)
    assert discs.radii[-1] == pytest.approx(2.5)
    assert discs.heights[0] == 0
    assert discs.heights[-1] == pytest.approx(78 / 4)
    assert discs.middles == pytest.approx(np.zeros(9))


def test_a_thing_behind_another_stands_farther_away() -> None:
    """An earbud of 30 px before a case of 100 px whose foot is seen 10 px higher.

    Their feet's middles lie 1.65 and 5.5 px above their lowest rows: 13.85 px apart. With
    8 px/cm × sin 8° = 1.113 px/cm, and nearly no perspective, that is 12.4 cm of depth.
    """
    alpha = np.zeros((100, 140), np.float32)
    alpha[20:90, 40:140] = 1
    alpha[60:100, 5:35] = 1
    ground = Ground(x_px=70, y_px=98.35, px_per_cm=8, pitch_deg=8, distance_cm=1e6)
    bud, case = things_of(Standing(alpha, 0, 0, ground))
    assert bud.away_cm == pytest.approx(0, abs=0.01)
    assert case.away_cm == pytest.approx(13.85 / (8 * math.sin(math.radians(8))), abs=0.05)
    assert case.radii[0] == pytest.approx(50 / 8)


def test_a_handle_hangs_and_does_not_stand() -> None:
    alpha = np.zeros((100, 140), np.float32)
    alpha[:, 20:140] = 1
    alpha[30:50, :20] = 1
    (body,) = things_of(Standing(alpha, 0, 0, replace(GROUND, x_px=80, y_px=95)))
    assert body.radii[0] == pytest.approx(60 / 4)


def test_directions_surround_the_light_and_stay_above_the_ground() -> None:
    directions = np.degrees(main_directions(light(azimuth=-60, elevation=40, softness=0.5)))
    assert directions.mean(axis=0) == pytest.approx((-60, 40), abs=0.5)
    assert np.degrees(main_directions(light(elevation=2)))[:, 1].min() == pytest.approx(16)


def test_ground_that_is_in_shadow_already_is_not_darkened_twice() -> None:
    """A main light of half of all light: where only the other half is left, it isn't lit."""
    soft = next(s / 100 for s in range(101) if main_share(light(softness=s / 100)) <= 0.5)
    share = main_share(light(softness=soft))
    linear = np.full((100, 400, 3), 0.6, np.float32)
    linear[:, 300:] *= 1 - share
    lit = lit_share(linear, np.ones((100, 400), np.float32), main_share=share)
    assert lit[50, 100] == pytest.approx(1.0, abs=0.01)
    assert lit[50, 380] == pytest.approx(0.25)
