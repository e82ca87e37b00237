"""Checks a creative against the rules and conditions of its market."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from studio.compliance import calendar, claims, language, length, lexicon, price
from studio.compliance.case import Case, Checker, Hit
from studio.domain.brief import Brief
from studio.domain.creative import Creative
from studio.domain.finding import Finding, Severity
from studio.domain.placement import Placement
from studio.markets.pack import Check, Condition, LexiconRule, MarketPack

CHECKERS: Mapping[Check, Checker] = {
    Check.QUIET_DATE: calendar.quiet_date,
    Check.SCRIPT: language.script,
    Check.REGISTER_MIX: language.register_mix,
    Check.AVOIDED_WORD: language.avoided_word,
    Check.EMPTY_FIELD: length.empty_field,
    Check.OVER_MAXIMUM: length.over_maximum,
    Check.OVER_RECOMMENDED: length.over_recommended,
    Check.NUMBER_WITHOUT_CLAIM: claims.number_without_claim,
    Check.CLAIM_WITHOUT_EVIDENCE: claims.claim_without_evidence,
    Check.URGENCY_WITHOUT_END: price.urgency_without_end,
    Check.PRICE_ORDER: price.price_order,
    Check.CURRENCY: price.currency,
    Check.OFFER_ENDED: price.offer_ended,
    Check.PRICE_SHOWN_WRONG: price.price_shown_wrong,
    Check.PERCENT_WRONG: price.percent_wrong,
    Check.LOWEST_PRICE_SHOWN: price.lowest_price_shown,
    Check.TAX_WORDS: price.tax_words,
    Check.FORMER_PRICE_PROOF: price.former_price_proof,
    Check.ADVERTISER_NAMED: price.advertiser_named,
}

WEIGHT = {severity: order for order, severity in enumerate(Severity)}


def check(
    creative: Creative, *, brief: Brief, pack: MarketPack, placement: Placement
) -> tuple[Finding, ...]:
    """Everything the market's rules say of a creative, the heaviest first."""
    case = Case(creative=creative, brief=brief, pack=pack, placement=placement)
    return tuple(sorted(_findings(case), key=lambda finding: WEIGHT[finding.severity]))


def _findings(case: Case) -> Iterator[Finding]:
    for condition in case.pack.conditions:
        for hit in CHECKERS[condition.check](case, condition):
            yield _finding(condition, hit, case)
    for rule in case.pack.rules:
        for hit in lexicon.hits(rule, case):
            yield _finding(rule, hit, case)


def _finding(rule: Condition | LexiconRule, hit: Hit, case: Case) -> Finding:
    return Finding(
        rule=rule.id,
        severity=rule.severity,
        market=case.pack.market.locale,
        evidence=hit.evidence,
        message=rule.message,
        law=rule.law,
        fix=rule.fix,
        field=hit.field,
    )
