"""What the plans are worth: planned ads against those that stayed on the even split."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from datetime import date

import numpy as np

from studio.bandit.sequential import Strata, Uplift, uplift
from studio.domain.brief import Objective
from studio.domain.delivery import Ad, Cell, Delivery, Group
from studio.workflows.planning import CONVERSION_OBJECTIVES


def rate_name(objective: Objective) -> str:
    """What the plans should raise, in words."""
    return "conversions per view" if objective in CONVERSION_OBJECTIVES else "click rate"


def uplift_of(
    ads: Iterable[Ad],
    reports: Iterable[Delivery],
    *,
    holdout_share: float,
    by_conversions: bool = False,
) -> Uplift | None:
    """Uplift of clicks or conversions per impression; the interval may be looked at daily.

    Cells and days are compared with themselves. `None` without ads in the holdout.
    """
    group = {ad.id: ad.group for ad in ads}
    if not holdout_share or Group.HOLDOUT not in group.values():
        return None
    sums: dict[tuple[date, Cell], dict[Group, list[int]]] = defaultdict(
        lambda: {each: [0, 0] for each in Group}
    )
    for report in reports:
        if report.ad_id in group:
            own = sums[report.day, report.cell][group[report.ad_id]]
            own[0] += report.impressions
            own[1] += report.conversions if by_conversions else report.clicks
    rows = np.array(
        [[*sums[key][Group.PLAN], *sums[key][Group.HOLDOUT]] for key in sorted(sums, key=str)],
        dtype=np.float64,
    ).reshape(-1, 4)
    strata = Strata(
        planned_impressions=rows[:, 0],
        planned_clicks=rows[:, 1],
        holdout_impressions=rows[:, 2],
        holdout_clicks=rows[:, 3],
    )
    return uplift(strata, holdout_share=holdout_share)
