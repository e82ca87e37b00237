"""Where everything stands: layouts over the free space around the product."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from studio.imaging.columns import END, MIDDLE, PADDING, PARTS, START, Columns
from studio.imaging.frame import CLEARANCE, Cluster, Panel, Plan, Rect, Set
from studio.imaging.sizes import Span
from studio.imaging.windowed import split, strip, tile, tower

LEAST_LOWER = 70.0
"""Height from which the space under the product takes words."""
LEAST_BESIDE_SHARE = 0.3
"""Share of the width from which the space beside it does."""
POSTER = Span(152, 96)
"""Sizes of a poster's headline, at a shorter side of 1080 px."""
ROUND = 34.0
"""Radius of a card's corners."""


def centred(columns: Columns) -> Plan | None:
    """Logo, headline and body centred over the product, price and button under it."""
    return _over_and_under(columns, "centred", MIDDLE)


def aligned(columns: Columns) -> Plan | None:
    """The same from the start side, the button at the far end."""
    return _over_and_under(columns, "aligned", START)


def poster(columns: Columns) -> Plan | None:
    """A very large headline from the start side; no body."""
    return _over_and_under(
        columns,
        "poster",
        START,
        parts=("logo", "headline"),
        headline=POSTER.times(columns.unit_px),
    )


def band(columns: Columns) -> Plan | None:
    """A band of colour across the top carries logo, headline and body."""
    frame, unit = columns.frame, columns.unit_px
    if not frame.is_stacked:
        return None
    below = frame.lower if _action_fits_below(columns) else None
    parts = ("logo", "headline", "body") if below else PARTS
    upper = frame.upper
    inner = Rect(upper.left, upper.top, upper.right, upper.bottom - PADDING * 0.55 * unit)
    column = columns.column(parts, inner, START)
    if column is None:
        return None
    items = columns.in_region(column, inner, START, "panel", valign=0.5)
    if below and not _add_action(columns, items, spread=True):
        return None
    lowest = max(_bottom(placed) for placed in items if placed.group == "panel")
    bottom = min(upper.bottom, max(lowest + PADDING * unit, upper.bottom * 0.9))
    panel = Panel(kind="band", rect=Rect(0, 0, frame.width_px, bottom), radius_px=0)
    return Plan(layout="band", unit_px=unit, items=tuple(items), panels=(panel,))


def shelf(columns: Columns) -> Plan | None:
    """A band of colour along the bottom carries everything but the logo."""
    frame, unit = columns.frame, columns.unit_px
    lower = frame.lower
    if not frame.is_stacked:
        return None
    if frame.safe.bottom < frame.height_px * 0.9 or lower.height < 110 * unit:
        return None
    inner = Rect(lower.left, lower.top + PADDING * 0.55 * unit, lower.right, lower.bottom)
    items = columns.two_columns(inner, "panel")
    if items is None:
        return None
    rect = Rect(0, lower.top - CLEARANCE * 0.3 * unit, frame.width_px, frame.height_px)
    crown = columns.in_region(columns.logo, frame.upper, START, "upper", valign=0.0)
    panel = Panel(kind="band", rect=rect, radius_px=0)
    return Plan(layout="shelf", unit_px=unit, items=(*crown, *items), panels=(panel,))


def card(columns: Columns) -> Plan | None:
    """A card over or beside the product carries the words; the logo stands free if it can."""
    frame, unit = columns.frame, columns.unit_px
    if not frame.is_stacked and not frame.stands_aside:
        return None
    pad = PADDING * unit
    free_logo = not frame.stands_aside and frame.lower.height > LEAST_LOWER * unit
    region = frame.beside if frame.stands_aside else frame.upper
    inner = region.inset(pad)
    if free_logo:
        items = columns.two_columns(inner, "panel")
    else:
        column = columns.column(PARTS, inner, START)
        items = columns.in_region(column, inner, START, "panel", valign=0.5) if column else None
    if items is None:
        return None
    top, bottom = min(placed.top_px for placed in items), max(map(_bottom, items))
    rect = Rect(region.left, top - pad, region.right, bottom + pad)
    if free_logo:
        items += columns.in_region(columns.logo, frame.lower, MIDDLE, "lower", valign=1.0)
    panel = Panel(kind="card", rect=rect, radius_px=ROUND * unit)
    return Plan(layout="card", unit_px=unit, items=tuple(items), panels=(panel,))


def side(columns: Columns) -> Plan | None:
    """Everything in one column beside the product."""
    frame = columns.frame
    if not frame.stands_aside or frame.beside.width < LEAST_BESIDE_SHARE * frame.width_px:
        return None
    column = columns.column(PARTS, frame.beside, START)
    if column is None:
        return None
    items = columns.in_region(column, frame.beside, START, "side", valign=0.5)
    return Plan(layout="side", unit_px=columns.unit_px, items=tuple(items))


def _over_and_under(
    columns: Columns,
    name: str,
    align: float,
    *,
    parts: tuple[str, ...] = ("logo", "headline", "body"),
    headline: Span | None = None,
) -> Plan | None:
    frame = columns.frame
    if not frame.is_stacked:
        return None
    below = _action_fits_below(columns)
    asked = parts if below else (*parts, "action", "legal_line")
    column = columns.column(asked, frame.upper, align, headline=headline)
    if column is None:
        return None
    items = columns.in_region(column, frame.upper, align, "upper", valign=0.30)
    if below and not _add_action(columns, items, spread=align == START):
        return None
    return Plan(layout=name, unit_px=columns.unit_px, items=tuple(items))


def _action_fits_below(columns: Columns) -> bool:
    region = columns.frame.lower
    return (
        region.height > LEAST_LOWER * columns.unit_px
        and columns.footing(region, spread=False) is not None
    )


def _add_action(columns: Columns, items: list[Set], *, spread: bool) -> bool:
    region = columns.frame.lower
    footing: Cluster | None = columns.footing(region, spread=spread)
    if footing is None:
        return False
    align = START if spread else MIDDLE
    items.extend(columns.in_region(footing, region, align, "lower", valign=END))
    return True


def _bottom(placed: Set) -> float:
    return placed.top_px + placed.item.height_px


LAYOUTS: Mapping[str, Callable[[Columns], Plan | None]] = {
    "centred": centred,
    "aligned": aligned,
    "poster": poster,
    "band": band,
    "shelf": shelf,
    "card": card,
    "side": side,
    "split": split,
    "tile": tile,
    "strip": strip,
    "tower": tower,
}
FILLING = tuple(name for name in LAYOUTS if name not in ("split", "tile", "strip", "tower"))
"""Those whose picture fills the frame."""
