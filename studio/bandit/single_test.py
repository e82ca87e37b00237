"""One small test: a few variants, a last day, and what past tests taught about both.

Everything works on stacks of tests, (s, k), so that a benchmark or a tuning run costs little
more than one test; a test with fewer variants is padded with variants that can't win.
The mathematics, with sources, is in docs/optimizer/words.md.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray
from scipy.special import expit

from studio.bandit.past import PastTests, Spread, learn_spread, shared
from studio.bandit.threads import one_thread
from studio.bandit.words import NotEnoughData, Words, learn_words
from studio.errors import InputError

Floats: TypeAlias = NDArray[np.float64]
Ints: TypeAlias = NDArray[np.int64]

ABSENT = -1e3
"""Log-odds of a variant that pads a smaller test."""
NEWTON_STEPS = 30
HALVINGS = 30
CLOSE = 1e-5
JITTER = 1e-10


@dataclass(frozen=True, slots=True, eq=False, kw_only=True)
class Priors:
    """What is believed of s tests of up to k variants before their first impression.

    mean: log-odds, (s, k), `ABSENT` where a test has fewer variants. covariance:
    (l, s, k, k), one for each scale of the spread. weights: of the scales, (l,).
    """

    mean: Floats
    covariance: Floats
    weights: Floats

    @property
    def present(self) -> NDArray[np.bool_]:
        """(s, k), False where a test has fewer variants."""
        return self.mean > ABSENT / 2


@dataclass(frozen=True, slots=True, eq=False, kw_only=True)
class Beliefs:
    """Normal beliefs about log-odds: mean (s, k) and covariance (s, k, k)."""

    mean: Floats
    covariance: Floats

    def draws(self, normals: Floats) -> Floats:
        """Deviations from the mean, (s, m, k), from standard normal numbers, (m, k)."""
        eye = JITTER * np.eye(self.mean.shape[1])
        factor = np.linalg.cholesky(self.covariance + eye)
        return np.asarray(normals @ factor.swapaxes(1, 2))


def prior(
    texts: Sequence[str], parts: Ints, *, spread: Spread, words: Words | None = None
) -> Priors:
    """The prior of one test of k variants with these headlines and parts, (k, p).

    Words move the means and add the doubt about their weights.
    """
    k = len(texts)
    if len(parts) != k or parts.shape[1] != len(spread.deviations) - 1:
        raise InputError(
            f"A test of {k} variants needs {k} rows of {len(spread.deviations) - 1} part "
            f"codes, as its past tests have; got an array of {parts.shape}."
        )
    mean, doubt = (np.zeros(k), np.zeros((k, k))) if words is None else words.predict(texts)
    apart = spread.covariance(shared(parts))
    level = np.full((k, k), spread.level_deviation**2)
    covariance = np.stack([scale**2 * apart + doubt + level for scale in spread.scales])
    return Priors(
        mean=(spread.level + mean)[None],
        covariance=covariance[:, None],
        weights=spread.weights,
    )


def stacked(priors: Sequence[Priors]) -> Priors:
    """Several tests as one stack; all need the same scales."""
    width = max(each.mean.shape[1] for each in priors)
    first = priors[0]
    n_tests = sum(len(each.mean) for each in priors)
    mean = np.full((n_tests, width), ABSENT)
    covariance = np.zeros((len(first.weights), n_tests, width, width))
    at = 0
    for each in priors:
        tests, k = slice(at, at + len(each.mean)), each.mean.shape[1]
        mean[tests, :k] = each.mean
        covariance[:, tests, :k, :k] = each.covariance
        at += len(each.mean)
    return Priors(mean=mean, covariance=covariance, weights=first.weights)


@one_thread
def believe(priors: Priors, *, impressions: Ints, clicks: Ints) -> Beliefs:
    """Beliefs after these totals, (s, k) each.

    Laplace's method for each scale, weighed by its marginal likelihood, then the normal with
    the mixture's mean and covariance.
    """
    found = [
        _laplace(priors.mean, each, impressions=impressions, clicks=clicks)
        for each in priors.covariance
    ]
    chance = np.stack([evidence for _, _, evidence in found]) + np.log(priors.weights)[:, None]
    weight = np.exp(chance - chance.max(axis=0))
    weight /= weight.sum(axis=0)
    mean = sum(w[:, None] * m for w, (m, _, _) in zip(weight, found, strict=True))
    covariance = np.zeros_like(priors.covariance[0])
    for w, (centre, inner, _) in zip(weight, found, strict=True):
        off = centre - mean
        covariance += w[:, None, None] * (inner + off[:, :, None] * off[:, None, :])
    return Beliefs(mean=np.asarray(mean), covariance=covariance)


def _laplace(
    mean: Floats, covariance: Floats, *, impressions: Ints, clicks: Ints
) -> tuple[Floats, Floats, Floats]:
    """Mode (s, k), covariance (s, k, k), log evidence (s,) up to a constant of the counts.

    Rasmussen & Williams, Gaussian Processes (2006), algorithm 3.1, which needs no inverse of
    the prior covariance K: variants that are known to be equal make it singular. The log
    posterior of f = mean + K a is concave, and a step that would lower it is halved.
    """
    push = np.zeros_like(mean)
    at, value = mean.copy(), _log_posterior(mean, mean, push, impressions, clicks)
    for _ in range(NEWTON_STEPS):
        rate = expit(at)
        root = np.sqrt(impressions * rate * (1 - rate))
        pull = clicks - impressions * rate + np.square(root) * (at - mean)
        inner = _inner(covariance, root)
        solved = np.linalg.solve(inner, (root * _times(covariance, pull))[:, :, None])
        turn = pull - root * solved[:, :, 0] - push
        step, size = _times(covariance, turn), np.ones((len(mean), 1))
        for _ in range(HALVINGS):
            tried = at + size * step
            reached = _log_posterior(tried, mean, push + size * turn, impressions, clicks)
            worse = reached < value - 1e-9 * (1 + np.abs(value))
            if not worse.any():
                break
            size[worse] /= 2
        at, push, value = tried, push + size * turn, reached
        if np.abs(size * step).max() < CLOSE:
            break
    rate = expit(at)
    root = np.sqrt(impressions * rate * (1 - rate))
    inner = _inner(covariance, root)
    half = np.linalg.solve(np.linalg.cholesky(inner), root[:, :, None] * covariance)
    evidence = value - np.linalg.slogdet(inner)[1] / 2
    return at, covariance - half.swapaxes(1, 2) @ half, evidence


def _log_posterior(
    at: Floats, mean: Floats, push: Floats, impressions: Ints, clicks: Ints
) -> Floats:
    """Binomial log likelihood plus log prior of each test, (s,), without constants."""
    likelihood = clicks * at - impressions * np.logaddexp(0.0, at)
    return np.asarray((likelihood - push * (at - mean) / 2).sum(axis=1))


def _inner(covariance: Floats, root: Floats) -> Floats:
    """B = I + W½KW½, (s, k, k)."""
    return np.asarray(np.eye(root.shape[1]) + root[:, :, None] * covariance * root[:, None, :])


def _times(covariance: Floats, vector: Floats) -> Floats:
    return np.asarray((covariance @ vector[:, :, None])[:, :, 0])


def win_shares(beliefs: Beliefs, *, alpha: float, normals: Floats) -> Floats:
    """How often each variant is best when draws are pulled to the mean by α: (s, k)."""
    drawn = beliefs.mean[:, None, :] + alpha * beliefs.draws(normals)
    winners = drawn.argmax(axis=2)
    k = beliefs.mean.shape[1]
    return np.stack([(winners == arm).mean(axis=1) for arm in range(k)], axis=1)


@dataclass(frozen=True, slots=True, eq=False, kw_only=True)
class TestPolicy:
    """Splits the batches of one small test so that it wins many clicks by its end.

    Tempered Thompson sampling: α falls from `first` to `last` over the test, since nothing
    learnt in the last batch can be used. words: None where past tests support no statement.
    """

    __test__ = False

    spread: Spread
    words: Words | None
    batches: int
    first: float = 0.35
    last: float = 0.05
    n_draws: int = 400

    def prior(self, texts: Sequence[str], parts: Ints) -> Priors:
        """What is believed of a test before it starts; see `prior`."""
        return prior(texts, parts, spread=self.spread, words=self.words)

    def shares(
        self, start: Priors, *, impressions: Ints, clicks: Ints, batch: int, seed: int
    ) -> Floats:
        """Shares of the next batch of one test, (k,), from its totals so far, (k,).

        batch: how many are over. The same inputs give the same shares.
        """
        if not 0 <= batch < self.batches:
            raise InputError(
                f"batch is {batch}: a test of {self.batches} batches has 0 to "
                f"{self.batches - 1}."
            )
        split = self.split(
            start,
            impressions=impressions[None],
            clicks=clicks[None],
            batch=batch,
            rng=np.random.default_rng([seed, batch]),
        )
        return np.asarray(split[0])

    @one_thread
    def split(
        self,
        start: Priors,
        *,
        impressions: Ints,
        clicks: Ints,
        batch: int,
        rng: np.random.Generator,
    ) -> Floats:
        """Shares of the next batch of s tests, (s, k), with the same random draws for all."""
        beliefs = believe(start, impressions=impressions, clicks=clicks)
        normals = rng.standard_normal((self.n_draws // 2, start.mean.shape[1]))
        both = np.concatenate([normals, -normals])
        return win_shares(beliefs, alpha=self.alpha(batch), normals=both)

    def alpha(self, batch: int) -> float:
        """α before the batch of this number, on a straight line from `first` to `last`."""
        passed = batch / max(self.batches - 1, 1)
        return self.first + (self.last - self.first) * passed


def learn_policy(past: PastTests, *, batches: int, use_words: bool = True) -> TestPolicy:
    """The policy with the spread and the words of past tests.

    The spread around the words is a part's spread less what words explain of it: the mean
    variance of their predictions is taken off the first part, which is the headline's.
    """
    spread = learn_spread(past)
    if not use_words or len(spread.deviations) < 2:
        return TestPolicy(spread=spread, words=None, batches=batches)
    words = learn_words(past, spread=spread)
    if isinstance(words, NotEnoughData):
        return TestPolicy(spread=spread, words=None, batches=batches)
    left = unexplained(past, words=words, spread=spread)
    return TestPolicy(spread=left, words=words, batches=batches)


def unexplained(past: PastTests, *, words: Words, spread: Spread) -> Spread:
    """The spread with the part of the headline's variance that words explain taken off."""
    shares = []
    for at in past.rows():
        mean, doubt = words.predict([past.texts[row] for row in at])
        if mean.any():
            shares.append((np.square(mean).sum() + np.trace(doubt)) / (len(at) - 1))
    deviations = spread.deviations.copy()
    explained = float(np.mean(shares)) if shares else 0.0
    deviations[0] = np.sqrt(max(deviations[0] ** 2 - explained, deviations[0] ** 2 / 4))
    return replace(spread, deviations=deviations)
