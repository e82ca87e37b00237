"""The four files of a new market, to be filled in by somebody who grew up there."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from io import StringIO
from pathlib import Path

from babel import Locale as BabelLocale
from babel import UnknownLocaleError
from babel.core import get_global
from babel.numbers import get_territory_currencies
from ruamel.yaml import YAML
from ruamel.yaml.comments import CommentedMap

from studio.errors import InputError
from studio.markets.data_file import TO_WRITE
from studio.markets.library import CatalogueEntry
from studio.markets.pack import MarketPack

LOCALE = re.compile(r"[a-z]{2,3}-[A-Z]{2}")
COUNTS = {"headlines": 4, "bodies": 4, "descriptions": 3}
RTL_SCRIPTS = frozenset({"Arab", "Hebr", "Thaa"})
FILES = ("market.yaml", "phrases.yaml", "benefits.yaml", "rules.yaml")


def write_skeleton(
    folder: Path,
    locale: str,
    *,
    like: MarketPack,
    like_folder: Path,
    catalogue: Mapping[str, CatalogueEntry],
) -> tuple[Path, ...]:
    """Write the files of a new market below `folder` and return their paths.

    What isn't language (angles, palettes, scenes, typefaces, kinds of rules) is taken from
    `like`; every text is left to be written. Raises `InputError` for a locale that CLDR doesn't
    know, and for a folder that is there.
    """
    market = _market(locale)
    target = folder / locale
    if target.exists():
        raise InputError(f"{target} is there already; nothing was written.")
    target.mkdir(parents=True)
    texts = {
        "market.yaml": _market_yaml(like_folder / "market.yaml", market),
        "phrases.yaml": _phrases_yaml(like, market["name"]),
        "benefits.yaml": "".join(_benefits_yaml(catalogue, market["name"])),
        "rules.yaml": _rules_yaml(market["name"]),
    }
    for name in FILES:
        (target / name).write_text(texts[name], encoding="utf-8")
    return tuple(target / name for name in FILES)


def _market(locale: str) -> dict[str, str]:
    """What CLDR knows of a locale."""
    if not LOCALE.fullmatch(locale):
        raise InputError(f"{locale!r} is no locale; write language and region, such as sv-SE.")
    try:
        parsed = BabelLocale.parse(locale, sep="-")
    except (UnknownLocaleError, ValueError) as error:
        raise InputError(f"{locale!r} is unknown to CLDR: {error}") from error
    region = locale.partition("-")[2]
    currencies = get_territory_currencies(region, tender=True)
    likely = get_global("likely_subtags").get(parsed.language, "")
    script = (likely.split("_") + ["", "Latn"])[1] or "Latn"
    return {
        "locale": locale,
        "name": f"{parsed.get_territory_name('en')} ({parsed.get_language_name('en')})",
        "language": parsed.language,
        "currency": currencies[0] if currencies else "USD",
        "script": script,
        "direction": "rtl" if script in RTL_SCRIPTS else "ltr",
    }


def _market_yaml(model: Path, market: Mapping[str, str]) -> str:
    """The model's market.yaml with its words taken out."""
    reader = YAML()
    reader.width = 200
    data: CommentedMap = reader.load(model.read_text(encoding="utf-8"))
    data.yaml_set_start_comment(f"{market['name']}: language, taste and prices.")
    data["market"] = dict(market)
    data["register"] = TO_WRITE
    data["tone"] = dict.fromkeys(data["tone"], TO_WRITE)
    data["humour"] = {"level": 1, "note": TO_WRITE, "certainty": "hint"}
    for appeal in data["appeals"]:
        appeal["strength"], appeal["rationale"] = 0.5, TO_WRITE
        appeal.pop("source", None)
    data["trust_signals"] = [{"mark": TO_WRITE, "proof": TO_WRITE, "certainty": "likely"}]
    data["product_nouns"] = {
        key: {"text": TO_WRITE, "gloss": key.replace("_", " ")} for key in data["product_nouns"]
    }
    for button in data["calls_to_action"]:
        button["text"] = button["gloss"] = TO_WRITE
    data["price"] = {
        "pattern": "{number} " + market["currency"],
        **{name: TO_WRITE for name in ("plain", "reduced", "until")},
        **{f"gloss_{name}": TO_WRITE for name in ("plain", "reduced", "until")},
    }
    data["legal_line"] = ""
    for name in ("writing", "scenes", "people"):
        data[name] = [{"rule": TO_WRITE, "certainty": "likely"}]
    data["sets"] = [choice for choice in data["sets"] if "when" not in choice]
    data["calendar"] = [{"name": TO_WRITE, "day": "11 fri 4", "use": TO_WRITE}]
    data["quiet_dates"] = [{"day": "01-01", "name": TO_WRITE}]
    return _dumped(data, reader)


def _phrases_yaml(like: MarketPack, name: str) -> str:
    angles = {
        angle: {
            kind: [
                {"id": f"{kind[0]}{number}", "text": TO_WRITE, "gloss": TO_WRITE}
                for number in range(1, count + 1)
            ]
            for kind, count in COUNTS.items()
        }
        for angle in like.phrases
    }
    head = (
        f"# Headlines, bodies and descriptions for {name}. Write them new, don't translate;\n"
        "# docs/market-packs.md says how long they may be and which slots there are.\n"
    )
    return head + _dumped({"schema": 2, "angles": angles}, YAML())


def _benefits_yaml(catalogue: Mapping[str, CatalogueEntry], name: str) -> Iterator[str]:
    yield f"# The benefit catalogue as it is said in {name}.\nschema: 2\nbenefits:\n"
    for key, entry in catalogue.items():
        slot = "{amount}" if entry.unit else "{value}"
        yield f"  # {entry.meaning}{f'; with {slot}' if entry.valued else ''}\n"
        yield f'  {key}: {{line: "{TO_WRITE}", gloss: "{TO_WRITE}"}}\n'


def _rules_yaml(name: str) -> str:
    return (
        f"# {name}: forms of address, words and conditions. Begin with what the law says.\n"
        "schema: 2\nregister_forms: []\nregional_words: []\n"
        "rules:\n"
        "  - id: XX-01\n    kind: superlative\n    severity: block_until_evidence\n"
        f"    patterns: ['{TO_WRITE}']\n    law: {TO_WRITE}\n    certainty: established\n"
        "conditions:\n"
        "  - {id: G-07, check: urgency_without_end, kind: urgency, "
        f"severity: block_until_evidence, words: ['{TO_WRITE}'], law: {TO_WRITE}}}\n"
    )


def _dumped(data: object, writer: YAML) -> str:
    text = StringIO()
    writer.dump(data, text)
    return text.getvalue()
