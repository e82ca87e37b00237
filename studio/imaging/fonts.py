"""Typefaces from installed font packages, never from the system."""

from __future__ import annotations

import json
import unicodedata
from collections.abc import Callable
from dataclasses import dataclass
from functools import lru_cache
from importlib.metadata import entry_points
from pathlib import Path

import fontpkg
import skia
from fontTools.ttLib import TTFont

from studio.errors import InputError
from studio.markets.pack import Typeface, Typefaces

PACKS = "justmytype.packs"
"""Entry-point group of font packs that hold several families."""
CJK_PACK = "justmytype-intl-cjk"
PACK_OF_PREFIX = {"Noto Sans JP": CJK_PACK, "Noto Sans KR": CJK_PACK, "Noto Sans SC": CJK_PACK}
PACK_OF_PREFIX["Noto Sans TC"] = CJK_PACK

REGULAR = 400
HEADING_OPTICAL_SIZE = 60.0
TEXT_OPTICAL_SIZE = 16.0
SETTLED_AXES = {"WONK": 0.0, "SOFT": 0.0, "wdth": 100.0, "slnt": 0.0, "GRAD": 0.0}
"""Axes other than weight and optical size, at their ordinary position."""
STANDS_IN = {
    "\u202f": "\u00a0",
    "\u2011": "-",
    "\u2212": "-",
    "\u2009": "\u00a0",
    "\u20c1": "ر.س",
    "\ufdfc": "ريال",
    "₫": "đ",
    "₩": "원",
    "₺": "TL",
}
"""Rare characters and what says the same in a face that lacks them.

The riyal's sign (Unicode 17) is in hardly any font yet.
"""
UNSEEN = ("Cf", "Cc")
"""Unicode categories of characters that need no glyph."""
VARIATION_SELECTORS = frozenset(map(chr, range(0xFE00, 0xFE10)))


@dataclass(frozen=True, slots=True, eq=False)
class Face:
    """One weight of one family, ready to set text in."""

    alias: str
    """Name it is registered under with the text layout engine."""
    skia: skia.Typeface

    letters: frozenset[int]
    """Code points that it has a glyph for."""

    def covers(self, char: str) -> bool:
        """Whether it has a glyph for this character."""
        return ord(char) in self.letters


@dataclass(frozen=True, slots=True, eq=False)
class Faces:
    """The heading, text and strong text faces of a market."""

    heading: Face
    text: Face
    strong: Face
    """The text face at a heavier weight, for buttons."""

    def all(self) -> tuple[Face, ...]:
        """Each face once."""
        return (self.heading, self.text, self.strong)

    def collection(self) -> skia.textlayout.FontCollection:
        """A collection of these faces alone: without the system's, nothing falls back to it.

        Skia's collections aren't made for several threads, so each picture gets its own.
        """
        provider = skia.textlayout.TypefaceFontProvider()
        for face in self.all():
            provider.registerTypeface(face.skia, face.alias)
        fonts = skia.textlayout.FontCollection()
        fonts.setDefaultFontManager(provider)
        return fonts

    def prepared(self, text: str, *, field: str) -> str:
        """`text` as these faces can show it; raises where a character would be a box."""
        shown = []
        for char in unicodedata.normalize("NFC", text):
            drawn = shown_as(char, self.covers)
            if drawn is None:
                name = unicodedata.name(char, "unnamed")
                raise InputError(
                    f"{field}: the typefaces have no glyph for {char!r} "
                    f"(U+{ord(char):04X} {name}); write it otherwise or choose other typefaces."
                )
            shown.append(drawn)
        return "".join(shown)

    def covers(self, char: str) -> bool:
        """Whether one of them has a glyph: where one lacks it, the other is used."""
        return self.heading.covers(char) or self.text.covers(char)


def shown_as(char: str, covers: Callable[[str], bool]) -> str | None:
    """The character, or what stands in for it; None where faces would show a box."""
    if covers(char) or unicodedata.category(char) in UNSEEN or char in VARIATION_SELECTORS:
        return char
    stand_in = STANDS_IN.get(char, "")
    return stand_in if stand_in and all(covers(each) for each in stand_in) else None


def load_faces(typefaces: Typefaces) -> Faces:
    """The faces of a market; raises `InputError` naming the package that is missing."""
    heading, text = typefaces.heading, typefaces.text
    strong = Typeface(family=text.family, weight=min(text.weight + 200, 900))
    return Faces(
        heading=_face(heading.family, heading.weight, HEADING_OPTICAL_SIZE),
        text=_face(text.family, text.weight, TEXT_OPTICAL_SIZE),
        strong=_face(strong.family, strong.weight, TEXT_OPTICAL_SIZE),
    )


def is_installed(family: str) -> bool:
    """Whether an installed font package has this family."""
    return family_slug(family) in fontpkg.families() or family in _packed_families()


def package_of(family: str) -> str:
    """The package that brings a family."""
    return PACK_OF_PREFIX.get(family, f"fontpkg-{family_slug(family)}")


def family_slug(family: str) -> str:
    """`DM Sans` as packages spell it: `dm-sans`."""
    return str(fontpkg.slugify(family))


@lru_cache(maxsize=64)
def _face(family: str, weight: int, optical_size: float) -> Face:
    path = font_file(family, weight)
    typeface = skia.FontMgr.New_Custom_Empty().makeFromFile(str(path))
    if typeface is None:
        raise InputError(
            f"typefaces: {path.name} of {family} is no readable font; reinstall it."
        )
    alias = f"{family_slug(family)}-{weight}-{optical_size:g}"
    return Face(alias, _instance(typeface, weight, optical_size), letters_of(family))


@lru_cache(maxsize=64)
def letters_of(family: str) -> frozenset[int]:
    """Code points that a family has glyphs for."""
    with TTFont(font_file(family, REGULAR), lazy=True) as font:
        return frozenset(font.getBestCmap())


def font_file(family: str, weight: int) -> Path:
    """The upright file of a family for a weight; raises `InputError` if none is installed."""
    if family_slug(family) in fontpkg.families():
        return Path(fontpkg.path(family, weight=_nearest_hundred(weight), nearest=True))
    packed = _packed_families().get(family)
    if packed is None:
        raise InputError(
            f"typefaces: the font family {family!r} isn't installed; "
            f"run: pip install {package_of(family)}"
        )
    return packed


def _nearest_hundred(weight: int) -> int:
    return min(max(round(weight / 100) * 100, 100), 900)


@lru_cache(maxsize=1)
def _packed_families() -> dict[str, Path]:
    """Upright families of all installed font packs and their files."""
    found: dict[str, Path] = {}
    for entry in entry_points(group=PACKS):
        for folder in entry.load()().get_font_directories():
            manifest = Path(folder) / "pack_manifest.json"
            if not manifest.is_file():
                continue
            for font in json.loads(manifest.read_text(encoding="utf-8"))["fonts"]:
                if font["style"] == "normal":
                    found.setdefault(font["family"], Path(folder) / font["path"])
    return found


def _instance(typeface: skia.Typeface, weight: int, optical_size: float) -> skia.Typeface:
    """A variable font at one weight and optical size; a static one as it is."""
    position = skia.FontArguments.VariationPosition
    coordinates = []
    for axis in typeface.getVariationDesignParameters():
        name = int(axis.tag).to_bytes(4, "big").decode("ascii")
        wanted = {"wght": float(weight), "opsz": optical_size, **SETTLED_AXES}.get(name)
        if wanted is not None:
            value = min(max(wanted, axis.min), axis.max)
            coordinates.append(position.Coordinate(axis.tag, value))
    if not coordinates:
        return typeface
    # The arguments only point at the coordinates, so both must outlive the call.
    kept = position.Coordinates(coordinates)
    place = position(kept)
    arguments = skia.FontArguments()
    arguments.setVariationDesignPosition(place)
    return typeface.makeClone(arguments)
