"""The typeface of charts and captions, from an installed font package."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache
from importlib.resources import files
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


LATIN = (*range(0x20, 0x180), *range(0x2010, 0x2040), 0x20AC, 0x2212)
HAN_PACK = "justmytype_intl_cjk"
HAN_FILES = {
    "ja": "notosansjp/NotoSansJP[wght].ttf",
    "ko": "notosanskr/NotoSansKR[wght].ttf",
    "zh": "notosanssc/NotoSansSC[wght].ttf",
    "zh-Hant": "notosanstc/NotoSansTC[wght].ttf",
    "zh-HK": "notosanstc/NotoSansTC[wght].ttf",
    "zh-TW": "notosanstc/NotoSansTC[wght].ttf",
}
"""By language, or by the beginning of the locale where its Han forms are others."""
ARABIC_FAMILY = "IBM Plex Sans Arabic"
FAMILIES = {
    "ar": ARABIC_FAMILY,
    "fa": ARABIC_FAMILY,
    "ur": ARABIC_FAMILY,
    "hi": "Mukta",
    "th": "Sarabun",
    "vi": "Be Vietnam Pro",
}
"""Of languages whose letters the page's own face lacks."""


@cache
def page_font() -> bytes:
    """The face's Latin letters, digits and punctuation as WOFF, to embed in a page."""
    return embedded(font_file(), LATIN)


def copy_font(locale: str, text: str) -> bytes:
    """WOFF of the letters of `text` for a market whose letters the page's own face lacks.

    Empty where the page's own face or the reader's will do: for other scripts, and where the
    font package isn't installed.
    """
    try:
        file = _copy_file(locale)
    except (fontpkg.FontpkgError, ModuleNotFoundError):
        return b""
    return embedded(file, sorted({ord(letter) for letter in text})) if file else b""


def _copy_file(locale: str) -> Path | None:
    language = locale.split("-")[0]
    if language in FAMILIES:
        return Path(fontpkg.path(FAMILIES[language]))
    forms = [name for key, name in HAN_FILES.items() if f"{locale}-".startswith(f"{key}-")]
    return Path(str(files(HAN_PACK) / "fonts" / "ofl" / forms[-1])) if forms else None


def embedded(file: Path, letters: Sequence[int]) -> bytes:
    """The font cut down to `letters`, one optical size and weights from regular to bold."""
    options = Options()
    options.drop_tables += ["BASE", "MATH", "meta"]
    font = TTFont(file)
    subsetter = Subsetter(options)
    subsetter.populate(unicodes=letters)
    subsetter.subset(font)
    if "fvar" in font:
        axes = {axis.axisTag for axis in font["fvar"].axes}
        limits = {"opsz": 14, "wght": (400, 700)}
        wanted = {tag: limit for tag, limit in limits.items() if tag in axes}
        instancer.instantiateVariableFont(font, wanted, inplace=True)
    font.flavor = "woff"
    content = BytesIO()
    font.save(content)
    return content.getvalue()
