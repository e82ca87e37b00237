"""A new photo enters the brief's text; comments stay, and one brief shows one product."""

from __future__ import annotations

import pytest

from studio.intake.brief_photos import with_photo
from studio.intake.yaml_text import load

TEXT = """\
title: Launch   # stays
product:
  name: SmartChef
  photos:       # of the cooker
    - path: left.png
      light_from: left
    - path: right.png
      light_from: right
# Below the photos.
launch: 2026-12-01
"""


def photos(text: str) -> list[tuple[str, str]]:
    data = load(text, file="brief.yaml")
    return [(each["path"], each["light_from"]) for each in data["product"]["photos"]]


def test_a_new_photo_replaces_all_that_were_there() -> None:
    text = with_photo(TEXT, "photos/new.png", light_from="right", keep_others=False)
    assert photos(text) == [("photos/new.png", "right")]
    for kept in ("# stays", "# of the cooker", "# Below the photos.", "name: SmartChef"):
        assert kept in text


def test_others_stay_if_their_light_comes_from_elsewhere() -> None:
    text = with_photo(TEXT, "photos/new.png", light_from="left", keep_others=True)
    assert photos(text) == [("right.png", "right"), ("photos/new.png", "left")]
    assert text.index("photos/new.png") < text.index("# Below the photos.")


@pytest.mark.parametrize(
    "text", ["title: Launch\n", "title: Launch\nproduct:\n  photos: none\n", "product: 3\n"]
)
def test_a_brief_without_photos_gets_one(text: str) -> None:
    changed = with_photo(text, "photos/new.png", light_from="left", keep_others=True)
    assert photos(changed) == [("photos/new.png", "left")]
