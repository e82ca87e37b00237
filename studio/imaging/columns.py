"""Columns and rows: items put together in the sizes that a region has room for."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from itertools import product as combinations

from studio.imaging.frame import Cluster, Frame, Rect, Set, merit_of
from studio.imaging.items import Item, LogoItem, Workshop
from studio.imaging.sizes import Span

PADDING = 42.0
"""Inside a card or band, at a shorter side of 1080 px."""
COLUMN_GAP, LEAST_COLUMN_GAP_PX = 52.0, 14.0
SCALES = (1.0, 0.93, 0.86, 0.80)
GAPS: Mapping[tuple[str, str], float] = {
    ("logo", "headline"): 48.0,
    ("body", "action"): 38.0,
    ("offer_line", "cta"): 26.0,
    ("action", "legal_line"): 18.0,
    ("columns", "legal_line"): 30.0,
}
USUAL_GAP, LEAST_GAP_PX, LEAST_LOGO_GAP_PX = 26.0, 6.0, 12.0
BEFORE_PRICE = 1.3
"""A price right under the headline needs more air than body copy."""
START, MIDDLE, END = 0.0, 0.5, 1.0
PARTS = ("logo", "headline", "body", "action", "legal_line")


class Columns:
    """Puts one ad's items together for one picture's frame."""

    def __init__(self, shop: Workshop, frame: Frame, logo: LogoItem) -> None:
        self.shop, self.frame, self.logo = shop, frame, logo
        self.unit_px = frame.unit_px
        self._after_headline = shop.engine.rhythm.after_heading

    def footing(self, region: Rect, *, spread: bool) -> Cluster | None:
        """Price, button and legal line for the space under the product."""
        align = START if spread else MIDDLE
        for scale in (1.15, *SCALES):
            action = self.action(region.width, scale=scale, spread=spread, align=align)
            legal = self.legal(region.width, scale)
            if action is None or (legal is None and self.shop.has_legal):
                continue
            cluster = self.stack([part for part in (action, legal) if part], align)
            if cluster.height_px <= region.height:
                return cluster
        return None

    def legal(self, width_px: float, scale: float) -> Item | None:
        """Small print, if there is any and it fits."""
        return self.shop.legal(width_px, scale=scale) if self.shop.has_legal else None

    def action(
        self, width_px: float, *, scale: float, spread: bool, align: float
    ) -> Cluster | None:
        """Price and button side by side, or one over the other where they're too wide."""
        button = self.shop.button(width_px, scale=scale)
        if button is None:
            return None
        if not self.shop.has_offer:
            return Cluster(
                kind="action",
                width_px=button.width_px,
                height_px=button.height_px,
                children=((button, 0.0, 0.0, START),),
            )
        gap = self.column_gap * scale
        offer = self.shop.offer(width_px - button.width_px - gap, scale=scale)
        if offer is None:
            offer = self.shop.offer(width_px, scale=scale)
            return None if offer is None else self.stack([offer, button], align, kind="action")
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

    def column(
        self, parts: Iterable[str], region: Rect, align: float, *, headline: Span | None = None
    ) -> Cluster | None:
        """The parts as one column in the region, the headline as large as the rest allows.

        headline: sizes other than the usual ones.
        """
        wanted = tuple(parts)
        best: tuple[float, Cluster] | None = None
        for with_body, scale in combinations((True, False), SCALES):
            if with_body and not (self.shop.has_body and "body" in wanted):
                continue
            largest = self.shop.largest_headline(headline) / self.unit_px
            if best and best[0] >= merit_of(largest, with_body=with_body) * scale:
                continue
            asked = tuple(part for part in wanted if with_body or part != "body")
            found = self._try_column(asked, region, align, scale, headline)
            if found is None:
                continue
            merit = merit_of(found[0] / self.unit_px, with_body=with_body) * scale
            if best is None or merit > best[0]:
                best = (merit, found[1])
        return best[1] if best else None

    def _try_column(
        self,
        parts: tuple[str, ...],
        region: Rect,
        align: float,
        scale: float,
        sizes: Span | None,
    ) -> tuple[float, Cluster] | None:
        made: dict[str, Item | None] = {}
        if "logo" in parts:
            made["logo"] = self.logo
        if "body" in parts:
            made["body"] = self.shop.body(region.width, scale=scale)
        if "action" in parts:
            made["action"] = self.action(region.width, scale=scale, spread=False, align=align)
        if "legal_line" in parts and self.shop.has_legal:
            made["legal_line"] = self.legal(region.width, scale)
        if any(item is None for item in made.values()):
            return None
        order = [part for part in parts if part == "headline" or part in made]
        taken = sum(item.height_px for item in made.values() if item) + self._gaps(order)
        trailing = self._trailing(order[order.index("headline") + 1 :])
        headline = self.shop.headline(
            region.width, region.height - taken, trailing=trailing, sizes=sizes
        )
        if headline is None or headline.block is None:
            return None
        made["headline"] = headline
        column = self.stack([item for part in order if (item := made[part])], align)
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
        least = LEAST_LOGO_GAP_PX if above == "logo" else LEAST_GAP_PX
        return max(GAPS.get((above, below), USUAL_GAP) * self.unit_px, least)

    @property
    def column_gap(self) -> float:
        """Between what stands side by side, in px."""
        return max(COLUMN_GAP * self.unit_px, LEAST_COLUMN_GAP_PX)

    def stack(self, items: list[Item], align: float, *, kind: str = "column") -> Cluster:
        """Items one under the other, with the air that each pair needs."""
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

    def two_columns(self, region: Rect, group: str) -> list[Set] | None:
        """Headline and body at the start, price and button at the end, small print below."""
        legal = self.legal(region.width, 1.0)
        if self.shop.has_legal and legal is None:
            return None
        foot = legal.height_px + self._gap("columns", "legal_line") if legal else 0.0
        above = Rect(region.left, region.top, region.right, region.bottom - foot)
        best, merit = None, 0.0
        for scale in SCALES:
            side = self.side_column(above, scale)
            if side is None:
                continue
            room = Rect(
                0,
                above.top,
                above.width - side.width_px - self.column_gap,
                above.bottom,
            )
            main = self.column(("headline", "body"), room, START)
            if main is None or not main.children[0][0].block:
                continue
            size = main.children[0][0].block.size_px / self.unit_px
            worth = merit_of(size, with_body=len(main.children) > 1) * scale
            if worth > merit:
                best, merit = (main, side), worth
        if best is None:
            return None
        height = max(best[0].height_px, best[1].height_px)
        top = above.top + (above.height - height) / 2
        row = Rect(region.left, top, region.right, top + height)
        items = self.in_region(best[0], row, START, group, valign=0.5)
        items += self.in_region(best[1], row, END, group, valign=0.5)
        if legal:
            under = Rect(
                region.left,
                row.bottom + self._gap("columns", "legal_line"),
                region.right,
                region.bottom,
            )
            items += self.in_region(legal, under, START, group, valign=0.0)
        return items

    def side_column(self, region: Rect, scale: float) -> Cluster | None:
        """Price over button, in at most two fifths of the width."""
        width = region.width * 0.40
        button = self.shop.button(width, scale=scale)
        offer = self.shop.offer(width, scale=scale) if self.shop.has_offer else None
        if button is None or (self.shop.has_offer and offer is None):
            return None
        column = self.stack([item for item in (offer, button) if item], START)
        return column if column.height_px <= region.height else None

    def in_region(
        self, item: Item, region: Rect, align: float, group: str, *, valign: float
    ) -> list[Set]:
        """Place an item and what is in it, mirrored for right-to-left scripts."""
        rtl = self.frame.right_to_left
        start = (region.width - item.width_px) * align
        top = region.top + max(0.0, region.height - item.height_px) * valign
        children = item.children if isinstance(item, Cluster) else ((item, 0.0, 0.0, align),)
        placed: list[Set] = []
        for child, x, y, child_align in children:
            begin = start + x
            left = region.right - begin - child.width_px if rtl else region.left + begin
            if isinstance(child, Cluster):
                room = Rect(left, top + y, left + child.width_px, top + y + child.height_px)
                placed += self.in_region(child, room, START, group, valign=0.0)
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
