"""A campaign becomes a page that can be shown to a client."""

from __future__ import annotations

import os
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

from studio.domain.brief import Brief, Slug
from studio.domain.budget import BudgetPlan
from studio.domain.creative import Creative, Verdict
from studio.domain.delivery import Ad, AdId, Delivery
from studio.domain.market import Locale
from studio.domain.rehearsal import RehearsalRecord
from studio.errors import NotFound
from studio.reporting import sections
from studio.reporting.charts import cumulative_clicks, daily_uplift, to_svg
from studio.reporting.figures import (
    Comparison,
    Groups,
    Row,
    by_day,
    by_group,
    delivered_rows,
    estimated_even,
    rows_of,
    tally,
)
from studio.reporting.fonts import copy_font
from studio.reporting.page import MarketSection, Report, render
from studio.reporting.words import market_name

SIMULATED_CAVEAT = (
    "No person has seen these ads. The clicks come from the studio's simulator ({simulator}, "
    "seed {seed}), whose hidden tastes are drawn from the same family of models that the "
    "optimizer learns with. So the uplift shows that the loop works, not what your market will "
    "do. The even split spent the same money at the same prices with the same luck; only the "
    "shares differ. Without luck of either side the uplift would be {expected}."
)
REPORTED_CAVEAT = (
    "Views, clicks and spend are what the platforms reported. Nobody ran the even split: its "
    "clicks are estimated from each ad's own click rate, as if rates didn't change with the "
    "day or with the money spent."
)


class ReportStore(Protocol):
    """The part of `studio.store.repository` that a report needs."""

    def brief(self, slug: Slug) -> Brief: ...
    def creatives(self, slug: Slug) -> tuple[Creative, ...]: ...
    def verdicts_of(self, slug: Slug) -> tuple[Verdict, ...]: ...
    def ads(self, slug: Slug) -> tuple[Ad, ...]: ...
    def deliveries(self, slug: Slug) -> tuple[Delivery, ...]: ...
    def plans(self, slug: Slug) -> tuple[BudgetPlan, ...]: ...


class ReportBlobs(Protocol):
    """Files named by their SHA-256."""

    def get(self, name: str, /) -> bytes: ...


@dataclass(frozen=True, slots=True, kw_only=True)
class Worlds:
    """What happened, and the even split beside it, day by day and cell by cell."""

    planned: tuple[Row, ...]
    even: tuple[Row, ...]

    def compared(self, market: Locale | None = None) -> Comparison:
        """Both worlds summed, of one market or of all."""
        return Comparison(
            planned=tally(_within(self.planned, market)), even=tally(_within(self.even, market))
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Reporter:
    """Where reports are written."""

    store: ReportStore
    blobs: ReportBlobs

    def write(self, slug: str, *, to: Path, rehearsal: RehearsalRecord | None = None) -> Path:
        """Write the report to the file `to`, or as report.html into the folder `to`.

        With a rehearsal the numbers are the simulated ones and say so; without, they are what
        was ingested, against an estimate of the even split. A report in that place is
        replaced when the new one is complete.
        """
        file = to if to.suffix == ".html" else to / "report.html"
        page = render(self.report(Slug(slug), rehearsal=rehearsal))
        file.parent.mkdir(parents=True, exist_ok=True)
        unfinished = file.with_name(file.name + ".part")
        unfinished.write_text(page, encoding="utf-8")
        os.replace(unfinished, file)
        return file

    def report(self, slug: Slug, *, rehearsal: RehearsalRecord | None = None) -> Report:
        """The report's contents."""
        brief = self.store.brief(slug)
        creatives, ads = self.store.creatives(slug), self.store.ads(slug)
        deliveries, plans = self.store.deliveries(slug), self.store.plans(slug)
        worlds = _worlds(by_group(ads, deliveries), rehearsal)
        days = sorted({row.day for row in worlds.planned})
        labels = sections.ad_labels(ads, creatives)
        return Report(
            title=brief.title,
            brand=brief.brand.name,
            product=brief.product.name,
            period=sections.period(days),
            simulated=rehearsal is not None,
            caveat=_caveat(rehearsal),
            figures=sections.headline_figures(
                worlds.compared(),
                whole=tally(delivered_rows(deliveries)),
                currency=brief.budget.daily.currency,
                days=len(days),
                ads=len(ads),
                estimated=rehearsal is None,
            ),
            charts_svg=_charts(worlds, estimated=rehearsal is None),
            budgets_svg=sections.budget_chart(plans, brief.markets),
            markets=tuple(
                self._market(market, worlds, creatives, plans, labels)
                for market in brief.markets
            ),
            plan_day=f"{plans[-1].day:%d %B %Y}".lstrip("0") if plans else "",
            moves=sections.move_groups(plans[-1], brief.markets) if plans else (),
            reviewers=sections.reviewer_rows(self.store.verdicts_of(slug)),
            waiting=sections.waiting_count(creatives),
            origins=_origins(brief, creatives, plans, rehearsal),
            record_json=rehearsal.to_json() if rehearsal else "",
        )

    def _market(
        self,
        market: Locale,
        worlds: Worlds,
        creatives: Sequence[Creative],
        plans: Sequence[BudgetPlan],
        labels: dict[AdId, str],
    ) -> MarketSection:
        own = [creative for creative in creatives if creative.market == market]
        planned = bool(sections.cells_of(market, plans))
        current = bool(sections.cells_of(market, plans[-1:]))
        return MarketSection(
            locale=market,
            name=market_name(market),
            direction=sections.text_direction(market),
            summary=sections.market_summary(worlds.compared(market)),
            font=copy_font(market, sections.letters(own)),
            sheet_jpeg=sections.sheet_jpeg(own, self._pictures(own)),
            copies=sections.copy_rows(own),
            shares_svg=sections.share_chart(market, plans, labels) if planned else "",
            rates_svg=sections.rate_chart(market, plans[-1], labels) if current else "",
        )

    def _pictures(self, creatives: Sequence[Creative]) -> dict[str, bytes]:
        """Finished ads by hash; one whose file is gone is left out."""
        found = {}
        for creative in creatives:
            try:
                found[creative.rendition.sha256] = self.blobs.get(creative.rendition.sha256)
            except NotFound:
                continue
        return found


def _within(rows: Sequence[Row], market: Locale | None) -> list[Row]:
    return [row for row in rows if market is None or row.cell.market == market]


def _worlds(reports: Groups, rehearsal: RehearsalRecord | None) -> Worlds:
    if rehearsal is None:
        return Worlds(
            planned=delivered_rows(reports.planned),
            even=estimated_even(reports.planned, holdout=reports.holdout),
        )
    return Worlds(planned=rows_of(rehearsal.planned), even=rows_of(rehearsal.even))


def _caveat(rehearsal: RehearsalRecord | None) -> str:
    if rehearsal is None:
        return REPORTED_CAVEAT
    return SIMULATED_CAVEAT.format(
        simulator=rehearsal.simulator,
        seed=rehearsal.seed,
        expected=sections.expected_uplift(rehearsal),
    )


def _charts(worlds: Worlds, *, estimated: bool) -> tuple[str, ...]:
    """Clicks so far and daily uplift; nothing before the first delivery."""
    days = sorted({row.day for row in worlds.planned})
    if not days:
        return ()

    def clicks(rows: Sequence[Row]) -> list[float]:
        return [sum(row.tally.clicks for row in rows if row.day == day) for day in days]

    lines = cumulative_clicks(
        days,
        planned=clicks(worlds.planned),
        even=clicks(worlds.even),
        even_label="Even split, estimated" if estimated else "Even split",
    )
    charts = [to_svg(lines, label="Clicks so far under the plans and under an even split")]
    uplifts = by_day(worlds.planned, worlds.even)
    if uplifts:
        charts.append(to_svg(daily_uplift(uplifts), label="Daily uplift of the click rate"))
    return tuple(charts)


def _origins(
    brief: Brief,
    creatives: Sequence[Creative],
    plans: Sequence[BudgetPlan],
    rehearsal: RehearsalRecord | None,
) -> tuple[tuple[str, str], ...]:
    """Seeds, models and fingerprints."""
    rows = [
        ("Campaign", brief.slug),
        ("Seed of the brief", str(brief.seed)),
        ("Text model", ", ".join(sorted({one.text_model for one in creatives})) or "none"),
        ("Image model", ", ".join(sorted({one.picture.model for one in creatives})) or "none"),
    ]
    if plans:
        rows += [
            ("Policy", plans[-1].policy),
            ("Seed of the newest plan", str(plans[-1].seed)),
            ("Inputs of the newest plan (SHA-256)", plans[-1].inputs_sha256),
        ]
    if rehearsal is not None:
        rows += [("Simulator", rehearsal.simulator), ("Its seed", str(rehearsal.seed))]
    return tuple(rows)
