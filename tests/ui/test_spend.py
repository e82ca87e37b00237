"""Money, moves and reasons as the spend page shows them."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

from studio.domain.alarm import Alarm, AlarmKind
from studio.domain.brief import Slug
from studio.domain.budget import (
    BudgetPlan,
    Limit,
    Move,
    PlanDecision,
    PlanMode,
    PlanStatus,
    PlanVerdict,
)
from studio.domain.creative import Role
from studio.domain.delivery import AdId, Cell, Delivery
from studio.domain.money import Money
from studio.reporting.figures import by_group
from studio.ui.present.spend import (
    Shown,
    against_even,
    moves,
    newest,
    next_day,
    plan_heading,
    questions,
    standing,
    summary,
    waits,
)
from tests.examples import DE, NOON, US

DAY = date(2026, 12, 3)
CELL = Cell(market=US, placement="meta_feed_1x1")


def a_move(name: str, **overrides: object) -> Move:
    move = Move(
        ad_id=AdId(name),
        cell=CELL,
        share_before=0.25,
        share_after=0.4,
        budget_after=Money.of("48.00", "USD"),
        impressions=1200,
        clicks=18,
        ctr_mean=0.015,
        ctr_low=0.01,
        ctr_high=0.021,
        best_probability=0.62,
        expected_gain=0.1,
        limit=Limit.NONE,
        reason=f"{name} gets more.",
    )
    return replace(move, **overrides)  # type: ignore[arg-type]


def a_plan(*made: Move, day: date = DAY, seed: int = 1) -> BudgetPlan:
    return BudgetPlan(
        campaign=Slug("rice"),
        day=day,
        moves=made,
        policy="thompson/1",
        posterior_hash="p",
        inputs_sha256="abcdef0123456789",
        seed=seed,
        mode=PlanMode.PROPOSE,
    )


def a_delivery(day: date, *, clicks: int = 10, cell: Cell = CELL) -> Delivery:
    return Delivery(
        ad_id=AdId("a"),
        day=day,
        cell=cell,
        impressions=1000,
        clicks=clicks,
        conversions=0,
        spend=Money.of("12.50", "USD"),
    )


SHOWN = {AdId(name): Shown(label=f"<i>{name}", thumbnail="/files/x") for name in "ab"}
PLACES = {"meta_feed_1x1": "Feed 1:1"}


def test_totals_are_summed_over_days() -> None:
    """2 × 1000 views, 10 + 30 clicks: 2 %; 2 × 12.50 USD."""
    days = [a_delivery(DAY), a_delivery(date(2026, 12, 4), clicks=30)]
    shown = summary(days, PlanStatus.PROPOSED, simulated=True)
    for words in ("25.00 USD", "2,000", "<dd>40</dd>", "2.00 %", "2 days of simulated"):
        assert words in shown
    assert "a person decides" in shown
    assert "nothing yet" in summary([], None, simulated=False)


def test_the_last_revision_of_a_day_counts() -> None:
    first, second = a_plan(seed=1), a_plan(seed=2)
    later = a_plan(day=date(2026, 12, 4), seed=3)
    assert [plan.seed for plan in newest([later, first, second])] == [2, 3]


def test_every_move_has_its_reason_and_the_largest_share_leads() -> None:
    plan = a_plan(
        a_move("a", share_before=0.75, share_after=0.6, limit=Limit.DAILY_CHANGE),
        a_move("b", share_before=0.25, share_after=0.4),
    )
    shown = moves(plan, market=US, shown=SHOWN, places=PLACES)
    assert shown.index("a gets more.") < shown.index("b gets more.")
    assert "▼ 75 % → <b>60 %</b>" in shown
    assert "▲ 25 % → <b>40 %</b>" in shown
    assert "held by the daily limit" in shown
    assert "62 % likely best" in shown
    assert "rate 1.50 % (1.00 % to 2.10 %)" in shown
    assert "Feed 1:1" in shown
    assert "<i>a<" not in shown
    assert moves(plan, market=DE, shown=SHOWN, places=PLACES) == ""


def test_the_heading_counts_noticeable_moves_only() -> None:
    plan = a_plan(a_move("a"), a_move("b", share_before=0.4, share_after=0.4049))
    assert "1 ad of 2 get another share" in plan_heading(plan)
    assert "<code>abcdef0123</code>" in plan_heading(plan)


def test_the_next_plan_is_for_the_first_day_without_deliveries() -> None:
    assert next_day([], launch=DAY) == DAY
    assert next_day([a_delivery(date(2026, 12, 31))], launch=DAY) == date(2027, 1, 1)


def test_the_even_split_is_drawn_for_markets_with_deliveries() -> None:
    reports = by_group([], [a_delivery(DAY)])
    drawn = against_even(reports, None, market=US)
    assert drawn.startswith("<svg")
    assert 'aria-label="Clicks with the plans and with an even split, en-US"' in drawn
    assert against_even(reports, None, market=DE) == ""


def test_who_decided_is_told_with_their_words_as_text() -> None:
    verdict = PlanVerdict(
        campaign=Slug("rice"), day=DAY, plan_sha256="p", decision=PlanDecision.REJECT,
        person="<b>mara", role=Role.MARKETER, note="<i>Too early", at=NOON,
    )  # fmt: skip
    shown = standing(PlanStatus.REJECTED, verdict)
    assert "Rejected by &lt;b&gt;mara, 22 Nov 2026 12:00 UTC. “&lt;i&gt;Too early”" in shown
    assert "is-bad" in shown
    assert "a person decides" in standing(PlanStatus.PROPOSED, None)
    assert "is-good" in standing(PlanStatus.AUTOMATIC, None)


def test_open_questions_say_how_many_places_wait() -> None:
    alarm = Alarm(kind=AlarmKind.DAY_MISSING, day=DAY, cell=CELL, question="<u>Lost?")
    shown = questions([alarm, replace(alarm, kind=AlarmKind.SPEND_TENFOLD)])
    assert "in 1 place until somebody answers" in shown
    assert shown.count("<li>&lt;u&gt;Lost?</li>") == 2
    assert questions([]) == ""
    plan = replace(a_plan(a_move("a")), alarms=(alarm,), obstacles=("<u>Lost?", "Too far."))
    assert "Too far." in waits(plan)
    assert "Lost" not in waits(plan)


def test_conversions_are_shown_where_they_are_what_counts() -> None:
    days = [replace(a_delivery(DAY), conversions=3)]
    assert "<dt>Conversions</dt><dd>3</dd>" in summary(
        days, None, simulated=False, by_conversions=True
    )
    assert "Conversions" not in summary(days, None, simulated=False)
    rare = a_move("a", ctr_mean=0.0006, ctr_low=0.0004, ctr_high=0.0009)
    shown = moves(a_plan(rare), market=US, shown=SHOWN, places=PLACES)
    assert "rate 0.060 % (0.040 % to 0.090 %)" in shown.replace("\N{NO-BREAK SPACE}", " ")
