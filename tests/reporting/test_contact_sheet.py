"""All ads of a market, whole and labelled."""

from __future__ import annotations

from io import BytesIO

import pytest
from PIL import Image

from studio.domain.creative import Status
from studio.reporting.contact_sheet import (
    CAPTION,
    GAP,
    MARGIN,
    PAD,
    Strip,
    Thumb,
    contact_sheet,
    to_jpeg,
)


def a_thumb(colour: str, size: tuple[int, int], status: Status = Status.LIVE) -> Thumb:
    content = BytesIO()
    Image.new("RGB", size, colour).save(content, "PNG")
    return Thumb(content=content.getvalue(), status=status)


def test_two_ideas_in_two_placements_fill_the_sheet_to_the_margin() -> None:
    """Thumbs of 100 and 50 wide at height 100: a card is 100 + 50 + 3 paddings wide."""
    strips = [
        Strip(title=name, thumbs=(a_thumb("red", (200, 200)), a_thumb("blue", (200, 400))))
        for name in ("v0", "v1")
    ]
    sheet = contact_sheet(strips, height_px=100)
    card_width = max(100 + 50 + 3 * PAD, 220)
    assert sheet.width == 2 * MARGIN + 2 * card_width + GAP
    assert sheet.height == 2 * MARGIN + 100 + CAPTION + 2 * PAD
    left, top = MARGIN + PAD, MARGIN + PAD
    assert sheet.getpixel((left + 50, top + 50)) == (255, 0, 0)
    assert sheet.getpixel((left + 100 + PAD + 25, top + 50)) == (0, 0, 255)


@pytest.mark.parametrize(
    ("status", "colour"), [(Status.LIVE, (0, 158, 115)), (Status.REJECTED, (180, 65, 47))]
)
def test_the_dot_below_an_ad_tells_its_status(
    status: Status, colour: tuple[int, int, int]
) -> None:
    sheet = contact_sheet(
        [Strip(title="v0", thumbs=(a_thumb("white", (100, 100), status),))], height_px=100
    )
    column = MARGIN + PAD + 6
    pixels = {sheet.getpixel((column, row)) for row in range(MARGIN + PAD + 100, sheet.height)}
    assert colour in pixels


def test_a_title_too_long_for_its_card_is_cut_within_it() -> None:
    """Nothing is drawn on the right padding of the card."""
    long = Strip(title="a very long idea " * 9, thumbs=(a_thumb("white", (100, 100)),))
    sheet = contact_sheet([long], height_px=100)
    edge = sheet.crop((sheet.width - MARGIN - PAD + 1, MARGIN + 110, sheet.width - MARGIN, 200))
    assert edge.getextrema() == ((255, 255), (255, 255), (255, 255))


def test_the_file_is_a_jpeg_and_no_ads_make_an_empty_sheet() -> None:
    assert to_jpeg(contact_sheet([])).startswith(b"\xff\xd8")
