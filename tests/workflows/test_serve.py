"""What is counted on our own placements teaches, and what is taught is served."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace
from datetime import date
from pathlib import Path

import numpy as np
import pytest

from studio.app import Studio
from studio.bandit.statistics import Counts
from studio.domain.creative import Creative, CreativeId, Role, Status
from studio.domain.delivery import AdId, Cell, Delivery
from studio.domain.event import OWN, EventKind, EventStatus, EventTotal
from studio.domain.money import Money
from studio.domain.person import Person
from studio.errors import InputError, NotAllowed, NotFound
from studio.workflows.serve import COLUMNS, MEASURES, DecisionDesk, Roster, own_ad
from tests.examples import ADMIN, DE, US, a_creative
from tests.serving import a_studio, noon

DAY = date(2026, 12, 1)
FEED = "meta_feed_1x1"


class Totals(list[EventTotal]):
    """Events that a test says were counted."""

    def totals(self, campaign: str) -> tuple[EventTotal, ...]:
        return tuple(self)

    def add(
        self,
        ad: AdId,
        cell: Cell,
        impressions: int,
        clicks: int,
        *,
        status: EventStatus = EventStatus.COUNTED,
        day: date = DAY,
    ) -> None:
        for kind, count in ((EventKind.IMPRESSION, impressions), (EventKind.CLICK, clicks)):
            self.append(
                EventTotal(ad_id=ad, cell=cell, day=day, kind=kind, status=status, count=count,
                           repeats=1)
            )  # fmt: skip


@pytest.fixture
def studio(tmp_path: Path) -> Studio:
    return a_studio(tmp_path)


@pytest.fixture
def totals() -> Totals:
    return Totals()


@pytest.fixture
def desk(studio: Studio, totals: Totals) -> DecisionDesk:
    return replace(studio.decisions(totals), clock=noon)


def own(market: str, idea: int) -> AdId:
    return own_ad(creative_named(market, idea)).id


def creative_named(market: str, idea: int) -> Creative:
    from tests.serving import live_creatives

    name = CreativeId(f"rice.{market}.v{idea}.{FEED}")
    return next(each for each in live_creatives(ideas=idea + 1) if each.id == name)


def cell(market: str) -> Cell:
    return Cell(market=market, placement=FEED)  # type: ignore[arg-type]


def propensities(desk: DecisionDesk, market: str) -> list[float]:
    serving = desk.refresh("rice", ADMIN)
    first, last = serving.snapshot.first[serving.cells[cell(market)] :][:2]
    return [float(each) for each in serving.snapshot.propensities[first:last]]


def test_without_counts_every_ad_has_the_same_chance(desk: DecisionDesk) -> None:
    assert propensities(desk, DE) == pytest.approx([1 / 3] * 3, abs=1e-9)


def test_live_creatives_become_own_ads_once(desk: DecisionDesk, studio: Studio) -> None:
    desk.refresh("rice", ADMIN)
    desk.refresh("rice", ADMIN)
    ads = studio.repository.ads("rice")
    assert Counter(ad.platform for ad in ads) == {OWN: 6}
    assert own(DE, 0) in {ad.id for ad in ads}


def test_clicks_draw_the_traffic_and_the_floor_holds(
    desk: DecisionDesk, totals: Totals
) -> None:
    """Idea 1 with 3 % against 1 % of 20,000: it wins every draw, the others keep 5 % / 3."""
    desk.register("rice", ADMIN)
    for idea, clicks in enumerate((200, 600, 200)):
        totals.add(own(DE, idea), cell(DE), 20_000, clicks)
    shares = propensities(desk, DE)
    assert shares == pytest.approx([0.05 / 3, 0.95 + 0.05 / 3, 0.05 / 3], abs=1e-6)
    there = propensities(desk, US)
    assert max(there) == there[1] > 0.4


def test_shares_sharpen_as_the_campaign_passes(desk: DecisionDesk, totals: Totals) -> None:
    """α falls from 0.5 on the first day to 0.2 on the last."""
    desk.register("rice", ADMIN)
    for idea, clicks in enumerate((20, 26, 20)):
        totals.add(own(DE, idea), cell(DE), 2000, clicks)
    first, last = (
        propensities(replace(desk, clock=lambda day=day: noon().replace(day=day)), DE)[1]
        for day in (1, 14)
    )
    assert 0.4 < first < last - 0.05


def test_events_that_dont_count_teach_nothing(desk: DecisionDesk, totals: Totals) -> None:
    for status in EventStatus:
        if status is not EventStatus.COUNTED:
            totals.add(own(DE, 1), cell(DE), 20_000, 2_000, status=status)
    assert propensities(desk, DE) == pytest.approx([1 / 3] * 3, abs=1e-9)


def test_equal_counts_give_an_equal_snapshot(desk: DecisionDesk, totals: Totals) -> None:
    totals.add(own(DE, 1), cell(DE), 1000, 20)
    first = desk.refresh("rice", ADMIN).snapshot
    assert desk.refresh("rice", ADMIN).snapshot.hash == first.hash
    assert desk.load("rice").snapshot.hash == first.hash
    totals.add(own(DE, 1), cell(DE), 1000, 21, day=date(2026, 12, 2))
    assert desk.refresh("rice", ADMIN).snapshot.hash != first.hash


def test_events_become_deliveries_that_replace_themselves(
    desk: DecisionDesk, totals: Totals, studio: Studio
) -> None:
    desk.register("rice", ADMIN)
    totals.add(own(DE, 0), cell(DE), 100, 3)
    totals.add(own(DE, 0), cell(DE), 7, 2, status=EventStatus.BOT)
    assert desk.settle("rice", ADMIN).added == 1
    assert desk.settle("rice", ADMIN).unchanged == 1
    totals.add(own(DE, 0), cell(DE), 50, 1)
    assert desk.settle("rice", ADMIN).replaced == 1
    (row,) = studio.repository.deliveries("rice")
    assert row == Delivery(
        ad_id=own(DE, 0), day=DAY, cell=cell(DE), impressions=150, clicks=4, conversions=0,
        spend=Money(currency="USD", amount_minor=0),
    )  # fmt: skip


def test_regions_add_up_without_their_events(
    desk: DecisionDesk, totals: Totals, studio: Studio
) -> None:
    desk.register("rice", ADMIN)
    totals.add(own(DE, 0), cell(DE), 100, 3)
    elsewhere = Counts.of_names(
        {"ad": [own(DE, 0), own(US, 0)], "market": [DE, US], "placement": [FEED] * 2,
         "day": [DAY.isoformat()] * 2},
        {"impressions": np.array([40, 60]), "clicks": np.array([1, 2])},
    )  # fmt: skip
    folder = desk.counts_dir / "rice"
    folder.mkdir(parents=True)
    (folder / "eu.json").write_bytes(elsewhere.to_json())
    desk.settle("rice", ADMIN)
    (folder / "eu.json").write_bytes(elsewhere.to_json())
    desk.settle("rice", ADMIN)
    found = {
        row.ad_id: (row.impressions, row.clicks) for row in studio.repository.deliveries("rice")
    }
    assert found == {own(DE, 0): (140, 4), own(US, 0): (60, 2)}
    assert desk.counts("rice").rows() == [
        ((str(own(DE, 0)), DE, FEED, DAY.isoformat()), (100, 3))
    ]


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (b"{", r"eu\.json.*no table of counts"),
        (Counts.empty(("ad",), MEASURES).to_json(), r"eu\.json.*must count"),
        (Counts.empty(COLUMNS, MEASURES).to_json()[:-1], r"eu\.json.*no table of counts"),
    ],
)
def test_a_strange_table_of_a_region_is_named(
    desk: DecisionDesk, content: bytes, message: str
) -> None:
    folder = desk.counts_dir / "rice"
    folder.mkdir(parents=True)
    (folder / "eu.json").write_bytes(content)
    with pytest.raises(InputError, match=message):
        desk.settle("rice", ADMIN)


def test_a_paused_creative_isnt_shown_again_but_teaches(
    desk: DecisionDesk, totals: Totals, studio: Studio
) -> None:
    desk.refresh("rice", ADMIN)
    paused = creative_named(DE, 1)
    studio.repository.set_status(paused.id, Status.PAUSED, content_hash=paused.content_hash)
    with pytest.raises(InputError, match="isn't live as it was approved"):
        desk.load("rice")
    totals.add(own(DE, 1), cell(DE), 20_000, 600)
    for idea in (0, 2):
        totals.add(own(DE, idea), cell(DE), 20_000, 200)
    serving = desk.refresh("rice", ADMIN)
    assert own(DE, 1) not in {ad.id for ad in serving.ads}
    assert own(US, 1) in {ad.id for ad in serving.ads}
    assert serving.landing_urls[own(DE, 1)] == "https://smartchef.example/de-DE"
    assert max(propensities(desk, US)) == propensities(desk, US)[1]


def test_a_campaign_without_live_creatives_isnt_served(
    desk: DecisionDesk, studio: Studio
) -> None:
    for each in studio.repository.creatives("rice"):
        studio.repository.set_status(each.id, Status.PAUSED, content_hash=each.content_hash)
    with pytest.raises(NotFound, match="no live creatives to serve: approve and export"):
        desk.refresh("rice", ADMIN)


def test_only_who_may_export_starts_serving(desk: DecisionDesk) -> None:
    with pytest.raises(NotAllowed):
        desk.refresh("rice", Person(name="rene", role=Role.REVIEWER))


def test_decisions_follow_the_propensities_they_tell(
    desk: DecisionDesk, totals: Totals
) -> None:
    totals.add(own(DE, 1), cell(DE), 2000, 40)
    totals.add(own(DE, 0), cell(DE), 2000, 30)
    serving = desk.refresh("rice", ADMIN)
    n, shown = 20_000, Counter[AdId]()
    told: dict[AdId, float] = {}
    names = set()
    for _ in range(n):
        decision, ad = serving.decide(cell(DE), at_ms=1)
        assert (decision.ad_id, ad.cell) == (ad.id, cell(DE))
        shown[ad.id] += 1
        told[ad.id] = decision.propensity
        names.add(decision.id)
    assert len(names) == n
    assert sum(told.values()) == pytest.approx(1, abs=1e-9)
    for ad_id, p in told.items():
        assert abs(shown[ad_id] / n - p) < 4.5 * (p * (1 - p) / n) ** 0.5


def test_an_unknown_place_is_told_the_known_ones(desk: DecisionDesk) -> None:
    serving = desk.refresh("rice", ADMIN)
    with pytest.raises(NotFound, match="context: .*fr-FR.*de-DE/meta_feed_1x1, en-US/meta"):
        serving.decide(cell("fr-FR"), at_ms=1)


def test_a_roster_swaps_and_drops_whole_campaigns(desk: DecisionDesk) -> None:
    roster = Roster()
    with pytest.raises(NotFound, match="isn't served here"):
        roster.of("rice")
    one, two = desk.refresh("rice", ADMIN), desk.refresh("rice", ADMIN)
    roster.swap(one)
    taken = roster.of("rice")
    roster.swap(two)
    assert (taken, roster.of("rice"), roster.all()) == (one, two, (two,))
    roster.drop("rice")
    assert roster.all() == ()


@pytest.mark.parametrize("content", [b"", b"PK", b"nonsense"])
def test_a_damaged_snapshot_is_named(desk: DecisionDesk, content: bytes) -> None:
    with pytest.raises(InputError, match="without --follow"):
        desk.load("rice")
    desk.refresh("rice", ADMIN)
    (desk.snapshots_dir / "rice.npz").write_bytes(content)
    with pytest.raises(InputError, match=r"rice\.npz: .*build it anew"):
        desk.load("rice")


def test_ads_of_an_older_text_arent_served(desk: DecisionDesk, studio: Studio) -> None:
    """Own ads are named by their content, so a revised creative gets a new one."""
    old = creative_named(DE, 0)
    new = replace(old, copy=replace(a_creative().copy, headline="New"))
    assert own_ad(new).id != own_ad(old).id
    desk.refresh("rice", ADMIN)
    studio.repository.revise(
        new.revised(copy=new.copy, rendition=new.rendition, attributes=new.attributes),
        (), replacing=old.content_hash,
    )  # fmt: skip
    serving = desk.refresh("rice", ADMIN)
    assert {ad.id for ad in serving.ads if ad.cell == cell(DE)} == {own(DE, 1), own(DE, 2)}
