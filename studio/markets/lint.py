"""What a pack's data must make true of itself, beyond its shape."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from studio.errors import InputError
from studio.markets.data_file import DataFile, Place
from studio.markets.days import days_in
from studio.markets.inflection import inflected
from studio.markets.messages import Slot, amount, number, render
from studio.markets.pack import Benefit, MarketPack, Phrase
from studio.markets.rules import Condition, LexiconRule, RegionalWord, RegisterForm
from studio.markets.wording import script_share

HEX = re.compile(r"#[0-9A-Fa-f]{6}")
FEWEST_PHRASES = 3
LONGEST_HEADLINE = 40
LONGEST_BODY = 125
LONGEST_DESCRIPTION = 90
LONGEST = {
    "headlines": LONGEST_HEADLINE,
    "bodies": LONGEST_BODY,
    "descriptions": LONGEST_DESCRIPTION,
}
SAMPLE_YEAR = 2027
REFERENCES = ("was", "lowest_7d", "lowest_10d", "lowest_20d", "lowest_30d")
ACTIONS = frozenset(
    {
        "ADD_TO_CART", "BUY_NOW", "CONTACT_US", "GET_OFFER", "GET_QUOTE", "LEARN_MORE",
        "ORDER_NOW", "PREORDER_NOW", "READ_MORE", "SEE_MORE", "SHOP_NOW", "SIGN_UP",
        "SUBSCRIBE", "TRY_IT", "VIEW_NOW", "VISIT_SITE", "WATCH_NOW",
    }
)  # fmt: skip
"""Buttons that at least one ad platform has under this name."""
SAMPLE_PRODUCT = "SmartChef"


@dataclass(frozen=True, slots=True, kw_only=True)
class Files:
    """The files that a pack was read from."""

    market: DataFile
    phrases: DataFile
    rules: DataFile
    benefits: DataFile
    catalogue: DataFile
    common: tuple[DataFile, ...]
    """Rules for all markets, and those of the market's regions."""
    faults: tuple[DataFile, ...]
    """What reviewers are told, one file per language."""

    def all(self) -> tuple[DataFile, ...]:
        """Every file that shapes the ads, in a fixed order."""
        return (
            self.market,
            self.phrases,
            self.rules,
            self.benefits,
            self.catalogue,
            *self.common,
        )


def lint(pack: MarketPack, files: Files, *, folder_name: str) -> None:
    """Raise `BriefError` for the first thing that would fail or look wrong later."""
    if pack.market.locale != folder_name:
        raise files.market.error(
            f"must be {folder_name}, like the folder.", ("market", "locale")
        )
    _check_market(pack, files.market)
    _check_angles(pack, files)
    for key, benefit in pack.benefits.items():
        _check_benefit(pack, benefit, files.benefits, ("benefits", key))


def _check_market(pack: MarketPack, file: DataFile) -> None:
    _check_palettes(pack, file)
    _check_choices(pack, file)
    _check_sets(pack, file)
    _check_buttons(pack, file)
    _check_days(pack, file)
    _check_price(pack, file)
    line: dict[str, Slot] = dict.fromkeys(("product", "brand", "contact"), "x")
    _render(pack, pack.legal_line, line, file, ("legal_line",))


def _check_palettes(pack: MarketPack, file: DataFile) -> None:
    for index, palette in enumerate(pack.palettes):
        for name in ("wall", "surface", "accent", "ink", "button"):
            if not HEX.fullmatch(getattr(palette, name)):
                raise file.error("write a colour like #1F3A34.", ("palettes", index, name))


def _check_choices(pack: MarketPack, file: DataFile) -> None:
    for name in ("appeals", "palettes", "calls_to_action"):
        if not getattr(pack, name):
            raise file.error("at least one is needed.", (name,))
    if not pack.sets_favoured:
        raise file.error("favour at least one set.", ("sets",))
    for index, appeal in enumerate(pack.appeals):
        if not 0 < appeal.strength <= 1:
            raise file.error("between 0 and 1.", ("appeals", index, "strength"))
    if not 0 <= pack.humour.level <= 3:
        raise file.error("0 (none) to 3 (expected).", ("humour", "level"))


def _check_sets(pack: MarketPack, file: DataFile) -> None:
    events = {name.casefold() for event in pack.calendar for name in event.names}
    for index, choice in enumerate(pack.sets):
        if choice.when and choice.when.casefold() not in events:
            raise file.error(
                "write the name or gloss of an event of the calendar.", ("sets", index, "when")
            )


def _check_buttons(pack: MarketPack, file: DataFile) -> None:
    for index, button in enumerate(pack.calls_to_action):
        if button.action not in ACTIONS:
            raise file.error(
                f"no platform has it; write one of {', '.join(sorted(ACTIONS))}.",
                ("calls_to_action", index, "action"),
            )


def _check_days(pack: MarketPack, file: DataFile) -> None:
    for name in ("calendar", "quiet_dates"):
        for index, entry in enumerate(getattr(pack, name)):
            _check_day(entry.day, file, (name, index, "day"))
            if entry.days < 1:
                raise file.error("at least 1.", (name, index, "days"))


def _check_day(day: str, file: DataFile, place: Place) -> None:
    try:
        days_in(day, SAMPLE_YEAR)
    except InputError as error:
        raise file.error(str(error), place) from error


def _check_price(pack: MarketPack, file: DataFile) -> None:
    if "{number}" not in pack.price.pattern:
        raise file.error("must contain {number}.", ("price", "pattern"))
    slots = ("price", "was", "lowest", "ends", "each", "total")
    prices: dict[str, Slot] = {**dict.fromkeys(slots, "1"), "count": 12}
    for name in ("plain", "reduced", "until", "instalments"):
        for message in (name, f"gloss_{name}"):
            _render(pack, getattr(pack.price, message), prices, file, ("price", message))
    if pack.price.reference not in REFERENCES:
        raise file.error(f"write one of {', '.join(REFERENCES)}.", ("price", "reference"))


def _check_angles(pack: MarketPack, files: Files) -> None:
    angles = {appeal.angle for appeal in pack.appeals}
    for index, appeal in enumerate(pack.appeals):
        if appeal.angle not in pack.phrases:
            raise files.market.error("has no phrases.", ("appeals", index, "angle"))
    for angle, phrases in pack.phrases.items():
        if angle not in angles:
            raise files.phrases.error("isn't among the appeals.", ("angles", angle))
        for kind in LONGEST:
            _check_group(pack, phrases.of(kind), files.phrases, ("angles", angle, kind))


def _check_group(
    pack: MarketPack, group: tuple[Phrase, ...], file: DataFile, place: Place
) -> None:
    if len(group) < FEWEST_PHRASES and place[-1] != "descriptions":
        raise file.error(f"needs at least {FEWEST_PHRASES}.", place)
    if len({phrase.id for phrase in group}) < len(group):
        raise file.error("an id is used twice.", place)
    longest = LONGEST[str(place[-1])]
    for index, phrase in enumerate(group):
        _check_phrase(pack, phrase, file, (*place, index), longest=longest)


def _check_phrase(
    pack: MarketPack, phrase: Phrase, file: DataFile, place: Place, *, longest: int
) -> None:
    if phrase.benefit and phrase.benefit not in pack.benefits:
        raise file.error("the catalogue has no such benefit.", (*place, "benefit"))
    if not phrase.gloss and pack.market.language != "en":
        raise file.error("needs a gloss in English.", (*place, "gloss"))
    if any(not 1 <= month <= 12 for month in phrase.months):
        raise file.error("months are 1 to 12.", (*place, "months"))
    benefit = pack.benefits.get(phrase.benefit)
    for slots in _samples(pack, benefit):
        shown = _render(pack, phrase.text, slots, file, (*place, "text"))
        _render(pack, phrase.gloss, slots, file, (*place, "gloss"))
        if len(shown) > longest:
            raise file.error(f"longer than {longest} characters: {shown!r}.", (*place, "text"))
    bare = re.sub(r"[A-Za-z_{},#=]+", " ", phrase.text)
    if pack.market.script != "Latn" and script_share(bare, script=pack.market.script) < 0.9:
        raise file.error("isn't in the market's script.", (*place, "text"))


def _check_benefit(pack: MarketPack, benefit: Benefit, file: DataFile, place: Place) -> None:
    if not benefit.gloss and pack.market.language != "en":
        raise file.error("needs a gloss in English.", (*place, "gloss"))
    for slots in _samples(pack, benefit):
        for name in ("line", "gloss", "note", "note_gloss"):
            _render(pack, getattr(benefit, name), slots, file, (*place, name))


def lint_rules(
    file: DataFile,
    *,
    rules: tuple[LexiconRule, ...],
    conditions: tuple[Condition, ...],
    kinds: frozenset[str],
    forms: tuple[RegisterForm, ...] = (),
    words: tuple[RegionalWord, ...] = (),
) -> None:
    """Raise `BriefError` for a kind, date or pattern of a rules file that can't be used."""
    groups: dict[str, tuple[LexiconRule | Condition, ...]] = {
        "rules": rules,
        "conditions": conditions,
    }
    for name, group in groups.items():
        for index, rule in enumerate(group):
            if kinds and rule.kind not in kinds:
                raise file.error(
                    "no such kind; the kinds stand in prompts/findings/en.yaml.",
                    (name, index, "kind"),
                )
            for span in rule.not_on if isinstance(rule, LexiconRule) else ():
                _check_day(span.day, file, (name, index, "not_on"))
            if rule.in_force and not _is_date(rule.in_force):
                raise file.error("write YYYY-MM-DD.", (name, index, "in_force"))
    for place, pattern in _patterns(rules, conditions, forms, words):
        try:
            re.compile(pattern, re.IGNORECASE | re.MULTILINE)
        except re.error as error:
            raise file.error(
                f"{pattern!r} is no regular expression: {error}.", place
            ) from error


def _is_date(text: str) -> bool:
    try:
        date.fromisoformat(text)
    except ValueError:
        return False
    return True


def _patterns(
    rules: tuple[LexiconRule, ...],
    conditions: tuple[Condition, ...],
    forms: tuple[RegisterForm, ...],
    words: tuple[RegionalWord, ...],
) -> Iterator[tuple[Place, str]]:
    for index, rule in enumerate(rules):
        yield from ((("rules", index, "patterns"), pattern) for pattern in rule.patterns)
        yield from ((("rules", index, "unless"), pattern) for pattern in rule.unless)
    for index, condition in enumerate(conditions):
        yield from ((("conditions", index, "words"), pattern) for pattern in condition.words)
        yield from ((("conditions", index, "unless"), pattern) for pattern in condition.unless)
    for index, form in enumerate(forms):
        yield from ((("register_forms", index, "patterns"), text) for text in form.patterns)
    for index, word in enumerate(words):
        yield ("regional_words", index, "wrong"), word.wrong


def _samples(pack: MarketPack, benefit: Benefit | None) -> Iterator[dict[str, Slot]]:
    """Slots with which a phrase is tried: each plural category that matters."""
    slots: dict[str, Slot] = {
        "product": SAMPLE_PRODUCT,
        "brand": SAMPLE_PRODUCT,
        "noun": SAMPLE_PRODUCT,
        "gender": "m",
        "contact": "example.com",
        **inflected(SAMPLE_PRODUCT, pack.market.language),
        **{f"noun_{form}": SAMPLE_PRODUCT for form in _noun_forms(pack)},
    }
    if benefit is None or not benefit.valued:
        yield slots
        return
    for value in (1, 2, 3, 12, 24):
        shown = amount(Decimal(value), benefit.unit, locale=pack.market.locale)
        yield slots | {"value": number(Decimal(value)), "amount": shown}


def _noun_forms(pack: MarketPack) -> frozenset[str]:
    """Cases in which every product noun of the pack stands."""
    forms = [frozenset(noun.forms) for noun in pack.product_nouns.values()]
    return frozenset.intersection(*forms) if forms else frozenset()


def _render(
    pack: MarketPack, pattern: str, slots: dict[str, Slot], file: DataFile, place: Place
) -> str:
    try:
        shown = render(pattern, slots, locale=pack.market.locale)
    except InputError as error:
        raise file.error(f"not a valid ICU message: {error}", place) from error
    if "{" in shown or "}" in shown:
        raise file.error(f"a slot that can't be filled here: {shown!r}.", place)
    return shown
