"""A product photo: uploaded, cut out, framed by hand, confirmed, saved."""

from __future__ import annotations

import io
import re
from urllib.parse import urlsplit

import numpy as np
import pytest
from PIL import Image
from playwright.sync_api import Page, Request, expect

from tests.browser.conftest import FRESH, MARKETER, REVIEWER, Served, signed_in
from tests.imaging.bad_photos import a_studio_picture

pytestmark = pytest.mark.browser
CUT_WITHIN_MS = 120_000
"""The matting library compiles itself the first time, on a machine that is busy."""


def jpeg(picture: Image.Image) -> bytes:
    out = io.BytesIO()
    picture.save(out, "JPEG", quality=95)
    return out.getvalue()


def two_discs() -> Image.Image:
    """Orange ones on blue; nobody can know which is the product."""
    pixels = np.full((300, 600, 3), (40, 70, 150), np.uint8)
    y, x = np.mgrid[0:300, 0:600]
    for middle in (150, 450):
        pixels[(x - middle) ** 2 + (y - 150) ** 2 < 90**2] = (220, 120, 40)
    return Image.fromarray(pixels)


def add(page: Page, name: str, content: bytes) -> None:
    page.locator("input[type=file]").first.set_input_files(
        {"name": name, "mimeType": "image/jpeg", "buffer": content}
    )


def test_a_confirmed_cut_out_becomes_the_products_photo(marketer: Page, served: Served) -> None:
    marketer.goto(f"/brief?campaign={FRESH}")
    expect(marketer.locator("#brief-problems")).to_contain_text("The brief is complete")
    yaml = marketer.locator("#brief-yaml .cm-content")
    add(marketer, "cooker.jpg", jpeg(a_studio_picture()))
    expect(marketer.locator("#cut-out .cut-on img")).to_have_count(3, timeout=CUT_WITHIN_MS)
    expect(marketer.locator("#cut-out")).to_contain_text("plain light background")
    expect(yaml).not_to_contain_text("photos/cooker-")
    marketer.locator("#use-cut-out").click()
    expect(marketer.locator("#cut-out")).to_contain_text("Kept as")
    expect(yaml).to_contain_text("photos/cooker-")
    marketer.get_by_role("button", name="Save", exact=True).click()
    expect(marketer.locator("#brief-saved")).to_contain_text("Saved")
    (photo,) = served.studio.briefs.brief(FRESH).product.photos
    stored = served.studio.briefs.folder(FRESH) / photo.path
    assert stored.is_file()
    assert stored.with_name(f"{stored.stem}-original.jpg").is_file()


def test_a_frame_drawn_on_the_original_cuts_again(marketer: Page) -> None:
    marketer.goto(f"/brief?campaign={FRESH}")
    expect(marketer.locator("#brief-problems")).to_contain_text("The brief is complete")
    add(marketer, "two.jpg", jpeg(two_discs()))
    canvas = marketer.locator("#cut-out .cut-canvas img")
    expect(canvas).to_be_visible(timeout=CUT_WITHIN_MS)
    box = canvas.bounding_box()
    assert box is not None
    start, end = ((0.06, 0.12), (0.44, 0.88))
    marketer.mouse.move(box["x"] + start[0] * box["width"], box["y"] + start[1] * box["height"])
    marketer.mouse.down()
    marketer.mouse.move(box["x"] + end[0] * box["width"], box["y"] + end[1] * box["height"])
    marketer.mouse.up()
    product = marketer.locator("#cut-out .cut-facts dd").first
    expect(product).to_have_text(
        re.compile(r"^(17|18)\d × (17|18)\d px"), timeout=CUT_WITHIN_MS
    )
    frame = marketer.locator("#cut-out .cut-frame")
    expect(frame).to_have_attribute("style", re.compile(r"left:6\.\d+%;top:1[12]\.\d+%"))
    marketer.locator("#leave-cut-out").click()
    expect(marketer.locator("#cut-out .cut-preview")).to_have_count(0)


def test_a_photo_that_cannot_be_used_says_why_and_offers_nothing(marketer: Page) -> None:
    marketer.goto(f"/brief?campaign={FRESH}")
    expect(marketer.locator("#brief-problems")).to_contain_text("The brief is complete")
    add(marketer, "IMG_1.heic", b"\0\0\0\x18ftypheic\0\0\0\0mif1heic" + bytes(99))
    expect(marketer.locator("#cut-out")).to_contain_text("It is a HEIC photo")
    expect(marketer.locator("#use-cut-out")).to_be_hidden()


def test_a_reviewer_cannot_add_a_photo(visitor: Page, served: Served) -> None:
    sent: list[Request] = []
    visitor.on("request", lambda request: sent.append(request))
    signed_in(visitor, REVIEWER)
    visitor.goto(f"/brief?campaign={FRESH}")
    expect(visitor.locator("#brief-problems")).to_contain_text("The brief is complete")
    add(visitor, "cooker.jpg", jpeg(a_studio_picture()))
    expect(visitor.locator("#cut-out")).to_contain_text("may not write briefs")
    assert any("/queue/join" in urlsplit(each.url).path for each in sent)
    assert MARKETER.name not in visitor.locator(".top-bar").inner_text()
