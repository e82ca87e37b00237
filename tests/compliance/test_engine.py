"""What a finding says, where it points, and what makes a hit harmless."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest

from studio.compliance.engine import CHECKERS, Engine
from studio.domain.claim import Claim, Evidence
from studio.domain.finding import Severity
from studio.markets.rules import Check
from tests.compliance.cases import LIBRARY, a_condition, a_rule, caught, findings
from tests.examples import a_copy, a_creative
from tests.markets.demo import REPORT, a_placement, demo_brief


def test_every_check_is_decided_by_code() -> None:
    assert set(CHECKERS) == set(Check)


def test_a_finding_quotes_the_original_and_says_where_it_stands() -> None:
    (found,) = caught("de-DE", a_rule(r"\bbeste\b"), body="Der ｂ\u200bｅste Topf")
    assert (found.evidence, found.field) == ("ｂ\u200bｅste", "body")
    assert (found.start, found.end) == (4, 10)
    assert found.kind == "superlative"


def test_every_place_is_found_not_the_first_alone() -> None:
    found = caught(
        "en-US", a_rule(r"\bbest\b", r"\bbest pot\b"), headline="Best pot, best rice"
    )
    assert [each.evidence for each in found] == ["Best pot", "best"]


def test_findings_speak_the_briefs_language() -> None:
    rule = a_rule("best", message="Own words.", fix="Own fix.")
    chinese = demo_brief(language="zh")
    (english,) = caught("en-US", rule, headline="The best")
    (native,) = caught("en-US", rule, headline="The best", brief=chinese)
    assert (english.message, english.fix) == ("Own words.", "Own fix.")
    assert native.message == LIBRARY.pack("en-US").fault_words["zh"]["superlative"].message


def test_without_own_words_the_kind_speaks() -> None:
    (found,) = caught("en-US", a_rule("best"), headline="The best")
    words = LIBRARY.pack("en-US").fault_words["en"]["superlative"]
    assert (found.message, found.fix) == (words.message, words.fix)


@pytest.mark.parametrize(
    ("launch", "holds"), [(date(2026, 9, 26), False), (date(2026, 9, 27), True)]
)
def test_a_rule_holds_for_launches_from_its_date(launch: date, *, holds: bool) -> None:
    brief = demo_brief(launch=launch)
    rule = a_rule("green", in_force="2026-09-27")
    assert bool(caught("en-US", rule, brief=brief, headline="Go green")) is holds
    condition = a_condition(Check.EMPTY_FIELD, in_force="2026-09-27")
    assert bool(caught("en-US", condition, brief=brief, headline="")) is holds


def test_a_rule_keeps_to_its_fields_and_categories() -> None:
    assert caught("en-US", a_rule("best", fields=("headline",)), body="best") == []
    assert caught("en-US", a_rule("best", categories=("earbuds",)), body="best") == []
    assert caught("en-US", a_rule("best", categories=("rice_cooker",)), body="best")


def test_other_words_anywhere_make_a_hit_harmless() -> None:
    rule = a_rule("seal", unless=(r"issue \d+",))
    assert caught("en-US", rule, headline="With a seal")
    assert caught("en-US", rule, headline="With a seal", legal_line="issue 5") == []


def test_a_proven_benefit_clears_a_hit() -> None:
    rule = a_rule("AI", cleared_by=("ai_sensor",))
    assert caught("en-US", rule, headline="AI rice") == []
    assert caught("en-US", rule, headline="AI rice", brief=demo_brief(claims=()))


@pytest.mark.parametrize(
    ("text", "evidence", "clear"),
    [
        ("The quietest cooker of its class", REPORT, True),
        ("The quietest cooker of its class", None, False),
        ("The quietest cooker", Evidence(document="x", expires=date(2026, 11, 30)), False),
        ("A quiet cooker", REPORT, False),
        ("The un-quietest cooker", REPORT, False),
    ],
)
def test_a_claim_in_own_words_with_proof_clears_those_words(
    text: str, evidence: Evidence | None, *, clear: bool
) -> None:
    brief = demo_brief(claims=(Claim(id="q", text=text, evidence=evidence),))
    found = caught("en-US", a_rule(r"\bquietest\b"), brief=brief, headline="The quietest")
    assert (found == []) is clear


def test_no_claim_clears_what_is_forbidden_outright() -> None:
    brief = demo_brief(claims=(Claim(id="q", text="The quietest", evidence=REPORT),))
    rule = a_rule("quietest", severity=Severity.BLOCK)
    assert caught("en-US", rule, brief=brief, headline="The quietest")


def test_the_names_of_product_and_brand_are_free() -> None:
    brief = demo_brief(product=replace(demo_brief().product, name="BestChef 100"))
    rule = a_rule("best", severity=Severity.BLOCK)
    assert caught("en-US", rule, brief=brief, headline="Meet BestChef 100") == []
    assert caught("en-US", rule, brief=brief, headline="BestChef 100 is best")


def test_characters_without_a_glyph_are_listed() -> None:
    def lacking(text: str, pack: object) -> str:
        return "".join(char for char in text if char == "ꙮ")

    pack = replace(
        LIBRARY.pack("en-US"), rules=(), conditions=(a_condition(Check.MISSING_GLYPH),)
    )
    creative = a_creative(copy=a_copy(headline="Riceꙮꙮ"))
    request = {"brief": demo_brief(), "pack": pack, "placement": a_placement()}
    (found,) = Engine(missing_glyphs=lacking).check(creative, **request)
    assert (found.evidence, found.field) == ("ꙮ", "headline")
    assert Engine().check(creative, **request) == ()


def test_findings_of_one_weight_come_in_the_order_of_the_checks() -> None:
    found = findings(
        "en-US",
        brief=demo_brief(launch=date(2027, 9, 11)),
        headline="{pot} now $1",
        body="",
    )
    blocking = [each.rule for each in found if each.severity is Severity.BLOCK]
    assert blocking == ["G-12", "G-17", "G-06S", "P-03"]
