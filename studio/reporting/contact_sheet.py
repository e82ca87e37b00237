"""All ads of a market on one sheet: a strip for each idea, its placements side by side."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from io import BytesIO
from math import ceil

from PIL import Image, ImageDraw, ImageOps

from studio.domain.creative import Status
from studio.reporting.fonts import caption_font

GROUND, CARD, INK, MUTED = "#f3f1ec", "#ffffff", "#1d2530", "#6a7280"
DOTS = {
    Status.DRAFT: "#9aa3af",
    Status.APPROVED: "#0072b2",
    Status.REJECTED: "#b4412f",
    Status.LIVE: "#009e73",
    Status.PAUSED: "#e69f00",
}
STATUS_WORDS = {
    Status.DRAFT: "waiting for review",
    Status.APPROVED: "approved",
    Status.REJECTED: "rejected",
    Status.LIVE: "live",
    Status.PAUSED: "paused",
}
MARGIN, GAP, PAD, CAPTION = 30, 20, 16, 74
TITLE_PX, STATUS_PX = 22, 17


@dataclass(frozen=True, slots=True, kw_only=True)
class Thumb:
    """One finished ad."""

    content: bytes
    """JPEG or PNG of the rendition."""
    status: Status


@dataclass(frozen=True, slots=True, kw_only=True)
class Strip:
    """One idea: its ads in every placement, and two lines below them."""

    title: str
    thumbs: tuple[Thumb, ...]


def contact_sheet(
    strips: Sequence[Strip], *, columns: int = 2, height_px: int = 330
) -> Image.Image:
    """Strips in rows of `columns`, thumbs scaled to one height, with title and status below.

    Captions are set in a Latin typeface: titles in other scripts belong beside the sheet.
    """
    cards = [_card(strip, height_px) for strip in strips]
    if not cards:
        return Image.new("RGB", (1, 1), GROUND)
    columns = min(columns, len(cards))
    width = max(card.width for card in cards)
    height = cards[0].height
    rows = ceil(len(cards) / columns)
    sheet = Image.new(
        "RGB",
        (
            2 * MARGIN + columns * width + (columns - 1) * GAP,
            2 * MARGIN + rows * height + (rows - 1) * GAP,
        ),
        GROUND,
    )
    for index, card in enumerate(cards):
        row, column = divmod(index, columns)
        place = (MARGIN + column * (width + GAP), MARGIN + row * (height + GAP))
        sheet.paste(_rounded(card, width), place)
    return sheet


def to_jpeg(sheet: Image.Image, *, quality: int = 84) -> bytes:
    """The sheet as a file."""
    content = BytesIO()
    sheet.save(content, "JPEG", quality=quality, optimize=True, progressive=True)
    return content.getvalue()


def _card(strip: Strip, height_px: int) -> Image.Image:
    """A white card with the thumbs in a row; the dot tells each one's status."""
    pictures = [_thumb(thumb.content, height_px) for thumb in strip.thumbs]
    width = sum(picture.width for picture in pictures) + PAD * (len(pictures) + 1)
    card = Image.new("RGB", (max(width, 220), height_px + CAPTION + 2 * PAD), CARD)
    draw = ImageDraw.Draw(card)
    left = PAD
    words = caption_font(STATUS_PX)
    for picture, thumb in zip(pictures, strip.thumbs, strict=True):
        card.paste(picture, (left, PAD))
        base = PAD + height_px + 54
        draw.ellipse((left, base, left + 12, base + 12), fill=DOTS[thumb.status])
        draw.text((left + 18, base + 6), STATUS_WORDS[thumb.status], MUTED, words, anchor="lm")
        left += picture.width + PAD
    heading = _fitted(strip.title, card.width - 2 * PAD)
    draw.text(
        (PAD, PAD + height_px + 26), heading, INK, caption_font(TITLE_PX, 600), anchor="lm"
    )
    return card


def _thumb(content: bytes, height_px: int) -> Image.Image:
    """The ad at the sheet's height. Decoded at reduced size where the format allows it."""
    with Image.open(BytesIO(content)) as opened:
        width_px = max(round(opened.width * height_px / opened.height), 1)
        opened.draft("RGB", (width_px * 2, height_px * 2))
        return ImageOps.fit(
            opened.convert("RGB"), (width_px, height_px), Image.Resampling.LANCZOS
        )


def _fitted(text: str, width_px: int) -> str:
    """`text`, cut with an ellipsis where it is wider than the card."""
    font = caption_font(TITLE_PX, 600)
    if font.getlength(text) <= width_px:
        return text
    while text and font.getlength(text + "…") > width_px:
        text = text[:-1]
    return text.rstrip() + "…"


def _rounded(card: Image.Image, width: int) -> Image.Image:
    """The card, widened to its column and with round corners."""
    wide = Image.new("RGB", (width, card.height), CARD)
    wide.paste(card, (0, 0))
    scale = 4
    mask = Image.new("L", (wide.width * scale, wide.height * scale), 0)
    ImageDraw.Draw(mask).rounded_rectangle(
        (0, 0, mask.width - 1, mask.height - 1), radius=10 * scale, fill=255
    )
    framed = Image.new("RGB", wide.size, GROUND)
    framed.paste(wide, (0, 0), mask.resize(wide.size, Image.Resampling.LANCZOS))
    return framed
