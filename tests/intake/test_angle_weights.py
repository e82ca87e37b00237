"""Angle weights are read, checked and written; a wrong one is named with its line."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from studio.errors import BriefError
from studio.intake.angle_weights import read_weights, with_weights
from studio.intake.brief_yaml import BriefReader, Known

TEXT = (Path(__file__).parents[2] / "campaigns" / "smartchef-launch" / "brief.yaml").read_text(
    "utf-8"
)
MARKETS = ("de-DE", "ja-JP")
ANGLES = ("craft", "value", "global_modern")
READER = BriefReader(
    known=Known(
        locales=("en-US", "de-DE", "ja-JP", "ar-SA"),
        placements=("meta_feed_1x1", "meta_feed_4x5", "meta_story_9x16"),
        benefits={
            "rice_cooker": (
                *("keep_warm_hours", "capacity_litres", "presets_count"),
                *("quick_cook_minutes", "ai_sensor", "warranty_years"),
            )
        },
        currencies={},
        angles=lambda locale: ANGLES,
    ),
    assets=Path("assets"),
    check_photo=lambda path: None,
    check_logo=lambda path: None,
)


def read(text: str) -> dict[str, dict[str, float]]:
    found = read_weights(text, file="won.json", markets=MARKETS, angles=lambda market: ANGLES)
    return {market: dict(weights) for market, weights in found.items()}


def test_a_file_of_insights_is_read_and_the_rest_of_it_ignored() -> None:
    weights = {"ja-JP": {"craft": 0.75, "value": 0.25}}
    text = json.dumps({"campaign": "spring", "angle_weights": weights, "levels": []}, indent=2)
    assert read(text) == weights
    assert read("angle_weights:\n  ja-JP: {craft: 3, value: 1}\n") == {
        "ja-JP": {"craft": 3, "value": 1}
    }


@pytest.mark.parametrize(
    ("weights", "message"),
    [
        ("x: 1", "won.json: angle_weights: is missing or empty; write weights by market"),
        ("angle_weights: {}", "won.json:1: angle_weights: is missing or empty"),
        ("angle_weights: 3", "won.json:1: angle_weights: is missing or empty"),
        (
            "angle_weights:\n  jp-JP: {craft: 1}",
            "won.json:2: angle_weights.jp-JP: is no market",
        ),
        ("angle_weights:\n  ja-JP: 1", "angle_weights.ja-JP: must name angles below it"),
        (
            "angle_weights:\n  ja-JP:\n    crfat: 1",
            "won.json:3: angle_weights.ja-JP.crfat: is no angle of ja-JP; choose from craft, ",
        ),
        ("angle_weights:\n  ja-JP: {craft: -1}", "ja-JP.craft: must be 0 or more (it says -1)"),
        ("angle_weights:\n  ja-JP: {craft: .inf}", "ja-JP.craft: must be 0 or more"),
        ("angle_weights:\n  ja-JP: {craft: .nan}", "ja-JP.craft: must be 0 or more"),
        ("angle_weights:\n  ja-JP: {craft: lots}", "must be a number (it says 'lots')"),
        ("angle_weights:\n  ja-JP: {craft: true}", "must be a number (it says 'True')"),
        ("angle_weights:\n  ja-JP: {craft: 0}", "ja-JP: give at least one angle a weight"),
    ],
)
def test_wrong_weights_name_line_field_and_remedy(weights: str, message: str) -> None:
    with pytest.raises(BriefError) as raised:
        read(weights)
    assert message in str(raised.value)


def test_weights_go_into_a_brief_whose_comments_stay() -> None:
    text = with_weights(TEXT, {"ja-JP": {"value": 0.25, "craft": 0.75}})
    assert "ja-JP: {craft: 0.75, value: 0.25}" in text
    assert text.count("#") == TEXT.count("#")
    brief = READER.read(text, slug="smartchef-launch", folder=Path("x"))
    assert brief.angle_weights == {"ja-JP": {"craft": 0.75, "value": 0.25}}
    again = with_weights(text, {"de-DE": {"craft": 1.0}})
    assert READER.read(again, slug="smartchef-launch", folder=Path("x")).angle_weights == {
        "de-DE": {"craft": 1.0}
    }


@pytest.mark.parametrize(
    ("weights", "message"),
    [
        ("{fr-FR: {craft: 1}}", "angle_weights.fr-FR: isn't among the brief's markets"),
        ("{ja-JP: {crfat: 1}}", "angle_weights.ja-JP.crfat: is no angle of ja-JP"),
        ("{ja-JP: {craft: lots}}", "angle_weights.ja-JP.craft: "),
        ("{ja-JP: 3}", "angle_weights.ja-JP: must name"),
    ],
)
def test_a_brief_with_wrong_weights_is_not_read(weights: str, message: str) -> None:
    with pytest.raises(BriefError) as raised:
        READER.read(
            f"{TEXT}\nangle_weights: {weights}\n", slug="smartchef-launch", folder=Path("x")
        )
    assert message in str(raised.value)
