"""Contact sheets: every set, every product, every market in every shape, letters at 1:1.

    python docs/sheets.py [sets] [products] [markets] [letters]

Writes docs/images/sheet-*.jpg from the built-in models, with nothing chosen by hand: variant
after variant as a campaign would have them.
"""

from __future__ import annotations

import io
import os
import sys
import tempfile
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from PIL import Image, ImageDraw, ImageFont
from ruamel.yaml import YAML

from studio.app import Studio
from studio.copywriting.model import CopyRequest
from studio.copywriting.writer import write_copy
from studio.domain.brief import Brief, Photo, Product
from studio.domain.placement import Placement
from studio.errors import InputError
from studio.imaging.fonts import font_file
from studio.imaging.model import PictureRequest
from studio.imaging.scene import read_spec, set_ids
from studio.imaging.typeset import Typeset, TypesetRequest
from studio.markets.pack import MarketPack
from studio.settings import Settings
from studio.workflows.markets import sample_brief
from studio.workflows.variants import VariantPlan, plan_variants

ROOT = Path(__file__).parents[1]
IMAGES = Path(__file__).parent / "images"
SHAPES = (
    "meta_feed_1x1", "meta_feed_4x5", "meta_story_9x16", "pinterest_pin_2x3",
    "google_youtube_16x9", "google_display_1200x628", "google_banner_300x250",
    "google_banner_160x600", "google_banner_970x250", "google_banner_728x90",
)  # fmt: skip
LETTERS = ("ar-SA", "hi-IN", "th-TH", "ja-JP", "ko-KR", "zh-CN", "zh-TW", "vi-VN")
CLOSE_PX = 900
MARKETS_A_SHEET = 4
GAP, TITLE_PX = 12, 26
GROUNDS = ("#FFFFFF", "#FFFFFF", "#2B2E33", "#2B2E33")
QUALITY = 82


@dataclass(frozen=True, kw_only=True)
class Demo:
    """A demo product with its files and its brand's logo."""

    product: Product
    photos: tuple[Path, ...]


@dataclass(frozen=True, kw_only=True)
class Made:
    """A finished ad."""

    market: MarketPack
    placement: Placement
    typeset: Typeset

    @property
    def image(self) -> Image.Image:
        """As its audience sees it."""
        return Image.open(io.BytesIO(self.typeset.data)).convert("RGB")


def demos() -> tuple[Demo, ...]:
    """The demo products, by name."""
    found = []
    for file in sorted((ROOT / "assets" / "products").glob("*/product.yaml")):
        told = YAML(typ="safe").load(file)
        packshots = told["packshots"]
        found.append(
            Demo(
                product=Product(
                    name=told["name"],
                    category=told["category"],
                    photos=tuple(
                        Photo(path=str(file.parent / name), light_from=side)
                        for side, name in packshots.items()
                    ),
                    width_cm=told["visible_width_cm"],
                    height_cm=told["visible_height_cm"],
                ),
                photos=tuple(file.parent / name for name in packshots.values()),
            )
        )
    return tuple(found)


def plans(studio: Studio, pack: MarketPack, demo: Demo) -> Sequence[VariantPlan]:
    """The variants that a campaign for the product would have in the market."""
    sets = studio.image_model.sets_for(demo.product)
    return plan_variants(brief_of(studio, pack, demo), pack, sets)


def brief_of(studio: Studio, pack: MarketPack, demo: Demo) -> Brief:
    """A brief that proves what is special about the product's kind."""
    brief = sample_brief(pack, demo.product.category)
    own = studio.library.benefits_by_category()[demo.product.category]
    claims = tuple(claim for claim in brief.claims if claim.benefit in own)
    return replace(brief, claims=claims)


def made(studio: Studio, pack: MarketPack, demo: Demo, shape: str, number: int) -> Made:
    """One ad, its idea chosen by number."""
    plan = plans(studio, pack, demo)[number % len(plans(studio, pack, demo))]
    placement = studio.placements[shape]
    copy = write_copy(
        studio.text_model,
        CopyRequest(
            brief=brief_of(studio, pack, demo),
            pack=pack,
            placements=(placement,),
            angle=plan.angle,
            variant=plan.variant,
            seed=plan.seed,
            shows_offer=plan.shows_offer,
        ),
    )
    staged = studio.image_model.stage(
        PictureRequest(
            product=demo.product,
            photos=demo.photos,
            pack=pack,
            placement=placement,
            set=plan.set,
            palette=plan.palette,
            seed=plan.seed,
        )
    )
    typeset = studio.finisher.typesetter.typeset(
        TypesetRequest(
            image=staged.image,
            product_box=staged.product_box,
            copy=copy,
            placement=placement,
            market=pack.market,
            typefaces=pack.typefaces,
            palette=plan.palette,
            brand_name="SmartChef",
            seed=plan.seed,
        )
    )
    return Made(market=pack, placement=placement, typeset=typeset)


def row_of(images: Sequence[Image.Image], *, height: int) -> Image.Image:
    """Pictures side by side at one height; none is enlarged."""
    sized = [_within(image, height) for image in images]
    row = Image.new("RGB", (sum(each.width + GAP for each in sized) + GAP, height), "#F4F3F0")
    left = GAP
    for each in sized:
        row.paste(each, (left, (height - each.height) // 2))
        left += each.width + GAP
    return row


def _within(image: Image.Image, height: int) -> Image.Image:
    if image.height <= height:
        return image
    return image.resize((round(image.width * height / image.height), height), Image.LANCZOS)


def stacked(rows: Sequence[tuple[str, Image.Image]]) -> Image.Image:
    """Rows with their titles, one over the other."""
    font = ImageFont.truetype(str(font_file("DM Sans", 600)), TITLE_PX - 6)
    width = max(row.width for _, row in rows)
    height = sum(row.height + TITLE_PX + GAP * 2 for _, row in rows)
    sheet = Image.new("RGB", (width, height), "#F4F3F0")
    draw, top = ImageDraw.Draw(sheet), GAP
    for title, row in rows:
        draw.text((GAP, top), title, fill="#333333", font=font)
        sheet.paste(row, (0, top + TITLE_PX))
        top += row.height + TITLE_PX + GAP * 2
    return sheet


def write(name: str, sheet: Image.Image) -> None:
    """A JPEG in docs/images."""
    file = IMAGES / f"sheet-{name}.jpg"
    sheet.save(file, quality=QUALITY, optimize=True, progressive=True)


def sets_sheet() -> None:
    """Every set as rendered, without colours of a market."""
    folder = ROOT / "assets" / "sets"
    rows = []
    names = set_ids(folder)
    for start in range(0, len(names), 4):
        part = names[start : start + 4]
        images = [Image.open(folder / name / "beauty.webp").convert("RGB") for name in part]
        title = "   ·   ".join(read_spec(folder / name).title for name in part)
        rows.append((title, row_of(images, height=330)))
    write("sets", stacked(rows))


def products_sheet() -> None:
    """Every packshot on light and dark."""
    rows = []
    for demo in demos():
        images = []
        for ground, photo in zip(GROUNDS, demo.photos * 2, strict=True):
            cut = Image.open(photo).convert("RGBA")
            under = Image.new("RGBA", cut.size, ground)
            images.append(Image.alpha_composite(under, cut).convert("RGB"))
        rows.append((demo.product.name, row_of(images, height=360)))
    write("products", stacked(rows))


def market_sheets(studio: Studio) -> None:
    """Every market in every shape, four markets a sheet."""
    names = studio.library.locales()
    for start in range(0, len(names), MARKETS_A_SHEET):
        rows = list(_market_rows(studio, names[start : start + MARKETS_A_SHEET], start))
        write(f"markets-{start // MARKETS_A_SHEET + 1}", stacked(rows))


def _market_rows(
    studio: Studio, names: Sequence[str], start: int
) -> Iterator[tuple[str, Image.Image]]:
    known = demos()
    for index, name in enumerate(names):
        pack = studio.library.pack(name)
        demo = known[(start + index) % len(known)]
        images, refusals = [], []
        for number, shape in enumerate(SHAPES):
            try:
                images.append(made(studio, pack, demo, shape, number).image)
            except InputError as error:
                refusals.append(f"{shape} refused: {error}")
        title = " · ".join((name, demo.product.name, *refusals))
        yield title, row_of(images, height=300)


def letters_sheet(studio: Studio) -> None:
    """The middle of the words of one ad in each script, pixel by pixel."""
    rows = []
    for number, name in enumerate(LETTERS):
        pack = studio.library.pack(name)
        demo = demos()[number % len(demos())]
        ads = [made(studio, pack, demo, "meta_feed_4x5", each) for each in (number, number + 1)]
        rows.append((name, row_of([_around_headline(ad) for ad in ads], height=520)))
    write("letters", stacked(rows))


def _around_headline(ad: Made) -> Image.Image:
    image, box = ad.image, ad.typeset.boxes["headline"]
    top = max(0, round(box.top * image.height) - 60)
    middle = round((box.left + box.right) / 2 * image.width)
    left = min(max(0, middle - CLOSE_PX // 2), image.width - CLOSE_PX)
    return image.crop((left, top, left + CLOSE_PX, min(image.height, top + 520)))


def main() -> None:
    """The sheets that are named, or all."""
    asked = set(sys.argv[1:]) or {"sets", "products", "markets", "letters"}
    with tempfile.TemporaryDirectory() as data:
        os.environ["STUDIO_DATA_DIR"] = data
        studio = Studio(Settings())
        if "sets" in asked:
            sets_sheet()
        if "products" in asked:
            products_sheet()
        if "markets" in asked:
            market_sheets(studio)
        if "letters" in asked:
            letters_sheet(studio)


if __name__ == "__main__":
    main()
