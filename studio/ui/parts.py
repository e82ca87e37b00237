"""Ways of laying out and wiring that every page shares."""

from __future__ import annotations

from typing import Final, Literal, TypedDict

import gradio as gr


class EventSettings(TypedDict, total=False):
    """How an event travels."""

    queue: bool
    api_visibility: Literal["private"]
    show_progress: Literal["hidden"]
    trigger_mode: Literal["always_last"]


QUIET: Final[EventSettings] = {
    "queue": False,
    "api_visibility": "private",
    "show_progress": "hidden",
}
"""For events that answer at once."""
ACT: Final[EventSettings] = {"api_visibility": "private", "show_progress": "hidden"}
"""For events that may be refused: only those that go through the queue show why."""
GO: Final = "(address) => { if (address) window.location.assign(address); }"
"""Script of an event that leads to the address which an earlier one returned."""
LIVE: Final[EventSettings] = {**QUIET, "trigger_mode": "always_last"}
"""For events that fire while somebody types."""


def html(value: str = "", *, elem_id: str | None = None, elem_classes: str = "") -> gr.HTML:
    """A place for HTML of our own, without the toolkit's styles for text."""
    return gr.HTML(
        value,
        elem_id=elem_id,
        elem_classes=elem_classes,
        apply_default_css=False,
        js_on_load=None,
    )
