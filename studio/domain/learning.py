"""Everything a budget plan is made from, as one value that can be stored and replayed."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from datetime import date
from typing import Any

from studio.domain.alarm import Alarm, AlarmKind
from studio.domain.brief import Slug
from studio.domain.budget import PlanMode
from studio.domain.canonical import canonical_json, fingerprint
from studio.domain.delivery import AdId, Cell
from studio.domain.market import Locale
from studio.domain.money import Money


@dataclass(frozen=True, slots=True, kw_only=True)
class ArmDay:
    """What one ad, with its twin in the holdout, brought on one day."""

    day: date
    impressions: int
    clicks: int
    conversions: int
    spend_minor: int = 0
    value_minor: int | None = None
    """What the conversions were worth; `None`: not reported."""
    age_days: int = 0
    """How old the day was when these numbers were last imported."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ArmRecord:
    """One ad with what is known of it on the morning of the plan."""

    ad_id: AdId
    cell: Cell
    variant: str
    attributes: Mapping[str, str]
    impressions: int
    """Total up to the day before, of the ad and of its twin in the holdout."""
    clicks: int
    share_before: float | None
    """Its share of the cell in the plan before; `None` for a new ad."""
    live: bool
    """Whether it takes part; a paused ad's counts still teach."""
    conversions: int = 0
    holdout_ad_id: AdId | None = None
    """The same creative in the ad set that stays on the even split."""
    least_share: float = 0.0
    """What the marketer wants it to get at least and at most, as shares of its cell."""
    most_share: float = 1.0
    days: tuple[ArmDay, ...] = ()
    """The same counts day by day, so that old days can weigh less."""


@dataclass(frozen=True, slots=True, kw_only=True)
class CellBudget:
    """A cell's money for the day."""

    cell: Cell
    budget: Money
    before: Money | None = None
    """In the plan before; `None` for a new cell."""


@dataclass(frozen=True, slots=True, kw_only=True)
class CellDay:
    """What a cell's money brought on one day."""

    day: date
    spend_minor: int
    results: int
    """Of what the objective counts: clicks, or conversions."""


@dataclass(frozen=True, slots=True, kw_only=True)
class CellRecord:
    """A cell as the money between cells sees it."""

    cell: Cell
    even: Money
    """What it gets while nothing is known."""
    before: Money | None = None
    """In the plan before; `None` for a new cell."""
    worth: float = 1.0
    """Of one result, relative to the other cells'."""
    learning: bool = False
    """Whether the platform's learning phase asks to leave it alone."""
    days: tuple[CellDay, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Purse:
    """The day's money and what it has to keep between cells."""

    total: Money
    cells: tuple[CellRecord, ...]
    max_change_share: float
    """Part (0–1) of a cell's money by which it may rise or fall in a day."""
    market_floors: Mapping[str, float] = field(default_factory=dict)
    market_caps: Mapping[str, float] = field(default_factory=dict)
    target: Money | None = None
    """Most that one more result may cost."""


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
    holdout_share: float = 0.0
    """Share (0–1) of each cell's budget that stays on the even split."""
    objective: str = "clicks"
    """What counts as a result."""

    @property
    def sha256(self) -> str:
        """Fingerprint of the policy and its settings."""
        return fingerprint(asdict(self))


@dataclass(frozen=True, slots=True, kw_only=True)
class LearningInputs:
    """Counts, features and settings of one plan."""

    campaign: Slug
    day: date
    mode: PlanMode
    seed: int
    settings: PolicySettings
    budgets: tuple[CellBudget, ...] = ()
    """Set beforehand; otherwise they follow from the purse."""
    purse: Purse | None = None
    arms: tuple[ArmRecord, ...]
    """In order of market, placement, ad."""
    alarms: tuple[Alarm, ...] = ()
    """Open questions; the shares of their cells stay."""
    previous_sha256: str = ""
    """Fingerprint of the plan that `share_before` comes from."""
    undoes: str = ""
    """Fingerprint of the plan that this one takes back, whatever is believed."""
    restored: Mapping[AdId, float] = field(default_factory=dict)
    """The shares to go back to."""
    completeness: Mapping[str, tuple[float, ...]] = field(default_factory=dict)
    """Share of a day's conversions that is reported by its age in days, by platform."""
    doubts: tuple[str, ...] = ()
    """What the log says against a plan of the mode `auto`, in sentences."""

    @property
    def data_hash(self) -> str:
        """Fingerprint of the counts that the plan learnt from."""
        return fingerprint(
            {
                "arms": [
                    [arm.ad_id, arm.impressions, arm.clicks, arm.conversions]
                    for arm in self.arms
                ],
                "days": [[asdict(day) for day in arm.days] for arm in self.arms],
                "completeness": dict(self.completeness),
                "cells": [asdict(record) for record in self.purse.cells] if self.purse else [],
            }
        )

    def to_json(self) -> bytes:
        """Canonical JSON in UTF-8: equal inputs have equal bytes."""
        return canonical_json(asdict(self))

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
            budgets=tuple(_budget(row) for row in stored["budgets"]),
            purse=_purse(stored["purse"]),
            arms=tuple(_arm(row) for row in stored["arms"]),
            alarms=tuple(_alarm(row) for row in stored["alarms"]),
            previous_sha256=stored["previous_sha256"],
            undoes=stored["undoes"],
            restored={AdId(name): share for name, share in stored["restored"].items()},
            completeness={
                name: tuple(curve) for name, curve in stored.get("completeness", {}).items()
            },
            doubts=tuple(stored.get("doubts", ())),
        )


def _cell(stored: Mapping[str, str]) -> Cell:
    return Cell(market=Locale(stored["market"]), placement=stored["placement"])


def _money(stored: Mapping[str, Any] | None) -> Money | None:
    return None if stored is None else Money(**stored)


def _budget(row: Mapping[str, Any]) -> CellBudget:
    return CellBudget(
        cell=_cell(row["cell"]), budget=Money(**row["budget"]), before=_money(row["before"])
    )


def _purse(stored: Mapping[str, Any] | None) -> Purse | None:
    if stored is None:
        return None
    return Purse(
        **{
            **stored,
            "total": Money(**stored["total"]),
            "target": _money(stored["target"]),
            "cells": tuple(_record(row) for row in stored["cells"]),
        }
    )


def _record(row: Mapping[str, Any]) -> CellRecord:
    days = (CellDay(**{**day, "day": date.fromisoformat(day["day"])}) for day in row["days"])
    return CellRecord(
        **{
            **row,
            "cell": _cell(row["cell"]),
            "even": Money(**row["even"]),
            "before": _money(row["before"]),
            "days": tuple(days),
        }
    )


def _arm(row: Mapping[str, Any]) -> ArmRecord:
    days = (
        ArmDay(**{**day, "day": date.fromisoformat(day["day"])}) for day in row.get("days", ())
    )
    return ArmRecord(
        **{
            **row,
            "ad_id": AdId(row["ad_id"]),
            "cell": _cell(row["cell"]),
            "days": tuple(days),
        }
    )


def _alarm(row: Mapping[str, Any]) -> Alarm:
    return Alarm(
        kind=AlarmKind(row["kind"]),
        day=date.fromisoformat(row["day"]),
        cell=_cell(row["cell"]),
        ad_id=row["ad_id"],
        question=row["question"],
    )
