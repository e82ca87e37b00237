"""Codes become indicators whose columns know their prior variance."""

from __future__ import annotations

import numpy as np
import pytest
from numpy.testing import assert_allclose, assert_array_equal

from studio.bandit.features import GROUPS, Spread, design, encode

ARMS = encode(
    market=["de", "de", "jp"],
    placement=["feed", "story", "feed"],
    creative=["de/a", "de/a", "jp/a"],
    attributes=[
        {"angle": "craft", "voice": "warm"},
        {"angle": "value", "voice": "warm"},
        {"angle": "craft", "voice": "warm"},
    ],
)


def test_every_effect_has_its_column_and_an_attribute_that_never_varies_has_none() -> None:
    """1 + 2 markets + 2 placements + 3 cells + 2 angles + 3 angle × market + 2 ideas + 3."""
    built = design(ARMS, Spread())
    assert_array_equal(np.bincount(built.group), [1, 2, 2, 3, 2, 3, 2, 3])
    assert_array_equal(built.matrix.sum(axis=1), np.full(3, len(GROUPS)))
    angles = built.matrix[:, built.group == GROUPS.index("attribute")]
    assert_array_equal(angles, [[1, 0], [0, 1], [1, 0]])
    crossed = built.matrix[:, built.group == GROUPS.index("attribute_market")]
    assert_array_equal(crossed, np.eye(3))


def test_ads_of_a_cell_differ_by_the_spread_within_a_priori() -> None:
    """Attribute, attribute × market, creative and residual variances add up to it."""
    variances = Spread(within=0.25).variances(n_attributes=5)
    assert 5 * variances[4] + 5 * variances[5] + variances[6] + variances[7] == pytest.approx(
        0.0625
    )
    assert_allclose(variances[1], 0.09)


def test_an_arm_without_an_attribute_gets_no_column_of_it() -> None:
    arms = encode(
        market=["de", "de"],
        placement=["feed", "feed"],
        creative=["a", "b"],
        attributes=[{"angle": "craft"}, {}],
    )
    built = design(arms, Spread())
    assert_array_equal(built.matrix[:, built.group == GROUPS.index("attribute")], [[1], [0]])
    assert built.matrix[1].sum() == len(GROUPS) - 2


def test_codes_do_not_depend_on_the_order_of_arms() -> None:
    turned = encode(
        market=["jp", "de", "de"],
        placement=["feed", "story", "feed"],
        creative=["jp/a", "de/a", "de/a"],
        attributes=[{"angle": "craft"}, {"angle": "value"}, {"angle": "craft"}],
    )
    assert_array_equal(turned.cell, ARMS.cell[::-1])
    assert_array_equal(turned.attributes, ARMS.attributes[::-1])
