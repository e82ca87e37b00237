"""Where the money goes, and why."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import reduce
from html import escape
from operator import add

from studio.domain.alarm import Alarm
from studio.domain.budget import BudgetPlan, Limit, Move, PlanStatus, PlanVerdict
from studio.domain.delivery import AdId, Delivery
from studio.domain.rehearsal import RehearsalRecord
from studio.reporting.charts import cumulative_clicks, to_svg
from studio.reporting.cost_words import COSTS_CAVEAT, LIMITS, cost_value, limit_value
from studio.reporting.figures import Groups, Row, delivered_rows, estimated_even, rows_of
from studio.ui.present.pieces import empty_state, money, percent, plural
from studio.workflows.limit_costs import Cost

STATUS_WORDS = {
    PlanStatus.PROPOSED: "Proposed: a person decides",
    PlanStatus.APPROVED: "Approved",
    PlanStatus.REJECTED: "Rejected",
    PlanStatus.AUTOMATIC: "Automatic, within the brief's limits",
}
LIMIT_WORDS = {
    Limit.FLOOR: "held up by the floor",
    Limit.DAILY_CHANGE: "held by the daily limit",
    Limit.VARIANT_FLOOR: "held up by the brief",
    Limit.VARIANT_CAP: "held down by the brief",
    Limit.FROZEN: "waits for an answer",
    Limit.TOO_LITTLE_DATA: "too little data yet",
}
NOTICEABLE = 0.005
"""Changes of a share below half a percentage point count as none."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Shown:
    """An ad as the spend page shows it."""

    label: str
    thumbnail: str


def no_ads() -> str:
    """What to do before anything is live."""
    return empty_state(
        "Nothing is live yet",
        "Approve ads and export them; then their budget is planned here, and every move of "
        "money gets its reason.",
    )


def no_deliveries() -> str:
    """What to do before the first report."""
    return empty_state(
        "No deliveries yet",
        "Import a platform's report above, or rehearse with simulated clicks: studio demo. "
        "Until there is something to learn, a plan splits the money evenly.",
    )


def summary(
    deliveries: Sequence[Delivery],
    status: PlanStatus | None,
    *,
    simulated: bool,
    by_conversions: bool = False,
) -> str:
    """The campaign so far in four numbers, and where its newest plan stands."""
    impressions = sum(each.impressions for each in deliveries)
    clicks = sum(each.clicks for each in deliveries)
    spend = reduce(add, (each.spend for each in deliveries)) if deliveries else None
    days = plural(len({each.day for each in deliveries}), "day")
    facts = [
        ("Spent", money(spend) if spend else "nothing yet"),
        ("Impressions", f"{impressions:,}"),
        ("Clicks", f"{clicks:,}"),
        ("Click rate", percent(clicks / impressions, digits=2) if impressions else "–"),
    ]
    if by_conversions:
        converted = sum(each.conversions for each in deliveries)
        facts.append(("Conversions", f"{converted:,}"))
    tiles = "".join(f"<div><dt>{name}</dt><dd>{value}</dd></div>" for name, value in facts)
    source = f"{days} of {'simulated' if simulated else 'reported'} deliveries"
    mode = STATUS_WORDS[status] if status else "No plan yet"
    return (
        f'<dl class="numbers">{tiles}<div><dt>{source}</dt>'
        f'<dd class="mode" id="plan-mode">{mode}</dd></div></dl>'
    )


def newest(plans: Sequence[BudgetPlan]) -> tuple[BudgetPlan, ...]:
    """The plan that counts for each day, by day; later revisions come later in `plans`."""
    by_day = {plan.day: plan for plan in plans}
    return tuple(by_day[day] for day in sorted(by_day))


def standing(status: PlanStatus, verdict: PlanVerdict | None) -> str:
    """Where a plan stands, and who said so."""
    kind = "is-good" if status.in_force else "is-bad" if verdict else ""
    if verdict is None:
        said = STATUS_WORDS[status]
    else:
        note = f" “{escape(verdict.note)}”" if verdict.note else ""
        when = f"{verdict.at:%d %b %Y %H:%M} UTC"
        said = f"{STATUS_WORDS[status]} by {escape(verdict.person)}, {when}.{note}"
    return f'<p class="verdict {kind}" id="plan-status">{said}</p>'


def questions(alarms: Sequence[Alarm]) -> str:
    """What looks wrong and keeps money where it is, until somebody answers."""
    if not alarms:
        return ""
    rows = "".join(f"<li>{escape(alarm.question)}</li>" for alarm in alarms)
    return (
        '<div class="verdict is-bad" role="status" id="plan-questions"><b>Money stays where it '
        f"is in {plural(len({alarm.cell for alarm in alarms}), 'place')} until somebody "
        f"answers:</b><ul>{rows}</ul></div>"
    )


def measured(words: str) -> str:
    """The uplift over the holdout, in a sentence."""
    return f'<p class="quiet" id="uplift"><b>Measured:</b> {escape(words)}</p>'


def waits(plan: BudgetPlan) -> str:
    """Why an automatic plan isn't in force, where that isn't a question."""
    asked = {alarm.question for alarm in plan.alarms}
    rows = "".join(f"<li>{escape(each)}</li>" for each in plan.obstacles if each not in asked)
    return f'<div class="verdict is-bad"><ul>{rows}</ul></div>' if rows else ""


def costs_table(costs: Sequence[Cost]) -> str:
    """What each limit costs, with its interval."""
    rows = "".join(
        f"<tr><th scope=row>{LIMITS[cost.limit]}</th>"
        f"<td>{limit_value(cost.limit, cost.value)}</td>"
        f"<td><b>{cost_value(cost.loss, cost.low, cost.high)}</b></td></tr>"
        for cost in costs
    )
    return (
        '<section class="costs"><h2>What each limit costs</h2>'
        f'<p class="quiet">{COSTS_CAVEAT}</p><table><tr><th>Limit</th><th>Set to</th>'
        f"<th>Clicks</th></tr>{rows}</table></section>"
    )


def costs_progress(done: float) -> str:
    """How far the estimate is."""
    return (
        f'<p class="quiet" role="status">Simulating: {percent(done)} '
        f'<progress max="1" value="{done:.3f}"></progress></p>'
    )


def plan_heading(plan: BudgetPlan) -> str:
    """The plan's day and how far its moves go."""
    moved = [move for move in plan.moves if _direction(move) != "same"]
    ads = f"{plural(len(moved), 'ad')} of {len(plan.moves)}"
    return (
        f'<h2>Plan for {plan.day:%d %b %Y}</h2><p class="quiet">{ads} get another share than '
        f"before. Policy {escape(plan.policy)}, seed {plan.seed}, inputs "
        f"<code>{escape(plan.inputs_sha256[:10])}</code>.</p>"
    )


def moves(
    plan: BudgetPlan, *, market: str, shown: Mapping[AdId, Shown], places: Mapping[str, str]
) -> str:
    """Each move of money in a market, by placement, with its reason in a sentence."""
    cells = dict.fromkeys(move.cell for move in plan.moves if move.cell.market == market)
    reasons = {move.cell: move.reason for move in plan.cells}
    return "".join(
        _cell(places[cell.placement], plan.of_cell(cell), shown, _why(reasons.get(cell, "")))
        for cell in sorted(cells, key=lambda cell: cell.placement)
    )


def next_day(deliveries: Sequence[Delivery], *, launch: date) -> date:
    """The first day that has no deliveries yet."""
    if not deliveries:
        return launch
    return date.fromordinal(max(each.day for each in deliveries).toordinal() + 1)


def against_even(reports: Groups, rehearsal: RehearsalRecord | None, *, market: str) -> str:
    """Clicks so far under the plans and under an even split: simulated, or estimated."""
    if rehearsal:
        planned, even = rows_of(rehearsal.planned), rows_of(rehearsal.even)
    else:
        planned = delivered_rows(reports.planned)
        even = estimated_even(reports.planned, holdout=reports.holdout)
    days = sorted({row.day for row in planned if row.cell.market == market})
    if not days:
        return ""
    figure = cumulative_clicks(
        days,
        planned=_clicks(planned, market, days),
        even=_clicks(even, market, days),
        even_label="Even split" if rehearsal else "Even split, estimated",
    )
    return to_svg(figure, label=f"Clicks with the plans and with an even split, {market}")


def chart(title: str, words: str, svg: str, *, kind: str = "wide") -> str:
    """One chart with its heading."""
    heading = f'<h2>{escape(title)}</h2><p class="quiet">{escape(words)}</p>'
    return f'<section class="{kind}">{heading}{svg}</section>'


def _clicks(rows: Sequence[Row], market: str, days: Sequence[date]) -> list[int]:
    return [
        round(
            sum(
                row.tally.clicks for row in rows if row.day == day and row.cell.market == market
            )
        )
        for day in days
    ]


def _direction(move: Move) -> str:
    change = move.share_after - move.share_before
    if abs(change) < NOTICEABLE:
        return "same"
    return "up" if change > 0 else "down"


def _cell(place: str, moved: Sequence[Move], shown: Mapping[AdId, Shown], why: str) -> str:
    ordered = sorted(moved, key=lambda move: -move.share_after)
    rows = "".join(_row(move, shown[move.ad_id]) for move in ordered)
    return (
        f'<section class="cell-moves"><h3>{escape(place)}{why}</h3>'
        f'<ul class="moves">{rows}</ul></section>'
    )


def _why(reason: str) -> str:
    """A cell's sentence under its name."""
    return f'<small class="quiet">{escape(reason)}</small>' if reason else ""


def _row(move: Move, ad: Shown) -> str:
    kind = _direction(move)
    limit = LIMIT_WORDS.get(move.limit, "")
    badge = f'<span class="tag">{limit}</span>' if limit else ""
    return (
        f'<li class="move is-{kind}"><img src="{escape(ad.thumbnail)}" alt="" loading="lazy">'
        f'<div class="what"><b>{escape(ad.label)}</b>{badge}<p>{escape(move.reason)}</p></div>'
        f"{_share(move, kind)}{_facts(move)}</li>"
    )


def _share(move: Move, kind: str) -> str:
    arrow = {"up": "▲", "down": "▼", "same": "="}[kind]
    return (
        f'<div class="share"><span class="change">{arrow} {percent(move.share_before)} → '
        f'<b>{percent(move.share_after)}</b></span><span class="meter" aria-hidden="true">'
        f'<i style="width:{move.share_after * 100:.1f}%"></i>'
        f'<u style="left:{move.share_before * 100:.1f}%"></u></span>'
        f'<span class="quiet">{money(move.budget_after)} a day</span></div>'
    )


def _facts(move: Move) -> str:
    digits = 2 if move.ctr_high >= 0.002 else 3
    mean, low, high = (
        percent(rate, digits=digits) for rate in (move.ctr_mean, move.ctr_low, move.ctr_high)
    )
    return (
        f'<div class="facts"><span>{percent(move.best_probability)} likely best</span>'
        f'<span class="quiet">rate {mean} ({low} to {high})</span>'
        f'<span class="quiet">{move.impressions:,} shown, {move.clicks:,} clicked</span></div>'
    )
