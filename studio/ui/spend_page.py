"""The page that shows where the budget goes and why it moves."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import gradio as gr

from studio.domain.brief import Brief
from studio.domain.budget import BudgetPlan, PlanMode
from studio.domain.delivery import AdId
from studio.domain.person import Right
from studio.errors import InputError, NotFound
from studio.reporting.charts import click_rates, share_areas, to_svg
from studio.ui.handlers import campaign_in, tells_user, who
from studio.ui.parts import QUIET, html
from studio.ui.present import spend
from studio.ui.present.brief import problems
from studio.ui.present.pieces import page_title, plural
from studio.ui.services import Services
from studio.workflows.ingest import ImportReport

Page = tuple[str, str, str, str, gr.Dropdown, gr.Dropdown, gr.Button, gr.Button]


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
        who(self.services.sign_in, request).require(Right.PLAN)
        slug = campaign_in(request)
        brief = self.services.briefs.brief(slug)
        day = spend.next_day(self.services.store.deliveries(slug), launch=brief.launch)
        self.services.learner.propose(brief, day=day, mode=PlanMode.PROPOSE)
        return self._page(slug, market=market, day=None)

    @tells_user
    def undo(self, market: str | None, request: gr.Request) -> Page:
        """The shares from before the newest plan, as a new revision."""
        who(self.services.sign_in, request).require(Right.PLAN)
        slug = campaign_in(request)
        self.services.learner.undo(self.services.briefs.brief(slug).slug)
        return self._page(slug, market=market, day=None)

    @tells_user
    def import_report(
        self,
        file: str,
        keep_good: bool,
        request: gr.Request,  # noqa: FBT001
    ) -> tuple[object, ...]:
        """Import an uploaded report; what is wrong in it is listed by line."""
        person = who(self.services.sign_in, request)
        slug = campaign_in(request)
        try:
            report = self.services.importer.import_file(
                slug, Path(file), person=person, keep_good=keep_good
            )
        except InputError as error:
            return problems(error), *[gr.skip()] * 8
        finally:
            Path(file).unlink(missing_ok=True)
        return imported(report), *self._page(slug, market=None, day=None)

    def _page(self, slug: str, *, market: str | None, day: str | None) -> Page:
        try:
            brief = self.services.briefs.brief(slug)
        except NotFound:
            return self._without(page_title("Spend"), spend.no_ads(), may_plan=False)
        ads = self.services.store.ads(slug)
        title = page_title(
            "Spend", f"{spend.money(brief.budget.daily)} a day, {brief.budget.days} days"
        )
        if not ads:
            return self._without(title, spend.no_ads(), may_plan=False)
        plans = spend.newest(self.services.store.plans(slug))
        deliveries = self.services.store.deliveries(slug)
        numbers = spend.summary(deliveries, plans[-1] if plans else None)
        if not plans:
            return self._without(title, numbers + spend.no_deliveries(), may_plan=True)
        chosen = next((plan for plan in plans if plan.day.isoformat() == day), plans[-1])
        market = market if market in brief.markets else brief.markets[0]
        return (
            title,
            numbers if deliveries else numbers + spend.no_deliveries(),
            self._charts(slug, brief, plans, chosen, market=market),
            spend.plan_heading(chosen)
            + spend.moves(chosen, market=market, shown=self._shown(slug)),
            gr.Dropdown(choices=self._markets(brief), value=market, visible=True),
            gr.Dropdown(choices=_days(plans), value=chosen.day.isoformat(), visible=True),
            gr.Button(visible=True),
            gr.Button(visible=True),
        )

    def _without(self, title: str, advice: str, *, may_plan: bool) -> Page:
        hidden = gr.Dropdown(visible=False)
        return (
            title,
            advice,
            "",
            "",
            hidden,
            hidden,
            gr.Button(visible=may_plan),
            gr.Button(visible=False),
        )

    def _charts(
        self,
        slug: str,
        brief: Brief,
        plans: tuple[BudgetPlan, ...],
        chosen: BudgetPlan,
        *,
        market: str,
    ) -> str:
        variants = {ad_id: ad.variant for ad_id, ad in self._shown(slug).items()}
        names = {name: self.services.placements[name].name for name in brief.placements}
        shares = spend.share_series(plans, market=market, variants=variants, names=names)
        rates = spend.rate_panels(chosen, market=market, variants=variants, names=names)
        areas = to_svg(share_areas(shares), label=f"Share of the budget per variant, {market}")
        dots = to_svg(click_rates(rates), label=f"Click rate per variant, {market}")
        return (
            '<div class="charts"><section><h2>Share of the budget</h2>'
            f'<p class="quiet">Each placement\'s money among its variants, day by day</p>{areas}'
            "</section><section><h2>Click rate</h2>"
            f'<p class="quiet">With 95 % intervals, on {chosen.day:%d %b}</p>{dots}'
            "</section></div>"
        )

    def _shown(self, slug: str) -> dict[AdId, spend.Shown]:
        creatives = {each.id: each for each in self.services.store.creatives(slug)}
        return {
            ad.id: spend.Shown(
                variant=creatives[ad.creative_id].variant,
                thumbnail=f"/files/{creatives[ad.creative_id].rendition.sha256}?width=160",
            )
            for ad in self.services.store.ads(slug)
        }

    def _markets(self, brief: Brief) -> list[tuple[str, str]]:
        library = self.services.library
        return [(library.pack(each).market.name, str(each)) for each in brief.markets]


def build(services: Services, page: gr.Blocks) -> None:
    """Lay out the page and wire its events."""
    view = Spend(services)
    with gr.Row(elem_classes="title-row"):
        title = html(page_title("Spend"))
        undo = gr.Button("Take back the last plan", visible=False, scale=0, elem_id="undo-plan")
        propose = gr.Button(
            "Propose a plan", variant="primary", visible=False, scale=0, elem_id="propose-plan"
        )
    advice = html(elem_id="spend-advice")
    with gr.Row(elem_classes="spend-choice", equal_height=True):
        market = gr.Dropdown(label="Market", choices=[], visible=False, elem_id="spend-market")
        day = gr.Dropdown(label="Plan for", choices=[], visible=False, elem_id="spend-day")
        with gr.Column(min_width=240, elem_classes="import"):
            report = gr.UploadButton(
                "Import report", file_types=[".csv", ".parquet"], elem_id="import-report"
            )
            keep_good = gr.Checkbox(label="Keep the good rows if some are bad", value=False)
    outcome = html(elem_id="import-outcome")
    charts = html(elem_id="spend-charts")
    moves = html(elem_id="spend-moves")

    shown = [title, advice, charts, moves, market, day, propose, undo]
    page.load(view.load, None, shown, **QUIET)
    market.input(view.choose, [market, day], shown, **QUIET)
    day.input(view.choose, [market, day], shown, **QUIET)
    propose.click(view.propose, market, shown, **QUIET)
    undo.click(view.undo, market, shown, **QUIET)
    report.upload(view.import_report, [report, keep_good], [outcome, *shown], **QUIET)


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
