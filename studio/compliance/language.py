"""Script, form of address and the brand's own words."""

from __future__ import annotations

from collections.abc import Iterator

from studio.compliance.case import WORDS, Case, Hit, first_hit
from studio.markets.pack import Condition
from studio.markets.wording import normalised, script_share

OWN_SCRIPT_SHARE = 0.5
"""Least share (0–1) of letters in the market's script, names aside."""


def script(case: Case, condition: Condition) -> Iterator[Hit]:
    """A field is written in another script than the market's."""
    del condition
    for field in WORDS:
        share = script_share(case.nameless(field), script=case.pack.market.script)
        if share < OWN_SCRIPT_SHARE:
            yield Hit(case.texts[field], field)


def register_mix(case: Case, condition: Condition) -> Iterator[Hit]:
    """Two forms of address stand in one creative."""
    del condition
    found = []
    for form in case.pack.register_forms:
        for field in WORDS:
            quote = first_hit(form.patterns, case.texts[field])
            if quote:
                found.append((form.name, quote, field))
                break
    if len(found) > 1:
        quotes = ", ".join(f"{name} ({quote})" for name, quote, _ in found)
        yield Hit(quotes, found[-1][2])


def avoided_word(case: Case, condition: Condition) -> Iterator[Hit]:
    """A word that the brand avoids stands in a field."""
    del condition
    for field in WORDS:
        text = case.texts[field].lower()
        for word in case.brief.brand.words_to_avoid:
            if word.strip() and normalised(word).lower() in text:
                yield Hit(word, field)
