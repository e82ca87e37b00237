"""The page that shows where the budget goes and why it moves."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import gradio as gr

from studio.domain.alarm import Answer
from studio.domain.brief import Brief
from studio.domain.budget import BudgetPlan, PlanMode, status_of, verdict_on
from studio.domain.market import Locale
from studio.errors import InputError, StudioError
from studio.reporting.figures import by_group
from studio.reporting.reasons import uplift_words
from studio.reporting.sections import ad_labels, budget_chart, cells_of, rate_chart, share_chart
from studio.ui.handlers import campaign_in, tells_user, who
from studio.ui.parts import ACT, GO, QUIET, html
from studio.ui.present import spend
from studio.ui.present.brief import problems
from studio.ui.present.pieces import money, page_title, plural
from studio.ui.services import Services
from studio.workflows.holdout import rate_name
from studio.workflows.ingest import ImportReport
from studio.workflows.planning import CONVERSION_OBJECTIVES

Page = tuple[
    str, str, str, str, gr.Dropdown, gr.Dropdown, gr.Button, gr.Button, gr.Button, str,
    gr.Row, gr.Row, gr.Dropdown,
]  # fmt: skip


@dataclass(frozen=True, slots=True)
class Spend:
    """What the page shows and does."""

    services: Services

    @tells_user
    def load(self, request: gr.Request) -> Page:
        who(self.services.sign_in, request)
        return self._page(campaign_in(request), market=None, day=None)

    @tells_user
    def choose(self, market: str | None, day: str | None, request: gr.Request) -> Page:
        who(self.services.sign_in, request)
        return self._page(campaign_in(request), market=market, day=day)

    @tells_user
    def propose(self, market: str | None, request: gr.Request) -> Page:
        """A plan for the first day without deliveries."""
        person = who(self.services.sign_in, request)
        slug = campaign_in(request)
        brief = self.services.briefs.brief(slug)
        day = spend.next_day(self.services.store.deliveries(slug), launch=brief.launch)
        mode = PlanMode(brief.budget.mode)
        self.services.learner.propose(brief, day=day, mode=mode, person=person)
        return self._page(slug, market=market, day=None)

    @tells_user
    def approve(self, market: str | None, note: str, request: gr.Request) -> Page:
        """Sign the newest plan."""
        return self._decide(self.services.learner.approve, market, note, request)

    @tells_user
    def reject(self, market: str | None, note: str, request: gr.Request) -> Page:
        """Say no to the newest plan."""
        return self._decide(self.services.learner.reject, market, note, request)

    def _decide(
        self,
        decide: Callable[..., BudgetPlan],
        market: str | None,
        note: str,
        request: gr.Request,
    ) -> Page:
        person = who(self.services.sign_in, request)
        slug = self.services.briefs.brief(campaign_in(request)).slug
        plans = spend.newest(self.services.store.plans(slug))
        if not plans:
            raise InputError("There is no plan to decide on; propose one first.")
        decide(slug, day=plans[-1].day, person=person, note=note)
        return self._page(slug, market=market, day=None)

    @tells_user
    def accept(self, alarm: str | None, note: str, request: gr.Request) -> Page:
        """The report in question is true."""
        return self._answer(alarm, Answer.ACCEPT, note, request)

    @tells_user
    def exclude(self, alarm: str | None, note: str, request: gr.Request) -> Page:
        """The report in question must not teach."""
        return self._answer(alarm, Answer.EXCLUDE, note, request)

    def _answer(
        self, alarm: str | None, answer: Answer, note: str, request: gr.Request
    ) -> Page:
        person = who(self.services.sign_in, request)
        brief = self.services.briefs.brief(campaign_in(request))
        day = spend.next_day(self.services.store.deliveries(brief.slug), launch=brief.launch)
        self.services.learner.answer(
            brief, alarm or "", day=day, answer=answer, person=person, note=note
        )
        return self._page(brief.slug, market=None, day=None)

    @tells_user
    def undo(self, market: str | None, request: gr.Request) -> Page:
        """The shares from before the newest plan, as a new revision."""
        person = who(self.services.sign_in, request)
        slug = campaign_in(request)
        self.services.learner.undo(self.services.briefs.brief(slug).slug, person=person)
        return self._page(slug, market=market, day=None)

    @tells_user
    def load_costs(self, request: gr.Request) -> tuple[str, gr.Button]:
        """What the limits cost, if that was estimated before; otherwise a button for it."""
        who(self.services.sign_in, request)
        slug = campaign_in(request)
        try:
            brief = self.services.briefs.brief(slug)
            known = self.services.limit_costs.known(brief)
        except InputError:
            return "", gr.Button(visible=False)
        if not self.services.store.plans(slug):
            return "", gr.Button(visible=False)
        return spend.costs_table(known) if known else "", gr.Button(visible=known is None)

    def estimate_costs(self, request: gr.Request) -> Iterator[tuple[str, gr.Button]]:
        """The estimate, step by step; it takes some seconds and is kept."""
        try:
            who(self.services.sign_in, request)
            brief = self.services.briefs.brief(campaign_in(request))
            for done in self.services.limit_costs.estimate(brief):
                yield spend.costs_progress(done), gr.Button(visible=False)
            known = self.services.limit_costs.known(brief) or ()
        except StudioError as error:
            raise gr.Error(str(error), print_exception=False) from error
        yield spend.costs_table(known), gr.Button(visible=False)

    @tells_user
    def write_report(self, request: gr.Request) -> str:
        """A fresh report of the campaign; returns the address to go to."""
        who(self.services.sign_in, request)
        slug = campaign_in(request)
        self.services.reporter.write(
            slug,
            to=self.services.report_file(slug),
            rehearsal=self.services.rehearsal(slug),
        )
        return f"/reports/{slug}"

    @tells_user
    def import_report(
        self,
        file: str,
        keep_good: bool,  # noqa: FBT001
        request: gr.Request,
    ) -> tuple[object, ...]:
        """Import an uploaded report; what is wrong in it is listed by line."""
        person = who(self.services.sign_in, request)
        slug = campaign_in(request)
        try:
            report = self.services.importer.import_file(
                slug, Path(file), person=person, keep_good=keep_good
            )
        except InputError as error:
            return problems(error), *[gr.skip()] * 13
        finally:
            Path(file).unlink(missing_ok=True)
        return imported(report), *self._page(slug, market=None, day=None)

    def _page(self, slug: str, *, market: str | None, day: str | None) -> Page:
        try:
            brief = self.services.briefs.brief(slug)
        except InputError:
            return _without(page_title("Spend"), spend.no_ads(), may_plan=False)
        budget = f"{money(brief.budget.daily)} a day for {plural(brief.budget.days, 'day')}"
        title = page_title("Spend", budget)
        if not self.services.store.ads(slug):
            return _without(title, spend.no_ads(), may_plan=False)
        plans = spend.newest(self.services.store.plans(slug))
        deliveries = self.services.store.deliveries(slug)
        simulated = self.services.rehearsal(slug) is not None
        verdicts = self.services.store.plan_verdicts(slug)
        newest = status_of(plans[-1], verdicts) if plans else None
        numbers = spend.summary(
            deliveries,
            newest,
            simulated=simulated,
            by_conversions=brief.budget.objective in CONVERSION_OBJECTIVES,
        )
        advice = numbers if deliveries else numbers + spend.no_deliveries()
        if not plans:
            return _without(title, advice, may_plan=True)
        chosen = next((plan for plan in plans if plan.day.isoformat() == day), plans[-1])
        day_after = spend.next_day(deliveries, launch=brief.launch)
        alarms = self.services.learner.questions(brief, day=day_after)
        waiting = chosen == plans[-1] and newest is not None and not newest.in_force
        place = Locale(market) if market in brief.markets else brief.markets[0]
        return (
            title,
            advice,
            self._charts(brief, plans, chosen, market=place),
            self._moves(brief, chosen, market=place),
            gr.Dropdown(choices=self._markets(brief), value=place, visible=True),
            gr.Dropdown(choices=_days(plans), value=chosen.day.isoformat(), visible=True),
            gr.Button(visible=True),
            gr.Button(visible=True),
            gr.Button(visible=True),
            spend.questions(alarms)
            + spend.standing(status_of(chosen, verdicts), verdict_on(chosen, verdicts))
            + spend.waits(chosen)
            + self._measured(brief),
            gr.Row(visible=waiting),
            gr.Row(visible=bool(alarms)),
            gr.Dropdown(
                choices=[(alarm.question, str(alarm.id)) for alarm in alarms],
                value=str(alarms[0].id) if alarms else None,
            ),
        )

    def _measured(self, brief: Brief) -> str:
        found = self.services.learner.uplift(brief)
        if found is None:
            return ""
        rate = rate_name(brief.budget.objective)
        return spend.measured(uplift_words(found.estimate, found.low, found.high, rate=rate))

    def _charts(
        self,
        brief: Brief,
        plans: tuple[BudgetPlan, ...],
        chosen: BudgetPlan,
        *,
        market: Locale,
    ) -> str:
        store = self.services.store
        ads = store.ads(brief.slug)
        labels = ad_labels(ads, store.creatives(brief.slug))
        rehearsal = self.services.rehearsal(brief.slug)
        reports = by_group(ads, store.deliveries(brief.slug))
        even = spend.against_even(reports, rehearsal, market=market)
        bars = budget_chart(plans, brief.markets)
        budgets = (
            spend.chart(
                "Each place's money",
                "The day's money between markets and placements, holdout included",
                bars,
                kind=width_for(len(brief.markets)),
            )
            if bars
            else ""
        )
        shares = spend.chart(
            "Share of the budget",
            "Each placement's money among its variants, day by day",
            share_chart(market, plans, labels),
            kind=width_for(len(cells_of(market, plans))),
        )
        rates = spend.chart(
            "Click rate",
            f"With 95 % intervals, as the plan for {chosen.day:%d %b} believed",
            rate_chart(market, chosen, labels),
            kind=width_for(len(cells_of(market, [chosen]))),
        )
        source = (
            "Simulated clicks" if rehearsal else "Reported clicks; the even split is estimated"
        )
        gain = spend.chart("Against an even split", source, even, kind="gain") if even else ""
        return f'<div class="charts">{shares}{rates}{budgets}{gain}</div>'

    def _moves(self, brief: Brief, chosen: BudgetPlan, *, market: Locale) -> str:
        store, placements = self.services.store, self.services.placements
        creatives = {each.id: each for each in store.creatives(brief.slug)}
        ads = store.ads(brief.slug)
        labels = ad_labels(ads, store.creatives(brief.slug))
        shown = {
            ad.id: spend.Shown(
                label=labels[ad.id],
                thumbnail=f"/files/{creatives[ad.creative_id].rendition.sha256}?width=160",
            )
            for ad in ads
        }
        places = {name: placement.name for name, placement in placements.items()}
        moved = spend.moves(chosen, market=market, shown=shown, places=places)
        return spend.plan_heading(chosen) + moved

    def _markets(self, brief: Brief) -> list[tuple[str, str]]:
        library = self.services.library
        return [(library.pack(each).market.name, str(each)) for each in brief.markets]


@dataclass(frozen=True, slots=True)
class Decision:
    """Two buttons with a note, for a plan that waits."""

    row: gr.Row
    note: gr.Textbox
    yes: gr.Button
    no: gr.Button

    def wire(
        self,
        yes: Callable[..., Page],
        no: Callable[..., Page],
        about: gr.Dropdown,
        shown: list[Any],
    ) -> None:
        """What each button does with what it is about and the note."""
        self.yes.click(yes, [about, self.note], shown, **ACT)
        self.no.click(no, [about, self.note], shown, **ACT)


@dataclass(frozen=True, slots=True)
class Question(Decision):
    """The same for a report that looks wrong."""

    alarm: gr.Dropdown


def decision_row() -> Decision:
    """Approve or reject the newest plan."""
    with gr.Row(visible=False, elem_classes="plan-decision", equal_height=True) as row:
        note = gr.Textbox(label="Note", max_length=400, elem_id="plan-note")
        yes = gr.Button("Approve", variant="primary", scale=0, elem_id="approve-plan")
        no = gr.Button("Reject", scale=0, elem_id="reject-plan")
    return Decision(row, note, yes, no)


def question_row() -> Question:
    """Say whether a report is true."""
    with gr.Row(visible=False, elem_classes="plan-decision", equal_height=True) as row:
        alarm = gr.Dropdown(label="Question", choices=[], elem_id="alarm")
        note = gr.Textbox(label="Note", max_length=400, elem_id="alarm-note")
        yes = gr.Button("It is true", scale=0, elem_id="accept-alarm")
        no = gr.Button("Leave it out", scale=0, elem_id="exclude-alarm")
    return Question(row, note, yes, no, alarm)


def import_column() -> tuple[gr.UploadButton, gr.Checkbox]:
    """Where a platform's report comes in."""
    with gr.Column(min_width=240, elem_classes="import"):
        report = gr.UploadButton(
            "Import report", file_types=[".csv", ".parquet"], elem_id="import-report"
        )
        keep_good = gr.Checkbox(label="Keep the good rows if some are bad", value=False)
    return report, keep_good


def costs_part(view: Spend, page: gr.Blocks) -> None:
    """What each limit costs, once somebody asked."""
    costs = html(elem_id="limit-costs")
    ask = gr.Button(
        "What do the limits cost?", visible=False, scale=0, elem_id="ask-limit-costs"
    )
    page.load(view.load_costs, None, [costs, ask], **QUIET)
    ask.click(view.estimate_costs, None, [costs, ask], **ACT)


def build(services: Services, page: gr.Blocks) -> None:
    """Lay out the page and wire its events."""
    view = Spend(services)
    with gr.Row(elem_classes="title-row"):
        title = html(page_title("Spend"))
        write = gr.Button("Report", visible=False, scale=0, elem_id="write-report")
        undo = gr.Button("Take back the last plan", visible=False, scale=0, elem_id="undo-plan")
        propose = gr.Button(
            "Propose a plan", variant="primary", visible=False, scale=0, elem_id="propose-plan"
        )
    advice = html(elem_id="spend-advice")
    with gr.Row(elem_classes="spend-choice", equal_height=True):
        market = gr.Dropdown(label="Market", choices=[], visible=False, elem_id="spend-market")
        day = gr.Dropdown(label="Plan for", choices=[], visible=False, elem_id="spend-day")
        report, keep_good = import_column()
    outcome = html(elem_id="import-outcome")
    state = html(elem_id="plan-state")
    decision = decision_row()
    question = question_row()
    charts = html(elem_id="spend-charts")
    moves = html(elem_id="spend-moves")
    costs_part(view, page)

    target = gr.Textbox(visible=False)

    shown: list[Any] = [
        title, advice, charts, moves, market, day, propose, undo, write,
        state, decision.row, question.row, question.alarm,
    ]  # fmt: skip
    page.load(view.load, None, shown, **QUIET)
    market.input(view.choose, [market, day], shown, **QUIET)
    day.input(view.choose, [market, day], shown, **QUIET)
    propose.click(view.propose, market, shown, **ACT)
    decision.wire(view.approve, view.reject, market, shown)
    question.wire(view.accept, view.exclude, question.alarm, shown)
    undo.click(view.undo, market, shown, **ACT)
    write.click(view.write_report, None, target, **ACT).success(None, target, None, js=GO)
    report.upload(view.import_report, [report, keep_good], [outcome, *shown], **ACT)


def _without(title: str, advice: str, *, may_plan: bool) -> Page:
    """The page before there is a plan to show."""
    hidden = gr.Dropdown(visible=False)
    propose, no = gr.Button(visible=may_plan), gr.Button(visible=False)
    off = gr.Row(visible=False)
    return title, advice, "", "", hidden, hidden, propose, no, no, "", off, off, gr.Dropdown()


def width_for(panels: int) -> str:
    """The kind of section whose letters stay of a size for charts of so many panels."""
    return "wide" if panels > 2 else "gain"


def imported(report: ImportReport) -> str:
    """What an import did."""
    counts = (
        f"{plural(report.added, 'row')} added, {report.replaced} replaced, "
        f"{report.unchanged} unchanged"
    )
    skipped = f", {plural(len(report.problems), 'bad row')} left out" if report.problems else ""
    return f'<p class="verdict is-good" role="status">{counts}{skipped}.</p>'


def _days(plans: tuple[BudgetPlan, ...]) -> list[tuple[str, str]]:
    return [(f"{plan.day:%d %b %Y}", plan.day.isoformat()) for plan in reversed(plans)]
