"""Angle weights in a brief or in a file of insights: read, checked, written into a brief."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from io import StringIO
from math import isfinite
from typing import Any, TypeAlias

from ruamel.yaml.comments import CommentedMap

from studio.domain.brief import Brief
from studio.errors import BriefError
from studio.intake.problems import Problem
from studio.intake.yaml_text import line_of, load, plain, round_trip

FIELD = "angle_weights"
AnglesOf: TypeAlias = Callable[[str], tuple[str, ...]]
"""The angles that a market knows."""
Weights: TypeAlias = Mapping[str, Mapping[str, float]]


def weight_doubts(brief: Brief, angles: AnglesOf | None) -> Iterator[Problem]:
    """What is wrong with a brief's weights; without `angles` any name will do."""
    for market in brief.angle_weights:
        if market not in brief.markets:
            yield (FIELD, market), "isn't among the brief's markets."
            return
    yield from _doubts({str(each): own for each, own in brief.angle_weights.items()}, angles)


def read_weights(text: str, *, file: str, markets: Sequence[str], angles: AnglesOf) -> Weights:
    """The weights in a YAML or JSON text, such as `studio insights --json` writes.

    They stand under `angle_weights`. markets: those that the studio knows.
    Raises `BriefError` for the first problem, with all further ones in `others`.
    """
    data = load(text, file=file)
    found = plain(data).get(FIELD)
    problems = list(_shape(found, markets)) or list(_doubts(found or {}, angles))
    if problems:
        first, *rest = [
            BriefError(
                message, file=file, line=line_of(data, path), field=".".join(map(str, path))
            )
            for path, message in problems
        ]
        raise BriefError(
            first.reason, file=file, line=first.line, field=first.field, others=tuple(rest)
        )
    return {market: dict(weights) for market, weights in (found or {}).items()}


def with_weights(brief_text: str, weights: Weights) -> str:
    """A brief's text with these weights in place of its own; comments are kept."""
    data = load(brief_text, file="brief.yaml")
    data[FIELD] = CommentedMap(
        {market: _one_line(own) for market, own in sorted(weights.items())}
    )
    out = StringIO()
    round_trip().dump(data, out)
    return out.getvalue()


def _one_line(weights: Mapping[str, float]) -> CommentedMap:
    row = CommentedMap((angle, round(weight, 4)) for angle, weight in sorted(weights.items()))
    row.fa.set_flow_style()
    return row


def _shape(found: Any, markets: Sequence[str]) -> Iterator[Problem]:
    if not isinstance(found, dict) or not found:
        yield (
            (FIELD,),
            "is missing or empty; write weights by market and angle, such as "
            "ja-JP: {craft: 0.4, value: 0.1}. Without enough data there are none yet.",
        )
        return
    for market, weights in found.items():
        if market not in markets:
            yield (FIELD, market), f"is no market; choose from {', '.join(markets)}."
        elif not isinstance(weights, dict):
            yield (FIELD, market), "must name angles below it, such as craft: 0.4."
        else:
            yield from _numbers(market, weights)


def _numbers(market: str, weights: Mapping[str, Any]) -> Iterator[Problem]:
    for angle, weight in weights.items():
        if isinstance(weight, bool) or not isinstance(weight, int | float):
            yield (FIELD, market, angle), f"must be a number (it says {str(weight)[:40]!r})."


def _doubts(weights: Weights, angles: AnglesOf | None) -> Iterator[Problem]:
    for market, own in weights.items():
        known = angles(market) if angles else tuple(own)
        for angle, weight in own.items():
            if angle not in known:
                yield (
                    (FIELD, market, angle),
                    f"is no angle of {market}; choose from {', '.join(sorted(known))}.",
                )
            elif not isfinite(weight) or weight < 0:
                yield (FIELD, market, angle), f"must be 0 or more (it says {weight:g})."
        if not any(weight > 0 for weight in own.values()):
            yield (FIELD, market), "give at least one angle a weight above 0."
