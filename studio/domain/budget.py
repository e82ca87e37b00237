"""Plans that move money, each move with its reason."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from studio.domain.brief import Slug
from studio.domain.delivery import AdId, Cell
from studio.domain.money import Money


class PlanMode(StrEnum):
    """Who puts a plan into force."""

    PROPOSE = "propose"
    """The studio proposes; a person decides."""
    AUTO = "auto"
    """The studio decides within the brief's limits."""


class Limit(StrEnum):
    """The guard-rail that bound a share, if one did."""

    NONE = "none"
    FLOOR = "floor"
    DAILY_CHANGE = "daily_change"
    TOO_LITTLE_DATA = "too_little_data"


@dataclass(frozen=True, slots=True, kw_only=True)
class Move:
    """One ad's share of its cell's budget, before and after, and why."""

    ad_id: AdId
    cell: Cell
    share_before: float
    share_after: float
    budget_after: Money
    impressions: int
    clicks: int
    ctr_mean: float
    """Posterior mean of the click-through rate (0–1)."""
    ctr_low: float
    ctr_high: float
    """Ends of its 95 % credible interval."""
    best_probability: float
    """Probability of having the highest rate of the cell (unsharpened posterior)."""
    expected_gain: float
    """Posterior mean rate relative to the cell's even split, minus 1."""
    limit: Limit
    reason: str
    """The same in a sentence, in the brief's language."""


@dataclass(frozen=True, slots=True, kw_only=True)
class BudgetPlan:
    """Shares of every cell for one day, replayable from its stored inputs."""

    campaign: Slug
    day: date
    """The day the plan is for."""
    moves: tuple[Move, ...]
    policy: str
    """Name and version of the policy that made it."""
    posterior_hash: str
    """SHA-256 of the inputs: counts, features and settings."""
    inputs_sha256: str
    """Blob that holds those inputs."""
    seed: int
    mode: PlanMode

    def shares(self) -> dict[Cell, dict[AdId, float]]:
        """Share (0–1) of each ad in its cell."""
        cells: dict[Cell, dict[AdId, float]] = {}
        for move in self.moves:
            cells.setdefault(move.cell, {})[move.ad_id] = move.share_after
        return cells

    def of_cell(self, cell: Cell) -> tuple[Move, ...]:
        """The moves of one cell."""
        return tuple(move for move in self.moves if move.cell == cell)
