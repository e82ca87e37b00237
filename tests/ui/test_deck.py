"""The review deck's data, and what its one endpoint answers."""

from __future__ import annotations

import json
from dataclasses import replace

from studio.domain.creative import Decision, Role
from studio.domain.finding import Severity
from studio.domain.market import Direction, Market
from studio.domain.person import Person
from studio.domain.placement import Insets, Placement, TextLimit
from studio.ui.present.deck import by_weight, card_data, deck
from studio.ui.review_page import in_brief_order
from studio.workflows.review import Card
from tests.examples import (
    DE,
    MARKETER,
    REVIEWER,
    US,
    a_brief,
    a_copy,
    a_creative,
    a_film,
    a_finding,
    a_verdict,
)

MARKET = Market(
    locale=US,
    name="United States (English)",
    language="en",
    currency="USD",
    script="Latn",
    direction=Direction.RTL,
)
PLACEMENT = Placement(
    id="meta_feed_1x1",
    platform="meta",
    name="Feed 1:1",
    width_px=1080,
    height_px=1080,
    safe_zone=Insets(top=0.1, left=0.2),
    headline=TextLimit(recommended=40, maximum=255),
    body=TextLimit(recommended=125, maximum=2200),
    max_file_bytes=1,
    formats=("image/jpeg",),
    checked_on="2026-11-21",
)  # fmt: skip


def a_card(**overrides: object) -> Card:
    fields = {"creative": a_creative(), "findings": (), "verdicts": (), "claims": ()}
    return Card(**(fields | overrides))  # type: ignore[arg-type]


def test_a_card_carries_language_direction_size_and_hash() -> None:
    creative = a_creative()
    shown = card_data(a_card(creative=creative), market=MARKET, placement=PLACEMENT)
    assert (shown["lang"], shown["dir"]) == ("en-US", "rtl")
    assert shown["hash"] == creative.content_hash
    assert shown["image"] == f"/files/{creative.rendition.sha256}"
    assert shown["safe"] == {"top": 0.1, "bottom": 0.0, "left": 0.2, "right": 0.0}
    assert shown["limits"]["headline"]["recommended"] == 40


def test_the_heaviest_finding_comes_first_and_equals_keep_their_order() -> None:
    found = [
        a_finding(rule="i", severity=Severity.INFO),
        a_finding(rule="w1", severity=Severity.WARN),
        a_finding(rule="b", severity=Severity.BLOCK),
        a_finding(rule="w2", severity=Severity.WARN),
        a_finding(rule="p", severity=Severity.BLOCK_UNTIL_EVIDENCE),
    ]
    assert [each.rule for each in by_weight(found)] == ["b", "p", "w1", "w2", "i"]


def test_decisions_on_other_content_are_marked_void_and_the_newest_leads() -> None:
    creative = a_creative()
    verdicts = (
        a_verdict(creative, content_hash="0" * 64, decision=Decision.REJECT, reason="old"),
        a_verdict(creative, decision=Decision.APPROVE, reason="new"),
    )
    shown = card_data(
        a_card(creative=creative, verdicts=verdicts), market=MARKET, placement=PLACEMENT
    )["verdicts"]
    assert [(each["reason"], each["current"]) for each in shown] == [
        ("new", True),
        ("old", False),
    ]


def test_an_edit_is_owned_up_to_because_the_gloss_is_older() -> None:
    copy = a_copy(sources=("claim:keep_warm", "edit:mara"))
    shown = card_data(
        a_card(creative=a_creative(copy=copy)), market=MARKET, placement=PLACEMENT
    )
    assert shown["edited"] == "mara"


def test_what_was_found_is_marked_where_it_stands() -> None:
    found = (
        a_finding(severity=Severity.WARN, field="headline", start=0, end=8),
        a_finding(severity=Severity.BLOCK, field="headline", start=5, end=7),
        a_finding(severity=Severity.BLOCK, field="body", start=-1, end=-1),
    )
    card = a_card(findings=found)
    shown = card_data(card, market=MARKET, placement=PLACEMENT)["marked"]
    assert shown["headline"] == [
        ("Rice ", "warn"),
        ("on", "block"),
        (" ", "warn"),
        ("time", ""),
    ]
    assert shown["body"] == [(card.creative.copy.body, "")]
    assert shown["description"] == []


def test_a_law_says_since_when_it_holds() -> None:
    card = a_card(findings=(a_finding(),))
    (shown,) = card_data(card, market=MARKET, placement=PLACEMENT)["findings"]
    assert (shown["law"], shown["inForce"]) == ("Lanham Act", "2026-09-27")


def test_rights_follow_the_role() -> None:
    def rights(person: Person) -> dict[str, bool]:
        return deck([], person=person, markets={}, placements={})["rights"]

    assert rights(MARKETER) == {
        "review": False,
        "override": False,
        "film": True,
        "edit": True,
        "export": True,
    }
    assert rights(REVIEWER) == {
        "review": True,
        "override": True,
        "film": False,
        "edit": True,
        "export": False,
    }
    assert all(rights(Person(name="ada", role=Role.ADMIN)).values())


def test_the_deck_is_plain_json() -> None:
    shown = deck(
        [a_card(findings=(a_finding(),), verdicts=(a_verdict(a_creative()),))],
        person=REVIEWER,
        markets={US: MARKET},
        placements={"meta_feed_1x1": PLACEMENT},
    )
    assert json.loads(json.dumps(shown))["cards"][0]["market"] == "en-US"


def test_cards_come_market_by_market_as_the_brief_lists_them() -> None:
    brief = a_brief(markets=(DE, US), placements=("story", "feed"))
    cards = [
        a_card(creative=a_creative(market=market, variant=variant, placement=placement))
        for market in (US, DE)
        for placement in ("feed", "story")
        for variant in ("v2", "v1")
    ]
    order = [
        (each.creative.market, each.creative.variant, each.creative.placement)
        for each in in_brief_order(cards, brief)
    ]
    assert order[:4] == [
        (DE, "v1", "story"), (DE, "v1", "feed"), (DE, "v2", "story"), (DE, "v2", "feed"),
    ]  # fmt: skip
    assert {market for market, _, _ in order[4:]} == {US}


def test_a_card_shows_its_film_and_where_one_could_be_made() -> None:
    bare = card_data(a_card(), market=MARKET, placement=PLACEMENT)
    assert (bare["film"], bare["canFilm"]) == (None, True)
    banner = replace(PLACEMENT, width_px=728, height_px=90)
    assert not card_data(a_card(), market=MARKET, placement=banner)["canFilm"]
    film = a_film()
    shown = card_data(
        a_card(creative=a_creative(film=film)), market=MARKET, placement=PLACEMENT
    )
    assert shown["film"] == {
        "video": f"/files/{film.sha256}",
        "subtitles": f"/files/{film.vtt_sha256}",
        "words": "8.0 s · 1.2 MB · push in",
    }
    filming = [
        deck([], person=person, markets={}, placements={})["rights"]["film"]
        for person in (MARKETER, REVIEWER)
    ]
    assert filming == [True, False]
