"""Charts in the house style, as matplotlib figures that a page or a report can show.

No chart touches pyplot's global figures, and matplotlib's settings are held under a lock, so
that pages may draw at the same time. Colours of ink are placeholders that `to_svg` turns into
CSS variables, so that a report follows the reader's light or dark setting; the series keep
their colours (after Okabe and Ito, told apart with every common colour vision).
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date
from html import escape
from io import BytesIO, StringIO
from math import ceil
from threading import RLock
from typing import TYPE_CHECKING, Any

import matplotlib as mpl
import numpy as np
from matplotlib.artist import Artist
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.ticker import FuncFormatter, MaxNLocator

from studio.reporting.fonts import chart_family

if TYPE_CHECKING:
    from matplotlib.typing import RcKeyType

SETTINGS_LOCK = RLock()
INK, MUTED, GRID, PAPER = "#1d2530", "#6a7280", "#e4e7ec", "#fffffe"
CSS = {
    INK: "currentColor",
    MUTED: "var(--muted, #6a7280)",
    GRID: "var(--line, #e4e7ec)",
    PAPER: "var(--paper, #ffffff)",
}
SERIES = (
    "#0072b2",
    "#e69f00",
    "#009e73",
    "#cc79a7",
    "#56b4e9",
    "#d55e00",
    "#8c6bb1",
    "#a6a049",
    "#7f8c9b",
)
STYLE: dict[RcKeyType, Any] = {
    "font.size": 10.0,
    "text.color": INK,
    "axes.labelcolor": MUTED,
    "axes.edgecolor": GRID,
    "axes.titlecolor": INK,
    "axes.titlesize": 10.5,
    "axes.titlelocation": "left",
    "axes.titlepad": 9.0,
    "axes.facecolor": "none",
    "figure.facecolor": "none",
    "savefig.facecolor": "none",
    "xtick.color": MUTED,
    "ytick.color": MUTED,
    "xtick.labelsize": 9.0,
    "ytick.labelsize": 9.0,
    "svg.hashsalt": "studio",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class ShareSeries:
    """Shares (0–1) of one cell's ads over days; all sequences as long as `days`."""

    title: str
    days: tuple[date, ...]
    shares: Mapping[str, tuple[float, ...]]
    """By what the legend calls the ad, in the order of stacking."""


@dataclass(frozen=True, slots=True, kw_only=True)
class BudgetSeries:
    """Money of one market's cells over days, in whole units; all as long as `days`."""

    title: str
    days: tuple[date, ...]
    budgets: Mapping[str, tuple[float, ...]]
    """By what the legend calls the placement, in the order of stacking."""


@dataclass(frozen=True, slots=True, kw_only=True)
class RateRow:
    """One ad's click-through rate (0–1) with the ends of its 95 % interval."""

    label: str
    mean: float
    low: float
    high: float


@dataclass(frozen=True, slots=True, kw_only=True)
class RatePanel:
    """The ads of one cell."""

    title: str
    rows: tuple[RateRow, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class UpliftDay:
    """One day's uplift against the even split with its 95 % interval, as shares."""

    day: date
    mean: float
    low: float
    high: float


def share_areas(cells: Sequence[ShareSeries]) -> Figure:
    """How the budget of each cell moved among its ads: stacked areas, one panel a cell."""
    with house_style():
        figure, panels = _panels(len(cells), height=3.1)
        names = list(dict.fromkeys(name for cell in cells for name in cell.shares))
        colours = colours_of(names)
        for axes, cell in zip(panels, cells, strict=True):
            axes.stackplot(
                range(len(cell.days)),
                *cell.shares.values(),
                colors=[colours[name] for name in cell.shares],
                edgecolor=PAPER,
                linewidth=0.8,
                labels=list(cell.shares),
            )
            axes.set(title=cell.title, ylim=(0, 1))
            axes.margins(x=0)
            _percent_axis(axes)
            _day_axis(axes, cell.days)
        _legend_below(figure, panels, columns=min(len(names), 6))
    return figure


def budget_bars(markets: Sequence[BudgetSeries], *, currency: str) -> Figure:
    """How the day's money moved between cells: stacked bars, one panel a market, one scale."""
    with house_style():
        figure, panels = _panels(len(markets), height=2.7)
        names = list(dict.fromkeys(name for market in markets for name in market.budgets))
        colours = colours_of(names)
        most = max(
            (sum(day) for one in markets for day in zip(*one.budgets.values(), strict=True)),
            default=0.0,
        )
        for axes, market in zip(panels, markets, strict=True):
            places = np.arange(len(market.days))
            below = np.zeros(len(market.days))
            for name, amounts in market.budgets.items():
                axes.bar(places, amounts, 0.84, bottom=below, color=colours[name], label=name)
                below = below + np.array(amounts)
            axes.set(title=market.title, ylim=(0, most * 1.05 or 1.0))
            axes.set_ylabel(f"{currency} a day", fontsize=9.0)
            axes.margins(x=0.02)
            axes.grid(axis="y", color=GRID, linewidth=0.8)
            axes.set_axisbelow(True)
            axes.yaxis.set_major_locator(MaxNLocator(4))
            axes.yaxis.set_major_formatter(FuncFormatter(lambda value, _: f"{value:,.0f}"))
            axes.tick_params(length=0)
            _day_axis(axes, market.days)
        _legend_below(figure, panels, columns=min(len(names), 6))
    return figure


def click_rates(panels_of: Sequence[RatePanel]) -> Figure:
    """Click-through rate of each ad with its 95 % interval: dots on bars, one panel a cell."""
    with house_style():
        rows = max(len(panel.rows) for panel in panels_of)
        figure, panels = _panels(len(panels_of), height=1.0 + 0.3 * rows)
        colours = colours_of(
            list(dict.fromkeys(row.label for panel in panels_of for row in panel.rows))
        )
        for axes, panel in zip(panels, panels_of, strict=True):
            for height, row in enumerate(panel.rows):
                colour = colours[row.label]
                axes.plot(
                    [row.low, row.high],
                    [height, height],
                    color=colour,
                    linewidth=5,
                    alpha=0.32,
                    solid_capstyle="round",
                )
                axes.plot([row.mean], [height], "o", color=colour, markersize=6.5)
            axes.set_yticks(range(len(panel.rows)), [row.label for row in panel.rows])
            axes.set(title=panel.title, ylim=(len(panel.rows) - 0.4, -0.6))
            axes.grid(axis="x", color=GRID, linewidth=0.8)
            axes.xaxis.set_major_locator(MaxNLocator(4, steps=[1, 2, 5, 10]))
            axes.xaxis.set_major_formatter(FuncFormatter(_rate_words(panel)))
            axes.tick_params(length=0)
            axes.tick_params(axis="y", labelcolor=INK)
    return figure


def cumulative_clicks(
    days: Sequence[date], *, planned: Sequence[float], even: Sequence[float], even_label: str
) -> Figure:
    """Clicks so far under the plans and under an even split, the gain shaded."""
    with house_style():
        figure, (axes,) = _panels(1, height=3.2, width=6.2)
        totals = np.cumsum(planned), np.cumsum(even)
        x = np.arange(len(days))
        axes.fill_between(x, totals[1], totals[0], color=SERIES[0], alpha=0.14, linewidth=0)
        axes.plot(x, totals[0], color=SERIES[0], linewidth=2.4, label="With the plans")
        axes.plot(
            x, totals[1], color=MUTED, linewidth=1.8, linestyle=(0, (4, 2)), label=even_label
        )
        axes.set_title("Clicks so far")
        axes.set_ylim(bottom=0)
        axes.margins(x=0.02)
        axes.grid(axis="y", color=GRID, linewidth=0.8)
        axes.yaxis.set_major_locator(MaxNLocator(5, integer=True))
        axes.yaxis.set_major_formatter(FuncFormatter(lambda value, _: f"{value:,.0f}"))
        axes.tick_params(length=0)
        _day_axis(axes, days)
        axes.legend(frameon=False, loc="upper left", fontsize=9.5)
    return figure


def daily_uplift(days: Sequence[UpliftDay]) -> Figure:
    """Each day's uplift against the even split, with its 95 % interval."""
    with house_style():
        figure, (axes,) = _panels(1, height=3.2, width=6.2)
        x = np.arange(len(days))
        mean = np.array([day.mean for day in days])
        low, high = np.array([day.low for day in days]), np.array([day.high for day in days])
        axes.axhline(0, color=MUTED, linewidth=1.2)
        axes.vlines(x, low, high, color=SERIES[2], linewidth=6, alpha=0.3)
        axes.plot(x, mean, "o", color=SERIES[2], markersize=6)
        axes.set_title("Click rate against the even split, day by day")
        axes.margins(x=0.04)
        axes.grid(axis="y", color=GRID, linewidth=0.8)
        axes.yaxis.set_major_locator(MaxNLocator(6))
        axes.yaxis.set_major_formatter(FuncFormatter(_signed_percent))
        axes.tick_params(length=0)
        _day_axis(axes, [day.day for day in days])
    return figure


def to_svg(figure: Figure, *, label: str) -> str:
    """The figure as an `<svg>` for a page: themed by CSS variables, equal for equal data."""
    text = StringIO()
    with house_style():
        figure.savefig(text, format="svg", metadata={"Date": None})
    svg = text.getvalue()
    svg = svg[svg.index("<svg") :]
    svg = re.sub(r"<metadata>.*?</metadata>|<style.*?</style>", "", svg, flags=re.DOTALL)
    svg = re.sub(r'<g id="[^"]*">', "<g>", svg)
    svg = re.sub(r' (?:width|height)="[\d.]+pt"', "", svg, count=2)
    for placeholder, variable in CSS.items():
        svg = svg.replace(placeholder, variable)
    return svg.replace(
        "<svg ", f'<svg role="img" aria-label="{escape(label)}" stroke-linejoin="round" ', 1
    )


def to_png(figure: Figure, *, dpi: int = 160) -> bytes:
    """The figure as a PNG on white."""
    content = BytesIO()
    with house_style():
        figure.savefig(content, format="png", dpi=dpi, facecolor="white")
    return content.getvalue()


def colours_of(names: Sequence[str]) -> dict[str, str]:
    """A colour for each name, by its place; after nine they repeat."""
    return {name: SERIES[index % len(SERIES)] for index, name in enumerate(names)}


@contextmanager
def house_style() -> Iterator[None]:
    """Matplotlib's settings while a chart is drawn or written."""
    with SETTINGS_LOCK, mpl.rc_context({**STYLE, "font.family": chart_family()}):
        yield


def _panels(count: int, *, height: float, width: float = 3.9) -> tuple[Figure, list[Axes]]:
    """Panels side by side, three a row at most, without frames. Inches."""
    columns = min(count, 3)
    rows = ceil(count / columns)
    figure = Figure(figsize=(width * columns, height * rows), layout="constrained")
    grid = figure.subplots(rows, columns, squeeze=False)
    panels = list(grid.flat)
    for axes in panels:
        axes.spines[:].set_visible(False)
    for spare in panels[count:]:
        figure.delaxes(spare)
    return figure, panels[:count]


def _percent_axis(axes: Axes) -> None:
    axes.set_yticks([0, 0.5, 1])
    axes.yaxis.set_major_formatter(FuncFormatter(lambda value, _: f"{value * 100:.0f} %"))
    axes.tick_params(length=0)


def _day_axis(axes: Axes, days: Sequence[date]) -> None:
    """At most six dates, the first always among them."""
    step = max(ceil(len(days) / 6), 1)
    places = list(range(0, len(days), step))
    axes.set_xticks(places, [f"{days[place].day} {days[place]:%b}" for place in places])
    axes.tick_params(axis="x", pad=7)


def _legend_below(figure: Figure, panels: Sequence[Axes], *, columns: int) -> None:
    """One entry a name, whichever panels it stands in."""
    named: dict[str, Artist] = {}
    for axes in panels:
        for handle, label in zip(*axes.get_legend_handles_labels(), strict=True):
            named.setdefault(label, handle)
    figure.legend(
        list(named.values()),
        list(named),
        loc="outside lower left",
        ncols=columns,
        frameon=False,
        fontsize=9.0,
        handlelength=1.0,
        handleheight=1.0,
        columnspacing=1.4,
    )


def _rate_words(panel: RatePanel) -> Callable[[float, object], str]:
    """Percent with as many digits as the panel's rates need."""
    most = max(row.high for row in panel.rows)
    digits = 1 if most >= 0.004 else 2 if most >= 0.0004 else 3
    return lambda value, _: f"{value * 100:.{digits}f} %"


def _signed_percent(value: float, _: object) -> str:
    return f"{value * 100:+.0f} %".replace("-", "\N{MINUS SIGN}").replace("+0 ", "0 ")
