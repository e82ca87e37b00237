"""One campaign from brief to budget plan and report, on the built-in models."""

from __future__ import annotations

import csv
import json
from datetime import timedelta
from io import StringIO
from pathlib import Path

import pytest
from rich.console import Console

from studio import demo
from studio.app import Studio
from studio.domain.budget import PlanMode
from studio.domain.creative import Status
from studio.errors import InputError
from studio.workflows.review import Words
from tests.examples import ADMIN, MARKETER, REVIEWER
from tests.journey.conftest import SMALL_SLUG, generate


def filled(template: Path, *, to: Path) -> Path:
    """A day's report; an ad and its twin in the holdout are clicked alike."""
    rows = list(csv.DictReader(template.read_text("utf-8-sig").splitlines()))
    names = sorted({row["ad_id"].removesuffix("-holdout") for row in rows})
    for row in rows:
        place = names.index(row["ad_id"].removesuffix("-holdout"))
        row |= {"impressions": "5000", "clicks": str(20 + 15 * (place % 3)), "conversions": "3"}
        row |= {"spend": "25.00"}
    with to.open("w", newline="") as out:
        writer = csv.DictWriter(out, rows[0])
        writer.writeheader()
        writer.writerows(rows)
    return to


def test_a_brief_becomes_reviewed_exported_learning_ads(studio: Studio, tmp_path: Path) -> None:
    cards = studio.reviews.cards(SMALL_SLUG)
    assert len(cards) == 12
    assert not [card for card in cards if card.blocked]
    first, *others = cards
    with pytest.raises(InputError, match="no creative is approved yet"):
        studio.publisher.export(SMALL_SLUG, MARKETER)
    studio.reviews.reject(
        first.creative.id,
        content_hash=first.creative.content_hash,
        person=REVIEWER,
        reason="too plain",
    )
    for card in others:
        studio.reviews.approve(
            card.creative.id, content_hash=card.creative.content_hash, person=REVIEWER
        )
    receipt = studio.publisher.export(SMALL_SLUG, MARKETER)
    assert receipt.count == 11

    report = filled(receipt.folder / "deliveries_template.csv", to=tmp_path / "report.csv")
    assert studio.importer.import_file(SMALL_SLUG, report, person=MARKETER).added == 2 * 11

    brief = studio.briefs.brief(SMALL_SLUG)
    plan = studio.learner.propose(
        brief, day=brief.launch + timedelta(days=1), mode=PlanMode.PROPOSE, person=MARKETER
    )
    moved = sum(move.budget_after.amount_minor for move in plan.moves)
    assert moved + sum(kept.budget.amount_minor for kept in plan.holdout) == 120_000
    assert all(move.reason for move in plan.moves)
    for cell, shares in plan.shares().items():
        assert sum(shares.values()) == pytest.approx(1), cell
        by_clicks = sorted(plan.of_cell(cell), key=lambda move: move.clicks)
        assert by_clicks[-1].share_after == max(shares.values())
    assert studio.learner.replay(plan) == plan


def test_an_edit_voids_the_approval_and_sets_the_words_anew(studio: Studio) -> None:
    card = studio.reviews.cards(SMALL_SLUG)[0]
    before = studio.reviews.approve(
        card.creative.id, content_hash=card.creative.content_hash, person=REVIEWER
    )
    after = studio.reviews.edit(
        before.id,
        content_hash=before.content_hash,
        words=Words(
            headline="وجبة جاهزة في موعدها",
            body=before.copy.body,
            cta=before.copy.cta,
            description=before.copy.description,
        ),
        person=MARKETER,
    )
    assert after.status is Status.DRAFT
    assert after.copy.gloss.headline == ""
    assert after.copy.gloss.body == before.copy.gloss.body
    assert after.rendition.sha256 != before.rendition.sha256
    assert after.rendition.layout == before.rendition.layout
    assert after.picture == before.picture
    with pytest.raises(InputError, match="was changed since you opened it"):
        studio.reviews.edit(
            before.id,
            content_hash=before.content_hash,
            words=Words(headline="x", body="y", cta="z"),
            person=MARKETER,
        )
    with pytest.raises(InputError, match="was changed since you opened it"):
        studio.reviews.approve(before.id, content_hash=before.content_hash, person=REVIEWER)
    with pytest.raises(InputError, match="no creative is approved yet"):
        studio.publisher.export(SMALL_SLUG, MARKETER)


def test_generating_again_keeps_approvals_and_a_changed_brief_voids_them(
    studio: Studio,
) -> None:
    for card in studio.reviews.cards(SMALL_SLUG):
        studio.reviews.approve(
            card.creative.id, content_hash=card.creative.content_hash, person=REVIEWER
        )
    generate(studio)
    statuses = {each.status for each in studio.repository.creatives(SMALL_SLUG)}
    assert statuses == {Status.APPROVED}
    text = studio.briefs.yaml(SMALL_SLUG)
    studio.briefs.save(SMALL_SLUG, text.replace("129.99 USD", "119.99 USD"), ADMIN)
    generate(studio)
    drafts = studio.repository.creatives(SMALL_SLUG, status=Status.DRAFT)
    assert {each.market for each in drafts} == {"en-US"}
    assert all("119.99" in each.copy.offer_line for each in drafts)
    studio.briefs.save(SMALL_SLUG, text, ADMIN)
    generate(studio)
    offers = [each.copy.offer_line for each in studio.repository.creatives(SMALL_SLUG)]
    assert not [line for line in offers if "119.99" in line]


def test_the_demo_runs_the_whole_loop_and_again_without_redoing_it(
    studio: Studio, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(demo, "DEMO_SLUG", SMALL_SLUG)
    monkeypatch.setattr(demo, "install_demo", lambda studio: None)
    console = Console(file=StringIO(), width=120)
    report = demo.run_demo(studio, console, days=3)
    page = report.read_text("utf-8")
    assert "imulated" in page
    assert "http://" not in page.replace("http://www.w3.org", "")
    waiting = studio.repository.creatives(SMALL_SLUG, status=Status.DRAFT)
    live = studio.repository.creatives(SMALL_SLUG, status=Status.LIVE)
    assert (len(waiting), len(live)) == (4, 8)
    verdicts = studio.repository.verdicts_of(SMALL_SLUG)
    assert {verdict.reviewer for verdict in verdicts} == {"Simulated reviewer"}
    assert len({plan.day for plan in studio.repository.plans(SMALL_SLUG)}) == 4
    deliveries = studio.repository.deliveries(SMALL_SLUG)
    assert len(deliveries) == 2 * 8 * 3
    demo.run_demo(studio, console, days=3)
    assert studio.repository.deliveries(SMALL_SLUG) == deliveries
    manifest = json.loads(
        (studio.publisher.exports_dir / SMALL_SLUG / "manifest.json").read_text("utf-8")
    )
    assert len(manifest["ads"]) == 8
