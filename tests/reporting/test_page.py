"""The page shows what it is given and trusts none of it."""

from __future__ import annotations

import re
from dataclasses import replace

from studio.reporting.page import CopyRow, MarketSection, Report, render

COPY = CopyRow(
    variant="v1",
    angle="Craft",
    headline="<b>Kopf</b>",
    body="Text",
    cta="Los",
    gloss_headline="Head",
    gloss_body="Words",
    gloss_cta="Go",
    rationale="Because.",
)
MARKET = MarketSection(
    locale="ar-SA",
    name="Saudi Arabia",
    direction="rtl",
    summary="Nothing yet.",
    font=b"woff",
    sheet_jpeg=b"jpeg",
    copies=(COPY,),
    shares_svg="",
    rates_svg="",
)
REPORT = Report(
    title="T",
    brand="B",
    product="P",
    period="now",
    simulated=False,
    caveat="C",
    figures=(),
    charts_svg=(),
    budgets_svg="",
    markets=(MARKET,),
    plan_day="",
    moves=(),
    reviewers=(),
    waiting=0,
    origins=(),
)


def test_copy_is_escaped_and_marked_with_language_and_direction() -> None:
    page = render(REPORT)
    assert "&lt;b&gt;Kopf" in page
    assert "<b>Kopf" not in page
    assert '<td lang="ar-SA" dir="rtl">' in page
    assert 'font-family: "Copy ar-SA"; src: url(data:font/woff;base64,d29mZg==)' in page


def test_copy_in_the_reviewers_language_is_not_said_twice() -> None:
    own = replace(COPY, gloss_headline=COPY.headline, gloss_body=COPY.body)
    page = render(replace(REPORT, markets=(replace(MARKET, copies=(own,)),)))
    assert page.count("Kopf") == 1
    assert "Because." in page
    assert render(REPORT).count("Head") == 1


def test_a_script_tag_in_the_record_ends_nothing() -> None:
    page = render(replace(REPORT, record_json='{"a":"</script><b id=oops>"}'))
    found = re.search(r'id="rehearsal">(.*?)</script>', page, re.DOTALL)
    assert found is not None
    assert found[1] == '{"a":"\\u003c/script>\\u003cb id=oops>"}'
