"""The day's money between cells: diminishing returns, within what the marketer set."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np

from studio.bandit.response import CellDays, Curves, cell_days, learn_responses
from studio.bandit.spread import Clash, Family, Limits, Rule, Spreading, spread
from studio.bandit.spread import Limit as Clashing
from studio.bandit.threads import one_thread
from studio.domain.budget import Limit
from studio.domain.delivery import Cell
from studio.domain.learning import CellBudget, CellRecord, Purse
from studio.domain.money import Money
from studio.errors import InputError

UNKNOWN_EXPONENT = 0.8
"""Of the curves that are taken before any day was reported."""
MARKET_RANGE = (0.3, 3.0)
"""Least and most of a market's money in parts of its even share, where the brief says nothing.

Responses are learnt from few days; a market that is starved can't show that it got better.
"""
LIMITS = {
    Rule.CHANGE: Limit.CELL_CHANGE,
    Rule.FROZEN: Limit.FROZEN,
    Rule.FAMILY_FLOOR: Limit.CELL_FLOOR,
    Rule.FAMILY_CAP: Limit.CELL_CAP,
    Rule.TARGET: Limit.TARGET,
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Bound:
    """A cell's money and the limits that bound it."""

    budget: CellBudget
    limits: tuple[Limit, ...]


@one_thread
def divided(purse: Purse, *, frozen: frozenset[Cell]) -> tuple[Bound, ...]:
    """Every cell's money for the day, in the order of the purse's cells.

    frozen: cells that somebody is asked about; they keep their money.
    Raises `InputError` naming the limits that exclude each other.
    """
    found = _spread(purse, frozen)
    currency = purse.total.currency
    return tuple(
        Bound(
            budget=CellBudget(
                cell=record.cell,
                budget=Money(currency=currency, amount_minor=int(amount)),
                before=record.before,
            ),
            limits=tuple(bound_by(Rule(int(rule)), record, frozen)),
        )
        for record, amount, rule in zip(purse.cells, found.budget, found.bound, strict=True)
    )


def _spread(purse: Purse, frozen: frozenset[Cell]) -> Spreading:
    """The best division; where the usual range of markets stands in the way, it gives way."""
    curves = curves_of(purse)
    try:
        return spread(curves, limits_of(ranged(purse), frozen))
    except Clash:
        try:
            return spread(curves, limits_of(purse, frozen))
        except Clash as clash:
            raise InputError(clashing(clash, purse)) from clash


def ranged(purse: Purse) -> Purse:
    """The purse with `MARKET_RANGE` for markets whose floor or cap the brief leaves open.

    Floors take their part of what the brief's own floors leave, so that all can hold; where a
    result has a target cost there are none, since money may then be left unspent.
    """
    markets = markets_of(purse)
    least, most = (part / len(markets) for part in MARKET_RANGE)
    left = 0.0 if purse.target else max(0.0, 1.0 - sum(purse.market_floors.values()))
    floors = {name: min(least * left, purse.market_caps.get(name, 1.0)) for name in markets}
    caps = {name: max(most, purse.market_floors.get(name, 0.0)) for name in markets}
    return replace(
        purse,
        market_floors=floors | dict(purse.market_floors),
        market_caps={name: min(cap, 1.0) for name, cap in caps.items()}
        | dict(purse.market_caps),
    )


def curves_of(purse: Purse) -> Curves:
    """What more money is expected to bring in each cell.

    Before anything was reported, curves whose best division is the even one.
    """
    worth = np.array([record.worth for record in purse.cells], dtype=np.float64)
    days = days_of(purse.cells)
    if days.spend.sum() and days.results.sum():
        return learn_responses(days).curves.worth(worth)
    even = np.array([max(record.even.amount_minor, 1) for record in purse.cells], np.float64)
    return Curves(level=even, reference=even, exponent=np.full(len(even), UNKNOWN_EXPONENT))


def days_of(cells: Sequence[CellRecord]) -> CellDays:
    """All cells' days side by side."""
    rows = [(index, day) for index, record in enumerate(cells) for day in record.days]
    return cell_days(
        cell=np.array([index for index, _ in rows], dtype=np.int64),
        day=np.array([day.day.toordinal() for _, day in rows], dtype=np.int64),
        spend=np.array([day.spend_minor for _, day in rows], dtype=np.float64),
        results=np.array([day.results for _, day in rows], dtype=np.float64),
        n_cells=len(cells),
    )


def limits_of(purse: Purse, frozen: frozenset[Cell]) -> Limits:
    """What the marketer and the platforms ask, as the mathematics takes it."""
    cells = purse.cells
    stays = [record.learning or record.cell in frozen for record in cells]
    known = [record.before is not None for record in cells]
    return Limits(
        total=purse.total.amount_minor,
        floor=np.zeros(len(cells)),
        cap=np.full(len(cells), np.inf),
        previous=np.array(
            [
                np.nan if each.before is None else float(each.before.amount_minor)
                for each in cells
            ]
        ),
        frozen=np.array(stays) & np.array(known),
        families=families_of(purse),
        max_change=purse.max_change_share,
        target_cost=float(purse.target.amount_minor) if purse.target else None,
    )


def markets_of(purse: Purse) -> tuple[str, ...]:
    """The cells' markets, in alphabetical order."""
    return tuple(sorted({record.cell.market for record in purse.cells}))


def families_of(purse: Purse) -> tuple[Family, ...]:
    """The markets as groups with floors and caps, if any has one."""
    if not purse.market_floors and not purse.market_caps:
        return ()
    markets = markets_of(purse)
    return (
        Family(
            group=np.array([markets.index(record.cell.market) for record in purse.cells]),
            floor=np.array([purse.market_floors.get(name, 0.0) for name in markets]),
            cap=np.array([purse.market_caps.get(name, np.inf) for name in markets]),
        ),
    )


def bound_by(rule: Rule, record: CellRecord, frozen: frozenset[Cell]) -> Iterator[Limit]:
    """The limit in the marketer's terms."""
    if rule is Rule.FROZEN and record.cell not in frozen:
        yield Limit.LEARNING_PHASE
    elif rule in LIMITS:
        yield LIMITS[rule]


def clashing(clash: Clash, purse: Purse) -> str:
    """The limits that exclude each other by the names of their fields, and what to do."""
    names = list(dict.fromkeys(field_of(limit, purse) for limit in clash.limits))
    return (
        f"{' and '.join(names)} can't all hold for {purse.total}: loosen one of them in the "
        "brief's budget."
    )


def field_of(limit: Clashing, purse: Purse) -> str:
    """A limit as the brief names it."""
    markets = markets_of(purse)
    if limit.rule in (Rule.FAMILY_FLOOR, Rule.FAMILY_CAP):
        field = "market_floors" if limit.rule is Rule.FAMILY_FLOOR else "market_caps"
        return f"budget.{field} of {', '.join(markets[index] for index in limit.members)}"
    places = ", ".join(str(purse.cells[index].cell) for index in limit.members)
    words = {
        Rule.TOTAL: f"the day's money ({purse.total})",
        Rule.CHANGE: f"budget.max_cell_change_share ({purse.max_change_share:g}) of {places}",
        Rule.FROZEN: f"the unchanged budget of {places}",
    }
    return words.get(limit.rule, f"{limit.rule.name.lower()} of {places}")


def even_budgets(daily: Money, cells: Sequence[Cell]) -> Mapping[Cell, Money]:
    """`daily` split evenly over markets, then over each market's placements."""
    present = sorted(set(cells), key=str)
    markets = sorted({cell.market for cell in present})
    found: dict[Cell, Money] = {}
    parts = daily.split((1.0,) * len(markets))
    for market, part in zip(markets, parts, strict=True):
        own = [cell for cell in present if cell.market == market]
        found |= zip(own, part.split((1.0,) * len(own)), strict=True)
    return found
