"""Prompts speak of the scene in words, never of the ad's copy."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest

from studio.errors import PermanentError
from studio.imaging.model import PictureRequest
from studio.imaging.prompts import (
    USUAL_WORDS,
    View,
    colour_words,
    image_prompt,
    sorted_notes,
)
from studio.imaging.scene import Scene, load_scene, set_ids
from studio.markets.library import MarketLibrary
from studio.markets.pack import Note
from studio.resources import bundled
from tests.imaging.examples import NIGHT, a_placement

KITCHEN = {"family": "kitchen"}


def in_a_home(scene: Scene) -> Scene:
    return replace(scene, spec=scene.spec.model_copy(update=KITCHEN))


def test_the_prompt_tells_scene_light_colours_and_the_markets_rules(
    requests: Callable[..., PictureRequest], sets_dir: Path
) -> None:
    prompt = image_prompt(requests(), in_a_home(load_scene(sets_dir / "plain")), words=80)
    for words in ("empty plain table", "soft daylight from the left", "wood surface"):
        assert words in prompt.positive
    assert "A calm kitchen in the morning." in prompt.positive
    for words in ("text", "people", "logo", "product"):
        assert words in prompt.negative.split(", ")


def test_a_home_is_told_of_on_sets_of_homes_only(
    requests: Callable[..., PictureRequest], sets_dir: Path
) -> None:
    """The test's set is a studio stage."""
    prompt = image_prompt(requests(), load_scene(sets_dir / "plain"), words=200)
    assert "kitchen" not in prompt.positive


def test_a_model_that_sees_the_product_is_told_what_it_is(
    requests: Callable[..., PictureRequest], sets_dir: Path
) -> None:
    scene = load_scene(sets_dir / "plain")
    around = image_prompt(requests(), scene, view=View.AROUND)
    alone = image_prompt(requests(), scene, view=View.EMPTY)
    assert "one rice cooker on a wood surface" in around.positive
    assert "rice cooker" not in alone.positive
    assert "second rice cooker" in around.negative
    assert "appliance" not in around.negative


def test_an_editing_model_is_told_what_to_keep(
    requests: Callable[..., PictureRequest], sets_dir: Path
) -> None:
    prompt = image_prompt(requests(), load_scene(sets_dir / "plain"), view=View.EDIT, words=180)
    assert prompt.positive.startswith("Turn this picture into")
    assert "Keep the camera" in prompt.positive


LIBRARY = MarketLibrary([])
SETS = bundled("assets") / "sets"


@pytest.mark.parametrize("locale", LIBRARY.locales())
def test_no_market_makes_a_model_paint_what_it_rules_out_or_write(
    locale: str, requests: Callable[..., PictureRequest]
) -> None:
    """A model paints what is named after `no`, too; and it isn't to write."""
    request = replace(requests(), pack=LIBRARY.pack(locale))
    for name in set_ids(SETS):
        for view in (View.EMPTY, View.AROUND):
            prompt = image_prompt(request, load_scene(SETS / name), view=view)
            words = set(re.findall(r"\w+", prompt.positive.lower()))
            assert not words & {"no", "not", "never", "avoid", "without", "don"}
            assert not words & {"text", "letters", "logo", "label", "sign", "flag", "map"}
            assert len(prompt.positive.split()) <= USUAL_WORDS


def test_notes_are_sorted_into_sights_and_things_ruled_out() -> None:
    notes = sorted_notes(
        [
            "Bright, tidy rooms; wood and stone; no flags, maps or banknotes.",
            "Show no bulls, and no black and white frame.",
            "Chopsticks never stand upright in rice.",
            "Put AI生成 at an edge.",
            "No red, white and black together as a dominant scheme.",
            "In Ramadan show the evening table.",
            "No other plug may be seen.",
        ]
    )
    assert notes.shown == ("Bright, tidy rooms.", "Wood and stone.")
    assert notes.ruled_out == ("flags", "maps", "banknotes", "bulls", "black and white frame")


def test_notes_that_dont_fit_are_left_out_the_last_first(
    requests: Callable[..., PictureRequest], sets_dir: Path
) -> None:
    scene = in_a_home(load_scene(sets_dir / "plain"))
    rules = ("Pale tiles everywhere", "Open shelves of oak", "High windows in a row")
    pack = replace(requests().pack, scenes=tuple(Note(rule=rule) for rule in rules))
    request = replace(requests(), pack=pack)
    whole = image_prompt(request, scene, words=100).positive
    assert [rule in whole for rule in rules] == [True, True, True]
    fewer = image_prompt(request, scene, words=len(whole.split()) - 1).positive
    assert rules[0] in fewer
    assert rules[2] not in fewer


def test_wide_pictures_are_free_to_the_side(
    requests: Callable[..., PictureRequest], sets_dir: Path
) -> None:
    scene = load_scene(sets_dir / "plain")
    wide = image_prompt(requests(placement=a_placement(1200, 628)), scene)
    assert "free space to the side" in wide.positive
    assert "free space above" in image_prompt(requests(), scene).positive


def test_palettes_change_the_prompt_and_its_fingerprint(
    requests: Callable[..., PictureRequest], sets_dir: Path
) -> None:
    scene = load_scene(sets_dir / "plain")
    day, night = (
        image_prompt(requests(**change), scene) for change in ({}, {"palette": NIGHT})
    )
    assert day.positive != night.positive
    assert day.sha256 != night.sha256


@pytest.mark.parametrize(
    ("code", "words"),
    [
        ("#FFFFFF", "white"),
        ("#111111", "black"),
        ("#8A8A8A", "muted grey"),
        ("#2F5D50", "muted green"),
        ("#20324F", "dark blue"),
        ("#A8402B", "muted red"),
    ],
)
def test_colours_are_told_in_words(code: str, words: str) -> None:
    assert colour_words(code) == words


def test_a_template_with_an_unknown_slot_is_named(
    requests: Callable[..., PictureRequest], sets_dir: Path, tmp_path: Path
) -> None:
    (tmp_path / "scene.md").write_text("A photo in {{ moood }}")
    (tmp_path / "avoid.md").write_text("text")
    with pytest.raises(PermanentError, match=r"prompts/image can't be filled: 'moood'"):
        image_prompt(requests(), load_scene(sets_dir / "plain"), folder=tmp_path)


def test_own_templates_win_file_by_file(
    requests: Callable[..., PictureRequest], sets_dir: Path, tmp_path: Path
) -> None:
    (tmp_path / "avoid.md").write_text("fog")
    prompt = image_prompt(requests(), load_scene(sets_dir / "plain"), folder=tmp_path)
    assert prompt.negative == "fog"
    assert "plain table" in prompt.positive


def test_a_list_of_words_that_cant_be_read_is_named(
    requests: Callable[..., PictureRequest], sets_dir: Path, tmp_path: Path
) -> None:
    (tmp_path / "notes.yaml").write_text("left_out: 7")
    with pytest.raises(PermanentError, match=r"notes\.yaml can't be read"):
        image_prompt(requests(), load_scene(sets_dir / "plain"), folder=tmp_path)
