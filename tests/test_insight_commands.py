"""`studio insights` tells, writes and hands weights on; what is wrong ends in one line."""

from __future__ import annotations

import json
import shutil
import sys
from pathlib import Path

import pytest

from studio import cli
from studio.app import Studio
from studio.domain.creative import Creative
from studio.domain.market import Locale
from studio.settings import Settings
from tests.workflows.learning_fakes import SLUG
from tests.workflows.test_insights import delivered
from tests.workflows.test_learning_loop import published

DEMO = Path(__file__).parents[1] / "campaigns" / "smartchef-launch"
NBSP = "\N{NO-BREAK SPACE}"


def loved(creative: Creative) -> float:
    """Each angle is one idea here and `craft` has a set of its own: only much is clear."""
    return 0.06 if creative.copy.angle == "time_saved" else 0.02


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A campaign in which `time_saved` wins, in the database of an empty folder."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("COLUMNS", "200")
    studio = Studio(Settings())
    store = published(studio.repository, studio.blobs)
    store.made = studio.repository.creatives(SLUG)
    delivered(store, loved, views=lambda creative: 40_000)
    studio.repository.replace_deliveries(SLUG, tuple(store.days.values()))
    return tmp_path


def run(monkeypatch: pytest.MonkeyPatch, *words: str) -> int:
    monkeypatch.setattr(sys, "argv", ["studio", *words])
    with pytest.raises(SystemExit) as ended:
        cli.main()
    return int(ended.value.code or 0)


def test_insights_are_told_and_written(
    folder: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(monkeypatch, "insights", SLUG, "--json", "won.json") == 0
    told = capsys.readouterr().out.replace(NBSP, " ")
    assert "In Japan, time saved headlines are clicked " in told
    assert "more than the average of angles (" in told
    assert "Which angles to try next" in told
    written = json.loads((folder / "won.json").read_text("utf-8"))
    for weights in written["angle_weights"].values():
        assert sum(weights.values()) == pytest.approx(1.0)
        assert max(weights, key=weights.get) == "time_saved"
    best = next(row for row in written["levels"] if row["level"] == "time_saved")
    assert best["estimate"]["low"] > 1
    assert best["sentence"].startswith("Over all markets, time saved headlines")


def test_an_unknown_attribute_is_refused_with_those_there_are(
    folder: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(monkeypatch, "insights", SLUG, "--attribute", "smell") == 2
    assert "--attribute: 'smell' doesn't differ" in capsys.readouterr().err
    assert run(monkeypatch, "insights", "nowhere") == 2


def test_weights_go_from_one_campaign_into_the_next_brief(
    folder: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    brief = folder / "campaigns" / "next" / "brief.yaml"
    brief.parent.mkdir(parents=True)
    shutil.copy(DEMO / "brief.yaml", brief)
    before = brief.read_text("utf-8")
    assert run(monkeypatch, "insights", SLUG, "--json", "won.json") == 0
    assert run(monkeypatch, "generate", "next", "--check", "--weights", "won.json") == 0
    assert brief.read_text("utf-8") == before, "a check writes nothing"

    def made(*args: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(cli, "follow_generation", made)
    assert run(monkeypatch, "generate", "next", "--weights", "won.json") == 130
    told = capsys.readouterr().out.replace("\n", " ")
    assert "the angle weights of won.json now, for de-DE, ja-JP" in told
    stored = Studio(Settings()).repository.brief("next")
    wanted = json.loads((folder / "won.json").read_text("utf-8"))["angle_weights"]
    assert stored.angle_weights[Locale("ja-JP")] == pytest.approx(wanted["ja-JP"], abs=1e-4)


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (None, "--weights: won.json can't be read"),
        ("angle_weights: {ja-JP: {crfat: 1}}", "angle_weights.ja-JP.crfat: is no angle of"),
        ("angle_weights: {ko-KR: {craft: 1}}", "angle_weights: has ko-KR, but the brief's"),
    ],
)
def test_wrong_weights_are_one_line_and_change_nothing(
    folder: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    content: str | None,
    message: str,
) -> None:
    brief = folder / "campaigns" / "next" / "brief.yaml"
    brief.parent.mkdir(parents=True)
    shutil.copy(DEMO / "brief.yaml", brief)
    before = brief.read_text("utf-8")
    if content is not None:
        (folder / "won.json").write_text(content, "utf-8")
    assert run(monkeypatch, "generate", "next", "--weights", "won.json") == 2
    assert message in capsys.readouterr().err
    assert brief.read_text("utf-8") == before
