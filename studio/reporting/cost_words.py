"""What the limits of a budget cost, in words. Pure functions."""

from __future__ import annotations

from studio.reporting.words import number, percent, signed

LIMITS = {
    "floor_share": "Exploration floor",
    "max_daily_change_share": "Daily change of a share",
    "min_impressions": "Least views before a cut",
    "holdout_share": "Holdout on the even split",
}
CLEAR = 0.0005
"""Losses below a twentieth of a percent count as none."""
COSTS_CAVEAT = (
    "Clicks lost to each limit alone, against no limit at all, on simulated people at this "
    "campaign's size; 95 % intervals over 12 simulated campaigns. What a limit buys isn't "
    "counted: learning that goes on, calm, and proof."
)


def limit_value(limit: str, value: float) -> str:
    """`5 %`, `10 points a day`, `200 views`."""
    if limit == "min_impressions":
        return f"{number(value)} views"
    if limit == "max_daily_change_share":
        return f"{value * 100:.0f} points a day"
    return percent(value)


def cost_value(loss: float, low: float, high: float) -> str:
    """`−1.0 % (−1.3 % to −0.8 %)` of clicks; what helps has a plus."""
    if max(abs(loss), abs(low), abs(high)) < CLEAR:
        return "nothing"
    ends = f"{signed(-high, digits=1)} to {signed(-low, digits=1)}"
    return f"{signed(-loss, digits=1)} ({ends})"
