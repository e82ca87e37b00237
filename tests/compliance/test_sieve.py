"""The sieve never loses a pattern that matches; it only spares those that can't."""

from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from studio.compliance.atoms import EDGE, atoms
from studio.compliance.patterns import pattern
from studio.compliance.rulebook import rulebook
from studio.compliance.sieve import sieve_of
from studio.markets.wording import normalised
from tests.compliance.cases import LIBRARY
from tests.compliance.test_lexicon import CLEAN, PLANTED

TEXTS = [text for _, text, *_ in (*PLANTED, *CLEAN)]
FRAGMENTS = st.sampled_from(
    [
        *(r"\bbest\b", r"\b(?:é|the)\w*", r"\b(?:the|an?)\b", "[^a]b", "(?<!x )free", r"x?\b"),
        *(
            r"\b(?:a|b)?c",
            r"i{2,20}",
            r"ı\b",
            r"(?i:k)",
            "最(?!近)",
            r"\W\d",
            r"\bé",
            r"[\w-]+t\b",
        ),
        *(r"\bs?x", "(?:12)", r"(?=a)a", r"^the$", "[]a]", r"[^]a]", r"\bthe(?:\b|é)"),
    ]
)


@pytest.mark.parametrize("locale", LIBRARY.locales())
def test_every_pattern_that_matches_passes_the_sieve(locale: str) -> None:
    pack = LIBRARY.pack(locale)
    sieve = rulebook(pack).sieve
    phrases = [
        normalised(phrase.text)
        for phrases in pack.phrases.values()
        for kind in ("headlines", "bodies", "descriptions")
        for phrase in phrases.of(kind)
    ]
    for text in [*map(normalised, TEXTS), *phrases[::4]]:
        found = {source for source in sieve.patterns if pattern(source).search(text)}
        assert found <= sieve.may_match(text)


@given(
    st.lists(FRAGMENTS, min_size=1, max_size=3).map("".join),
    st.text("abcehikstx éıİſ12最近\n-", max_size=12),
)
def test_any_composed_pattern_passes_where_python_matches(source: str, text: str) -> None:
    if re.compile(source, re.IGNORECASE | re.MULTILINE).search(text):
        assert source in sieve_of([source]).may_match(text)


@pytest.mark.parametrize(
    ("source", "needed"),
    [
        (r"\bFree\b(?! time)", {f"{EDGE}free{EDGE}"}),
        (r"\b(?:gratis|öko)\b", {f"{EDGE}gratis{EDGE}", f"{EDGE}öko{EDGE}"}),
        (r"(?<!für )umsonst", {"umsonst"}),
        (r"[^a-z]x.{0,40}yz", {"yz"}),
        (r"(?:am )?best(?:er|es)?\w*", {"best", "bester", "bestes", "am best", "am bester"}),
        (r"gr[aá]tis|zero", {"gratis", "grátis", "zero"}),
        (r"\bx\s?€", {"€"}),
        (r"\b(?:pro )?chefs?\b", {f"{EDGE}chef{EDGE}", f"{EDGE}pro chefs{EDGE}"}),
    ],
)
def test_an_atom_stands_in_whatever_the_pattern_matches(source: str, needed: set[str]) -> None:
    found = atoms(source)
    assert found is not None
    assert needed <= found


@pytest.mark.parametrize("source", [r"\d+", "(?:a|)", "[^a]", "a?b*", "(?=a)", "one\ntwo|\\n"])
def test_without_an_atom_a_pattern_is_always_searched_for(source: str) -> None:
    assert source in sieve_of([source]).may_match("")


def test_a_match_across_lines_passes_by_either_line() -> None:
    sieve = sieve_of([r"red\s+pot"])
    assert sieve.may_match("red") | sieve.may_match("pot") == {r"red\s+pot"}


def test_letters_within_a_word_are_no_word() -> None:
    sieve = sieve_of([r"\bchefs?\b"])
    assert sieve.may_match("ask a chef") == {r"\bchefs?\b"}
    assert sieve.may_match("SmartChef") == frozenset()
