"""Clicks become a budget plan: what to spend on each ad tomorrow, and why."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date
from typing import Protocol

import numpy as np

from studio.bandit.budget import (
    Allocation,
    Guard,
    Guards,
    Standing,
    allocate,
    carried_over,
    even_shares,
    rounded,
    temper,
)
from studio.bandit.features import Arms, Ints, Spread, design, encode
from studio.bandit.posterior import fit
from studio.domain.brief import Brief, Slug
from studio.domain.budget import BudgetPlan, Limit, Move, PlanMode
from studio.domain.creative import Creative, Status
from studio.domain.delivery import Ad, AdId, Cell, Delivery
from studio.domain.learning import ArmRecord, CellBudget, LearningInputs, PolicySettings
from studio.domain.money import Money
from studio.domain.person import Person, Right
from studio.domain.seeds import derive_seed
from studio.errors import InputError
from studio.reporting.reasons import Belief, even_reason, evidence_reason, undo_reason

POLICY = "pooled-logistic-thompson/1"
LIMITS = {
    Guard.NONE: Limit.NONE,
    Guard.FLOOR: Limit.FLOOR,
    Guard.DAILY_CHANGE: Limit.DAILY_CHANGE,
    Guard.TOO_LITTLE_DATA: Limit.TOO_LITTLE_DATA,
}


class LearnStore(Protocol):
    """The part of `studio.store.repository` that learning needs."""

    def ads(self, slug: Slug) -> tuple[Ad, ...]: ...
    def creatives(self, slug: Slug) -> tuple[Creative, ...]: ...
    def deliveries(self, slug: Slug) -> tuple[Delivery, ...]: ...
    def plans(self, slug: Slug) -> tuple[BudgetPlan, ...]: ...
    def save_plan(self, plan: BudgetPlan) -> object: ...


class LearnBlobs(Protocol):
    """Files named by their SHA-256."""

    def put(self, content: bytes, /) -> str: ...
    def get(self, sha256: str, /) -> bytes: ...


@dataclass(frozen=True, slots=True, kw_only=True)
class Learner:
    """Where plans are made, replayed and taken back."""

    store: LearnStore
    blobs: LearnBlobs
    draws: int = 2000
    min_impressions: int = 200
    protected_share: float = 0.5

    def propose(self, brief: Brief, *, day: date, mode: PlanMode, person: Person) -> BudgetPlan:
        """The plan for `day` from deliveries before it, stored with all its inputs.

        The brief's daily budget is split evenly over the markets that have live ads, and a
        market's over its placements; ads of a cell share by their probability of being the
        best. Shares of the day before count as they stand in the newest earlier plan.
        """
        person.require(Right.PLAN)
        arms = self._arms(brief.slug, day)
        if not any(arm.live for arm in arms):
            raise InputError(
                f"Campaign {brief.slug} has no live ads to share a budget among: approve "
                "creatives and export them first."
            )
        inputs = LearningInputs(
            campaign=brief.slug,
            day=day,
            mode=mode,
            seed=derive_seed(brief.slug, "plan", brief.seed, day.isoformat()),
            settings=self._settings(brief, day),
            budgets=cell_budgets(brief.budget.daily, (arm.cell for arm in arms if arm.live)),
            arms=arms,
        )
        return self._stored(inputs)

    def replay(self, plan: BudgetPlan) -> BudgetPlan:
        """The same plan once more, computed from its stored inputs alone."""
        inputs = LearningInputs.from_json(self.blobs.get(plan.inputs_sha256))
        return plan_from(inputs, inputs_sha256=plan.inputs_sha256)

    def undo(self, slug: Slug, *, person: Person) -> BudgetPlan:
        """The newest plan's day with the shares from before it, as a new revision."""
        person.require(Right.PLAN)
        plans = self.store.plans(slug)
        if not plans:
            raise InputError(f"Campaign {slug} has no plan to take back.")
        inputs = LearningInputs.from_json(self.blobs.get(plans[-1].inputs_sha256))
        return self._stored(replace(inputs, undo=True))

    def _stored(self, inputs: LearningInputs) -> BudgetPlan:
        plan = plan_from(inputs, inputs_sha256=self.blobs.put(inputs.to_json()))
        self.store.save_plan(plan)
        return plan

    def _settings(self, brief: Brief, day: date) -> PolicySettings:
        budget = brief.budget
        elapsed = (day - brief.launch).days / max(budget.days - 1, 1)
        return PolicySettings(
            policy=POLICY,
            alpha=round(temper(elapsed), 6),
            draws=self.draws,
            floor_share=budget.floor_share,
            max_daily_change_share=budget.max_daily_change_share,
            min_impressions=self.min_impressions,
            protected_share=self.protected_share,
        )

    def _arms(self, slug: Slug, day: date) -> tuple[ArmRecord, ...]:
        """Ads whose exported content is still the creative's, with their totals."""
        creatives = {creative.id: creative for creative in self.store.creatives(slug)}
        impressions: dict[AdId, int] = defaultdict(int)
        clicks: dict[AdId, int] = defaultdict(int)
        for delivery in self.store.deliveries(slug):
            if delivery.day < day:
                impressions[delivery.ad_id] += delivery.impressions
                clicks[delivery.ad_id] += delivery.clicks
        before = shares_before(self.store.plans(slug), day)
        arms = [
            ArmRecord(
                ad_id=ad.id,
                cell=ad.cell,
                variant=creative.variant,
                attributes=dict(creative.attributes),
                impressions=impressions[ad.id],
                clicks=clicks[ad.id],
                share_before=before.get(ad.id),
                live=creative.status is Status.LIVE,
            )
            for ad in self.store.ads(slug)
            if (creative := creatives.get(ad.creative_id)) is not None
            and creative.content_hash == ad.content_hash
            and creative.status in (Status.LIVE, Status.PAUSED)
        ]
        return tuple(sorted(arms, key=lambda arm: (str(arm.cell), arm.ad_id)))


def shares_before(plans: Iterable[BudgetPlan], day: date) -> Mapping[AdId, float]:
    """Shares of the newest revision of the last plan before `day`."""
    earlier = [plan for plan in plans if plan.day < day]
    if not earlier:
        return {}
    last_day = max(plan.day for plan in earlier)
    newest = [plan for plan in earlier if plan.day == last_day][-1]
    return {move.ad_id: move.share_after for move in newest.moves}


def cell_budgets(daily: Money, cells: Iterable[Cell]) -> tuple[CellBudget, ...]:
    """`daily` split evenly over markets, then over each market's placements."""
    present = sorted(set(cells), key=str)
    markets = sorted({cell.market for cell in present})
    budgets = []
    parts = daily.split((1.0,) * len(markets))
    for market, part in zip(markets, parts, strict=True):
        own = [cell for cell in present if cell.market == market]
        for cell, budget in zip(own, part.split((1.0,) * len(own)), strict=True):
            budgets.append(CellBudget(cell=cell, budget=budget))
    return tuple(budgets)


def plan_from(inputs: LearningInputs, *, inputs_sha256: str) -> BudgetPlan:
    """The plan that follows from its inputs; equal inputs give an equal plan."""
    arms = encoded(inputs.arms)
    features = design(arms, Spread())
    impressions = np.array([arm.impressions for arm in inputs.arms], dtype=np.int64)
    clicks = np.array([arm.clicks for arm in inputs.arms], dtype=np.int64)
    live = np.array([arm.live for arm in inputs.arms])
    cell = arms.cell[live]
    held = np.array([np.nan if a.share_before is None else a.share_before for a in inputs.arms])
    previous = carried_over(held[live], cell)
    settings = inputs.settings
    standing = Standing(
        rows=features.matrix[live],
        cell=cell,
        previous=previous,
        impressions=impressions[live],
    )
    try:
        allocation = allocate(
            fit(features, clicks=clicks, impressions=impressions),
            standing,
            guards=guards(settings),
            alpha=settings.alpha,
            n_draws=settings.draws,
            rng=np.random.default_rng(inputs.seed),
        )
    except ValueError as error:
        raise InputError(
            f"budget.floor_share ({settings.floor_share:g}) and budget.max_daily_change_share "
            f"({settings.max_daily_change_share:g}) can't both hold from yesterday's shares: "
            "lower the floor or allow a larger change per day."
        ) from error
    if inputs.undo:
        allocation = replace(allocation, shares=previous)
    elif not impressions.any():
        allocation = replace(allocation, shares=even_shares(cell))
    return BudgetPlan(
        campaign=inputs.campaign,
        day=inputs.day,
        moves=moves(inputs, allocation, cell),
        policy=settings.policy,
        posterior_hash=inputs_sha256,
        inputs_sha256=inputs_sha256,
        seed=inputs.seed,
        mode=inputs.mode,
    )


def encoded(records: tuple[ArmRecord, ...]) -> Arms:
    """Ads as arms; an idea is a market's variant, shared by its placements."""
    return encode(
        market=[arm.cell.market for arm in records],
        placement=[arm.cell.placement for arm in records],
        creative=[f"{arm.cell.market}/{arm.variant}" for arm in records],
        attributes=[arm.attributes for arm in records],
    )


def guards(settings: PolicySettings) -> Guards:
    """The settings' limits as the mathematics takes them."""
    return Guards(
        floor_share=settings.floor_share,
        max_change_share=settings.max_daily_change_share,
        min_impressions=settings.min_impressions,
        protected_share=settings.protected_share,
    )


def moves(inputs: LearningInputs, allocation: Allocation, cell: Ints) -> tuple[Move, ...]:
    """One move for each live ad, in their order; a cell's budget is split to the last cent."""
    live = [arm for arm in inputs.arms if arm.live]
    budgets = {row.cell: row.budget for row in inputs.budgets}
    made: dict[int, Move] = {}
    for code in np.unique(cell):
        members = [int(index) for index in np.flatnonzero(cell == code)]
        shares = tuple(float(share) for share in rounded(allocation.shares[members]))
        parts = budgets[live[members[0]].cell].split(shares)
        ahead = max(members, key=lambda index: allocation.best[index])
        for index, share, part in zip(members, shares, parts, strict=True):
            belief = Belief(
                best=round(float(allocation.best[index]), 4),
                gain=round(float(allocation.gain[index]), 4),
                leader=live[ahead],
                leader_best=float(allocation.best[ahead]),
            )
            limit, reason = explained(
                inputs, live[index], share, belief, Guard(int(allocation.guard[index]))
            )
            made[index] = Move(
                ad_id=live[index].ad_id,
                cell=live[index].cell,
                share_before=_held(live[index], share),
                share_after=share,
                budget_after=part,
                impressions=live[index].impressions,
                clicks=live[index].clicks,
                ctr_mean=round(float(allocation.rate[index]), 8),
                ctr_low=round(float(allocation.low[index]), 8),
                ctr_high=round(float(allocation.high[index]), 8),
                best_probability=belief.best,
                expected_gain=belief.gain,
                limit=limit,
                reason=reason,
            )
    return tuple(made[index] for index in range(len(live)))


def explained(
    inputs: LearningInputs, arm: ArmRecord, share: float, belief: Belief, guard: Guard
) -> tuple[Limit, str]:
    """The limit that bound one ad's share, and the reason in words."""
    if inputs.undo:
        return Limit.NONE, undo_reason(arm, share)
    if not any(one.impressions for one in inputs.arms):
        return Limit.TOO_LITTLE_DATA, even_reason(arm, share)
    limit = LIMITS[guard]
    return limit, evidence_reason(arm, share, belief=belief, limit=limit, why=inputs.settings)


def _held(arm: ArmRecord, share: float) -> float:
    """The share before; a new ad's is what it gets."""
    return share if arm.share_before is None else arm.share_before
