"""The demo: one campaign from brief to budget plans, with a simulated reviewer and clicks."""

from __future__ import annotations

import shutil
from datetime import timedelta
from pathlib import Path

from rich.console import Console
from rich.markup import escape

from studio.app import Studio
from studio.console import follow_generation, progress_bar
from studio.domain.brief import Brief
from studio.domain.budget import PlanMode
from studio.domain.creative import Role, Status
from studio.domain.person import Person
from studio.domain.rehearsal import RehearsalRecord
from studio.resources import bundled
from studio.workflows.simulate import Rehearsal

DEMO_SLUG = "smartchef-launch"
MARKETER = Person(name="Demo marketer", role=Role.MARKETER)
REVIEWER = Person(name="Simulated reviewer", role=Role.REVIEWER)
LEFT_FOR_PEOPLE = 1
"""Variants of each market that the simulated reviewer leaves to the person."""


def run_demo(studio: Studio, console: Console, *, days: int) -> Path:
    """Run the whole loop and return the report's file; finished work isn't done again."""
    install_demo(studio)
    brief = studio.briefs.load(DEMO_SLUG, MARKETER)
    ads = len(brief.markets) * len(brief.placements) * brief.variants_per_market
    console.print(f"[bold]{escape(brief.title)}[/]: {', '.join(brief.markets)} · {ads} ads")
    studio.generator.enqueue(DEMO_SLUG, MARKETER)
    follow_generation(studio, DEMO_SLUG, console)
    approved, waiting = simulate_review(studio)
    console.print(
        f"review       {approved} approved by the {REVIEWER.name.lower()}, {waiting} wait"
    )
    receipt = studio.publisher.export(DEMO_SLUG, MARKETER)
    console.print(f"export       {receipt.count} ads in {receipt.folder}")
    record = rehearse(studio, brief, console, days=days)
    plan = studio.learner.propose(
        brief, day=brief.launch + timedelta(days=days), mode=PlanMode.PROPOSE, person=MARKETER
    )
    strongest = max(plan.moves, key=lambda move: move.share_after - move.share_before)
    console.print(f"learn        {escape(strongest.reason)}", highlight=False)
    return studio.reporter.write(DEMO_SLUG, to=studio.report_file(DEMO_SLUG), rehearsal=record)


def install_demo(studio: Studio) -> None:
    """Put the demo brief among the user's campaigns, unless one of that name is there."""
    folder = studio.settings.campaigns_dir / DEMO_SLUG
    if not folder.exists():
        shutil.copytree(bundled("campaigns") / DEMO_SLUG, folder)


def simulate_review(studio: Studio) -> tuple[int, int]:
    """Approve what no rule blocks, but leave each market's last variants to the person.

    Returns how many are approved and how many wait.
    """
    cards = studio.reviews.cards(DEMO_SLUG)
    variants: dict[str, list[str]] = {}
    for card in cards:
        known = variants.setdefault(card.creative.market, [])
        if card.creative.variant not in known:
            known.append(card.creative.variant)
    for card in cards:
        creative = card.creative
        last = variants[creative.market][-LEFT_FOR_PEOPLE:]
        if (
            creative.status is Status.DRAFT
            and not card.blocked
            and creative.variant not in last
        ):
            studio.reviews.approve(
                creative.id,
                content_hash=creative.content_hash,
                person=REVIEWER,
                reason="approved automatically in the demo",
            )
    statuses = [creative.status for creative in studio.repository.creatives(DEMO_SLUG)]
    waiting = statuses.count(Status.DRAFT)
    return len(statuses) - waiting - statuses.count(Status.REJECTED), waiting


def rehearse(studio: Studio, brief: Brief, console: Console, *, days: int) -> RehearsalRecord:
    """Days of simulated clicks, a budget plan before each; kept for report and pages."""
    rehearsal = Rehearsal.of(studio.repository, brief)
    lived = []
    with progress_bar(console) as bar:
        task = bar.add_task("rehearse", total=days, note="simulated clicks")
        for day in rehearsal.run(studio.learner, person=MARKETER, days=days):
            lived.append(day)
            bar.advance(task)
    record = rehearsal.record(lived)
    studio.save_rehearsal(record)
    return record
