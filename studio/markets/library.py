"""The market packs that are installed, and those a user has put before them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from functools import lru_cache
from hashlib import sha256
from pathlib import Path

from pydantic import TypeAdapter

from studio.domain.brief import Voice
from studio.domain.market import Market
from studio.errors import BriefError, NotFound
from studio.markets.data_file import DataFile
from studio.markets.days import Event, QuietDate
from studio.markets.lint import Files, lint, lint_rules
from studio.markets.pack import (
    Appeal,
    Benefit,
    CallToAction,
    Humour,
    MarketPack,
    Note,
    Noun,
    Palette,
    Phrases,
    PriceWords,
    SetChoice,
    TrustSignal,
    Typefaces,
)
from studio.markets.rules import (
    Condition,
    FaultWords,
    LexiconRule,
    RegionalWord,
    RegisterForm,
)
from studio.resources import bundled


@dataclass(frozen=True, slots=True, kw_only=True)
class MarketFile:
    """market.yaml."""

    market: Market
    register: str
    tone: Mapping[Voice, str]
    humour: Humour
    appeals: tuple[Appeal, ...]
    trust_signals: tuple[TrustSignal, ...]
    product_nouns: Mapping[str, Noun]
    calls_to_action: tuple[CallToAction, ...]
    price: PriceWords
    legal_line: str
    palettes: tuple[Palette, ...]
    sets: tuple[SetChoice, ...]
    typefaces: Typefaces
    writing: tuple[Note, ...]
    scenes: tuple[Note, ...]
    people: tuple[Note, ...]
    calendar: tuple[Event, ...]
    quiet_dates: tuple[QuietDate, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class PhrasesFile:
    """phrases.yaml."""

    angles: Mapping[str, Phrases]


@dataclass(frozen=True, slots=True, kw_only=True)
class RulesFile:
    """rules.yaml of a market."""

    includes: tuple[str, ...] = ()
    """Regions whose `rules-<region>.yaml` beside the markets holds here as well."""
    register_forms: tuple[RegisterForm, ...]
    regional_words: tuple[RegionalWord, ...] = ()
    rules: tuple[LexiconRule, ...]
    conditions: tuple[Condition, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class CommonRulesFile:
    """rules.yaml beside the markets, and rules-<region>.yaml."""

    rules: tuple[LexiconRule, ...] = ()
    conditions: tuple[Condition, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class FaultsFile:
    """What reviewers are told, in one language."""

    faults: Mapping[str, FaultWords]


@dataclass(frozen=True, slots=True, kw_only=True)
class CatalogueEntry:
    """What a benefit is, in all markets."""

    meaning: str
    categories: tuple[str, ...] = ()
    unit: str = ""
    valued: bool = True
    mentions: tuple[float, ...] = ()
    """Numbers that its definition holds: 80 percent of a charge."""


@dataclass(frozen=True, slots=True, kw_only=True)
class CatalogueFile:
    """benefits.yaml beside the markets."""

    categories: Mapping[str, str]
    """What each product category is, in English."""
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


HEAD = TypeAdapter(Market)
MARKET = TypeAdapter(MarketFile)
PHRASES = TypeAdapter(PhrasesFile)
RULES = TypeAdapter(RulesFile)
COMMON = TypeAdapter(CommonRulesFile)
FAULTS = TypeAdapter(FaultsFile)
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

    def categories(self) -> Mapping[str, str]:
        """The product categories of the catalogue, and what each is in English."""
        return self._catalogue().categories

    def benefits_by_category(self) -> Mapping[str, tuple[str, ...]]:
        """Keys of the benefit catalogue by product category, for the checks of briefs."""
        catalogue = self._catalogue()
        return {
            name: tuple(
                key
                for key, entry in catalogue.benefits.items()
                if not entry.categories or name in entry.categories
            )
            for name in sorted(catalogue.categories)
        }

    def catalogue(self) -> Mapping[str, CatalogueEntry]:
        """The benefits that can be claimed, by key."""
        return self._catalogue().benefits

    def markets(self) -> Mapping[str, Market]:
        """Every market by locale, without loading its pack.

        A market.yaml that can't be read is left out: one wrong file of a user mustn't keep the
        others from working. `pack` says what is wrong with it.
        """
        found = {}
        for locale in self.locales():
            folder = next(each for each in self._searched if _has(each, locale))
            with suppress(BriefError):
                file = DataFile.at(folder / locale / "market.yaml")
                found[locale] = file.part(HEAD, "market")
        return found

    def currencies(self) -> Mapping[str, str]:
        """The currency of each market."""
        return {locale: market.currency for locale, market in self.markets().items()}

    def _catalogue(self) -> CatalogueFile:
        return DataFile.at(_shared(self._searched, "benefits.yaml")).read(CATALOGUE)


@lru_cache(maxsize=64)
def _loaded(searched: tuple[Path, ...], locale: str) -> MarketPack:
    for folder in searched:
        if "/" not in locale and _has(folder, locale):
            return _load(folder / locale, searched)
    known = ", ".join(MarketLibrary(searched[:-1]).locales())
    raise NotFound(f"There is no market {locale[:40]!r}; there are {known}.")


def _has(folder: Path, locale: str) -> bool:
    return (folder / locale / "market.yaml").is_file()


def _load(folder: Path, searched: tuple[Path, ...]) -> MarketPack:
    rules_file = DataFile.at(folder / "rules.yaml")
    rules = rules_file.read(RULES)
    files = Files(
        market=DataFile.at(folder / "market.yaml"),
        phrases=DataFile.at(folder / "phrases.yaml"),
        rules=rules_file,
        benefits=DataFile.at(folder / "benefits.yaml"),
        catalogue=DataFile.at(_shared(searched, "benefits.yaml")),
        common=(
            DataFile.at(_shared(searched, "rules.yaml")),
            *(DataFile.at(_shared(searched, f"rules-{name}.yaml")) for name in rules.includes),
        ),
        faults=tuple(DataFile.at(path) for path in _fault_files()),
    )
    market = files.market.read(MARKET)
    common = [file.read(COMMON) for file in files.common]
    fault_words = {file.path.stem: file.read(FAULTS).faults for file in files.faults}
    kinds = frozenset(fault_words.get("en", ()))
    for file, content in zip(files.common, common, strict=True):
        lint_rules(file, rules=content.rules, conditions=content.conditions, kinds=kinds)
    lint_rules(
        files.rules,
        rules=rules.rules,
        conditions=rules.conditions,
        kinds=kinds,
        forms=rules.register_forms,
        words=rules.regional_words,
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
        sets=market.sets,
        typefaces=market.typefaces,
        humour=market.humour,
        trust_signals=market.trust_signals,
        writing=market.writing,
        scenes=market.scenes,
        people=market.people,
        calendar=market.calendar,
        quiet_dates=market.quiet_dates,
        rules=(*(rule for content in common for rule in content.rules), *rules.rules),
        conditions=_merged(*(content.conditions for content in common), rules.conditions),
        register_forms=rules.register_forms,
        regional_words=rules.regional_words,
        fault_words=fault_words,
    )
    lint(pack, files, folder_name=folder.name)
    return pack


def _merged(*groups: tuple[Condition, ...]) -> tuple[Condition, ...]:
    """All of them; where an id comes back, those of the last group with it."""
    found: dict[str, tuple[Condition, ...]] = {}
    for group in groups:
        own: dict[str, tuple[Condition, ...]] = {}
        for condition in group:
            own[condition.id] = (*own.get(condition.id, ()), condition)
        found |= own
    return tuple(condition for conditions in found.values() for condition in conditions)


def _benefits(files: Files) -> dict[str, Benefit]:
    """The catalogue in the words of a market, as far as it words it."""
    catalogue = files.catalogue.read(CATALOGUE).benefits
    words = files.benefits.read(BENEFITS).benefits
    for key in words:
        if key not in catalogue:
            raise files.benefits.error("the catalogue has no such benefit.", ("benefits", key))
    return {
        key: Benefit(
            key=key,
            categories=entry.categories,
            unit=entry.unit,
            valued=entry.valued,
            mentions=entry.mentions,
            line=words[key].line,
            gloss=words[key].gloss,
            note=words[key].note,
            note_gloss=words[key].note_gloss,
        )
        for key, entry in catalogue.items()
        if key in words
    }


def _fault_files() -> list[Path]:
    return sorted((bundled("prompts") / "findings").glob("*.yaml"))


def _shared(searched: tuple[Path, ...], name: str) -> Path:
    return next((folder / name for folder in searched if (folder / name).is_file()), Path(name))


def _version(files: Files) -> str:
    parts = "".join(file.fingerprint for file in files.all())
    return sha256(parts.encode()).hexdigest()[:16]
