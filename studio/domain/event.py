"""What happens on placements that we serve ourselves: decisions, impressions, clicks."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, date, datetime
from enum import StrEnum

from studio.domain.brief import Slug
from studio.domain.delivery import AdId, Cell

OWN = "own"
"""Name of the platform that is our own server."""


class EventKind(StrEnum):
    """What happened to an ad."""

    DECISION = "decision"
    """It was chosen; nobody may have seen it yet."""
    IMPRESSION = "impression"
    CLICK = "click"


class EventStatus(StrEnum):
    """Whether an event counts, or why it doesn't; every one is kept."""

    COUNTED = "counted"
    BOT = "bot"
    """Sent by a program, or by a browser that only fetches ahead."""
    LATE = "late"
    """Too long after its decision."""
    FAST = "fast"
    """Sooner after its decision than a person can click."""
    CROWDED = "crowded"
    """Its sender sends too many."""
    DOUBLE = "double"
    """The same visitor has just clicked the same ad."""
    UNSEEN = "unseen"
    """A click without an impression; it counts once the impression arrives."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Decision:
    """One ad chosen for one visitor; its signed token carries all of this."""

    id: str
    campaign: Slug
    ad_id: AdId
    cell: Cell
    propensity: float
    """Exact probability (0–1) with which this ad was chosen."""
    snapshot: str
    """First 16 hexadecimal digits of the snapshot's hash."""
    at_ms: int
    """Milliseconds since 1970, UTC."""

    @property
    def day(self) -> date:
        """The UTC day on which its impression and click count.

        A click after midnight counts with its impression, so that no day has more clicks
        than impressions.
        """
        return datetime.fromtimestamp(self.at_ms / 1000, UTC).date()


@dataclass(frozen=True, slots=True, kw_only=True)
class Event:
    """An impression or a click as it arrived."""

    kind: EventKind
    decision: Decision
    at_ms: int
    visitor: str
    """Keyed hash of address and browser; it changes daily and can't be traced back."""
    status: EventStatus = EventStatus.COUNTED
    """What the sender alone says of it; what came before may add a reason."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Receipt:
    """How an event was recorded."""

    status: EventStatus
    repeated: bool
    """Whether it had been recorded before; then nothing was counted again."""


@dataclass(frozen=True, slots=True, kw_only=True)
class EventTotal:
    """How many events of one kind and status an ad has had on one day."""

    ad_id: AdId
    cell: Cell
    day: date
    kind: EventKind
    status: EventStatus
    count: int
    repeats: int
    """How often one of them came again."""


@dataclass(frozen=True, slots=True, kw_only=True)
class LoggedArm:
    """What came of showing one ad under one snapshot: the material of off-policy estimates."""

    ad_id: AdId
    cell: Cell
    snapshot: str
    propensity: float
    impressions: int
    clicks: int
