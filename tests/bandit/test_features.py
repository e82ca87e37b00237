"""Codes become indicators whose columns know their prior variance."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from numpy.testing import assert_array_equal

from studio.bandit.features import (
    FIXED,
    GROUPS,
    TAG_BUCKETS,
    Design,
    Floats,
    Spread,
    design,
    encode,
    hashed,
)
from studio.bandit.nested import dense

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


def columns(built: Design, family: str) -> Floats:
    return dense(built.matrix)[:, built.group == FIXED.index(family)]


def test_every_effect_has_its_column_and_an_attribute_that_never_varies_has_none() -> None:
    """1 + 2 markets + 2 places + 3 cells + 2 angles + 3 angle × market + 2 angle × place."""
    built = design(ARMS, Spread())
    assert_array_equal(np.bincount(built.group), [1, 2, 2, 3, 2, 3, 2])
    assert_array_equal(dense(built.matrix).sum(axis=1), np.full(3, 7))
    assert_array_equal(columns(built, "attribute"), [[1, 0], [0, 1], [1, 0]])
    assert_array_equal(columns(built, "attribute_market"), np.eye(3))


def test_ideas_of_one_market_each_are_a_single_level_above_the_ads() -> None:
    """Two ideas; three ads. The level takes the variance of both families."""
    built = design(ARMS, Spread())
    ideas, ads = built.levels
    assert (ideas.family, ads.family) == (11, 12)
    assert_array_equal(ideas.of, [0, 0, 1])
    assert_array_equal(ads.of, [0, 1, 2])
    assert_array_equal(ads.parent, [0, 0, 1])
    spread = Spread()
    shares = spread.creative_share + spread.creative_market_share
    assert built.level_variance(ideas) == pytest.approx(spread.within**2 * shares)


def test_an_idea_that_markets_share_lies_above_its_effect_in_each_market() -> None:
    arms = encode(
        market=["de", "jp", "jp"],
        placement=["feed"] * 3,
        creative=["a", "a", "b"],
        attributes=[{}] * 3,
    )
    top, middle, ads = design(arms, Spread()).levels
    assert_array_equal(top.of, [0, 0, 1])
    assert_array_equal(middle.parent, [0, 0, 1])
    assert_array_equal(ads.parent, middle.of)
    assert_array_equal(top.gather.toarray(), [[1, 1, 0], [0, 0, 1]])


def test_two_ad_groups_of_one_creative_in_one_cell_are_the_same_ad() -> None:
    arms = encode(
        market=["de"] * 3, placement=["feed"] * 3, creative=["a", "a", "b"], attributes=[{}] * 3
    )
    assert_array_equal(arms.place, [0, 0, 1])
    assert design(arms, Spread()).levels[-1].size == 2


def test_ads_of_a_cell_differ_by_the_spread_within_a_priori() -> None:
    """Attributes, their interactions, ideas and residuals add up to it."""
    variances = dict(zip(GROUPS, Spread(within=0.25).variances(5, 2), strict=True))
    total = 5 * (variances["attribute"] + variances["attribute_market"])
    total += 10 * variances["attribute_context"]
    total += variances["creative"] + variances["creative_market"] + variances["residual"]
    assert total == pytest.approx(0.0625)
    assert variances["market"] == pytest.approx(0.09)


def test_an_arm_without_an_attribute_gets_no_column_of_it() -> None:
    arms = encode(
        market=["de", "de"],
        placement=["feed", "feed"],
        creative=["a", "b"],
        attributes=[{"angle": "craft"}, {}],
    )
    assert_array_equal(columns(design(arms, Spread()), "attribute"), [[1], [0]])


def test_further_contexts_make_cells_and_those_that_never_vary_do_not() -> None:
    arms = encode(
        market=["de"] * 4,
        placement=["feed"] * 4,
        creative=list("abab"),
        attributes=[{}] * 4,
        context={"segment": ["young", "young", "old", "old"], "platform": ["meta"] * 4},
    )
    assert arms.context.shape == (4, 2)
    assert_array_equal(arms.cell, [1, 1, 0, 0])


def test_age_gets_a_slope_for_all_and_one_for_each_idea() -> None:
    aged = replace(ARMS, age=np.array([0.0, 0.5, 1.0]))
    built = design(aged, Spread())
    assert_array_equal(columns(built, "age"), [[0], [0.5], [1]])
    assert_array_equal(columns(built, "creative_age"), [[0, 0], [0.5, 0], [0, 1]])


def test_many_tags_share_few_buckets_and_none_gets_none() -> None:
    codes = np.arange(-1, 1000)[:, None]
    buckets = hashed(codes)
    assert buckets[0, 0] == -1
    assert set(np.unique(buckets[1:])) == set(range(TAG_BUCKETS))
    counts = np.bincount(buckets[1:, 0])
    assert counts.max() < 3 * counts.mean()
    tagged = replace(ARMS, tags=np.array([[3, 7], [3, -1], [-1, -1]]))
    assert_array_equal(columns(design(tagged, Spread()), "tag").sum(axis=1), [2, 1, 0])


def test_codes_do_not_depend_on_the_order_of_arms() -> None:
    turned = encode(
        market=["jp", "de", "de"],
        placement=["feed", "story", "feed"],
        creative=["jp/a", "de/a", "de/a"],
        attributes=[{"angle": "craft"}, {"angle": "value"}, {"angle": "craft"}],
    )
    assert_array_equal(turned.cell, ARMS.cell[::-1])
    assert_array_equal(turned.attributes, ARMS.attributes[::-1])
