"""Every move says why in one sentence, and what held it back."""

from __future__ import annotations

from dataclasses import replace

import pytest

from studio.domain.budget import CellMove, Limit
from studio.domain.delivery import AdId, Cell
from studio.domain.learning import ArmRecord, PolicySettings
from studio.domain.market import Locale
from studio.domain.money import Money
from studio.reporting.reasons import (
    Belief,
    cell_reason,
    evidence_reason,
    expectation,
    seen_words,
    uplift_words,
)

SETTINGS = PolicySettings(
    policy="p/1",
    alpha=0.5,
    draws=100,
    floor_share=0.05,
    max_daily_change_share=0.25,
    min_impressions=200,
    protected_share=0.5,
)


def an_arm(variant: str, *, impressions: int = 1000, before: float | None = 0.22) -> ArmRecord:
    return ArmRecord(
        ad_id=AdId(variant),
        cell=Cell(market=Locale("de-DE"), placement="meta_feed_4x5"),
        variant=variant,
        attributes={"angle": "time_saved", "set": "bright-kitchen"},
        impressions=impressions,
        clicks=impressions * 19 // 1000,
        share_before=before,
        live=True,
    )


def a_belief(*, best: float, gain: float, leader: ArmRecord, leader_best: float) -> Belief:
    return Belief(
        best=best, gain=gain, gain_low=0.031, gain_high=0.35, leader=leader,
        leader_best=leader_best,
    )  # fmt: skip


def reason(arm: ArmRecord, belief: Belief, limit: Limit = Limit.NONE) -> str:
    limits = () if limit is Limit.NONE else (limit,)
    seen = seen_words(arm, by_conversions=False)
    text = evidence_reason(arm, 0.31, belief=belief, limits=limits, why=SETTINGS, seen=seen)
    return text.replace("\N{NO-BREAK SPACE}", " ")


def test_the_leader_says_what_it_gets_and_why() -> None:
    arm = an_arm("v1-time-saved")
    belief = a_belief(best=0.84, gain=0.18, leader=arm, leader_best=0.84)
    assert reason(arm, belief) == (
        "‘Time saved’ (bright kitchen, v1) gets 31 % of Germany · Meta feed 4:5 (was 22 %): "
        "1.9 % clicked, 84 % likely the best; expected 18 % over an even split (+3 % to +35 %)."
    )


def test_a_follower_names_who_is_ahead_if_it_is_close() -> None:
    close = a_belief(best=0.36, gain=0.13, leader=an_arm("v3"), leader_best=0.62)
    far = a_belief(best=0.01, gain=-0.2, leader=an_arm("v3"), leader_best=0.97)
    ahead = "36 % likely the best, ‘Time saved’ (bright kitchen, v3) 62 %; expected 13 % over"
    assert ahead in reason(an_arm("v1"), close)
    assert "1 % likely the best; expected 20 % under" in reason(an_arm("v1"), far)


@pytest.mark.parametrize(
    ("limit", "ending"),
    [
        (Limit.FLOOR, "Held at the floor, so that learning goes on."),
        (Limit.DAILY_CHANGE, "A share may move by at most 25 points a day."),
        (
            Limit.TOO_LITTLE_DATA,
            "Not cut further before it has been shown 200 times (90 so far).",
        ),
        (Limit.NONE, "an even split (+3 % to +35 %)."),
    ],
)
def test_the_guard_rail_is_told_in_words(limit: Limit, ending: str) -> None:
    arm = an_arm("v1", impressions=90)
    belief = a_belief(best=0.3, gain=0.02, leader=arm, leader_best=0.3)
    assert reason(arm, belief, limit).endswith(ending)


def test_an_ad_that_was_never_shown_claims_no_rate() -> None:
    arm = an_arm("v1", impressions=0, before=None)
    belief = a_belief(best=0.3, gain=0.001, leader=arm, leader_best=0.3)
    assert "(new): not shown yet, 30 % likely the best; expected about as good" in reason(
        arm, belief
    )
    other = a_belief(best=0.3, gain=-0.004, leader=arm, leader_best=0.3)
    assert expectation(other) == expectation(belief)


def test_every_guard_rail_that_binds_is_told() -> None:
    arm = an_arm("v1", impressions=90)
    belief = a_belief(best=0.3, gain=0.02, leader=arm, leader_best=0.3)
    both = (Limit.DAILY_CHANGE, Limit.TOO_LITTLE_DATA)
    seen = seen_words(arm, by_conversions=False)
    told = evidence_reason(arm, 0.31, belief=belief, limits=both, why=SETTINGS, seen=seen)
    assert "at most 25 points a day. Not cut further" in told


def a_cell_move(gain: float, *, before: str | None = "50.00") -> CellMove:
    return CellMove(
        cell=an_arm("v1").cell,
        budget_before=Money.of(before, "EUR") if before else None,
        budget_after=Money.of("60.00", "EUR"),
        expected_gain=gain,
        gain_low=-0.031,
        gain_high=0.12,
    )


def test_a_cells_money_and_what_its_shares_promise() -> None:
    told = cell_reason(a_cell_move(0.08)).replace("\N{NO-BREAK SPACE}", " ")
    assert told == (
        "Germany · Meta feed 4:5 gets 60.00 EUR (was 50.00 EUR); its shares are expected to "
        "bring 8 % more clicks than an even split (\N{MINUS SIGN}3 % to +12 %)."
    )
    assert "fewer clicks" in cell_reason(a_cell_move(-0.08))
    assert "about as well as an even split" in cell_reason(a_cell_move(0.001))
    assert "60.00 EUR (new);" in cell_reason(a_cell_move(0.08, before=None))
    assert "60.00 EUR; its" in cell_reason(a_cell_move(0.08, before="60.00"))


def test_conversions_are_told_where_they_are_what_counts() -> None:
    """3 of 5,000 views: 0.060 %; 50 clicks: 1.0 %."""
    arm = replace(an_arm("v1", impressions=5000), clicks=50, conversions=3)
    told = [seen_words(arm, by_conversions=counted) for counted in (True, False)]
    assert [one.replace("\N{NO-BREAK SPACE}", " ") for one in told] == [
        "0.060 % of views converted",
        "1.0 % clicked",
    ]
    assert "has no conversions" in uplift_words(None, 0, 0, rate="conversions per view")
    assert "+20\N{NO-BREAK SPACE}% conversions per view over" in uplift_words(
        0.2, 0.1, 0.3, rate="conversions per view"
    )
