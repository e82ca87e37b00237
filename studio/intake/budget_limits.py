"""What a brief's budget must keep: ranges, and limits that don't exclude each other."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import TypeVar

from studio.domain.brief import Brief, Budget
from studio.domain.money import Money
from studio.intake.problems import FieldPath, Problem

VARIANT_PATTERN = re.compile(r"v(?P<number>[1-9]\d?)(?:-[a-z0-9-]{1,60})?")
Name = TypeVar("Name", bound=str)
HAIR = 1e-9
"""What adding shares up may add to them."""


def budget_doubts(brief: Brief) -> Iterator[Problem]:
    """What is wrong with the budget, each with its field and remedy."""
    yield from _ranges(brief.budget)
    yield from _money(brief.budget)
    yield from _target(brief.budget)
    yield from _markets(brief)
    yield from _variants(brief)


def _ranges(budget: Budget) -> Iterator[Problem]:
    checks: tuple[tuple[str, bool, str], ...] = (
        ("daily", budget.daily.amount_minor > 0, "must be more than 0."),
        ("days", 1 <= budget.days <= 365, "must be 1 to 365."),
        ("floor_share", 0 <= budget.floor_share <= 0.5, "must be 0 to 0.5."),
        (
            "max_daily_change_share",
            0.01 <= budget.max_daily_change_share <= 1,
            "must be 0.01 to 1; 1 is no limit.",
        ),
        (
            "max_cell_change_share",
            0.01 <= budget.max_cell_change_share <= 1,
            "must be 0.01 to 1; platforms bear about 0.2.",
        ),
        (
            "holdout_share",
            0 <= budget.holdout_share <= 0.5,
            "must be 0 to 0.5: the part that stays on the even split.",
        ),
    )
    yield from ((("budget", name), words) for name, holds, words in checks if not holds)


def _money(budget: Budget) -> Iterator[Problem]:
    """The target and the total are in the currency of the daily budget, and large enough."""
    wanted = budget.daily.currency
    for name, money in (("target", budget.target), ("total", budget.total)):
        if money is not None and money.currency != wanted:
            yield ("budget", name), f"must be in {wanted}, like budget.daily."
        elif money is not None and money.amount_minor <= 0:
            yield ("budget", name), "must be more than 0."
    yield from _small_total(budget.daily, budget.total)


def _small_total(daily: Money, total: Money | None) -> Iterator[Problem]:
    if (
        total
        and total.currency == daily.currency
        and 0 < total.amount_minor < daily.amount_minor
    ):
        yield (
            ("budget", "total"),
            f"{total} is less than a day's budget.daily, {daily}: raise the total or lower "
            "the daily budget.",
        )


def _target(budget: Budget) -> Iterator[Problem]:
    objective = budget.objective
    if objective.has_target and budget.target is None:
        yield (
            ("budget", "target"),
            f"is missing: the objective {objective} needs the most that one may cost, such as "
            f"1.50 {budget.daily.currency}.",
        )
    if not objective.has_target and budget.target is not None:
        yield (
            ("budget", "target"),
            f"the objective {objective} has no target: leave it out, or choose "
            "cost_per_click or cost_per_acquisition.",
        )


def _markets(brief: Brief) -> Iterator[Problem]:
    budget = brief.budget
    for name, shares in (
        ("market_floors", budget.market_floors),
        ("market_caps", budget.market_caps),
    ):
        for market in shares:
            if market not in brief.markets:
                yield ("budget", name, market), "isn't among the brief's markets."
    caps = [budget.market_caps.get(market, 1.0) for market in brief.markets]
    yield from _shares("market", budget.market_floors, budget.market_caps)
    yield from _whole(("budget", "market_floors"), sum(budget.market_floors.values()))
    if caps and sum(caps) < 1 - HAIR:
        yield (
            ("budget", "market_caps"),
            f"add up to {sum(caps):.2f}, so budget.daily can't be spent: raise one, or leave "
            "one market without a cap.",
        )


def _variants(brief: Brief) -> Iterator[Problem]:
    budget, count = brief.budget, brief.variants_per_market
    for name, shares in (
        ("variant_floors", budget.variant_floors),
        ("variant_caps", budget.variant_caps),
    ):
        for variant in shares:
            found = VARIANT_PATTERN.fullmatch(variant)
            if not found or int(found["number"]) > count:
                yield (
                    ("budget", name, variant),
                    f"is no variant of this brief; write v1 to v{count}.",
                )
    numbers = [f"v{index + 1}" for index in range(count)]
    caps = sum(_of_number(budget.variant_caps, number, otherwise=1.0) for number in numbers)
    yield from _shares("variant", budget.variant_floors, budget.variant_caps)
    yield from _whole(("budget", "variant_floors"), sum(budget.variant_floors.values()))
    if count and caps < 1 - HAIR:
        yield (
            ("budget", "variant_caps"),
            f"add up to {caps:.2f}, so a cell's money can't be spent: raise one, or leave one "
            "variant without a cap.",
        )


def _of_number(shares: Mapping[str, float], number: str, *, otherwise: float) -> float:
    """The largest share that any name of a variant's number has."""
    own = [share for name, share in shares.items() if name.partition("-")[0] == number]
    return max(own, default=otherwise)


def _shares(
    kind: str, floors: Mapping[Name, float], caps: Mapping[Name, float]
) -> Iterator[Problem]:
    for ending, shares in (("floors", floors), ("caps", caps)):
        for name, share in shares.items():
            if not 0 <= share <= 1:
                yield ("budget", f"{kind}_{ending}", name), "must be 0 to 1."
    for name, floor in floors.items():
        if name in caps and floor > caps[name]:
            yield (
                ("budget", f"{kind}_floors", name),
                f"{floor:g} is more than its cap in budget.{kind}_caps, {caps[name]:g}: lower "
                "the floor or raise the cap.",
            )


def _whole(at: FieldPath, floors: float) -> Iterator[Problem]:
    if floors > 1 + HAIR:
        yield at, f"add up to {floors:.2f}, more than the whole: lower one."
