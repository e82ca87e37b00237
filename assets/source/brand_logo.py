"""Draw the SmartChef logo: python brand_logo.py. Needs Pillow and fontpkg-inter, no Blender."""

from __future__ import annotations

from pathlib import Path

from fontpkg_inter import __file__ as inter_package
from PIL import Image, ImageChops, ImageDraw, ImageFont

OUT = Path(__file__).resolve().parent.parent / "brands" / "smartchef"
WIDTH = 1200
OVERSAMPLE = 4
INK = (34, 33, 31)
PAPER = (250, 248, 244)
EMBER = (226, 108, 44)


def mark(size: int) -> tuple[Image.Image, Image.Image]:
    """A cooker seen from the front: coverage of its body and of the steam above it."""
    body, steam = Image.new("L", (size, size)), Image.new("L", (size, size))
    d = ImageDraw.Draw(body)
    u = size / 100
    d.rounded_rectangle((6 * u, 26 * u, 94 * u, 98 * u), 25 * u, fill=255)
    cut = Image.new("L", (size, size))
    c = ImageDraw.Draw(cut)
    c.rectangle((0, 49 * u, size, 54.5 * u), fill=255)
    c.ellipse((40 * u, 66.5 * u, 60 * u, 86.5 * u), fill=255)
    body = ImageChops.subtract(body, cut)
    s = ImageDraw.Draw(steam)
    for x, y in ((36, 9), (50, 4), (64, 9)):
        s.rounded_rectangle(((x - 2.75) * u, y * u, (x + 2.75) * u, 18 * u), 2.75 * u, fill=255)
    return body, steam


def logo(ink: tuple[int, int, int]) -> Image.Image:
    """Mark and wordmark on transparency, 1200 px wide."""
    k = OVERSAMPLE
    font = ImageFont.truetype(
        str(Path(inter_package).parent / "files" / "Inter[opsz,wght].ttf"), 200 * k
    )
    axes = [a["name"] for a in font.get_variation_axes()]
    values = [
        600 if b"eight" in (n if isinstance(n, bytes) else n.encode()) else 32 for n in axes
    ]
    font.set_variation_by_axes(values)
    text = "SmartChef"
    left, top, right, bottom = font.getbbox(text)
    cap = -font.getbbox("S", anchor="ls")[1]
    size = round(cap * 1.42)
    gap = round(cap * 0.42)
    canvas = Image.new("RGBA", (size + gap + right - left, round(size * 1.08)), (*ink, 0))
    baseline = round(size * 0.97)
    body, steam = mark(size)
    canvas.paste((*ink, 255), (0, 0), body)
    canvas.paste((*EMBER, 255), (0, 0), steam)
    letters = Image.new("L", canvas.size)
    ImageDraw.Draw(letters).text(
        (size + gap - left, baseline - round(0.12 * cap)), text, 255, font, anchor="ls"
    )
    canvas.paste((*ink, 255), (0, 0), letters)
    box = canvas.getchannel("A").getbbox()
    canvas = canvas.crop(box)
    height = round(canvas.height * WIDTH / canvas.width)
    return (
        canvas.convert("RGBa").resize((WIDTH, height), Image.Resampling.LANCZOS).convert("RGBA")
    )


def main() -> None:
    """Write both versions."""
    OUT.mkdir(parents=True, exist_ok=True)
    logo(INK).save(OUT / "logo.png", optimize=True)
    logo(PAPER).save(OUT / "logo-light.png", optimize=True)


if __name__ == "__main__":
    main()
