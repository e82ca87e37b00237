"""Words that a law or custom forbids or ties to proof."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from functools import lru_cache

from studio.compliance.case import FIELDS, Case, Hit
from studio.compliance.claims import proven_benefit, says
from studio.compliance.patterns import Span, pattern, trimmed
from studio.compliance.rulebook import Rulebook
from studio.domain.finding import Severity
from studio.markets.days import falls_on
from studio.markets.rules import LexiconRule


def touched(case: Case) -> Iterator[tuple[LexiconRule, tuple[Hit, ...]]]:
    """The rules whose words stand in a case, in the pack's order, with their places."""
    found: dict[int, dict[str, tuple[Span, ...]]] = {}
    for field, text in case.texts.items():
        for index, spans in rule_places(case.book, text):
            found.setdefault(index, {})[field] = spans
    for index in sorted(found):
        rule = case.pack.rules[index]
        yield rule, tuple(_apart(rule, found[index], case))


@lru_cache(maxsize=16384)
def rule_places(book: Rulebook, text: str) -> tuple[tuple[int, tuple[Span, ...]], ...]:
    """The rules that match a normal form, by their place in the pack, and where they match.

    The leftmost first, and of those that begin alike the longest.
    """
    found: dict[int, set[Span]] = {}
    for source in _matching(book, text):
        matches = pattern(source).finditer(text)
        spans = [trimmed(match) for match in matches if match.end() > match.start()]
        for index in book.rules_by_pattern[source] if spans else ():
            found.setdefault(index, set()).update(spans)
    return tuple(
        (index, tuple(sorted(spans, key=lambda span: (span[0], -span[1]))))
        for index, spans in found.items()
    )


def _matching(book: Rulebook, text: str) -> set[str]:
    """The rules' patterns that match a text; only likely alternatives are searched for."""
    found: set[str] = set()
    for way in book.sieve.ways_in(text):
        source = way.pattern
        if source in found or source not in book.rules_by_pattern:
            continue
        if pattern(way.words).search(text):
            found.add(source)
    return found


def hits(rule: LexiconRule, found: tuple[Hit, ...], case: Case) -> Iterator[Hit]:
    """Those of the rule's places that nothing makes harmless."""
    if rule.categories and case.brief.product.category not in rule.categories:
        return
    if any(falls_on(span.day, span.days, case.brief.launch) for span in rule.not_on):
        return
    if not found or case.first_place(rule.unless, case.joined):
        return
    if rule.cleared_by and proven_benefit(case, rule.cleared_by):
        return
    for hit in found:
        quote = case.texts[hit.field][hit.start : hit.end]
        provable = rule.severity is Severity.BLOCK_UNTIL_EVIDENCE
        if not (provable and says(case, quote)):
            yield hit


def _apart(
    rule: LexiconRule, found: Mapping[str, tuple[Span, ...]], case: Case
) -> Iterator[Hit]:
    """The places in the rule's fields, without names; the longer of two that overlap."""
    for field in rule.fields or FIELDS:
        last = 0
        for start, end in found.get(field, ()):
            if start >= last and not case.is_name(field, start, end):
                yield Hit("", field, start, end)
                last = end
