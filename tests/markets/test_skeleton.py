"""A new market's files load once somebody has written what is missing."""

from __future__ import annotations

from pathlib import Path

import pytest

from studio.errors import BriefError, InputError
from studio.markets.data_file import TO_WRITE
from studio.markets.library import MarketLibrary
from studio.markets.skeleton import FILES, write_skeleton
from studio.resources import bundled

LIBRARY = MarketLibrary()
GERMAN = bundled("prompts") / "markets" / "de-DE"


def skeleton(folder: Path, locale: str) -> tuple[Path, ...]:
    return write_skeleton(
        folder,
        locale,
        like=LIBRARY.pack("de-DE"),
        like_folder=GERMAN,
        catalogue=LIBRARY.catalogue(),
    )


def test_the_four_files_are_written_with_what_cldr_knows(tmp_path: Path) -> None:
    files = skeleton(tmp_path, "sv-SE")
    assert tuple(file.name for file in files) == FILES
    market = files[0].read_text(encoding="utf-8")
    assert "currency: SEK" in market
    assert "Sweden (Swedish)" in market
    assert all(TO_WRITE in file.read_text(encoding="utf-8") for file in files)


def test_a_script_from_right_to_left_is_known(tmp_path: Path) -> None:
    market = skeleton(tmp_path, "he-IL")[0].read_text(encoding="utf-8")
    assert "script: Hebr" in market
    assert "direction: rtl" in market


def test_an_unwritten_pack_says_what_to_write(tmp_path: Path) -> None:
    skeleton(tmp_path, "sv-SE")
    with pytest.raises(BriefError, match="still to be written"):
        MarketLibrary([tmp_path]).pack("sv-SE")


def test_a_pack_loads_when_its_words_are_there(tmp_path: Path) -> None:
    for number, file in enumerate(skeleton(tmp_path, "sv-SE")):
        text = file.read_text(encoding="utf-8")
        file.write_text(text.replace(TO_WRITE, f"Ord {'x' * number}"), encoding="utf-8")
    pack = MarketLibrary([tmp_path]).pack("sv-SE")
    assert pack.market.currency == "SEK"
    assert set(pack.phrases) == set(LIBRARY.pack("de-DE").phrases)


@pytest.mark.parametrize("wrong", ["swedish", "sv", "sv_SE", "../x", "xx-YY"])
def test_what_is_no_locale_is_refused(tmp_path: Path, wrong: str) -> None:
    with pytest.raises(InputError, match="sv-SE|CLDR"):
        skeleton(tmp_path, wrong)
    assert list(tmp_path.iterdir()) == []


def test_a_folder_that_is_there_stays_as_it_is(tmp_path: Path) -> None:
    (tmp_path / "sv-SE").mkdir()
    with pytest.raises(InputError, match="nothing was written"):
        skeleton(tmp_path, "sv-SE")
    assert list((tmp_path / "sv-SE").iterdir()) == []
