"""Faces come from installed packages; what they can't show is an error, never a box."""

from __future__ import annotations

import pytest
import skia

from studio.errors import InputError
from studio.imaging.fonts import font_file, is_installed, load_faces, package_of
from studio.markets.library import MarketLibrary
from studio.markets.pack import Typeface, Typefaces
from tests.imaging.examples import typefaces_of


def test_every_bundled_market_has_its_typefaces_installed() -> None:
    library = MarketLibrary()
    for locale in library.locales():
        faces = library.pack(locale).typefaces
        assert is_installed(faces.heading.family)
        assert is_installed(faces.text.family)


def test_a_missing_family_names_the_package_to_install() -> None:
    typefaces = Typefaces(
        heading=Typeface(family="Crimson Pro", weight=600),
        text=Typeface(family="DM Sans", weight=400),
    )
    with pytest.raises(
        InputError, match="'Crimson Pro' isn't .* pip install fontpkg-crimson-pro"
    ):
        load_faces(typefaces)
    assert package_of("Noto Sans KR") == "justmytype-intl-cjk"


def test_a_variable_font_is_set_at_the_asked_weight() -> None:
    """The same word is wider in a heavier weight."""

    def width(weight: int) -> float:
        face = load_faces(
            Typefaces(
                heading=Typeface(family="Fraunces", weight=weight),
                text=Typeface(family="DM Sans", weight=400),
            )
        ).heading
        return float(skia.Font(face.skia, 100).measureText("Hamburg"))

    assert width(800) > width(500) > width(300)


def test_a_character_that_no_face_has_is_named() -> None:
    faces = load_faces(typefaces_of("en-US"))
    with pytest.raises(InputError, match=r"headline: .* no glyph for '飯' \(U\+98EF CJK"):
        faces.prepared("Rice 飯", field="headline")
    with pytest.raises(InputError, match="U\\+1F35A COOKED RICE"):
        faces.prepared("Rice \N{COOKED RICE}", field="body")


def test_the_other_face_may_help_out() -> None:
    """An Arabic line with a Latin name: what one face lacks, the other has."""
    faces = load_faces(typefaces_of("ar-SA"))
    assert faces.prepared("أرز SmartChef 24", field="headline") == "أرز SmartChef 24"


def test_rare_spaces_are_replaced_where_a_face_lacks_them() -> None:
    faces = load_faces(typefaces_of("de-DE"))
    for space in ("\u202f", "\u2009"):
        shown = faces.prepared(f"129{space}€", field="offer_line")
        assert shown in (f"129{space}€", "129\u00a0€")


def test_invisible_direction_marks_are_let_through() -> None:
    faces = load_faces(typefaces_of("ar-SA"))
    assert faces.prepared("\u2067أرز\u2069", field="body") == "\u2067أرز\u2069"


@pytest.mark.parametrize(
    "family",
    [
        "Baloo 2", "Mukta", "Prompt", "Sarabun", "Be Vietnam Pro", "Plus Jakarta Sans",
        "Poppins", "Noto Sans JP", "Noto Sans KR", "Noto Sans SC", "Noto Sans TC",
    ],
)  # fmt: skip
def test_each_family_has_the_weights_that_packs_name(family: str) -> None:
    """Strokes get wider from regular to extra bold, in five steps."""
    faces = [
        load_faces(
            Typefaces(
                heading=Typeface(family=family, weight=weight),
                text=Typeface(family=family, weight=400),
            )
        ).heading
        for weight in (400, 500, 600, 700, 800)
    ]
    assert [face.skia.fontStyle().weight() for face in faces] == [400, 500, 600, 700, 800]
    widths = [skia.Font(face.skia, 200).measureText("HIil1|") for face in faces]
    assert widths[0] < widths[2] < widths[4]


def test_each_region_has_its_own_han_file() -> None:
    families = ("Noto Sans JP", "Noto Sans KR", "Noto Sans SC", "Noto Sans TC")
    assert len({font_file(family, 700) for family in families}) == 4
