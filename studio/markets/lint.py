"""What a pack's data must make true of itself, beyond its shape."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal

from studio.errors import InputError
from studio.markets.data_file import DataFile, Place
from studio.markets.messages import Slot, amount, number, render
from studio.markets.pack import (
    Benefit,
    Condition,
    LexiconRule,
    MarketPack,
    Phrase,
    QuietDate,
    RegisterForm,
)
from studio.markets.wording import script_share

HEX = re.compile(r"#[0-9A-Fa-f]{6}")
DAY = re.compile(r"(?:\d{4}-)?(?:0[1-9]|1[0-2])-(?:0[1-9]|[12]\d|3[01])")
FEWEST_PHRASES = 3
LONGEST_HEADLINE = 40
LONGEST_BODY = 125
SAMPLE_PRODUCT = "SmartChef"


@dataclass(frozen=True, slots=True, kw_only=True)
class Files:
    """The files that a pack was read from."""

    market: DataFile
    phrases: DataFile
    rules: DataFile
    benefits: DataFile
    common: DataFile
    catalogue: DataFile

    def all(self) -> tuple[DataFile, ...]:
        """Every file, in a fixed order."""
        return (
            self.market,
            self.phrases,
            self.rules,
            self.benefits,
            self.common,
            self.catalogue,
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
    for index, palette in enumerate(pack.palettes):
        for name in ("wall", "surface", "accent", "ink", "button"):
            if not HEX.fullmatch(getattr(palette, name)):
                raise file.error("write a colour like #1F3A34.", ("palettes", index, name))
    for name in ("appeals", "palettes", "calls_to_action", "sets_favoured"):
        if not getattr(pack, name):
            raise file.error("at least one is needed.", (name,))
    for index, appeal in enumerate(pack.appeals):
        if not 0 < appeal.strength <= 1:
            raise file.error("between 0 and 1.", ("appeals", index, "strength"))
    _check_price(pack, file)
    line: dict[str, Slot] = dict.fromkeys(("product", "brand", "contact"), "x")
    _render(pack, pack.legal_line, line, file, ("legal_line",))


def _check_price(pack: MarketPack, file: DataFile) -> None:
    if "{number}" not in pack.price.pattern:
        raise file.error("must contain {number}.", ("price", "pattern"))
    prices: dict[str, Slot] = dict.fromkeys(("price", "was", "lowest", "ends"), "1")
    for name in ("plain", "reduced", "until", "gloss_plain", "gloss_reduced", "gloss_until"):
        _render(pack, getattr(pack.price, name), prices, file, ("price", name))
    if pack.price.reference not in ("was", "lowest_30d"):
        raise file.error("write was or lowest_30d.", ("price", "reference"))


def _check_angles(pack: MarketPack, files: Files) -> None:
    angles = {appeal.angle for appeal in pack.appeals}
    for index, appeal in enumerate(pack.appeals):
        if appeal.angle not in pack.phrases:
            raise files.market.error("has no phrases.", ("appeals", index, "angle"))
    for angle, phrases in pack.phrases.items():
        if angle not in angles:
            raise files.phrases.error("isn't among the appeals.", ("angles", angle))
        for kind, group in (("headlines", phrases.headlines), ("bodies", phrases.bodies)):
            _check_group(pack, group, files.phrases, ("angles", angle, kind))


def _check_group(
    pack: MarketPack, group: tuple[Phrase, ...], file: DataFile, place: Place
) -> None:
    if len(group) < FEWEST_PHRASES:
        raise file.error(f"needs at least {FEWEST_PHRASES}.", place)
    if len({phrase.id for phrase in group}) < len(group):
        raise file.error("an id is used twice.", place)
    longest = LONGEST_HEADLINE if place[-1] == "headlines" else LONGEST_BODY
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
    native = phrase.text.replace("{product}", "").replace("{value}", "")
    bare = re.sub(r"[{}]|, plural,|\b(?:one|two|few|many|other|zero)\b|[a-z]+", " ", native)
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
    forms: tuple[RegisterForm, ...] = (),
    quiet_dates: tuple[QuietDate, ...] = (),
) -> None:
    """Raise `BriefError` for a pattern or date of a rules file that can't be read."""
    for index, quiet in enumerate(quiet_dates):
        if not DAY.fullmatch(quiet.day):
            raise file.error(
                "write MM-DD, or YYYY-MM-DD for a day that moves.",
                ("quiet_dates", index, "day"),
            )
    for place, pattern in _patterns(rules, conditions, forms):
        try:
            re.compile(pattern, re.IGNORECASE | re.MULTILINE)
        except re.error as error:
            raise file.error(
                f"{pattern!r} is no regular expression: {error}.", place
            ) from error


def _patterns(
    rules: tuple[LexiconRule, ...],
    conditions: tuple[Condition, ...],
    forms: tuple[RegisterForm, ...],
) -> Iterator[tuple[Place, str]]:
    for index, rule in enumerate(rules):
        yield from ((("rules", index, "patterns"), pattern) for pattern in rule.patterns)
        yield from ((("rules", index, "unless"), pattern) for pattern in rule.unless)
    for index, condition in enumerate(conditions):
        yield from ((("conditions", index, "words"), pattern) for pattern in condition.words)
    for index, form in enumerate(forms):
        yield from ((("register_forms", index, "patterns"), text) for text in form.patterns)


def _samples(pack: MarketPack, benefit: Benefit | None) -> Iterator[dict[str, Slot]]:
    """Slots with which a phrase is tried: each plural category that matters."""
    slots: dict[str, Slot] = {
        "product": SAMPLE_PRODUCT,
        "brand": SAMPLE_PRODUCT,
        "noun": SAMPLE_PRODUCT,
        "gender": "m",
        "contact": "example.com",
    }
    if benefit is None or not benefit.valued:
        yield slots
        return
    for value in (1, 2, 3, 12, 24):
        shown = amount(Decimal(value), benefit.unit, locale=pack.market.locale)
        yield slots | {"value": number(Decimal(value)), "amount": shown}


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
