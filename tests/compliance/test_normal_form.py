"""Tricks are folded away before rules look, and every place leads back to the original."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from studio.markets.wording import (
    _disguises,
    _first_letters,
    normalised,
    origins,
    pattern_form,
)

LETTERS = st.characters(exclude_categories=("Cs",)) | st.sampled_from(
    list(
        "蕞最佳zuiJ国家级第1①b3st .-·*\u200b\u0301\u0651ーـЕеТ１％🅱"
        "\u0e4d\u0e32\u0e33นＺ \u0301첫"
    )
)


@pytest.mark.parametrize(
    ("tricky", "plain"),
    [
        ("b e s t pot", "best pot"),
        ("B.E.S.T pot", "BEST pot"),
        ("t-h-e g*r*e*a*t", "t-h-e great"),
        ("Bеst рot", "Best pot"),  # Cyrillic е and р
        ("ΝΟ.1 cooker", "NO.1 cooker"),  # Greek capitals
        ("ʙᴇꜱᴛ pot", "best pot"),
        ("🅱🅴🆂🆃 pot", "BEST pot"),
        ("b\u0336e\u0336s\u0336t pot", "best pot"),
        ("fr33 spoon", "free spoon"),
        ("gu@ranteed!", "guaranteed!"),
        ("Best™ pot", "Best pot"),
        ("أ ف ض ل", "أفضل"),
        ("蕞好的锅", "最好的锅"),
        ("Z佳体验", "最佳体验"),
        ("zui佳体验", "最佳体验"),
        ("国家J品质", "国家级品质"),
        ("第①品牌", "第一品牌"),
        ("第 1 品牌", "第一品牌"),
        ("最-好-的锅", "最好的锅"),
        ("最*强", "最强"),
        ("น้ำดื่ม", "น้ำดื่ม"),
        ("फ़ोन", "फ\u093cोन"),
    ],
)
def test_disguises_are_folded(tricky: str, plain: str) -> None:
    assert normalised(tricky) == plain


@pytest.mark.parametrize(
    "text",
    [
        "3 μm Filter, Ω-Form",
        "4K, mp3 and USB 3.0",
        "3D一体成型",
        "第12代",
        "Type-C, 5 W, 3.5 h",
        "U.S. sizes",
        "炊飯・保温",
    ],
)
def test_innocent_forms_stay(text: str) -> None:
    assert normalised(text) == text


@given(st.text(LETTERS, max_size=14))
def test_the_normal_form_is_its_own_and_its_places_lead_back(text: str) -> None:
    once = normalised(text)
    assert normalised(once) == once
    found = origins(text)
    assert found.text == once
    assert len(found.spans) == len(once)
    assert all(0 <= start < end <= len(text) for start, end in found.spans)
    assert list(found.spans) == sorted(found.spans)


@pytest.mark.parametrize(
    ("text", "part", "original"),
    [
        ("The b\u200best pot", "best", "b\u200best"),
        ("Ｎｏ．① の鍋", "No.1", "Ｎｏ．①"),
        ("der b e s t e Topf", "beste", "b e s t e"),
        ("品质zui佳的锅", "最佳", "zui佳"),
        ("أرز مضـــمون كل يوم", "مضمون", "مضـــمون"),
        ("  two   words", "two words", "two   words"),
    ],
)
def test_a_place_is_quoted_as_it_was_written(text: str, part: str, original: str) -> None:
    found = origins(text)
    at = found.text.index(part)
    start, end = found.span(at, at + len(part))
    assert text[start:end] == original


def test_patterns_in_full_width_mean_the_signs_not_operators() -> None:
    assert pattern_form("（税込）？") == r"\(税込\)\?"


@pytest.mark.parametrize("disguise", _disguises()[1])
def test_every_disguise_is_seen_at_a_glance(disguise: str) -> None:
    assert _first_letters().search(disguise)
