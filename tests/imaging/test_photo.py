"""Bad photos are read as a person sees them, or refused with what to do."""

from __future__ import annotations

import io
from contextlib import suppress
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image, ImageCms

from studio.errors import InputError, NotFound
from studio.imaging.photo import read_photo
from tests.imaging.bad_photos import (
    a_huge_png,
    a_studio_picture,
    chunk,
    display_p3,
    half_of,
    png_of,
    saved,
)

BROWN = (122, 59, 46)
GROUND = (244, 244, 242)


def centre(path: Path) -> tuple[int, ...]:
    pixels = read_photo(path).pixels
    return tuple(int(each) for each in pixels[pixels.shape[0] // 2, pixels.shape[1] // 2])


def test_a_plain_photo_is_read_as_it_is(tmp_path: Path) -> None:
    picture = a_studio_picture()
    photo = read_photo(saved(picture, tmp_path / "disc.png"))
    assert np.array_equal(photo.pixels, np.asarray(picture))
    assert (photo.notes, photo.suffix, photo.is_see_through) == ((), ".png", False)


def test_print_colours_without_a_profile_are_read_and_told(tmp_path: Path) -> None:
    """(0, 51, 102, 51) of 255 ink is 255·(1, .8, .6)·0.8 of light: (204, 163, 122)."""
    inks = Image.new("CMYK", (100, 80), (0, 51, 102, 51))
    path = saved(inks, tmp_path / "print.jpg", quality=100, subsampling=0)
    assert centre(path) == pytest.approx((204, 163, 122), abs=3)
    assert any(
        "CMYK" in note and "check its colours" in note for note in read_photo(path).notes
    )


def test_a_cmyk_profile_that_is_none_leaves_the_photo_readable(tmp_path: Path) -> None:
    inks = Image.new("CMYK", (100, 80), (0, 51, 102, 51))
    path = saved(inks, tmp_path / "print.jpg", icc_profile=b"no profile", quality=95)
    notes = " ".join(read_photo(path).notes)
    assert "profile is damaged" in notes
    assert "CMYK" in notes


def test_sixteen_bits_of_grey_are_scaled_not_clipped(tmp_path: Path) -> None:
    """Half light, 32 896 of 65 535, is 128 of 255."""
    grey = np.full((80, 90), 32_896, np.uint16)
    (tmp_path / "grey.png").write_bytes(png_of(grey, colour_type=0))
    assert centre(tmp_path / "grey.png") == (128, 128, 128)


def test_sixteen_bits_of_colour_and_alpha_come_in_eight(tmp_path: Path) -> None:
    pixels = np.zeros((80, 90, 4), np.uint16)
    pixels[:] = np.array([*BROWN, 255], np.uint16) * 257
    pixels[:, :30, 3] = 0
    (tmp_path / "deep.png").write_bytes(png_of(pixels, colour_type=6))
    photo = read_photo(tmp_path / "deep.png")
    assert tuple(photo.pixels[40, 60]) == (*BROWN, 255)
    assert photo.is_see_through
    (tmp_path / "solid.png").write_bytes(png_of(pixels[:, :, :3], colour_type=2))
    assert centre(tmp_path / "solid.png") == BROWN


@pytest.mark.parametrize(
    ("kind", "name"), [("PNG", "a.png"), ("JPEG", "a.jpg"), ("WEBP", "a.webp")]
)
def test_half_a_file_is_damaged(tmp_path: Path, kind: str, name: str) -> None:
    path = half_of(a_studio_picture(), tmp_path / name, kind)
    with pytest.raises(
        InputError, match=rf"^product\.photos: {name} is damaged .* save it again"
    ):
        read_photo(path)


@pytest.mark.parametrize("name", ["turning.webp", "turning.png"])
def test_an_animation_is_refused_for_a_still(tmp_path: Path, name: str) -> None:
    frames = [Image.new("RGB", (90, 90), colour) for colour in ("red", "blue", "green")]
    path = saved(frames[0], tmp_path / name, save_all=True, append_images=frames[1:])
    with pytest.raises(InputError, match="is an animation; save .* as a still PNG or JPEG"):
        read_photo(path)


def test_a_gif_is_named_and_refused_even_when_it_stands_still(tmp_path: Path) -> None:
    frames = [Image.new("P", (90, 90), each) for each in range(3)]
    path = saved(frames[0], tmp_path / "cooker.png", format="GIF", save_all=True,
                 append_images=frames[1:])  # fmt: skip
    with pytest.raises(InputError, match=r"cooker\.png is no PNG, JPEG or WebP.* It is a GIF"):
        read_photo(path)


def test_a_phones_double_photo_is_its_first_picture(tmp_path: Path) -> None:
    first, second = (Image.new("RGB", (90, 80), colour) for colour in (BROWN, GROUND))
    path = saved(first, tmp_path / "phone.jpg", format="MPO", save_all=True, quality=95,
                 append_images=[second])  # fmt: skip
    with Image.open(path) as opened:
        assert opened.format == "MPO"
    assert centre(path) == pytest.approx(BROWN, abs=3)


def test_one_pixel_is_refused_with_its_size(tmp_path: Path) -> None:
    path = saved(Image.new("RGB", (1, 1)), tmp_path / "dot.png")
    with pytest.raises(InputError, match=r"dot\.png has 1 × 1 pixels only.*at least 600"):
        read_photo(path)


def test_a_line_one_pixel_thin_is_read(tmp_path: Path) -> None:
    path = saved(Image.new("RGB", (5000, 1), BROWN), tmp_path / "line.png")
    assert read_photo(path).pixels.shape == (1, 2400, 3)


def test_what_would_fill_the_memory_is_refused_by_its_header(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="larger than 40 megapixels; make it smaller"):
        read_photo(a_huge_png(tmp_path / "bomb.png", 30_000, 30_000))


def test_a_large_jpeg_is_decoded_small(tmp_path: Path) -> None:
    """8000 × 5200 px are 41.6 megapixels: above what is decoded in full, below the limit."""
    path = saved(Image.new("RGB", (8000, 5200), BROWN), tmp_path / "studio.jpg", quality=60)
    photo = read_photo(path)
    assert photo.pixels.shape == (1560, 2400, 3)
    assert centre(path) == pytest.approx(BROWN, abs=3)
    assert photo.notes == ("Made smaller, from 8000 × 5200 px: 2400 × 1560 are plenty.",)


@pytest.mark.parametrize("orientation", range(1, 9))
def test_a_turned_photo_stands_upright(tmp_path: Path, orientation: int) -> None:
    """Whatever the camera's turn, a red top left corner is where the viewer expects it."""
    upright = np.full((90, 120, 3), 200, np.uint8)
    upright[:30, :40] = (200, 30, 30)
    undo = {
        1: lambda a: a,
        2: lambda a: a[:, ::-1],
        3: lambda a: a[::-1, ::-1],
        4: lambda a: a[::-1],
        5: lambda a: a.transpose(1, 0, 2),
        6: lambda a: np.rot90(a, 1),
        7: lambda a: np.rot90(a, 2).transpose(1, 0, 2),
        8: lambda a: np.rot90(a, -1),
    }
    exif = Image.Exif()
    exif[0x0112] = orientation
    stored = Image.fromarray(np.ascontiguousarray(undo[orientation](upright)))
    photo = read_photo(saved(stored, tmp_path / "turned.jpg", exif=exif, quality=95))
    assert photo.pixels.shape == (90, 120, 3)
    assert tuple(photo.pixels[10, 10]) == pytest.approx((200, 30, 30), abs=6)
    assert bool(photo.notes) == (orientation != 1)


def test_broken_camera_data_does_not_cost_the_photo(tmp_path: Path) -> None:
    exif = b"Exif\0\0MM\0*\0\0\0\x08\0\x05\x01\x12\0\x03broken"
    path = saved(a_studio_picture(), tmp_path / "odd.jpg", exif=exif, quality=95)
    assert centre(path) == pytest.approx(BROWN, abs=4)


def test_a_transparent_png_is_see_through_and_untouched(tmp_path: Path) -> None:
    pixels = np.random.default_rng(3).integers(0, 256, (90, 80, 4)).astype(np.uint8)
    path = saved(Image.fromarray(pixels), tmp_path / "cut.png")
    assert read_photo(path).is_see_through
    assert np.array_equal(read_photo(path).pixels, pixels)


def test_a_palette_with_transparency_is_see_through(tmp_path: Path) -> None:
    image = Image.new("P", (90, 80), 0)
    image.putpalette([*GROUND, *BROWN])
    image.paste(1, (20, 20, 70, 60))
    photo = read_photo(saved(image, tmp_path / "palette.png", transparency=0))
    assert photo.is_see_through
    assert tuple(photo.pixels[40, 45]) == (*BROWN, 255)
    assert photo.pixels[0, 0, 3] == 0


def test_grey_with_alpha_keeps_both(tmp_path: Path) -> None:
    image = Image.new("LA", (90, 80), (0, 0))
    image.paste((77, 255), (20, 20, 70, 60))
    photo = read_photo(saved(image, tmp_path / "grey.png"))
    assert tuple(photo.pixels[40, 45]) == (77, 77, 77, 255)
    assert photo.is_see_through


def test_a_colour_that_means_transparent_is_honoured(tmp_path: Path) -> None:
    pixels = np.zeros((80, 90, 3), np.uint8)
    pixels[:] = GROUND
    pixels[20:60, 20:70] = BROWN
    named = chunk(b"tRNS", np.array(GROUND, ">u2").tobytes())
    data = png_of(pixels, colour_type=2, bits=8, extra=(named,))
    (tmp_path / "named.png").write_bytes(data)
    assert read_photo(tmp_path / "named.png").is_see_through


def test_wide_gamut_colours_are_converted(tmp_path: Path) -> None:
    """Display P3 (200, 100, 60) lies at sRGB (216, 96, 45) by the two sets of primaries.

    Both decode to linear light by their own curve; M(sRGB ← XYZ) · M(XYZ ← P3) maps it.
    """
    light = (np.array([200, 100, 60]) / 255) ** 2.2
    to_srgb = np.array(
        [[1.2249, -0.2247, 0.0], [-0.0420, 1.0419, 0.0], [-0.0197, -0.0786, 1.0979]]
    )
    linear = to_srgb @ light
    wanted = 255 * (1.055 * linear ** (1 / 2.4) - 0.055)
    image = Image.new("RGB", (90, 80), (200, 100, 60))
    path = saved(image, tmp_path / "phone.png", icc_profile=display_p3())
    assert centre(path) == pytest.approx(tuple(wanted), abs=1.6)
    assert read_photo(path).notes == ("Colours converted from Display P3 to sRGB.",)


def test_alpha_survives_a_colour_profile(tmp_path: Path) -> None:
    image = Image.new("RGBA", (90, 80), (200, 100, 60, 255))
    image.paste((0, 0, 0, 0), (0, 0, 40, 80))
    photo = read_photo(saved(image, tmp_path / "p3.png", icc_profile=display_p3()))
    assert photo.is_see_through
    assert photo.pixels[40, 60, 0] > 205


def test_srgb_by_name_changes_no_pixel(tmp_path: Path) -> None:
    profile = ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes()
    pixels = np.random.default_rng(3).integers(0, 256, (90, 80, 3)).astype(np.uint8)
    path = saved(Image.fromarray(pixels), tmp_path / "same.png", icc_profile=profile)
    assert np.array_equal(read_photo(path).pixels, pixels)


def test_the_content_counts_not_the_name(tmp_path: Path) -> None:
    path = saved(a_studio_picture(), tmp_path / "cooker.png", format="JPEG", quality=95)
    assert centre(path) == pytest.approx(BROWN, abs=4)
    assert read_photo(path).suffix == ".jpg"


@pytest.mark.parametrize(
    ("start", "told"),
    [
        (b"\0\0\0\x18ftypheic\0\0\0\0mif1heic", "It is a HEIC photo.*export it as JPEG"),
        (b"\0\0\0\x20ftypavif\0\0\0\0", "It is an AVIF picture.*as PNG or JPEG"),
        (b"II*\0\x08\0\0\0", "It is a TIFF or camera raw"),
        (b"%PDF-1.7", "It is a PDF"),
        (b"\0\0\0\x20ftypmp42\0\0\0\0", "It is a film"),
        (b"<svg xmlns=", "It is an SVG drawing"),
        (b"just words", "is no PNG, JPEG or WebP picture"),
    ],
)
def test_other_files_are_called_what_they_are(tmp_path: Path, start: bytes, told: str) -> None:
    path = tmp_path / "cooker.jpg"
    path.write_bytes(start + bytes(200))
    with pytest.raises(InputError, match=told):
        read_photo(path)


def test_an_empty_file_is_called_empty(tmp_path: Path) -> None:
    (tmp_path / "none.jpg").touch()
    with pytest.raises(InputError, match=r"none\.jpg is an empty file; copying"):
        read_photo(tmp_path / "none.jpg")


def test_a_file_of_eighty_megabytes_is_not_even_opened(tmp_path: Path) -> None:
    path = tmp_path / "fat.png"
    with path.open("wb") as file:
        file.truncate(80_000_001)
    with pytest.raises(InputError, match="has 80 MB; 80 MB are the most"):
        read_photo(path)


def test_no_file_is_not_found(tmp_path: Path) -> None:
    with pytest.raises(NotFound, match="there is no file"):
        read_photo(tmp_path / "gone.png")
    with pytest.raises(NotFound, match="there is no file"):
        read_photo(tmp_path)


@given(st.data())
@settings(max_examples=60, deadline=None)
def test_a_damaged_photo_is_read_or_refused_never_a_bug(
    tmp_path_factory: pytest.TempPathFactory, data: st.DataObject
) -> None:
    """Any bytes overwritten anywhere: what comes is pixels or an error for people."""
    kind = data.draw(st.sampled_from(["PNG", "JPEG", "WEBP"]))
    out = io.BytesIO()
    picture = a_studio_picture().resize((96, 96))
    picture.save(out, kind, exif=Image.Exif(), icc_profile=display_p3())
    broken = bytearray(out.getvalue())
    for _ in range(data.draw(st.integers(1, 12))):
        broken[data.draw(st.integers(0, len(broken) - 1))] = data.draw(st.integers(0, 255))
    path = tmp_path_factory.mktemp("broken") / "photo.png"
    path.write_bytes(bytes(broken))
    with suppress(InputError):
        assert read_photo(path).pixels.shape[2] in (3, 4)
