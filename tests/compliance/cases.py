"""Creatives on trial, sound but for what a test changes."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from studio.compliance.engine import check
from studio.copywriting.phrasebook_model import PhrasebookModel
from studio.domain.brief import Brief
from studio.domain.creative import Copy
from studio.domain.finding import Finding, Severity
from studio.domain.placement import Placement
from studio.markets.library import MarketLibrary
from studio.markets.rules import Check, Condition, LexiconRule
from tests.contracts.text_model import a_request
from tests.examples import a_copy, a_creative
from tests.markets.demo import a_placement, demo_brief

LIBRARY = MarketLibrary()


def sound_copy(locale: str, brief: Brief) -> Copy:
    """Copy that the phrase bank writes for the brief."""
    return PhrasebookModel().write(a_request(locale, brief=brief))


def findings(
    locale: str,
    *,
    brief: Brief | None = None,
    placement: Placement | None = None,
    **words: Any,
) -> tuple[Finding, ...]:
    """What the engine says of sound copy in which `words` were changed."""
    brief = brief or demo_brief()
    copy = replace(sound_copy(locale, brief), **words)
    return check(
        a_creative(market=locale, copy=copy),
        brief=brief,
        pack=LIBRARY.pack(locale),
        placement=placement or a_placement(),
    )


def caught(
    locale: str,
    condition: Condition | LexiconRule,
    *,
    brief: Brief | None = None,
    picture: Mapping[str, Any] | None = None,
    rendition: Mapping[str, Any] | None = None,
    **words: Any,
) -> list[Finding]:
    """What a single rule says of an ad in which `words`, picture or file were changed."""
    brief = brief or demo_brief()
    pack = replace(
        LIBRARY.pack(locale),
        rules=(condition,) if isinstance(condition, LexiconRule) else (),
        conditions=(condition,) if isinstance(condition, Condition) else (),
    )
    creative = a_creative(market=locale, copy=a_copy(**words))
    creative = replace(
        creative,
        picture=replace(creative.picture, **(picture or {})),
        rendition=replace(creative.rendition, **(rendition or {})),
    )
    return list(check(creative, brief=brief, pack=pack, placement=a_placement()))


def a_condition(check: Check, **fields: Any) -> Condition:
    """A blocking condition."""
    base: dict[str, Any] = {
        "id": "X-1",
        "kind": "superlative",
        "severity": Severity.BLOCK,
        "law": "Law",
    }
    return Condition(check=check, **(base | fields))


def a_rule(*patterns: str, **fields: Any) -> LexiconRule:
    """A rule on words that asks for proof."""
    base: dict[str, Any] = {
        "id": "X-1",
        "kind": "superlative",
        "severity": Severity.BLOCK_UNTIL_EVIDENCE,
        "law": "Law",
    }
    return LexiconRule(patterns=patterns, **(base | fields))


def rules(locale: str, **changes: Any) -> list[str]:
    """Ids of the rules that are touched, the former-price reminder of the US aside."""
    return [f.rule for f in findings(locale, **changes) if f.rule != "US-05"]
