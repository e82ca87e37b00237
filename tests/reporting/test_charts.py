"""Charts show what they are given, in files that a page can hold."""

from __future__ import annotations

from datetime import date, timedelta
from xml.etree import ElementTree

import pytest
from matplotlib.colors import to_hex
from matplotlib.figure import Figure

from studio.reporting.charts import (
    INK,
    BudgetSeries,
    RatePanel,
    RateRow,
    ShareSeries,
    UpliftDay,
    budget_bars,
    click_rates,
    cumulative_clicks,
    daily_uplift,
    share_areas,
    to_png,
    to_svg,
)

DAYS = tuple(date(2026, 3, 2) + timedelta(days=offset) for offset in range(14))


def some_shares() -> Figure:
    return share_areas(
        [
            ShareSeries(
                title=title,
                days=DAYS,
                shares={"v0": (0.25,) * 14, "v1": (0.75,) * 14},
            )
            for title in ("Feed", "Story")
        ]
    )


def test_areas_stack_to_the_whole_and_a_name_keeps_its_colour() -> None:
    first, second = some_shares().axes
    tops = [area.get_paths()[0].vertices[:, 1].max() for area in first.collections]
    assert tops == pytest.approx([0.25, 1.0])
    colours = [
        [to_hex(area.get_facecolor()[0]) for area in axes.collections]
        for axes in (first, second)
    ]
    assert colours[0] == colours[1]
    assert len(set(colours[0])) == 2


def test_budgets_stack_to_the_days_money_on_one_scale() -> None:
    """30 + 70 a day in one market, 5 in the other: bars of 0–30 and 30–100, axes to 105."""
    first, second = budget_bars(
        [
            BudgetSeries(
                title="Germany",
                days=DAYS,
                budgets={"Feed": (30.0,) * 14, "Story": (70.0,) * 14},
            ),
            BudgetSeries(title="Japan", days=DAYS, budgets={"Story": (5.0,) * 14}),
        ],
        currency="EUR",
    ).axes
    feed, story = first.containers
    assert {(bar.get_y(), bar.get_height()) for bar in feed} == {(0.0, 30.0)}
    assert {(bar.get_y(), bar.get_height()) for bar in story} == {(30.0, 70.0)}
    assert first.get_ylim() == second.get_ylim() == (0.0, 105.0)
    assert second.containers[0][0].get_facecolor() == story[0].get_facecolor()
    assert first.get_ylabel() == "EUR a day"


def test_small_rates_get_the_digits_that_they_need() -> None:
    row = RateRow(label="v0", mean=0.0006, low=0.0004, high=0.0009)
    (axes,) = click_rates([RatePanel(title="Feed", rows=(row,))]).axes
    assert axes.xaxis.get_major_formatter()(0.0006, 0) == "0.06 %"


def test_the_legend_names_ads_of_every_panel() -> None:
    cells = [
        ShareSeries(title="Feed", days=DAYS, shares={"v0": (1.0,) * 14}),
        ShareSeries(title="Story", days=DAYS, shares={"v1": (1.0,) * 14}),
    ]
    (legend,) = share_areas(cells).legends
    assert [text.get_text() for text in legend.get_texts()] == ["v0", "v1"]


def test_rates_stand_at_their_mean_between_the_ends_of_the_interval() -> None:
    row = RateRow(label="v0", mean=0.02, low=0.01, high=0.04)
    (axes,) = click_rates([RatePanel(title="Feed", rows=(row,))]).axes
    interval, dot = axes.lines
    assert list(interval.get_xdata()) == [0.01, 0.04]
    assert list(dot.get_xdata()) == [0.02]
    assert [label.get_text() for label in axes.get_yticklabels()] == ["v0"]


def test_clicks_add_up_over_the_days() -> None:
    (axes,) = cumulative_clicks(
        DAYS[:3], planned=[1, 2, 3], even=[1, 1, 1], even_label="Even split"
    ).axes
    assert [list(line.get_ydata()) for line in axes.lines] == [[1, 3, 6], [1, 2, 3]]


def test_an_svg_is_well_formed_themed_and_equal_for_equal_data() -> None:
    svg = to_svg(some_shares(), label='Shares of "A & B" <ads>')
    root = ElementTree.fromstring(svg)
    assert root.attrib["aria-label"] == 'Shares of "A & B" <ads>'
    assert INK not in svg
    assert "currentColor" in svg
    assert "<style" not in svg
    assert svg == to_svg(some_shares(), label='Shares of "A & B" <ads>')


def test_a_png_is_a_png() -> None:
    figure = daily_uplift([UpliftDay(day=day, mean=0.1, low=-0.1, high=0.3) for day in DAYS])
    assert to_png(figure, dpi=40).startswith(b"\x89PNG")
