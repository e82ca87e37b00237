"""A learning phase ends with enough results or enough days, whichever comes first."""

from __future__ import annotations

import re
from datetime import date, timedelta
from pathlib import Path

import pytest

from studio.errors import BriefError
from studio.platforms.learning import Certainty, in_learning, load_learning_rules

RULES = load_learning_rules()
META, GOOGLE = RULES["meta"], RULES["google"]
EDIT = date(2026, 12, 1)


def after(days: int) -> date:
    return EDIT + timedelta(days)


def test_meta_learns_until_fifty_events_within_seven_days() -> None:
    daily = {after(day): 10 for day in range(-3, 7)}
    assert in_learning(META, daily, EDIT, after(4))
    assert not in_learning(META, daily, EDIT, after(5))


def test_results_from_before_the_edit_or_of_today_do_not_count() -> None:
    assert in_learning(META, {after(-1): 99, after(0): 49, after(1): 99}, EDIT, after(1))
    assert not in_learning(META, {after(0): 50}, EDIT, after(1))


def test_a_phase_that_failed_does_not_hold_money_for_ever() -> None:
    assert in_learning(META, {}, EDIT, after(6))
    assert not in_learning(META, {}, EDIT, after(7))


def test_without_a_number_of_events_only_time_ends_it() -> None:
    assert in_learning(GOOGLE, {after(0): 10_000}, EDIT, after(6))
    assert not in_learning(GOOGLE, {}, EDIT, after(7))


def test_without_an_edit_or_before_it_nothing_is_learnt() -> None:
    assert not in_learning(META, {}, None, EDIT)
    assert not in_learning(META, {}, EDIT, after(-1))


def test_rules_are_dated_sourced_data() -> None:
    assert len(RULES) == 9
    for rule in RULES.values():
        assert re.fullmatch(r"20\d\d-\d\d-\d\d", rule.checked_on)
        assert rule.source
        assert 1 <= rule.window_days <= 30
        assert rule.edits
    assert (META.events, META.certainty) == (50, Certainty.REPORTED)
    assert (RULES["tiktok"].events, RULES["tiktok"].certainty) == (25, Certainty.READ)
    assert META.budget_restarts


def test_a_wrong_file_is_named_with_platform_and_field(tmp_path: Path) -> None:
    file = tmp_path / "learning.yaml"
    file.write_text("checked_on: 2026-11-21\nrules:\n  - {platform: meta, window_days: week}\n")
    with pytest.raises(BriefError, match=r"learning\.yaml: meta\.(window_days|edits)"):
        load_learning_rules(file)
