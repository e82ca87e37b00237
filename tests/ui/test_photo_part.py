"""A proposal on the page: what is said of it, what may be done, and nothing unescaped."""

from __future__ import annotations

from typing import Any

import gradio as gr
import pytest

from studio.domain.geometry import Box
from studio.errors import InputError
from studio.imaging.cut_quality import CutQuality
from studio.imaging.cutout import Method
from studio.ui.photo_part import frame_of
from studio.ui.present.photos import comparison, cutting, refused
from studio.workflows.photos import PhotoProposal


def a_proposal(**changes: Any) -> PhotoProposal:
    quality = CutQuality(
        width_px=800,
        height_px=640,
        area_share=0.31,
        contrast=0.214,
        faint_share=0.02,
        longest_faint_share=0.01,
        soft_px=2.9,
        main_part_share=1.0,
        cut_by=(),
    )
    values: dict[str, Any] = {
        "name": "cooker.jpg",
        "suffix": ".jpg",
        "method": Method.GRABCUT,
        "frame": Box(left=0.2, top=0.1, right=0.7, bottom=0.9),
        "quality": quality,
        "faults": (),
        "notes": ("Turned upright, as the camera was held.",),
        "original": "a" * 64,
        "shown": "b" * 64,
        "cut": "c" * 64,
    }
    return PhotoProposal(**{**values, **changes})


def test_the_cut_out_is_shown_on_three_grounds_beside_its_original() -> None:
    shown = comparison(a_proposal())
    assert shown.count(f"/files/{'c' * 64}?width=640") == 3
    assert shown.count(f"/files/{'b' * 64}") == 1
    for words in ("is-checks", "is-dark", "is-light", "looks clean", "800 × 640 px", "31 %"):
        assert words in shown
    assert "Turned upright" in shown
    assert "left:20.00%;top:10.00%;width:50.00%;height:80.00%" in shown


def test_a_poor_cut_says_why_it_cannot_be_used() -> None:
    shown = comparison(a_proposal(faults=("Its edge is a haze.", "It falls into pieces.")))
    assert "can’t be used" in shown
    assert "<li>Its edge is a haze.</li><li>It falls into pieces.</li>" in shown
    assert "looks clean" not in shown


def test_what_came_cut_out_is_not_judged_by_its_edge() -> None:
    shown = comparison(a_proposal(method=Method.TRANSPARENT, frame=None))
    assert "Contrast at the edge" not in shown
    assert "own transparency" in shown


def test_names_and_reasons_show_as_text() -> None:
    hostile = "<img src=x onerror=alert(1)>.jpg"
    for shown in (
        comparison(a_proposal(name=hostile, notes=(hostile,), faults=(hostile,))),
        cutting(hostile),
        refused(f"product.photos: {hostile} is damaged."),
    ):
        assert "<img src=x" not in shown
        assert "&lt;img src=x" in shown
    assert "product.photos" not in refused("product.photos: it is damaged.")


def test_a_drawn_frame_is_kept_within_the_photo() -> None:
    event = gr.EventData(None, {"left": -0.5, "top": 0.25, "right": 0.75, "bottom": 7})
    assert frame_of(event) == Box(left=0, top=0.25, right=0.75, bottom=1)


@pytest.mark.parametrize(
    "data",
    [
        {},
        None,
        {"left": 0.5, "top": 0.5, "right": 0.51, "bottom": 0.51},
        {"left": 0.9, "top": 0.1, "right": 0.2, "bottom": 0.9},
        {"left": "x", "top": 0, "right": 1, "bottom": 1},
        {"left": None, "top": 0, "right": 1, "bottom": 1},
    ],
)
def test_what_is_no_frame_is_refused(data: object) -> None:
    with pytest.raises(InputError, match="Draw a frame"):
        frame_of(gr.EventData(None, data))
