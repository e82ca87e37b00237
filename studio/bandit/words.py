"""What the words of a headline say about its clicks, learnt from a user's past tests.

Only contrasts within a test count: what made a whole test good or bad is no merit of its
variants. The mathematics, with sources, is in docs/optimizer/words.md.
"""

from __future__ import annotations

import re
import zlib
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray
from scipy.linalg import cho_solve, cholesky, solve_triangular

from studio.bandit.past import PastTests, Spread, learn_spread, observed, shared
from studio.bandit.threads import one_thread
from studio.errors import InputError

Floats: TypeAlias = NDArray[np.float64]
Ints: TypeAlias = NDArray[np.int64]

MIN_TESTS = 60
"""Fewer past tests with differing words are not looked at."""
CLEARLY = 2.0
"""Standard errors by which the cross-validated gain must exceed zero."""
FOLDS = 5
HASHED = 512
UNSEEN = 1e-3
"""A feature that varies less in the past tests says nothing of a new one."""
FORMAT = 1
TOKEN = re.compile(r"\w+(?:['’]\w+)*|[^\w\s]")
SENTENCE = re.compile(r"[.!?。！？؟।]+(?:\s|$)")
QUOTES = frozenset('"“”„«»「」『』')
MARKS = ("?？؟", "!！", ":：", "…", ",，、،", ".。।", "-–—", "(（", "'’", "#", "$€£¥₹", "%٪")
VOCABULARY: tuple[frozenset[str], ...] = tuple(
    frozenset(words.split())
    for words in (
        "i me my mine we us our ours ich mir mich wir uns je moi mon nous notre yo mi nosotros",
        "you your yours du dich dein sie ihr ihre vous votre tu tus usted su você seu",
        "he him his er ihm il lui él ele",
        "she her hers elle ella ela",
        "they them their theirs ils elles ellos eles",
        "this that these those here diese dieser ce cette ces este esta isto",
        "what was que qué quoi",
        "why warum pourquoi",
        "how wie comment cómo como",
        "when wann wenn quand cuando quando",
        "who wer qui quién quem",
        "where wo où dónde onde",
        "which welche quel quelle cuál qual",
    )
)


@dataclass(frozen=True, slots=True, kw_only=True)
class NotEnoughData:
    """Past tests don't support a statement about words; no number may be shown.

    tests: past tests whose words differ. needed: how many are looked at, at the least.
    """

    reason: str
    tests: int
    needed: int = MIN_TESTS


@dataclass(frozen=True, slots=True, kw_only=True)
class Evidence:
    """How much words helped on tests that were not used to learn from.

    gain: rise of the log predictive density over "words say nothing", in nats, summed over
    the tests. error: its standard error, over tests. tests: how many tests had differing
    words.
    """

    gain: float
    error: float
    tests: int

    @property
    def clear(self) -> bool:
        """Whether the gain is clearly above zero."""
        return self.tests >= MIN_TESTS and self.gain > CLEARLY * self.error > 0


@dataclass(frozen=True, slots=True, eq=False, kw_only=True)
class Words:
    """Gaussian belief over the weights of `features`, in log-odds.

    mean: (d,). factor: lower Cholesky factor of the covariance, (d, d). centre, scale: (d,),
    by which features are standardised. deviations: prior SD of a weight of each block, (b,).
    """

    mean: Floats
    factor: Floats
    centre: Floats
    scale: Floats
    deviations: Floats
    evidence: Evidence

    @one_thread
    def predict(self, texts: Sequence[str]) -> tuple[Floats, Floats]:
        """Mean, (k,), and covariance, (k, k), of the log-odds that the words give k variants.

        Only differences between variants mean anything; the mean over the variants is zero.
        """
        rows = (features(texts) - self.centre) / self.scale
        rows -= rows.mean(axis=0)
        spread = rows @ self.factor
        return rows @ self.mean, spread @ spread.T

    def save(self, path: Path) -> None:
        """Write as .npz (no pickles), to be read by `load`."""
        np.savez_compressed(
            path,
            format=FORMAT,
            mean=self.mean,
            factor=self.factor.astype(np.float32),
            centre=self.centre,
            scale=self.scale,
            deviations=self.deviations,
            evidence=[self.evidence.gain, self.evidence.error, self.evidence.tests],
        )

    @classmethod
    def load(cls, path: Path) -> Words:
        """Read what `save` wrote."""
        with np.load(path, allow_pickle=False) as stored:
            if int(stored["format"]) != FORMAT or len(stored["mean"]) != WIDTH:
                raise InputError(
                    f"{path}: written by another version; learn the words again from the "
                    "past tests."
                )
            gain, error, tests = stored["evidence"]
            return cls(
                mean=stored["mean"],
                factor=stored["factor"].astype(np.float64),
                centre=stored["centre"],
                scale=stored["scale"],
                deviations=stored["deviations"],
                evidence=Evidence(gain=float(gain), error=float(error), tests=int(tests)),
            )


def features(texts: Sequence[str]) -> Floats:
    """What is measured of each text: (n, d); see `BLOCKS` for the columns."""
    found: dict[str, Floats] = {}
    for text in texts:
        if text not in found:
            found[text] = np.concatenate([block(text) for block in BLOCKS])
    return np.array([found[text] for text in texts]).reshape(len(texts), WIDTH)


def shape(text: str) -> Floats:
    """Length, marks, digits, capitals and kinds of words, (40 or so,); any language."""
    tokens = TOKEN.findall(text)
    words = [token.casefold() for token in tokens if token[0].isalnum()]
    size, letters = max(len(words), 1), max(len(text), 1)
    n_words, n_letters = len(words) / 10, len(text) / 50
    whole = text.rstrip()
    return np.array(
        [
            n_words,
            n_words**2,
            n_letters,
            n_letters**2,
            sum(map(len, words)) / size / 5,
            *(float(any(mark in text for mark in marks)) for marks in MARKS),
            text.count(","),
            text.count("."),
            float(any(mark in QUOTES for mark in text)),
            sum(letter.isdigit() for letter in text) / 4,
            float(any(letter.isdigit() for letter in text)),
            float(text[:1].isdigit()),
            sum(token.isupper() and len(token) > 1 for token in tokens),
            sum(token[:1].isupper() for token in tokens) / size,
            5 * sum(letter.isupper() for letter in text) / letters,
            len(SENTENCE.findall(text)),
            float(whole.endswith((".", "。", "।"))),
            float(whole[-1:].isalnum()),
            *(sum(word in kind for word in words) for kind in VOCABULARY),
            *(float(words[:1] != [] and words[0] in kind) for kind in VOCABULARY),
        ],
        dtype=np.float64,
    )


def word_counts(text: str) -> Floats:
    """Which words and marks occur, hashed with signs; Weinberger et al. (2009)."""
    return hashed({token.casefold().replace("’", "'") for token in TOKEN.findall(text)})


def letter_counts(text: str) -> Floats:
    """Which runs of letters occur (4 and 5, or 1 and 2 where words aren't spaced), hashed."""
    padded = f" {text.casefold()} "
    sizes = (4, 5) if " " in text.strip() else (1, 2)
    return hashed(
        {padded[at : at + size] for size in sizes for at in range(len(padded) - size + 1)}
    )


def hashed(grams: set[str]) -> Floats:
    """Signed counts in `HASHED` buckets over √(number of grams); CRC-32, the same anywhere."""
    counts = np.zeros(HASHED)
    for gram in sorted(grams):
        code = zlib.crc32(gram.encode())
        counts[code % HASHED] += 1.0 if code >> 31 else -1.0
    return np.asarray(counts / np.sqrt(max(len(grams), 1)))


BLOCKS: tuple[Callable[[str], Floats], ...] = (shape, word_counts, letter_counts)
"""Each block of columns has a prior variance of its own."""
START = (1e-4, 1e-2, 1e-2)
WIDTHS = tuple(len(block("")) for block in BLOCKS)
WIDTH = sum(WIDTHS)
BLOCK = np.repeat(np.arange(len(BLOCKS)), WIDTHS)


@dataclass(frozen=True, slots=True, eq=False, kw_only=True)
class White:
    """Past tests whose words differ, turned so that noise has unit variance.

    rows: (n, d). seen: (n,). test: (n,) codes.
    """

    rows: Floats
    seen: Floats
    test: Ints


def learn_words(past: PastTests, *, spread: Spread | None = None) -> Words | NotEnoughData:
    """A belief about words, or why there is none. 1,200 tests take some seconds on a core.

    Weights are normal with one variance per block of features, by evidence maximisation;
    what words leave unexplained keeps the variances of `spread`.
    """
    telling = [rows for rows in past.rows() if len({past.texts[at] for at in rows}) > 1]
    if len(telling) < MIN_TESTS:
        return NotEnoughData(
            reason=f"{len(telling)} past tests compare different words; {MIN_TESTS} are "
            "needed before words are looked at.",
            tests=len(telling),
        )
    return _learn(past, telling, spread or learn_spread(past))


@one_thread
def _learn(past: PastTests, telling: list[Ints], spread: Spread) -> Words | NotEnoughData:
    measured = features(past.texts)
    used = np.concatenate(telling)
    centre, scale = measured[used].mean(axis=0), np.ones(WIDTH)
    seen = measured[used, : WIDTHS[0]].std(axis=0)
    scale[: WIDTHS[0]] = np.where(seen > UNSEEN, seen, np.inf)
    white = whitened(past, telling, (measured - centre) / scale, spread)
    variances = learnt_variances(white)
    evidence = cross_validated(white, variances)
    if not evidence.clear:
        return NotEnoughData(
            reason=f"In {evidence.tests} past tests words did not foretell the clicks of "
            f"tests left out (gain {evidence.gain:.1f} ± {evidence.error:.1f} nats).",
            tests=evidence.tests,
        )
    mean, factor = weights(white.rows.T @ white.rows, white.rows.T @ white.seen, variances)
    return Words(
        mean=mean,
        factor=factor,
        centre=centre,
        scale=scale,
        deviations=np.sqrt(variances),
        evidence=evidence,
    )


def whitened(past: PastTests, tests: list[Ints], rows: Floats, spread: Spread) -> White:
    """Turn each test by L⁻¹, where LLᵀ is the covariance of what words don't explain.

    That covariance has the sampling noise of the empirical logits, the spread between
    variants, and a level of the test that is free to be anything.
    """
    turned, seen, codes = [], [], []
    for code, at in enumerate(tests):
        logit, noise = observed(past.impressions[at], past.clicks[at])
        apart = spread.covariance(shared(past.parts[at])) + np.diag(noise)
        factor = cholesky(apart, lower=True)
        ones = solve_triangular(factor, np.ones(len(at)), lower=True)
        ones /= np.linalg.norm(ones)
        both = solve_triangular(factor, np.column_stack([rows[at], logit]), lower=True)
        both -= np.outer(ones, ones @ both)
        turned.append(both[:, :-1])
        seen.append(both[:, -1])
        codes.append(np.full(len(at), code))
    return White(
        rows=np.concatenate(turned), seen=np.concatenate(seen), test=np.concatenate(codes)
    )


def weights(gram: Floats, pull: Floats, variances: Floats) -> tuple[Floats, Floats]:
    """Posterior mean and covariance factor of the weights: Bishop (2006), eqs. 3.53-3.54.

    gram: XᵀX, (d, d). pull: Xᵀy, (d,), both whitened. variances: (b,), one a block.
    """
    precision = gram.copy()
    precision[np.diag_indices_from(precision)] += 1 / variances[BLOCK]
    lower = cholesky(precision, lower=True)
    mean = cho_solve((lower, True), pull)
    inverse = solve_triangular(lower, np.eye(len(pull)), lower=True)
    return np.asarray(mean), np.asarray(inverse.T)


def learnt_variances(white: White, *, steps: int = 10) -> Floats:
    """Prior variance of each block of weights, (b,), by MacKay's fixed point.

    v ← |w|² / γ with γ = d − tr(Σ)/v, the number of weights that data determine. MacKay,
    Bayesian interpolation (1992), eq. 4.9; Tipping (2001), eq. 16.
    """
    gram, pull = white.rows.T @ white.rows, white.rows.T @ white.seen
    variances = np.array(START)
    for _ in range(steps):
        mean, factor = weights(gram, pull, variances)
        traces = np.bincount(BLOCK, weights=np.square(factor).sum(axis=1))
        determined = np.array(WIDTHS) - traces / variances
        squares = np.bincount(BLOCK, weights=np.square(mean))
        variances = np.clip(squares / np.maximum(determined, 1e-3), 1e-7, 1.0)
    return variances


def cross_validated(white: White, variances: Floats, *, folds: int = FOLDS) -> Evidence:
    """Gain in log predictive density on left-out tests; variances are those of all tests."""
    gains = np.zeros(int(white.test[-1]) + 1)
    gram, pull = white.rows.T @ white.rows, white.rows.T @ white.seen
    for fold in range(folds):
        out = white.test % folds == fold
        rows, seen = white.rows[out], white.seen[out]
        mean, factor = weights(gram - rows.T @ rows, pull - rows.T @ seen, variances)
        centre, spread = rows @ mean, rows @ factor
        for code in range(fold, len(gains), folds):
            at = white.test[out] == code
            gains[code] = density_gain(seen[at], centre[at], spread[at])
    error = float(gains.std(ddof=1) * np.sqrt(len(gains)))
    return Evidence(gain=float(gains.sum()), error=error, tests=len(gains))


def density_gain(seen: Floats, centre: Floats, spread: Floats) -> float:
    """log N(seen; centre, I + spread spreadᵀ) − log N(seen; 0, I)."""
    lower = cholesky(np.eye(len(seen)) + spread @ spread.T, lower=True)
    miss = solve_triangular(lower, seen - centre, lower=True)
    return float(seen @ seen / 2 - miss @ miss / 2 - np.log(np.diag(lower)).sum())
