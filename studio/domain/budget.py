"""Plans that move money, each move with its reason, and what people decide on them."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass, field
from datetime import date, datetime
from enum import StrEnum

from studio.domain.alarm import Alarm
from studio.domain.brief import Slug
from studio.domain.canonical import canonical_json, fingerprint
from studio.domain.creative import Role
from studio.domain.delivery import AdId, Cell
from studio.domain.money import Money


class PlanMode(StrEnum):
    """Who puts a plan into force."""

    PROPOSE = "propose"
    """The studio proposes; a person approves or rejects it later."""
    APPROVE = "approve"
    """The person who asks for the plan signs it in the same step."""
    AUTO = "auto"
    """In force at once, unless it breaks a limit or a report looks wrong; then it waits."""


class PlanStatus(StrEnum):
    """Where a plan stands."""

    PROPOSED = "proposed"
    APPROVED = "approved"
    REJECTED = "rejected"
    AUTOMATIC = "automatic"

    @property
    def in_force(self) -> bool:
        """Whether money follows it."""
        return self in (PlanStatus.APPROVED, PlanStatus.AUTOMATIC)


class PlanDecision(StrEnum):
    """What a person says to a plan."""

    APPROVE = "approve"
    REJECT = "reject"


class Limit(StrEnum):
    """A guard-rail that bound a share or a budget, if one did."""

    NONE = "none"
    FLOOR = "floor"
    DAILY_CHANGE = "daily_change"
    VARIANT_FLOOR = "variant_floor"
    VARIANT_CAP = "variant_cap"
    TOO_LITTLE_DATA = "too_little_data"
    FROZEN = "frozen"
    """A report looks wrong, so the share stays until a person answers."""
    CELL_FLOOR = "cell_floor"
    CELL_CAP = "cell_cap"
    CELL_CHANGE = "cell_change"
    LEARNING_PHASE = "learning_phase"
    TARGET = "target"
    """More money would make a result dearer than the target."""


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
    """The guard-rail that decided; the others that hold are in `limits`."""
    reason: str
    """The same in a sentence, in the brief's language."""
    gain_low: float = 0.0
    gain_high: float = 0.0
    """Ends of the gain's 95 % credible interval."""
    logit_mean: float = 0.0
    logit_sd: float = 0.0
    """Posterior of the logit of the click-through rate."""
    even_share: float = 0.0
    """What the even split would give."""
    limits: tuple[Limit, ...] = ()
    """Every guard-rail that the share touches."""
    context: Mapping[str, str] = field(default_factory=dict)
    """What the belief was asked for: market, placement and the ad's attributes."""


@dataclass(frozen=True, slots=True, kw_only=True)
class CellMove:
    """One cell's money for the day, and what its shares are expected to bring."""

    cell: Cell
    budget_before: Money | None
    """In the plan before; `None` for a new cell."""
    budget_after: Money
    """Of the ads that follow the plan and of the holdout together."""
    expected_gain: float
    """Click rate of the cell's shares relative to the even split, minus 1."""
    gain_low: float
    gain_high: float
    """Ends of its 95 % credible interval."""
    limits: tuple[Limit, ...] = ()
    reason: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class HoldoutBudget:
    """Money of an ad that stays on the even split."""

    ad_id: AdId
    cell: Cell
    budget: Money


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
    """SHA-256 of what was believed of every ad: mean and deviation of its logit."""
    inputs_sha256: str
    """Blob that holds all it was made from."""
    seed: int
    mode: PlanMode
    cells: tuple[CellMove, ...] = ()
    holdout: tuple[HoldoutBudget, ...] = ()
    model_hash: str = ""
    """SHA-256 of the policy's name, version and settings."""
    data_hash: str = ""
    """SHA-256 of the counts."""
    previous_sha256: str = ""
    """Fingerprint of the plan whose shares count as yesterday's; empty for the first."""
    obstacles: tuple[str, ...] = ()
    """Why a plan of the mode `auto` waits for a person, in sentences."""
    alarms: tuple[Alarm, ...] = ()
    """Questions that were open when it was made."""
    undoes: str = ""
    """Fingerprint of the plan that it takes back."""
    total: Money | None = None
    """The day's money; what the cells don't add up to stays unspent."""
    day_weight: float = 1.0
    """What a day's counts weigh beside the next day's: below 1 where taste has changed."""

    def shares(self) -> dict[Cell, dict[AdId, float]]:
        """Share (0–1) of each ad in its cell."""
        cells: dict[Cell, dict[AdId, float]] = {}
        for move in self.moves:
            cells.setdefault(move.cell, {})[move.ad_id] = move.share_after
        return cells

    @property
    def unspent(self) -> Money | None:
        """What limits or the target leave over; `None` where all is spent."""
        if self.total is None:
            return None
        left = self.total
        for move in self.cells:
            left = left - move.budget_after
        return left if left.amount_minor > 0 else None

    def of_cell(self, cell: Cell) -> tuple[Move, ...]:
        """The moves of one cell."""
        return tuple(move for move in self.moves if move.cell == cell)

    def to_json(self) -> bytes:
        """Canonical JSON: equal plans have equal bytes."""
        return canonical_json(asdict(self))

    @property
    def sha256(self) -> str:
        """Fingerprint of all that the plan says; what a person signs."""
        return fingerprint(asdict(self))


@dataclass(frozen=True, slots=True, kw_only=True)
class PlanVerdict:
    """A named person's decision on exactly one plan; never changed, only added."""

    campaign: Slug
    day: date
    plan_sha256: str
    decision: PlanDecision
    person: str
    role: Role
    note: str
    at: datetime


def verdict_on(plan: BudgetPlan, verdicts: Iterable[PlanVerdict]) -> PlanVerdict | None:
    """The last decision on a plan; later ones come later in `verdicts`."""
    of_day = [verdict for verdict in verdicts if verdict.day == plan.day]
    if not of_day:
        return None
    sha256 = plan.sha256
    return next((each for each in reversed(of_day) if each.plan_sha256 == sha256), None)


def status_of(plan: BudgetPlan, verdicts: Iterable[PlanVerdict]) -> PlanStatus:
    """Where a plan stands: what a person said last, or its mode where nobody spoke."""
    verdict = verdict_on(plan, verdicts)
    if verdict is not None:
        approved = verdict.decision is PlanDecision.APPROVE
        return PlanStatus.APPROVED if approved else PlanStatus.REJECTED
    automatic = plan.mode is PlanMode.AUTO and not plan.obstacles
    return PlanStatus.AUTOMATIC if automatic else PlanStatus.PROPOSED


def in_force(
    revisions: Iterable[BudgetPlan], verdicts: Sequence[PlanVerdict]
) -> tuple[BudgetPlan, ...]:
    """The plan that each day's money follows, by day; days without one are left out.

    A day's newest revision in force counts, so a newer proposal changes nothing until
    somebody approves it. Later revisions come later in `revisions`.
    """
    by_day: dict[date, list[BudgetPlan]] = defaultdict(list)
    for plan in revisions:
        by_day[plan.day].append(plan)
    found = (
        next((one for one in reversed(by_day[day]) if status_of(one, verdicts).in_force), None)
        for day in sorted(by_day)
    )
    return tuple(plan for plan in found if plan is not None)
