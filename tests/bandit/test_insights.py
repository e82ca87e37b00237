"""Effects of levels agree with hand-worked numbers, with each other and with a hidden truth."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.testing import assert_allclose
from scipy.special import expit, logit

from studio.bandit.features import Arms, Floats, Spread, encode
from studio.bandit.insights import (
    Study,
    compared,
    explored,
    overall,
    standardised,
    study,
    taken,
    winning,
    with_references,
)
from studio.bandit.simulator import draw_truth

MARKETS = ("de-DE", "en-US", "ja-JP", "pt-BR")
ANGLES = ("craft", "family", "time", "value")
SETS = ("kitchen", "studio", "table")


@pytest.fixture
def rng() -> np.random.Generator:
    return np.random.default_rng(20_261_122)


def some_arms(markets: tuple[str, ...] = MARKETS, *, per_cell: int = 8) -> Arms:
    """Ads of two placements: angle and set turn over at different paces."""
    rows = [
        (market, placement, index)
        for market in markets
        for placement in ("feed", "story")
        for index in range(per_cell)
    ]
    return encode(
        market=[market for market, _, _ in rows],
        placement=[placement for _, placement, _ in rows],
        creative=[f"{market}/v{index}" for market, _, index in rows],
        attributes=[
            {
                "angle": ANGLES[index % len(ANGLES)],
                "set": SETS[(index + index // len(ANGLES)) % len(SETS)],
            }
            for _, _, index in rows
        ],
    )


def studied(arms: Arms, clicks: Floats, impressions: Floats, *, angles: int = 4) -> Study:
    return study(
        arms,
        Spread(),
        clicks=clicks.astype(np.int64),
        impressions=impressions.astype(np.int64),
        n_levels=(angles, len(SETS)),
    )


def test_rates_are_standardised_over_the_arms_by_hand() -> None:
    """Two arms of one cell at 1 % and 4 %; level 1 has twice the odds of level 0.

    Had both level 0: odds 1/99 and 1/48, since the second has level 1. Had both level 1:
    odds 2/99 and 1/24.
    """
    logits = np.array([[logit(0.01), logit(0.04)]])
    references = np.array([[[-3.0, -3.0 + np.log(2)]]])
    codes = np.array([0, 0])
    rates = standardised(logits, references, cell=codes, market=codes, level=np.array([0, 1]))
    low = (0.01 + (1 / 48) / (1 + 1 / 48)) / 2
    high = ((2 / 99) / (1 + 2 / 99) + 0.04) / 2
    assert_allclose(rates, [[[low, high]]])


def test_an_arm_without_the_attribute_has_no_say() -> None:
    logits = np.array([[logit(0.01), logit(0.5)]])
    references = np.zeros((1, 1, 2))
    codes = np.array([0, 0])
    level = np.array([0, -1])
    rates = standardised(logits, references, cell=codes, market=codes, level=level)
    assert_allclose(rates, [[[0.01, 0.01]]])
    nobody = standardised(logits, references, cell=codes, market=np.array([1, 0]), level=level)
    assert np.isnan(nobody[:, 0]).all()
    assert_allclose(overall(nobody), [[0.01, 0.01]])


def test_levels_are_compared_by_hand() -> None:
    """Two draws: 1 and 3 % (mean 2), then 3 and 2 % (mean 2.5)."""
    effects = compared(np.array([[0.01, 0.03], [0.03, 0.02]]))
    assert_allclose(effects.rate, [0.02, 0.025])
    assert_allclose(effects.ratio, [(0.5 + 1.2) / 2, (1.5 + 0.8) / 2])
    assert_allclose(effects.low, [0.5 + 0.025 * 0.7, 0.8 + 0.025 * 0.7])
    assert_allclose(effects.high, [1.2 - 0.025 * 0.7, 1.5 - 0.025 * 0.7])
    assert_allclose(effects.best, [0.5, 0.5])
    assert_allclose(compared(np.array([[1.0, 3], [1, 3], [3, 2]])).above, [1 / 3, 2 / 3])


def test_markets_count_alike_over_all_by_hand() -> None:
    """√(1 % · 4 %) = 2 %, √(2 % · 8 %) = 4 %."""
    assert_allclose(overall(np.array([[[0.01, 0.02], [0.04, 0.08]]])), [[0.02, 0.04]])


def test_weights_keep_an_even_part_by_hand() -> None:
    best = winning(np.array([[3.0, 1, 2], [3, 1, 2], [1, 1, 2], [9, 1, 2]]))
    assert_allclose(best, [0.75, 0, 0.25])
    assert_allclose(explored(best, even_share=0.3), [0.625, 0.1, 0.275])


@given(
    rates=st.lists(
        st.lists(st.floats(1e-6, 1.0), min_size=3, max_size=3), min_size=1, max_size=20
    ),
    even=st.floats(0.0, 1.0),
)
def test_weights_sum_to_one_and_keep_their_floor(rates: list[list[float]], even: float) -> None:
    weights = explored(winning(np.array(rates)), even_share=even)
    assert weights.sum() == pytest.approx(1.0)
    assert (weights >= even / 3 - 1e-12).all()


def test_references_change_one_attribute_and_teach_nothing(rng: np.random.Generator) -> None:
    arms = some_arms()
    extended, references = with_references(arms, (5, 3))
    assert [rows.shape for rows in references] == [(8, 5), (8, 3)]
    for attribute, rows in enumerate(references):
        assert (extended.attributes[rows, attribute] == np.arange(rows.shape[1])).all()
        assert (np.ptp(extended.attributes[rows, 1 - attribute], axis=1) == 0).all()
        assert (extended.cell[rows] == np.arange(8)[:, None]).all()
        assert (np.ptp(extended.creative[rows], axis=1) == 0).all()
    shown = np.full(len(arms.market), 4000.0)
    clicks = rng.binomial(4000, 0.02, len(shown)).astype(np.float64)
    few = studied(arms, clicks, shown).posterior.logits(np.arange(len(shown)))
    many = studied(arms, clicks, shown, angles=6).posterior.logits(np.arange(len(shown)))
    assert_allclose(few, many, rtol=1e-6)


def test_an_untried_level_is_as_likely_better_as_worse(rng: np.random.Generator) -> None:
    arms = some_arms()
    shown = np.full(len(arms.market), 4000.0)
    seen = studied(arms, shown * 0.02, shown, angles=5)
    (angles, _) = seen.rates(4000, rng)
    effects = compared(overall(angles))
    assert effects.above[4] == pytest.approx(0.5, abs=0.05)
    assert effects.high[4] - effects.low[4] > 2 * (effects.high[0] - effects.low[0])
    assert not seen.tried(0)[:, 4].any()
    assert seen.tried(0)[:, :4].all()


def test_company_is_not_praised(rng: np.random.Generator) -> None:
    """`craft` is mostly shown in the set that is clicked twice as often; alone it does nothing.

    By plain rates it lies far above the average.
    """
    index = np.arange(240)
    place = np.array(["good", "bad"])[(index % 10 >= 5).astype(int)]
    angle = np.where(index % 10 < 4, "craft", np.where(index % 10 < 9, "value", "craft"))
    arms = encode(
        market=["de-DE"] * 240,
        placement=["feed"] * 240,
        creative=[f"v{each}" for each in index],
        attributes=[{"angle": a, "set": s} for a, s in zip(angle, place, strict=True)],
    )
    shown = np.full(240, 20_000.0)
    clicks = np.where(place == "good", 600.0, 300.0)
    plain = np.array([clicks[angle == name].sum() for name in ("craft", "value")])
    assert plain[0] / plain.mean() > 1.15
    seen = study(
        arms,
        Spread(),
        clicks=clicks.astype(np.int64),
        impressions=shown.astype(np.int64),
        n_levels=(2, 2),
    )
    angles, sets = (compared(overall(rates)) for rates in seen.rates(4000, rng))
    assert angles.low[0] < 1 < angles.high[0]
    assert angles.ratio[0] == pytest.approx(1.0, abs=0.02)
    assert sets.ratio == pytest.approx([2 / 3, 4 / 3], abs=0.03)


def test_a_market_without_views_borrows_all_and_a_lone_one_nothing() -> None:
    arms = some_arms()
    shown = np.where(arms.market == 2, 0.0, 20_000.0)
    rate = np.where(arms.attributes[:, 0] == 0, 0.03, 0.02)
    seen = studied(arms, shown * rate, shown)
    assert_allclose(seen.borrowed(2)[0], 1.0)
    assert (seen.borrowed(0)[0] < 0.9).all()
    alone = np.where(arms.market == 2, 20_000.0, 0.0)
    assert_allclose(studied(arms, alone * rate, alone).borrowed(2)[0], 0.0, atol=1e-6)
    assert np.isnan(studied(arms, 0 * shown, 0 * shown).borrowed(2)[0]).all()


def test_less_data_of_its_own_means_more_borrowed() -> None:
    arms = some_arms()
    rate = np.where(arms.attributes[:, 0] == 0, 0.03, 0.02)
    shares = []
    for own in (500.0, 5_000.0, 50_000.0):
        shown = np.where(arms.market == 2, own, 20_000.0)
        shares.append(studied(arms, shown * rate, shown).borrowed(2)[0][0])
    assert shares[0] > shares[1] + 0.05 > shares[2] + 0.1


@settings(max_examples=10, deadline=None)
@given(order=st.permutations(range(32)), seed=st.integers(0, 99))
def test_the_order_of_arms_is_irrelevant(order: list[int], seed: int) -> None:
    rng = np.random.default_rng(seed)
    arms = some_arms(MARKETS[:2])
    shown = rng.integers(1000, 9000, 32).astype(np.float64)
    clicks = rng.binomial(shown.astype(np.int64), 0.02).astype(np.float64)
    rows = np.array(order)
    first = studied(arms, clicks, shown)
    second = studied(taken(arms, rows), clicks[rows], shown[rows])
    for share, again in zip(first.borrowed(1), second.borrowed(1), strict=True):
        assert_allclose(share, again, atol=1e-6)
    one, other = (
        compared(overall(each.rates(300, np.random.default_rng(1))[0]))
        for each in (first, second)
    )
    assert_allclose(one.ratio, other.ratio, rtol=1e-6)
    assert_allclose(one.best, other.best)


def true_ratios(extended: Arms, references: tuple[np.ndarray, ...], rates: Floats) -> Floats:
    """Ratios of the angles, by market, that the hidden click rates amount to."""
    n_arms, z = int(references[0].min()), logit(rates)[None, :]
    drawn = standardised(
        z[:, :n_arms],
        z[:, references[0]],
        cell=extended.cell[:n_arms],
        market=extended.market[:n_arms],
        level=extended.attributes[:n_arms, 0],
    )[0]
    return np.asarray(drawn / drawn.mean(axis=1, keepdims=True))


def test_intervals_cover_a_hidden_truth() -> None:
    """60 campaigns × 4 markets × 4 angles; campaigns are independent, their levels aren't."""
    rng = np.random.default_rng(7)
    arms = some_arms()
    extended, references = with_references(arms, (4, 3))
    inside, raw_error, pooled_error = [], [], []
    for _ in range(60):
        truth = draw_truth(extended, price=1.0, rng=rng, spread=Spread())
        wanted = true_ratios(extended, references, truth.click_rate)
        n_arms = len(arms.market)
        shown = rng.integers(500, 8000, n_arms)
        clicks = rng.binomial(shown, truth.click_rate[:n_arms])
        seen = studied(arms, clicks.astype(float), shown.astype(float))
        drawn = seen.rates(1000, rng)[0]
        for market in range(4):
            effects = compared(drawn[:, market])
            inside.append((effects.low < wanted[market]) & (wanted[market] < effects.high))
            pooled_error.append(np.square(effects.ratio - wanted[market]).mean())
            own = arms.market == market
            raw = np.array(
                [
                    clicks[own & (arms.attributes[:, 0] == level)].sum()
                    / shown[own & (arms.attributes[:, 0] == level)].sum()
                    for level in range(4)
                ]
            )
            raw_error.append(np.square(raw / raw.mean() - wanted[market]).mean())
    covered = float(np.mean(inside))
    assert 0.92 <= covered <= 0.975
    assert np.mean(pooled_error) < 0.5 * np.mean(raw_error)


def test_an_arms_own_level_keeps_its_rate() -> None:
    """A level that an arm has already keeps the arm's rate."""
    logits = np.array([[-4.0]])
    rates = standardised(
        logits,
        np.array([[[0.3]]]),
        cell=np.array([0]),
        market=np.array([0]),
        level=np.array([0]),
    )
    assert_allclose(rates, expit(logits)[:, :, None])
