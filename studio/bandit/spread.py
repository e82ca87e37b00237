"""A day's money over cells with diminishing returns, and shares within limits of each arm."""

from __future__ import annotations

from dataclasses import dataclass, replace
from enum import IntEnum
from itertools import combinations
from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import Bounds, LinearConstraint, linprog, milp
from scipy.sparse import csr_array, kron

from studio.bandit.budget import TOLERANCE, onto_box
from studio.bandit.features import Floats, Ints
from studio.bandit.response import Curves

Bools: TypeAlias = NDArray[np.bool_]
HAIR = 1e-6
"""Of a minor unit: what floating point may add to a limit."""
CHORDS = 16
"""Into how many straight pieces the stretch of a curve is cut that is looked at."""


class Rule(IntEnum):
    """A kind of limit."""

    NONE = 0
    TOTAL = 1
    """No more than the day's money; with `spend_all`, no less either. Shares: the whole."""
    FLOOR = 2
    """Least of a cell, or share of an arm."""
    CAP = 3
    """Most of a cell, or share of an arm."""
    CHANGE = 4
    """Largest change from the day before."""
    FROZEN = 5
    """A cell that keeps its budget."""
    FAMILY_FLOOR = 6
    """Least of a group of cells: a market, a platform."""
    FAMILY_CAP = 7
    """Most of a group of cells."""
    TARGET = 8
    """The next result would cost more than the target; never an error."""
    EVEN_FLOOR = 9
    """Part of a cell that is spread evenly over its arms."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Limit:
    """One rule with those of its members that clash.

    family: index in `Limits.families` where the rule is about groups, else -1. members:
    codes of groups for family rules, otherwise indices of cells or arms; empty for `TOTAL`.
    """

    rule: Rule
    family: int = -1
    members: tuple[int, ...] = ()


CELL_RULES = frozenset({Rule.FLOOR, Rule.CAP, Rule.CHANGE, Rule.FROZEN})


class Clash(ValueError):
    """Limits that can't all hold; `limits` has the two that clash, rarely more."""

    def __init__(self, limits: tuple[Limit, ...]) -> None:
        self.limits = limits
        named = " and ".join(
            f"{limit.rule.name}{list(limit.members) if limit.members else ''}"
            for limit in limits
        )
        super().__init__(f"These limits can't all hold: {named}.")


@dataclass(frozen=True, slots=True, eq=False, kw_only=True)
class Family:
    """A division of the n cells into k groups with limits: markets, or platforms.

    group: (n,) codes from 0. floor, cap: (k,), shares (0–1) of the money that the day's total
    and the limits of cells let be spent.
    """

    group: Ints
    floor: Floats
    cap: Floats


@dataclass(frozen=True, slots=True, eq=False, kw_only=True)
class Limits:
    """What the money of n cells has to keep; all money in minor units.

    total: of the day; never exceeded. floor, cap: (n,), of each cell. previous: (n,),
    budgets of the day before, NaN for a cell that is new. frozen: (n,), cells that keep
    their previous budget. families: groups with limits of their own. max_change: largest
    part (0–1) of its previous budget by which a cell's may rise or fall. target_cost: what
    one more result may cost at most, in minor units; None: anything. spend_all: an
    underspent total is an error too.

    Floors are rounded down and caps up to whole minor units, so that shares which add up to
    the whole stay possible; limits of daily change are rounded inwards. Daily falls are eased
    in proportion where the total falls faster than they allow.
    """

    total: int
    floor: Floats
    cap: Floats
    previous: Floats
    frozen: Bools
    families: tuple[Family, ...] = ()
    max_change: float = 0.2
    target_cost: float | None = None
    spend_all: bool = False


def no_limits(n_cells: int, *, total: int) -> Limits:
    """Limits that only know the total: a start for `replace`."""
    return Limits(
        total=total,
        floor=np.zeros(n_cells),
        cap=np.full(n_cells, np.inf),
        previous=np.full(n_cells, np.nan),
        frozen=np.zeros(n_cells, dtype=bool),
    )


@dataclass(frozen=True, slots=True, eq=False, kw_only=True)
class Spreading:
    """What each of n cells gets.

    budget: (n,), whole minor units that add up to total − unspent. bound: (n,), the `Rule`
    that kept each cell from where the curves alone would have put it. results: expected,
    (n,). unspent: money that limits or the target leave over. price: results that one more
    minor unit of the total would bring; 0 where money is left over. eased: whether daily
    changes were exceeded because the total fell faster than they allow.
    """

    budget: Ints
    bound: Ints
    results: Floats
    unspent: int
    price: float
    eased: bool


def spread(curves: Curves, limits: Limits) -> Spreading:
    """The whole budgets with the most expected results within the limits.

    Curves are replaced by chords over a grid around the best point so far, which makes a
    linear programme; where its optimum lies inside the grid it is the optimum of all grids of
    that step, because the curves are concave, and the step is cut until it is a minor unit
    (separable concave resource allocation by scaling: Hochbaum, Lower and upper bounds for
    the allocation problem and other nonlinear optimization problems, 1994). Corners of that
    programme are whole for limits of two families, a transport problem (Hoffman & Kruskal,
    1956). At the optimum all cells have the same marginal result but for the prices of the
    limits that bind (water-filling; Boyd & Vandenberghe, Convex Optimization, 2004, §5.5.3).
    Deterministic. Raises `Clash`.
    """
    box = _box(limits)
    sums = _sums(limits, box)
    if not _feasible(box, sums):
        raise Clash(_conflict(limits, box))
    floor_price = 1 / limits.target_cost if limits.target_cost else 0.0
    problem = _Problem(curves=curves, box=box, sums=sums, floor_price=floor_price)
    found = problem.solve()
    budget = np.round(found.spend).astype(np.int64)
    unspent = limits.total - int(budget.sum())
    return Spreading(
        budget=budget,
        bound=_bounds(problem, found.prices, budget, limits),
        results=curves.results(budget.astype(np.float64)),
        unspent=unspent,
        price=float(found.prices[0]) if unspent == 0 else 0.0,
        eased=box.eased,
    )


@dataclass(frozen=True, slots=True, eq=False, kw_only=True)
class _Box:
    """Least and most of each cell in whole units, (n,), and the rules they come from."""

    lower: Floats
    upper: Floats
    lower_rule: Ints
    upper_rule: Ints
    eased: bool


@dataclass(frozen=True, slots=True, eq=False, kw_only=True)
class _Sum:
    """low ≤ sum of the members' budgets ≤ high."""

    limit: Limit
    members: Bools
    low: float
    high: float


def _sides(limits: Limits) -> dict[Rule, tuple[Floats, Floats]]:
    """Least and most of each cell by each rule about single cells, (n,) and (n,)."""
    free = np.zeros(len(limits.floor)), np.full(len(limits.floor), np.inf)
    known = np.isfinite(limits.previous)
    if (limits.frozen & ~known).any():
        raise ValueError("A frozen cell needs a previous budget to keep.")
    before = np.where(known, limits.previous, 0.0)
    fall = np.ceil(before * (1 - limits.max_change) - HAIR)
    rise = np.floor(before * (1 + limits.max_change) + HAIR)
    kept = np.round(before)
    moving = known & ~limits.frozen
    return {
        Rule.FLOOR: (np.floor(limits.floor + HAIR), free[1]),
        Rule.CAP: (free[0], np.ceil(limits.cap - HAIR)),
        Rule.CHANGE: (np.where(moving, fall, 0.0), np.where(moving, rise, np.inf)),
        Rule.FROZEN: (
            np.where(limits.frozen, kept, 0.0),
            np.where(limits.frozen, kept, np.inf),
        ),
    }


def _eased(sides: dict[Rule, tuple[Floats, Floats]], limits: Limits) -> Floats:
    """Least of each cell by its daily change, scaled down to a total that fell, (n,)."""
    fall, _ = sides[Rule.CHANGE]
    kept, _ = sides[Rule.FROZEN]
    left = limits.total - kept.sum()
    if fall.sum() <= left or left < 0:
        return fall
    return np.asarray(np.floor(fall * (left / fall.sum())))


def _box(limits: Limits) -> _Box:
    sides = _sides(limits)
    fall = _eased(sides, limits)
    eased = bool((fall < sides[Rule.CHANGE][0]).any())
    sides[Rule.CHANGE] = fall, sides[Rule.CHANGE][1]
    rules = np.array(list(sides))
    lows = np.array([low for low, _ in sides.values()])
    highs = np.array([high for _, high in sides.values()])
    lower = lows.max(axis=0)
    upper = np.minimum(highs.min(axis=0), limits.total)
    return _Box(
        lower=lower,
        upper=upper,
        lower_rule=np.where(lower > 0, rules[lows.argmax(axis=0)], int(Rule.NONE)),
        upper_rule=np.where(upper < limits.total, rules[highs.argmin(axis=0)], int(Rule.TOTAL)),
        eased=eased,
    )


def _sums(limits: Limits, box: _Box) -> tuple[_Sum, ...]:
    """The total first, then every group that has a limit."""
    spendable = float(min(limits.total, max(box.upper.sum(), 0.0)))
    everyone = np.ones(len(box.lower), dtype=bool)
    least = limits.total if limits.spend_all else 0
    rows = [_Sum(limit=Limit(rule=Rule.TOTAL), members=everyone, low=least, high=limits.total)]
    for index, family in enumerate(limits.families):
        floors = np.floor(family.floor * spendable + HAIR)
        caps = np.ceil(np.minimum(family.cap, 1.0) * spendable - HAIR)
        for code, (low, high) in enumerate(zip(floors, caps, strict=True)):
            members = family.group == code
            name = Limit(rule=Rule.FAMILY_FLOOR, family=index, members=(code,))
            if low > 0:
                rows.append(_Sum(limit=name, members=members, low=low, high=np.inf))
            if high < spendable:
                name = replace(name, rule=Rule.FAMILY_CAP)
                rows.append(_Sum(limit=name, members=members, low=0.0, high=high))
    return tuple(rows)


def _constraint(sums: tuple[_Sum, ...]) -> LinearConstraint:
    return LinearConstraint(
        np.array([row.members for row in sums], dtype=np.float64),
        [row.low for row in sums],
        [row.high for row in sums],
    )


def _feasible(box: _Box, sums: tuple[_Sum, ...]) -> bool:
    """Whether any budgets keep the box and the sums."""
    if (box.lower > box.upper).any():
        return False
    if not sums:
        return True
    found = milp(
        np.zeros(len(box.lower)),
        bounds=Bounds(box.lower, box.upper),
        constraints=_constraint(sums),
    )
    return bool(found.status == 0)


@dataclass(frozen=True, slots=True, eq=False, kw_only=True)
class _Optimum:
    """Best budgets on one grid, (n,), and the prices of the sums, (m,), there."""

    spend: Floats
    prices: Floats


@dataclass(frozen=True, slots=True, eq=False, kw_only=True)
class _Problem:
    """Curves, limits, and what the target asks of the last unit."""

    curves: Curves
    box: _Box
    sums: tuple[_Sum, ...]
    floor_price: float

    @property
    def membership(self) -> Floats:
        """Which cells each sum adds up, (m, n)."""
        return np.array([row.members for row in self.sums], dtype=np.float64)

    def solve(self) -> _Optimum:
        """The best whole budgets."""
        step = float(np.ceil(max((self.box.upper - self.box.lower).max() / CHORDS, 1.0)))
        centre = np.round((self.box.lower + self.box.upper) / 2)
        while True:
            found = self._best_of_step(centre, step)
            if step <= 1:
                return found
            centre, step = np.round(found.spend), float(np.ceil(step / 4))

    def _best_of_step(self, centre: Floats, step: float) -> _Optimum:
        """The optimum among all grids of this step, moving the grid until it lies inside."""
        best = -np.inf
        while True:
            knots = self._knots(centre, step)
            found = self._on(knots)
            spend = found.spend
            edge = (spend <= knots[:, 0]) & (knots[:, 0] > self.box.lower)
            edge |= (spend >= knots[:, -1]) & (knots[:, -1] < self.box.upper)
            value = self._value(spend)
            if not edge.any() or value <= best + abs(best) * 1e-12:
                return found
            centre, best = np.round(spend), value

    def _knots(self, centre: Floats, step: float) -> Floats:
        """Ends of chords around each cell's centre, clipped to the box, (n, CHORDS + 1)."""
        offsets = np.arange(CHORDS + 1) - CHORDS // 2
        knots = centre[:, None] + step * offsets
        return np.asarray(np.clip(knots, self.box.lower[:, None], self.box.upper[:, None]))

    def _value(self, spend: Floats) -> float:
        return float(self.curves.results(spend).sum() - self.floor_price * spend.sum())

    def _on(self, knots: Floats) -> _Optimum:
        """The best budgets between the first and the last knots, on chords."""
        lengths = np.diff(knots, axis=1)
        level, scale = self.curves.level[:, None], self.curves.reference[:, None]
        results = level * (knots / scale) ** self.curves.exponent[:, None]
        gain = np.diff(results, axis=1) / np.where(lengths > 0, lengths, 1.0)
        worth = np.where(lengths > 0, gain - self.floor_price, 0.0)
        unit = float(np.median(np.abs(worth[lengths > 0]))) if (lengths > 0).any() else 1.0
        unit = unit or 1.0
        rows, high, sign = self._rows(knots[:, 0])
        found = linprog(
            -(worth / unit).ravel(),
            A_ub=rows,
            b_ub=high,
            bounds=np.column_stack([np.zeros(lengths.size), lengths.ravel()]),
            method="highs-ds",
            options={"dual_feasibility_tolerance": 1e-10},
        )
        if found.status != 0:
            raise ValueError(f"No whole budgets keep the limits: {found.message}")
        chosen = found.x
        if np.abs(chosen - np.round(chosen)).max() > 1e-5:
            chosen = _whole(-(worth / unit).ravel(), rows, high, lengths.ravel())
        prices = np.zeros(len(self.sums))
        np.add.at(prices, sign[:, 0], -sign[:, 1] * found.ineqlin.marginals * unit)
        prices[0] += self.floor_price
        spend = knots[:, 0] + chosen.reshape(lengths.shape).sum(axis=1)
        return _Optimum(spend=np.round(spend), prices=prices)

    def _rows(self, start: Floats) -> tuple[csr_array, Floats, Ints]:
        """Limits of the chords' sums from `start` on: rows · y ≤ high.

        Also the index of each row's sum, and its sign: −1 for a least, 1 for a most.
        """
        rows, high, sign = [], [], []
        for index, row in enumerate(self.sums):
            taken = start[row.members].sum()
            if np.isfinite(row.high):
                rows.append(row.members.astype(np.float64))
                high.append(row.high - taken)
                sign.append((index, 1))
            if row.low > 0:
                rows.append(-row.members.astype(np.float64))
                high.append(taken - row.low)
                sign.append((index, -1))
        wide = csr_array(kron(csr_array(np.array(rows)), np.ones((1, CHORDS))))
        return wide, np.array(high), np.array(sign, dtype=np.int64)


def _whole(cost: Floats, rows: csr_array, high: Floats, lengths: Floats) -> Floats:
    """The same programme in whole numbers, for families whose corners aren't whole."""
    found = milp(
        cost,
        bounds=Bounds(0, lengths),
        constraints=LinearConstraint(rows, -np.inf, high),
        integrality=1,
    )
    if found.status != 0:
        raise ValueError(f"No whole budgets keep the limits: {found.message}")
    return np.asarray(found.x)


def _bounds(problem: _Problem, prices: Floats, budget: Ints, limits: Limits) -> Ints:
    """The `Rule` that bound each cell, (n,): its own limits first, then its groups'."""
    box = problem.box
    wanted = problem.curves.spend_at(prices @ problem.membership)
    bound = np.full(len(budget), int(Rule.NONE))
    if problem.floor_price > 0 and budget.sum() < limits.total and not limits.spend_all:
        bound[:] = Rule.TARGET
    noise = 1e-9 * float(np.abs(prices).max(initial=0.0))
    for price, row in zip(prices[1:], problem.sums[1:], strict=True):
        if abs(price) > noise:
            bound[row.members] = row.limit.rule
    low = (budget <= box.lower) & (wanted <= box.lower + 1) & (box.lower > 0)
    high = (budget >= box.upper) & (wanted >= box.upper - 1) & (box.upper < limits.total)
    bound[low] = box.lower_rule[low]
    bound[high] = box.upper_rule[high]
    bound[limits.frozen] = Rule.FROZEN
    return bound


def _conflict(limits: Limits, box: _Box) -> tuple[Limit, ...]:
    """The fewest limits that can't all hold, a pair wherever there is one."""
    rules = _by_rule(limits, box)
    for size in (1, 2, 3):
        for group in combinations(rules.values(), size):
            members = [member for one in group for member in one]
            if not _feasible(*_combined(members, len(box.lower))):
                return _merged(_fewest(members, len(box.lower)))
    everything = [member for one in rules.values() for member in one]
    return _merged(_fewest(everything, len(box.lower)))


def _by_rule(limits: Limits, box: _Box) -> dict[tuple[Rule, int], list[_Sum]]:
    """Every limit as a sum, of a single cell where it is one, by rule and family."""
    size = len(box.lower)
    found: dict[tuple[Rule, int], list[_Sum]] = {}
    for row in _sums(limits, box):
        found.setdefault((row.limit.rule, row.limit.family), []).append(row)
    sides = _sides(limits)
    sides[Rule.CHANGE] = _eased(sides, limits), sides[Rule.CHANGE][1]
    for rule, (low, high) in sides.items():
        for cell in np.flatnonzero((low > 0) | np.isfinite(high)):
            name = Limit(rule=rule, members=(int(cell),))
            row = _Sum(
                limit=name, members=np.arange(size) == cell, low=low[cell], high=high[cell]
            )
            found.setdefault((rule, -1), []).append(row)
    return found


def _combined(rows: list[_Sum], size: int) -> tuple[_Box, tuple[_Sum, ...]]:
    """Limits of single cells as a box, all others as sums."""
    lower, upper = np.zeros(size), np.full(size, np.inf)
    sums = []
    for row in rows:
        if row.limit.rule in CELL_RULES:
            lower = np.where(row.members, np.maximum(lower, row.low), lower)
            upper = np.where(row.members, np.minimum(upper, row.high), upper)
        else:
            sums.append(row)
    none = np.zeros(size, dtype=np.int64)
    box = _Box(lower=lower, upper=upper, lower_rule=none, upper_rule=none, eased=False)
    return box, tuple(sums)


def _fewest(rows: list[_Sum], size: int) -> list[_Sum]:
    """Rows without which the others could hold (deletion filter).

    Chinneck & Dravnieks, Locating minimal infeasible constraint sets in linear programs, 1991.
    """
    kept = list(rows)
    for row in rows:
        others = [one for one in kept if one is not row]
        if not _feasible(*_combined(others, size)):
            kept = others
    return kept


def _merged(rows: list[_Sum]) -> tuple[Limit, ...]:
    """One limit for each rule and family, with all its members."""
    merged: dict[tuple[Rule, int], tuple[int, ...]] = {}
    for row in rows:
        key = row.limit.rule, row.limit.family
        merged[key] = (*merged.get(key, ()), *row.limit.members)
    return tuple(
        Limit(rule=rule, family=family, members=tuple(sorted(members)))
        for (rule, family), members in merged.items()
    )


def paced_total(
    total: int, *, spent: int, days_left: int, overdelivery_share: float = 0.0
) -> int:
    """Today's money for a campaign that may spend `total` minor units in all.

    What is left is spread evenly over `days_left` days, today included, so that an underspend
    is caught up in equal parts; the last day may spend all the rest. spent: all money out or
    committed up to yesterday, reported or not. overdelivery_share: part by which a platform
    may exceed a daily budget; the whole of it stays below what is left.
    """
    if days_left < 1:
        return 0
    left = max(total - spent, 0)
    return int(left // days_left / (1 + overdelivery_share))


@dataclass(frozen=True, slots=True, eq=False, kw_only=True)
class ShareLimits:
    """Limits on the shares (0–1) of a cell's k arms.

    floor, cap: (k,). even_floor: part of the whole that is spread evenly, as a floor of each
    arm. previous: (k,), summing to 1; NaN for a new arm. max_change: in shares.
    """

    floor: Floats
    cap: Floats
    previous: Floats
    even_floor: float = 0.0
    max_change: float = 1.0


def bounded_shares(wanted: Floats, limits: ShareLimits) -> tuple[Floats, Ints]:
    """The shares nearest to `wanted` within limits, (k,), and the `Rule` that bound each.

    Raises `Clash` naming two limits; `TOTAL` stands for the whole that shares sum to.
    """
    lows, highs = _share_sides(limits)
    lower, upper = lows.max(axis=0), highs.min(axis=0)
    lower_rule = np.array(LOWER_RULES)[lows.argmax(axis=0)]
    upper_rule = np.array(UPPER_RULES)[highs.argmin(axis=0)]
    crossed = np.flatnonzero(lower > upper + TOLERANCE)
    if len(crossed):
        arm = (int(crossed[0]),)
        raise Clash(
            (
                Limit(rule=Rule(lower_rule[arm[0]]), members=arm),
                Limit(rule=Rule(upper_rule[arm[0]]), members=arm),
            )
        )
    if lower.sum() > 1 + TOLERANCE:
        raise Clash(_too_much(lows, lower_rule, LOWER_RULES))
    if upper.sum() < 1 - TOLERANCE:
        raise Clash(_too_much(-highs, upper_rule, UPPER_RULES, whole=-1.0))
    shares = onto_box(wanted, lower=lower, upper=np.maximum(upper, lower))
    bound = np.full(len(wanted), int(Rule.NONE))
    low, high = shares <= lower + TOLERANCE, shares >= upper - TOLERANCE
    bound[low & (lower > 0)] = lower_rule[low & (lower > 0)]
    bound[high & (upper < 1) & ~low] = upper_rule[high & (upper < 1) & ~low]
    return shares, bound


LOWER_RULES = (Rule.FLOOR, Rule.EVEN_FLOOR, Rule.CHANGE)
UPPER_RULES = (Rule.CAP, Rule.CHANGE)


def _share_sides(limits: ShareLimits) -> tuple[Floats, Floats]:
    """Least share by each of `LOWER_RULES`, (3, k), and most by each of `UPPER_RULES`."""
    size = len(limits.floor)
    known = np.isfinite(limits.previous)
    before = np.where(known, limits.previous, 0.0)
    fall = np.where(known, np.maximum(before - limits.max_change, 0.0), 0.0)
    rise = np.where(known, np.minimum(before + limits.max_change, 1.0), 1.0)
    even = np.full(size, limits.even_floor / size)
    return np.array([limits.floor, even, fall]), np.array([limits.cap, rise])


def _too_much(
    sides: Floats, rule: Ints, rules: tuple[Rule, ...], *, whole: float = 1.0
) -> tuple[Limit, ...]:
    """The rule whose limits alone exceed the whole, or those that do so together."""
    for row, side in zip(rules, sides, strict=True):
        if side.sum() > whole + TOLERANCE:
            return Limit(rule=row, members=_indices(side != 0)), Limit(rule=Rule.TOTAL)
    telling = sides.max(axis=0) > min(0.0, whole)
    return tuple(
        Limit(rule=row, members=_indices((rule == row) & telling))
        for row in rules
        if ((rule == row) & telling).any()
    )


def _indices(chosen: Bools) -> tuple[int, ...]:
    return tuple(int(index) for index in np.flatnonzero(chosen))
