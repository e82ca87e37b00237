"""Plans follow clicks, say why, keep the brief's limits and can be replayed."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import date, timedelta

import pytest

from studio.bandit.budget import temper
from studio.domain.brief import Brief, Budget
from studio.domain.budget import BudgetPlan, Limit, PlanMode
from studio.domain.creative import Status
from studio.domain.delivery import Delivery
from studio.domain.event import OWN
from studio.domain.learning import LearningInputs
from studio.domain.money import Money
from studio.errors import InputError, NotAllowed
from studio.workflows.learn import Learner
from studio.workflows.purse import even_budgets
from tests.examples import ADMIN, REVIEWER
from tests.workflows.learning_fakes import (
    PLACEMENTS,
    SLUG,
    MemoryBlobs,
    MemoryStore,
    a_brief,
    a_store,
    an_ad,
)

LAUNCH = date(2026, 3, 2)


def a_learner(store: MemoryStore) -> Learner:
    return Learner(store=store, blobs=MemoryBlobs(), draws=500)


def propose(
    learner: Learner, store: MemoryStore, *, after: int = 1, mode: PlanMode = PlanMode.AUTO
) -> BudgetPlan:
    """The plan for the day that many days after the launch; by default in force at once."""
    day = LAUNCH + timedelta(days=after)
    return learner.propose(store.written, day=day, mode=mode, person=ADMIN)


def delivered(store: MemoryStore, *, best: str = "v2", day: date = LAUNCH) -> None:
    """A day in which one idea is clicked at 3 % and all others at 1 %."""
    store.replace_deliveries(
        SLUG,
        tuple(
            Delivery(
                ad_id=ad.id,
                day=day,
                cell=ad.cell,
                impressions=2000,
                clicks=60 if ad.id.endswith(best) else 20,
                conversions=0,
                spend=Money.of("5.00", "EUR"),
            )
            for ad in store.ads(SLUG)
        ),
    )


def test_before_the_first_delivery_money_is_split_evenly_and_the_plan_says_so() -> None:
    store = a_store()
    plan = propose(a_learner(store), store)
    assert {move.limit for move in plan.moves} == {Limit.TOO_LITTLE_DATA}
    assert all(move.share_after == pytest.approx(1 / 6, abs=1e-6) for move in plan.moves)
    assert "an even split, because nothing has been delivered yet" in plan.moves[0].reason


def test_the_clicked_idea_gets_more_and_the_reason_is_a_sentence() -> None:
    store = a_store()
    delivered(store)
    plan = propose(a_learner(store), store)
    winners = [move for move in plan.moves if move.ad_id.endswith("v2")]
    assert all(move.share_after > 0.6 for move in winners)
    reason = winners[0].reason.replace("\N{NO-BREAK SPACE}", " ")
    assert reason.startswith("‘Family’ (studio arch, v2) gets ")
    assert "of Germany · Meta feed 4:5 (new): 3.0 % clicked, > 99 % likely the best" in reason
    assert re.search(r"expected \d+ % over an even split \(\+\d+ % to \+\d+ %\)\.", reason)
    losers = [move for move in plan.moves if move.limit is Limit.FLOOR]
    assert losers[0].reason.endswith("Held at the floor, so that learning goes on.")


def test_what_one_market_clicks_moves_money_in_another_that_has_seen_nothing() -> None:
    """Ideas share their angle, so Germany's clicks speak for Japan's first day."""
    store = a_store()
    delivered(store)
    store.days = {key: row for key, row in store.days.items() if row.cell.market == "de-DE"}
    plan = propose(a_learner(store), store)
    japan = [move for move in plan.moves if move.cell.market == "ja-JP"]
    ranked = max(japan, key=lambda move: move.ctr_mean)
    assert ranked.ad_id.endswith("v2")
    assert ranked.share_after > 1.5 / 6
    assert all(move.share_after >= 0.5 / 6 - 1e-6 for move in japan)
    bound = next(move for move in japan if move.limit is Limit.TOO_LITTLE_DATA)
    assert "before it has been shown 200 times (0 so far)" in bound.reason


def test_a_days_money_is_spent_to_the_last_cent() -> None:
    store = a_store(brief=a_brief(daily="100.01"))
    delivered(store)
    plan = propose(a_learner(store), store)
    total = sum(move.budget_after.amount_minor for move in plan.moves)
    assert total == 10_001
    for cell in plan.shares():
        assert sum(plan.shares()[cell].values()) == pytest.approx(1, abs=1e-9)


def test_money_is_split_evenly_over_markets_then_over_their_placements() -> None:
    """10.01 over two markets; one of them has a single placement with live ads."""
    cells = [ad.cell for ad in a_store(variants=1).ads(SLUG)]
    lone = [cell for cell in cells if (cell.market, cell.placement) != ("ja-JP", PLACEMENTS[0])]
    split = even_budgets(Money.of("10.01", "EUR"), lone)
    assert [split[cell].amount_minor for cell in lone] == [251, 250, 500]


def test_a_plan_is_replayed_from_its_inputs_to_the_byte() -> None:
    store = a_store()
    learner = a_learner(store)
    delivered(store)
    plan = propose(learner, store)
    delivered(store, best="v3", day=LAUNCH)
    assert learner.replay(plan).to_json() == plan.to_json()
    stored = LearningInputs.from_json(learner.blobs.get(plan.inputs_sha256))
    assert stored.to_json() == learner.blobs.get(plan.inputs_sha256)


def test_a_changed_input_is_another_plan_with_another_hash() -> None:
    store = a_store()
    learner = a_learner(store)
    delivered(store)
    first = propose(learner, store)
    delivered(store, best="v3")
    second = propose(learner, store)
    assert first.inputs_sha256 != second.inputs_sha256
    assert first.shares() != second.shares()


def test_the_order_of_days_and_ads_is_irrelevant() -> None:
    store, turned = a_store(), a_store()
    for day in (0, 1, 2):
        delivered(store, best=f"v{day}", day=LAUNCH + timedelta(days=day))
        delivered(turned, best=f"v{2 - day}", day=LAUNCH + timedelta(days=2 - day))
    turned.made = turned.made[::-1]
    ours, theirs = a_learner(store), a_learner(turned)
    assert propose(ours, store, after=3) == propose(theirs, turned, after=3)


def test_deliveries_of_the_day_itself_do_not_count() -> None:
    store = a_store()
    delivered(store, day=LAUNCH + timedelta(days=1))
    plan = propose(a_learner(store), store, after=1)
    assert sum(move.impressions for move in plan.moves) == 0


def test_no_share_moves_more_in_a_day_than_the_brief_allows() -> None:
    brief = a_brief()
    tight = replace(brief.budget, max_daily_change_share=0.1)
    store = a_store(brief=replace(brief, budget=tight))
    learner = a_learner(store)
    propose(learner, store, after=0)
    delivered(store)
    plan = propose(learner, store)
    changes = [abs(move.share_after - move.share_before) for move in plan.moves]
    assert max(changes) == pytest.approx(0.1, abs=2e-6)
    bound = max(plan.moves, key=lambda move: move.share_after)
    assert bound.limit is Limit.DAILY_CHANGE
    assert bound.reason.endswith("A share may move by at most 10 points a day.")


def test_floor_and_cap_that_exclude_each_other_name_both_fields() -> None:
    """From 95 % for one ad, a floor of 100 % can't be reached in steps of 0.1 points."""
    store = a_store()
    learner = a_learner(store)
    delivered(store)
    propose(learner, store, after=1)
    budget = Budget(
        daily=Money.of("240", "EUR"), days=6, floor_share=1.0, max_daily_change_share=0.001
    )
    store.written = replace(store.written, budget=budget)
    with pytest.raises(
        InputError, match=r"budget\.floor_share.*budget\.max_daily_change_share"
    ):
        propose(learner, store, after=2)


def test_paused_ads_teach_but_get_nothing_and_outdated_content_does_neither() -> None:
    store = a_store()
    delivered(store)
    paused, outdated = store.made[0], store.made[1]
    old_ads = store.ads(SLUG)
    store.made = (
        replace(paused, status=Status.PAUSED),
        replace(outdated, landing_url="https://example.com/new"),
        *store.made[2:],
    )
    store.ads = lambda slug: old_ads  # type: ignore[method-assign]
    learner = a_learner(store)
    plan = propose(learner, store)
    planned = {move.ad_id for move in plan.moves}
    assert an_ad(paused).id not in planned
    assert an_ad(outdated).id not in planned
    stored = LearningInputs.from_json(learner.blobs.get(plan.inputs_sha256))
    assert [arm.ad_id for arm in stored.arms if not arm.live] == [an_ad(paused).id]


def test_an_ad_and_its_twin_in_the_holdout_teach_together() -> None:
    """`delivered` reports 2000 impressions of each."""
    store = a_store(variants=2, holdout=True)
    delivered(store)
    plan = propose(a_learner(store), store)
    assert {move.impressions for move in plan.moves} == {4000}
    assert not any(move.ad_id.endswith("-holdout") for move in plan.moves)
    assert len(plan.holdout) == len(plan.moves)


def test_ads_that_we_serve_ourselves_teach_and_get_no_money() -> None:
    """Only our own server has shown anything; its clicks cost nothing and raise no alarm."""
    store = a_store(variants=4)
    store.served = True
    own = [ad for ad in store.ads(SLUG) if ad.platform == OWN]
    rows = [
        Delivery(
            ad_id=ad.id,
            day=LAUNCH,
            cell=ad.cell,
            impressions=4000,
            clicks=120 if ad.variant.startswith("v2") else 40,
            conversions=0,
            spend=Money.of("0.00", "EUR"),
        )
        for ad in own
    ]
    store.replace_deliveries(SLUG, tuple(rows))
    learner = a_learner(store)
    plan = propose(learner, store)
    assert not {move.ad_id for move in plan.moves} & {ad.id for ad in own}
    assert sum(move.budget_after.amount_minor for move in plan.moves) == 24_000
    best = max(plan.moves, key=lambda move: move.ctr_mean)
    assert best.ad_id.endswith("v2")
    stored = LearningInputs.from_json(learner.blobs.get(plan.inputs_sha256))
    assert not any(record.days for record in stored.purse.cells)
    assert stored.alarms == ()


def test_a_campaign_without_live_ads_is_told_what_to_do() -> None:
    store = a_store()
    store.made = ()
    with pytest.raises(InputError, match="approve creatives and export them first"):
        propose(a_learner(store), store)


def test_taking_a_plan_back_restores_the_shares_before_it() -> None:
    store = a_store()
    learner = a_learner(store)
    first = propose(learner, store, after=0)
    delivered(store)
    second = propose(learner, store)
    undone = learner.undo(SLUG, person=ADMIN)
    assert undone.day == second.day
    assert undone.shares() == first.shares()
    assert store.saved[-1] == undone
    assert "the last plan was taken back" in undone.moves[0].reason
    assert learner.replay(undone).to_json() == undone.to_json()


def test_nothing_can_be_taken_back_before_there_is_a_plan() -> None:
    with pytest.raises(InputError, match="no plan in force to take back"):
        a_learner(a_store()).undo(SLUG, person=ADMIN)


@pytest.mark.parametrize(("impressions", "clicks"), [(1000, 0), (1000, 1000), (10**9, 10**6)])
def test_any_counts_give_a_finite_plan(impressions: int, clicks: int) -> None:
    store = a_store()
    store.replace_deliveries(
        SLUG,
        tuple(
            Delivery(
                ad_id=ad.id,
                day=LAUNCH,
                cell=ad.cell,
                impressions=impressions,
                clicks=clicks,
                conversions=0,
                spend=Money.of("5.00", "EUR"),
            )
            for ad in store.ads(SLUG)
        ),
    )
    for move in propose(a_learner(store), store).moves:
        numbers = (move.share_after, move.ctr_mean, move.ctr_low, move.ctr_high)
        assert all(0 <= number <= 1 for number in numbers)
        assert "nan" not in move.reason


def test_the_temper_cools_with_the_campaign() -> None:
    store = a_store()
    learner = a_learner(store)
    delivered(store)
    alphas = [
        LearningInputs.from_json(
            learner.blobs.get(propose(learner, store, after=after).inputs_sha256)
        ).settings.alpha
        for after in (0, 5, 60)
    ]
    assert alphas == [round(temper(elapsed), 6) for elapsed in (0.0, 1.0, 1.0)]
    assert alphas[0] > alphas[1]


def a_one_ad_brief() -> Brief:
    return a_brief(daily="10.00")


def test_a_cell_of_one_ad_gets_all_of_it() -> None:
    store = a_store(variants=1, brief=a_one_ad_brief())
    delivered(store)
    assert [move.share_after for move in propose(a_learner(store), store).moves] == [1.0] * 4


def test_a_reviewer_may_neither_plan_nor_take_plans_back() -> None:
    store = a_store()
    learner = a_learner(store)
    with pytest.raises(NotAllowed, match="may not plan the budget"):
        learner.propose(store.written, day=LAUNCH, mode=PlanMode.PROPOSE, person=REVIEWER)
    with pytest.raises(NotAllowed):
        learner.undo(SLUG, person=REVIEWER)
    assert store.plans(SLUG) == ()
