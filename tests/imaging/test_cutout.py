"""Cut-outs keep alpha, key plain backgrounds, and refuse what is ugly or dangerous."""

from __future__ import annotations

import struct
import zlib
from pathlib import Path

import numpy as np
import pytest
from PIL import Image, ImageDraw, ImageFilter

from studio.errors import InputError
from studio.imaging.cutout import cut_out, resampled
from tests.imaging.examples import a_packshot


def a_studio_photo(path: Path, *, ground: str = "#F4F4F2", product: str = "#7A3B2E") -> Path:
    """A dark disc of 200 px on a light ground, with a soft grey shadow under it."""
    image = Image.new("RGB", (400, 400), ground)
    shadow = Image.new("L", (400, 400), 0)
    ImageDraw.Draw(shadow).ellipse((110, 280, 290, 320), fill=60)
    shadow = shadow.filter(ImageFilter.GaussianBlur(18))
    image.paste("#8C8C8C", mask=shadow)
    ImageDraw.Draw(image).ellipse((100, 100, 299, 299), fill=product)
    image.filter(ImageFilter.GaussianBlur(0.7)).save(path)
    return path


def a_huge_png(path: Path, side: int) -> Path:
    """A valid PNG header of side × side pixels, without the pixels."""

    def chunk(kind: bytes, data: bytes) -> bytes:
        body = kind + data
        return struct.pack(">I", len(data)) + body + struct.pack(">I", zlib.crc32(body))

    header = struct.pack(">IIBBBBB", side, side, 8, 2, 0, 0, 0)
    path.write_bytes(
        b"\x89PNG\r\n\x1a\n"
        + chunk(b"IHDR", header)
        + chunk(b"IDAT", b"")
        + chunk(b"IEND", b"")
    )
    return path


def test_a_photo_with_transparency_keeps_its_alpha_and_colours(tmp_path: Path) -> None:
    photo = a_packshot(tmp_path / "cooker.png")
    with Image.open(photo) as image:
        whole = np.array(image)
    cut = cut_out(photo).rgba
    rows, columns = np.nonzero(whole[:, :, 3] > 8)
    part = whole[rows.min() : rows.max() + 1, columns.min() : columns.max() + 1]
    assert np.array_equal(cut, part)


def test_a_plain_background_and_its_soft_shadow_are_taken_away(tmp_path: Path) -> None:
    cut = cut_out(a_studio_photo(tmp_path / "disc.png"))
    height, width = cut.rgba.shape[:2]
    assert (width, height) == pytest.approx((200, 200), abs=4)
    share = (cut.rgba[:, :, 3] > 127).mean()
    assert share == pytest.approx(np.pi / 4, abs=0.03)
    solid = cut.rgba[:, :, 3] == 255
    assert solid.mean() > 0.70
    # The rim carries the product's red-brown, not the background's white.
    rim = (cut.rgba[:, :, 3] > 60) & ~solid
    assert cut.rgba[:, :, 0][rim].mean() < 175


def test_a_busy_background_is_refused_with_the_remedy(tmp_path: Path) -> None:
    noise = np.random.default_rng(5).integers(0, 255, (300, 300, 3)).astype(np.uint8)
    Image.fromarray(noise).save(tmp_path / "market.png")
    with pytest.raises(
        InputError, match=r"market\.png has no plain light background.*transparent"
    ):
        cut_out(tmp_path / "market.png")


def test_a_white_product_on_white_is_refused(tmp_path: Path) -> None:
    photo = a_studio_photo(tmp_path / "white.png", product="#F1F1EF")
    with pytest.raises(InputError, match=r"white\.png .*transparent background"):
        cut_out(photo)


def test_a_product_cut_by_the_edge_is_refused(tmp_path: Path) -> None:
    image = Image.new("RGB", (300, 300), "white")
    ImageDraw.Draw(image).rectangle((100, 0, 300, 120), fill="#803020")
    image.save(tmp_path / "cut.png")
    with pytest.raises(InputError, match=r"cut\.png"):
        cut_out(tmp_path / "cut.png")


def test_thirty_thousand_pixels_a_side_are_refused_unread(tmp_path: Path) -> None:
    with pytest.raises(InputError, match=r"huge\.png is larger than 40 megapixels"):
        cut_out(a_huge_png(tmp_path / "huge.png", 30_000))


def test_the_limit_is_forty_megapixels(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="larger than 40 megapixels"):
        cut_out(a_huge_png(tmp_path / "over.png", 6_325))
    with pytest.raises(InputError, match="is damaged"):
        cut_out(a_huge_png(tmp_path / "under.png", 6_324))


@pytest.mark.parametrize("name", ["cooker.png", "cooker.jpg"])
def test_a_text_file_in_disguise_is_named(tmp_path: Path, name: str) -> None:
    (tmp_path / name).write_text("<svg onload='x'/>")
    with pytest.raises(InputError, match=f"product.photos: {name} is no PNG, JPEG or WebP"):
        cut_out(tmp_path / name)


def test_other_picture_formats_are_refused(tmp_path: Path) -> None:
    Image.new("RGB", (50, 50)).save(tmp_path / "cooker.gif")
    with pytest.raises(InputError, match=r"cooker\.gif is no PNG, JPEG or WebP"):
        cut_out(tmp_path / "cooker.gif")


def test_half_a_file_is_called_damaged(tmp_path: Path) -> None:
    whole = a_packshot(tmp_path / "whole.png").read_bytes()
    (tmp_path / "half.png").write_bytes(whole[: len(whole) // 2])
    with pytest.raises(InputError, match=r"half\.png is damaged"):
        cut_out(tmp_path / "half.png")


def test_an_empty_cut_out_is_refused(tmp_path: Path) -> None:
    Image.new("RGBA", (90, 90), (200, 0, 0, 0)).save(tmp_path / "nothing.png")
    with pytest.raises(InputError, match=r"nothing\.png is empty"):
        cut_out(tmp_path / "nothing.png")


def test_shrinking_mixes_light_not_code_values() -> None:
    """Black and white side by side are half the light: 188 in sRGB, not 128."""
    stripes = np.zeros((2, 8, 4), np.uint8)
    stripes[:, :, 3] = 255
    stripes[:, 1::2, :3] = 255
    assert resampled(stripes, 4, 1)[0, :, 0].tolist() == [188] * 4


def test_transparent_neighbours_do_not_darken_an_edge() -> None:
    """One opaque orange pixel beside a transparent black one: orange at half coverage."""
    pair = np.array([[[230, 120, 40, 255], [0, 0, 0, 0]]], np.uint8)
    red, green, blue, alpha = resampled(pair, 1, 1)[0, 0].tolist()
    assert (red, green, blue) == pytest.approx((230, 120, 40), abs=1)
    assert alpha == 128
