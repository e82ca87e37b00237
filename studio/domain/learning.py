"""Everything a budget plan is made from, as one value that can be stored and replayed."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from datetime import date

from studio.domain.brief import Slug
from studio.domain.budget import PlanMode
from studio.domain.delivery import AdId, Cell
from studio.domain.market import Locale
from studio.domain.money import Money


@dataclass(frozen=True, slots=True, kw_only=True)
class ArmRecord:
    """One ad with what is known of it on the morning of the plan."""

    ad_id: AdId
    cell: Cell
    variant: str
    attributes: Mapping[str, str]
    impressions: int
    """Total up to the day before."""
    clicks: int
    share_before: float | None
    """Its share of the cell in the plan before; `None` for a new ad."""
    live: bool
    """Whether it takes part; a paused ad's counts still teach."""


@dataclass(frozen=True, slots=True, kw_only=True)
class CellBudget:
    """A cell's money for the day."""

    cell: Cell
    budget: Money


@dataclass(frozen=True, slots=True, kw_only=True)
class PolicySettings:
    """How boldly a plan follows what is believed."""

    policy: str
    """Name and version."""
    alpha: float
    """Tempering of the posterior draws (0–1)."""
    draws: int
    floor_share: float
    max_daily_change_share: float
    min_impressions: int
    protected_share: float


@dataclass(frozen=True, slots=True, kw_only=True)
class LearningInputs:
    """Counts, features and settings of one plan."""

    campaign: Slug
    day: date
    mode: PlanMode
    seed: int
    settings: PolicySettings
    budgets: tuple[CellBudget, ...]
    arms: tuple[ArmRecord, ...]
    """In order of market, placement, ad."""
    undo: bool = False
    """The plan goes back to the shares before, whatever is believed."""

    def to_json(self) -> bytes:
        """Canonical JSON in UTF-8: equal inputs have equal bytes."""
        text = json.dumps(
            asdict(self),
            sort_keys=True,
            ensure_ascii=False,
            separators=(",", ":"),
            default=date.isoformat,
        )
        return text.encode()

    @classmethod
    def from_json(cls, content: bytes) -> LearningInputs:
        """The inputs that `to_json` wrote."""
        stored = json.loads(content)
        return cls(
            campaign=Slug(stored["campaign"]),
            day=date.fromisoformat(stored["day"]),
            mode=PlanMode(stored["mode"]),
            seed=stored["seed"],
            settings=PolicySettings(**stored["settings"]),
            budgets=tuple(
                CellBudget(cell=_cell(row["cell"]), budget=Money(**row["budget"]))
                for row in stored["budgets"]
            ),
            arms=tuple(
                ArmRecord(**{**row, "ad_id": AdId(row["ad_id"]), "cell": _cell(row["cell"])})
                for row in stored["arms"]
            ),
            undo=stored["undo"],
        )


def _cell(stored: Mapping[str, str]) -> Cell:
    return Cell(market=Locale(stored["market"]), placement=stored["placement"])
