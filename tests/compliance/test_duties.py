"""What the law wants in the ad, beside it, in the picture and in the file."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from studio.domain.brief import Channel
from studio.domain.creative import Ai, Figure, ProductPixels
from studio.markets.rules import Check, When
from tests.compliance.cases import a_condition, caught
from tests.markets.demo import demo_brief


@pytest.mark.parametrize(
    ("when", "channel", "asked"),
    [
        (When.PAID, Channel.PAID, True),
        (When.PAID, Channel.OWN, False),
        (When.INFLUENCER, Channel.INFLUENCER, True),
        (When.INFLUENCER, Channel.PAID, False),
        (When.LIVESTREAM, Channel.LIVESTREAM, True),
        (When.ALWAYS, Channel.OWN, True),
    ],
)
def test_a_line_is_due_in_its_channel(when: When, channel: Channel, *, asked: bool) -> None:
    condition = a_condition(Check.MANDATORY_LINE, when=when, words=("广告",))
    brief = demo_brief(channel=channel)
    assert bool(caught("zh-CN", condition, brief=brief, headline="米饭")) is asked
    assert caught("zh-CN", condition, brief=brief, legal_line="广告") == []


@pytest.mark.parametrize(
    ("headline", "body", "there"),
    [
        ("#ad Rice on time", "Rice.", True),
        ("Rice on time", "[Ad] Rice.", True),
        ("Rice on time #ad", "Rice.", False),
    ],
)
def test_a_mark_that_must_come_first(headline: str, body: str, *, there: bool) -> None:
    condition = a_condition(Check.MANDATORY_LINE, words=(r"ad\b",), place="start")
    assert (caught("en-GB", condition, headline=headline, body=body) == []) is there


def test_a_reduction_needs_its_permit() -> None:
    condition = a_condition(Check.PERMIT_MISSING, permit="sa_discount", when=When.REDUCED)
    shown = {"offer_line": "$129.99, was $159.99"}
    (found,) = caught("en-US", condition, **shown)
    assert found.evidence == "approvals: sa_discount"
    allowed = demo_brief(approvals={"sa_discount": "77"})
    assert caught("en-US", condition, brief=allowed, **shown) == []
    assert caught("en-US", condition, brief=demo_brief(approvals={"sa_discount": " "}), **shown)
    assert caught("en-US", condition, headline="Rice", body="Rice") == []


@pytest.mark.parametrize(
    ("tx_mw", "body_cm", "asked"),
    [(21, 20, True), (20, 5, False), (100, 21, False), (None, 1, False), (100, None, False)],
)
def test_strong_radios_at_the_body_show_their_radiation(
    tx_mw: float | None, body_cm: float | None, *, asked: bool
) -> None:
    product = replace(demo_brief().product, tx_mw=tx_mw, body_cm=body_cm)
    brief = demo_brief(product=product)
    condition = a_condition(Check.RADIATION_LINE, words=(r"\bDAS\b.*W/kg",))
    assert bool(caught("fr-FR", condition, brief=brief)) is asked
    line = "DAS tête : 0,98 W/kg"
    assert caught("fr-FR", condition, brief=brief, legal_line=line) == []


@pytest.mark.parametrize(
    ("line", "tags", "there"),
    [
        ("Energieklasse C (A bis G)", (), True),
        ("Energieklasse C (A–G)", (), True),
        ("Energieklasse C", (), False),
        ("Klassen A–G", (), False),
        ("", ("energy_label",), True),
    ],
)
def test_an_energy_class_comes_with_its_range(
    line: str, tags: tuple[str, ...], *, there: bool
) -> None:
    brief = demo_brief(product=replace(demo_brief().product, energy_class="C"))
    condition = a_condition(Check.ENERGY_LABEL)
    found = caught("de-DE", condition, brief=brief, legal_line=line, picture={"tags": tags})
    assert (found == []) is there
    assert caught("de-DE", condition) == []


PAINTED = {"ai": Ai.EDITED, "photoreal": True}


@pytest.mark.parametrize(
    ("when", "picture", "asked"),
    [
        (When.ANY, {}, False),
        (When.ANY, {"ai": Ai.EDITED}, True),
        (When.ANY, {"person": Figure.SYNTHETIC}, True),
        (When.PHOTOREAL, {"ai": Ai.FULL}, False),
        (When.PHOTOREAL, PAINTED, True),
        (When.PERSON, PAINTED, False),
        (When.PERSON, {"person": Figure.REAL}, False),
        (When.PERSON, {"ai": Ai.EDITED, "person": Figure.REAL}, True),
        (When.SYNTHETIC_PERSON, {"ai": Ai.EDITED, "person": Figure.REAL}, False),
        (When.SYNTHETIC_PERSON, {"person": Figure.REPLICA}, True),
    ],
)
def test_an_ai_picture_is_labelled(when: When, picture: dict[str, Any], *, asked: bool) -> None:
    condition = a_condition(Check.AI_LABEL, when=when, words=("AI-generated",))
    assert bool(caught("en-US", condition, picture=picture)) is asked
    said = {"legal_line": "AI-generated image"}
    assert caught("en-US", condition, picture=picture, **said) == []


def test_an_ai_file_carries_its_marks() -> None:
    condition = a_condition(Check.AI_MARK, when=When.ANY, marks=("iptc", "tc260"))
    (found,) = caught(
        "zh-CN", condition, picture={"ai": Ai.FULL}, rendition={"marks": ("iptc",)}
    )
    assert found.evidence == "tc260"
    assert caught("zh-CN", condition) == []


def test_small_print_is_measured_beside_the_body() -> None:
    condition = a_condition(Check.SMALL_PRINT, least_ratio=1.0)
    small = {"note_px": 17.0, "body_px": 18.0}
    (found,) = caught("vi-VN", condition, rendition=small)
    assert found.evidence == "17 px : 18 px"
    assert caught("vi-VN", condition, rendition={"note_px": 18.0, "body_px": 18.0}) == []
    assert caught("vi-VN", condition, rendition={"note_px": 0.0, "body_px": 18.0}) == []


def test_what_the_picture_shows() -> None:
    persons = a_condition(Check.PERSON_SHOWN, persons=("synthetic", "replica"))
    assert caught("en-US", persons, picture={"person": Figure.SYNTHETIC})
    assert caught("en-US", persons, picture={"person": Figure.REAL}) == []
    anybody = a_condition(Check.PERSON_SHOWN)
    assert caught("en-US", anybody, picture={"person": Figure.REAL})
    assert caught("en-US", anybody) == []
    symbols = a_condition(Check.SYMBOL_SHOWN, tags=("flag", "map"))
    found = caught("en-US", symbols, picture={"tags": ("kitchen", "map", "flag")})
    assert [each.evidence for each in found] == ["map", "flag"]
    redrawn = a_condition(Check.PRODUCT_REDRAWN)
    assert caught("en-US", redrawn, picture={"product_pixels": ProductPixels.GENERATED})
    assert caught("en-US", redrawn) == []
