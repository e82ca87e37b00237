"""Limits are priced on simulated people who live through the same days with and without."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from studio.workflows import limit_costs
from studio.workflows.limit_costs import (
    FREE,
    LimitCosts,
    Size,
    World,
    a_cost,
    arms_of,
    clicks_in,
    costs_from,
    floor_of,
    size_of,
    worlds_of,
)
from tests.workflows.learning_fakes import a_brief

SIZE = Size(
    markets=2,
    placements=1,
    ideas=4,
    days=8,
    impressions=40_000,
    floor_share=0.2,
    max_daily_change_share=0.05,
    min_impressions=200,
    protected_share=0.5,
    holdout_share=0.1,
)


def test_the_mean_loss_and_its_interval_worked_by_hand() -> None:
    """Losses of 1, 2 and 3 %: mean 2, sd 1, error 1/√3, Student's 4.302653 at 2 degrees."""
    cost = a_cost("floor_share", 0.05, np.array([0.01, 0.02, 0.03]))
    half = 4.302653 * 0.01 / 3**0.5
    assert cost.loss == pytest.approx(0.02)
    assert (cost.low, cost.high) == pytest.approx((0.02 - half, 0.02 + half), abs=1e-5)


def test_losses_are_relative_to_the_same_seed_without_limits() -> None:
    """100 → 90 and 200 → 190: 10 % and 5 %, in the order of the limits."""
    size = replace(SIZE, max_daily_change_share=1.0, min_impressions=0)
    costs = costs_from(size, np.array([[100.0, 90.0, 100.0], [200.0, 190.0, 220.0]]))
    assert [cost.limit for cost in costs] == ["floor_share", "holdout_share"]
    assert [cost.loss for cost in costs] == pytest.approx([0.075, -0.05])


def test_each_limit_stands_alone_and_those_that_limit_nothing_are_left_out() -> None:
    worlds = worlds_of(SIZE)
    assert worlds["floor_share"] == (0.2, World(guards=replace(FREE, floor_share=0.2)))
    slow = World(guards=replace(FREE, max_change_share=0.05))
    assert worlds["max_daily_change_share"] == (0.05, slow)
    young = World(guards=replace(FREE, min_impressions=200, protected_share=0.5))
    assert worlds["min_impressions"] == (200.0, young)
    assert worlds["holdout_share"] == (0.1, World(holdout_share=0.1))
    free = replace(
        SIZE, floor_share=0.0, max_daily_change_share=1.0, min_impressions=0, holdout_share=0.0
    )
    assert worlds_of(free) == {}


def test_a_campaign_that_may_not_leave_the_even_split_gets_its_clicks() -> None:
    """A holdout of everything and a floor of everything are the even split, both."""
    held = clicks_in(World(holdout_share=1.0), SIZE, seed=3)
    floored = clicks_in(World(guards=floor_of(1.0)), SIZE, seed=3)
    assert held == pytest.approx(floored, rel=1e-3)
    assert clicks_in(World(), SIZE, seed=3) > 1.05 * held
    assert clicks_in(World(), SIZE, seed=3) == clicks_in(World(), SIZE, seed=3)


def test_more_of_a_limit_costs_more() -> None:
    clicks = [
        np.mean(
            [clicks_in(World(guards=floor_of(share)), SIZE, seed=seed) for seed in range(3)]
        )
        for share in (0.0, 0.3, 0.8)
    ]
    assert clicks == sorted(clicks, reverse=True)
    assert clicks[0] > 1.05 * clicks[2]


def test_many_days_are_planned_together_and_many_cells_left_out() -> None:
    """28 days: 7 plans for four days each, all money spent."""
    large = replace(SIZE, markets=9, placements=3, days=28)
    assert len(set(arms_of(large).cell)) == limit_costs.MOST_CELLS
    assert clicks_in(World(), replace(SIZE, days=28), seed=1) > 3 * clicks_in(
        World(), SIZE, seed=1
    )


def test_estimates_are_kept_by_size_and_limits(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(limit_costs, "SEEDS", 3)
    costs = LimitCosts(folder=tmp_path / "costs", min_impressions=200, protected_share=0.5)
    brief = replace(a_brief(), variants_per_market=3)
    assert costs.known(brief) is None
    assert list(costs.estimate(brief)) == pytest.approx([1 / 3, 2 / 3, 1])
    found = costs.known(brief)
    assert found is not None
    assert {cost.limit for cost in found} == {"floor_share", "min_impressions", "holdout_share"}
    other = replace(brief, budget=replace(brief.budget, floor_share=0.1))
    assert costs.known(other) is None
    assert [file.suffix for file in costs.folder.iterdir()] == [".json"]


def test_a_days_impressions_follow_from_the_budget_and_the_usual_price() -> None:
    """240 EUR at 5.50 a thousand."""
    assert size_of(a_brief(), min_impressions=200, protected_share=0.5).impressions == round(
        240 / 5.5 * 1000
    )
