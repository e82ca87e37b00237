"""Where everything stands: five layouts over the free space around the product."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from itertools import product as combinations

from studio.imaging.frame import CLEARANCE, Cluster, Frame, Panel, Plan, Rect, Set, merit_of
from studio.imaging.items import Item, LogoItem, Workshop

PADDING = 42.0
"""Inside a card or band, at a shorter side of 1080 px."""
COLUMN_GAP = 52.0
SCALES = (1.0, 0.93, 0.86, 0.80)
GAPS: Mapping[tuple[str, str], float] = {
    ("logo", "headline"): 48.0,
    ("body", "action"): 38.0,
    ("offer_line", "cta"): 26.0,
    ("action", "legal_line"): 18.0,
    ("columns", "legal_line"): 30.0,
}
BEFORE_PRICE = 1.3
"""A price right under the headline needs more air than body copy."""
START, MIDDLE, END = 0.0, 0.5, 1.0


class Composer:
    """Tries layouts with one picture's frame and one ad's words."""

    def __init__(self, shop: Workshop, frame: Frame, logo: LogoItem) -> None:
        self._shop, self._frame, self._logo = shop, frame, logo
        self._unit = frame.unit_px
        self._after_headline = shop.engine.rhythm.after_heading

    def plan(self, layout: str) -> Plan | None:
        """One layout by name; None where the words don't fit it."""
        return LAYOUTS[layout](self)

    def centred(self) -> Plan | None:
        """Logo, headline and body centred over the product, price and button under it."""
        return self._over_and_under("centred", MIDDLE)

    def aligned(self) -> Plan | None:
        """The same from the start side, the button at the far end."""
        return self._over_and_under("aligned", START)

    def band(self) -> Plan | None:
        """A band of colour across the top carries logo, headline and body."""
        frame = self._frame
        has_room_below = self._action_fits_below()
        below = frame.lower if has_room_below else None
        parts = ("logo", "headline", "body") if below else PARTS
        inner = Rect(
            frame.upper.left,
            frame.upper.top,
            frame.upper.right,
            frame.upper.bottom - PADDING * 0.55 * self._unit,
        )
        column = self._column(parts, inner, START)
        if column is None:
            return None
        items = list(self._in_region(column, inner, START, "panel", valign=0.5))
        if below and not self._add_action(items, below, spread=True):
            return None
        lowest = max(
            placed.top_px + placed.item.height_px for placed in items if placed.group == "panel"
        )
        bottom = min(
            frame.upper.bottom, max(lowest + PADDING * self._unit, frame.upper.bottom * 0.9)
        )
        panel = Panel(kind="band", rect=Rect(0, 0, frame.width_px, bottom), radius_px=0)
        return Plan(layout="band", items=tuple(items), panels=(panel,))

    def shelf(self) -> Plan | None:
        """A band of colour along the bottom carries everything but the logo."""
        frame, unit = self._frame, self._unit
        if frame.safe.bottom < frame.height_px * 0.9 or frame.lower.height < 110 * unit:
            return None
        items = self._two_columns(
            Rect(
                frame.lower.left,
                frame.lower.top + PADDING * 0.55 * unit,
                frame.lower.right,
                frame.lower.bottom,
            ),
            "panel",
        )
        if items is None:
            return None
        rect = Rect(
            0, frame.lower.top - CLEARANCE * 0.3 * unit, frame.width_px, frame.height_px
        )
        crown = self._in_region(self._logo, frame.upper, START, "upper", valign=0.0)
        panel = Panel(kind="band", rect=rect, radius_px=0)
        return Plan(layout="shelf", items=(*crown, *items), panels=(panel,))

    def card(self) -> Plan | None:
        """A card over the product carries the words; the logo stands free where it can."""
        frame, pad = self._frame, PADDING * self._unit
        free_logo = frame.lower.height > 70 * self._unit
        inner = frame.upper.inset(pad)
        if free_logo:
            items = self._two_columns(inner, "panel")
        else:
            column = self._column(PARTS, inner, START)
            items = (
                self._in_region(column, inner, START, "panel", valign=0.5) if column else None
            )
        if items is None:
            return None
        top = min(placed.top_px for placed in items)
        bottom = max(placed.top_px + placed.item.height_px for placed in items)
        rect = Rect(frame.upper.left, top - pad, frame.upper.right, bottom + pad)
        if free_logo:
            items += self._in_region(self._logo, frame.lower, MIDDLE, "lower", valign=1.0)
        panel = Panel(kind="card", rect=rect, radius_px=34 * self._unit)
        return Plan(layout="card", items=tuple(items), panels=(panel,))

    def _over_and_under(self, name: str, align: float) -> Plan | None:
        frame = self._frame
        below = self._action_fits_below()
        column = self._column(
            ("logo", "headline", "body") if below else PARTS, frame.upper, align
        )
        if column is None:
            return None
        items = list(self._in_region(column, frame.upper, align, "upper", valign=0.30))
        if below and not self._add_action(items, frame.lower, spread=align == START):
            return None
        return Plan(layout=name, items=tuple(items))

    def _action_fits_below(self) -> bool:
        region = self._frame.lower
        return (
            region.height > 70 * self._unit and self._footing(region, spread=False) is not None
        )

    def _add_action(self, items: list[Set], region: Rect, *, spread: bool) -> bool:
        footing = self._footing(region, spread=spread)
        if footing is None:
            return False
        align = START if spread else MIDDLE
        items.extend(self._in_region(footing, region, align, "lower", valign=1.0))
        return True

    def _footing(self, region: Rect, *, spread: bool) -> Cluster | None:
        """Price, button and legal line for the space under the product."""
        align = START if spread else MIDDLE
        for scale in (1.15, *SCALES):
            action = self._action(region.width, scale=scale, spread=spread, align=align)
            legal = self._legal(region.width, scale)
            if action is None or (legal is None and self._shop.has_legal):
                continue
            cluster = self._stack([part for part in (action, legal) if part], align)
            if cluster.height_px <= region.height:
                return cluster
        return None

    def _legal(self, width_px: float, scale: float) -> Item | None:
        return self._shop.legal(width_px, scale=scale) if self._shop.has_legal else None

    def _action(
        self, width_px: float, *, scale: float, spread: bool, align: float
    ) -> Cluster | None:
        """Price and button side by side, or one over the other where they're too wide."""
        button = self._shop.button(width_px, scale=scale)
        if button is None:
            return None
        if not self._shop.has_offer:
            return Cluster(
                kind="action",
                width_px=button.width_px,
                height_px=button.height_px,
                children=((button, 0.0, 0.0, START),),
            )
        gap = COLUMN_GAP * self._unit * scale
        offer = self._shop.offer(width_px - button.width_px - gap, scale=scale)
        if offer is None:
            offer = self._shop.offer(width_px, scale=scale)
            return None if offer is None else self._stack([offer, button], align, kind="action")
        height = max(offer.height_px, button.height_px)
        width = width_px if spread else offer.width_px + gap + button.width_px
        return Cluster(
            kind="action",
            width_px=width,
            height_px=height,
            children=(
                (offer, 0.0, (height - offer.height_px) / 2, START),
                (button, width - button.width_px, (height - button.height_px) / 2, START),
            ),
        )

    def _column(self, parts: Iterable[str], region: Rect, align: float) -> Cluster | None:
        """The parts as one column in the region, the headline as large as the rest allows."""
        best: tuple[float, Cluster] | None = None
        for with_body, scale in combinations((True, False), SCALES):
            if with_body and not self._shop.has_body:
                continue
            found = self._try_column(tuple(parts), region, align, scale, with_body=with_body)
            if found is None:
                continue
            merit = merit_of(found[0] / self._unit, with_body=with_body) * scale
            if best is None or merit > best[0]:
                best = (merit, found[1])
        return best[1] if best else None

    def _try_column(
        self,
        parts: tuple[str, ...],
        region: Rect,
        align: float,
        scale: float,
        *,
        with_body: bool,
    ) -> tuple[float, Cluster] | None:
        made: dict[str, Item | None] = {}
        if "logo" in parts:
            made["logo"] = self._logo
        if with_body:
            made["body"] = self._shop.body(region.width, scale=scale)
        if "action" in parts:
            made["action"] = self._action(region.width, scale=scale, spread=False, align=align)
        if "legal_line" in parts and self._shop.has_legal:
            made["legal_line"] = self._legal(region.width, scale)
        if any(item is None for item in made.values()):
            return None
        order = [part for part in parts if part == "headline" or part in made]
        taken = sum(item.height_px for item in made.values() if item) + self._gaps(order)
        trailing = self._trailing(order[order.index("headline") + 1 :])
        headline = self._shop.headline(region.width, region.height - taken, trailing=trailing)
        if headline is None or headline.block is None:
            return None
        made["headline"] = headline
        column = self._stack([item for part in order if (item := made[part])], align)
        return headline.block.size_px, column

    def _trailing(self, following: Sequence[str]) -> float:
        """Space after a headline, in shares of its type size."""
        if not following:
            return 0.0
        return self._after_headline * (BEFORE_PRICE if following[0] == "action" else 1.0)

    def _gaps(self, kinds: list[str]) -> float:
        pairs = zip(kinds, kinds[1:], strict=False)
        return sum(self._gap(above, below) for above, below in pairs if above != "headline")

    def _gap(self, above: str, below: str) -> float:
        return GAPS.get((above, below), 26.0) * self._unit

    def _stack(self, items: list[Item], align: float, *, kind: str = "column") -> Cluster:
        width = max(item.width_px for item in items)
        children, top = [], 0.0
        for index, item in enumerate(items):
            if index:
                above = items[index - 1]
                is_headline = above.kind == "headline" and above.block is not None
                size = above.block.size_px if is_headline and above.block else 0.0
                top += (
                    self._trailing([item.kind]) * size
                    if size
                    else self._gap(above.kind, item.kind)
                )
            children.append((item, (width - item.width_px) * align, top, align))
            top += item.height_px
        return Cluster(kind=kind, width_px=width, height_px=top, children=tuple(children))

    def _two_columns(self, region: Rect, group: str) -> list[Set] | None:
        """Headline and body at the start, price and button at the end, small print below."""
        legal = self._legal(region.width, 1.0)
        if self._shop.has_legal and legal is None:
            return None
        foot = legal.height_px + self._gap("columns", "legal_line") if legal else 0.0
        above = Rect(region.left, region.top, region.right, region.bottom - foot)
        best, merit = None, 0.0
        for scale in SCALES:
            side = self._side_column(above, scale)
            if side is None:
                continue
            room = Rect(
                0,
                above.top,
                above.width - side.width_px - COLUMN_GAP * self._unit,
                above.bottom,
            )
            main = self._column(("headline", "body"), room, START)
            if main is None or not main.children[0][0].block:
                continue
            size = main.children[0][0].block.size_px / self._unit
            worth = merit_of(size, with_body=len(main.children) > 1) * scale
            if worth > merit:
                best, merit = (main, side), worth
        if best is None:
            return None
        height = max(best[0].height_px, best[1].height_px)
        top = above.top + (above.height - height) / 2
        row = Rect(region.left, top, region.right, top + height)
        items = self._in_region(best[0], row, START, group, valign=0.5)
        items += self._in_region(best[1], row, END, group, valign=0.5)
        if legal:
            under = Rect(
                region.left,
                row.bottom + self._gap("columns", "legal_line"),
                region.right,
                region.bottom,
            )
            items += self._in_region(legal, under, START, group, valign=0.0)
        return items

    def _side_column(self, region: Rect, scale: float) -> Cluster | None:
        """Price over button, in at most two fifths of the width."""
        width = region.width * 0.40
        button = self._shop.button(width, scale=scale)
        offer = self._shop.offer(width, scale=scale) if self._shop.has_offer else None
        if button is None or (self._shop.has_offer and offer is None):
            return None
        column = self._stack([item for item in (offer, button) if item], START)
        return column if column.height_px <= region.height else None

    def _in_region(
        self, item: Item, region: Rect, align: float, group: str, *, valign: float
    ) -> list[Set]:
        """Place an item and what is in it, mirrored for right-to-left scripts."""
        rtl = self._frame.right_to_left
        start = (region.width - item.width_px) * align
        top = region.top + max(0.0, region.height - item.height_px) * valign
        children = item.children if isinstance(item, Cluster) else ((item, 0.0, 0.0, align),)
        placed: list[Set] = []
        for child, x, y, child_align in children:
            begin = start + x
            left = region.right - begin - child.width_px if rtl else region.left + begin
            if isinstance(child, Cluster):
                room = Rect(left, top + y, left + child.width_px, top + y + child.height_px)
                placed += self._in_region(child, room, START, group, valign=0.0)
                continue
            placed.append(
                Set(
                    item=child,
                    left_px=left,
                    top_px=top + y,
                    align=1 - child_align if rtl else child_align,
                    group=group,
                )
            )
        return placed


PARTS = ("logo", "headline", "body", "action", "legal_line")
LAYOUTS: Mapping[str, Callable[[Composer], Plan | None]] = {
    "centred": Composer.centred,
    "aligned": Composer.aligned,
    "band": Composer.band,
    "shelf": Composer.shelf,
    "card": Composer.card,
}
