"""A rehearsal runs the whole loop and lets two worlds differ by their shares alone."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest

from studio.domain.brief import Budget
from studio.domain.budget import PlanMode
from studio.domain.creative import Status
from studio.domain.delivery import Group
from studio.domain.money import Money
from studio.domain.rehearsal import RehearsalRecord
from studio.errors import InputError
from studio.workflows.learn import Learner
from studio.workflows.simulate import Rehearsal, price_per_impression
from tests.examples import ADMIN
from tests.workflows.learning_fakes import SLUG, MemoryBlobs, a_brief, a_store

LAUNCH = date(2026, 3, 2)


def test_a_rehearsal_is_the_same_each_time_and_survives_storage() -> None:
    records = []
    for _ in range(2):
        store = a_store()
        rehearsal = Rehearsal.of(store, store.written)
        learner = Learner(store=store, blobs=MemoryBlobs(), draws=300)
        records.append(rehearsal.record(list(rehearsal.run(learner, person=ADMIN, days=3))))
    assert records[0] == records[1]
    assert RehearsalRecord.from_json(records[0].to_json()) == records[0]


def test_the_first_day_is_split_evenly_so_both_worlds_are_equal() -> None:
    store = a_store()
    rehearsal = Rehearsal.of(store, store.written)
    learner = Learner(store=store, blobs=MemoryBlobs(), draws=300)
    first, second = rehearsal.run(learner, person=ADMIN, days=2)
    assert first.planned == first.even
    assert second.planned != second.even
    assert [row.spend for row in second.planned] == pytest.approx(
        [row.spend for row in second.even], abs=0
    ) or all(
        abs(ours.spend.amount_minor - theirs.spend.amount_minor) <= 6
        for ours, theirs in zip(second.planned, second.even, strict=True)
    )


def test_stored_deliveries_add_up_to_the_planned_worlds_outcomes() -> None:
    store = a_store()
    rehearsal = Rehearsal.of(store, store.written)
    learner = Learner(store=store, blobs=MemoryBlobs(), draws=300)
    days = list(rehearsal.run(learner, person=ADMIN, days=3))
    outcomes = [row for day in days for row in day.planned]
    assert len(store.days) == 3 * len(store.made)
    for name in ("impressions", "clicks", "conversions"):
        reported = sum(getattr(row, name) for row in store.days.values())
        assert reported == sum(getattr(row, name) for row in outcomes)
    assert sum(row.spend.amount_minor for row in store.days.values()) == sum(
        row.spend.amount_minor for row in outcomes
    )
    assert {day.day for day in days} == {LAUNCH, date(2026, 3, 3), date(2026, 3, 4)}


def test_over_the_campaign_the_plans_bring_more_clicks_than_the_even_split() -> None:
    store = a_store(brief=a_brief(daily="300.00", days=8))
    rehearsal = Rehearsal.of(store, store.written)
    learner = Learner(store=store, blobs=MemoryBlobs(), draws=500)
    record = rehearsal.record(list(rehearsal.run(learner, person=ADMIN)))
    planned = sum(row.expected_clicks for row in record.planned)
    even = sum(row.expected_clicks for row in record.even)
    assert planned > 1.05 * even


def test_only_live_ads_are_shown() -> None:
    store = a_store()
    store.made = tuple(
        replace(one, status=Status.PAUSED) if one.variant == "v0" else one for one in store.made
    )
    assert len(Rehearsal.of(store, store.written).ads) == 20
    store.made = ()
    with pytest.raises(InputError, match="no live ads to rehearse"):
        Rehearsal.of(store, store.written)


def test_an_ad_without_a_budget_reports_nothing() -> None:
    store = a_store()
    rehearsal = Rehearsal.of(store, store.written)
    plan = Learner(store=store, blobs=MemoryBlobs(), draws=300).propose(
        store.written, day=LAUNCH, mode=PlanMode.AUTO, person=ADMIN
    )
    half = replace(plan, moves=plan.moves[:6])
    assert {row.ad_id for row in rehearsal.deliver(half).deliveries} == {
        move.ad_id for move in half.moves
    }


def test_the_price_of_impressions_is_in_the_currency_of_the_budget() -> None:
    """850 JPY a thousand is 0.85 minor units each; 5.50 EUR is 0.55 cents."""
    brief = a_brief()
    yen = replace(brief, budget=Budget(daily=Money.of("90000", "JPY"), days=3))
    assert price_per_impression(brief, None) == pytest.approx(0.55)
    assert price_per_impression(yen, None) == pytest.approx(0.85)
    assert price_per_impression(yen, Money.of("1000", "JPY")) == pytest.approx(1.0)
    with pytest.raises(InputError, match=r"is 5\.00 EUR; the budget is in JPY"):
        price_per_impression(yen, Money.of("5.00", "EUR"))
    other = replace(brief, budget=Budget(daily=Money.of("100", "NOK"), days=3))
    with pytest.raises(InputError, match="in NOK"):
        Rehearsal.of(a_store(brief=other), other)


def test_the_holdout_is_delivered_beside_the_plan_at_the_same_hidden_rates() -> None:
    store = a_store(variants=2, holdout=True)
    rehearsal = Rehearsal.of(store, store.written)
    half = len(rehearsal.ads) // 2
    assert rehearsal.truth.click_rate[:half] == pytest.approx(rehearsal.truth.click_rate[half:])
    assert {ad.group for ad in rehearsal.ads[half:]} == {Group.HOLDOUT}
    learner = Learner(store=store, blobs=MemoryBlobs(), draws=200)
    _, second = rehearsal.run(learner, person=ADMIN, days=2)
    reported = {row.ad_id: row for row in second.deliveries}
    assert len(reported) == len(rehearsal.ads)
    kept = {each.ad_id: each.budget for each in second.plan.holdout}
    assert len(kept) == half
    for ad_id, budget in kept.items():
        assert reported[ad_id].spend.amount_minor == pytest.approx(budget.amount_minor, abs=2)
    money = sum(move.budget_after.amount_minor for move in second.plan.moves)
    assert sum(each.amount_minor for each in kept.values()) == pytest.approx(
        0.05 * (money / 0.95), abs=4
    )


def test_the_slug_of_the_record_is_the_campaigns() -> None:
    store = a_store()
    assert Rehearsal.of(store, store.written).record([]).campaign == SLUG
