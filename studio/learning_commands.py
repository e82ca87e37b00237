"""The command `learn`: plans are made, explained, decided on, replayed and taken back."""

from __future__ import annotations

import json
import sys
from collections import deque
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Annotated

import typer
from rich.console import Console
from rich.markup import escape
from rich.progress import track
from rich.table import Table

from studio.app import Studio
from studio.bandit.off_policy import Evaluation
from studio.domain.alarm import Answer
from studio.domain.brief import Brief
from studio.domain.budget import BudgetPlan, PlanMode, PlanStatus
from studio.domain.person import Person
from studio.errors import InputError, PermanentError
from studio.reporting.check_words import (
    CAVEAT,
    compared,
    rate_words,
    refused_words,
    size_words,
    verdict_words,
)
from studio.reporting.cost_words import COSTS_CAVEAT, LIMITS, cost_value, limit_value
from studio.reporting.reasons import uplift_words
from studio.reporting.words import number
from studio.workflows.holdout import rate_name
from studio.workflows.learn import TAKEN_BACK
from studio.workflows.limit_costs import SEEDS

STATUS_WORDS = {
    PlanStatus.PROPOSED: "proposed: money doesn't follow it yet",
    PlanStatus.APPROVED: "in force, signed",
    PlanStatus.REJECTED: "rejected: money doesn't follow it",
    PlanStatus.AUTOMATIC: "in force by itself",
}
ESTIMATORS = {
    "IPS": "ips",
    "IPS, self-normalised": "snips",
    "doubly robust": "doubly_robust",
    "doubly robust, self-normalised": "self_normalised_doubly_robust",
}

Day = Annotated[
    str, typer.Option(help="Day to plan for, YYYY-MM-DD; default: after the last report.")
]
Mode = Annotated[
    PlanMode | None,
    typer.Option(
        help="propose: it waits for a person. approve: you sign it now. auto: in force at once "
        "unless it breaks a limit or a report looks wrong. Default: the brief's."
    ),
]
Explain = Annotated[bool, typer.Option(help="Say in a sentence why each share moved.")]
AsJson = Annotated[bool, typer.Option("--json", help="Print the plan as JSON.")]
Approve = Annotated[str, typer.Option(metavar="DAY", help="Sign the newest plan for this day.")]
Reject = Annotated[
    str, typer.Option(metavar="DAY", help="Say no to the plan for this day; needs --note.")
]
Undo = Annotated[bool, typer.Option("--undo", help="Go back to the plan before the last one.")]
Replay = Annotated[
    str, typer.Option(metavar="DAY", help="Compute this day's plan again and compare bytes.")
]
CheckIt = Annotated[
    bool,
    typer.Option(
        "--check", help="What the newest plan would have got on the days that were reported."
    ),
]
Costs = Annotated[
    bool,
    typer.Option("--costs", help="What each limit of the brief costs, on simulated people."),
]
Resolve = Annotated[
    str, typer.Option(metavar="ALARM", help="Answer a question; with --accept or --exclude.")
]
Accept = Annotated[
    bool | None,
    typer.Option("--accept/--exclude", help="The report is true, or it must not teach."),
]
Note = Annotated[str, typer.Option(help="Why; kept with your name.")]


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """What to do with plans and questions that are there."""

    slug: str
    approve: str
    reject: str
    undo: bool
    replay: str
    check: bool
    costs: bool
    resolve: str
    accept: bool | None
    day: str
    note: str


def decide(studio: Studio, asked: Asked, out: Console, person: Person) -> bool:
    """Do what was asked about what is there already; whether anything was."""
    wanted = (
        asked.approve, asked.reject, asked.undo, asked.replay, asked.check, asked.costs,
        asked.resolve,
    )  # fmt: skip
    if sum(map(bool, wanted)) > 1:
        raise InputError(
            "Ask for one of --approve, --reject, --undo, --replay, --check, --costs and "
            "--resolve at a time."
        )
    learner, brief, note = studio.learner, studio.briefs.brief(asked.slug), asked.note
    if asked.approve:
        day = day_in(asked.approve, "--approve")
        learner.approve(brief.slug, day=day, person=person, note=note)
        out.print(f"{person.name} signed the plan for {day}; money follows it now.")
    elif asked.reject:
        day = day_in(asked.reject, "--reject")
        learner.reject(brief.slug, day=day, person=person, note=note)
        out.print(f"{person.name} rejected the plan for {day}; nothing changes.")
    elif asked.undo:
        plan = learner.undo(brief.slug, person=person, note=note or TAKEN_BACK)
        out.print(f"The plan for {plan.day} was taken back; the shares before count again.")
    elif asked.replay:
        replayed(studio, brief, day_in(asked.replay, "--replay"), out)
    elif asked.resolve:
        resolved(studio, asked, out, person)
    elif asked.check or asked.costs:
        judge = checked if asked.check else costed
        judge(studio, brief, out)
    return any(wanted)


def replayed(studio: Studio, brief: Brief, day: date, out: Console) -> None:
    """Say that a plan follows from its stored inputs, or fail."""
    plan = studio.repository.plan(brief.slug, day)
    again = studio.learner.replay(plan)
    if again.to_json() != plan.to_json():
        raise PermanentError(
            f"The plan for {day} doesn't follow from its stored inputs: {plan.sha256[:12]} is "
            f"stored, {again.sha256[:12]} computed. Somebody changed it, or the libraries."
        )
    out.print(f"The plan for {day} replayed to the same bytes: SHA-256 {plan.sha256}")


def checked(studio: Studio, brief: Brief, out: Console) -> None:
    """Say what the newest plan's shares would have got on the days before it."""
    plans = studio.repository.plans(brief.slug)
    if not plans:
        raise InputError(f"Campaign {brief.slug} has no plan; propose one first.")
    found = studio.learner.check(plans[-1])
    out.print(f"Plan for {found.day}, on {found.days} days of the campaign's own log:")
    if found.refusal is not None:
        out.print(refused_words(found.refusal.name, found.noun), highlight=False)
    if found.plan is not None and found.even is not None:
        out.print(check_table(found.plan, found.even, noun=found.noun))
    for gain, beside in (
        (found.over_delivered, "what was delivered"),
        (found.over_even, "an even split"),
    ):
        if gain is not None and gain.low is not None and gain.high is not None:
            words = compared(gain.value, gain.low, gain.high, noun=found.noun)
            out.print(f"Its shares would have got {words} than {beside}.", highlight=False)
            if gain is found.over_even:
                out.print(f"{verdict_words(gain.low, gain.high)} {CAVEAT}", highlight=False)


def check_table(plan: Evaluation, even: Evaluation, *, noun: str) -> Table:
    """Every estimator's rate of the plan's shares and of the even split."""
    table = Table(f"{noun} per view", "this plan", "even split", "delivered")
    for name, estimated in ESTIMATORS.items():
        cells = [
            rate_words(one.value, one.low, one.high)
            for one in (getattr(plan, estimated), getattr(even, estimated))
        ]
        table.add_row(name, *cells, "")
    own = plan.logged
    table.add_row("as counted", "", "", rate_words(own.value, own.low, own.high))
    sizes = [
        size_words(each.support.effective_impressions, each.support.effective_clicks, noun=noun)
        for each in (plan, even)
    ]
    table.add_row("worth as much as", *sizes, f"{number(plan.support.impressions)} views")
    return table


def costed(studio: Studio, brief: Brief, out: Console) -> None:
    """Say what each limit of the brief costs; estimated once, then kept."""
    found = studio.limit_costs.known(brief)
    if found is None:
        steps = studio.limit_costs.estimate(brief)
        deque(track(steps, "Simulating", total=SEEDS, console=out), maxlen=0)
        found = studio.limit_costs.known(brief)
    table = Table("limit", "set to", "clicks", title=f"{brief.slug}: what each limit costs")
    for cost in found or ():
        table.add_row(
            LIMITS[cost.limit],
            limit_value(cost.limit, cost.value),
            cost_value(cost.loss, cost.low, cost.high),
        )
    out.print(table)
    out.print(COSTS_CAVEAT, highlight=False)


def resolved(studio: Studio, asked: Asked, out: Console, person: Person) -> None:
    """Answer a question about a report."""
    if asked.accept is None:
        raise InputError("--resolve: say --accept or --exclude.")
    given = studio.learner.answer(
        studio.briefs.brief(asked.slug),
        asked.resolve,
        day=plan_day(studio, asked.slug, asked.day),
        answer=Answer.ACCEPT if asked.accept else Answer.EXCLUDE,
        person=person,
        note=asked.note,
    )
    out.print(f"{person.name} answered {asked.resolve}: {given.answer}.", highlight=False)
    out.print(f"Plan again: studio learn {asked.slug}")


def show(studio: Studio, plan: BudgetPlan, out: Console, *, explain: bool) -> None:
    """The plan as tables, what waits for an answer, and what it was made from."""
    status = studio.learner.status(plan)
    columns = ("cell", "before", "after", "budget", *(("why",) if explain else ()))
    table = Table(*columns, title=f"{plan.campaign}, {plan.day}: {STATUS_WORDS[status]}")
    for move in plan.moves:
        shares = (f"{move.share_before:.0%}", f"{move.share_after:.0%}", str(move.budget_after))
        why = (escape(move.reason),) if explain else ()
        table.add_row(str(move.cell), *shares, *why)
    out.print(table)
    for cell in plan.cells if explain else ():
        out.print(escape(cell.reason), highlight=False)
    for alarm in plan.alarms:
        out.print(f"[yellow]?[/] {escape(alarm.question)}", highlight=False)
        out.print(
            f"  answer: studio learn {plan.campaign} --resolve '{alarm.id}' --accept",
            highlight=False,
        )
    for obstacle in plan.obstacles:
        out.print(f"[yellow]waits[/] {escape(obstacle)}", highlight=False)
    told(studio, plan, out)
    if not status.in_force:
        out.print(f"Put it into force: studio learn {plan.campaign} --approve {plan.day}")


def told(studio: Studio, plan: BudgetPlan, out: Console) -> None:
    """Holdout, rest and fingerprints."""
    if plan.unspent:
        out.print(f"{plan.unspent} stay unspent: limits or the target allow no more.")
    brief = studio.briefs.brief(plan.campaign)
    found = studio.learner.uplift(brief)
    if found is not None:
        rate = rate_name(brief.budget.objective)
        words = uplift_words(found.estimate, found.low, found.high, rate=rate)
        out.print(f"Measured so far: {words}", highlight=False)
    out.print(
        f"[dim]{plan.policy} · seed {plan.seed} · model {plan.model_hash[:10]} · data "
        f"{plan.data_hash[:10]} · beliefs {plan.posterior_hash[:10]}[/]",
        highlight=False,
    )


def as_json(studio: Studio, plan: BudgetPlan) -> None:
    """The plan for programs: the day, its status and each ad's share."""
    rows = [
        {"ad_id": move.ad_id, "share": move.share_after, "budget": str(move.budget_after)}
        for move in plan.moves
    ]
    rows += [{"ad_id": kept.ad_id, "budget": str(kept.budget)} for kept in plan.holdout]
    data = {
        "day": plan.day.isoformat(),
        "status": str(studio.learner.status(plan)),
        "sha256": plan.sha256,
        "shares": rows,
    }
    sys.stdout.write(json.dumps(data, indent=2) + "\n")


def day_in(text: str, option: str) -> date:
    """A day as an option gives it."""
    try:
        return date.fromisoformat(text)
    except ValueError as error:
        raise InputError(f"{option}: {text!r} is no date; write 2026-12-01.") from error


def plan_day(studio: Studio, slug: str, text: str) -> date:
    """The day to plan for: as asked, or the first one without reports."""
    if text:
        return day_in(text, "--day")
    days = [delivery.day for delivery in studio.repository.deliveries(slug)]
    return max(days) + timedelta(days=1) if days else studio.briefs.brief(slug).launch
