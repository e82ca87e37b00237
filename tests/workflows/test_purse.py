"""The day's money between cells: even at first, then where it brings more, within limits."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

import pytest

from studio.domain.budget import Limit
from studio.domain.delivery import Cell
from studio.domain.learning import CellDay, CellRecord, Purse
from studio.domain.market import Locale
from studio.domain.money import Money
from studio.errors import InputError
from studio.workflows.purse import Bound, divided

DAY = date(2026, 3, 2)
GERMANY = Cell(market=Locale("de-DE"), placement="meta_feed_4x5")
JAPAN = Cell(market=Locale("ja-JP"), placement="meta_feed_4x5")


def a_record(cell: Cell, *, clicks: int = 0, before: str | None = "50.00") -> CellRecord:
    days = tuple(
        CellDay(day=DAY + timedelta(days=day), spend_minor=5000, results=clicks)
        for day in range(5)
    )
    return CellRecord(
        cell=cell,
        even=Money.of("50.00", "EUR"),
        before=Money.of(before, "EUR") if before else None,
        days=days if clicks else (),
    )


def a_purse(*cells: CellRecord, **overrides: object) -> Purse:
    purse = Purse(total=Money.of("100.00", "EUR"), cells=cells, max_change_share=0.2)
    return replace(purse, **overrides)  # type: ignore[arg-type]


def amounts(bounds: tuple[Bound, ...]) -> list[int]:
    return [bound.budget.budget.amount_minor for bound in bounds]


def none_known(**overrides: object) -> Purse:
    cells = (a_record(GERMANY, before=None), a_record(JAPAN, before=None))
    return a_purse(*cells, **overrides)


def test_before_the_first_report_money_is_even() -> None:
    assert amounts(divided(none_known(), frozen=frozenset())) == [5000, 5000]


def test_markets_floors_and_caps_hold_from_the_first_day() -> None:
    floored = divided(none_known(market_floors={"ja-JP": 0.7}), frozen=frozenset())
    assert amounts(floored) == [3000, 7000]
    assert floored[1].limits == (Limit.CELL_FLOOR,)
    capped = divided(none_known(market_caps={"de-DE": 0.25}), frozen=frozenset())
    assert amounts(capped) == [2500, 7500]
    assert capped[0].limits == (Limit.CELL_CAP,)


def test_the_better_cell_gains_by_no_more_than_a_day_may() -> None:
    """Four times the clicks for the same money; 20 % of 50.00 EUR are 10.00."""
    purse = a_purse(a_record(GERMANY, clicks=400), a_record(JAPAN, clicks=100))
    found = divided(purse, frozen=frozenset())
    assert amounts(found) == [6000, 4000]
    assert Limit.CELL_CHANGE in found[0].limits + found[1].limits


def test_frozen_and_learning_cells_keep_their_money() -> None:
    good, poor = a_record(GERMANY, clicks=400), a_record(JAPAN, clicks=100)
    asked = divided(a_purse(good, poor), frozen=frozenset({GERMANY}))
    assert amounts(asked) == [5000, 5000]
    assert asked[0].limits == (Limit.FROZEN,)
    learning = divided(a_purse(replace(good, learning=True), poor), frozen=frozenset())
    assert amounts(learning)[0] == 5000
    assert learning[0].limits == (Limit.LEARNING_PHASE,)


def test_a_target_leaves_money_unspent_rather_than_pay_too_much() -> None:
    """A click costs 0.50 EUR on average at these prices; nobody wants to pay 0.05."""
    cells = (a_record(GERMANY, clicks=100), a_record(JAPAN, clicks=100))
    purse = a_purse(*cells, target=Money.of("0.05", "EUR"), max_change_share=1.0)
    found = divided(purse, frozen=frozenset())
    assert sum(amounts(found)) < 5000
    assert {bound.limits for bound in found} == {(Limit.TARGET,)}


def test_limits_that_exclude_each_other_are_named_as_the_brief_does() -> None:
    cells = (a_record(GERMANY, clicks=100), a_record(JAPAN, clicks=100))
    purse = a_purse(*cells, market_floors={"ja-JP": 0.9})
    with pytest.raises(InputError) as raised:
        divided(purse, frozen=frozenset({JAPAN}))
    assert "budget.market_floors of ja-JP" in str(raised.value)
    assert "unchanged budget of ja-JP/meta_feed_4x5" in str(raised.value)
    assert "loosen one of them" in str(raised.value)


def markets_worth(*worth: float) -> tuple[CellRecord, ...]:
    """Four markets alike in clicks, whose clicks are worth something else."""
    names = ("de-DE", "ja-JP", "en-US", "fr-FR")
    cells = [Cell(market=Locale(name), placement="meta_feed_4x5") for name in names]
    return tuple(
        replace(a_record(cell, clicks=400, before=None), worth=each)
        for cell, each in zip(cells, worth, strict=True)
    )


def test_no_market_is_starved_where_the_brief_says_nothing() -> None:
    """Four of 200.00: 0.3 of the even 50.00 is 15.00 at least."""
    purse = a_purse(*markets_worth(0.01, 0.01, 9.0, 9.0), total=Money.of("200.00", "EUR"))
    found = divided(purse, frozen=frozenset())
    assert amounts(found)[:2] == [1500, 1500]
    assert found[0].limits == (Limit.CELL_FLOOR,)


def test_no_market_gets_all_where_the_brief_says_nothing() -> None:
    """Three times the even 50.00."""
    purse = a_purse(*markets_worth(0.01, 0.01, 0.01, 9.0), total=Money.of("200.00", "EUR"))
    found = divided(purse, frozen=frozenset())
    assert amounts(found)[3] == 15000
    assert found[3].limits == (Limit.CELL_CAP,)


def test_a_floor_of_nothing_in_the_brief_lets_a_market_go() -> None:
    purse = a_purse(
        *markets_worth(0.01, 0.01, 9.0, 9.0),
        total=Money.of("200.00", "EUR"),
        market_floors={"de-DE": 0.0},
    )
    found = divided(purse, frozen=frozenset())
    assert amounts(found)[0] < 1500 <= amounts(found)[1]


def test_the_usual_range_gives_way_to_the_daily_change() -> None:
    """5.00 may rise to 6.00 at most, though 0.3 of the even 50.00 are 15.00."""
    small, *others = markets_worth(1, 1, 1, 1)
    purse = a_purse(
        replace(small, before=Money.of("5.00", "EUR")),
        *(replace(each, before=Money.of("65.00", "EUR")) for each in others),
        total=Money.of("200.00", "EUR"),
    )
    assert amounts(divided(purse, frozen=frozenset()))[0] <= 600
