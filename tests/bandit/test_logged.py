"""A log says what it holds, and refuses to be read where it contradicts itself."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from numpy.testing import assert_allclose

from studio.bandit.logged import Counts, Events
from studio.errors import InputError

DAYS = Counts(
    context=np.array([0, 0, 1, 1]),
    unit=np.array([5, 6, 5, 6]),
    impressions=np.array([80.0, 20.0, 30.0, 70.0]),
    clicks=np.array([4.0, 2.0, 1.0, 7.0]),
    propensity=np.array([0.8, 0.2, 0.25, 0.75]),
    target=np.array([0.5, 0.5, 0.1, 0.9]),
    rates=np.array([0.04, 0.08, 0.05, 0.09]),
)
"""Two days of 100 impressions between two arms of one cell."""

CLICKS = Events(
    arm=np.array([1, 0, 1]),
    clicks=np.array([1.0, 0.0, 0.0]),
    propensity=np.array([0.2, 0.6, 0.4]),
    target=np.array([[0.3, 0.7], [0.9, 0.1], [0.5, 0.5]]),
    rates=np.array([[0.1, 0.2], [0.3, 0.4], [0.5, 0.6]]),
)


def test_counts_become_rows_worked_by_hand() -> None:
    rows = DAYS.rows()
    assert_allclose(rows.weight, [0.625, 2.5, 0.4, 1.2])
    assert_allclose(rows.expected, [0.06, 0.06, 0.086, 0.086])
    assert_allclose(rows.support, [105.0, 95.0, 105.0, 95.0], err_msg="80+25 and 20+75")
    assert_allclose(rows.mass, [0.25, 0.25, 0.05, 0.45])
    assert rows.mean_weight() == pytest.approx((50 + 50 + 12 + 84) / 200)


def test_events_become_rows_worked_by_hand() -> None:
    rows = CLICKS.rows()
    assert_allclose(rows.weight, [3.5, 1.5, 1.25])
    assert_allclose(rows.predicted, [0.2, 0.3, 0.6])
    assert_allclose(rows.expected, [0.03 + 0.14, 0.27 + 0.04, 0.25 + 0.3])
    assert_allclose(rows.support, [0.6, 1.8, 1.2])


def test_effective_sizes_worked_by_hand() -> None:
    """Impressions: Σw 50+50+12+84, Σw² 31.25+125+4.8+100.8; clicks: 16.3, and 24.3025."""
    rows = DAYS.rows()
    assert rows.effective_impressions() == pytest.approx(196**2 / 261.85)
    assert rows.effective_clicks() == pytest.approx(
        (2.5 + 5 + 0.4 + 8.4) ** 2 / (4 * 0.390625 + 2 * 6.25 + 0.16 + 7 * 1.44)
    )


def test_an_arm_never_possible_counts_as_thin_with_all_that_the_target_wants_of_it() -> None:
    rows = replace(
        DAYS,
        impressions=np.array([100.0, 0.0, 30.0, 270.0]),
        clicks=np.zeros(4),
        propensity=np.array([1.0, 0.0, 0.1, 0.9]),
    ).rows()
    assert_allclose(rows.weight, [0.5, 0.0, 1.0, 1.0])
    assert_allclose(rows.support, [130.0, 0.0, 130.0, 270.0])
    assert rows.thin_share(1.0) == pytest.approx(0.5 * 100 / 400)
    assert rows.thin_share(130.0) == pytest.approx(0.5 * 100 / 400)
    assert rows.thin_share(131.0) == pytest.approx((100 + 0.1 * 300) / 400)


def test_clipping_touches_only_the_largest_weights() -> None:
    assert_allclose(DAYS.rows().clipped(1.0).weight, [0.625, 1.0, 0.4, 1.0])
    assert_allclose(DAYS.rows().clipped(None).weight, DAYS.rows().weight)


@pytest.mark.parametrize(
    ("field", "values", "words"),
    [
        ("clicks", [4.0, 21.0, 1.0, 7.0], "clicks must be"),
        ("clicks", [4.0, np.nan, 1.0, 7.0], "clicks must be"),
        ("impressions", [80.0, np.inf, 30.0, 70.0], "clicks must be"),
        ("propensity", [1.0, 0.0, 0.25, 0.75], "propensity is 0"),
        ("propensity", [0.8, 0.1, 0.25, 0.75], "propensity must be"),
        ("target", [0.5, 0.5, 0.5, 0.4], "target must be"),
        ("target", [1.5, -0.5, 0.5, 0.5], "target must be"),
        ("target", [np.nan, 0.5, 0.5, 0.5], "target must be"),
    ],
)
def test_counts_that_contradict_themselves_are_refused(
    field: str, values: list[float], words: str
) -> None:
    with pytest.raises(InputError, match=words):
        replace(DAYS, **{field: np.array(values)})


@pytest.mark.parametrize(
    ("field", "values", "words"),
    [
        ("propensity", [0.2, 0.0, 0.4], "propensity must be"),
        ("propensity", [0.2, 1.1, 0.4], "propensity must be"),
        ("clicks", [1.0, 2.0, 0.0], "clicks must be"),
        ("target", [[0.3, 0.6], [0.9, 0.1], [0.5, 0.5]], "target must be"),
    ],
)
def test_events_that_contradict_themselves_are_refused(
    field: str, values: object, words: str
) -> None:
    with pytest.raises(InputError, match=words):
        replace(CLICKS, **{field: np.array(values)})
