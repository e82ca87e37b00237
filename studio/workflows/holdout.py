"""What the plans are worth: planned ads against those that stayed on the even split."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from datetime import date

import numpy as np

from studio.bandit.sequential import Strata, Uplift, uplift
from studio.domain.delivery import Ad, Cell, Delivery, Group


def uplift_of(
    ads: Iterable[Ad], reports: Iterable[Delivery], *, holdout_share: float
) -> Uplift | None:
    """Uplift of the click rate with an interval that may be looked at every day.

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
            own[1] += report.clicks
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
