"""Campaigns that go the whole way, on the built-in models."""

from __future__ import annotations

from pathlib import Path

import pytest

DEMO = Path(__file__).parents[2] / "campaigns" / "smartchef-launch" / "brief.yaml"
SMALL_SLUG = "small-launch"


@pytest.fixture
def small_campaign(tmp_path: Path) -> Path:
    """Campaigns folder with two markets × three variants × two placements: 12 ads."""
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
    offers_of_the_others = text[
        text.index("  - market: de-DE") : text.index("  - market: ar-SA")
    ]
    text = text.replace(offers_of_the_others, "")
    folder = tmp_path / "campaigns" / SMALL_SLUG
    folder.mkdir(parents=True)
    (folder / "brief.yaml").write_text(text, "utf-8")
    return tmp_path / "campaigns"
