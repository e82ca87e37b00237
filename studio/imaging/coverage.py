"""Which characters of a text a market's typefaces can't draw, without setting the text."""

from __future__ import annotations

import unicodedata

from studio.imaging.fonts import letters_of, shown_as
from studio.markets.pack import MarketPack, Typefaces


def missing_glyphs(text: str, typefaces: Typefaces) -> str:
    """Characters that would be boxes, each once, in the order of the text.

    Typesetting falls back from one of the two families to the other and to no further one.
    """
    letters = letters_of(typefaces.heading.family) | letters_of(typefaces.text.family)

    def covers(char: str) -> bool:
        return ord(char) in letters

    once = dict.fromkeys(unicodedata.normalize("NFC", text))
    return "".join(char for char in once if shown_as(char, covers) is None)


def missing_in_pack(text: str, pack: MarketPack) -> str:
    """`missing_glyphs` with the typefaces of a market, as compliance asks for it."""
    return missing_glyphs(text, pack.typefaces)
