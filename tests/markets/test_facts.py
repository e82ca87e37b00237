"""Which claims may be said where, and in which words."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest

from studio.domain.claim import Claim, Evidence
from studio.markets.facts import Facts, facts_of
from studio.markets.library import MarketLibrary
from tests.markets.demo import CLAIMS, REPORT, demo_brief

LIBRARY = MarketLibrary()


def facts(locale: str, *claims: Claim) -> Facts:
    return facts_of(demo_brief(claims=claims), LIBRARY.pack(locale))


@pytest.mark.parametrize(
    ("locale", "line"),
    [
        ("en-US", "1.8-liter capacity."),
        ("de-DE", "1,8 Liter Fassungsvermögen."),
        ("ja-JP", "容量1.8L。"),
        ("ar-SA", "سعة 1.8 لتر."),
    ],
)
def test_a_value_is_the_same_in_every_market(locale: str, line: str) -> None:
    assert facts(locale, CLAIMS[1]).usable[0].line == line


def test_the_singular_is_a_singular() -> None:
    one = replace(CLAIMS[5], value=1.0)
    assert facts("de-DE", one).usable[0].line == "1 Jahr Garantie."
    assert facts("ar-SA", one).usable[0].line == "ضمان سنة."


def test_a_note_comes_with_the_fact_that_needs_it() -> None:
    assert facts("ja-JP", CLAIMS[3]).usable[0].note == "※早炊き時間は炊飯量により異なります。"
    assert facts("de-DE", CLAIMS[5]).usable[0].note == (
        "Garantiebedingungen: smartchef.example/de"
    )


@pytest.mark.parametrize(
    ("claim", "reason"),
    [
        (replace(CLAIMS[0], evidence=None), "no evidence"),
        (
            replace(CLAIMS[0], evidence=Evidence(document="old", expires=date(2026, 11, 30))),
            "no evidence",
        ),
        (
            replace(CLAIMS[0], evidence=Evidence(document="new", issued=date(2026, 12, 2))),
            "no evidence",
        ),
        (replace(CLAIMS[0], unit="minute"), "in minute, the catalogue has hour"),
        (replace(CLAIMS[0], value=None), "needs a value"),
        (
            Claim(id="x", benefit="battery_hours", value=8, unit="hour", evidence=REPORT),
            "doesn't belong",
        ),
        (
            Claim(id="x", benefit="teleports", evidence=REPORT),
            "no words for the benefit 'teleports'",
        ),
        (
            Claim(id="x", text="Pairs with any stove", evidence=REPORT),
            "written in en, the market reads de",
        ),
    ],
)
def test_what_cant_be_said_is_left_out_with_its_reason(claim: Claim, reason: str) -> None:
    found = facts("de-DE", claim)
    assert found.usable == ()
    assert reason in found.left_out[0].reason


def test_evidence_counts_to_its_last_day() -> None:
    last_day = Evidence(document="report", expires=date(2026, 12, 1))
    assert facts("en-US", replace(CLAIMS[0], evidence=last_day)).usable


def test_a_plain_feature_needs_no_report() -> None:
    assert facts("en-US", Claim(id="x", benefit="nonstick_pot")).usable


def test_own_words_are_said_in_their_own_language() -> None:
    claim = Claim(id="x", text="Fits every shelf", evidence=REPORT)
    assert facts("en-US", claim).usable[0].line == "Fits every shelf."
