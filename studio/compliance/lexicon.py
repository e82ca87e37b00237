"""Words that a law or custom forbids or ties to proof."""

from __future__ import annotations

from collections.abc import Iterator

from studio.compliance.case import FIELDS, Case, Hit
from studio.compliance.claims import proven_benefit, says
from studio.compliance.patterns import trimmed
from studio.domain.finding import Severity
from studio.markets.days import falls_on
from studio.markets.rules import LexiconRule


def hits(rule: LexiconRule, case: Case) -> Iterator[Hit]:
    """Each place in which the rule's words stand, unless something makes them harmless."""
    if rule.categories and case.brief.product.category not in rule.categories:
        return
    if any(falls_on(span.day, span.days, case.brief.launch) for span in rule.not_on):
        return
    found = list(_places(rule, case))
    if not found or case.first_place(rule.unless, case.joined):
        return
    if rule.cleared_by and proven_benefit(case, rule.cleared_by):
        return
    for hit in found:
        quote = case.texts[hit.field][hit.start : hit.end]
        provable = rule.severity is Severity.BLOCK_UNTIL_EVIDENCE
        if not (provable and says(case, quote)):
            yield hit


def _places(rule: LexiconRule, case: Case) -> Iterator[Hit]:
    """What the patterns match, the longer of two that overlap."""
    searching = list(case.searching(rule.patterns))
    if not searching:
        return
    for field in rule.fields or FIELDS:
        text = case.texts.get(field, "")
        found = sorted(
            (
                trimmed(match)
                for regex in searching
                for match in regex.finditer(text)
                if match.end() > match.start()
            ),
            key=lambda place: (place[0], -place[1]),
        )
        last = 0
        for start, end in found:
            if start >= last and not case.is_name(field, start, end):
                yield Hit("", field, start, end)
                last = end
