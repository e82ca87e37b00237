"""Packs load strictly; a user's folder wins; errors name file, line and field."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from studio.errors import BriefError, NotFound
from studio.markets.library import MarketLibrary
from studio.resources import bundled
from tests.markets.demo import LOCALES

BUNDLED = bundled("prompts") / "markets"


@pytest.fixture
def own(tmp_path: Path) -> Path:
    """A user's copy of the German pack, to be changed."""
    shutil.copytree(BUNDLED / "de-DE", tmp_path / "de-DE")
    return tmp_path


def change(file: Path, old: str, new: str) -> None:
    text = file.read_text(encoding="utf-8")
    assert old in text
    file.write_text(text.replace(old, new, 1), encoding="utf-8")


def line_of(file: Path, part: str) -> int:
    lines = file.read_text(encoding="utf-8").splitlines()
    return next(number for number, line in enumerate(lines, 1) if part in line)


def test_the_bundled_markets_are_listed() -> None:
    assert set(LOCALES) <= set(MarketLibrary().locales())


def test_a_users_pack_wins_over_the_bundled_one(own: Path) -> None:
    change(own / "de-DE" / "phrases.yaml", "Gut gekauft. Gern genutzt.", "Gut gewählt.")
    mine = MarketLibrary([own]).pack("de-DE")
    assert mine.phrases["value"].headlines[0].text == "Gut gewählt."
    assert mine.version != MarketLibrary().pack("de-DE").version
    assert MarketLibrary([own]).pack("ja-JP") == MarketLibrary().pack("ja-JP")


@pytest.mark.parametrize("locale", ["xx-XX", "../de-DE", ""])
def test_an_unknown_market_lists_those_there_are(locale: str) -> None:
    with pytest.raises(NotFound, match="de-DE"):
        MarketLibrary().pack(locale)


@pytest.mark.parametrize(
    ("file", "old", "new", "field", "reason"),
    [
        ("market.yaml", "register:", "regster:", "regster", "no such field"),
        ("market.yaml", 'wall: "#E4E2DC"', "wall: beige", "palettes.0.wall", "#1F3A34"),
        ("market.yaml", "strength: 0.8", "strength: 8", "appeals.0.strength", "between"),
        (
            "market.yaml",
            "use: favour,",
            "use: favour, when: Erntedank,",
            "sets.0.when",
            "event",
        ),
        ("market.yaml", "direction: ltr", "direction: up", "market.direction", "'ltr'"),
        ("market.yaml", "locale: de-DE", "locale: de-AT", "market.locale", "folder"),
        (
            "phrases.yaml",
            "Gut gekauft.",
            "{preis} gut.",
            "angles.value.headlines.0.text",
            "slot",
        ),
        (
            "phrases.yaml",
            "Gut gekauft.",
            "{value, plural}",
            "angles.value.headlines.0.text",
            "ICU",
        ),
        (
            "phrases.yaml",
            "Gut gekauft.",
            "Gut " * 12,
            "angles.value.headlines.0.text",
            "longer",
        ),
        (
            "phrases.yaml",
            "benefit: presets_count",
            "benefit: preset",
            "angles.value.headlines.3.benefit",
            "catalogue",
        ),
        (
            "phrases.yaml",
            '        gloss: "Well bought',
            '        glos: "Well bought',
            "angles.value.headlines.0.glos",
            "no such field",
        ),
        (
            "phrases.yaml",
            "months: [11, 12]",
            "months: [13]",
            "angles.season.headlines.2.months",
            "1 to 12",
        ),
        ("phrases.yaml", "id: h2", "id: h1", "angles.value.headlines", "twice"),
        (
            "benefits.yaml",
            "keep_warm_hours",
            "keep_cold_hours",
            "benefits.keep_cold_hours",
            "catalogue",
        ),
        (
            "rules.yaml",
            "severity: block_until_evidence",
            "severity: loud",
            "rules.0.severity",
            "'block'",
        ),
        ("rules.yaml", "nettopreis", "(nettopreis", "rules.5.patterns", "regular expression"),
        ("market.yaml", 'day: "11-09"', 'day: "9.11."', "quiet_dates.0.day", "11-09"),
        (
            "rules.yaml",
            "check: tax_words",
            "check: taxes",
            "conditions.1.check",
            "'quiet_date'",
        ),
        ("market.yaml", "schema: 2", "schema: 9", "schema", "must be 2"),
    ],
)
def test_a_wrong_pack_says_where_and_why(
    own: Path, file: str, old: str, new: str, field: str, reason: str
) -> None:
    path = own / "de-DE" / file
    change(path, old, new)
    with pytest.raises(BriefError) as caught:
        MarketLibrary([own]).pack("de-DE")
    assert caught.value.file == str(path)
    assert caught.value.field == field
    assert reason in caught.value.reason


def test_an_error_names_the_line(own: Path) -> None:
    path = own / "de-DE" / "market.yaml"
    change(path, 'wall: "#CDD8DC"', "wall: blue")
    with pytest.raises(BriefError) as caught:
        MarketLibrary([own]).pack("de-DE")
    assert caught.value.line == line_of(path, "wall: blue")


@pytest.mark.parametrize("text", ["", "- a list", "a: [", "schema: 1\na: 1\na: 2", "\x00"])
def test_text_that_is_no_pack_is_an_error(own: Path, text: str) -> None:
    (own / "de-DE" / "market.yaml").write_text(text, encoding="utf-8")
    with pytest.raises(BriefError, match=r"market\.yaml"):
        MarketLibrary([own]).pack("de-DE")


def test_a_wrong_pack_keeps_no_other_from_working(own: Path) -> None:
    (own / "de-DE" / "market.yaml").write_text("market: [", encoding="utf-8")
    library = MarketLibrary([own])
    assert "de-DE" not in library.markets()
    assert library.currencies()["ja-JP"] == "JPY"


def test_a_missing_file_is_named(own: Path) -> None:
    (own / "de-DE" / "rules.yaml").unlink()
    with pytest.raises(BriefError, match=r"rules\.yaml.*missing"):
        MarketLibrary([own]).pack("de-DE")


def test_briefs_can_be_checked_against_the_catalogue() -> None:
    library = MarketLibrary()
    benefits = library.benefits_by_category()
    assert "keep_warm_hours" in benefits["rice_cooker"]
    assert "keep_warm_hours" not in benefits["earbuds"]
    assert all("warranty_years" in keys for keys in benefits.values())
    assert library.currencies()["ja-JP"] == "JPY"
