"""Why money moved, in a sentence that a marketer understands."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

from studio.domain.budget import CellMove, Limit
from studio.domain.delivery import Cell
from studio.domain.learning import ArmRecord, PolicySettings
from studio.reporting.words import (
    chance,
    idea_name,
    market_name,
    percent,
    placement_name,
    share_percent,
    signed,
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


def frozen_reason(arm: ArmRecord, share: float) -> str:
    """The reason of a share that waits for an answer."""
    return f"{opening(arm, share)}: it stays until somebody answers what looks wrong there."


CELL_NOTES = {
    Limit.CELL_FLOOR: "Held up by the market's floor.",
    Limit.CELL_CAP: "Held down by the market's cap.",
    Limit.CELL_CHANGE: "Its money may change by no more in a day.",
    Limit.LEARNING_PHASE: "Its money stays while the platform's learning phase lasts.",
    Limit.FROZEN: "Its money stays until somebody answers what looks wrong there.",
    Limit.TARGET: "More money would make a result dearer than the target.",
}


def cell_reason(move: CellMove, noun: str = "clicks") -> str:
    """What a cell's money is, and what its shares are expected to bring."""
    before = move.budget_before
    was = "new" if before is None else f"was {before}" if before != move.budget_after else ""
    money = f"{place_name(move.cell)} gets {move.budget_after}" + (f" ({was})" if was else "")
    notes = "".join(f" {CELL_NOTES[limit]}" for limit in move.limits if limit in CELL_NOTES)
    return f"{money}; {mixture(move, noun)}.{notes}"


def memory_note(day_weight: float) -> str:
    """That older clicks count less, if they do."""
    if day_weight >= 1:
        return ""
    return (
        " What people click has changed, so older days count less: each "
        f"{percent(day_weight)} of the next."
    )


def mixture(move: CellMove, noun: str) -> str:
    """How a cell's shares are expected to compare with its even split."""
    if abs(move.expected_gain) < ABOUT:
        return "its shares are expected to do about as well as an even split"
    side = "more" if move.expected_gain > 0 else "fewer"
    return (
        f"its shares are expected to bring {percent(abs(move.expected_gain))} {side} {noun} "
        f"than an even split ({between(move.gain_low, move.gain_high)})"
    )


def between(low: float, high: float) -> str:
    """`+3 % to +35 %`, where 19 of 20 such statements are true."""
    return f"{signed(low)} to {signed(high)}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Belief:
    """What is believed of an ad within its cell."""

    best: float
    """Probability of being the best."""
    gain: float
    """Expected rate against the even split's, minus 1."""
    gain_low: float
    gain_high: float
    """Ends of its 95 % interval."""
    leader: ArmRecord
    """The ad that is most probably the best."""
    leader_best: float


def evidence_reason(
    arm: ArmRecord,
    share: float,
    *,
    belief: Belief,
    limits: Sequence[Limit],
    why: PolicySettings,
    seen: str,
) -> str:
    """The reason once results have come in, and the guard-rails that bound the share."""
    likely = f"{chance(belief.best)} likely the best"
    if belief.leader != arm and belief.best >= WORTH_COMPARING:
        name = idea_name(belief.leader.attributes, variant=belief.leader.variant)
        likely += f", {name} {chance(belief.leader_best)}"
    notes = "".join(limit_note(arm, limit, why) for limit in limits)
    return f"{opening(arm, share)}: {seen}, {likely}; {expectation(belief)}.{notes}"


def seen_words(arm: ArmRecord, *, by_conversions: bool) -> str:
    """What an ad brought so far of what counts: `1.3 % clicked`."""
    if not arm.impressions:
        return "not shown yet"
    if by_conversions:
        return f"{percent(arm.conversions / arm.impressions, digits=3)} of views converted"
    return f"{percent(arm.clicks / arm.impressions, digits=1)} clicked"


def expectation(belief: Belief) -> str:
    """How an ad's rate is expected to compare with its cell's even split."""
    interval = f"({between(belief.gain_low, belief.gain_high)})"
    if abs(belief.gain) < ABOUT:
        return f"expected about as good as an even split {interval}"
    side = "over" if belief.gain > 0 else "under"
    return f"expected {percent(abs(belief.gain))} {side} an even split {interval}"


def limit_note(arm: ArmRecord, limit: Limit, why: PolicySettings) -> str:
    """What a guard-rail that binds did, or nothing."""
    if limit is Limit.FLOOR:
        return " Held at the floor, so that learning goes on."
    if limit is Limit.VARIANT_FLOOR:
        return f" The brief wants it to get {share_percent(arm.least_share)} at least."
    if limit is Limit.VARIANT_CAP:
        return f" The brief lets it get {share_percent(arm.most_share)} at most."
    if limit is Limit.DAILY_CHANGE:
        points = f"{why.max_daily_change_share * 100:.0f}"
        return f" A share may move by at most {points} points a day."
    if limit is Limit.TOO_LITTLE_DATA:
        return (
            f" Not cut further before it has been shown {why.min_impressions} times "
            f"({arm.impressions} so far)."
        )
    return ""


def uplift_words(
    estimate: float | None, low: float, high: float, *, rate: str = "click rate"
) -> str:
    """What the plans brought over the holdout, as far as it is known."""
    if estimate is None:
        results = "clicks" if rate == "click rate" else "conversions"
        return f"Nothing to compare yet: the holdout has no {results}."
    found = f"{signed(estimate)} {rate} over the holdout's even split"
    if math.isinf(high):
        return f"{found} ({signed(low)} or more). Too early to tell."
    proof = "" if low > 0 or high < 0 else " Not proven yet."
    return f"{found} ({between(low, high)}, may be looked at every day).{proof}"
