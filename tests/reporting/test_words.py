"""Numbers and names as a marketer reads them."""

from __future__ import annotations

import pytest

from studio.reporting.words import (
    chance,
    idea_label,
    idea_name,
    market_name,
    percent,
    placement_name,
    share_percent,
    signed,
)


def spaced(text: str) -> str:
    return text.replace("\N{NO-BREAK SPACE}", " ")


def test_percentages_round_and_keep_a_sign_where_it_tells() -> None:
    assert spaced(percent(0.3149)) == "31 %"
    assert spaced(percent(0.01949, digits=1)) == "1.9 %"
    assert spaced(signed(0.184)) == "+18 %"
    assert spaced(signed(-0.184, digits=1)) == "\N{MINUS SIGN}18.4 %"


def test_small_shares_keep_a_decimal() -> None:
    assert [spaced(share_percent(share)) for share in (0.0, 0.00833, 0.0994, 0.0996, 1.0)] == [
        "0 %",
        "0.8 %",
        "9.9 %",
        "10 %",
        "100 %",
    ]


def test_a_sampled_probability_is_never_certain() -> None:
    assert [spaced(chance(p)) for p in (0.0, 0.0099, 0.84, 0.991, 1.0)] == [
        "< 1 %",
        "< 1 %",
        "84 %",
        "> 99 %",
        "> 99 %",
    ]


@pytest.mark.parametrize(
    ("locale", "name"),
    [("de-DE", "Germany"), ("ar-SA", "Saudi Arabia"), ("zh-Hant-TW", "Taiwan"), ("x", "x")],
)
def test_a_market_is_called_by_its_country(locale: str, name: str) -> None:
    assert market_name(locale) == name


def test_a_placement_is_called_by_its_words_and_ratio() -> None:
    assert placement_name("meta_feed_4x5") == "Meta feed 4:5"
    assert placement_name("google_banner_728x90") == "Google banner 728 × 90"


def test_an_idea_is_called_by_angle_set_and_variant() -> None:
    attributes = {"angle": "time_saved", "set": "bright-kitchen"}
    assert idea_name(attributes, variant="v3") == "‘Time saved’ (bright kitchen, v3)"
    assert idea_label(attributes, variant="v3") == "v3 · Time saved"
    assert idea_name({}, variant="v3") == "‘v3’"


def test_an_idea_named_after_its_angle_is_not_named_twice() -> None:
    attributes = {"angle": "time_saved", "set": "bright-kitchen"}
    assert idea_name(attributes, variant="v3-time-saved") == "‘Time saved’ (bright kitchen, v3)"
    assert idea_label(attributes, variant="v3-time-saved") == "v3 · Time saved"
