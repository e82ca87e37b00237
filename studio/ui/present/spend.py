"""Where the money goes, and why."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import reduce
from html import escape
from operator import add

from studio.domain.budget import BudgetPlan, Limit, Move, PlanMode
from studio.domain.delivery import AdId, Cell, Delivery
from studio.reporting.charts import RatePanel, RateRow, ShareSeries
from studio.ui.present.pieces import empty_state, money, percent, plural

MODE_WORDS = {
    PlanMode.PROPOSE: "Proposed: a person decides",
    PlanMode.AUTO: "Automatic, within the brief's limits",
}
LIMIT_WORDS = {
    Limit.FLOOR: "held up by the floor",
    Limit.DAILY_CHANGE: "held by the daily limit",
    Limit.TOO_LITTLE_DATA: "too little data yet",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Shown:
    """An ad as the spend page shows it."""

    variant: str
    thumbnail: str


def no_ads() -> str:
    """What to do before anything is live."""
    return empty_state(
        "Nothing is live yet",
        "Approve ads and export them; then their budget is planned here and every move of money "
        "gets its reason.",
    )


def no_deliveries() -> str:
    """What to do before the first report."""
    return empty_state(
        "No deliveries yet",
        "Import a platform's report with Import report, or rehearse with simulated clicks: "
        "studio demo. The first plan splits the money evenly until there is something to learn.",
    )


def summary(deliveries: Sequence[Delivery], plan: BudgetPlan | None) -> str:
    """The campaign so far in four numbers, and who puts plans into force."""
    impressions = sum(each.impressions for each in deliveries)
    clicks = sum(each.clicks for each in deliveries)
    spend = reduce(add, (each.spend for each in deliveries)) if deliveries else None
    days = len({each.day for each in deliveries})
    facts = [
        ("Spent", money(spend) if spend else "nothing yet"),
        ("Impressions", f"{impressions:,}"),
        ("Clicks", f"{clicks:,}"),
        ("Click rate", percent(clicks / impressions, digits=2) if impressions else "–"),
    ]
    tiles = "".join(f"<div><dt>{name}</dt><dd>{value}</dd></div>" for name, value in facts)
    mode = MODE_WORDS[plan.mode] if plan else "No plan yet"
    return (
        f'<dl class="numbers">{tiles}<div><dt>{plural(days, "day")} of deliveries</dt>'
        f'<dd class="mode" id="plan-mode">{mode}</dd></div></dl>'
    )


def newest(plans: Sequence[BudgetPlan]) -> tuple[BudgetPlan, ...]:
    """The plan that counts for each day, by day; later revisions come later in `plans`."""
    by_day = {plan.day: plan for plan in plans}
    return tuple(by_day[day] for day in sorted(by_day))


def plan_heading(plan: BudgetPlan) -> str:
    """The plan's day and how far its moves go."""
    moved = [move for move in plan.moves if abs(move.share_after - move.share_before) >= 0.005]
    return (
        f'<h2>Plan for {plan.day:%d %b %Y}</h2><p class="quiet">'
        f"{plural(len(moved), 'ad')} of {len(plan.moves)} get another share than before. "
        f"Policy {escape(plan.policy)}, seed {plan.seed}, inputs "
        f"<code>{escape(plan.inputs_sha256[:10])}</code>.</p>"
    )


def moves(plan: BudgetPlan, *, market: str, shown: Mapping[AdId, Shown]) -> str:
    """Each move of money in a market, by placement, with its reason in a sentence."""
    cells = dict.fromkeys(move.cell for move in plan.moves if move.cell.market == market)
    return "".join(_cell(cell, plan.of_cell(cell), shown) for cell in cells)


def share_series(
    plans: Sequence[BudgetPlan],
    *,
    market: str,
    variants: Mapping[AdId, str],
    names: Mapping[str, str],
) -> tuple[ShareSeries, ...]:
    """Shares over the planned days, one series for each of the market's placements."""
    cells = dict.fromkeys(
        move.cell for plan in plans for move in plan.moves if move.cell.market == market
    )
    return tuple(_series(cell, plans, variants, names) for cell in cells)


def rate_panels(
    plan: BudgetPlan, *, market: str, variants: Mapping[AdId, str], names: Mapping[str, str]
) -> tuple[RatePanel, ...]:
    """Click rates with their intervals, one panel for each of the market's placements."""
    cells = dict.fromkeys(move.cell for move in plan.moves if move.cell.market == market)
    return tuple(
        RatePanel(
            title=names[cell.placement],
            rows=tuple(
                RateRow(
                    label=variants[move.ad_id],
                    mean=move.ctr_mean,
                    low=move.ctr_low,
                    high=move.ctr_high,
                )
                for move in plan.of_cell(cell)
            ),
        )
        for cell in cells
    )


def next_day(deliveries: Sequence[Delivery], *, launch: date) -> date:
    """The first day that has no deliveries yet."""
    if not deliveries:
        return launch
    return date.fromordinal(max(each.day for each in deliveries).toordinal() + 1)


def _series(
    cell: Cell,
    plans: Sequence[BudgetPlan],
    variants: Mapping[AdId, str],
    names: Mapping[str, str],
) -> ShareSeries:
    shares = [plan.shares().get(cell, {}) for plan in plans]
    members = dict.fromkeys(ad_id for day in shares for ad_id in day)
    return ShareSeries(
        title=names[cell.placement],
        days=tuple(plan.day for plan in plans),
        shares={
            variants[ad_id]: tuple(day.get(ad_id, 0.0) for day in shares) for ad_id in members
        },
    )


def _cell(cell: Cell, moved: Sequence[Move], shown: Mapping[AdId, Shown]) -> str:
    ordered = sorted(moved, key=lambda move: -move.share_after)
    rows = "".join(_row(move, shown[move.ad_id]) for move in ordered)
    return (
        f'<section class="cell-moves"><h3>{escape(cell.placement)}</h3>'
        f'<ul class="moves">{rows}</ul></section>'
    )


def _row(move: Move, ad: Shown) -> str:
    change = move.share_after - move.share_before
    kind = "up" if change >= 0.005 else "down" if change <= -0.005 else "same"
    arrow = {"up": "▲", "down": "▼", "same": "="}[kind]
    limit = LIMIT_WORDS.get(move.limit, "")
    badge = f'<span class="tag">{limit}</span>' if limit else ""
    return (
        f'<li class="move is-{kind}"><img src="{escape(ad.thumbnail)}" alt="" loading="lazy">'
        f'<div class="what"><b>{escape(ad.variant)}</b>{badge}<p>{escape(move.reason)}</p></div>'
        f'<div class="share"><span class="change">{arrow} {percent(move.share_before)} → '
        f"<b>{percent(move.share_after)}</b></span>"
        f'<span class="meter" aria-hidden="true"><i style="width:{move.share_after * 100:.1f}%">'
        f'</i><u style="left:{move.share_before * 100:.1f}%"></u></span>'
        f'<span class="quiet">{money(move.budget_after)} a day</span></div>'
        f'<div class="facts"><span>{percent(move.best_probability)} likely best</span>'
        f'<span class="quiet">rate {percent(move.ctr_mean, digits=2)} '
        f"({percent(move.ctr_low, digits=2)} to {percent(move.ctr_high, digits=2)})</span>"
        f'<span class="quiet">{move.impressions:,} shown, {move.clicks:,} clicked</span></div></li>'
    )
