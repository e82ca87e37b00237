"""Money goes where it brings most, keeps every limit to the cent, and clashes are named."""

from __future__ import annotations

from dataclasses import replace
from itertools import product

import numpy as np
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st
from numpy.testing import assert_allclose, assert_array_equal
from scipy.optimize import minimize

from studio.bandit.response import Curves
from studio.bandit.spread import (
    Clash,
    Family,
    Limit,
    Limits,
    Rule,
    ShareLimits,
    _box,
    _Problem,
    _sums,
    bounded_shares,
    no_limits,
    paced_total,
    spread,
)


def roots(*levels: float) -> Curves:
    """Square-root curves: level results for 100."""
    size = len(levels)
    return Curves(
        level=np.array(levels), reference=np.full(size, 100.0), exponent=np.full(size, 0.5)
    )


def family(*group: int, floor: dict[int, float] | None = None, **kwargs: object) -> Family:
    """Groups without limits but for those named."""
    size = max(group) + 1
    floors, caps = np.zeros(size), np.ones(size)
    for code, share in (floor or {}).items():
        floors[code] = share
    for code, share in kwargs.get("cap", {}).items():  # type: ignore[attr-defined]
        caps[code] = share
    return Family(group=np.array(group), floor=floors, cap=caps)


def yesterday(*budgets: float) -> Limits:
    limits = no_limits(len(budgets), total=int(np.nansum(budgets)))
    return replace(limits, previous=np.array(budgets))


def test_square_roots_share_by_the_square_of_their_level() -> None:
    """level ∝ 10, 20, 5: 100, 400 and 25 parts of 525, each with a marginal of 0.05."""
    got = spread(roots(10, 20, 5), no_limits(3, total=525))
    assert_array_equal(got.budget, [100, 400, 25])
    assert_allclose(got.results, [10, 40, 2.5])
    assert got.price == pytest.approx(0.05, rel=2e-3)
    assert_array_equal(got.bound, [Rule.NONE] * 3)


def test_a_grid_that_misses_the_optimum_moves_until_it_holds_it() -> None:
    """From 0, steps of one unit see 8 units ahead; the best is 100, 400 and 25."""
    limits = no_limits(3, total=525)
    box = _box(limits)
    problem = _Problem(
        curves=roots(10, 20, 5), box=box, sums=_sums(limits, box), floor_price=0.0
    )
    assert_array_equal(problem._best_of_step(np.zeros(3), 1.0).spend, [100, 400, 25])


def test_no_money_is_spread_as_none() -> None:
    open_ended = Family(group=np.array([0, 1]), floor=np.zeros(2), cap=np.full(2, np.inf))
    limits = replace(no_limits(2, total=0), families=(open_ended,))
    got = spread(roots(1, 2), limits)
    assert_array_equal(got.budget, [0, 0])
    assert got.unspent == 0


def test_leftover_units_go_to_the_largest_fractions() -> None:
    """1:4:25 of 100 is 3.33, 13.33 and 83.33; then 3.67, 14.67 and 91.67 of 110."""
    got = spread(roots(1, 2, 5), no_limits(3, total=101))
    assert_array_equal(got.budget, [3, 14, 84])
    even = spread(roots(1, 1, 1), no_limits(3, total=100))
    assert sorted(even.budget) == [33, 33, 34]


def test_a_cell_moves_by_no_more_than_its_daily_change_and_says_so() -> None:
    """Level 20 against 10 wants 320 to 80; a fifth of 200 is 40."""
    got = spread(roots(20, 10), yesterday(200, 200))
    assert_array_equal(got.budget, [240, 160])
    assert_array_equal(got.bound, [Rule.CHANGE, Rule.CHANGE])


def test_a_new_cell_is_free_of_daily_change() -> None:
    got = spread(roots(10, 10, 40), replace(yesterday(200, 200, np.nan), total=400))
    assert_array_equal(got.budget, [160, 160, 80])
    assert_array_equal(got.bound, [Rule.CHANGE, Rule.CHANGE, Rule.NONE])


def test_a_frozen_cell_keeps_its_budget() -> None:
    limits = replace(yesterday(100, 200, 300), frozen=np.array([True, False, False]))
    got = spread(roots(100, 10, 10), limits)
    assert got.budget[0] == 100
    assert got.bound[0] == Rule.FROZEN
    assert got.budget.sum() == 600
    with pytest.raises(ValueError, match="frozen cell needs a previous budget"):
        spread(roots(1), replace(no_limits(1, total=9), frozen=np.array([True])))


def test_floors_and_caps_of_cells_hold() -> None:
    """9 : 4 : 1 of 700 is 450, 200 and 50; a floor of 100 and a cap of 400 leave 200."""
    limits = replace(
        no_limits(3, total=700),
        floor=np.array([0.0, 0, 100]),
        cap=np.array([400.0, np.inf, np.inf]),
    )
    got = spread(roots(3, 2, 1), limits)
    assert_array_equal(got.budget, [400, 200, 100])
    assert_array_equal(got.bound, [Rule.CAP, Rule.NONE, Rule.FLOOR])


def test_a_markets_floor_lifts_its_cells_in_proportion() -> None:
    """The market of the last two gets 60 of 100, which its square roots share 9 : 1."""
    limits = replace(no_limits(3, total=100), families=(family(0, 1, 1, floor={1: 0.6}),))
    got = spread(roots(10, 3, 1), limits)
    assert_array_equal(got.budget, [40, 54, 6])
    assert_array_equal(got.bound, [Rule.NONE, Rule.FAMILY_FLOOR, Rule.FAMILY_FLOOR])


def test_a_platforms_cap_and_a_markets_floor_hold_at_once() -> None:
    """Market 1 (cells 2, 3) gets 70 and platform 0 (cells 0, 2) 40: one number is left free."""
    limits = replace(
        no_limits(4, total=100),
        families=(
            family(0, 0, 1, 1, floor={1: 0.7}),
            family(0, 1, 0, 1, cap={0: 0.4}),
        ),
    )
    got = spread(roots(10, 10, 10, 10), limits)
    assert got.budget[2] + got.budget[3] == 70
    assert got.budget[0] + got.budget[2] == 40
    best = max(
        (
            np.sqrt([a, 30 - a, 40 - a, 30 + a]).sum(),
            (a, 30 - a, 40 - a, 30 + a),
        )
        for a in range(31)
    )
    assert tuple(got.budget) == best[1]


def test_a_target_leaves_money_unspent() -> None:
    """The slope of 10 √(s / 100) is 1 / (2 √s), a twentieth at 100; of twice that at 400."""
    limits = replace(no_limits(2, total=1000), target_cost=20.0)
    got = spread(roots(10, 20), limits)
    assert_array_equal(got.budget, [100, 400])
    assert got.unspent == 500
    assert got.price == 0.0
    assert_array_equal(got.bound, [Rule.TARGET, Rule.TARGET])
    enough = spread(roots(10, 20), replace(limits, total=400))
    assert enough.unspent == 0
    assert_array_equal(enough.bound, [Rule.NONE, Rule.NONE])


def test_a_floor_is_stronger_than_the_target() -> None:
    limits = replace(
        no_limits(2, total=1000), target_cost=20.0, families=(family(0, 1, floor={0: 0.3}),)
    )
    got = spread(roots(10, 20), limits)
    assert_array_equal(got.budget, [300, 400])
    assert_array_equal(got.bound, [Rule.FAMILY_FLOOR, Rule.TARGET])


def test_caps_that_leave_money_over_say_how_much() -> None:
    limits = replace(yesterday(100, 100), total=1000)
    got = spread(roots(1, 1), limits)
    assert_array_equal(got.budget, [120, 120])
    assert got.unspent == 760


def test_a_total_that_falls_fast_eases_daily_changes_but_is_never_exceeded() -> None:
    got = spread(roots(1, 1), replace(yesterday(100, 300), total=200))
    assert got.eased
    assert got.budget.sum() == 200
    assert_array_equal(got.budget, [50, 150])  # 80 and 240 at least, in the same proportion
    assert not spread(roots(1, 1), replace(yesterday(100, 300), total=320)).eased


def test_shares_of_markets_follow_a_total_that_rises_faster_than_budgets_may() -> None:
    """Doubling the day's money: each cell may rise by a fifth, and floors follow that."""
    limits = replace(
        yesterday(40, 60), total=200, families=(family(0, 1, floor={0: 0.4, 1: 0.6}),)
    )
    assert_array_equal(spread(roots(1, 9), limits).budget, [48, 72])


def test_thirds_of_a_total_that_does_not_divide_are_possible() -> None:
    third = {code: 1 / 3 for code in range(3)}
    limits = replace(
        no_limits(3, total=100), families=(family(0, 1, 2, floor=third, cap=third),)
    )
    assert sorted(spread(roots(9, 1, 1), limits).budget) == [33, 33, 34]


CLASHES = {
    "market floor and daily change": (
        replace(yesterday(100, 900), families=(family(0, 1, floor={0: 0.4}),)),
        (Limit(rule=Rule.FAMILY_FLOOR, family=0, members=(0,)), Limit(rule=Rule.CHANGE)),
    ),
    "market floors and the whole": (
        replace(
            no_limits(3, total=90),
            families=(family(0, 1, 2, floor={0: 0.5, 1: 0.3, 2: 0.4}),),
        ),
        (Limit(rule=Rule.TOTAL), Limit(rule=Rule.FAMILY_FLOOR, family=0)),
    ),
    "cell floors and the total": (
        replace(no_limits(2, total=90), floor=np.array([60.0, 60.0])),
        (Limit(rule=Rule.TOTAL), Limit(rule=Rule.FLOOR, members=(0, 1))),
    ),
    "a cell's floor and its cap": (
        replace(no_limits(2, total=90), floor=np.array([0.0, 60]), cap=np.array([9.0, 50])),
        (Limit(rule=Rule.FLOOR, members=(1,)), Limit(rule=Rule.CAP, members=(1,))),
    ),
    "a frozen cell and a market's cap": (
        replace(
            yesterday(500, 500),
            frozen=np.array([True, False]),
            families=(family(0, 1, cap={0: 0.3}),),
        ),
        (Limit(rule=Rule.FAMILY_CAP, family=0, members=(0,)), Limit(rule=Rule.FROZEN)),
    ),
    "frozen cells and the total": (
        replace(yesterday(500, 500), total=700, frozen=np.array([True, True])),
        (Limit(rule=Rule.TOTAL), Limit(rule=Rule.FROZEN, members=(0, 1))),
    ),
    "a market's floor and a platform's cap": (
        replace(
            no_limits(4, total=100),
            families=(
                family(0, 0, 1, 1, floor={0: 0.7}),
                family(0, 0, 0, 1, cap={0: 0.6}),
            ),
        ),
        (
            Limit(rule=Rule.FAMILY_FLOOR, family=0, members=(0,)),
            Limit(rule=Rule.FAMILY_CAP, family=1, members=(0,)),
        ),
    ),
    "caps and a total that must be spent": (
        replace(no_limits(2, total=90), cap=np.array([40.0, 40.0]), spend_all=True),
        (Limit(rule=Rule.TOTAL), Limit(rule=Rule.CAP, members=(0, 1))),
    ),
}


@pytest.mark.parametrize("name", CLASHES)
def test_the_two_limits_that_clash_are_named(name: str) -> None:
    limits, expected = CLASHES[name]
    with pytest.raises(Clash) as caught:
        spread(roots(*range(1, len(limits.floor) + 1)), limits)
    got = {(one.rule, one.family): one.members for one in caught.value.limits}
    assert set(got) == {(one.rule, one.family) for one in expected}
    assert len(caught.value.limits) == 2
    for one in expected:
        if one.members:
            assert got[one.rule, one.family] == one.members


def test_three_limits_of_which_any_two_could_hold_are_all_named() -> None:
    """At least 70 for market 0, whose cell 0 has a cap of 30 and cell 1 a daily change."""
    limits = replace(
        yesterday(np.nan, 30, np.nan),
        total=100,
        families=(family(0, 0, 1, floor={0: 0.7}),),
        cap=np.array([30.0, np.inf, np.inf]),
    )
    with pytest.raises(Clash) as caught:
        spread(roots(1, 1, 1), limits)
    assert {one.rule for one in caught.value.limits} == {
        Rule.FAMILY_FLOOR,
        Rule.CAP,
        Rule.CHANGE,
    }
    assert "FAMILY_FLOOR[0]" in str(caught.value)


CELLS = list(product(range(3), range(2)))
MARKET, PLATFORM = (np.array(codes) for codes in zip(*CELLS, strict=True))


@st.composite
def problems(draw: st.DrawFn) -> tuple[Curves, Limits]:
    """Six cells of three markets on two platforms, with limits that can hold.

    Limits surround a budget that exists, so that the problem has a solution.
    """
    some = st.floats(0.05, 1.0)
    size = len(CELLS)
    parts = np.array(draw(st.lists(some, min_size=size, max_size=size)))
    scale = draw(st.sampled_from([60, 999, 12_345, 7_000_001]))
    inside = np.floor(parts / parts.sum() * scale)
    total = int(inside.sum())
    slack = draw(st.sampled_from([0.0, 0.05, 0.5]))
    groups = []
    for codes in (MARKET, PLATFORM):
        share = np.bincount(codes, weights=inside) / total
        groups.append(
            Family(group=codes, floor=share * (1 - slack), cap=np.minimum(share + slack, 1))
        )
    moved = 1 + np.array(draw(st.lists(st.floats(-0.15, 0.15), min_size=size, max_size=size)))
    curves = Curves(
        level=np.array(draw(st.lists(st.floats(0.01, 500), min_size=size, max_size=size))),
        reference=np.full(size, total / size),
        exponent=np.array(draw(st.lists(st.floats(0.3, 0.95), min_size=size, max_size=size))),
    )
    limits = replace(
        no_limits(size, total=total),
        previous=np.where(np.arange(size) < 4, inside / moved, np.nan),
        families=tuple(groups),
        max_change=0.25,
    )
    return curves, limits


def assert_kept(budget: np.ndarray, limits: Limits) -> None:
    assert budget.dtype == np.int64
    assert (budget >= 0).all()
    assert budget.sum() <= limits.total
    known = np.isfinite(limits.previous)
    before = limits.previous[known]
    assert (np.abs(budget[known] - before) <= limits.max_change * before + 1e-6).all()
    upper = np.floor(np.where(known, limits.previous * (1 + limits.max_change), np.inf) + 1e-6)
    spendable = min(limits.total, upper.sum())
    for one in limits.families:
        money = np.bincount(one.group, weights=budget)
        assert (money >= np.floor(one.floor * spendable + 1e-6)).all()
        assert (money <= np.ceil(one.cap * spendable - 1e-6)).all()


@settings(max_examples=60, deadline=None)
@given(problems())
def test_money_is_conserved_and_every_limit_kept_to_the_unit(
    problem: tuple[Curves, Limits],
) -> None:
    curves, limits = problem
    try:
        got = spread(curves, limits)
    except Clash:
        # Rounding inwards closes the last units of room that a small budget has.
        assume(limits.total > 2000)
        raise
    assert got.unspent + got.budget.sum() == limits.total
    assert got.unspent >= 0
    assert_kept(got.budget, limits)
    assert_array_equal(spread(curves, limits).budget, got.budget)


@settings(max_examples=25, deadline=None)
@given(problems())
def test_no_general_solver_finds_more_results(problem: tuple[Curves, Limits]) -> None:
    curves, limits = problem
    if limits.total < 10_000:
        return
    got = spread(curves, limits)
    spendable = limits.total
    rows, least = [np.ones(6), -np.ones(6)], [got.budget.sum() - 6.0, -float(limits.total)]
    for one in limits.families:
        for code, (low, high) in enumerate(zip(one.floor, one.cap, strict=True)):
            member = (one.group == code).astype(float)
            rows += [member, -member]
            least += [low * spendable - 1, -high * spendable - 1]
    known = np.isfinite(limits.previous)
    before = np.where(known, limits.previous, 0.0)
    lower = np.where(known, 0.75 * before, 1e-3 * spendable)
    upper = np.where(known, 1.25 * before, spendable)
    unit = float(limits.total)
    best = curves.results(got.budget.astype(float)).sum()
    found = minimize(
        lambda x: -curves.results(np.maximum(x * unit, 1e-9)).sum() / best,
        np.clip(got.budget / unit, lower / unit, upper / unit),
        jac=lambda x: -curves.marginal(np.maximum(x * unit, 1e-9)) * unit / best,
        bounds=list(zip(lower / unit, upper / unit, strict=True)),
        constraints={
            "type": "ineq",
            "fun": lambda x: np.array(rows) @ x - np.array(least) / unit,
            "jac": lambda x: np.array(rows),
        },
        method="SLSQP",
    )
    feasible = (np.array(rows) @ found.x - np.array(least) / unit).min() > -1e-7
    if feasible:
        # SLSQP may use the few units by which its limits are wider.
        room = 8 * curves.marginal(np.maximum(got.budget, 1.0)).max() / best
        assert -found.fun <= 1 + room + 1e-4


def test_a_total_is_paced_evenly_over_the_days_left() -> None:
    assert paced_total(1000, spent=0, days_left=10) == 100
    assert paced_total(1000, spent=60, days_left=9) == 104  # 40 caught up over nine days
    assert paced_total(1000, spent=997, days_left=1) == 3
    assert paced_total(1000, spent=1200, days_left=3) == 0
    assert paced_total(1000, spent=0, days_left=0) == 0
    assert paced_total(1000, spent=0, days_left=1, overdelivery_share=0.25) == 800


@given(
    total=st.integers(0, 10**9),
    days=st.integers(1, 60),
    parts=st.lists(st.floats(0, 1), min_size=60, max_size=60),
    over=st.sampled_from([0.0, 0.25, 0.75]),
)
def test_pacing_never_overspends_and_spends_all_when_days_do(
    total: int, days: int, parts: list[float], over: float
) -> None:
    spent = 0
    for day in range(days):
        today = paced_total(total, spent=spent, days_left=days - day, overdelivery_share=over)
        spent += int(today * (1 + over) * parts[day])
        assert spent <= total
    full = 0
    for day in range(days):
        full += paced_total(total, spent=full, days_left=days - day)
    assert full == total


def share_limits(**overrides: object) -> ShareLimits:
    free = ShareLimits(floor=np.zeros(3), cap=np.ones(3), previous=np.full(3, np.nan))
    return replace(free, **overrides)  # type: ignore[arg-type]


def test_shares_keep_floor_and_cap_of_each_variant() -> None:
    """0.7 is cut to 0.5; of the 0.2 left, 0.1 lifts the last to its floor of 0.2 …"""
    limits = share_limits(floor=np.array([0, 0, 0.2]), cap=np.array([0.5, 1, 1]))
    shares, bound = bounded_shares(np.array([0.7, 0.25, 0.05]), limits)
    assert_allclose(shares, [0.5, 0.3, 0.2], atol=1e-9)
    assert_array_equal(bound, [Rule.CAP, Rule.NONE, Rule.FLOOR])


def test_shares_keep_the_even_floor_and_the_daily_change() -> None:
    limits = share_limits(even_floor=0.3, previous=np.array([0.6, 0.4, np.nan]), max_change=0.1)
    shares, bound = bounded_shares(np.array([0.9, 0.1, 0.0]), limits)
    assert_allclose(shares, [0.6, 0.3, 0.1], atol=1e-9)
    assert_array_equal(bound, [Rule.NONE, Rule.CHANGE, Rule.EVEN_FLOOR])


@pytest.mark.parametrize(
    ("overrides", "rules", "members"),
    [
        ({"floor": np.array([0.5, 0.3, 0.4])}, (Rule.FLOOR, Rule.TOTAL), (0, 1, 2)),
        ({"cap": np.array([0.5, 0.2, 0.2])}, (Rule.CAP, Rule.TOTAL), (0, 1, 2)),
        (
            {"floor": np.array([0, 0.6, 0]), "cap": np.array([1, 0.5, 1])},
            (Rule.FLOOR, Rule.CAP),
            (1,),
        ),
        (
            {
                "floor": np.array([0.5, 0, 0]),
                "previous": np.array([0.1, 0.1, 0.8]),
                "max_change": 0.1,
            },
            (Rule.FLOOR, Rule.CHANGE),
            (0,),
        ),
        (
            {
                "floor": np.array([0, 0.3, 0]),
                "previous": np.array([0.9, np.nan, 0.1]),
                "max_change": 0.1,
            },
            (Rule.FLOOR, Rule.CHANGE),
            (1,),
        ),
        (
            {
                "cap": np.array([0.3, 1, 1]),
                "previous": np.array([0.35, 0.35, 0.3]),
                "max_change": 0.02,
            },
            (Rule.CHANGE, Rule.CAP),
            (0,),
        ),
        ({"cap": np.array([1, 1, 0.05]), "even_floor": 0.3}, (Rule.EVEN_FLOOR, Rule.CAP), (2,)),
    ],
)
def test_the_two_limits_of_shares_that_clash_are_named(
    overrides: dict[str, object], rules: tuple[Rule, ...], members: tuple[int, ...]
) -> None:
    with pytest.raises(Clash) as caught:
        bounded_shares(np.full(3, 1 / 3), share_limits(**overrides))
    assert tuple(one.rule for one in caught.value.limits) == rules
    assert caught.value.limits[0].members == members


@settings(max_examples=150, deadline=None)
@given(
    parts=st.lists(st.floats(0.001, 1), min_size=2, max_size=8),
    floor=st.floats(0, 0.4),
    cap=st.floats(0.6, 1),
    change=st.floats(0.05, 1),
    data=st.data(),
)
def test_shares_sum_to_one_within_all_their_limits(
    parts: list[float], floor: float, cap: float, change: float, data: st.DataObject
) -> None:
    wanted = np.array(parts) / sum(parts)
    size = len(wanted)
    before = data.draw(st.lists(st.floats(0.001, 1), min_size=size, max_size=size))
    limits = ShareLimits(
        floor=np.where(np.arange(size) == 0, floor, 0.0),
        cap=np.where(np.arange(size) == size - 1, cap, 1.0),
        previous=np.array(before) / sum(before),
        even_floor=0.05,
        max_change=change,
    )
    try:
        shares, _ = bounded_shares(wanted, limits)
    except Clash:
        # Any one of the floor, the cap and the change can exclude another.
        assume(change >= 0.4)
        raise
    assert shares.sum() == pytest.approx(1)
    assert shares[0] >= floor - 1e-8
    assert shares[-1] <= cap + 1e-8
    assert (shares >= 0.05 / size - 1e-8).all()
    assert (np.abs(shares - limits.previous) <= change + 1e-8).all()
