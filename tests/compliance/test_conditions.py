"""Calendar, language, length and the claims registry."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest

from studio.domain.brief import Brand
from studio.domain.claim import Claim, Evidence
from studio.domain.finding import Severity
from studio.domain.placement import TextLimit
from tests.compliance.cases import findings, rules
from tests.markets.demo import CLAIMS, NARROW, REPORT, a_placement, demo_brief


@pytest.mark.parametrize(
    ("locale", "day"),
    [
        ("en-US", date(2027, 9, 11)),
        ("de-DE", date(2026, 11, 9)),
        ("de-DE", date(2027, 3, 26)),
        ("ja-JP", date(2027, 3, 11)),
    ],
)
def test_a_launch_on_a_quiet_date_is_blocked(locale: str, day: date) -> None:
    (finding,) = (f for f in findings(locale, brief=demo_brief(launch=day)) if f.rule == "G-12")
    assert finding.severity is Severity.BLOCK
    assert day.isoformat() in finding.evidence
    assert finding.field == "launch"


@pytest.mark.parametrize(
    ("locale", "day"), [("de-DE", date(2026, 11, 10)), ("de-DE", date(2028, 3, 26))]
)
def test_other_days_are_free(locale: str, day: date) -> None:
    assert "G-12" not in rules(locale, brief=demo_brief(launch=day))


@pytest.mark.parametrize(
    ("locale", "headline", "foreign"),
    [
        ("ja-JP", "Rice, simplified", "G-13"),
        ("ar-SA", "Rice, simplified", "G-13"),
        ("en-US", "ごはんを、もっと", "G-13"),
        ("ja-JP", "SmartChefのごはん", ""),
        ("ar-SA", "أرز SmartChef", ""),
    ],
)
def test_text_in_another_script_is_blocked(locale: str, headline: str, foreign: str) -> None:
    assert ("G-13" in rules(locale, headline=headline)) is bool(foreign)


@pytest.mark.parametrize(
    ("locale", "body", "mixed"),
    [
        ("de-DE", "Hol dir Ruhe. Damit sparen Sie Zeit mit deinem Topf.", "G-15"),
        ("de-DE", "Du kennst sie: lange Abende. Sie enden jetzt.", ""),
        ("ja-JP", "おいしく炊けます。これが本物だ。", "G-15"),
        ("ja-JP", "おいしく炊けます。いつもの一膳に。", ""),
    ],
)
def test_two_forms_of_address_are_named(locale: str, body: str, mixed: str) -> None:
    assert ("G-15" in rules(locale, headline="SmartChef", body=body)) is bool(mixed)


@pytest.mark.parametrize("field", ["headline", "body", "cta"])
def test_an_empty_field_is_blocked(field: str) -> None:
    found = [f for f in findings("en-US", **{field: " \u200b"}) if f.rule == "P-03"]
    assert [f.field for f in found] == [field]


def test_length_warns_past_what_is_shown_and_blocks_past_what_is_taken() -> None:
    limit = TextLimit(recommended=10, maximum=12)
    tight = a_placement(headline=limit)
    assert rules("en-US", headline="0123456789", placement=tight)[:1] == ["G-01"]
    assert "P-02" in rules("en-US", headline="Elevenchars", placement=tight)
    assert "P-01" in rules("en-US", headline="Thirteenchars", placement=tight)
    assert "P-02" not in rules("en-US", headline="Thirteenchars", placement=tight)


def test_length_is_counted_as_the_platform_counts() -> None:
    sixteen = "あ" * 16
    rice = {"body": "ごはん", "placement": NARROW}
    assert "P-01" in rules("ja-JP", headline=sixteen, **rice)
    assert "P-01" not in rules("ja-JP", headline=sixteen[1:], **rice)


def test_a_word_the_brand_avoids_is_blocked_in_any_case() -> None:
    brief = demo_brief(brand=Brand(name="SmartChef", words_to_avoid=("gadget",)))
    assert "B-01" in rules("en-US", brief=brief, headline="A GADGET to love")


@pytest.mark.parametrize(
    ("body", "found"),
    [
        ("Warm for 24 hours, 1.8 liters, 12 presets.", []),
        ("Now $129.99 for all.", []),
        ("Warm for 25.5 hours.", ["25.5"]),
        ("Ready in 3 steps for 40 people.", ["3", "40"]),
    ],
)
def test_numbers_resolve_to_a_claim_or_to_the_offer(body: str, found: list[str]) -> None:
    hits = [
        f.evidence for f in findings("en-US", headline="Rice", body=body) if f.rule == "G-01"
    ]
    assert hits == found


def test_a_number_of_another_locales_form_isnt_proven() -> None:
    """1.800 is one thousand eight hundred in German, not the proven 1,8."""
    assert "G-01" in rules("de-DE", headline="Reis", body="Fasst 1.800 Liter.")
    assert "G-01" not in rules("de-DE", headline="Reis", body="Fasst 1,8 Liter.")


def test_a_number_in_the_products_name_is_free() -> None:
    product = replace(demo_brief().product, name="SmartChef 3000")
    brief = demo_brief(product=product)
    assert "G-01" not in rules("en-US", brief=brief, headline="Meet SmartChef 3000")
    assert "G-01" in rules("en-US", brief=brief, headline="Meet 3000 ways")


def test_expired_evidence_blocks_until_there_is_new_one() -> None:
    expired = Evidence(document="report", expires=date(2026, 11, 30))
    brief = demo_brief(claims=(replace(CLAIMS[0], evidence=expired),))
    found = findings(
        "en-US",
        brief=brief,
        headline="Rice",
        body="Warm for 24 hours.",
        sources=("claim:warm",),
    )
    by_rule = {f.rule: f for f in found}
    assert by_rule["G-01"].severity is Severity.BLOCK_UNTIL_EVIDENCE
    assert "expired on 2026-11-30" in by_rule["G-01E"].evidence


def test_a_claim_that_left_the_brief_is_named() -> None:
    (finding,) = (f for f in findings("ja-JP", sources=("claim:gone",)) if f.rule == "G-01E")
    assert finding.evidence == "gone isn't in the brief"


def test_numbers_of_a_claim_in_own_words_count() -> None:
    claim = Claim(id="x", text="Fits 9 inch shelves", evidence=REPORT)
    brief = demo_brief(claims=(claim,))
    assert "G-01" not in rules("en-US", brief=brief, headline="Fits 9 inch shelves")
