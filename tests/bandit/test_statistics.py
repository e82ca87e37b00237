"""Counts form a commutative monoid, and a sum of parts is the count of the whole."""

from __future__ import annotations

import json
from collections import Counter

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from numpy.testing import assert_array_equal

from studio.bandit.statistics import Counts, merged, summed

COLUMNS, MEASURES = ("ad", "market", "day"), ("impressions", "clicks")

Event = tuple[str, str, str, int, int]
"""One row: ad, market and day with its impressions and clicks."""

events = st.lists(
    st.tuples(
        st.sampled_from(["a", "b", "ä", "zz"]),
        st.sampled_from(["de-DE", "ja-JP"]),
        st.sampled_from(["2026-12-01", "2026-12-02", "2026-12-03"]),
        st.integers(0, 10**9),
        st.integers(0, 10),
    ),
    max_size=30,
)


def counted(rows: list[Event]) -> Counts:
    if not rows:
        return Counts.empty(COLUMNS, MEASURES)
    ads, markets, days, impressions, clicks = zip(*rows, strict=True)
    return Counts.of_names(
        {"ad": ads, "market": markets, "day": days},
        {"impressions": np.array(impressions), "clicks": np.array(clicks)},
    )


def by_hand(rows: list[Event]) -> dict[tuple[str, ...], tuple[int, int]]:
    """The same by a dictionary, keys with nothing counted left out."""
    impressions: Counter[tuple[str, ...]] = Counter()
    clicks: Counter[tuple[str, ...]] = Counter()
    for ad, market, day, shown, clicked in rows:
        impressions[ad, market, day] += shown
        clicks[ad, market, day] += clicked
    return {k: (impressions[k], clicks[k]) for k in impressions if impressions[k] or clicks[k]}


@given(events)
def test_counts_are_what_a_dictionary_adds_up(rows: list[Event]) -> None:
    assert dict(counted(rows).rows()) == by_hand(rows)


@given(events, st.data())
def test_any_split_in_any_order_adds_up_to_the_whole(
    rows: list[Event], data: st.DataObject
) -> None:
    owner = data.draw(st.lists(st.integers(0, 3), min_size=len(rows), max_size=len(rows)))
    parts = [
        counted([row for row, who in zip(rows, owner, strict=True) if who == region])
        for region in range(4)
    ]
    shuffled = data.draw(st.permutations(parts))
    total = merged(shuffled, columns=COLUMNS, measures=MEASURES)
    assert total.to_json() == counted(data.draw(st.permutations(rows))).to_json()


@given(events, events, events)
def test_they_are_a_commutative_monoid(a: list[Event], b: list[Event], c: list[Event]) -> None:
    x, y, z = counted(a), counted(b), counted(c)
    nothing = Counts.empty(COLUMNS, MEASURES)
    assert x + y == y + x
    assert (x + y) + z == x + (y + z)
    assert x + nothing == x == nothing + x


@given(events, events)
def test_leaving_out_a_column_commutes_with_adding(a: list[Event], b: list[Event]) -> None:
    x, y = counted(a), counted(b)
    assert (x + y).over("market", "ad") == x.over("market", "ad") + y.over("market", "ad")


@given(events)
def test_json_brings_the_same_counts_back(rows: list[Event]) -> None:
    counts = counted(rows)
    assert Counts.from_json(counts.to_json()).to_json() == counts.to_json()


@given(
    st.lists(st.tuples(st.integers(0, 2), st.integers(0, 2**61)), min_size=1, max_size=20),
    st.booleans(),
)
def test_wide_codes_are_summed_like_narrow_ones(
    rows: list[tuple[int, int]],
    wide: bool,  # noqa: FBT001
) -> None:
    """Codes whose product of ranges leaves 64 bits take another way to the same sums."""
    codes = np.array([(a, b if wide else b % 5) for a, b in rows], dtype=np.int64)
    totals = np.arange(1, len(rows) + 1)[:, None]
    keys, sums = summed(codes, totals)
    expected: Counter[tuple[int, ...]] = Counter()
    for key, total in zip(codes.tolist(), totals[:, 0].tolist(), strict=True):
        expected[tuple(key)] += total
    assert [tuple(key) for key in keys.tolist()] == sorted(expected)
    assert sums[:, 0].tolist() == [expected[key] for key in sorted(expected)]


def test_wide_codes_come_in_lexicographic_order() -> None:
    far = 2**61
    codes = np.array([(2, 0), (0, far), (2, 0), (1, 5), (0, 1)])
    keys, sums = summed(codes, np.array([[1], [2], [4], [8], [16]]))
    assert keys.tolist() == [[0, 1], [0, far], [1, 5], [2, 0]]
    assert sums[:, 0].tolist() == [16, 2, 8, 5]


def test_a_small_table_worked_by_hand() -> None:
    counts = counted(
        [
            ("b", "de", "1", 5, 1),
            ("a", "de", "1", 7, 0),
            ("b", "de", "2", 1, 1),
            ("b", "de", "1", 2, 0),
        ]
    )
    assert counts.rows() == [
        (("a", "de", "1"), (7, 0)),
        (("b", "de", "1"), (7, 1)),
        (("b", "de", "2"), (1, 1)),
    ]
    assert counts.over("ad").rows() == [(("a",), (7, 0)), (("b",), (8, 2))]
    asked = counts.over("ad").totals_of([("b",), ("unknown",), ("a",)])
    assert_array_equal(asked, [[8, 2], [0, 0], [7, 0]])


def test_large_totals_are_exact() -> None:
    """2^53 + 1 isn't a double."""
    counts = counted([("a", "de", "1", 2**53, 0), ("a", "de", "1", 1, 0)])
    assert counts.rows() == [(("a", "de", "1"), (2**53 + 1, 0))]


@pytest.mark.parametrize(
    ("clicks", "message"),
    [([-1], "can't be negative"), ([0.5], "whole numbers"), ([2**62], "passes 2\\^62")],
)
def test_impossible_counts_name_the_measure(clicks: list[float], message: str) -> None:
    with pytest.raises(ValueError, match=f"clicks: .*{message}"):
        Counts.of_names({"ad": ["a"]}, {"clicks": np.array(clicks)})


def test_different_tables_dont_add() -> None:
    with pytest.raises(
        ValueError, match="clicks by ad can't be added to counts of clicks by day"
    ):
        Counts.empty(["ad"], ["clicks"]) + Counts.empty(["day"], ["clicks"])


@pytest.mark.parametrize(
    "change",
    [{"codes": [[7]]}, {"codes": [[-1]]}, {"codes": []}, {"codes": [[0.0]]}, {"levels": []},
     {"totals": [[0.5]]}, {"totals": [["1"]]}, {"totals": [[-1]]}, {"totals": [[1, 2]]}],
)  # fmt: skip
def test_a_strange_file_is_refused(change: dict[str, object]) -> None:
    good = {"columns": ["ad"], "measures": ["clicks"], "levels": [["a"]], "codes": [[0]],
            "totals": [[1]]}  # fmt: skip
    assert Counts.from_json(json.dumps(good).encode()).rows() == [(("a",), (1,))]
    with pytest.raises(ValueError, match="no table of counts"):
        Counts.from_json(json.dumps(good | change).encode())
