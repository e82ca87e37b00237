"""The replay of real tests gives out what was in the pools, and nothing else."""

from __future__ import annotations

from pathlib import Path

import duckdb
import numpy as np
import pytest
from numpy.testing import assert_allclose, assert_array_equal

from benchmarks.bandit.upworthy import (
    Stage,
    even,
    expected_even,
    fit,
    halves,
    interval,
    length,
    padded,
    read,
    replay,
    score,
    studio,
    whole,
)
from benchmarks.bandit.upworthy import (
    test_then_commit as commit_after,
)

SHOWN = np.array([[1_000, 1_400, 1_200], [700, 900, 0]])
HITS = np.array([[10, 42, 24], [7, 90, 0]])


@pytest.fixture
def file(tmp_path: Path) -> Path:
    """40 tests of 3 packages, one of 2, and one with a package of 499 impressions."""
    rows = [
        f"('t{test:02}', 'headline {test} {arm}', 'p{test}', "
        f"{499 if short else 900}, {3 + arm})"
        for test in range(42)
        for arm in range(2 if test == 40 else 3)
        for short in [test == 41 and arm == 0]
    ]
    path = tmp_path / "tests.parquet"
    names = "(clickability_test_id, headline, eyecatcher_id, impressions, clicks)"
    values = ", ".join(rows)
    duckdb.execute(f"COPY (SELECT * FROM (VALUES {values}) AS t{names}) TO '{path}'")
    return path


def test_short_and_narrow_tests_are_left_out(file: Path) -> None:
    past = read(file)
    assert len(past.rows()) == 40
    assert past.texts[:2] == ("headline 0 0", "headline 0 1")
    assert list(past.parts[:3, 1]) == [0, 0, 0]


def test_the_even_split_is_expected_to_win_the_mean_rate() -> None:
    """1,000 × (1 % + 3 % + 2 %) / 3 = 20, and 700 × (1 % + 10 %) / 2 = 38.5."""
    assert_array_equal(length(SHOWN), [1_000, 700])
    assert_allclose(expected_even(SHOWN, HITS), [20.0, 38.5])


def test_all_for_one_package_wins_exactly_its_pool() -> None:
    """Package 0 has as many impressions as the test lasts, so that all its clicks are won."""

    def first(stage: Stage, rng: np.random.Generator) -> np.ndarray:
        return np.array([[1.0, 0.0, 0.0], [1.0, 0.0, 0.0]])

    won = replay(first, SHOWN, HITS, np.random.default_rng(0))
    assert_array_equal(won, [10, 7])


def test_the_even_split_wins_what_is_expected() -> None:
    many = np.repeat(SHOWN[:1], 4_000, axis=0), np.repeat(HITS[:1], 4_000, axis=0)
    won = replay(even, *many, np.random.default_rng(0))
    assert won.mean() == pytest.approx(20.0, abs=0.3)


def test_whole_impressions_add_up_and_are_fair() -> None:
    given = whole(
        np.tile([0.5, 0.3, 0.2], (5_000, 1)), np.full(5_000, 7), np.random.default_rng(1)
    )
    assert (given.sum(axis=1) == 7).all()
    assert_allclose(given.mean(axis=0), [3.5, 2.1, 1.4], atol=0.05)


def test_committing_follows_the_highest_rate() -> None:
    stage = Stage(impressions=SHOWN, clicks=HITS, present=SHOWN > 0, batch=7)
    chosen = commit_after(0.5)(stage, np.random.default_rng(0))
    assert_array_equal(chosen, [[0, 1, 0], [0, 1, 0]])
    stage = Stage(impressions=SHOWN, clicks=HITS, present=SHOWN > 0, batch=6)
    chosen = commit_after(0.5)(stage, np.random.default_rng(0))
    assert_allclose(chosen, [[1 / 3, 1 / 3, 1 / 3], [0.5, 0.5, 0.0]])


def test_the_interval_of_equal_tests_is_a_point() -> None:
    assert interval(np.full(30, 1.1), np.full(30, 2.0)) == pytest.approx((55.0, 55.0))


def test_the_policy_runs_on_a_file(file: Path) -> None:
    train, tested = halves(read(file), share=0.75, seed=0)
    assert len(train.rows()) == 30
    policy = fit(train)
    result = score(studio(policy, tested), tested, replays=1)
    impressions, clicks = padded(tested)
    assert result.clicks.shape == (10,)
    assert (result.clicks <= clicks.sum(axis=1)).all()
    assert impressions.shape == (10, 3)
