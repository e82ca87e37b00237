"""Draw the brands' logos: python brand_logo.py. Needs Pillow and fontpkg-inter, no Blender."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from fontpkg_inter import __file__ as inter_package
from PIL import Image, ImageChops, ImageDraw, ImageFont

BRANDS = Path(__file__).resolve().parent.parent / "brands"
WIDTH = 1200
OVERSAMPLE = 4
PAPER = (250, 248, 244)

RGB = tuple[int, int, int]
Mark = Callable[[int], tuple[Image.Image, Image.Image]]
"""Draws the mark in a square: coverage of what is ink and of what is accent."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Logo:
    """A mark and a wordmark."""

    id: str
    """Folder under assets/brands."""
    text: str
    cap: str
    """Letter whose height sets the mark's size."""
    weight: int
    mark: Mark
    ink: RGB
    accent: RGB


def blank(size: int) -> Image.Image:
    """No coverage."""
    return Image.new("L", (size, size))


def cooker(size: int) -> tuple[Image.Image, Image.Image]:
    """A cooker seen from the front, and the steam above it."""
    body, steam = blank(size), blank(size)
    d = ImageDraw.Draw(body)
    u = size / 100
    d.rounded_rectangle((6 * u, 26 * u, 94 * u, 98 * u), 25 * u, fill=255)
    cut = blank(size)
    c = ImageDraw.Draw(cut)
    c.rectangle((0, 49 * u, size, 54.5 * u), fill=255)
    c.ellipse((40 * u, 66.5 * u, 60 * u, 86.5 * u), fill=255)
    body = ImageChops.subtract(body, cut)
    s = ImageDraw.Draw(steam)
    for x, y in ((36, 9), (50, 4), (64, 9)):
        s.rounded_rectangle(((x - 2.75) * u, y * u, (x + 2.75) * u, 18 * u), 2.75 * u, fill=255)
    return body, steam


def pebbles(size: int) -> tuple[Image.Image, Image.Image]:
    """A pebble with a hollow, and the small one that fits it."""
    stone, hollow, small = blank(size), blank(size), blank(size)
    u = size / 100
    ImageDraw.Draw(stone).ellipse((2 * u, 18 * u, 88 * u, 98 * u), fill=255)
    ImageDraw.Draw(hollow).ellipse((49 * u, 1 * u, 105 * u, 57 * u), fill=255)
    ImageDraw.Draw(small).ellipse((57 * u, 9 * u, 97 * u, 49 * u), fill=255)
    return ImageChops.subtract(stone, hollow), small


LOGOS = (
    Logo(
        id="smartchef",
        text="SmartChef",
        cap="S",
        weight=600,
        mark=cooker,
        ink=(34, 33, 31),
        accent=(226, 108, 44),
    ),
    Logo(
        id="pebla",
        text="pebla",
        cap="b",
        weight=500,
        mark=pebbles,
        ink=(42, 46, 52),
        accent=(194, 128, 92),
    ),
)


def wordmark_font(weight: int) -> ImageFont.FreeTypeFont:
    """Inter at a weight, large enough to draw from."""
    file = Path(inter_package).parent / "files" / "Inter[opsz,wght].ttf"
    font = ImageFont.truetype(str(file), 200 * OVERSAMPLE)
    names = [
        n if isinstance(n, bytes) else n.encode()
        for n in (axis["name"] for axis in font.get_variation_axes())
    ]
    font.set_variation_by_axes([weight if b"eight" in n else 32 for n in names])
    return font


def drawn(logo: Logo, ink: RGB) -> Image.Image:
    """Mark and wordmark on transparency, 1200 px wide."""
    font = wordmark_font(logo.weight)
    left, _, right, _ = font.getbbox(logo.text)
    cap = -font.getbbox(logo.cap, anchor="ls")[1]
    size = round(cap * 1.42)
    gap = round(cap * 0.42)
    below = max(0, round(font.getbbox(logo.text, anchor="ls")[3] - 0.19 * cap))
    height = round(size * 1.08) + below
    canvas = Image.new("RGBA", (size + gap + right - left, height), (*ink, 0))
    baseline = round(size * 0.97) - round(0.12 * cap)
    body, accent = logo.mark(size)
    canvas.paste((*ink, 255), (0, 0), body)
    canvas.paste((*logo.accent, 255), (0, 0), accent)
    letters = Image.new("L", canvas.size)
    pen = ImageDraw.Draw(letters)
    pen.text((size + gap - left, baseline), logo.text, 255, font, anchor="ls")
    canvas.paste((*ink, 255), (0, 0), letters)
    canvas = canvas.crop(canvas.getchannel("A").getbbox())
    fitted = (WIDTH, round(canvas.height * WIDTH / canvas.width))
    smooth = canvas.convert("RGBa").resize(fitted, Image.Resampling.LANCZOS)
    return smooth.convert("RGBA")


def main() -> None:
    """Write both versions of every logo."""
    for logo in LOGOS:
        folder = BRANDS / logo.id
        folder.mkdir(parents=True, exist_ok=True)
        drawn(logo, logo.ink).save(folder / "logo.png", optimize=True)
        drawn(logo, PAPER).save(folder / "logo-light.png", optimize=True)


if __name__ == "__main__":
    main()
