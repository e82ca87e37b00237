"""Whether a pack has enough of everything, beyond being correct."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from itertools import combinations

from rapidfuzz.fuzz import ratio

from studio.domain.brief import Voice
from studio.domain.placement import Counter
from studio.markets.pack import GLOBAL_MODERN, MarketPack, Phrase, Phrases
from studio.markets.wording import normalised

FEWEST_ANGLES = 9
FEWEST = {"headlines": 4, "bodies": 4, "descriptions": 3}
FEWEST_FOR_ALL = {"headlines": 3, "bodies": 3, "descriptions": 3}
"""So many phrases of each angle suit any product, without a claim, all year."""
FEWEST_SHORT = 2
SHORT_WIDTH = 24
"""Up to this display width a headline is short."""
NARROW_WIDTH = 30
"""Display width of a description that no platform cuts off."""
FEWEST_RULES = 25
FEWEST_TRUST_SIGNALS, FEWEST_NOTES, FEWEST_EVENTS = 3, 3, 6
NEAR_DUPLICATE = 0.85


def gaps(pack: MarketPack, categories: Mapping[str, str], benefits: int) -> Iterator[str]:
    """What the pack lacks, in words; nothing where it is complete.

    categories: those of the catalogue. benefits: how many the catalogue has.
    """
    yield from _angles(pack)
    yield from _alike(pack)
    yield from _idle(pack)
    missing = [name for name in categories if name not in pack.product_nouns]
    if missing:
        yield f"no product noun for {', '.join(missing)}"
    if len(pack.benefits) < benefits:
        yield f"{benefits - len(pack.benefits)} of {benefits} benefits aren't worded"
    if set(pack.tone) != set(Voice):
        yield f"tone is said for {len(pack.tone)} of {len(Voice)} voices"
    if len(pack.rules) < FEWEST_RULES:
        yield f"{len(pack.rules)} rules; {FEWEST_RULES} are the least"
    if not pack.register_forms and pack.market.language != "en":
        yield "no forms of address that must not mix"
    for name, least in (
        ("trust_signals", FEWEST_TRUST_SIGNALS),
        ("writing", FEWEST_NOTES),
        ("scenes", FEWEST_NOTES),
        ("people", FEWEST_NOTES),
        ("calendar", FEWEST_EVENTS),
        ("quiet_dates", 1),
    ):
        if len(getattr(pack, name)) < least:
            yield f"{len(getattr(pack, name))} entries in {name}; {least} are the least"


def for_all(group: tuple[Phrase, ...]) -> list[Phrase]:
    """Phrases that suit any product, without a claim, all year."""
    return [each for each in group if not (each.benefit or each.categories or each.months)]


def _idle(pack: MarketPack) -> Iterator[str]:
    """Rules that the small print of every ad makes harmless."""
    line = normalised(pack.legal_line)
    for rule in pack.rules:
        for pattern in rule.unless:
            if line and re.search(pattern, line, re.IGNORECASE | re.MULTILINE):
                yield f"rule {rule.id} never speaks: the legal line has its unless {pattern!r}"


def _angles(pack: MarketPack) -> Iterator[str]:
    if len(pack.phrases) < FEWEST_ANGLES:
        yield f"{len(pack.phrases)} angles; {FEWEST_ANGLES} are the least"
    if GLOBAL_MODERN not in pack.phrases:
        yield f"the angle {GLOBAL_MODERN} is missing"
    for angle, phrases in pack.phrases.items():
        for fault in (*_counts(phrases), *_widths(phrases)):
            yield f"{angle}: {fault}"


def _counts(phrases: Phrases) -> Iterator[str]:
    for kind, least in FEWEST.items():
        group = phrases.of(kind)
        if len(group) < least:
            yield f"{len(group)} {kind}; {least} are the least"
        if len(for_all(group)) < FEWEST_FOR_ALL[kind]:
            yield (
                f"{len(for_all(group))} {kind} suit any product all year; "
                f"{FEWEST_FOR_ALL[kind]} are the least"
            )


def _widths(phrases: Phrases) -> Iterator[str]:
    width = Counter.DISPLAY_WIDTH.length
    short = [each for each in phrases.headlines if width(each.text) <= SHORT_WIDTH]
    if len(short) < FEWEST_SHORT:
        yield f"{len(short)} short headlines; {FEWEST_SHORT} are the least"
    for each in phrases.descriptions:
        if width(each.text) > NARROW_WIDTH:
            yield f"description {each.id} is {width(each.text)} wide"


def _alike(pack: MarketPack) -> Iterator[str]:
    """Headlines that a viewer would take for the same one."""
    texts = [
        (f"{angle}/{phrase.id}", normalised(phrase.text).lower())
        for angle, phrases in pack.phrases.items()
        for phrase in phrases.headlines
    ]
    for (name, text), (other, second) in combinations(texts, 2):
        if ratio(text, second) / 100 >= NEAR_DUPLICATE:
            yield f"headlines {name} and {other} are nearly the same"
