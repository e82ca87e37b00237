"""A rehearsed campaign: simulated clicks of the plan's world and of an even split's."""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass
from datetime import date

from studio.domain.brief import Slug
from studio.domain.delivery import Cell
from studio.domain.market import Locale
from studio.domain.money import Money


@dataclass(frozen=True, slots=True, kw_only=True)
class Outcome:
    """What one cell's money brought on one day in one world."""

    day: date
    cell: Cell
    impressions: int
    clicks: int
    conversions: int
    spend: Money
    expected_clicks: float
    """Impressions times the simulator's hidden click rates: the clicks without the luck."""


@dataclass(frozen=True, slots=True, kw_only=True)
class RehearsalRecord:
    """Both worlds, which share every random number and differ by the split of money alone."""

    campaign: Slug
    seed: int
    simulator: str
    """Name and version of what simulated the clicks."""
    planned: tuple[Outcome, ...]
    even: tuple[Outcome, ...]

    def to_json(self) -> str:
        """Canonical JSON: equal records have equal bytes."""
        return json.dumps(
            asdict(self),
            sort_keys=True,
            ensure_ascii=False,
            separators=(",", ":"),
            default=date.isoformat,
        )

    @classmethod
    def from_json(cls, text: str) -> RehearsalRecord:
        """The record that `to_json` wrote."""
        stored = json.loads(text)
        return cls(
            campaign=Slug(stored["campaign"]),
            seed=stored["seed"],
            simulator=stored["simulator"],
            planned=tuple(_outcome(row) for row in stored["planned"]),
            even=tuple(_outcome(row) for row in stored["even"]),
        )


def _outcome(row: dict[str, object]) -> Outcome:
    place, spend = row["cell"], row["spend"]
    assert isinstance(place, dict)
    assert isinstance(spend, dict)
    fields = {
        **row,
        "day": date.fromisoformat(str(row["day"])),
        "cell": Cell(market=Locale(place["market"]), placement=place["placement"]),
        "spend": Money(**spend),
    }
    return Outcome(**fields)  # type: ignore[arg-type]
