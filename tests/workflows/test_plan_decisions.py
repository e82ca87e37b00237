"""Money follows a plan that a named person signed, or one that may act by itself."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

import pytest

from studio.domain.budget import BudgetPlan, PlanDecision, PlanMode, PlanStatus
from studio.domain.creative import Status
from studio.domain.learning import LearningInputs
from studio.errors import InputError, NotAllowed
from studio.workflows.learn import Learner
from tests.examples import ADMIN, MARKETER, NOON, REVIEWER
from tests.workflows.learning_fakes import SLUG, MemoryBlobs, MemoryStore, a_store
from tests.workflows.test_learn import LAUNCH, delivered, propose

PROPOSE, APPROVE, AUTO = PlanMode.PROPOSE, PlanMode.APPROVE, PlanMode.AUTO


@pytest.fixture
def store() -> MemoryStore:
    return a_store(variants=3)


@pytest.fixture
def learner(store: MemoryStore) -> Learner:
    return Learner(store=store, blobs=MemoryBlobs(), draws=200, clock=lambda: NOON)


def after(days: int) -> date:
    return LAUNCH + timedelta(days=days)


def before_of(plan: BudgetPlan) -> list[float]:
    return [move.share_before for move in plan.moves]


def after_of(plan: BudgetPlan) -> list[float]:
    return [move.share_after for move in plan.moves]


def test_a_proposal_moves_nothing_until_somebody_signs_it(
    learner: Learner, store: MemoryStore
) -> None:
    first = propose(learner, store, after=0)
    delivered(store)
    proposal = propose(learner, store, after=1, mode=PROPOSE)
    assert learner.status(proposal) is PlanStatus.PROPOSED
    assert learner.in_force(SLUG) == (first,)
    assert before_of(propose(learner, store, after=2, mode=PROPOSE)) == after_of(first)
    learner.approve(SLUG, day=proposal.day, person=MARKETER, note=" Looks right. ")
    assert learner.status(proposal) is PlanStatus.APPROVED
    assert learner.in_force(SLUG) == (first, proposal)
    assert before_of(propose(learner, store, after=2, mode=PROPOSE)) == after_of(proposal)
    (signature,) = store.signed
    assert (signature.person, signature.role) == (MARKETER.name, MARKETER.role)
    assert (signature.note, signature.at) == ("Looks right.", NOON)
    assert signature.plan_sha256 == proposal.sha256


def test_whoever_asks_in_the_mode_approve_signs_at_once(
    learner: Learner, store: MemoryStore
) -> None:
    plan = learner.propose(store.written, day=LAUNCH, mode=APPROVE, person=MARKETER, note="Go.")
    assert learner.status(plan) is PlanStatus.APPROVED
    assert [(each.person, each.note) for each in store.signed] == [(MARKETER.name, "Go.")]
    learner.propose(store.written, day=LAUNCH, mode=APPROVE, person=MARKETER)
    assert len(store.signed) == 1


def test_an_automatic_plan_is_in_force_unsigned(learner: Learner, store: MemoryStore) -> None:
    plan = propose(learner, store, after=0, mode=AUTO)
    assert learner.status(plan) is PlanStatus.AUTOMATIC
    assert learner.in_force(SLUG) == (plan,)
    assert store.signed == []


def test_an_automatic_plan_waits_where_a_pause_moves_more_than_a_day_may(
    learner: Learner, store: MemoryStore
) -> None:
    """One of three ads leaves: the other two go from a third to a half each, 17 points."""
    tight = replace(store.written.budget, max_daily_change_share=0.1)
    store.written = replace(store.written, budget=tight)
    first = propose(learner, store, after=0, mode=AUTO)
    store.made = tuple(
        replace(one, status=Status.PAUSED) if one.variant == "v0" else one for one in store.made
    )
    plan = propose(learner, store, after=1, mode=AUTO)
    assert learner.status(plan) is PlanStatus.PROPOSED
    assert "would move by 17 points, because ads came or went" in plan.obstacles[0]
    assert "may move a share by 10 points a day" in plan.obstacles[0]
    assert learner.in_force(SLUG) == (first,)
    learner.approve(SLUG, day=plan.day, person=ADMIN)
    assert learner.in_force(SLUG) == (first, plan)
    assert propose(learner, store, after=1, mode=PROPOSE).obstacles == ()


def test_a_rejection_says_why_and_leaves_the_plan_in_force(
    learner: Learner, store: MemoryStore
) -> None:
    first = propose(learner, store, after=0)
    proposal = propose(learner, store, after=1, mode=PROPOSE)
    with pytest.raises(InputError, match="write a note"):
        learner.reject(SLUG, day=proposal.day, person=MARKETER, note="  ")
    learner.reject(SLUG, day=proposal.day, person=MARKETER, note="A holiday is coming.")
    assert learner.status(proposal) is PlanStatus.REJECTED
    assert learner.in_force(SLUG) == (first,)
    assert store.signed[-1].decision is PlanDecision.REJECT


def test_what_is_in_force_is_taken_back_not_decided_again(
    learner: Learner, store: MemoryStore
) -> None:
    plan = propose(learner, store, after=0, mode=AUTO)
    with pytest.raises(InputError, match=r"in force already \(automatic\).*undo"):
        learner.approve(SLUG, day=plan.day, person=ADMIN)
    with pytest.raises(InputError, match="in force already"):
        learner.reject(SLUG, day=plan.day, person=ADMIN, note="No.")
    with pytest.raises(InputError, match=r"no plan for 2026-03-07; propose one first"):
        learner.approve(SLUG, day=after(5), person=ADMIN)


def test_a_proposal_that_starts_from_outdated_shares_cannot_be_approved(
    learner: Learner, store: MemoryStore
) -> None:
    propose(learner, store, after=0)
    proposal = propose(learner, store, after=2, mode=PROPOSE)
    propose(learner, store, after=1, mode=AUTO)
    with pytest.raises(InputError, match="no longer in force; propose it again"):
        learner.approve(SLUG, day=proposal.day, person=ADMIN)
    propose(learner, store, after=2, mode=PROPOSE)
    learner.approve(SLUG, day=proposal.day, person=ADMIN)


def test_undo_goes_back_to_what_the_day_followed_before(
    learner: Learner, store: MemoryStore
) -> None:
    propose(learner, store, after=0)
    delivered(store)
    morning = propose(learner, store, after=1, mode=AUTO)
    delivered(store, best="v1")
    noon = propose(learner, store, after=1, mode=APPROVE)
    assert learner.in_force(SLUG)[-1] == noon
    undone = learner.undo(SLUG, person=MARKETER)
    assert undone.day == noon.day
    assert undone.shares() == morning.shares()
    assert before_of(undone) == after_of(noon)
    assert learner.in_force(SLUG)[-1] == undone
    assert store.signed[-1].person == MARKETER.name
    assert (undone.undoes, undone.previous_sha256) == (noon.sha256, noon.sha256)
    with pytest.raises(InputError, match="taken back already"):
        learner.undo(SLUG, person=MARKETER)


def test_undo_of_a_days_only_plan_goes_back_to_the_day_before(
    learner: Learner, store: MemoryStore
) -> None:
    delivered(store)
    first = propose(learner, store, after=1)
    delivered(store, best="v1", day=after(1))
    propose(learner, store, after=2)
    ignored = propose(learner, store, after=3, mode=PROPOSE)
    undone = learner.undo(SLUG, person=ADMIN)
    assert undone.day == after(2)
    assert undone.shares() == first.shares()
    assert learner.status(ignored) is PlanStatus.PROPOSED
    with pytest.raises(InputError, match="no longer in force"):
        learner.approve(SLUG, day=ignored.day, person=ADMIN)


def test_undo_of_the_first_plan_is_the_even_split(learner: Learner, store: MemoryStore) -> None:
    delivered(store)
    propose(learner, store, after=1)
    undone = learner.undo(SLUG, person=ADMIN)
    assert after_of(undone) == pytest.approx([1 / 3] * 12, abs=1e-6)


def test_only_who_plans_decides(learner: Learner, store: MemoryStore) -> None:
    propose(learner, store, after=0, mode=PROPOSE)
    for decide in (learner.approve, learner.reject):
        with pytest.raises(NotAllowed, match="may not plan the budget"):
            decide(SLUG, day=LAUNCH, person=REVIEWER, note="x")
    assert store.signed == []


def test_a_plan_names_the_plan_that_it_starts_from(
    learner: Learner, store: MemoryStore
) -> None:
    first = propose(learner, store, after=0)
    second = propose(learner, store, after=1)
    assert (first.previous_sha256, second.previous_sha256) == ("", first.sha256)
    stored = LearningInputs.from_json(learner.blobs.get(second.inputs_sha256))
    assert stored.previous_sha256 == first.sha256


def test_a_plan_of_another_version_is_not_replayed_as_if_it_were_ours(
    learner: Learner, store: MemoryStore
) -> None:
    plan = replace(propose(learner, store, after=0), policy="pooled-logistic-thompson/1")
    with pytest.raises(InputError, match="Replay it with the version that made it"):
        learner.replay(plan)
