"""Checks a creative against the rules and conditions of its market."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import lru_cache
from itertools import chain
from typing import TypeAlias

from studio.compliance import (
    calendar,
    claims,
    duties,
    language,
    layout,
    lexicon,
    picture,
    price,
)
from studio.compliance.case import Case, Checker, Hit
from studio.compliance.ground import MOST_GROUNDS, Ground
from studio.compliance.occasion import applies, is_for_all, may_apply
from studio.compliance.rulebook import rulebook
from studio.domain.brief import Brief
from studio.domain.creative import Creative
from studio.domain.finding import Finding, Severity
from studio.domain.placement import Placement
from studio.markets.pack import MarketPack
from studio.markets.rules import Check, Condition, FaultWords, LexiconRule
from studio.markets.wording import origins

CALENDAR_AND_LANGUAGE: dict[Check, Checker] = {
    Check.QUIET_DATE: calendar.quiet_date,
    Check.LANGUAGE: language.language,
    Check.WRONG_SCRIPT_VARIANT: language.wrong_script_variant,
    Check.REGISTER_MIX: language.register_mix,
    Check.REGIONAL_WORD: language.regional_word,
    Check.AVOIDED_WORD: language.avoided_word,
}
FACTS: dict[Check, Checker] = {
    Check.NUMBER_WITHOUT_CLAIM: claims.number_without_claim,
    Check.CLAIM_WITHOUT_EVIDENCE: claims.claim_without_evidence,
    Check.TRANSLATED_CLAIM: claims.translated_claim,
    Check.URGENCY_WITHOUT_END: price.urgency_without_end,
    Check.PRICE_ORDER: price.price_order,
    Check.CURRENCY: price.currency,
    Check.OFFER_ENDED: price.offer_ended,
    Check.PRICE_SHOWN_WRONG: price.price_shown_wrong,
    Check.PERCENT_WRONG: price.percent_wrong,
    Check.LOWEST_PRICE_SHOWN: price.lowest_price_shown,
    Check.TAX_WORDS: price.tax_words,
    Check.FORMER_PRICE_PROOF: price.former_price_proof,
    Check.DISCOUNT_TOO_DEEP: price.discount_too_deep,
    Check.PROMOTION_TERMS: price.promotion_terms,
    Check.INSTALMENT_WRONG: price.instalment_wrong,
    Check.PERMIT_MISSING: duties.permit_missing,
    Check.ADVERTISER_NAMED: duties.advertiser_named,
    Check.MANDATORY_LINE: duties.mandatory_line,
    Check.RADIATION_LINE: duties.radiation_line,
    Check.ENERGY_LABEL: duties.energy_label,
}
LOOKS: dict[Check, Checker] = {
    Check.EMPTY_FIELD: layout.empty_field,
    Check.OVER_MAXIMUM: layout.over_maximum,
    Check.OVER_RECOMMENDED: layout.over_recommended,
    Check.MISSING_GLYPH: layout.missing_glyph,
    Check.SMALL_PRINT: layout.small_print,
    Check.AI_LABEL: picture.ai_label,
    Check.PERSON_SHOWN: picture.person_shown,
    Check.SYMBOL_SHOWN: picture.symbol_shown,
    Check.PRODUCT_REDRAWN: picture.product_redrawn,
    Check.AI_MARK: picture.ai_mark,
}
CHECKERS: dict[Check, Checker] = CALENDAR_AND_LANGUAGE | FACTS | LOOKS

WEIGHT = {severity: order for order, severity in enumerate(Severity)}
FALLBACK = "en"
"""Language of findings where there are no words in the brief's."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Engine:
    """Checks creatives; `check` below is one that knows no typefaces."""

    missing_glyphs: Callable[[str, MarketPack], str] | None = None
    """Characters of a text that the market's typefaces lack."""

    def check(
        self, creative: Creative, *, brief: Brief, pack: MarketPack, placement: Placement
    ) -> tuple[Finding, ...]:
        """Everything the market's rules say of a creative, the heaviest first."""
        case = Case(
            creative=creative,
            brief=brief,
            pack=pack,
            placement=placement,
            missing_glyphs=self.missing_glyphs,
        )
        return tuple(sorted(_findings(case), key=lambda finding: WEIGHT[finding.severity]))


def check(
    creative: Creative, *, brief: Brief, pack: MarketPack, placement: Placement
) -> tuple[Finding, ...]:
    """Everything the market's rules say of a creative, the heaviest first."""
    return Engine().check(creative, brief=brief, pack=pack, placement=placement)


def _findings(case: Case) -> Iterator[Finding]:
    """Calendar and language, words, facts and prices, then layout, picture and file."""
    before, after = _in_question(case.ground)
    return chain(_of_conditions(case, before), _of_words(case), _of_conditions(case, after))


Questions: TypeAlias = tuple[tuple[Checker, Condition, bool], ...]
"""Conditions with the code that decides them, and whether they are for every such case."""


@lru_cache(maxsize=MOST_GROUNDS)
def _in_question(ground: Ground) -> tuple[Questions, Questions]:
    """The conditions that such a creative may break: decided before its words, and after."""
    conditions = rulebook(ground.pack).conditions
    before, after = (
        tuple(
            (checker, condition, is_for_all(condition))
            for name, checker in checkers.items()
            for condition in conditions.get(name, ())
            if may_apply(condition, ground)
        )
        for checkers in (CALENDAR_AND_LANGUAGE, FACTS | LOOKS)
    )
    return before, after


def _of_conditions(case: Case, questions: Questions) -> Iterator[Finding]:
    for checker, condition, for_all in questions:
        if for_all or applies(condition, case):
            for hit in checker(case, condition):
                yield _finding(condition, hit, case)


def _of_words(case: Case) -> Iterator[Finding]:
    launch = case.brief.launch.isoformat()
    for rule, places in lexicon.touched(case):
        if rule.in_force > launch:
            continue
        for hit in lexicon.hits(rule, places, case):
            yield _finding(rule, hit, case)


def _finding(rule: Condition | LexiconRule, hit: Hit, case: Case) -> Finding:
    words = _words(rule, case)
    quote, start, end = _quote(hit, case)
    return Finding(
        rule=rule.id,
        kind=rule.kind,
        severity=rule.severity,
        market=case.pack.market.locale,
        evidence=hit.evidence or quote,
        message=words.message,
        law=rule.law,
        in_force=rule.in_force,
        fix=hit.fix or words.fix,
        field=hit.field,
        start=start,
        end=end,
    )


def _words(rule: Condition | LexiconRule, case: Case) -> FaultWords:
    """What the reviewer is told, in the brief's language; a rule's own words are English."""
    language = case.brief.language.split("-")[0]
    by_language = case.pack.fault_words
    general = by_language.get(language, {}).get(rule.kind)
    if general is not None and language != FALLBACK:
        return general
    english = by_language.get(FALLBACK, {}).get(rule.kind, FaultWords(message="", fix=""))
    return FaultWords(
        message=rule.message or english.message or rule.kind, fix=rule.fix or english.fix
    )


def _quote(hit: Hit, case: Case) -> tuple[str, int, int]:
    """What stands at the hit's place in the original text."""
    if hit.start < 0:
        return "", -1, -1
    text: str = getattr(case.creative.copy, hit.field)
    start, end = origins(text).span(hit.start, hit.end)
    return text[start:end], start, end
