"""Layouts that show the picture in a window, with the words on a ground of colour."""

from __future__ import annotations

from studio.imaging.columns import END, MIDDLE, PADDING, PARTS, SCALES, START, Columns
from studio.imaging.frame import Cluster, Frame, Panel, Plan, Rect, Set, Window, merit_of
from studio.imaging.items import Item

BESIDE_SHARES = (0.44, 0.50, 0.56)
"""Shares of the width that a panel beside the picture may take."""
UNDER_SHARES = (0.34, 0.40, 0.46)
"""Shares of the height that a panel under it may take."""
UNDER_FROM, BESIDE_FROM = 0.62, 1.15
"""Aspect ratios (width / height) from which a panel stands under or beside the picture."""
CLEAR_SHARE = 0.04
"""Least distance of the product from the window's edges, in shares of the window."""
FLAT_PX = 180
"""A strip lower than this has room for one row only."""
TOWER_SHARES = (1.0, 0.88, 0.76, 0.64, 0.54)
"""Shares of its picture's height to which a tower may cut its window."""
TILE_ASPECTS = (0.75, 1.4)
TILE_SHARES = (0.40, 0.46, 0.52)
"""Aspect ratios (width / height) of a tile, and shares of its width that the window takes."""
LEAST_PADDING_PX = 10
PRODUCT_HIGH = 0.56
"""How far down the product's middle stands in a window cut to its height."""


def split(columns: Columns) -> Plan | None:
    """A panel of colour beside or under the picture carries everything."""
    frame = columns.frame
    if frame.is_strip or frame.aspect < UNDER_FROM:
        return None
    beside = frame.aspect >= BESIDE_FROM
    plans = [
        (plan.merit * (1 - 0.5 * share), plan)
        for share in (BESIDE_SHARES if beside else UNDER_SHARES)
        if (plan := (_split_beside if beside else _split_under)(columns, share)) is not None
    ]
    return max(plans, key=lambda each: each[0])[1] if plans else None


def _split_beside(columns: Columns, share: float) -> Plan | None:
    frame, pad = columns.frame, PADDING * columns.unit_px
    wide = round(frame.width_px * share)
    window = _cut(frame, frame.width_px - wide, frame.height_px)
    if window is None:
        return None
    region = Rect(frame.safe.left, frame.safe.top, wide - pad, frame.safe.bottom)
    ground = Rect(0, 0, wide, frame.height_px)
    if frame.right_to_left:
        region = Rect(frame.width_px - wide + pad, region.top, frame.safe.right, region.bottom)
        ground = ground.moved(frame.width_px - wide, 0)
    column = columns.column(PARTS, region, START)
    if column is None:
        return None
    shown = _at(window, 0 if frame.right_to_left else wide, 0)
    items = columns.in_region(column, region, START, "panel", valign=0.5)
    return _windowed("split", columns, items, shown, (ground,))


def _split_under(columns: Columns, share: float) -> Plan | None:
    frame, pad = columns.frame, PADDING * columns.unit_px
    if frame.safe.bottom < frame.height_px * 0.9:
        return None
    high = round(frame.height_px * share)
    window = _cut(frame, frame.width_px, frame.height_px - high)
    if window is None:
        return None
    top = frame.height_px - high
    region = Rect(frame.safe.left, top + pad, frame.safe.right, frame.safe.bottom)
    column = columns.column(PARTS, region, START)
    if column is None:
        return None
    items = columns.in_region(column, region, START, "panel", valign=0.4)
    ground = Rect(0, top, frame.width_px, frame.height_px)
    return _windowed("split", columns, items, _at(window, 0, 0), (ground,))


def strip(columns: Columns) -> Plan | None:
    """A window at the start, then headline, price and button in a row."""
    frame = columns.frame
    if not frame.is_strip:
        return None
    wide = frame.picture_px[0]
    safe, gap = frame.safe, columns.column_gap
    region = Rect(wide + gap, safe.top, safe.right, safe.bottom)
    ground = Rect(wide, 0, frame.width_px, frame.height_px)
    if frame.right_to_left:
        region = Rect(safe.left, safe.top, frame.width_px - wide - gap, safe.bottom)
        ground = ground.moved(-wide, 0)
    row = _row(columns, region)
    if row is None:
        return None
    start, end = row
    items = columns.in_region(start, region, START, "panel", valign=0.5)
    items += columns.in_region(end, region, END, "panel", valign=0.5)
    shown = Window(
        left_px=frame.width_px - wide if frame.right_to_left else 0,
        top_px=0,
        width_px=wide,
        height_px=frame.height_px,
    )
    return _windowed("strip", columns, items, shown, (ground,))


def _row(columns: Columns, region: Rect) -> tuple[Cluster, Cluster] | None:
    """The words, and price with button, side by side: the best of several proportions."""
    flat = columns.frame.height_px < FLAT_PX
    parts = ("headline", "legal_line") if flat else ("logo", "headline", "body", "legal_line")
    best, merit = None, 0.0
    for scale in (*SCALES, 0.5):
        end = _flat_end(columns, region, scale) if flat else columns.side_column(region, scale)
        if end is None:
            continue
        room = Rect(
            region.left,
            region.top,
            region.right - end.width_px - columns.column_gap,
            region.bottom,
        )
        main = columns.column(parts, room, START)
        if main is None:
            continue
        size = next(item.block.size_px for item, *_ in main.children if item.block)
        worth = merit_of(size / columns.unit_px, with_body=len(main.children) > 2) * scale**0.3
        if worth > merit:
            best, merit = (main, end), worth
    return best


def _flat_end(columns: Columns, region: Rect, scale: float) -> Cluster | None:
    """The price, and beside it the button under the logo."""
    shop, gap = columns.shop, columns.column_gap
    button = shop.button(region.width * 0.4, scale=scale)
    if button is None:
        return None
    mark = columns.stack([columns.logo, button], MIDDLE)
    if mark.height_px > region.height:
        return None
    if not shop.has_offer:
        return mark
    for share in (0.24, 0.32, 0.40):
        offer = shop.offer(region.width * share, scale=scale)
        if offer is not None and offer.height_px <= region.height:
            return _beside(offer, mark, gap)
    return None


def _beside(first: Item, second: Item, gap_px: float) -> Cluster:
    """Two items in a row, level with each other's middle."""
    height = max(first.height_px, second.height_px)
    return Cluster(
        kind="row",
        width_px=first.width_px + gap_px + second.width_px,
        height_px=height,
        children=(
            (first, 0.0, (height - first.height_px) / 2, START),
            (second, first.width_px + gap_px, (height - second.height_px) / 2, MIDDLE),
        ),
    )


def tower(columns: Columns) -> Plan | None:
    """Logo and headline, the window under them, price and button at the foot."""
    frame = columns.frame
    if not frame.is_tower:
        return None
    plans = [
        (plan.merit * share**0.5, plan)
        for share in TOWER_SHARES
        if (plan := _tower(columns, round(frame.picture_px[1] * share))) is not None
    ]
    return max(plans, key=lambda each: each[0])[1] if plans else None


def _tower(columns: Columns, window_px: int) -> Plan | None:
    frame, safe = columns.frame, columns.frame.safe
    window = _cut(frame, frame.width_px, window_px)
    foot = _tower_foot(columns, safe.width)
    if window is None or foot is None:
        return None
    pad = max(PADDING * columns.unit_px, LEAST_PADDING_PX)
    room = safe.height - foot.height_px - window_px - 2 * pad
    head = columns.column(
        ("logo", "headline", "body"), Rect(safe.left, 0, safe.right, room), MIDDLE
    )
    if head is None:
        return None
    air = (room - head.height_px) / 4
    top = int(safe.top + head.height_px + 2 * air + pad)
    above = Rect(safe.left, safe.top, safe.right, top - pad)
    under = Rect(safe.left, top + window_px + pad, safe.right, safe.bottom)
    items = columns.in_region(head, above, MIDDLE, "panel", valign=0.5)
    items += columns.in_region(foot, under, MIDDLE, "panel", valign=0.5)
    grounds = (
        Rect(0, 0, frame.width_px, top),
        Rect(0, top + window_px, frame.width_px, frame.height_px),
    )
    return _windowed("tower", columns, items, _at(window, 0, top), grounds)


def _tower_foot(columns: Columns, width_px: float) -> Cluster | None:
    """Price, button and small print one under the other."""
    shop = columns.shop
    button = shop.button(width_px, scale=1.0) or shop.button(width_px, scale=0.0)
    offer = shop.offer(width_px, scale=1.0) if shop.has_offer else None
    legal = columns.legal(width_px, 1.0)
    if button is None or (shop.has_offer and not offer) or (shop.has_legal and not legal):
        return None
    return columns.stack([item for item in (offer, button, legal) if item], MIDDLE)


def tile(columns: Columns) -> Plan | None:
    """A window in the upper corner at the end side; price and button along the foot."""
    frame = columns.frame
    if not TILE_ASPECTS[0] <= frame.aspect <= TILE_ASPECTS[1]:
        return None
    if frame.safe.bottom < frame.height_px * 0.9:
        return None
    plans = [plan for share in TILE_SHARES if (plan := _tile(columns, share)) is not None]
    return max(plans, key=lambda plan: plan.merit) if plans else None


def _tile(columns: Columns, share: float) -> Plan | None:
    frame, safe, pad = columns.frame, columns.frame.safe, PADDING * columns.unit_px
    foot = columns.footing(Rect(safe.left, 0, safe.right, frame.height_px * 0.45), spread=True)
    if foot is None:
        return None
    wide = round(frame.width_px * share)
    high = int(safe.bottom - foot.height_px - pad)
    window = _cut(frame, wide, high)
    if window is None:
        return None
    region = Rect(safe.left, safe.top, frame.width_px - wide - pad, high - pad)
    rest = Rect(0, 0, frame.width_px - wide, high)
    if frame.right_to_left:
        region = Rect(wide + pad, safe.top, safe.right, high - pad)
        rest = rest.moved(wide, 0)
    column = columns.column(("logo", "headline", "body"), region, START)
    if column is None:
        return None
    items = columns.in_region(column, region, START, "panel", valign=0.5)
    under = Rect(safe.left, high + pad, safe.right, safe.bottom)
    items += columns.in_region(foot, under, START, "panel", valign=0.5)
    shown = _at(window, 0 if frame.right_to_left else frame.width_px - wide, 0)
    grounds = (rest, Rect(0, high, frame.width_px, frame.height_px))
    return _windowed("tile", columns, items, shown, grounds)


def _windowed(
    name: str, columns: Columns, items: list[Set], window: Window, grounds: tuple[Rect, ...]
) -> Plan:
    panels = tuple(Panel(kind="band", rect=ground, radius_px=0) for ground in grounds)
    return Plan(
        layout=name, unit_px=columns.unit_px, items=tuple(items), panels=panels, window=window
    )


def _cut(frame: Frame, width_px: int, height_px: int) -> Window | None:
    """A part of the picture around the product; None where the product wouldn't be clear."""
    product, (wide, high) = frame.product, frame.picture_px
    if width_px > wide or height_px > high:
        return None
    centre = (product.left + product.right) / 2
    middle = (product.top + product.bottom) / 2
    left = round(min(max(centre - width_px / 2, 0), wide - width_px))
    top = round(min(max(middle - height_px * PRODUCT_HIGH, 0), high - height_px))
    inner = Rect(
        left + CLEAR_SHARE * width_px,
        top + CLEAR_SHARE * height_px,
        left + (1 - CLEAR_SHARE) * width_px,
        top + (1 - CLEAR_SHARE) * height_px,
    )
    if product.left < inner.left or product.right > inner.right:
        return None
    if product.top < inner.top or product.bottom > inner.bottom:
        return None
    return Window(
        left_px=0,
        top_px=0,
        width_px=width_px,
        height_px=height_px,
        picture_left_px=left,
        picture_top_px=top,
    )


def _at(window: Window, left_px: int, top_px: int) -> Window:
    """The window at another place."""
    return Window(
        left_px=left_px,
        top_px=top_px,
        width_px=window.width_px,
        height_px=window.height_px,
        picture_left_px=window.picture_left_px,
        picture_top_px=window.picture_top_px,
    )
