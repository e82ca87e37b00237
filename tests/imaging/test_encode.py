"""Files are as good as the placement's limit lets them be, RGB and tagged as sRGB."""

from __future__ import annotations

import io

import numpy as np
import pytest
from PIL import Image, ImageCms

from studio.errors import InputError
from studio.imaging.encode import BEST_QUALITY, LEAST_QUALITY, encoded
from tests.imaging.examples import a_placement

SIZE = 240


def grainy(seed: int = 1) -> Image.Image:
    rng = np.random.default_rng(seed)
    ramp = np.linspace(40, 210, SIZE)[None, :, None].repeat(SIZE, axis=0).repeat(3, axis=2)
    noise = rng.normal(0, 14, (SIZE, SIZE, 3))
    return Image.fromarray((ramp + noise).clip(0, 255).astype(np.uint8))


def jpeg_size(image: Image.Image, quality: int) -> int:
    """The file that Pillow makes at a quality, with the profile that every file carries."""
    buffer = io.BytesIO()
    profile = ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes()
    image.save(
        buffer, "JPEG", quality=quality, subsampling=0, optimize=True, icc_profile=profile
    )
    return buffer.tell()


@pytest.mark.parametrize("quality", [64, 70, 77, 85, 92])
def test_the_quality_is_the_best_whose_file_is_light_enough(quality: int) -> None:
    limit = jpeg_size(grainy(), quality)
    data, _ = encoded(grainy(), a_placement(SIZE, SIZE, max_file_bytes=limit))
    assert len(data) == limit
    less, _ = encoded(grainy(), a_placement(SIZE, SIZE, max_file_bytes=limit - 1))
    assert len(less) == jpeg_size(grainy(), quality - 1)


def test_without_pressure_the_quality_is_the_best() -> None:
    data, media_type = encoded(grainy(), a_placement(SIZE, SIZE))
    assert media_type == "image/jpeg"
    assert len(data) == jpeg_size(grainy(), BEST_QUALITY)


def test_what_stays_too_heavy_names_the_placement() -> None:
    limit = jpeg_size(grainy(), LEAST_QUALITY) - 1
    with pytest.raises(InputError, match=r"placement test_240x240: max_file_bytes \d+ is too"):
        encoded(grainy(), a_placement(SIZE, SIZE, max_file_bytes=limit))
    with pytest.raises(InputError, match="placement test_240x240"):
        encoded(grainy(), a_placement(SIZE, SIZE, max_file_bytes=900, formats=("png",)))


def test_a_png_takes_a_palette_before_it_gives_up() -> None:
    full, media_type = encoded(grainy(), a_placement(SIZE, SIZE, formats=("png",)))
    assert media_type == "image/png"
    lighter, _ = encoded(
        grainy(), a_placement(SIZE, SIZE, formats=("png",), max_file_bytes=len(full) - 1)
    )
    assert len(lighter) < len(full)
    with Image.open(io.BytesIO(lighter)) as image:
        assert image.mode == "P"


@pytest.mark.parametrize("formats", [("jpg", "png"), ("png",)])
def test_no_file_has_alpha_and_all_are_tagged(formats: tuple[str, ...]) -> None:
    clear = Image.new("RGBA", (SIZE, SIZE), (200, 40, 40, 120))
    data, _ = encoded(clear, a_placement(SIZE, SIZE, formats=formats))
    with Image.open(io.BytesIO(data)) as image:
        assert image.mode == "RGB"
        assert "transparency" not in image.info
        profile = ImageCms.ImageCmsProfile(io.BytesIO(image.info["icc_profile"]))
        assert "sRGB" in ImageCms.getProfileDescription(profile)
