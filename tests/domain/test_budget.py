"""Where a plan stands follows from its mode and from what people said."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

import pytest

from studio.domain.alarm import Alarm, AlarmAnswer, AlarmKind, Answer, teaching
from studio.domain.brief import Slug
from studio.domain.budget import (
    BudgetPlan,
    PlanDecision,
    PlanMode,
    PlanStatus,
    PlanVerdict,
    in_force,
    status_of,
)
from studio.domain.creative import Role
from studio.domain.delivery import AdId, Cell, Delivery
from studio.domain.money import Money
from studio.errors import InputError
from tests.examples import DE, NOON, US

DAY = date(2026, 12, 3)
CELL = Cell(market=US, placement="feed")


def a_plan(
    mode: PlanMode = PlanMode.PROPOSE, *, day: date = DAY, seed: int = 1, waits: str = ""
) -> BudgetPlan:
    return BudgetPlan(
        campaign=Slug("rice"), day=day, moves=(), policy="p/1", posterior_hash="", seed=seed,
        inputs_sha256="", mode=mode, obstacles=(waits,) if waits else (),
    )  # fmt: skip


def said(plan: BudgetPlan, decision: PlanDecision) -> PlanVerdict:
    return PlanVerdict(
        campaign=plan.campaign, day=plan.day, plan_sha256=plan.sha256, decision=decision,
        person="mara", role=Role.MARKETER, note="", at=NOON,
    )  # fmt: skip


@pytest.mark.parametrize(
    ("plan", "status"),
    [
        (a_plan(), PlanStatus.PROPOSED),
        (a_plan(PlanMode.APPROVE), PlanStatus.PROPOSED),
        (a_plan(PlanMode.AUTO), PlanStatus.AUTOMATIC),
        (a_plan(PlanMode.AUTO, waits="Spend is tenfold."), PlanStatus.PROPOSED),
    ],
)
def test_without_a_word_the_mode_decides(plan: BudgetPlan, status: PlanStatus) -> None:
    assert status_of(plan, ()) is status


def test_the_last_word_counts_and_only_on_exactly_this_plan() -> None:
    plan, other = a_plan(), a_plan(seed=2)
    yes, no = (said(plan, each) for each in (PlanDecision.APPROVE, PlanDecision.REJECT))
    assert status_of(plan, (no, yes)) is PlanStatus.APPROVED
    assert status_of(plan, (yes, no)) is PlanStatus.REJECTED
    assert status_of(other, (yes,)) is PlanStatus.PROPOSED
    automatic = a_plan(PlanMode.AUTO)
    rejected = said(automatic, PlanDecision.REJECT)
    assert status_of(automatic, (rejected,)) is PlanStatus.REJECTED


def test_a_newer_proposal_changes_nothing_until_it_is_approved() -> None:
    followed, newer = a_plan(PlanMode.AUTO), a_plan(seed=2)
    later = a_plan(day=DAY + timedelta(days=1))
    assert in_force((followed, newer, later), ()) == (followed,)
    approved = said(newer, PlanDecision.APPROVE)
    assert in_force((followed, newer, later), (approved,)) == (newer,)
    taken = said(later, PlanDecision.APPROVE)
    assert in_force((later, followed, newer), (approved, taken)) == (newer, later)


def test_plans_of_equal_content_have_equal_fingerprints() -> None:
    assert a_plan().sha256 == a_plan().sha256
    assert a_plan().to_json() == a_plan().to_json()
    changed = [a_plan(PlanMode.AUTO), a_plan(seed=2), a_plan(waits="x")]
    assert len({plan.sha256 for plan in [a_plan(), *changed]}) == 4


def a_delivery(ad: str = "a", *, day: date = DAY, cell: Cell = CELL) -> Delivery:
    return Delivery(
        ad_id=AdId(ad), day=day, cell=cell, impressions=100, clicks=1, conversions=0,
        spend=Money.of("1", "USD"),
    )  # fmt: skip


def answered(answer: Answer, *, ad: AdId | None = None) -> AlarmAnswer:
    alarm = Alarm(kind=AlarmKind.DAY_MISSING, day=DAY, cell=CELL, ad_id=ad, question="?")
    return AlarmAnswer(
        campaign=Slug("rice"), alarm=alarm, answer=answer, person="mara", role=Role.MARKETER,
        note="", at=NOON,
    )  # fmt: skip


def test_excluded_reports_dont_teach() -> None:
    mine, other_ad = a_delivery(), a_delivery("b")
    other_day = a_delivery(day=DAY + timedelta(days=1))
    other_cell = a_delivery(cell=Cell(market=DE, placement="feed"))
    reports = (mine, other_ad, other_day, other_cell)
    exclude_ad = answered(Answer.EXCLUDE, ad=AdId("a"))
    assert teaching(reports, (exclude_ad,)) == (other_ad, other_day, other_cell)
    assert teaching(reports, (answered(Answer.EXCLUDE),)) == (other_day, other_cell)


def test_the_last_answer_to_an_alarm_counts() -> None:
    excluded, accepted = answered(Answer.EXCLUDE), answered(Answer.ACCEPT)
    assert teaching([a_delivery()], (excluded, accepted)) == (a_delivery(),)
    assert teaching([a_delivery()], (accepted, excluded)) == ()


def test_the_value_of_conversions_is_in_the_currency_of_the_spend() -> None:
    with pytest.raises(InputError, match="value is in EUR; write it in USD"):
        replace(a_delivery(), value=Money.of("5", "EUR"))
    with pytest.raises(InputError, match="value is -1"):
        replace(a_delivery(), value=Money(currency="USD", amount_minor=-1))
