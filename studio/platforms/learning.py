"""Learning phases of ad platforms, as dated data: while one lasts, money is left alone."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum
from pathlib import Path
from typing import Any

from pydantic import TypeAdapter, ValidationError
from ruamel.yaml import YAML

from studio.errors import BriefError

FILE = Path(__file__).with_name("learning.yaml")


class Certainty(StrEnum):
    """How sure a rule is."""

    READ = "read"
    """The platform's own page or API says so."""
    REPORTED = "reported"
    """Others cite the platform's page."""
    BELIEVED = "believed"
    """Common knowledge of the trade."""


@dataclass(frozen=True, slots=True, kw_only=True)
class LearningRule:
    """When an ad set of a platform stops learning after a significant edit."""

    platform: str
    window_days: int
    """After so many days it is over, or has failed and waiting helps no more."""
    edits: tuple[str, ...]
    """What starts it anew."""
    source: str
    certainty: Certainty
    checked_on: str
    """ISO date."""
    events: int | None = None
    """Results since the edit that end it earlier; `None`: only time does."""

    @property
    def budget_restarts(self) -> bool:
        """Whether a change of the budget alone can start it anew."""
        return any("budget" in edit for edit in self.edits)


RULE = TypeAdapter(LearningRule)


def load_learning_rules(file: Path = FILE) -> Mapping[str, LearningRule]:
    """All rules by platform; a platform without a rule has no such phase that we know of.

    Raises `BriefError` naming file and field.
    """
    sheet: dict[str, Any] = YAML(typ="safe").load(file.read_text(encoding="utf-8"))
    rules: dict[str, LearningRule] = {}
    for row in sheet["rules"]:
        try:
            rule = RULE.validate_python(
                row | {"checked_on": str(sheet["checked_on"])}, extra="forbid"
            )
        except ValidationError as error:
            first = error.errors()[0]
            field = ".".join(map(str, (row.get("platform", "?"), *first["loc"])))
            raise BriefError(first["msg"], file=file.name, field=field) from error
        rules[rule.platform] = rule
    return rules


def in_learning(
    rule: LearningRule,
    events_by_day: Mapping[date, int],
    last_edit: date | None,
    today: date,
) -> bool:
    """Whether an ad set is in its learning phase on the morning of `today`.

    events_by_day: results of what the ad set is optimised for. last_edit: day of the last
    significant edit, the launch included; `None`: none that we know of. Days are the platform
    account's. Results of the day of the edit count, those of `today` don't yet.
    """
    if last_edit is None or not last_edit <= today < last_edit + timedelta(rule.window_days):
        return False
    if rule.events is None:
        return True
    since = sum(count for day, count in events_by_day.items() if last_edit <= day < today)
    return since < rule.events
