"""Placements are dated data: each platform's shapes, limits and safe zones."""

from __future__ import annotations

from pathlib import Path

import pytest

from studio.domain.market import Direction
from studio.domain.placement import Counter, Insets
from studio.errors import BriefError
from studio.platforms.specs import load_placements

SHAPES = {
    "meta_feed_1x1": 1.0,
    "meta_feed_4x5": 4 / 5,
    "meta_feed_3x4": 3 / 4,
    "meta_story_9x16": 9 / 16,
    "tiktok_feed_9x16": 9 / 16,
    "tiktok_feed_16x9": 16 / 9,
    "google_youtube_16x9": 16 / 9,
    "pinterest_pin_2x3": 2 / 3,
    "google_display_1200x628": 1.91,
    "linkedin_feed_1200x628": 1.91,
    "microsoft_audience_1200x628": 1.91,
    "google_banner_300x250": 300 / 250,
    "google_banner_728x90": 728 / 90,
    "google_banner_160x600": 160 / 600,
    "google_banner_970x250": 970 / 250,
}

GOOD = """
platform: p
checked_on: 2026-11-22
placements:
  - id: p_1x1
    name: P
    width_px: 100
    height_px: 100
    safe_zone: {}
    max_file_bytes: 1000
    formats: [jpg]
"""


@pytest.mark.parametrize("name", SHAPES)
def test_every_placement_has_the_ratio_of_its_platform(name: str) -> None:
    """Google lets a ratio be off by one in a hundred."""
    placement = load_placements()[name]
    ratio = placement.width_px / placement.height_px
    assert ratio == pytest.approx(SHAPES[name], rel=0.01)
    assert name.startswith(placement.platform + "_")


def test_every_placement_takes_jpeg_or_png_and_a_file_of_some_size() -> None:
    for placement in load_placements().values():
        assert set(placement.formats) & {"jpg", "jpeg", "png"}
        assert placement.max_file_bytes >= 100_000


def test_banners_have_no_words_beside_the_picture_and_light_files() -> None:
    for name in ("300x250", "728x90", "160x600", "970x250"):
        banner = load_placements()[f"google_banner_{name}"]
        assert not banner.limits
        assert banner.max_file_bytes <= 150 * 1024


def test_google_counts_wide_letters_twice_and_refuses_what_is_longer() -> None:
    limits = load_placements()["google_display_1200x628"].limits
    assert limits["headline"].counter is Counter.DISPLAY_WIDTH
    assert (limits["headline"].maximum, limits["body"].maximum) == (30, 90)
    assert "description" not in limits


def test_tiktok_covers_the_other_side_in_arabic() -> None:
    placement = load_placements()["tiktok_feed_9x16"]
    usual, arabic = (placement.safe_for(direction) for direction in Direction)
    assert usual.right > usual.left
    assert (arabic.left, arabic.right) == (usual.right, usual.left)
    assert (arabic.top, arabic.bottom) == (usual.top, usual.bottom)
    story = load_placements()["meta_story_9x16"]
    assert story.safe_for(Direction.RTL) == story.safe_zone


def test_limits_are_those_of_the_fields_that_there_are(tmp_path: Path) -> None:
    (tmp_path / "p.yaml").write_text(GOOD)
    placement = load_placements(tmp_path)["p_1x1"]
    assert placement.limits == {}
    assert placement.safe_zone == Insets()


def test_an_unknown_field_is_named_with_its_file(tmp_path: Path) -> None:
    (tmp_path / "p.yaml").write_text(GOOD + "    colour: red\n")
    with pytest.raises(BriefError, match=r"p\.yaml.*p_1x1\.colour"):
        load_placements(tmp_path)
