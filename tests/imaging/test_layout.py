"""Every layout keeps its words in the safe zone, apart from each other and off the product."""

from __future__ import annotations

from functools import cache
from itertools import combinations

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from studio.domain.creative import Copy
from studio.domain.geometry import Box
from studio.domain.market import Direction
from studio.imaging.columns import Columns
from studio.imaging.fonts import load_faces
from studio.imaging.frame import Frame, Plan, Rect, Set, frame_of, picture_size
from studio.imaging.items import Workshop
from studio.imaging.layout import FILLING, LAYOUTS
from studio.imaging.logo import picture_logo
from studio.imaging.sizes import type_scale
from studio.imaging.text import TextEngine
from studio.platforms.specs import load_placements
from tests.imaging.examples import FACES, a_copy, a_market, typefaces_of
from tests.imaging.test_typeset import COPIES, WORDS, a_copy_of

PLACEMENTS = load_placements()
BANNERS = [name for name in PLACEMENTS if "banner" in name]
EVERYWHERE = sorted(set(WORDS) | set(COPIES))


def words(locale: str) -> Copy:
    return COPIES[locale] if locale in COPIES else a_copy_of(locale)


@cache
def engine(locale: str) -> TextEngine:
    return TextEngine(load_faces(typefaces_of(locale)), a_market(locale))


def columns(placement_id: str, locale: str, product: Box, copy: Copy | None = None) -> Columns:
    placement, market = PLACEMENTS[placement_id], a_market(locale)
    size = (placement.width_px, placement.height_px)
    frame = frame_of(
        size,
        placement.safe_for(market.direction),
        product,
        picture_px=picture_size(placement),
        rtl=market.direction is Direction.RTL,
    )
    sizes = type_scale(*size)
    mark = np.full((round(sizes.logo_px), round(sizes.logo_px * 4), 4), 255, np.uint8)
    shop = Workshop(engine(locale), copy or words(locale), sizes=sizes)
    return Columns(shop, frame, picture_logo(mark, None))


def plans(made: Columns) -> dict[str, Plan]:
    tried = {name: make(made) for name, make in LAYOUTS.items()}
    return {name: plan for name, plan in tried.items() if plan is not None}


def where_it_stands(placement_id: str, direction: Direction) -> Box:
    """Where the built-in model puts a product of 27 × 23 cm, or nearly."""
    width, height = picture_size(PLACEMENTS[placement_id])
    aspect = width / height
    share = float(np.interp(aspect, (0.56, 0.8, 1.0, 1.78), (0.60, 0.50, 0.45, 0.33)))
    foot = float(np.interp(aspect, (0.56, 0.8, 1.0, 2.0), (0.68, 0.70, 0.775, 0.86)))
    filled = (width, height) == (
        PLACEMENTS[placement_id].width_px,
        PLACEMENTS[placement_id].height_px,
    )
    middle = 0.7 if aspect > 1.4 and filled else 0.5
    middle = 1 - middle if direction is Direction.RTL else middle
    high = share * aspect * 0.85
    return Box(left=middle - share / 2, top=foot - high, right=middle + share / 2, bottom=foot)


def rect(placed: Set) -> Rect:
    item = placed.item
    return Rect(
        placed.left_px,
        placed.top_px,
        placed.left_px + item.width_px,
        placed.top_px + item.height_px,
    )


def overlap(one: Rect, other: Rect) -> bool:
    return (
        min(one.right, other.right) - max(one.left, other.left) > 0.51
        and min(one.bottom, other.bottom) - max(one.top, other.top) > 0.51
    )


def check(plan: Plan, frame: Frame) -> None:
    safe = frame.safe
    product = frame.product.moved(*plan.window.offset) if plan.window else frame.product
    rects = {placed.item.kind: rect(placed) for placed in plan.items}
    for kind, each in rects.items():
        assert each.left >= safe.left - 0.51, (plan.layout, kind)
        assert each.top >= safe.top - 0.51, (plan.layout, kind)
        assert each.right <= safe.right + 0.51, (plan.layout, kind)
        assert each.bottom <= safe.bottom + 0.51, (plan.layout, kind)
        assert not overlap(each, product), (plan.layout, kind)
    for one, other in combinations(rects, 2):
        assert not overlap(rects[one], rects[other]), (plan.layout, one, other)


@settings(max_examples=60, suppress_health_check=[HealthCheck.too_slow], deadline=None)
@given(
    placement=st.sampled_from(sorted(PLACEMENTS)),
    locale=st.sampled_from(EVERYWHERE),
    shift=st.floats(-0.03, 0.03),
    size=st.floats(0.8, 1.05),
)
def test_words_keep_to_the_safe_zone_apart_and_off_the_product(
    placement: str, locale: str, shift: float, size: float
) -> None:
    usual = where_it_stands(placement, a_market(locale).direction)
    half = (usual.right - usual.left) / 2 * size
    middle = (usual.left + usual.right) / 2 + shift
    product = Box(
        left=middle - half,
        top=usual.bottom - (usual.bottom - usual.top) * size,
        right=middle + half,
        bottom=usual.bottom,
    )
    made = columns(placement, locale, product)
    for plan in plans(made).values():
        check(plan, made.frame)


@pytest.mark.parametrize("placement", sorted(PLACEMENTS))
def test_every_placement_takes_the_words_of_every_market(placement: str) -> None:
    """With price and small print as long as their laws make them."""
    for locale in EVERYWHERE:
        product = where_it_stands(placement, a_market(locale).direction)
        made = columns(placement, locale, product)
        found = plans(made)
        assert found, locale
        needed = {"logo", "headline", "cta", "offer_line"}
        needed |= {"legal_line"} if made.shop.has_legal else set()
        for plan in found.values():
            assert needed <= {placed.item.kind for placed in plan.items}


def test_there_are_eight_layouts_and_more_and_all_are_used() -> None:
    used = {
        name
        for placement in PLACEMENTS
        for name in plans(
            columns(placement, "en-US", where_it_stands(placement, Direction.LTR))
        )
    }
    assert used == set(LAYOUTS)
    assert len(LAYOUTS) >= 8
    assert set(FILLING) < set(LAYOUTS)


@pytest.mark.parametrize("placement", BANNERS)
@pytest.mark.parametrize("locale", EVERYWHERE)
def test_banners_are_never_set_smaller_than_can_be_read(placement: str, locale: str) -> None:
    product = where_it_stands(placement, a_market(locale).direction)
    for plan in plans(columns(placement, locale, product)).values():
        assert plan.headline_px >= 11
        for placed in plan.items:
            if placed.item.kind in ("legal_line", "cta", "body") and placed.item.block:
                assert placed.item.block.smallest_px >= 11


def test_latin_headlines_of_banners_have_fourteen_pixels_or_more() -> None:
    for placement in BANNERS:
        product = where_it_stands(placement, Direction.LTR)
        for plan in plans(columns(placement, "de-DE", product)).values():
            assert plan.headline_px >= 14


@pytest.mark.parametrize("placement", ["google_banner_728x90", "google_display_1200x628"])
def test_arabic_is_the_mirror_of_latin(placement: str) -> None:
    """The picture's window and the words change sides; what is in the picture doesn't."""
    latin = plans(columns(placement, "en-US", where_it_stands(placement, Direction.LTR)))
    arabic = plans(columns(placement, "ar-SA", where_it_stands(placement, Direction.RTL)))
    width = PLACEMENTS[placement].width_px
    for name in ("split", "strip"):
        if name in latin:
            one, other = latin[name].window, arabic[name].window
            assert one is not None
            assert other is not None
            starts_left = one.left_px + one.width_px == width
            assert (other.left_px == 0) is starts_left
    for name in set(latin) & set(arabic):
        left = next(rect(each).left for each in latin[name].items if each.item.kind == "logo")
        right = next(
            rect(each).right for each in arabic[name].items if each.item.kind == "logo"
        )
        middle = width / 2
        assert (left < middle) is (right > middle)


def test_a_window_shows_the_whole_product() -> None:
    for placement in PLACEMENTS:
        made = columns(placement, "en-US", where_it_stands(placement, Direction.LTR))
        for plan in plans(made).values():
            window = plan.window
            if window is None:
                continue
            product = made.frame.product
            assert product.left >= window.picture_left_px
            assert product.right <= window.picture_left_px + window.width_px
            assert product.top >= window.picture_top_px
            assert product.bottom <= window.picture_top_px + window.height_px


def test_words_that_are_too_many_for_a_banner_fit_nowhere() -> None:
    novel = a_copy(legal_line="Every condition of this offer is to be read before buying. " * 8)
    product = where_it_stands("google_banner_728x90", Direction.LTR)
    assert plans(columns("google_banner_728x90", "en-US", product)) != {}
    assert plans(columns("google_banner_728x90", "en-US", product, novel)) == {}


def test_tall_and_flat_pictures_are_asked_for_as_windows() -> None:
    sizes = {name: picture_size(PLACEMENTS[name]) for name in PLACEMENTS}
    assert sizes["google_banner_728x90"] == (130, 90)
    assert sizes["google_banner_970x250"] == (330, 250)
    assert sizes["google_banner_160x600"] == (160, 258)
    assert sizes["google_banner_300x250"] == (240, 250)
    assert sizes["meta_feed_4x5"] == (1080, 1350)


def test_the_side_with_more_room_takes_the_words() -> None:
    """At a third from the right, the left side of a picture 1200 px wide is free."""
    box = Box(left=0.53, top=0.3, right=0.87, bottom=0.85)
    free = columns("google_display_1200x628", "en-US", box).frame
    assert free.stands_aside
    assert free.beside.right == pytest.approx(0.53 * 1200 - 60 * 628 / 1080 * 1.25)
    assert free.beside.left == pytest.approx(free.safe.left)


@pytest.mark.parametrize("locale", sorted(FACES))
def test_the_headline_is_the_largest_thing_said(locale: str) -> None:
    for placement in ("meta_feed_4x5", "google_display_1200x628", "google_banner_970x250"):
        product = where_it_stands(placement, a_market(locale).direction)
        for plan in plans(columns(placement, locale, product)).values():
            for placed in plan.items:
                if placed.item.kind in ("body", "legal_line", "cta") and placed.item.block:
                    assert placed.item.block.size_px < plan.headline_px
