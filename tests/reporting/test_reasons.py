"""Every move says why in one sentence, and what held it back."""

from __future__ import annotations

import pytest

from studio.domain.budget import Limit
from studio.domain.delivery import AdId, Cell
from studio.domain.learning import ArmRecord, PolicySettings
from studio.domain.market import Locale
from studio.reporting.reasons import Belief, evidence_reason, expectation

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


def reason(arm: ArmRecord, belief: Belief, limit: Limit = Limit.NONE) -> str:
    text = evidence_reason(arm, 0.31, belief=belief, limit=limit, why=SETTINGS)
    return text.replace("\N{NO-BREAK SPACE}", " ")


def test_the_leader_says_what_it_gets_and_why() -> None:
    arm = an_arm("v1-time-saved")
    belief = Belief(best=0.84, gain=0.18, leader=arm, leader_best=0.84)
    assert reason(arm, belief) == (
        "‘Time saved’ (bright kitchen, v1) gets 31 % of Germany · Meta feed 4:5 (was 22 %): "
        "1.9 % clicked, 84 % likely the best; expected 18 % over an even split."
    )


def test_a_follower_names_who_is_ahead_if_it_is_close() -> None:
    close = Belief(best=0.36, gain=0.13, leader=an_arm("v3"), leader_best=0.62)
    far = Belief(best=0.01, gain=-0.2, leader=an_arm("v3"), leader_best=0.97)
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
        (Limit.NONE, "an even split."),
    ],
)
def test_the_guard_rail_is_told_in_words(limit: Limit, ending: str) -> None:
    arm = an_arm("v1", impressions=90)
    belief = Belief(best=0.3, gain=0.02, leader=arm, leader_best=0.3)
    assert reason(arm, belief, limit).endswith(ending)


def test_an_ad_that_was_never_shown_claims_no_rate() -> None:
    arm = an_arm("v1", impressions=0, before=None)
    belief = Belief(best=0.3, gain=0.001, leader=arm, leader_best=0.3)
    assert "(new): not shown yet, 30 % likely the best; expected about as good" in reason(
        arm, belief
    )
    assert expectation(-0.004) == expectation(0.004)
