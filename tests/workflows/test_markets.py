"""Every bundled pack is complete, can be drawn, and passes its own rules in every category."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from studio.compliance.engine import check
from studio.imaging.coverage import missing_in_pack
from studio.markets.library import MarketLibrary
from studio.platforms.specs import load_placements
from studio.resources import bundled
from studio.workflows.markets import Markets

LIBRARY = MarketLibrary()
BUNDLED = bundled("prompts") / "markets"


def markets(library: MarketLibrary = LIBRARY) -> Markets:
    return Markets(
        library=library,
        check=check,
        placement=load_placements()["meta_feed_4x5"],
        missing_glyphs=missing_in_pack,
    )


@pytest.mark.parametrize("locale", LIBRARY.locales())
def test_a_bundled_pack_gives_no_reason_to_complain(locale: str) -> None:
    """Every phrase, benefit and button in all fourteen categories among them."""
    assert [f"{each.where}: {each.what}" for each in markets().complaints(locale)] == []


def test_summaries_count_what_is_there() -> None:
    summaries = {each.locale: each for each in markets().summaries()}
    assert set(summaries) == set(LIBRARY.locales())
    german = summaries["de-DE"]
    pack = LIBRARY.pack("de-DE")
    assert german.benefits == len(LIBRARY.catalogue())
    assert german.angles == len(pack.phrases)
    assert 0 < german.sourced <= german.facts


@pytest.mark.parametrize(
    ("file", "old", "new", "where", "what"),
    [
        (
            "phrases.yaml",
            "Gut gekauft. Gern genutzt.",
            "Das beste Gerät Deutschlands.",
            "value/h1",
            "DE-03",
        ),
        ("phrases.yaml", "Gut gekauft. Gern genutzt.", "Gut gekauft 🍚", "value/h1", "glyph"),
        ("market.yaml", "  air_fryer:", "  air_cooker:", "breadth", "air_fryer"),
        ("market.yaml", "schema: 2", "schema: 1", "pack", "must be 2"),
    ],
)
def test_a_fault_in_a_pack_is_told(
    tmp_path: Path, file: str, old: str, new: str, where: str, what: str
) -> None:
    shutil.copytree(BUNDLED / "de-DE", tmp_path / "de-DE")
    path = tmp_path / "de-DE" / file
    text = path.read_text(encoding="utf-8")
    assert old in text
    path.write_text(text.replace(old, new, 1), encoding="utf-8")
    found = list(markets(MarketLibrary([tmp_path])).complaints("de-DE"))
    assert any(each.where.startswith(where) and what in each.what for each in found)


def test_a_rule_that_the_small_print_silences_is_told(tmp_path: Path) -> None:
    shutil.copytree(BUNDLED / "ja-JP", tmp_path / "ja-JP")
    path = tmp_path / "ja-JP" / "rules.yaml"
    text = path.read_text(encoding="utf-8")
    rule = (
        "rules:\n  - {id: XX-1, kind: superlative, severity: warn, patterns: ['最高'], "
        "unless: ['※'], law: House rule}\n"
    )
    path.write_text(text.replace("rules:\n", rule, 1), encoding="utf-8")
    found = markets(MarketLibrary([tmp_path])).complaints("ja-JP")
    assert any("XX-1 never speaks" in each.what for each in found)
