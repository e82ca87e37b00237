"""The market packs that are installed, and those a user has put before them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from functools import lru_cache
from hashlib import sha256
from pathlib import Path

from pydantic import TypeAdapter

from studio.domain.brief import Voice
from studio.domain.market import Market
from studio.errors import NotFound
from studio.markets.data_file import DataFile
from studio.markets.lint import Files, lint, lint_rules
from studio.markets.pack import (
    Appeal,
    Benefit,
    CallToAction,
    Condition,
    LexiconRule,
    MarketPack,
    Noun,
    Palette,
    Phrases,
    PriceWords,
    QuietDate,
    RegisterForm,
    Typefaces,
)
from studio.resources import bundled


@dataclass(frozen=True, slots=True, kw_only=True)
class MarketFile:
    """market.yaml."""

    market: Market
    register: str
    tone: Mapping[Voice, str]
    appeals: tuple[Appeal, ...]
    product_nouns: Mapping[str, Noun]
    calls_to_action: tuple[CallToAction, ...]
    price: PriceWords
    legal_line: str
    palettes: tuple[Palette, ...]
    sets_favoured: tuple[str, ...]
    sets_avoided: tuple[str, ...]
    typefaces: Typefaces
    writing_notes: tuple[str, ...]
    scene_notes: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class PhrasesFile:
    """phrases.yaml."""

    angles: Mapping[str, Phrases]


@dataclass(frozen=True, slots=True, kw_only=True)
class RulesFile:
    """rules.yaml of a market."""

    quiet_dates: tuple[QuietDate, ...]
    register_forms: tuple[RegisterForm, ...]
    rules: tuple[LexiconRule, ...]
    conditions: tuple[Condition, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class CommonRulesFile:
    """rules.yaml beside the markets."""

    rules: tuple[LexiconRule, ...]
    conditions: tuple[Condition, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class CatalogueEntry:
    """What a benefit is, in all markets."""

    meaning: str
    categories: tuple[str, ...] = ()
    unit: str = ""
    valued: bool = True


@dataclass(frozen=True, slots=True, kw_only=True)
class CatalogueFile:
    """benefits.yaml beside the markets."""

    benefits: Mapping[str, CatalogueEntry]


@dataclass(frozen=True, slots=True, kw_only=True)
class BenefitWords:
    """How one market says a benefit."""

    line: str
    gloss: str = ""
    note: str = ""
    note_gloss: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class BenefitsFile:
    """benefits.yaml of a market."""

    benefits: Mapping[str, BenefitWords]


MARKET = TypeAdapter(MarketFile)
PHRASES = TypeAdapter(PhrasesFile)
RULES = TypeAdapter(RulesFile)
COMMON = TypeAdapter(CommonRulesFile)
CATALOGUE = TypeAdapter(CatalogueFile)
BENEFITS = TypeAdapter(BenefitsFile)


@dataclass(frozen=True, slots=True)
class MarketLibrary:
    """Packs by locale. A folder earlier in `folders` wins; the bundled packs come last.

    Each folder holds `<locale>/market.yaml` and its neighbours, and may hold its own
    `benefits.yaml` and `rules.yaml` for all markets.
    """

    folders: tuple[Path, ...] = ()
    _searched: tuple[Path, ...] = field(init=False, repr=False, compare=False)

    def __init__(self, folders: Iterable[Path] = ()) -> None:
        own = tuple(folders)
        object.__setattr__(self, "folders", own)
        object.__setattr__(self, "_searched", (*own, bundled("prompts") / "markets"))

    def locales(self) -> tuple[str, ...]:
        """Every market that has a pack, sorted."""
        files = (file for folder in self._searched for file in folder.glob("*/market.yaml"))
        return tuple(sorted({file.parent.name for file in files}))

    def pack(self, locale: str) -> MarketPack:
        """The pack of a market. Raises `NotFound`, or `BriefError` for a pack that is wrong."""
        return _loaded(self._searched, locale)

    def benefits_by_category(self) -> Mapping[str, tuple[str, ...]]:
        """Keys of the benefit catalogue by product category, for the checks of briefs."""
        catalogue = DataFile.at(_shared(self._searched, "benefits.yaml")).read(CATALOGUE)
        categories = {
            name for entry in catalogue.benefits.values() for name in entry.categories
        }
        return {
            name: tuple(
                key
                for key, entry in catalogue.benefits.items()
                if not entry.categories or name in entry.categories
            )
            for name in sorted(categories)
        }

    def currencies(self) -> Mapping[str, str]:
        """The currency of each market."""
        return {locale: self.pack(locale).market.currency for locale in self.locales()}


@lru_cache(maxsize=64)
def _loaded(searched: tuple[Path, ...], locale: str) -> MarketPack:
    for folder in searched:
        if "/" not in locale and (folder / locale / "market.yaml").is_file():
            return _load(folder / locale, searched)
    known = ", ".join(MarketLibrary(searched[:-1]).locales())
    raise NotFound(f"There is no market {locale[:40]!r}; there are {known}.")


def _load(folder: Path, searched: tuple[Path, ...]) -> MarketPack:
    files = Files(
        market=DataFile.at(folder / "market.yaml"),
        phrases=DataFile.at(folder / "phrases.yaml"),
        rules=DataFile.at(folder / "rules.yaml"),
        benefits=DataFile.at(folder / "benefits.yaml"),
        common=DataFile.at(_shared(searched, "rules.yaml")),
        catalogue=DataFile.at(_shared(searched, "benefits.yaml")),
    )
    market = files.market.read(MARKET)
    rules = files.rules.read(RULES)
    common = files.common.read(COMMON)
    lint_rules(files.common, rules=common.rules, conditions=common.conditions)
    lint_rules(
        files.rules,
        rules=rules.rules,
        conditions=rules.conditions,
        forms=rules.register_forms,
        quiet_dates=rules.quiet_dates,
    )
    pack = MarketPack(
        version=_version(files),
        market=market.market,
        register=market.register,
        tone=market.tone,
        appeals=market.appeals,
        phrases=files.phrases.read(PHRASES).angles,
        benefits=_benefits(files),
        product_nouns=market.product_nouns,
        calls_to_action=market.calls_to_action,
        price=market.price,
        legal_line=market.legal_line,
        palettes=market.palettes,
        sets_favoured=market.sets_favoured,
        sets_avoided=market.sets_avoided,
        typefaces=market.typefaces,
        quiet_dates=rules.quiet_dates,
        rules=(*common.rules, *rules.rules),
        conditions=(*common.conditions, *rules.conditions),
        register_forms=rules.register_forms,
        writing_notes=market.writing_notes,
        scene_notes=market.scene_notes,
    )
    lint(pack, files, folder_name=folder.name)
    return pack


def _benefits(files: Files) -> dict[str, Benefit]:
    """The catalogue in the words of a market; each benefit must be worded, and no other."""
    catalogue = files.catalogue.read(CATALOGUE).benefits
    words = files.benefits.read(BENEFITS).benefits
    for key in words:
        if key not in catalogue:
            raise files.benefits.error("the catalogue has no such benefit.", ("benefits", key))
    for key in catalogue:
        if key not in words:
            raise files.benefits.error(f"{key} of the catalogue isn't worded.", ("benefits",))
    return {
        key: Benefit(
            key=key,
            categories=entry.categories,
            unit=entry.unit,
            valued=entry.valued,
            line=words[key].line,
            gloss=words[key].gloss,
            note=words[key].note,
            note_gloss=words[key].note_gloss,
        )
        for key, entry in catalogue.items()
    }


def _shared(searched: tuple[Path, ...], name: str) -> Path:
    return next((folder / name for folder in searched if (folder / name).is_file()), Path(name))


def _version(files: Files) -> str:
    parts = "".join(file.fingerprint for file in files.all())
    return sha256(parts.encode()).hexdigest()[:16]
