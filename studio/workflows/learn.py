"""Clicks become a budget plan: what to spend on each ad tomorrow, and why."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime
from functools import reduce
from operator import add
from typing import Protocol

from studio.bandit.budget import temper
from studio.bandit.sequential import Uplift
from studio.domain.alarm import Alarm, AlarmAnswer, Answer, teaching
from studio.domain.brief import Brief, Slug
from studio.domain.budget import (
    BudgetPlan,
    PlanDecision,
    PlanMode,
    PlanStatus,
    PlanVerdict,
    in_force,
    status_of,
)
from studio.domain.creative import Creative
from studio.domain.delivery import Ad, Cell, Delivery
from studio.domain.delivery_report import DeliveryReport
from studio.domain.event import OWN
from studio.domain.learning import CellBudget, LearningInputs, PolicySettings
from studio.domain.money import Money
from studio.domain.person import Person, Right
from studio.domain.seeds import derive_seed
from studio.errors import InputError
from studio.workflows.check import Check, checked
from studio.workflows.gathering import (
    Reports,
    arms_of,
    bought,
    budgets_of,
    purse_of,
    shares_of,
)
from studio.workflows.holdout import uplift_of
from studio.workflows.planning import CONVERSION_OBJECTIVES, POLICY, plan_from
from studio.workflows.rewards import completeness_of, platform_of
from studio.workflows.watching import open_alarms

TAKEN_BACK = "Taken back."


def now() -> datetime:
    """The present moment, aware, in UTC."""
    return datetime.now(UTC)


class LearnStore(Protocol):
    """The part of `studio.store.repository` that learning needs."""

    def ads(self, slug: Slug) -> tuple[Ad, ...]: ...
    def creatives(self, slug: Slug) -> tuple[Creative, ...]: ...
    def deliveries(self, slug: Slug) -> tuple[Delivery, ...]: ...
    def delivery_reports(self, slug: Slug) -> tuple[DeliveryReport, ...]: ...
    def plan_revisions(self, slug: Slug) -> tuple[BudgetPlan, ...]: ...
    def plan_verdicts(self, slug: Slug) -> tuple[PlanVerdict, ...]: ...
    def alarm_answers(self, slug: Slug) -> tuple[AlarmAnswer, ...]: ...
    def save_plan(self, plan: BudgetPlan, *, signed: PlanVerdict | None = None) -> object: ...
    def decide_plan(self, verdict: PlanVerdict) -> object: ...
    def answer_alarm(self, answer: AlarmAnswer) -> object: ...


class LearnBlobs(Protocol):
    """Files named by their SHA-256."""

    def put(self, content: bytes, /) -> str: ...
    def get(self, sha256: str, /) -> bytes: ...


@dataclass(frozen=True, slots=True, kw_only=True)
class Learner:
    """Where plans are made, decided on, replayed and taken back."""

    store: LearnStore
    blobs: LearnBlobs
    clock: Callable[[], datetime] = now
    draws: int = 2000
    min_impressions: int = 200
    protected_share: float = 0.5

    def propose(
        self, brief: Brief, *, day: date, mode: PlanMode, person: Person, note: str = ""
    ) -> BudgetPlan:
        """The plan for `day` from deliveries before it, stored with all its inputs.

        The day's money goes to cells by what more of it brings there, evenly until something
        was reported; ads of a cell share by their probability of being the best. Shares and
        budgets of the day before count as they stand in the last plan in force.
        In the mode `approve` the person signs it in the same step, with `note`.
        """
        person.require(Right.PLAN)
        inputs = self._inputs(brief, day=day, mode=mode)
        plan = plan_from(inputs, inputs_sha256=self.blobs.put(inputs.to_json()))
        if mode is PlanMode.AUTO:
            plan = self._doubted(plan, inputs)
        signed = None
        if mode is PlanMode.APPROVE and not self.status(plan).in_force:
            signed = self._verdict(plan, PlanDecision.APPROVE, person=person, note=note)
        self.store.save_plan(plan, signed=signed)
        return plan

    def status(self, plan: BudgetPlan) -> PlanStatus:
        """Where a plan stands."""
        return status_of(plan, self.store.plan_verdicts(plan.campaign))

    def in_force(self, slug: Slug) -> tuple[BudgetPlan, ...]:
        """The plan that each day's money follows, by day."""
        return in_force(self.store.plan_revisions(slug), self.store.plan_verdicts(slug))

    def approve(self, slug: Slug, *, day: date, person: Person, note: str = "") -> BudgetPlan:
        """Put the newest plan for `day` into force, signed by a person.

        Raises `InputError` if it is in force already, or if the shares that it starts from
        are no longer those in force.
        """
        person.require(Right.PLAN)
        plan = self._waiting(slug, day)
        if plan.previous_sha256 != self._previous(slug, day):
            raise InputError(
                f"The plan for {day} starts from shares that are no longer in force; propose "
                "it again and approve the new one."
            )
        self.store.decide_plan(
            self._verdict(plan, PlanDecision.APPROVE, person=person, note=note)
        )
        return plan

    def reject(self, slug: Slug, *, day: date, person: Person, note: str) -> BudgetPlan:
        """Say no to the newest plan for `day`; the plan in force stays."""
        person.require(Right.PLAN)
        if not note.strip():
            raise InputError("Say why, so that others know: write a note.")
        plan = self._waiting(slug, day)
        self.store.decide_plan(
            self._verdict(plan, PlanDecision.REJECT, person=person, note=note)
        )
        return plan

    def replay(self, plan: BudgetPlan) -> BudgetPlan:
        """The same plan once more, computed from its stored inputs alone."""
        return plan_from(self._stored(plan), inputs_sha256=plan.inputs_sha256)

    def undo(self, slug: Slug, *, person: Person, note: str = TAKEN_BACK) -> BudgetPlan:
        """Back to the shares and budgets from before the last plan in force, signed.

        That is the plan which its day followed before, or else the day before; without any,
        the even split.
        """
        person.require(Right.PLAN)
        followed = self.in_force(slug)
        if not followed:
            raise InputError(f"Campaign {slug} has no plan in force to take back.")
        last = followed[-1]
        if last.undoes:
            raise InputError(
                f"The plan for {last.day} was taken back already; propose a new one."
            )
        inputs = taken_back(
            self._stored(last),
            last=last,
            before=self._before(slug, last),
        )
        plan = plan_from(inputs, inputs_sha256=self.blobs.put(inputs.to_json()))
        signed = self._verdict(plan, PlanDecision.APPROVE, person=person, note=note)
        self.store.save_plan(plan, signed=signed)
        return plan

    def uplift(self, brief: Brief) -> Uplift | None:
        """What the plans brought over the holdout's even split; `None` without a holdout."""
        reports = teaching(
            self.store.deliveries(brief.slug), self.store.alarm_answers(brief.slug)
        )
        return uplift_of(
            self.store.ads(brief.slug),
            reports,
            holdout_share=brief.budget.holdout_share,
            by_conversions=brief.budget.objective in CONVERSION_OBJECTIVES,
        )

    def check(self, plan: BudgetPlan) -> Check:
        """What a plan's shares would have got on the days before it, from its stored inputs."""
        return checked(plan, self._stored(plan), followed=self._followed(plan))

    def _doubted(self, plan: BudgetPlan, inputs: LearningInputs) -> BudgetPlan:
        """The same plan, waiting for a person if the log says that it is worse than even."""
        doubt = checked(plan, inputs, followed=self._followed(plan)).doubt
        if not doubt:
            return plan
        doubted = replace(inputs, doubts=(doubt,))
        return plan_from(doubted, inputs_sha256=self.blobs.put(doubted.to_json()))

    def _followed(self, plan: BudgetPlan) -> tuple[BudgetPlan, ...]:
        """The plans in force before a plan's day."""
        return tuple(one for one in self.in_force(plan.campaign) if one.day < plan.day)

    def _stored(self, plan: BudgetPlan) -> LearningInputs:
        """What a plan was made from."""
        if plan.policy != POLICY:
            raise InputError(
                f"The plan for {plan.day} was made by {plan.policy}; this version of the "
                f"studio computes {POLICY}. Replay it with the version that made it."
            )
        return LearningInputs.from_json(self.blobs.get(plan.inputs_sha256))

    def _inputs(self, brief: Brief, *, day: date, mode: PlanMode) -> LearningInputs:
        followed = [plan for plan in self.in_force(brief.slug) if plan.day < day]
        reports = tuple(
            report
            for report in teaching(
                self.store.deliveries(brief.slug), self.store.alarm_answers(brief.slug)
            )
            if report.day < day
        )
        ads, history = self.store.ads(brief.slug), self.store.delivery_reports(brief.slug)
        arms = arms_of(
            brief,
            ads=ads,
            creatives=self.store.creatives(brief.slug),
            reports=Reports(
                deliveries=reports,
                told={
                    (one.delivery.ad_id, one.delivery.day): one.confirmed_on for one in history
                },
                today=day,
            ),
            previous=followed[-1] if followed else None,
        )
        if not any(arm.live for arm in arms):
            raise InputError(
                f"Campaign {brief.slug} has no live ads to share a budget among: approve "
                "creatives and export them first."
            )
        return LearningInputs(
            campaign=brief.slug,
            day=day,
            mode=mode,
            seed=derive_seed(brief.slug, "plan", brief.seed, day.isoformat()),
            settings=self._settings(brief, day),
            purse=purse_of(
                brief, day=day, arms=arms, reports=bought(ads, reports), followed=followed
            ),
            arms=arms,
            alarms=self._open_alarms(brief, day=day),
            previous_sha256=followed[-1].sha256 if followed else "",
            completeness=completeness_of(history, {ad.id: platform_of(ad.cell) for ad in ads}),
        )

    def _open_alarms(self, brief: Brief, *, day: date) -> tuple[Alarm, ...]:
        ads = self.store.ads(brief.slug)
        return open_alarms(
            brief,
            day=day,
            ads=tuple(ad for ad in ads if ad.platform != OWN),
            reports=bought(ads, self.store.deliveries(brief.slug)),
            followed=self.in_force(brief.slug),
            answers=self.store.alarm_answers(brief.slug),
        )

    def questions(self, brief: Brief, *, day: date) -> tuple[Alarm, ...]:
        """What looks wrong in the reports before `day` and nobody answered yet."""
        return self._open_alarms(brief, day=day)

    def answer(
        self,
        brief: Brief,
        alarm_id: str,
        *,
        day: date,
        answer: Answer,
        person: Person,
        note: str = "",
    ) -> AlarmAnswer:
        """Remember what a person says to an open question of the plan for `day`."""
        person.require(Right.PLAN)
        alarms = {str(alarm.id): alarm for alarm in self._open_alarms(brief, day=day)}
        if alarm_id not in alarms:
            listed = ", ".join(alarms) or "there is none"
            raise InputError(f"{alarm_id!r} is no open question; open are: {listed}.")
        given = AlarmAnswer(
            campaign=brief.slug,
            alarm=alarms[alarm_id],
            answer=answer,
            person=person.name,
            role=person.role,
            note=note.strip(),
            at=self.clock(),
        )
        self.store.answer_alarm(given)
        return given

    def _previous(self, slug: Slug, day: date) -> str:
        """Fingerprint of the last plan in force before `day`; empty without one."""
        earlier = [plan for plan in self.in_force(slug) if plan.day < day]
        return earlier[-1].sha256 if earlier else ""

    def _before(self, slug: Slug, last: BudgetPlan) -> BudgetPlan | None:
        """What was followed before `last`: another revision of its day, or the day before."""
        revisions = list(self.store.plan_revisions(slug))
        place = max(index for index, plan in enumerate(revisions) if plan == last)
        earlier = in_force(revisions[:place], self.store.plan_verdicts(slug))
        candidates = [plan for plan in earlier if plan != last]
        return candidates[-1] if candidates else None

    def _waiting(self, slug: Slug, day: date) -> BudgetPlan:
        """The newest plan for `day`, which is not in force."""
        made = [plan for plan in self.store.plan_revisions(slug) if plan.day == day]
        if not made:
            raise InputError(f"Campaign {slug} has no plan for {day}; propose one first.")
        status = self.status(made[-1])
        if status.in_force:
            raise InputError(
                f"The plan for {day} is in force already ({status}); take it back with undo."
            )
        return made[-1]

    def _verdict(
        self, plan: BudgetPlan, decision: PlanDecision, *, person: Person, note: str
    ) -> PlanVerdict:
        return PlanVerdict(
            campaign=plan.campaign,
            day=plan.day,
            plan_sha256=plan.sha256,
            decision=decision,
            person=person.name,
            role=person.role,
            note=note.strip(),
            at=self.clock(),
        )

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
            holdout_share=budget.holdout_share,
            objective=budget.objective,
        )


def taken_back(
    inputs: LearningInputs, *, last: BudgetPlan, before: BudgetPlan | None
) -> LearningInputs:
    """The inputs of a plan that goes from `last` back to `before`."""
    shares = shares_of(last)
    return replace(
        inputs,
        mode=PlanMode.APPROVE,
        arms=tuple(
            replace(arm, share_before=shares.get(arm.ad_id, arm.share_before))
            for arm in inputs.arms
        ),
        budgets=restored_budgets(last, budgets_of(before)),
        purse=None,
        alarms=(),
        previous_sha256=last.sha256,
        undoes=last.sha256,
        restored=dict(shares_of(before)),
    )


def restored_budgets(last: BudgetPlan, earlier: Mapping[Cell, Money]) -> tuple[CellBudget, ...]:
    """The money of `last` in the proportions of an earlier plan with the same cells."""
    weights = [earlier.get(move.cell) for move in last.cells]
    known = tuple(float(each.amount_minor) for each in weights if each is not None)
    parts = [move.budget_after for move in last.cells]
    if len(known) == len(parts) and max(known) > 0:
        parts = list(reduce(add, parts).split(known))
    return tuple(
        CellBudget(cell=move.cell, budget=part, before=move.budget_after)
        for move, part in zip(last.cells, parts, strict=True)
    )
