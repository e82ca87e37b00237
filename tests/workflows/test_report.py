"""The report holds everything, leaks nothing and runs nothing."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import UTC, datetime
from html.parser import HTMLParser
from io import BytesIO
from pathlib import Path

import pytest
from PIL import Image

from studio.domain.brief import Objective
from studio.domain.creative import Decision, Role, Status, Verdict
from studio.domain.delivery import Group
from studio.domain.rehearsal import RehearsalRecord
from studio.workflows.learn import Learner
from studio.workflows.report import Reporter
from studio.workflows.simulate import Rehearsal
from tests.examples import ADMIN
from tests.workflows.learning_fakes import SLUG, MemoryBlobs, MemoryStore, a_brief, a_store

HOSTILE = 'Kettle <script>alert("x")</script> & co'


class Reader(HTMLParser):
    """Collects visible text, and whatever would load or run."""

    def __init__(self) -> None:
        super().__init__()
        self.text: list[str] = []
        self.sources: list[str] = []
        self.scripts: list[str | None] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = dict(attrs)
        self.sources += [
            str(given[name]) for name in ("src", "href", "xlink:href") if name in given
        ]
        if tag == "script":
            self.scripts.append(given.get("type"))

    def handle_data(self, data: str) -> None:
        self.text.append(data)


def read(page: str) -> tuple[str, Reader]:
    reader = Reader()
    reader.feed(page)
    text = " ".join(" ".join(reader.text).split())
    return text.replace("\N{NO-BREAK SPACE}", " "), reader


def with_pictures(store: MemoryStore, blobs: MemoryBlobs) -> None:
    """Give every ad a real file."""
    content = BytesIO()
    Image.new("RGB", (108, 135), "teal").save(content, "JPEG")
    sha = blobs.put(content.getvalue())
    store.made = tuple(
        replace(one, rendition=replace(one.rendition, sha256=sha)) for one in store.made
    )


@pytest.fixture(scope="module")
def rehearsed() -> tuple[MemoryStore, MemoryBlobs, RehearsalRecord]:
    """Four days of a campaign with a hostile name and a simulated reviewer."""
    store, blobs = a_store(variants=3, brief=a_brief(title=HOSTILE, days=4)), MemoryBlobs()
    with_pictures(store, blobs)
    store.decided = tuple(
        Verdict(
            creative_id=one.id,
            content_hash=one.content_hash,
            decision=Decision.APPROVE,
            reviewer="Simulated reviewer",
            role=Role.REVIEWER,
            reason="",
            at=datetime(2026, 3, 1, tzinfo=UTC),
        )
        for one in store.made
    )
    rehearsal = Rehearsal.of(store, store.written)
    days = list(rehearsal.run(Learner(store=store, blobs=blobs, draws=300), person=ADMIN))
    return store, blobs, rehearsal.record(days)


@pytest.fixture(scope="module")
def page(
    rehearsed: tuple[MemoryStore, MemoryBlobs, RehearsalRecord],
    tmp_path_factory: pytest.TempPathFactory,
) -> str:
    store, blobs, record = rehearsed
    folder = tmp_path_factory.mktemp("report") / "new"
    file = Reporter(store=store, blobs=blobs).write(SLUG, to=folder, rehearsal=record)
    assert file == folder / "report.html"
    assert [entry.name for entry in folder.iterdir()] == ["report.html"]
    return file.read_text(encoding="utf-8")


def test_a_product_name_with_html_in_it_is_shown_and_never_run(page: str) -> None:
    text, reader = read(page)
    assert HOSTILE in text
    assert "<script>alert" not in page
    assert reader.scripts == ["application/json"]


def test_nothing_is_fetched_from_anywhere(page: str) -> None:
    _, reader = read(page)
    assert reader.sources
    assert all(source.startswith(("data:", "#")) for source in reader.sources)
    assert "default-src 'none'" in page
    assert not re.search(r"url\((?!\s*[\"']?(?:data:|#))", page)


def test_it_says_first_that_the_clicks_are_simulated_and_who_was_no_person(page: str) -> None:
    text, _ = read(page)
    assert text.index("These clicks are simulated") < text.index("Clicks gained")
    assert "Simulated reviewer not a person: part of the demo reviewer 12 0 0" in text


def test_every_market_shows_its_ads_copy_gloss_and_charts(page: str) -> None:
    text, reader = read(page)
    for name in ("Germany", "Japan"):
        assert name in text
    assert sum(source.startswith("data:image/jpeg") for source in reader.sources) == 2
    assert text.count("Gloss 1") == 2
    assert page.count("<svg") == 2 + 1 + 2 * 2
    assert "Each place's money, day by day" in text


def test_every_move_of_the_newest_plan_has_its_reason(
    page: str, rehearsed: tuple[MemoryStore, MemoryBlobs, RehearsalRecord]
) -> None:
    text, _ = read(page)
    for move in rehearsed[0].saved[-1].moves:
        assert " ".join(move.reason.replace("\N{NO-BREAK SPACE}", " ").split()) in text


def test_the_leading_numbers_are_those_of_the_rehearsal(
    page: str, rehearsed: tuple[MemoryStore, MemoryBlobs, RehearsalRecord]
) -> None:
    text, _ = read(page)
    record = rehearsed[2]
    gained = sum(row.clicks for row in record.planned) - sum(row.clicks for row in record.even)
    assert f"Clicks gained {gained:+,d}".replace("-", "\N{MINUS SIGN}") in text
    assert rehearsed[0].saved[-1].inputs_sha256 in text


def test_the_rehearsal_can_be_read_back_from_the_page(
    page: str, rehearsed: tuple[MemoryStore, MemoryBlobs, RehearsalRecord]
) -> None:
    found = re.search(r'id="rehearsal">(.*?)</script>', page, re.DOTALL)
    assert found is not None
    assert RehearsalRecord.from_json(found[1]) == rehearsed[2]


def test_with_reported_clicks_the_even_split_is_called_an_estimate(
    rehearsed: tuple[MemoryStore, MemoryBlobs, RehearsalRecord], tmp_path: Path
) -> None:
    store, blobs, _ = rehearsed
    file = Reporter(store=store, blobs=blobs).write(SLUG, to=tmp_path / "mine.html")
    text, reader = read(file.read_text(encoding="utf-8"))
    assert file.name == "mine.html"
    assert "These clicks are simulated" not in text
    assert "its clicks are estimated from each ad's own click rate" in text
    assert "against an even split, estimated" in text
    assert reader.scripts == []


def test_a_campaign_with_nothing_but_drafts_has_a_report_too(tmp_path: Path) -> None:
    store, blobs = a_store(variants=1), MemoryBlobs()
    store.made = tuple(replace(one, status=Status.DRAFT) for one in store.made)
    with_pictures(store, blobs)
    file = Reporter(store=store, blobs=blobs).write(SLUG, to=tmp_path)
    text, _ = read(file.read_text(encoding="utf-8"))
    assert "nothing delivered yet" in text
    assert "4 waiting for a person's decision" in text
    assert "No one has decided on a creative yet." in text


def test_the_report_keeps_the_holdout_apart_from_what_the_plans_brought(tmp_path: Path) -> None:
    """In the rehearsal and in reports: one in twenty views isn't the plans'."""
    store = a_store(variants=3, brief=a_brief(days=3), holdout=True)
    blobs = MemoryBlobs()
    with_pictures(store, blobs)
    rehearsal = Rehearsal.of(store, store.written)
    days = list(rehearsal.run(Learner(store=store, blobs=blobs, draws=200), person=ADMIN))
    record = rehearsal.record(days)
    twins = {ad.id for ad in store.ads(SLUG) if ad.group is Group.HOLDOUT}
    planned = [row for row in store.deliveries(SLUG) if row.ad_id not in twins]
    clicks = sum(row.clicks for row in planned)
    spent = sum(row.spend.amount_minor for row in store.deliveries(SLUG))
    assert clicks < sum(row.clicks for row in store.deliveries(SLUG))
    assert sum(row.clicks for row in record.planned) == clicks
    for told in (record, None):
        figures = Reporter(store=store, blobs=blobs).report(SLUG, rehearsal=told).figures
        assert f"{clicks:,} with the plans" in figures[2].note
        assert figures[3].value.split("\N{NO-BREAK SPACE}")[0] == f"{spent / 100:.2f}"


def test_a_campaign_for_conversions_tells_them(tmp_path: Path) -> None:
    store = a_store(variants=2, brief=a_brief(days=2))
    budget = replace(store.written.budget, objective=Objective.CONVERSIONS)
    store.written = replace(store.written, budget=budget)
    blobs = MemoryBlobs()
    with_pictures(store, blobs)
    learner = Learner(store=store, blobs=blobs, draws=200)
    days = list(Rehearsal.of(store, store.written).run(learner, person=ADMIN))
    file = Reporter(store=store, blobs=blobs).write(SLUG, to=tmp_path)
    text, _ = read(file.read_text(encoding="utf-8"))
    assert "of views converted, " in text
    assert " clicked, " not in " ".join(move.reason for move in days[-1].plan.moves)
