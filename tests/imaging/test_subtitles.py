"""Subtitles say what is staged, when it is staged, in lines that can be read."""

from __future__ import annotations

import re
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from studio.domain.placement import Counter
from studio.imaging.storyboard import storyboard
from studio.imaging.subtitles import MOST_LINES, Subtitle, srt, subtitles, timecode, vtt
from tests.imaging.examples import a_copy, a_market
from tests.imaging.test_storyboard import WHOLE

BODIES = {
    "en-US": "Less doing, more living. SmartChef handles its part and lets you get on with "
    "yours. Keeps warm for up to 24 hours.",
    "ja-JP": "毎日のごはんを、もっとおいしく。忙しい朝も、炊きたての香りで一日を始めませんか。",
    "ar-SA": "يحافظ SmartChef على دفء الأرز حتى 24 ساعة، لتستقبل ضيوفك في أي وقت تشاء.",
    "th-TH": "ลูกเล็กเรียนพิเศษ พ่อเลิกโอที ข้าวยังอุ่นรอกันครบ SmartChef อุ่นได้สูงสุด 24 ชั่วโมง",
}


def shown(locale: str) -> tuple[Subtitle, ...]:
    copy, market = a_copy(body=BODIES[locale]), a_market(locale)
    return subtitles(storyboard(copy, WHOLE, market=market, seed=1), copy, market)


def test_timecodes_worked_by_hand() -> None:
    assert timecode(0, ",") == "00:00:00,000"
    assert timecode(3661.5, ".") == "01:01:01.500"
    assert timecode(59.9996, ",") == "00:01:00,000"
    assert timecode(7.0005, ".") in ("00:00:07.000", "00:00:07.001")


@given(st.floats(0, 86_399))
def test_a_timecode_reads_back(seconds: float) -> None:
    hours, minutes, rest = timecode(seconds, ".").split(":")
    assert int(hours) * 3600 + int(minutes) * 60 + float(rest) == pytest.approx(
        seconds, abs=0.00051
    )


@pytest.mark.parametrize("locale", BODIES)
def test_subtitles_follow_each_other_to_the_end_of_the_film(locale: str) -> None:
    found = shown(locale)
    copy = a_copy(body=BODIES[locale])
    board = storyboard(copy, WHOLE, market=a_market(locale), seed=1)
    assert found[0].start_s == board.start_of("headline")
    assert found[-1].end_s == board.seconds
    assert all(one.end_s == pytest.approx(next_.start_s) for one, next_ in pairwise(found))
    assert all(each.start_s < each.end_s for each in found)


@pytest.mark.parametrize(
    ("locale", "columns"), [*[(name, 42) for name in BODIES], ("ja-JP", 32)]
)
def test_lines_are_short_and_no_word_is_lost(locale: str, columns: int) -> None:
    found = shown(locale)
    for each in found:
        assert 1 <= len(each.lines) <= MOST_LINES
        assert all(Counter.DISPLAY_WIDTH.length(line) <= columns for line in each.lines)
    said = "".join(line for each in found for line in each.lines)
    bare = re.sub(r"[\s\u2066-\u2069\u00a0]", "", said)
    assert re.sub(r"\s", "", BODIES[locale]) in bare


def test_right_to_left_lines_stand_in_isolates_of_their_own() -> None:
    for each in shown("ar-SA"):
        for line in each.lines:
            assert line.startswith("\u2067")
            assert line.endswith("\u2069")
            opened = sum(line.count(mark) for mark in "\u2066\u2067\u2068")
            assert opened == line.count("\u2069")
    body = "".join(line for each in shown("ar-SA") for line in each.lines)
    assert "\u2066SmartChef\u2069" in body


def test_subrip_is_numbered_and_commas_part_milliseconds() -> None:
    two = (
        Subtitle(start_s=0.25, end_s=1.5, lines=("One", "two")),
        Subtitle(start_s=1.5, end_s=8.0, lines=("A --> B",)),
    )
    assert srt(two) == (
        "1\n00:00:00,250 --> 00:00:01,500\nOne\ntwo\n\n"
        "2\n00:00:01,500 --> 00:00:08,000\nA -> B\n\n"
    )


def test_webvtt_names_its_language_and_escapes_marks() -> None:
    one = (Subtitle(start_s=0, end_s=8, lines=("Salt & rice < 5 €",)),)
    assert vtt(one, a_market("de-DE")) == (
        "WEBVTT\nLanguage: de-DE\n\n00:00:00.000 --> 00:00:08.000\nSalt &amp; rice &lt; 5 €\n"
    )
