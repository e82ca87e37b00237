"""Creatives on trial, sound but for what a test changes."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from studio.compliance.engine import check
from studio.copywriting.phrasebook_model import PhrasebookModel
from studio.domain.brief import Brief
from studio.domain.creative import Copy
from studio.domain.finding import Finding
from studio.domain.placement import Placement
from studio.markets.library import MarketLibrary
from tests.contracts.text_model import a_request
from tests.examples import a_creative
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


def rules(locale: str, **changes: Any) -> list[str]:
    """Ids of the rules that are touched, the former-price reminder of the US aside."""
    return [f.rule for f in findings(locale, **changes) if f.rule != "US-05"]
