"""Words foretell what they can, say how surely, and keep silent otherwise."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.testing import assert_allclose, assert_array_equal
from scipy.special import expit
from scipy.stats import multivariate_normal

from studio.bandit.past import PastTests
from studio.bandit.words import (
    BLOCK,
    HASHED,
    MIN_TESTS,
    WIDTH,
    Evidence,
    NotEnoughData,
    White,
    Words,
    density_gain,
    features,
    hashed,
    learn_words,
    learnt_variances,
    letter_counts,
    shape,
    weights,
    word_counts,
)
from studio.errors import InputError

FILLER = [
    "river",
    "stone",
    "cloud",
    "table",
    "window",
    "garden",
    "letter",
    "music",
    "silver",
    "paper",
    "lamp",
    "bread",
]


def past_with(effect: float, n_tests: int = 200, seed: int = 3) -> PastTests:
    """Three headlines a test; "secret" in one of them adds `effect` to its log-odds."""
    rng = np.random.default_rng(seed)
    texts, logits = [], []
    for _ in range(n_tests):
        level, lucky = rng.normal(-4, 0.5), int(rng.integers(3))
        for arm in range(3):
            words = list(rng.choice(FILLER, 5)) + ["secret"] * (arm == lucky)
            texts.append(" ".join(rng.permutation(words)))
            logits.append(level + effect * (arm == lucky) + rng.normal(0, 0.1))
    n = len(texts)
    return PastTests(
        test=np.repeat(np.arange(n_tests), 3),
        texts=tuple(texts),
        parts=np.arange(n)[:, None],
        impressions=np.full(n, 5_000),
        clicks=rng.binomial(5_000, expit(np.array(logits))),
    )


@pytest.fixture(scope="module")
def learnt() -> Words:
    words = learn_words(past_with(0.5))
    assert isinstance(words, Words)
    return words


def test_a_word_that_worked_is_expected_to_work_again(learnt: Words) -> None:
    mean, covariance = learnt.predict(["cloud paper", "the secret cloud paper", "river lamp"])
    assert mean[1] == max(mean)
    assert mean.sum() == pytest.approx(0.0, abs=1e-12)
    assert np.linalg.eigvalsh(covariance).min() > -1e-12
    assert learnt.evidence.gain > 2 * learnt.evidence.error


def test_what_is_foretold_of_new_tests_is_about_right(learnt: Words) -> None:
    """The contrast of 0.5 is found to within a third: ridge weights are drawn to zero."""
    new = past_with(0.5, n_tests=100, seed=8)
    contrast = []
    for at in new.rows():
        texts = [new.texts[row] for row in at]
        lucky = np.array(["secret" in text for text in texts])
        mean, _ = learnt.predict(texts)
        contrast.append(mean[lucky].mean() - mean[~lucky].mean())
    assert np.mean(contrast) == pytest.approx(0.5, rel=0.33)


def test_words_that_do_nothing_give_no_number() -> None:
    silent = learn_words(past_with(0.0))
    assert isinstance(silent, NotEnoughData)
    assert "did not foretell" in silent.reason
    assert silent.tests == 200


def test_too_few_tests_give_no_number() -> None:
    silent = learn_words(past_with(2.0, n_tests=MIN_TESTS - 1))
    assert isinstance(silent, NotEnoughData)
    assert str(MIN_TESTS) in silent.reason


def test_tests_of_one_headline_do_not_count() -> None:
    past = past_with(2.0, n_tests=100)
    same = PastTests(
        test=past.test,
        texts=("The same",) * len(past.texts),
        parts=past.parts,
        impressions=past.impressions,
        clicks=past.clicks,
    )
    silent = learn_words(same)
    assert isinstance(silent, NotEnoughData)
    assert silent.tests == 0


@pytest.mark.parametrize(
    ("gain", "error", "tests", "clear"),
    [(5.0, 2.0, 60, True), (3.9, 2.0, 60, False), (5.0, 2.0, 59, False), (0.0, 0.0, 60, False)],
)
def test_evidence_is_clear_beyond_two_errors(
    gain: float, error: float, tests: int, *, clear: bool
) -> None:
    assert Evidence(gain=gain, error=error, tests=tests).clear is clear


def test_gain_in_density_is_a_difference_of_normals() -> None:
    seen, centre = np.array([0.5, -1.0, 2.0]), np.array([0.2, 0.1, 1.0])
    spread = np.array([[1.0, 0.0], [0.5, 0.3], [0.0, -2.0]])
    expected = multivariate_normal(centre, np.eye(3) + spread @ spread.T).logpdf(seen)
    expected -= multivariate_normal(np.zeros(3), np.eye(3)).logpdf(seen)
    assert density_gain(seen, centre, spread) == pytest.approx(float(expected))


def test_weights_are_the_ridge_by_definition() -> None:
    rng = np.random.default_rng(2)
    rows, seen = rng.normal(size=(50, WIDTH)), rng.normal(size=50)
    variances = np.array([0.01, 0.2, 0.05])
    mean, factor = weights(rows.T @ rows, rows.T @ seen, variances)
    covariance = np.linalg.inv(rows.T @ rows + np.diag(1 / variances[BLOCK]))
    assert_allclose(factor @ factor.T, covariance, atol=1e-9)
    assert_allclose(mean, covariance @ rows.T @ seen, atol=1e-9)


def test_the_variance_of_each_block_is_found_again() -> None:
    """Weights drawn with known variances; d weights give a variance to within √(2/d)."""
    rng = np.random.default_rng(6)
    variances = np.array([0.09, 0.01, 0.03])
    rows = rng.normal(size=(2_000, WIDTH))
    seen = rows @ rng.normal(0, np.sqrt(variances[BLOCK])) + rng.normal(size=2_000)
    found = learnt_variances(White(rows=rows, seen=seen, test=np.zeros(2_000, dtype=np.int64)))
    assert_allclose(found, variances, rtol=3 * np.sqrt(2 / np.bincount(BLOCK).min()))


def test_a_feature_that_never_varied_says_nothing(learnt: Words) -> None:
    """No past headline had a question mark; the shape's columns are the first ones."""
    plain, asked = (shape(text) for text in ("cloud paper", "cloud paper?"))
    odd = np.flatnonzero(plain != asked)
    assert np.isinf(learnt.scale[odd]).any()
    _, covariance = learnt.predict(["cloud paper", "cloud paper?!"])
    assert np.abs(covariance).max() < 1.0


def test_hashing_is_the_same_on_every_machine() -> None:
    """CRC-32 of "secret" is 0x5ca2e8e5: bucket 0x0e5 = 229, sign bit 0."""
    counts = hashed({"secret"})
    assert_array_equal(np.flatnonzero(counts), [0x5CA2E8E5 % HASHED])
    assert counts[0x5CA2E8E5 % HASHED] == -1.0


def test_grams_are_weighed_by_their_number() -> None:
    """Two grams in two buckets: each counts ±1/√2."""
    assert_allclose(np.sort(np.abs(hashed({"secret", "river"})))[-3:], [0, 0.5**0.5, 0.5**0.5])
    assert_array_equal(word_counts("One Two"), word_counts("two one"))
    assert_array_equal(letter_counts("日本"), hashed({" ", "日", "本", " 日", "日本", "本 "}))


def test_shape_counts_what_it_says() -> None:
    marks = shape("Why 12 dogs?")
    assert marks[0] == pytest.approx(0.3)
    assert marks[2] == pytest.approx(12 / 50)
    assert marks[5] == 1.0
    assert shape("為什麼？")[5] == 1.0
    assert shape("Why 12 dogs!")[5] == 0.0


@settings(max_examples=60, deadline=None)
@given(st.lists(st.text(max_size=80), min_size=1, max_size=5))
def test_any_text_has_finite_features(texts: list[str]) -> None:
    rows = features(texts)
    assert rows.shape == (len(texts), WIDTH)
    assert np.isfinite(rows).all()


def test_words_survive_storage(learnt: Words, tmp_path: Path) -> None:
    learnt.save(tmp_path / "words.npz")
    texts = ["a secret lamp", "a lamp"]
    read = Words.load(tmp_path / "words.npz")
    for kept, original in zip(read.predict(texts), learnt.predict(texts), strict=True):
        assert_allclose(kept, original, rtol=1e-4, atol=1e-8)
    assert read.evidence == learnt.evidence


def test_words_of_another_version_are_refused(learnt: Words, tmp_path: Path) -> None:
    learnt.save(tmp_path / "words.npz")
    with np.load(tmp_path / "words.npz") as stored:
        fields = dict(stored)
    np.savez(tmp_path / "old.npz", **(fields | {"format": np.array(0)}))
    with pytest.raises(InputError, match="learn the words again"):
        Words.load(tmp_path / "old.npz")
