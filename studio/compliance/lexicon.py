"""Words that a law or custom forbids or ties to proof."""

from __future__ import annotations

from collections.abc import Iterator

from studio.compliance.case import Case, Hit, first_hit
from studio.markets.pack import LexiconRule


def hits(rule: LexiconRule, case: Case) -> Iterator[Hit]:
    """Each field in which the rule's words stand, unless others make them harmless."""
    if rule.unless and first_hit(rule.unless, case.joined):
        return
    if not first_hit(rule.patterns, case.joined):
        return
    for field, text in case.texts.items():
        found = first_hit(rule.patterns, text)
        if found:
            yield Hit(found, field)
