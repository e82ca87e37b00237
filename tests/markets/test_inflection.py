"""Endings on names, against words a speaker would write."""

from __future__ import annotations

import pytest

from studio.markets.inflection import inflected


@pytest.mark.parametrize(
    ("name", "case", "text"),
    [
        ("SmartChef", "gen", "SmartChef’in"),
        ("SmartChef", "loc", "SmartChef’te"),
        ("Aura", "gen", "Aura’nın"),
        ("Aura", "dat", "Aura’ya"),
        ("Aura", "ins", "Aura’yla"),
        ("Kolay", "abl", "Kolay’dan"),
        ("Ütü", "acc", "Ütü’yü"),
        ("Airo 3", "gen", "Airo 3’ün"),  # üç
        ("Airo 60", "abl", "Airo 60’tan"),  # altmış
        ("X100", "loc", "X100’de"),  # yüz
        ("ISI", "gen", "ISI’nın"),
    ],
)
def test_turkish_suffixes_follow_the_last_vowel_and_sound(
    name: str, case: str, text: str
) -> None:
    assert inflected(name, "tr")[f"product_{case}"] == text


@pytest.mark.parametrize(
    ("name", "case", "text"),
    [
        ("SmartChef", "topic", "SmartChef는"),
        ("Pal", "topic", "Pal은"),
        ("Pal", "by", "Pal로"),
        ("Zoom", "by", "Zoom으로"),
        ("Ring", "subject", "Ring이"),
        ("밥솥", "object", "밥솥을"),
        ("로봇청소기", "with", "로봇청소기와"),
        ("서울", "by", "서울로"),
        ("Airo 3", "object", "Airo 3을"),  # sam
        ("Airo 2", "object", "Airo 2를"),  # i
    ],
)
def test_korean_particles_follow_the_last_sound(name: str, case: str, text: str) -> None:
    assert inflected(name, "ko")[f"product_{case}"] == text


def test_other_languages_and_empty_names_have_none() -> None:
    assert inflected("SmartChef", "de") == {}
    assert inflected("", "tr") == {}
