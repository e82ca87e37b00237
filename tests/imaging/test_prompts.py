"""Prompts speak of the scene in words, never of the ad's copy."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from studio.errors import PermanentError
from studio.imaging.model import PictureRequest
from studio.imaging.prompts import colour_words, image_prompt
from studio.imaging.scene import load_scene
from tests.imaging.examples import NIGHT


def test_the_prompt_tells_scene_light_colours_and_the_markets_rules(
    requests: Callable[..., PictureRequest], sets_dir: Path
) -> None:
    prompt = image_prompt(requests(), load_scene(sets_dir / "plain"))
    for words in ("empty plain table", "soft daylight from the left", "wood surface"):
        assert words in prompt.positive
    assert "a calm kitchen in the morning" in prompt.positive
    assert "no text" not in prompt.positive
    for words in ("text", "people", "logo", "product"):
        assert words in prompt.negative.split(", ")


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
