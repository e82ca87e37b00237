"""Reports that look wrong freeze their cell and ask; an answer lets the money move again."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from studio.domain.alarm import AlarmKind, Answer
from studio.domain.budget import Limit, PlanMode, PlanStatus
from studio.domain.delivery import Delivery
from studio.domain.money import Money
from studio.errors import InputError, NotAllowed
from studio.workflows.learn import Learner
from tests.examples import ADMIN, MARKETER, REVIEWER
from tests.workflows.learning_fakes import MARKETS, MemoryBlobs, MemoryStore, a_store
from tests.workflows.test_learn import LAUNCH, delivered, propose


@pytest.fixture
def store() -> MemoryStore:
    store = a_store(variants=2)
    for day in range(4):
        delivered(store, best="v1", day=LAUNCH + timedelta(days=day))
    return store


@pytest.fixture
def learner(store: MemoryStore) -> Learner:
    return Learner(store=store, blobs=MemoryBlobs(), draws=200)


def change(store: MemoryStore, *, day: int, first: bool = True, **values: object) -> Delivery:
    """Another report of the first ad's day."""
    when = LAUNCH + timedelta(days=day)
    key = min(key for key in store.days if key[1] == when)
    store.days[key] = replace(store.days[key], **values)  # type: ignore[arg-type]
    return store.days[key]


def test_plausible_reports_raise_no_question(learner: Learner, store: MemoryStore) -> None:
    assert learner.questions(store.written, day=LAUNCH + timedelta(days=4)) == ()
    late = LAUNCH + timedelta(days=6)
    assert learner.questions(store.written, day=late) == ()


def test_tenfold_spend_freezes_its_cell_until_it_is_accepted(
    learner: Learner, store: MemoryStore
) -> None:
    """5.00 EUR a day before, 60.00 on the fourth day."""
    wrong = change(store, day=3, spend=Money.of("60.00", "EUR"))
    day = LAUNCH + timedelta(days=4)
    plan = propose(learner, store, after=4, mode=PlanMode.AUTO)
    assert learner.status(plan) is PlanStatus.PROPOSED
    (alarm,) = plan.alarms
    assert (alarm.kind, alarm.ad_id) == (AlarmKind.SPEND_TENFOLD, wrong.ad_id)
    assert "spent 60.00 EUR on 05 Mar, where 5.00 EUR were expected" in alarm.question
    assert all(Limit.FROZEN in move.limits for move in plan.of_cell(wrong.cell))
    others = [move for move in plan.moves if move.cell != wrong.cell]
    assert max(move.share_after for move in others) > 0.6
    learner.answer(
        store.written, alarm.id, day=day, answer=Answer.ACCEPT, person=MARKETER, note="A sale."
    )
    again = propose(learner, store, after=4, mode=PlanMode.AUTO)
    assert learner.status(again) is PlanStatus.AUTOMATIC
    assert again.alarms == ()
    assert (store.answered[0].person, store.answered[0].note) == (MARKETER.name, "A sale.")


def test_an_excluded_report_does_not_teach(learner: Learner, store: MemoryStore) -> None:
    wrong = change(store, day=3, spend=Money.of("60.00", "EUR"))
    day = LAUNCH + timedelta(days=4)
    before = propose(learner, store, after=4, mode=PlanMode.PROPOSE)
    (alarm,) = before.alarms
    learner.answer(store.written, alarm.id, day=day, answer=Answer.EXCLUDE, person=ADMIN)
    after = propose(learner, store, after=4, mode=PlanMode.PROPOSE)
    shown = {
        plan.sha256: {m.ad_id: m.impressions for m in plan.moves} for plan in (before, after)
    }
    lost = shown[before.sha256][wrong.ad_id] - shown[after.sha256][wrong.ad_id]
    assert lost == wrong.impressions
    assert after.data_hash != before.data_hash


def test_a_day_that_a_whole_cell_lacks_is_one_question(
    learner: Learner, store: MemoryStore
) -> None:
    lost = LAUNCH + timedelta(days=1)
    store.days = {
        key: row
        for key, row in store.days.items()
        if key[1] != lost or row.cell.market != MARKETS[0]
    }
    questions = learner.questions(store.written, day=LAUNCH + timedelta(days=4))
    assert [(each.kind, each.day, each.ad_id) for each in questions] == [
        (AlarmKind.DAY_MISSING, lost, None)
    ] * 2
    assert "reported nothing for 03 Mar" in questions[0].question


def test_an_ad_that_a_report_leaves_out_is_no_missing_day(
    learner: Learner, store: MemoryStore
) -> None:
    when = LAUNCH + timedelta(days=1)
    del store.days[min(key for key in store.days if key[1] == when)]
    assert learner.questions(store.written, day=LAUNCH + timedelta(days=4)) == ()


def test_reports_that_stop_are_missed_after_two_days(
    learner: Learner, store: MemoryStore
) -> None:
    assert learner.questions(store.written, day=LAUNCH + timedelta(days=6)) == ()
    late = learner.questions(store.written, day=LAUNCH + timedelta(days=7))
    assert len(late) == 4
    assert {each.kind for each in late} == {AlarmKind.DAY_MISSING}


def test_a_collapse_is_asked_about_once(learner: Learner, store: MemoryStore) -> None:
    change(store, day=3, impressions=20_000, clicks=4)
    day = LAUNCH + timedelta(days=4)
    found = learner.questions(store.written, day=day)
    (collapse,) = [each for each in found if each.kind is AlarmKind.CTR_COLLAPSED]
    for each in found:
        learner.answer(store.written, each.id, day=day, answer=Answer.ACCEPT, person=ADMIN)
    delivered(store, best="v1", day=day)
    change(store, day=4, impressions=20_000, clicks=4)
    later = learner.questions(store.written, day=day + timedelta(days=1))
    assert [each for each in later if each.ad_id == collapse.ad_id] == []


def test_only_open_questions_are_answered_and_only_by_who_plans(
    learner: Learner, store: MemoryStore
) -> None:
    day = LAUNCH + timedelta(days=4)
    with pytest.raises(InputError, match="no open question; open are: there is none"):
        learner.answer(store.written, "x", day=day, answer=Answer.ACCEPT, person=ADMIN)
    with pytest.raises(NotAllowed):
        learner.answer(store.written, "x", day=day, answer=Answer.ACCEPT, person=REVIEWER)
