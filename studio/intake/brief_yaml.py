"""A brief as YAML text: read onto the domain types, every error with file, line and field."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from pathlib import Path
from typing import Any

from pydantic import TypeAdapter, ValidationError

from studio.domain.brief import Brief, Offer, checked_slug
from studio.domain.money import Money
from studio.errors import BriefError, InputError
from studio.intake.angle_weights import weight_doubts
from studio.intake.budget_limits import budget_doubts
from studio.intake.problems import FieldPath, Problem
from studio.intake.yaml_text import line_of, load, plain

MONEY_FIELDS = frozenset(
    {
        *("price", "was", "lowest_7d", "lowest_10d", "lowest_20d", "lowest_30d"),
        *("each", "daily", "target", "total"),
    }
)
NOT_OFFERED = frozenset({"each", "daily", "target", "total"})
"""Those of `MONEY_FIELDS` that aren't prices of an offer."""
MONEY_PATTERN = re.compile(r"(?P<amount>\d{1,12}(?:\.\d{1,3})?) (?P<currency>[A-Z]{3})")
COLOUR_PATTERN = re.compile(r"#[0-9A-Fa-f]{6}")
CONTROL_PATTERN = re.compile(r"[\x00-\x08\x0b-\x1f\x7f\u202a-\u202e]")
ASSETS_PREFIX = "assets:"
REVIEW_LANGUAGES = ("en", "zh")
"""Languages in which checks tell reviewers what they found."""
LANGUAGE_PATTERN = re.compile(r"[a-z]{2,3}(?:-[A-Z]{2})?")
PERMIT_PATTERN = re.compile(r"[a-z][a-z0-9_]{1,40}")
ENERGY_CLASSES = "ABCDEFG"
LONGEST_TEXT = 400

BRIEF = TypeAdapter(Brief)


@dataclass(frozen=True, slots=True, kw_only=True)
class Known:
    """What briefs may refer to."""

    locales: tuple[str, ...]
    placements: tuple[str, ...]
    benefits: Mapping[str, tuple[str, ...]]
    """Benefit keys by product category."""
    currencies: Mapping[str, str]
    """The currency in which each locale's prices are written."""
    angles: Callable[[str], tuple[str, ...]] | None = None
    """The angles that a locale knows; `None`: any name will do."""


@dataclass(frozen=True, slots=True, kw_only=True)
class BriefReader:
    """Reads briefs; knows which markets, placements and benefits exist."""

    known: Known
    assets: Path
    """Folder that `assets:` paths start from."""
    check_photo: Callable[[Path], object]
    """Raises `InputError` for a file that can't serve as a photo."""
    check_logo: Callable[[Path], object]
    """Raises `InputError` for a file that can't serve as a logo."""

    def read(self, text: str, *, slug: str, folder: Path, file: str = "brief.yaml") -> Brief:
        """The brief in `text`, whose relative paths start at `folder`.

        Raises `BriefError` for the first problem, with all further ones in `others`.
        """
        data = load(text, file=file)
        values = plain(data)
        problems: list[Problem] = [*_money(values), *_texts(values)]
        brief = None
        if not problems:
            values["slug"] = _own_slug(values, slug=slug, file=file)
            try:
                brief = BRIEF.validate_python(values, extra="forbid")
            except ValidationError as error:
                problems = [_explained(item) for item in error.errors(include_url=False)]
        if brief is not None:
            problems = list(self._doubts(brief, folder))
        if problems or brief is None:
            first, *rest = [
                BriefError(message, file=file, line=line_of(data, path), field=_dotted(path))
                for path, message in problems
            ]
            raise BriefError(
                first.reason, file=file, line=first.line, field=first.field, others=tuple(rest)
            )
        return brief

    def resolve(self, path: str, *, folder: Path) -> Path:
        """The file that a path in a brief names; it can't lie outside the allowed folders."""
        root, relative = folder, path
        if path.startswith(ASSETS_PREFIX):
            root, relative = self.assets, path.removeprefix(ASSETS_PREFIX)
        found = (root / relative).resolve()
        if not found.is_relative_to(root.resolve()):
            raise InputError(f"{path!r} leaves the campaign's folder; copy the file beside it.")
        return found

    def _doubts(self, brief: Brief, folder: Path) -> Iterator[Problem]:
        """What is well-formed but refers to nothing or makes no sense."""
        yield from self._unknown(brief)
        yield from _out_of_range(brief)
        yield from budget_doubts(brief)
        yield from weight_doubts(brief, self.known.angles)
        for index, offer in enumerate(brief.offers):
            yield from self._offer_doubts(brief, index, offer.market)
        for index, photo in enumerate(brief.product.photos):
            path = ("product", "photos", index, "path")
            yield from self._file_doubts(path, photo.path, folder, self.check_photo)
            if photo.light_from not in ("left", "right"):
                yield ("product", "photos", index, "light_from"), "write left or right."
        if brief.brand.logo:
            yield from self._file_doubts(
                ("brand", "logo"), brief.brand.logo, folder, self.check_logo
            )

    def _file_doubts(
        self, path: FieldPath, name: str, folder: Path, check: Callable[[Path], object]
    ) -> Iterator[Problem]:
        try:
            check(self.resolve(name, folder=folder))
        except InputError as error:
            # The stage that reads pictures names the field too; here its exact place is known.
            yield path, str(error).removeprefix("product.photos: ").removeprefix("brand.logo: ")

    def _unknown(self, brief: Brief) -> Iterator[Problem]:
        yield from _unlisted("markets", brief.markets, self.known.locales)
        yield from _unlisted("placements", brief.placements, self.known.placements)
        yield from _repeated("claims", tuple(claim.id for claim in brief.claims))
        category = brief.product.category
        benefits = self.known.benefits.get(category)
        if benefits is None:
            choices = ", ".join(sorted(self.known.benefits))
            yield ("product", "category"), f"{category!r} is unknown; choose from {choices}."
            return
        for index, claim in enumerate(brief.claims):
            if claim.benefit and claim.benefit not in benefits:
                yield (
                    ("claims", index, "benefit"),
                    f"{claim.benefit!r} is no benefit of a {category}; choose from "
                    f"{', '.join(benefits)}, or write it as text.",
                )

    def _offer_doubts(self, brief: Brief, index: int, market: str) -> Iterator[Problem]:
        offer = brief.offers[index]
        at = ("offers", index)
        if market not in brief.markets:
            yield (*at, "market"), f"{market!r} isn't among the brief's markets."
        if market in [other.market for other in brief.offers[:index]]:
            yield (*at, "market"), f"{market!r} has two offers; keep one."
        wanted = self.known.currencies.get(market, offer.price.currency)
        if offer.price.currency != wanted:
            yield (
                (*at, "price"),
                f"prices in {market} are in {wanted}, not {offer.price.currency}.",
            )
        yield from _offer_out_of_range(offer, at)
        if offer.landing_url and not re.fullmatch(
            r"https://[^\s<>\"]{4,2000}", offer.landing_url
        ):
            yield (*at, "landing_url"), "must be a web address that starts with https://."


def _unlisted(
    field: str, given: tuple[str, ...], allowed: tuple[str, ...]
) -> Iterator[Problem]:
    choices = ", ".join(allowed)
    if not given:
        yield (field,), f"name at least one of: {choices}."
    for index, name in enumerate(given):
        if name not in allowed:
            yield (field, index), f"{name!r} is unknown; choose from {choices}."
    yield from _repeated(field, given)


def _repeated(field: str, names: tuple[str, ...]) -> Iterator[Problem]:
    for index, name in enumerate(names):
        if name in names[:index]:
            yield (field, index), f"{name!r} is there twice."


def _money(node: Any, path: FieldPath = ()) -> Iterator[Problem]:
    """Turn every money text like `129.99 USD` into what the domain type takes, in place."""
    children = (
        node.items()
        if isinstance(node, dict)
        else enumerate(node)
        if isinstance(node, list)
        else ()
    )
    for key, value in list(children):
        if key in MONEY_FIELDS and value is not None:
            match = MONEY_PATTERN.fullmatch(value) if isinstance(value, str) else None
            if not match:
                yield (*path, key), "write an amount and a currency, such as 129.99 USD."
                continue
            try:
                money = Money.of(Decimal(match["amount"]), match["currency"])
            except (InputError, InvalidOperation) as error:
                yield (*path, key), str(error)
                continue
            node[key] = {"currency": money.currency, "amount_minor": money.amount_minor}
        else:
            yield from _money(value, (*path, key))


def _texts(node: Any, path: FieldPath = ()) -> Iterator[Problem]:
    if isinstance(node, str):
        if CONTROL_PATTERN.search(node):
            yield path, "holds an invisible control character; type the text again."
        if len(node) > LONGEST_TEXT:
            yield path, f"longer than {LONGEST_TEXT} characters."
    elif isinstance(node, dict):
        for key, value in node.items():
            yield from _texts(value, (*path, key))
    elif isinstance(node, list):
        for index, value in enumerate(node):
            yield from _texts(value, (*path, index))


def _own_slug(values: dict[str, Any], *, slug: str, file: str) -> str:
    if values.get("slug", slug) != slug:
        raise BriefError(f"must be the folder's name, {slug!r}.", file=file, field="slug")
    return checked_slug(slug)


def _out_of_range(brief: Brief) -> Iterator[Problem]:
    product = brief.product
    checks: tuple[tuple[FieldPath, bool, str], ...] = (
        (("title",), bool(brief.title.strip()), "write a name that you will recognise."),
        (
            ("language",),
            brief.language in REVIEW_LANGUAGES,
            f"write {' or '.join(REVIEW_LANGUAGES)}: reviewers read no other language here.",
        ),
        (("product", "name"), 0 < len(product.name.strip()) <= 60, "write 1 to 60 characters."),
        (
            ("brand", "name"),
            0 < len(brief.brand.name.strip()) <= 40,
            "write 1 to 40 characters.",
        ),
        (
            ("product", "photos"),
            bool(product.photos),
            "name at least one photo of the product.",
        ),
        (("product", "width_cm"), 0.5 <= product.width_cm <= 300, "must be 0.5 to 300 cm."),
        (("product", "height_cm"), 0.5 <= product.height_cm <= 300, "must be 0.5 to 300 cm."),
        (
            ("product", "tx_mw"),
            product.tx_mw is None or 0 <= product.tx_mw <= 10_000,
            "must be 0 to 10000 mW; leave it out if the product has no radio.",
        ),
        (
            ("product", "body_cm"),
            product.body_cm is None or 0 <= product.body_cm <= 1000,
            "must be 0 to 1000 cm.",
        ),
        (
            ("product", "energy_class"),
            len(product.energy_class) <= 1 and product.energy_class in ENERGY_CLASSES,
            "write the class of the EU energy label, A to G, or leave it out.",
        ),
        (("claims",), bool(brief.claims), "make at least one claim about the product."),
        (("variants_per_market",), 1 <= brief.variants_per_market <= 24, "must be 1 to 24."),
    )
    yield from ((path, message) for path, holds, message in checks if not holds)
    yield from _wrong_words(brief)
    for index, colour in enumerate(brief.brand.colours):
        if not COLOUR_PATTERN.fullmatch(colour):
            yield (
                ("brand", "colours", index),
                f"{colour!r} is no colour; write one like '#0B3D2E'.",
            )


def _wrong_words(brief: Brief) -> Iterator[Problem]:
    for index, claim in enumerate(brief.claims):
        if claim.language and not LANGUAGE_PATTERN.fullmatch(claim.language):
            yield (
                ("claims", index, "language"),
                f"{claim.language!r} is no language; write a code like de.",
            )
    for name, number in brief.approvals.items():
        if not PERMIT_PATTERN.fullmatch(name):
            yield (
                ("approvals", name),
                "name a permit in lower-case letters, digits and underscores.",
            )
        elif not number.strip():
            yield ("approvals", name), "write the permit's number, or leave it out."


def _offer_out_of_range(offer: Offer, at: FieldPath) -> Iterator[Problem]:
    for name in sorted(MONEY_FIELDS - NOT_OFFERED):
        price = getattr(offer, name)
        if price is not None and price.amount_minor <= 0:
            yield (*at, name), "must be more than 0."
    share, parts = offer.weeks_sold_share, offer.instalments
    checks: tuple[tuple[FieldPath, bool, str], ...] = (
        (
            ("weeks_sold_share",),
            share is None or 0 <= share <= 1,
            "must be 0 to 1: the part of the last eight weeks at the earlier price.",
        ),
        (
            ("stock",),
            offer.stock is None or offer.stock >= 1,
            "must be at least 1; leave it out if it isn't limited.",
        ),
        (
            ("ends",),
            not (offer.starts and offer.ends) or offer.starts <= offer.ends,
            f"lies before the start, {offer.starts}.",
        ),
        (("instalments", "count"), parts is None or 2 <= parts.count <= 60, "must be 2 to 60."),
        (
            ("instalments", "each"),
            parts is None or parts.each.amount_minor > 0,
            "must be more than 0.",
        ),
    )
    yield from (((*at, *path), message) for path, holds, message in checks if not holds)


def _explained(error: Any) -> Problem:
    """Pydantic's finding in the words of a brief."""
    path, kind = tuple(error["loc"]), error["type"]
    words = {
        "missing": "is missing; add it.",
        "unexpected_keyword_argument": "is no field of a brief; check the spelling.",
        "extra_forbidden": "is no field of a brief; check the spelling.",
        "enum": f"write one of: {error.get('ctx', {}).get('expected', '')}.",
        "literal_error": f"write one of: {error.get('ctx', {}).get('expected', '')}.",
        "dict_type": "must name shares below it, such as de-DE: 0.3.",
        "mapping_type": "must name shares below it, such as de-DE: 0.3.",
        "dataclass_type": "needs fields of its own, indented below it.",
        "tuple_type": "must be a list: one entry a line, each after a hyphen.",
    }
    cause = error.get("ctx", {}).get("error")
    if isinstance(cause, InputError):
        return path, str(cause)
    given = "" if kind == "missing" else f" (it says {str(error.get('input'))[:60]!r})"
    return path, words.get(kind, error["msg"][:1].lower() + error["msg"][1:] + given + ".")


def _dotted(path: FieldPath) -> str:
    text = "".join(f"[{part}]" if isinstance(part, int) else f".{part}" for part in path)
    return text.removeprefix(".")
