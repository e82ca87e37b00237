"""A camera moves past a picture: no bare borders, near things first, the product rigid."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from studio.imaging.parallax import (
    LEAST_MOTION,
    MOST_MOTION,
    MOVES,
    RELIEF,
    Camera,
    Move,
    Parallax,
    motions,
)

HEIGHT, WIDTH = 90, 120
FOOT = (60.0, 60.0)


def a_floor() -> np.ndarray:
    """A wall far away, and a floor that comes nearer towards the viewer."""
    near = np.clip((np.arange(HEIGHT) - 30) / 60, 0, 1) * 255
    return np.repeat(near[:, None], WIDTH, axis=1).astype(np.uint8)


def a_picture() -> np.ndarray:
    return np.random.default_rng(1).integers(0, 256, (HEIGHT, WIDTH, 3), np.uint8)


def a_parallax(pivot: tuple[float, float] = (60.0, 45.0)) -> Parallax:
    return Parallax(a_picture(), a_floor(), pivot=pivot, foot=FOOT)


@settings(max_examples=60)
@given(
    move=st.sampled_from(MOVES),
    way=st.floats(0, 1),
    amount=st.floats(0, 1),
    mirrored=st.booleans(),
    pivot=st.tuples(st.floats(0.1, 0.9), st.floats(0.1, 0.9)),
)
def test_no_place_of_the_camera_sees_over_the_edge(
    *, move: Move, way: float, amount: float, mirrored: bool, pivot: tuple[float, float]
) -> None:
    camera = move.at(way, amount=amount, mirrored=mirrored)
    seen = a_parallax((pivot[0] * WIDTH, pivot[1] * HEIGHT))
    columns, rows = seen.sources(camera)
    assert columns.min() >= -1e-3
    assert rows.min() >= -1e-3
    assert columns.max() <= WIDTH - 1 + 1e-3
    assert rows.max() <= HEIGHT - 1 + 1e-3


def test_without_a_move_the_picture_is_as_it_was() -> None:
    assert (a_parallax().seen(Camera()) == a_picture()).all()


def test_a_push_worked_by_hand() -> None:
    plane = a_parallax().plane(Camera(push=0.1))
    assert plane.scale == pytest.approx(1 / 0.9)
    # The pivot stays, a point 27 px away from it moves to 30.
    assert plane.of(60, 45) == pytest.approx((60, 45))
    assert plane.of(87, 45)[0] == pytest.approx(90)


def test_a_slide_takes_nine_tenths_of_the_room() -> None:
    plane = a_parallax().plane(Camera(push=0.1, across=1.0))
    # Room: 0.1 · min(60, 119 − 60) = 5.9 px, of which 0.9 are 5.31; seen 1 / 0.9 as large.
    assert plane.of(60, 45)[0] == pytest.approx(60 + 5.31 / 0.9)
    back = a_parallax().plane(Camera(push=0.1, across=-1.0))
    assert back.of(60, 45)[0] == pytest.approx(60 - 5.31 / 0.9)


def test_the_ground_under_the_foot_moves_with_the_product() -> None:
    seen = a_parallax()
    camera = Camera(push=0.08, across=0.5, up=-0.4)
    columns, rows = seen.sources(camera)
    x, y = seen.plane(camera).of(columns[60, 60], rows[60, 60])
    assert (x, y) == pytest.approx((60, 60), abs=0.05)


def test_what_is_near_moves_further() -> None:
    columns, _ = a_parallax().sources(Camera(push=0.05, across=1.0))
    still, _ = a_parallax().sources(Camera(push=0.05))
    moved = (still - columns)[:, 60]
    assert moved[85] > moved[60] > moved[5] > 0


def test_motion_follows_inverse_distance_within_its_limits() -> None:
    found = motions(a_floor(), FOOT)
    assert found[60, 60] == pytest.approx(1.0, abs=0.01)
    # 15 rows nearer by a quarter of the depth.
    assert found[75, 60] == pytest.approx(1 + RELIEF * 0.25, abs=0.02)
    assert found.min() >= LEAST_MOTION
    assert found.max() <= MOST_MOTION


def test_mirroring_turns_slides_and_nothing_else() -> None:
    for move in MOVES:
        plain, turned = move.at(0.3), move.at(0.3, mirrored=True)
        assert turned == Camera(plain.push, -plain.across, plain.up)
