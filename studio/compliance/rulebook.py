"""A pack's patterns, made ready once for each pack."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import lru_cache

from studio.compliance.ground import Same
from studio.compliance.sieve import Sieve, sieve_of
from studio.markets.pack import MarketPack
from studio.markets.rules import Check, Condition, RegisterForm


@dataclass(frozen=True, slots=True, eq=False)
class Rulebook:
    """What is known of a pack before any creative is looked at."""

    sieve: Sieve
    """Holds every pattern of the pack."""
    known: frozenset[str]
    """The sieve's patterns."""
    rules_by_pattern: Mapping[str, tuple[int, ...]]
    """Where in the pack's rules each pattern stands."""
    regional: frozenset[str]
    """The patterns of words of other regions."""
    forms: tuple[RegisterForm, ...]
    """The pack's forms of address."""
    conditions: Mapping[Check, tuple[Condition, ...]]
    """The pack's conditions by what they check."""


def rulebook(pack: MarketPack) -> Rulebook:
    """The pack's rulebook, made when it is first asked for."""
    return _made(Same(pack))


@lru_cache(maxsize=64)
def _made(key: Same[MarketPack]) -> Rulebook:
    pack = key.value
    sieve = sieve_of(_patterns(pack))
    conditions: dict[Check, tuple[Condition, ...]] = {}
    for condition in pack.conditions:
        conditions[condition.check] = (*conditions.get(condition.check, ()), condition)
    places: dict[str, tuple[int, ...]] = {}
    for index, rule in enumerate(pack.rules):
        for source in rule.patterns:
            places[source] = (*places.get(source, ()), index)
    return Rulebook(
        sieve=sieve,
        known=frozenset(sieve.patterns),
        rules_by_pattern=places,
        regional=frozenset(word.wrong for word in pack.regional_words),
        forms=pack.register_forms,
        conditions=conditions,
    )


def _patterns(pack: MarketPack) -> Iterator[str]:
    for rule in pack.rules:
        yield from rule.patterns
        yield from rule.unless
    for condition in pack.conditions:
        yield from condition.words
        yield from condition.unless
    for form in pack.register_forms:
        yield from form.patterns
    for word in pack.regional_words:
        yield word.wrong
