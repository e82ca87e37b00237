"""Why money moved, in a sentence that a marketer understands."""

from __future__ import annotations

from dataclasses import dataclass

from studio.domain.budget import Limit
from studio.domain.delivery import Cell
from studio.domain.learning import ArmRecord, PolicySettings
from studio.reporting.words import (
    chance,
    idea_name,
    market_name,
    percent,
    placement_name,
    share_percent,
)

WORTH_COMPARING = 0.05
"""From this probability of being the best on, a reason names the ad that is ahead."""
ABOUT = 0.005


def place_name(cell: Cell) -> str:
    """`Germany · Meta feed 4:5`."""
    return f"{market_name(cell.market)} · {placement_name(cell.placement)}"


def opening(arm: ArmRecord, share: float) -> str:
    """Which ad gets how much of what, and what it had."""
    before = "new" if arm.share_before is None else f"was {share_percent(arm.share_before)}"
    idea = idea_name(arm.attributes, variant=arm.variant)
    return f"{idea} gets {share_percent(share)} of {place_name(arm.cell)} ({before})"


def even_reason(arm: ArmRecord, share: float) -> str:
    """The reason before anything was delivered."""
    return f"{opening(arm, share)}: an even split, because nothing has been delivered yet."


def undo_reason(arm: ArmRecord, share: float) -> str:
    """The reason of a plan that takes the one before back."""
    return f"{opening(arm, share)}: the last plan was taken back."


@dataclass(frozen=True, slots=True, kw_only=True)
class Belief:
    """What is believed of an ad within its cell."""

    best: float
    """Probability of being the best."""
    gain: float
    """Expected rate against the even split's, minus 1."""
    leader: ArmRecord
    """The ad that is most probably the best."""
    leader_best: float


def evidence_reason(
    arm: ArmRecord, share: float, *, belief: Belief, limit: Limit, why: PolicySettings
) -> str:
    """The reason once clicks have come in, and the guard-rail that bound the share."""
    seen = (
        f"{percent(arm.clicks / arm.impressions, digits=1)} clicked"
        if arm.impressions
        else "not shown yet"
    )
    likely = f"{chance(belief.best)} likely the best"
    if belief.leader != arm and belief.best >= WORTH_COMPARING:
        name = idea_name(belief.leader.attributes, variant=belief.leader.variant)
        likely += f", {name} {chance(belief.leader_best)}"
    rate = expectation(belief.gain)
    return f"{opening(arm, share)}: {seen}, {likely}; {rate}.{limit_note(arm, limit, why)}"


def expectation(gain: float) -> str:
    """How an ad's rate is expected to compare with its cell's even split."""
    if abs(gain) < ABOUT:
        return "expected about as good as an even split"
    side = "over" if gain > 0 else "under"
    return f"expected {percent(abs(gain))} {side} an even split"


def limit_note(arm: ArmRecord, limit: Limit, why: PolicySettings) -> str:
    """What the binding guard-rail did, or nothing."""
    if limit is Limit.FLOOR:
        return " Held at the floor, so that learning goes on."
    if limit is Limit.DAILY_CHANGE:
        points = f"{why.max_daily_change_share * 100:.0f}"
        return f" A share may move by at most {points} points a day."
    if limit is Limit.TOO_LITTLE_DATA:
        return (
            f" Not cut further before it has been shown {why.min_impressions} times "
            f"({arm.impressions} so far)."
        )
    return ""
