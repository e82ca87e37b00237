"""Peers get every report once, choose what is live, and are compared by the right numbers."""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np
import pytest
from numpy.testing import assert_allclose, assert_array_equal

from benchmarks.bandit.arena import Morning, run_batches
from benchmarks.bandit.peers import PEERS, written
from benchmarks.bandit.peers_learner import InBatches, Reports, drawn
from benchmarks.bandit.peers_logistic import shared_features
from benchmarks.bandit.peers_plain import BetaThompson, CommitAfterTest, EpsilonGreedy
from benchmarks.bandit.report import estimate, ratio
from benchmarks.bandit.world import SCENARIOS, Flags, Ints, Setting, draw


@pytest.fixture
def rng() -> np.random.Generator:
    return np.random.default_rng(20_261_122)


def a_setting() -> Setting:
    """Two markets × two segments, three ads of two attributes."""
    return Setting(
        market=np.array([0, 0, 1, 1]),
        segment=np.array([0, 1, 0, 1]),
        attributes=np.array([[0, 0], [1, 0], [0, 1]]),
        impressions=np.array([10, 10, 10, 10]),
        days=4,
    )


@dataclass
class Listener:
    """Chooses the first live ad and remembers what it was told."""

    heard: list[Reports] = field(default_factory=list)

    def learn(self, reports: Reports) -> None:
        self.heard.append(reports)

    def choose(self, cells: Ints, live: Flags, rng: np.random.Generator) -> Ints:
        return np.full(len(cells), np.flatnonzero(live)[0])


def a_morning(impressions: Ints, clicks: Ints, *, live: tuple[bool, ...]) -> Morning:
    return Morning(
        setting=a_setting(),
        day=len(impressions),
        impressions=impressions,
        clicks=clicks,
        live=np.array(live),
    )


def test_counts_one_by_one_keep_their_clicks() -> None:
    reports = Reports(
        cells=np.array([0, 2]),
        variants=np.array([1, 0]),
        impressions=np.array([3, 2]),
        clicks=np.array([1, 2]),
    )
    cells, variants, clicks = reports.one_by_one()
    assert_array_equal(cells, [0, 0, 0, 2, 2])
    assert_array_equal(variants, [1, 1, 1, 0, 0])
    assert_array_equal(clicks, [1, 0, 0, 1, 1])


def test_drawn_follows_the_shares_and_never_takes_a_zero(rng: np.random.Generator) -> None:
    shares = np.tile([0.0, 0.3, 0.7], (20_000, 1))
    counts = np.bincount(drawn(shares, rng), minlength=3) / 20_000
    assert counts[0] == 0
    assert_allclose(counts[1:], [0.3, 0.7], atol=0.012)


def test_a_report_that_comes_late_is_given_once(rng: np.random.Generator) -> None:
    """Day 0 is unknown on the second morning and known on the third."""
    listener = Listener()
    batches = InBatches(learner=listener, setting=a_setting(), pulls=2)
    nothing = np.zeros((1, 4, 3), dtype=np.int64)
    assert_allclose(
        batches.shares(a_morning(nothing, nothing, live=(True, True, False)), rng),
        np.tile([0.5, 0.5, 0.0], (4, 1)),
    )
    two_days = np.zeros((2, 4, 3), dtype=np.int64)
    two_days[0, 1, 2], two_days[1, 1, 2], two_days[1, 3, 0] = 7, 2, 4
    for _ in range(2):
        shares = batches.shares(
            a_morning(two_days, two_days // 2, live=(False, True, True)), rng
        )
    assert_allclose(shares, np.tile([0.0, 1.0, 0.0], (4, 1)))
    three_days = np.concatenate([two_days, two_days[:1]])
    batches.shares(a_morning(three_days, three_days // 2, live=(True, True, True)), rng)
    first, second = listener.heard
    assert_array_equal(first.impressions, [9, 4])
    assert_array_equal(first.clicks, [4, 2])
    assert_array_equal(second.impressions, [7])
    assert_array_equal(second.clicks, [3])


def test_an_ab_test_splits_evenly_then_gives_all_to_the_winner_of_the_market(
    rng: np.random.Generator,
) -> None:
    policy = CommitAfterTest(setting=a_setting(), level="market", test_share=0.25, horizon=160)
    live = np.ones(3, dtype=bool)
    assert_allclose(policy.shares(live, rng), np.full((4, 3), 1 / 3))
    policy.learn(
        Reports(
            cells=np.array([0, 1, 2, 3]),
            variants=np.array([0, 1, 2, 0]),
            impressions=np.array([10, 10, 10, 9]),
            clicks=np.array([1, 2, 3, 1]),
        )
    )
    assert_allclose(policy.shares(live, rng), np.full((4, 3), 1 / 3))
    policy.learn(
        Reports(
            cells=np.array([3]),
            variants=np.array([0]),
            impressions=np.array([1]),
            clicks=np.array([0]),
        )
    )
    assert_allclose(policy.shares(live, rng), np.eye(3)[[1, 1, 2, 2]])


def test_epsilon_greedy_by_hand(rng: np.random.Generator) -> None:
    policy = EpsilonGreedy(setting=a_setting(), epsilon=0.3)
    policy.learn(
        Reports(
            cells=np.array([0, 0]),
            variants=np.array([0, 1]),
            impressions=np.array([10, 10]),
            clicks=np.array([1, 2]),
        )
    )
    assert_allclose(policy.shares(np.ones(3, dtype=bool), rng)[0], [0.1, 0.8, 0.1])


def test_beta_thompson_with_one_ad_far_ahead(rng: np.random.Generator) -> None:
    """Beta(2, 1) against Beta(1, 1): the first wins with probability 2/3."""
    policy = BetaThompson(setting=a_setting(), a=1, b=1, n_draws=40_000)
    policy.learn(
        Reports(
            cells=np.array([0]),
            variants=np.array([0]),
            impressions=np.array([1]),
            clicks=np.array([1]),
        )
    )
    shares = policy.shares(np.array([True, True, False]), rng)
    assert_allclose(shares[0], [2 / 3, 1 / 3, 0], atol=0.01)


def test_shared_features_tell_places_apart_and_repeat_what_they_share() -> None:
    table = shared_features(a_setting())
    assert table.shape[:2] == (4, 3)
    flat = table.reshape(12, -1)
    assert len(np.unique(flat, axis=0)) == 12
    assert_allclose(flat[:, 0], 50.0)


def test_every_peer_has_settings_of_its_own() -> None:
    for name, peer in PEERS.items():
        texts = [written(parameters) for parameters in peer.settings()]
        assert len(set(texts)) == len(texts) > 0, name


@pytest.mark.parametrize("name", ["even", "ab-commit", "epsilon-greedy", "beta-market"])
def test_plain_peers_live_through_a_world_where_ads_join(name: str) -> None:
    world = draw(SCENARIOS["cold"], 7)
    peer = PEERS[name]
    score = run_batches(peer.in_batches(world.setting, 7, peer.settings()[0]), world)
    if name == "even":
        assert_allclose(score.regret, 100.0)
    else:
        assert score.regret < 90.0


def test_a_ratio_of_regrets_pairs_seeds() -> None:
    """Ours is exactly half of theirs on every seed, however much seeds differ."""
    theirs = np.array([10.0, 40.0, 20.0, 90.0])
    assert ratio(theirs / 2, theirs) == "0.50 [0.50, 0.50]"


def test_an_estimate_by_hand() -> None:
    """Mean 2 and SD 1 of three values: 4.303 / √3 = 2.484."""
    found = estimate([1.0, 2.0, 3.0])
    assert str(found) == "2.0 ± 2.5"
    assert_allclose(found.half, 2.4841, atol=1e-4)
