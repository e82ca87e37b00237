"""Real headline tests replayed: how many clicks each policy would have won.

    python -m benchmarks.bandit.upworthy --data FILE [--train FILE] [--train-share 0.5]
        [--seed 0] [--replays 6]

FILE is a parquet table of the Upworthy Research Archive's shape: clickability_test_id,
headline, eyecatcher_id, impressions, clicks. Tests with at least 3 packages of at least 500
impressions count. Without `--train`, a share of the tests teaches the priors and the others
are scored. The replay: a test lasts as many impressions as its least shown package had, in
14 batches; the clicks of each package come without replacement from those that it really
got, so that no package can run out, and an even split is expected to win the mean of the
packages' rates.

From elsewhere:

    from benchmarks.bandit.upworthy import fit, read, replay
    policy = fit(read(train))
    start = policy.prior(texts, parts)
    shares = policy.shares(start, impressions=…, clicks=…, batch=…, seed=…)
"""

from __future__ import annotations

import argparse
import platform
import sys
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TypeAlias

import duckdb
import numpy as np
from numpy.typing import NDArray
from scipy.stats import norm

from studio.bandit.past import PastTests, observed
from studio.bandit.single_test import TestPolicy, learn_policy, stacked

Floats: TypeAlias = NDArray[np.float64]
Ints: TypeAlias = NDArray[np.int64]
Flags: TypeAlias = NDArray[np.bool_]

BATCHES = 14
RIVAL = "A/B for 15 %, then the best"
QUERY = """
    WITH kept AS (
        SELECT *, count(*) OVER (PARTITION BY clickability_test_id) AS packages
        FROM read_parquet(?) WHERE impressions >= 500
    )
    SELECT clickability_test_id, coalesce(headline, ''), coalesce(eyecatcher_id, ''),
        impressions, clicks
    FROM kept WHERE packages >= 3
    ORDER BY clickability_test_id, headline, eyecatcher_id, impressions, clicks
"""


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Stage:
    """What a policy knows before a batch of s tests of up to k variants.

    impressions, clicks: so far, (s, k). present: (s, k). batch: 0 to 13.
    """

    impressions: Ints
    clicks: Ints
    present: Flags
    batch: int


Shares: TypeAlias = Callable[[Stage, np.random.Generator], Floats]


def read(path: Path) -> PastTests:
    """The tests of a file that are long and wide enough."""
    rows = duckdb.execute(QUERY, [str(path)]).fetchall()
    tests, texts, pictures, impressions, clicks = zip(*rows, strict=True)
    parts = np.column_stack([codes(texts), codes(pictures)])
    return PastTests(
        test=codes(tests),
        texts=texts,
        parts=parts,
        impressions=np.array(impressions, dtype=np.int64),
        clicks=np.array(clicks, dtype=np.int64),
    )


def codes(labels: tuple[str, ...]) -> Ints:
    """A number for each label, in the order of the labels."""
    return np.unique(np.array(labels, dtype=np.str_), return_inverse=True)[1].astype(np.int64)


def fit(past: PastTests, *, words: bool = True) -> TestPolicy:
    """The studio's policy with priors from these tests; `words` can be left out."""
    return learn_policy(past, batches=BATCHES, use_words=words)


def padded(past: PastTests) -> tuple[Ints, Ints]:
    """Impressions and clicks as (s, k), zero where a test has fewer variants."""
    rows = past.rows()
    impressions = np.zeros((len(rows), max(map(len, rows))), dtype=np.int64)
    clicks = np.zeros_like(impressions)
    for test, at in enumerate(rows):
        impressions[test, : len(at)] = past.impressions[at]
        clicks[test, : len(at)] = past.clicks[at]
    return impressions, clicks


def length(impressions: Ints) -> Ints:
    """Impressions that each test lasts, (s,)."""
    return np.asarray(np.where(impressions > 0, impressions, impressions.max()).min(axis=1))


def expected_even(impressions: Ints, clicks: Ints) -> Floats:
    """Clicks that an even split is expected to win, (s,)."""
    rates = (clicks / np.maximum(impressions, 1)).sum(axis=1) / (impressions > 0).sum(axis=1)
    return np.asarray(length(impressions) * rates)


def replay(shares: Shares, impressions: Ints, clicks: Ints, rng: np.random.Generator) -> Ints:
    """Clicks that a policy wins in each test, (s,), from the pools of the packages."""
    present = impressions > 0
    good, bad = clicks.copy(), impressions - clicks
    shown, won = np.zeros_like(clicks), np.zeros_like(clicks)
    edges = np.round(np.outer(length(impressions), np.arange(BATCHES + 1) / BATCHES))
    for batch in range(BATCHES):
        stage = Stage(impressions=shown, clicks=won, present=present, batch=batch)
        sizes = (edges[:, batch + 1] - edges[:, batch]).astype(np.int64)
        given = whole(shares(stage, rng), sizes, rng)
        hits = rng.hypergeometric(good, bad, given)
        shown, won = shown + given, won + hits
        good, bad = good - hits, bad - given + hits
    return np.asarray(won.sum(axis=1))


def whole(shares: Floats, sizes: Ints, rng: np.random.Generator) -> Ints:
    """Impressions of each variant: the whole parts, and the rest by lot in proportion."""
    exact = shares / shares.sum(axis=1, keepdims=True) * sizes[:, None]
    floor = np.floor(exact)
    left = (sizes - floor.sum(axis=1)).astype(np.int64)
    rest = exact - floor + 1e-12 * (shares > 0)
    drawn = rng.multinomial(left, rest / rest.sum(axis=1, keepdims=True))
    return np.asarray(floor.astype(np.int64) + drawn)


def even(stage: Stage, rng: np.random.Generator) -> Floats:
    """Every variant the same."""
    return np.asarray(stage.present / stage.present.sum(axis=1, keepdims=True))


def leader(stage: Stage, rng: np.random.Generator) -> Floats:
    """All for the highest observed rate; ties by lot."""
    rates = stage.clicks / np.maximum(stage.impressions, 1)
    rates = np.where(stage.present, rates + 1e-9 * rng.random(rates.shape), -1.0)
    return np.asarray(rates.argmax(axis=1)[:, None] == np.arange(rates.shape[1]), dtype=float)


def test_then_commit(share: float) -> Shares:
    """Even for `share` of the traffic, then the leader, looked up again every batch."""

    def shares(stage: Stage, rng: np.random.Generator) -> Floats:
        testing = float(np.clip(share * BATCHES - stage.batch, 0.0, 1.0))
        return testing * even(stage, rng) + (1 - testing) * leader(stage, rng)

    return shares


def epsilon_greedy(epsilon: float) -> Shares:
    """Even for ε of each batch, the leader for the rest; the first batch even."""

    def shares(stage: Stage, rng: np.random.Generator) -> Floats:
        part = 1.0 if stage.batch == 0 else epsilon
        return part * even(stage, rng) + (1 - part) * leader(stage, rng)

    return shares


def beta_thompson(hits: float, misses: float, *, draws: int = 200) -> Shares:
    """Shares by the probability of being best under independent Beta posteriors."""

    def shares(stage: Stage, rng: np.random.Generator) -> Floats:
        wins = np.zeros(stage.present.shape)
        for _ in range(draws):
            rates = rng.beta(hits + stage.clicks, misses + stage.impressions - stage.clicks)
            best = np.where(stage.present, rates, -1.0).argmax(axis=1)
            wins[np.arange(len(wins)), best] += 1
        return wins / draws

    return shares


def studio(policy: TestPolicy, past: PastTests) -> Shares:
    """The studio's policy on all tests of a file at once."""
    priors = stacked(
        [policy.prior([past.texts[row] for row in at], past.parts[at]) for at in past.rows()]
    )

    def shares(stage: Stage, rng: np.random.Generator) -> Floats:
        return policy.split(
            priors,
            impressions=stage.impressions,
            clicks=stage.clicks,
            batch=stage.batch,
            rng=rng,
        )

    return shares


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Result:
    """Clicks of one policy in each test, mean over the replays, (s,), beside the even split."""

    clicks: Floats
    even: Floats

    @property
    def uplift(self) -> float:
        """Per cent more clicks than the even split is expected to win, over all tests."""
        return float(100 * (self.clicks.sum() / self.even.sum() - 1))


def interval(clicks: Floats, even: Floats) -> tuple[float, float]:
    """95 % bootstrap interval, over tests, of Σ clicks / Σ even in per cent."""
    rng = np.random.default_rng(0)
    counts = rng.multinomial(len(clicks), np.full(len(clicks), 1 / len(clicks)), size=4000)
    low, high = np.percentile(100 * (counts @ clicks) / (counts @ even), [2.5, 97.5])
    return float(low), float(high)


def score(shares: Shares, past: PastTests, *, replays: int) -> Result:
    """Replay a policy; replay number r of every policy starts from the same seed."""
    impressions, clicks = padded(past)
    won = [
        replay(shares, impressions, clicks, np.random.default_rng([number, 1]))
        for number in range(replays)
    ]
    return Result(clicks=np.mean(won, axis=0), even=expected_even(impressions, clicks))


def words_alone(policy: TestPolicy, past: PastTests) -> str:
    """What the words foretell of tests before any click, in a sentence."""
    if policy.words is None:
        return "Words: not enough data."
    picked, average, foretold, seen = [], [], [], []
    for at in past.rows():
        texts = [past.texts[row] for row in at]
        if len(set(texts)) < 2:
            continue
        mean, _ = policy.words.predict(texts)
        rates = past.clicks[at] / past.impressions[at]
        logits, _ = observed(past.impressions[at], past.clicks[at])
        picked.append(rates[mean >= mean.max() - 1e-12].mean())
        average.append(rates.mean())
        foretold.append(mean)
        seen.append(logits - logits.mean())
    x, y = np.concatenate(foretold), np.concatenate(seen)
    gain = 100 * (sum(picked) / sum(average) - 1)
    low, high = interval(np.array(picked) - np.array(average), np.array(average))
    return (
        f"Words alone, in the {len(picked)} scored tests whose headlines differ: correlation "
        f"with the observed log-odds (noise included) {np.corrcoef(x, y)[0, 1]:.3f}, slope "
        f"{x @ y / (x @ x):.2f}; showing only the headline that they favour "
        f"{gain:+.1f} % clicks [{low:+.1f}, {high:+.1f}]."
    )


def coverage(policy: TestPolicy, past: PastTests) -> str:
    """How many observed log-odds lie within the intervals foretold before the first click.

    Of a variant's log-odds minus its test's mean, with the sampling noise added.
    """
    ranks = []
    for at in past.rows():
        start = policy.prior([past.texts[row] for row in at], past.parts[at])
        logits, noise = observed(past.impressions[at], past.clicks[at])
        centring = np.eye(len(at)) - 1 / len(at)
        apart = centring @ (start.covariance[:, 0] + np.diag(noise)) @ centring
        deviation = np.sqrt(np.einsum("lii->li", apart))
        off = centring @ (logits - start.mean[0])
        ranks.append(start.weights @ norm.cdf(off / deviation))
    centred = 2 * np.abs(np.concatenate(ranks) - 0.5)
    inside = ", ".join(f"{(centred <= level).mean():.1%}" for level in (0.5, 0.8, 0.95))
    return f"Intervals of 50, 80 and 95 % foretold for the scored variants hold {inside}."


def table(results: Mapping[str, Result]) -> str:
    """Markdown: uplift over the even split, and over the rival, with intervals."""
    rival = results[RIVAL]
    lines = [
        "| policy | clicks over the even split, % | 95 % | minus the rival, paired | 95 % |",
        "|---|---|---|---|---|",
    ]
    for name, result in results.items():
        low, high = interval(result.clicks - result.even, result.even)
        ahead = result.clicks - rival.clicks
        below, above = interval(ahead, result.even)
        difference = 100 * ahead.sum() / result.even.sum()
        paired = (
            "– | –" if name == RIVAL else f"{difference:+.2f} | [{below:+.2f}, {above:+.2f}]"
        )
        lines.append(f"| {name} | {result.uplift:+.2f} | [{low:.2f}, {high:.2f}] | {paired} |")
    return "\n".join(lines)


def report(train: PastTests, tested: PastTests, *, replays: int) -> str:
    """Every policy on the same tests, and the words by themselves."""
    started = time.process_time()
    policy = fit(train)
    seconds = time.process_time() - started
    policies: dict[str, Shares] = {
        "even split": even,
        **{
            f"A/B for {share:.0%}, then the best".replace("%", " %"): test_then_commit(share)
            for share in (0.10, 0.15, 0.25, 0.35, 0.50)
        },
        "ε-greedy 0.1": epsilon_greedy(0.1),
        "Beta(1, 1) Thompson": beta_thompson(1.0, 1.0),
        "studio, no words": studio(fit(train, words=False), tested),
        "studio, words": studio(policy, tested),
    }
    results = {name: score(each, tested, replays=replays) for name, each in policies.items()}
    spread = policy.spread
    return "\n\n".join(
        [
            f"Priors from {len(train.rows())} tests ({seconds:.0f} s of one core), scored on "
            f"{len(tested.rows())} others; {replays} replays of each.",
            table(results),
            words_alone(policy, tested),
            coverage(policy, tested),
            "SD of log-odds within a test due to headline (beyond words), picture, all else: "
            + ", ".join(f"{each:.3f}" for each in spread.deviations)
            + ".",
        ]
    )


def halves(past: PastTests, *, share: float, seed: int) -> tuple[PastTests, PastTests]:
    """Tests to learn from and tests to score, at random."""
    tests = np.random.default_rng(seed).permutation(np.unique(past.test))
    cut = round(share * len(tests))
    return past.only(tests[:cut]), past.only(tests[cut:])


def main() -> None:
    """Read the files, replay, print Markdown."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--data", type=Path, required=True)
    parser.add_argument("--train", type=Path)
    parser.add_argument("--train-share", type=float, default=0.5)
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--replays", type=int, default=6)
    options = parser.parse_args()
    for path in (options.data, options.train or options.data):
        if not path.exists():
            print(f"{path} is not there; nothing to replay.")
            return
    tested = read(options.data)
    if options.train:
        train = read(options.train)
    else:
        train, tested = halves(tested, share=options.train_share, seed=options.seed)
    print(f"`python {' '.join(['-m benchmarks.bandit.upworthy', *sys.argv[1:]])}`\n")
    print(f"Python {platform.python_version()}, numpy {np.__version__}.\n")
    print(report(train, tested, replays=options.replays))


if __name__ == "__main__":
    main()
