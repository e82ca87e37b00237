"""The product's photo in the brief: uploaded, cut out, confirmed by a person."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from importlib.resources import files
from pathlib import Path
from typing import Any, TypeAlias

import gradio as gr

from studio.domain.geometry import Box
from studio.errors import InputError
from studio.intake.brief_photos import with_photo
from studio.ui.handlers import campaign_in, tells_user, who
from studio.ui.parts import ACT, QUIET, html
from studio.ui.present import photos
from studio.ui.services import Services
from studio.workflows.photos import PhotoProposal

SIDES = [("Left", "left"), ("Right", "right")]
CUTTING: dict[str, Any] = {"concurrency_limit": 1, "concurrency_id": "cut-out", **ACT}
"""Cutting out keeps a processor busy for seconds: one at a time."""
EDGES = ("left", "top", "right", "bottom")
LEAST_FRAME = 0.02

Waiting: TypeAlias = tuple[PhotoProposal | None, str, gr.Column, gr.Button]
"""The proposal, the picture of it, and what can be done with it."""


@dataclass(frozen=True, slots=True)
class PhotoView:
    """What the part shows and does. The proposal waits on the server."""

    services: Services

    def begin(self, file: str | None) -> tuple[None, str, gr.Column]:
        return None, photos.cutting(Path(file).name if file else ""), gr.Column(visible=False)

    @tells_user
    def propose(self, file: str | None, request: gr.Request) -> Waiting:
        person = who(self.services.sign_in, request)
        if not file:
            return nothing_waits("")
        try:
            return _shown(lambda: self.services.photos.propose(Path(file), person))
        finally:
            Path(file).unlink(missing_ok=True)

    @tells_user
    def within(
        self, waiting: PhotoProposal | None, event: gr.EventData, request: gr.Request
    ) -> Waiting:
        """Cut again, within the frame that was drawn on the original."""
        person = who(self.services.sign_in, request)
        if waiting is None:
            raise InputError("Add the photo again; the page was reloaded since.")
        frame = frame_of(event)
        return _shown(lambda: self.services.photos.within(waiting, frame, person))

    @tells_user
    def use(  # noqa: PLR0913 - one argument for each component
        self,
        waiting: PhotoProposal | None,
        text: str,
        light_from: str,
        keep_others: bool,  # noqa: FBT001 - a checkbox's value
        request: gr.Request,
    ) -> tuple[object, ...]:
        """Keep the confirmed cut-out and name it in the brief's text, which isn't saved yet."""
        person = who(self.services.sign_in, request)
        if waiting is None:
            raise InputError("Add the photo again; the page was reloaded since.")
        self.services.briefs.form(text)  # refuses what isn't YAML before anything is kept
        path = self.services.photos.accept(campaign_in(request), waiting, person)
        changed = with_photo(text, path, light_from=light_from, keep_others=keep_others)
        return changed, *nothing_waits(photos.kept(path))

    def leave(self) -> Waiting:
        return nothing_waits("")


@dataclass(frozen=True, slots=True)
class PhotoPart:
    """The part's components that the brief's text depends on."""

    view: PhotoView
    waiting: gr.State
    preview: gr.HTML
    choice: gr.Column
    light_from: gr.Radio
    keep_others: gr.Checkbox
    yes: gr.Button

    @property
    def shown(self) -> list[Any]:
        """What every step of a cut-out changes."""
        return [self.waiting, self.preview, self.choice, self.yes]

    def wire(self, text: gr.Code, then: Callable[..., object], shown: list[Any]) -> None:
        """Name an accepted cut-out in `text`, and follow with what shows the text anew."""
        given = [self.waiting, text, self.light_from, self.keep_others]
        used = self.yes.click(self.view.use, given, [text, *self.shown], **ACT)
        used.success(then, text, shown, **QUIET)


def photo_part(services: Services) -> PhotoPart:
    """Lay the part out and wire what concerns it alone."""
    view = PhotoView(services)
    waiting = gr.State(None)
    with gr.Column(elem_classes="pane photo-part", elem_id="photo-part"):
        with gr.Row(elem_classes="photo-head"):
            html("<h2>Product photo</h2>")
            upload = gr.UploadButton("Add a photo", scale=0, elem_id="add-photo")
        preview = _preview()
        with gr.Column(visible=False, elem_id="photo-choice") as choice:
            with gr.Row(elem_classes="photo-choice"):
                light_from = gr.Radio(label="Light falls from", choices=SIDES, value="left")
                keep_others = gr.Checkbox(label="Keep the brief’s other photo", value=False)
            with gr.Row(elem_classes="row-end"):
                no = gr.Button("Leave it", scale=0, elem_id="leave-cut-out")
                yes = gr.Button(
                    "Use this cut-out", variant="primary", scale=0, elem_id="use-cut-out"
                )
    part = PhotoPart(view, waiting, preview, choice, light_from, keep_others, yes)
    begun = upload.upload(view.begin, upload, [waiting, preview, choice], **QUIET)
    begun.then(view.propose, upload, part.shown, **CUTTING)
    preview.select(view.within, waiting, part.shown, **CUTTING)
    no.click(view.leave, None, part.shown, **QUIET)
    return part


def frame_of(event: gr.EventData) -> Box:
    """The frame that was drawn, in shares of the photo; what it says isn't trusted."""
    try:
        edges = [min(1.0, max(0.0, float(getattr(event, name)))) for name in EDGES]
        left, top, right, bottom = edges
        if not (right - left > LEAST_FRAME and bottom - top > LEAST_FRAME):
            raise ValueError
    except (AttributeError, TypeError, ValueError) as error:
        raise InputError("Draw a frame from one corner of the product to the other.") from error
    return Box(left=left, top=top, right=right, bottom=bottom)


def nothing_waits(words: str) -> Waiting:
    """No proposal, and `words` instead of it."""
    return None, words, gr.Column(visible=False), gr.Button(interactive=False)


def _shown(propose: Callable[[], PhotoProposal]) -> Waiting:
    try:
        proposal = propose()
    except InputError as error:
        return nothing_waits(photos.refused(str(error)))
    good = not proposal.faults
    picture = photos.comparison(proposal)
    return proposal, picture, gr.Column(visible=True), gr.Button(interactive=good)


def _preview() -> gr.HTML:
    script = (files("studio.ui") / "static" / "cutout.js").read_text(encoding="utf-8")
    return gr.HTML("", js_on_load=script, apply_default_css=False, elem_id="cut-out")
