"""Movements begin and end as they should, worked by hand."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from studio.imaging.easing import SOFTNESS, between, drift, ease_in_out, ease_out, share

times = st.floats(0, 1)
CURVES = (drift, ease_out, ease_in_out)


@pytest.mark.parametrize("curve", CURVES)
def test_every_movement_starts_at_its_start_and_ends_at_its_end(curve: object) -> None:
    assert curve(0.0) == pytest.approx(0)  # type: ignore[operator]
    assert curve(1.0) == pytest.approx(1)  # type: ignore[operator]


@pytest.mark.parametrize("curve", CURVES)
@given(one=times, other=times)
def test_no_movement_turns_back(curve: object, one: float, other: float) -> None:
    early, late = sorted((one, other))
    assert curve(early) <= curve(late) + 1e-12  # type: ignore[operator]


def test_values_worked_by_hand() -> None:
    assert ease_out(0.5) == pytest.approx(0.875)
    assert ease_in_out(0.25) == pytest.approx(6 / 1024 - 15 / 256 + 10 / 64)
    # ∫ 1 − 0.6 cos 2πt from 0 to ¼ is ¼ − 0.6 / 2π.
    assert drift(0.25) == pytest.approx(0.25 - 0.6 / 6.283185307179586)
    assert between(10, 20, 0.3) == pytest.approx(13)


def test_a_drift_is_never_still() -> None:
    step = 1e-4
    speeds = [(drift(t + step) - drift(t)) / step for t in (0.0, 0.25, 0.5, 0.9999)]
    assert min(speeds) == pytest.approx(1 - SOFTNESS, abs=1e-3)
    assert max(speeds) == pytest.approx(1 + SOFTNESS, abs=1e-3)


def test_the_share_of_a_movement_is_its_part_of_the_time() -> None:
    assert share(2.5, start_s=2, takes_s=2) == 0.25
    assert (share(1, start_s=2, takes_s=2), share(9, start_s=2, takes_s=2)) == (0, 1)
    assert (share(1, start_s=2, takes_s=0), share(2, start_s=2, takes_s=0)) == (0, 1)
