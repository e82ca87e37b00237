"""The fields of a brief that people change most, as a form over the YAML text."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from io import StringIO
from typing import Any

from ruamel.yaml.comments import CommentedMap, CommentedSeq

from studio.errors import InputError
from studio.intake.yaml_text import load, round_trip


@dataclass(frozen=True, slots=True, kw_only=True)
class BriefForm:
    """What the form shows; everything else stays as the YAML has it."""

    title: str
    launch: str
    """ISO date."""
    product_name: str
    product_category: str
    markets: tuple[str, ...]
    placements: tuple[str, ...]
    daily_budget: str
    """Amount and currency: `400 EUR`."""
    days: int
    variants_per_market: int
    brand_name: str
    voice: str
    words_to_use: tuple[str, ...]
    words_to_avoid: tuple[str, ...]


PLACES = {
    "title": ("title",),
    "launch": ("launch",),
    "product_name": ("product", "name"),
    "product_category": ("product", "category"),
    "markets": ("markets",),
    "placements": ("placements",),
    "daily_budget": ("budget", "daily"),
    "days": ("budget", "days"),
    "variants_per_market": ("variants_per_market",),
    "brand_name": ("brand", "name"),
    "voice": ("brand", "voice"),
    "words_to_use": ("brand", "words_to_use"),
    "words_to_avoid": ("brand", "words_to_avoid"),
}
DEFAULTS: dict[str, Any] = {"variants_per_market": 6, "days": 14, "voice": "warm"}


def fields_from_yaml(text: str) -> BriefForm:
    """The form's fields as the YAML has them; what is missing is empty."""
    data = load(text, file="brief.yaml")
    return BriefForm(**{name: _shown(data, name) for name in PLACES})


def with_fields(text: str, form: BriefForm) -> str:
    """`text` with the form's changes; comments and all other fields are kept."""
    data = load(text, file="brief.yaml")
    for name, place in PLACES.items():
        value = getattr(form, name)
        if _shown(data, name) != value:
            _put(data, place, _stored(name, value))
    out = StringIO()
    round_trip().dump(data, out)
    return out.getvalue()


def _shown(data: CommentedMap, name: str) -> Any:
    node: Any = data
    for key in PLACES[name]:
        node = node.get(key) if isinstance(node, dict) else None
    kind = BriefForm.__annotations__[name]
    if kind == "int":
        try:
            return int(node if node is not None else DEFAULTS[name])
        except (TypeError, ValueError):
            return DEFAULTS[name]
    if kind.startswith("tuple"):
        return tuple(str(item) for item in node) if isinstance(node, list) else ()
    return str(node) if node is not None else DEFAULTS.get(name, "")


def _stored(name: str, value: Any) -> Any:
    if name == "launch":
        try:
            return date.fromisoformat(value)
        except ValueError as error:
            raise InputError(
                f"launch: {value!r} is no date; write it as 2026-12-01."
            ) from error
    if not isinstance(value, tuple):
        return value
    items = CommentedSeq(value)
    items.fa.set_flow_style()
    return items


def _put(data: CommentedMap, place: tuple[str, ...], value: Any) -> None:
    *parents, last = place
    node = data
    for key in parents:
        if not isinstance(node.get(key), dict):
            node[key] = CommentedMap()
        node = node[key]
    node[last] = value
