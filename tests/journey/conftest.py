"""Campaigns that go the whole way, on the built-in models."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from studio.app import Studio
from studio.settings import Settings
from tests.examples import MARKETER

DEMO = Path(__file__).parents[2] / "campaigns" / "smartchef-launch" / "brief.yaml"
SMALL_SLUG = "small-launch"


def write_small_campaign(campaigns: Path) -> None:
    """Two markets × three variants × two placements of the demo brief: 12 ads."""
    text = DEMO.read_text("utf-8")
    changes = {
        "markets: [en-US, de-DE, ja-JP, ar-SA]": "markets: [en-US, ar-SA]",
        "placements: [meta_feed_1x1, meta_feed_4x5, meta_story_9x16]": (
            "placements: [meta_feed_1x1, meta_story_9x16]"
        ),
        "variants_per_market: 6": "variants_per_market: 3",
    }
    for old, new in changes.items():
        assert old in text
        text = text.replace(old, new)
    others = text[text.index("  - market: de-DE") : text.index("  - market: ar-SA")]
    folder = campaigns / SMALL_SLUG
    folder.mkdir(parents=True)
    (folder / "brief.yaml").write_text(text.replace(others, ""), "utf-8")


def generate(studio: Studio) -> None:
    """Load the brief as it is and make its ads."""
    studio.briefs.load(SMALL_SLUG, MARKETER)
    studio.generator.enqueue(SMALL_SLUG, MARKETER)
    assert studio.generator.work_once("tester")
    job = studio.generator.latest(SMALL_SLUG)
    assert job is not None
    assert job.state == "done", job.message


@pytest.fixture
def small_campaign(tmp_path: Path) -> Path:
    """A campaigns folder with the small campaign, nothing generated yet."""
    write_small_campaign(tmp_path / "campaigns")
    return tmp_path / "campaigns"


@pytest.fixture(scope="session")
def made_once(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The small campaign with its ads, made once for all tests that go on from there."""
    place = tmp_path_factory.mktemp("made")
    write_small_campaign(place / "campaigns")
    generate(Studio(Settings(data_dir=place / "data", campaigns_dir=place / "campaigns")))
    return place


@pytest.fixture
def studio(made_once: Path, tmp_path: Path) -> Studio:
    """A studio of one's own with the small campaign's ads as drafts."""
    place = tmp_path / "studio"
    shutil.copytree(made_once, place)
    return Studio(Settings(data_dir=place / "data", campaigns_dir=place / "campaigns"))
