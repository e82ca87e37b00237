"""The typeface of charts and captions, from an installed font package."""

from __future__ import annotations

from functools import cache
from io import BytesIO
from pathlib import Path

import fontpkg
from fontTools.subset import Options, Subsetter
from fontTools.ttLib import TTFont
from fontTools.varLib import instancer
from matplotlib.font_manager import fontManager
from PIL import ImageFont

FAMILY = "DM Sans"


@cache
def font_file() -> Path:
    """The variable font file, upright."""
    return Path(fontpkg.path(FAMILY))


@cache
def chart_family() -> str:
    """The family's name, once matplotlib knows its file."""
    fontManager.addfont(str(font_file()))
    return FAMILY


@cache
def caption_font(size_px: int, weight: int = 400) -> ImageFont.FreeTypeFont:
    """The face for Pillow at one size and weight (100 to 1000)."""
    font = ImageFont.truetype(str(font_file()), size_px)
    axes = {"Optical size": min(max(size_px, 9), 40), "Weight": weight}
    names = [axis["name"] for axis in font.get_variation_axes()]
    font.set_variation_by_axes([axes[_text(name)] for name in names])
    return font


def _text(name: bytes | str | None) -> str:
    return name.decode() if isinstance(name, bytes) else str(name)


@cache
def page_font() -> bytes:
    """The face's Latin letters, digits and punctuation as WOFF, to embed in a page."""
    options = Options()
    options.flavor = "woff"
    options.layout_features = ["kern", "tnum", "liga"]
    font = TTFont(font_file())
    subsetter = Subsetter(options)
    subsetter.populate(unicodes=[*range(0x20, 0x180), *range(0x2010, 0x2040), 0x20AC, 0x2212])
    subsetter.subset(font)
    instancer.instantiateVariableFont(font, {"opsz": 14, "wght": (400, 700)}, inplace=True)
    font.flavor = "woff"
    content = BytesIO()
    font.save(content)
    return content.getvalue()
