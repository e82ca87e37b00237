"""From stored inputs to a budget plan: a pure function, so that every plan can be replayed."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np
from scipy.special import expit

from studio.bandit.budget import (
    TOLERANCE,
    Allocation,
    Guard,
    Guards,
    Standing,
    allocate,
    carried_over,
    even_shares,
    rounded,
)
from studio.bandit.drift import discounted, learnt_memory
from studio.bandit.features import Arms, Floats, Ints, Spread, design, encode
from studio.bandit.posterior import Posterior, fit
from studio.bandit.spread import Clash, Rule, ShareLimits, bounded_shares
from studio.bandit.threads import one_thread
from studio.domain.brief import Objective
from studio.domain.budget import BudgetPlan, CellMove, HoldoutBudget, Limit, Move, PlanMode
from studio.domain.canonical import fingerprint
from studio.domain.delivery import Cell
from studio.domain.learning import ArmRecord, CellBudget, LearningInputs, PolicySettings
from studio.domain.money import Money
from studio.domain.seeds import derive_seed
from studio.errors import InputError
from studio.reporting.reasons import (
    Belief,
    cell_reason,
    even_reason,
    evidence_reason,
    frozen_reason,
    memory_note,
    seen_words,
    undo_reason,
)
from studio.workflows.purse import Bound, divided
from studio.workflows.rewards import ALL, days_of, log_reward, platform_of

POLICY = "pooled-logistic-thompson/3"
LIMITS = {
    Guard.NONE: Limit.NONE,
    Guard.FLOOR: Limit.FLOOR,
    Guard.DAILY_CHANGE: Limit.DAILY_CHANGE,
    Guard.TOO_LITTLE_DATA: Limit.TOO_LITTLE_DATA,
}
VARIANT_LIMITS = {Rule.FLOOR: Limit.VARIANT_FLOOR, Rule.CAP: Limit.VARIANT_CAP}
SHARE_FIELDS = {
    Rule.TOTAL: "the whole of a cell",
    Rule.FLOOR: "budget.variant_floors of",
    Rule.CAP: "budget.variant_caps of",
    Rule.CHANGE: "budget.max_daily_change_share of",
    Rule.EVEN_FLOOR: "budget.floor_share of",
}
CONVERSION_OBJECTIVES = frozenset(
    {Objective.CONVERSIONS, Objective.VALUE, Objective.COST_PER_ACQUISITION}
)
CONVERSIONS_PER_CLICK = 0.05
CONVERSION_INTERCEPT_SD = 1.5
NEVER_LATE = (1.0,)
"""Completeness where nothing is known of late conversions."""
SMALLEST_SHARE = 1e-6
"""Shares are whole multiples of this."""


@dataclass(frozen=True, slots=True, eq=False, kw_only=True)
class Gains:
    """Click rates against the even split's, minus 1: mean and ends of the 95 % interval.

    low, high: of each of n arms, (n,). cell_mean, cell_low, cell_high: of each cell's shares,
    (n_cells,), in the order of the cells' codes.
    """

    low: Floats
    high: Floats
    cell_mean: Floats
    cell_low: Floats
    cell_high: Floats


@dataclass(frozen=True, slots=True, eq=False, kw_only=True)
class Decided:
    """What the mathematics says of the n live arms.

    cell: (n,) codes. shares, previous: (n,), summing to 1 in each cell. limits: (n,) of those
    that each share touches, the one that decided first. centre, sd: of the logits, (n,).
    day_weight: of a day's counts beside the next day's.
    """

    live: tuple[ArmRecord, ...]
    cell: Ints
    shares: Floats
    previous: Floats
    limits: tuple[tuple[Limit, ...], ...]
    allocation: Allocation
    gains: Gains
    centre: Floats
    sd: Floats
    day_weight: float

    def cells(self) -> Iterator[tuple[Cell, list[int]]]:
        """Each cell with the places of its arms."""
        for code in np.unique(self.cell):
            members = [int(index) for index in np.flatnonzero(self.cell == code)]
            yield self.live[members[0]].cell, members


def plan_from(inputs: LearningInputs, *, inputs_sha256: str) -> BudgetPlan:
    """The plan that follows from its inputs; equal inputs give an equal plan."""
    decided = decide(inputs)
    bounds = {bound.budget.cell: bound for bound in money_of(inputs)}
    budgets = {cell: split_holdout(bound.budget, inputs) for cell, bound in bounds.items()}
    moved = moves(inputs, decided, {cell: part for cell, (part, _) in budgets.items()})
    return BudgetPlan(
        campaign=inputs.campaign,
        day=inputs.day,
        moves=moved,
        policy=inputs.settings.policy,
        posterior_hash=beliefs_hash(decided),
        inputs_sha256=inputs_sha256,
        seed=inputs.seed,
        mode=inputs.mode,
        cells=cell_moves(bounds, decided, inputs.settings),
        holdout=tuple(each for _, kept in budgets.values() for each in kept),
        model_hash=inputs.settings.sha256,
        data_hash=inputs.data_hash,
        previous_sha256=inputs.previous_sha256,
        obstacles=tuple(obstacles(inputs, moved)),
        alarms=inputs.alarms,
        undoes=inputs.undoes,
        total=inputs.purse.total if inputs.purse else None,
        day_weight=decided.day_weight,
    )


def decide(inputs: LearningInputs) -> Decided:
    """Beliefs and shares of every live arm."""
    arms = encoded(inputs.arms)
    features = design(arms, Spread())
    clicks, shown = daily_counts(inputs)
    memory = learnt_memory(features, clicks=clicks, impressions=shown)
    live = np.array([arm.live for arm in inputs.arms])
    cell, rows = arms.cell[live], np.flatnonzero(live)
    taking_part = tuple(arm for arm in inputs.arms if arm.live)
    previous = carried_over(held(taking_part), cell)
    totals = np.array([arm.impressions for arm in inputs.arms], dtype=np.int64)
    standing = Standing(rows=rows, cell=cell, previous=previous, impressions=totals[live])
    posterior = fit(
        features,
        clicks=discounted(clicks, memory.discount),
        impressions=discounted(shown, memory.discount),
    )
    worth = worth_of_clicks(inputs, arms, rows)
    allocation = allocated(posterior, standing, inputs, worth)
    shares, limits = settled(inputs, taking_part, standing, allocation)
    shares = rounded_by_cell(shares, cell)
    centre, sd = posterior.logits(rows)
    return Decided(
        live=taking_part,
        cell=cell,
        shares=shares,
        previous=previous,
        limits=limits,
        allocation=allocation,
        gains=gains(posterior, standing, shares=shares, inputs=inputs, worth=worth),
        centre=centre,
        sd=sd,
        day_weight=memory.discount,
    )


def worth_of_clicks(inputs: LearningInputs, arms: Arms, rows: Ints) -> Floats | None:
    """Draws of the log of what a click is worth over an impression's price, (draws, n)."""
    curve = inputs.completeness.get(ALL, NEVER_LATE)
    draws = log_reward(
        Objective(inputs.settings.objective),
        days_of([arm.days for arm in inputs.arms]),
        arms,
        completeness=[
            inputs.completeness.get(platform_of(arm.cell), curve) for arm in inputs.arms
        ],
        n_draws=inputs.settings.draws,
        rng=np.random.default_rng(derive_seed(inputs.seed, "reward")),
    )
    return None if draws is None else draws[:, rows]


def daily_counts(inputs: LearningInputs) -> tuple[Ints, Ints]:
    """Clicks and impressions of each day and arm, two of (days, n); at least one day.

    An arm whose days aren't told brought all on the last one.
    """
    days = sorted({each.day for arm in inputs.arms for each in arm.days})
    place = {day: index for index, day in enumerate(days)}
    clicks, shown = np.zeros((2, max(len(days), 1), len(inputs.arms)), dtype=np.int64)
    for column, arm in enumerate(inputs.arms):
        if not arm.days:
            clicks[-1, column], shown[-1, column] = arm.clicks, arm.impressions
        for each in arm.days:
            clicks[place[each.day], column] = each.clicks
            shown[place[each.day], column] = each.impressions
    return clicks, shown


def held(arms: tuple[ArmRecord, ...]) -> Floats:
    """Shares of the plan before, (n,), NaN for a new ad."""
    return np.array(
        [np.nan if arm.share_before is None else arm.share_before for arm in arms],
        dtype=np.float64,
    )


def allocated(
    posterior: Posterior, standing: Standing, inputs: LearningInputs, worth: Floats | None
) -> Allocation:
    """The shares that beliefs and guard-rails give."""
    settings = inputs.settings
    try:
        return allocate(
            posterior,
            standing,
            guards=guards(settings),
            alpha=settings.alpha,
            n_draws=settings.draws,
            rng=np.random.default_rng(inputs.seed),
            log_reward=worth,
        )
    except ValueError as error:
        raise InputError(
            f"budget.floor_share ({settings.floor_share:g}) and budget.max_daily_change_share "
            f"({settings.max_daily_change_share:g}) can't both hold from yesterday's shares: "
            "lower the floor or allow a larger change per day."
        ) from error


def settled(
    inputs: LearningInputs,
    live: tuple[ArmRecord, ...],
    standing: Standing,
    allocation: Allocation,
) -> tuple[Floats, tuple[tuple[Limit, ...], ...]]:
    """Shares after what no belief may change, (n,), and the limits that each touches."""
    if inputs.undoes:
        back = np.array([inputs.restored.get(arm.ad_id, np.nan) for arm in live])
        return carried_over(back, standing.cell), ((),) * len(live)
    unknown = not any(arm.impressions for arm in inputs.arms)
    wanted = even_shares(standing.cell) if unknown else allocation.shares
    shares, asked = within_variant_limits(inputs.settings, live, standing, wanted)
    guards_on = (
        ((Limit.TOO_LITTLE_DATA,),) * len(live)
        if unknown
        else touched(inputs.settings, standing, shares, allocation)
    )
    limits = [(*own, *guard) for own, guard in zip(asked, guards_on, strict=True)]
    frozen = {alarm.cell for alarm in inputs.alarms}
    stays = np.array([arm.cell in frozen for arm in live])
    return np.where(stays, standing.previous, shares), tuple(
        (Limit.FROZEN,) if stay else own for stay, own in zip(stays, limits, strict=True)
    )


def by_conversions(settings: PolicySettings) -> bool:
    """Whether a result is a conversion; otherwise it is a click."""
    return settings.objective in CONVERSION_OBJECTIVES


def prior_of(settings: PolicySettings) -> Spread:
    """What is assumed of results per impression: of clicks, or of conversions.

    2.8 to 8.6 of a hundred clicks convert in public figures, so 5 % are taken, with an
    intercept that may lie far from it.
    """
    clicks = Spread()
    if not by_conversions(settings):
        return clicks
    rate = clicks.base_rate * CONVERSIONS_PER_CLICK
    return replace(clicks, base_rate=rate, intercept=CONVERSION_INTERCEPT_SD)


def within_variant_limits(
    settings: PolicySettings,
    live: tuple[ArmRecord, ...],
    standing: Standing,
    wanted: Floats,
) -> tuple[Floats, tuple[tuple[Limit, ...], ...]]:
    """The shares nearest to those wanted that keep the marketer's floors and caps."""
    least = np.array([arm.least_share for arm in live])
    most = np.array([arm.most_share for arm in live])
    shares = wanted.copy()
    limits: list[tuple[Limit, ...]] = [()] * len(live)
    if not least.any() and (most >= 1).all():
        return shares, tuple(limits)
    for code in np.unique(standing.cell):
        own = np.flatnonzero(standing.cell == code)
        sides = ShareLimits(
            floor=least[own],
            cap=most[own],
            previous=standing.previous[own],
            even_floor=settings.floor_share,
            max_change=settings.max_daily_change_share,
        )
        try:
            shares[own], rules = bounded_shares(shares[own], sides)
        except Clash as clash:
            raise InputError(variant_clash(clash, [live[index] for index in own])) from clash
        for index, rule in zip(own, rules, strict=True):
            found = VARIANT_LIMITS.get(Rule(int(rule)))
            limits[index] = (found,) if found else ()
    return shares, tuple(limits)


def variant_clash(clash: Clash, arms: Sequence[ArmRecord]) -> str:
    """The limits of a cell's variants that exclude each other, and what to do."""
    named = [
        SHARE_FIELDS.get(limit.rule, limit.rule.name.lower())
        + "".join(f" {arms[index].variant}" for index in limit.members)
        for limit in clash.limits
    ]
    return (
        f"{' and '.join(dict.fromkeys(named))} can't all hold in {arms[0].cell}: loosen one of "
        "them in the brief's budget."
    )


def touched(
    settings: PolicySettings, standing: Standing, shares: Floats, allocation: Allocation
) -> Iterator[tuple[Limit, ...]]:
    """The guard-rails that each share lies on, the one that decided first."""
    even = even_shares(standing.cell)
    change = np.abs(shares - standing.previous)
    floor = settings.floor_share * even
    protected = settings.protected_share * even
    lies_on = {
        Limit.FLOOR: shares <= floor + TOLERANCE,
        Limit.DAILY_CHANGE: (change >= settings.max_daily_change_share - TOLERANCE)
        & (settings.max_daily_change_share < 1),
        Limit.TOO_LITTLE_DATA: (standing.impressions < settings.min_impressions)
        & (protected > floor)
        & (np.abs(shares - protected) <= TOLERANCE),
    }
    for index, guard in enumerate(allocation.guard):
        main = LIMITS[Guard(int(guard))]
        others = [each for each, on in lies_on.items() if on[index] and each is not main]
        yield (*([] if main is Limit.NONE else [main]), *others)


def rounded_by_cell(shares: Floats, cell: Ints) -> Floats:
    """Shares as multiples of `SMALLEST_SHARE` that sum to 1 in each cell, (n,)."""
    made = np.empty_like(shares)
    for code in np.unique(cell):
        made[cell == code] = rounded(shares[cell == code])
    return made


@one_thread
def gains(
    posterior: Posterior,
    standing: Standing,
    *,
    shares: Floats,
    inputs: LearningInputs,
    worth: Floats | None,
) -> Gains:
    """How far rewards and shares are expected to lie over the even split, from joint draws.

    For each draw, an arm's reward and that of the cell's shares are divided by the mean
    reward of the cell's arms: what they have in common cancels.
    """
    rng, cell = np.random.default_rng(derive_seed(inputs.seed, "gains")), standing.cell
    rates = expit(posterior.draws(standing.rows, inputs.settings.draws, rng))
    if worth is not None:
        rates = rates * np.exp(worth)
    low, high = np.empty(len(shares)), np.empty(len(shares))
    of_cells = []
    for code in np.unique(cell):
        own = cell == code
        even = rates[:, own].mean(axis=1)
        low[own], high[own] = ends(rates[:, own] / even[:, None] - 1)
        mixed = rates[:, own] @ shares[own] / even - 1
        of_cells.append((mixed.mean(), *ends(mixed)))
    cell_mean, cell_low, cell_high = np.array(of_cells).T
    return Gains(
        low=low, high=high, cell_mean=cell_mean, cell_low=cell_low, cell_high=cell_high
    )


def ends(draws: Floats) -> tuple[Floats, Floats]:
    """Ends of the central 95 % interval over the first axis."""
    low, high = np.quantile(draws, (0.025, 0.975), axis=0)
    return low, high


def encoded(records: tuple[ArmRecord, ...]) -> Arms:
    """Ads as arms; an idea is a market's variant, shared by its placements."""
    return encode(
        market=[arm.cell.market for arm in records],
        placement=[arm.cell.placement for arm in records],
        creative=[f"{arm.cell.market}/{arm.variant}" for arm in records],
        attributes=[arm.attributes for arm in records],
    )


def guards(settings: PolicySettings) -> Guards:
    """The settings' limits as the mathematics takes them."""
    return Guards(
        floor_share=settings.floor_share,
        max_change_share=settings.max_daily_change_share,
        min_impressions=settings.min_impressions,
        protected_share=settings.protected_share,
    )


def split_holdout(
    row: CellBudget, inputs: LearningInputs
) -> tuple[Money, tuple[HoldoutBudget, ...]]:
    """A cell's money for the plan's shares, and for each ad that stays on the even split.

    There is a holdout where every live ad of the cell has its twin in it.
    """
    share = inputs.settings.holdout_share
    twins = [arm.holdout_ad_id for arm in inputs.arms if arm.live and arm.cell == row.cell]
    known = [twin for twin in twins if twin is not None]
    if not share or not known or len(known) < len(twins):
        return row.budget, ()
    planned, kept = row.budget.split((1 - share, share))
    parts = kept.split((1.0,) * len(known))
    return planned, tuple(
        HoldoutBudget(ad_id=twin, cell=row.cell, budget=part)
        for twin, part in zip(known, parts, strict=True)
    )


def moves(
    inputs: LearningInputs, decided: Decided, budgets: dict[Cell, Money]
) -> tuple[Move, ...]:
    """One move for each live ad, in their order; a cell's money is split to the last cent."""
    made: dict[int, Move] = {}
    for cell, members in decided.cells():
        shares = tuple(float(decided.shares[index]) for index in members)
        parts = budgets[cell].split(shares)
        ahead = max(members, key=lambda index: decided.allocation.best[index])
        for index, part in zip(members, parts, strict=True):
            move = a_move(inputs, decided, index, part)
            why = reason(inputs, decided, index, ahead)
            made[index] = replace(move, reason=why, even_share=round(1 / len(members), 6))
    return tuple(made[index] for index in range(len(decided.live)))


def a_move(inputs: LearningInputs, decided: Decided, index: int, budget: Money) -> Move:
    """One ad's numbers, still without words."""
    arm, allocation, limits = decided.live[index], decided.allocation, decided.limits[index]
    share = float(decided.shares[index])
    return Move(
        ad_id=arm.ad_id,
        cell=arm.cell,
        share_before=share if arm.share_before is None else arm.share_before,
        share_after=share,
        budget_after=budget,
        impressions=arm.impressions,
        clicks=arm.clicks,
        ctr_mean=round(float(allocation.rate[index]), 8),
        ctr_low=round(float(allocation.low[index]), 8),
        ctr_high=round(float(allocation.high[index]), 8),
        best_probability=round(float(allocation.best[index]), 4),
        expected_gain=round(float(allocation.gain[index]), 4),
        limit=limits[0] if limits else Limit.NONE,
        reason="",
        gain_low=round(float(decided.gains.low[index]), 4),
        gain_high=round(float(decided.gains.high[index]), 4),
        logit_mean=round(float(decided.centre[index]), 6),
        logit_sd=round(float(decided.sd[index]), 6),
        limits=limits,
        context={
            **arm.attributes, "market": arm.cell.market, "placement": arm.cell.placement
        },
    )  # fmt: skip


def reason(inputs: LearningInputs, decided: Decided, index: int, ahead: int) -> str:
    """Why one ad gets what it gets, in a sentence."""
    arm, share = decided.live[index], float(decided.shares[index])
    if inputs.undoes:
        return undo_reason(arm, share)
    limits = decided.limits[index]
    if Limit.FROZEN in limits:
        return frozen_reason(arm, share)
    if not any(one.impressions for one in inputs.arms):
        return even_reason(arm, share)
    belief = Belief(
        best=round(float(decided.allocation.best[index]), 4),
        gain=round(float(decided.allocation.gain[index]), 4),
        gain_low=round(float(decided.gains.low[index]), 4),
        gain_high=round(float(decided.gains.high[index]), 4),
        leader=decided.live[ahead],
        leader_best=float(decided.allocation.best[ahead]),
    )
    return evidence_reason(
        arm,
        share,
        belief=belief,
        limits=limits,
        why=inputs.settings,
        seen=seen_words(arm, by_conversions=by_conversions(inputs.settings)),
    )


def money_of(inputs: LearningInputs) -> tuple[Bound, ...]:
    """Every cell's money: set beforehand, or divided by what it brings."""
    if inputs.purse is None:
        return tuple(Bound(budget=row, limits=()) for row in inputs.budgets)
    return divided(inputs.purse, frozen=frozenset(alarm.cell for alarm in inputs.alarms))


def cell_moves(
    bounds: Mapping[Cell, Bound], decided: Decided, settings: PolicySettings
) -> tuple[CellMove, ...]:
    """Each cell's money, and what its shares are expected to bring."""
    made = []
    noun = "conversions" if by_conversions(settings) else "clicks"
    for place, (cell, _) in enumerate(decided.cells()):
        bound, found = bounds[cell], decided.gains
        move = CellMove(
            cell=cell,
            budget_before=bound.budget.before,
            budget_after=bound.budget.budget,
            expected_gain=round(float(found.cell_mean[place]), 4),
            gain_low=round(float(found.cell_low[place]), 4),
            gain_high=round(float(found.cell_high[place]), 4),
            limits=bound.limits,
        )
        reason = cell_reason(move, noun) + memory_note(decided.day_weight)
        made.append(replace(move, reason=reason))
    return tuple(made)


def obstacles(inputs: LearningInputs, moved: tuple[Move, ...]) -> Iterator[str]:
    """Why a plan that would come into force by itself waits for a person."""
    if inputs.mode is not PlanMode.AUTO:
        return
    for alarm in inputs.alarms:
        yield alarm.question
    yield from inputs.doubts
    most = inputs.settings.max_daily_change_share
    for move in moved:
        change = abs(move.share_after - move.share_before)
        if change > most + SMALLEST_SHARE and Limit.FROZEN not in move.limits:
            yield (
                f"{move.ad_id} would move by {change * 100:.0f} points, because ads came or "
                f"went; plans may move a share by {most * 100:.0f} points a day by themselves."
            )


def beliefs_hash(decided: Decided) -> str:
    """Fingerprint of the posterior, as far as the plan tells it."""
    return fingerprint(
        [
            [arm.ad_id, round(float(centre), 6), round(float(sd), 6)]
            for arm, centre, sd in zip(decided.live, decided.centre, decided.sd, strict=True)
        ]
    )
