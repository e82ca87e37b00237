"""`studio markets` tells what there is, what is wrong, and how to begin."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.test_cli import run


def test_the_list_names_every_market_with_its_currency(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("COLUMNS", "160")
    assert run(monkeypatch, "markets", "list") == 0
    shown = capsys.readouterr().out
    assert "de-DE" in shown
    assert "JPY" in shown


def test_a_market_is_shown_with_its_law_and_phrases(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("COLUMNS", "200")
    assert run(monkeypatch, "markets", "show", "de-DE", "--angle", "craft") == 0
    shown = capsys.readouterr().out
    assert "EU-03" in shown
    assert "global_modern" in shown
    assert "Descriptions" in shown


@pytest.mark.parametrize(
    ("words", "message"),
    [
        (("show", "xx-XX"), "There is no market 'xx-XX'"),
        (("show", "de-DE", "--angle", "magic"), "choose one of"),
        (("new", "sv-SE"), "STUDIO_PROMPTS_DIR"),
        (("new", "swedish", "--folder", "packs"), "sv-SE"),
    ],
)
def test_mistakes_end_in_one_line(
    words: tuple[str, ...],
    message: str,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    monkeypatch.chdir(tmp_path)
    assert run(monkeypatch, "markets", *words) == 2
    assert message in capsys.readouterr().err


def test_a_new_market_is_begun_and_lint_says_what_is_left(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("STUDIO_PROMPTS_DIR", str(tmp_path))
    assert run(monkeypatch, "markets", "new", "sv-SE", "--like", "de-DE") == 0
    assert (tmp_path / "markets" / "sv-SE" / "phrases.yaml").is_file()
    capsys.readouterr()
    assert run(monkeypatch, "markets", "lint", "sv-SE") == 1
    assert "still to be written" in capsys.readouterr().out.replace("\n", " ")
