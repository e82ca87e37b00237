"""What a platform reports back about an ad."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum
from typing import NewType

from studio.domain.creative import CreativeId
from studio.domain.market import Locale
from studio.domain.money import Money
from studio.errors import InputError

AdId = NewType("AdId", str)


@dataclass(frozen=True, slots=True, kw_only=True)
class Cell:
    """Where a budget is shared among variants: one market on one placement."""

    market: Locale
    placement: str

    def __str__(self) -> str:
        return f"{self.market}/{self.placement}"


class Group(StrEnum):
    """What an ad's money follows."""

    PLAN = "plan"
    """The plan's shares."""
    HOLDOUT = "holdout"
    """The even split, whatever is learnt: what the plans are measured against."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Ad:
    """A creative after it was published or exported."""

    id: AdId
    creative_id: CreativeId
    cell: Cell
    platform: str
    content_hash: str
    """Content that was approved and exported."""
    variant: str = ""
    attributes: Mapping[str, str] = field(default_factory=dict)
    """Those of the creative as it was exported; a later revision doesn't change them."""
    group: Group = Group.PLAN
    """A creative runs twice: in the ad set of the plan and in that of the holdout."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Delivery:
    """One ad's day in one cell. Importing the same ad, day and cell again replaces it."""

    ad_id: AdId
    day: date
    """A day of the platform account's calendar."""
    cell: Cell
    impressions: int
    clicks: int
    conversions: int
    spend: Money
    value: Money | None = None
    """What the conversions were worth, in the currency of the spend; `None`: not reported."""

    def __post_init__(self) -> None:
        counts = {
            "impressions": self.impressions,
            "clicks": self.clicks,
            "conversions": self.conversions,
            "spend": self.spend.amount_minor,
            "value": self.value.amount_minor if self.value else 0,
        }
        for name, count in counts.items():
            if count < 0:
                raise InputError(f"{name} is {count}; it can't be negative.")
        if self.clicks > self.impressions:
            raise InputError(
                f"clicks ({self.clicks}) can't exceed impressions ({self.impressions})."
            )
        if self.value and self.value.currency != self.spend.currency:
            raise InputError(
                f"value is in {self.value.currency}; write it in {self.spend.currency}, "
                "like the spend."
            )


@dataclass(frozen=True, slots=True, kw_only=True)
class ImportCount:
    """What an import changed."""

    added: int
    replaced: int
    unchanged: int
