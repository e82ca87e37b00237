"""The page that starts generation and follows it; a reload finds the job where it is."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TypeAlias

import gradio as gr

from studio.domain.job import Job
from studio.errors import InputError
from studio.ui.handlers import campaign_in, tells_user, who
from studio.ui.parts import ACT, QUIET, html
from studio.ui.present.pieces import address, button_link, empty_state, page_title
from studio.ui.present.progress import ads_planned, finished_ads, progress_card
from studio.ui.services import Services

TICK_S = 1.0

Shown: TypeAlias = tuple[object, ...]
"""Values for progress, ads, how many ads are shown, start, stop, next step and timer."""


@dataclass(frozen=True, slots=True)
class Generation:
    """What the page shows and does. The job lives in the store, not here."""

    services: Services

    @tells_user
    def load(self, request: gr.Request) -> Shown:
        who(self.services.sign_in, request)
        slug = campaign_in(request)
        try:
            brief = self.services.briefs.brief(slug)
        except InputError:
            advice = empty_state(
                "The brief comes first",
                "Write and save the brief; then its ads can be generated here.",
                action=button_link("Open the brief", address("brief", slug), primary=True),
            )
            hidden = gr.Button(visible=False)
            return (
                page_title("Generate"),
                "",
                advice,
                -1,
                hidden,
                hidden,
                "",
                gr.Timer(active=False),
            )
        title = page_title("Generate", ads_planned(brief))
        return title, *self._state(slug, shown=-1)

    @tells_user
    def tick(self, shown: int, request: gr.Request) -> Shown:
        """The state after a moment; the ads are sent again only when there are more."""
        who(self.services.sign_in, request)
        return self._state(campaign_in(request), shown=shown)

    @tells_user
    def start(self, shown: int, request: gr.Request) -> Shown:
        person = who(self.services.sign_in, request)
        slug = campaign_in(request)
        self.services.generator.enqueue(slug, person)
        return self._state(slug, shown=shown)

    @tells_user
    def stop(self, shown: int, request: gr.Request) -> Shown:
        person = who(self.services.sign_in, request)
        slug = campaign_in(request)
        job = self.services.generator.latest(slug)
        if job is not None and not job.state.ended:
            self.services.generator.cancel(job.id, person)
        return self._state(slug, shown=shown)

    def _state(self, slug: str, *, shown: int) -> Shown:
        job = self.services.generator.latest(slug)
        creatives = self.services.store.creatives(slug)
        markets = self.services.briefs.brief(slug).markets
        running = job is not None and not job.state.ended
        return (
            progress_card(job, now=self.services.generator.clock()),
            gr.skip() if shown == len(creatives) else finished_ads(creatives, markets=markets),
            len(creatives),
            gr.Button(_start_words(job), visible=True, interactive=not running),
            gr.Button(visible=running),
            "" if running or not creatives else _next_step(slug),
            gr.Timer(active=running),
        )


def build(services: Services, page: gr.Blocks) -> None:
    """Lay out the page and wire its events."""
    view = Generation(services)
    with gr.Row(elem_classes="title-row"):
        title = html(page_title("Generate"))
        onward = html(elem_classes="onward")
        stop = gr.Button("Stop", visible=False, scale=0, elem_id="stop-generation")
        start = gr.Button(
            "Generate", variant="primary", visible=False, scale=0, elem_id="start-generation"
        )
    progress = html(elem_id="progress")
    ads = html(elem_id="finished-ads")
    shown = gr.State(-1)
    timer = gr.Timer(TICK_S, active=False)

    state = [progress, ads, shown, start, stop, onward, timer]
    page.load(view.load, None, [title, *state], **QUIET)
    timer.tick(view.tick, shown, state, **QUIET)
    start.click(view.start, shown, state, **ACT)
    stop.click(view.stop, shown, state, **ACT)


def _start_words(job: Job | None) -> str:
    if job is None:
        return "Generate"
    return "Generating …" if not job.state.ended else "Generate again"


def _next_step(slug: str) -> str:
    return button_link("Review the ads", address("review", slug))
