"""Past tests are kept as they were, and teach how far variants lie apart."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from numpy.testing import assert_allclose, assert_array_equal
from scipy.special import expit

from studio.bandit.past import (
    PastTests,
    Spread,
    learn_spread,
    mixture_weights,
    observed,
    shared,
    unknown_spread,
)
from studio.errors import InputError


def past_tests(n_tests: int = 3, **changes: object) -> PastTests:
    n = 2 * n_tests
    values: dict[str, object] = {
        "test": np.repeat(np.arange(n_tests), 2),
        "texts": tuple(f"Headline {row}" for row in range(n)),
        "parts": np.arange(n)[:, None],
        "impressions": np.full(n, 1_000),
        "clicks": np.arange(n) + 10,
    }
    return PastTests(**(values | changes))  # type: ignore[arg-type]


def simulated(deviations: tuple[float, float, float], n_tests: int = 700) -> PastTests:
    """Four variants a test, of two headlines times two pictures, 200,000 impressions each."""
    rng = np.random.default_rng(5)
    headline, picture, rest = deviations
    effects = (
        np.repeat(rng.normal(0, headline, (n_tests, 2)), 2, axis=1)
        + np.tile(rng.normal(0, picture, (n_tests, 2)), 2)
        + rng.normal(0, rest, (n_tests, 4))
    )
    level = rng.normal(-4.0, 0.7, (n_tests, 1))
    n = 4 * n_tests
    return PastTests(
        test=np.repeat(np.arange(n_tests), 4),
        texts=("",) * n,
        parts=np.column_stack([np.arange(n) // 2, np.arange(n) // 4 * 2 + np.arange(n) % 2]),
        impressions=np.full(n, 200_000),
        clicks=rng.binomial(200_000, expit(level + effects)).ravel(),
    )


def test_a_haldane_logit_worked_by_hand() -> None:
    """ln(9.5/90.5) and 1/9.5 + 1/90.5; no click still gives a number."""
    logit, noise = observed(np.array([99, 10]), np.array([9, 0]))
    assert_allclose(logit, [np.log(9.5 / 90.5), np.log(0.5 / 10.5)])
    assert_allclose(noise, [1 / 9.5 + 1 / 90.5, 2 + 1 / 10.5])


def test_variants_share_the_variance_of_their_common_part() -> None:
    """Two of three variants share a headline (0.3² = 0.09); none shares all else (0.1²)."""
    spread = Spread(
        deviations=np.array([0.3, 0.1]),
        scales=np.ones(1),
        weights=np.ones(1),
        level=-4.0,
        level_deviation=1.0,
    )
    same = shared(np.array([[7], [8], [7]]))
    assert_allclose(
        spread.covariance(same), [[0.10, 0, 0.09], [0, 0.10, 0], [0.09, 0, 0.10]], atol=1e-12
    )


def test_the_spread_of_parts_is_found_again() -> None:
    """700 tests with next to no noise; the SD of an SD is about σ/√(2·700)."""
    found = learn_spread(simulated((0.30, 0.20, 0.10)))
    scale = np.sqrt(found.weights @ found.scales**2)
    assert_allclose(found.deviations, [0.30, 0.20, 0.10], rtol=0.12)
    assert scale == pytest.approx(1.0, abs=0.15)
    assert found.level == pytest.approx(-4.0, abs=0.1)
    assert found.level_deviation == pytest.approx(0.7, abs=0.1)


def test_few_tests_leave_the_spread_unknown() -> None:
    assert_allclose(learn_spread(past_tests(29)).deviations, unknown_spread(1).deviations)
    assert len(learn_spread(past_tests(30)).scales) > 1


def test_a_mixture_owns_tests_by_likelihood() -> None:
    """90 tests that only the first scale explains: (90 + 1) / (100 + 2)."""
    chances = np.where(np.arange(100)[:, None] < 90, [0.0, -900.0], [-900.0, 0.0])
    assert_allclose(mixture_weights(chances), [91 / 102, 11 / 102])


def test_past_tests_survive_storage(tmp_path: Path) -> None:
    past = past_tests(texts=("Ünï", "日本", "a'b", "", "x", "y"))
    past.save(tmp_path / "past.npz")
    read = PastTests.load(tmp_path / "past.npz")
    assert read.texts == past.texts
    for name in ("test", "parts", "impressions", "clicks"):
        assert_array_equal(getattr(read, name), getattr(past, name))


def test_a_part_of_the_tests_keeps_their_rows_together() -> None:
    part = past_tests(3).only(np.array([0, 2]))
    assert part.texts == ("Headline 0", "Headline 1", "Headline 4", "Headline 5")
    assert [list(at) for at in part.rows()] == [[0, 1], [2, 3]]


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"clicks": np.array([1, 2, 3, 4, 5, 2_000])}, "between 0 and the impressions"),
        ({"texts": ("one",)}, "one entry for each variant"),
        ({"test": np.array([0, 1, 0, 1, 2, 2])}, "sort the rows by test"),
    ],
)
def test_wrong_rows_are_refused(changes: dict[str, object], message: str) -> None:
    with pytest.raises(InputError, match=message):
        past_tests(3, **changes)
