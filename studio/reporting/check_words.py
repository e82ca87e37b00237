"""What a check of a plan on the campaign's own log says, in sentences. Pure functions."""

from __future__ import annotations

from studio.reporting.reasons import between
from studio.reporting.words import number, percent

REFUSALS = {
    "NO_IMPRESSIONS": "no day was reported yet on which all of its ads took part in the split",
    "THIN_SUPPORT": "it gives money to ads that were hardly ever shown",
    "WEIGHTS_ASTRAY": "ads weren't shown in proportion to their shares of the money",
    "LOW_EFFECTIVE_SIZE": "too few views fell on the ads that it wants to show",
    "FEW_CLICKS": "too few {noun} fell on the ads that it wants to show",
}
"""By the name of `studio.bandit.off_policy.Refusal`."""
CAVEAT = (
    "The plan has learnt from the same days, so this flatters it: it can warn of a bad plan, "
    "only the holdout proves a good one."
)


def refused_words(refusal: str, noun: str) -> str:
    """Why the log can't answer, and what will help."""
    why = REFUSALS[refusal].format(noun=noun)
    return (
        f"The log can't tell what this plan would have got: {why}. More days of reports help, "
        "and a higher budget.floor_share."
    )


def compared(value: float, low: float, high: float, *, noun: str) -> str:
    """`8 % more clicks per view (+2 % to +15 %)`."""
    side = "more" if value >= 0 else "fewer"
    return f"{percent(abs(value))} {side} {noun} per view ({between(low, high)})"


def verdict_words(low: float, high: float) -> str:
    """What an interval against the even split means for who decides."""
    if high < 0:
        return "It looks worse than doing nothing: don't switch it on without a reason."
    if low > 0:
        return "Nothing speaks against switching it on."
    return "The log doesn't tell them apart: nothing speaks against it, nothing for it."


def doubt_words(value: float, low: float, high: float, *, noun: str, days: int) -> str:
    """Why an automatic plan waits."""
    return (
        f"On the last {days} days this plan's shares would have got "
        f"{compared(value, low, high, noun=noun)} than an even split; somebody should look at "
        "it first."
    )


def rate_words(value: float, low: float | None, high: float | None) -> str:
    """`1.32 % (1.20 % to 1.45 %)`, with as many digits as a small rate needs."""
    digits = 2 if value >= 0.001 else 4
    ends = (
        f" ({percent(low, digits=digits)} to {percent(high, digits=digits)})"
        if low is not None and high is not None
        else ""
    )
    return percent(value, digits=digits) + ends


def size_words(impressions: float, clicks: float, *, noun: str) -> str:
    """How much of the log bears on a target."""
    return f"{number(impressions)} views, {number(clicks)} {noun}"
