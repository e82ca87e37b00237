"""All pages in one app, and the app in the server."""

from __future__ import annotations

import os
import warnings
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from importlib.resources import files

import gradio as gr
from fastapi import FastAPI

from studio.errors import InputError
from studio.ui import (
    brief_page,
    campaigns_page,
    generate_page,
    people_page,
    review_page,
    spend_page,
)
from studio.ui.handlers import campaign_in, tells_user, who
from studio.ui.parts import QUIET, html
from studio.ui.present.frame import top_bar
from studio.ui.services import Services
from studio.ui.theme import studio_theme

PAGES: Mapping[str, Callable[[Services, gr.Blocks], None]] = {
    "": campaigns_page.build,
    "brief": brief_page.build,
    "generate": generate_page.build,
    "review": review_page.build,
    "spend": spend_page.build,
    "people": people_page.build,
}
STATIC = files("studio.ui") / "static"
LARGEST_UPLOAD = "200mb"


@dataclass(frozen=True, slots=True)
class Frame:
    """The bar above one page."""

    services: Services
    page: str
    leaves: bool

    @tells_user
    def load(self, request: gr.Request) -> str:
        person = who(self.services.sign_in, request)
        slug = campaign_in(request)
        return top_bar(
            page=self.page,
            campaign=slug,
            title=self._title(slug),
            person=person,
            leaves=self.leaves,
        )

    def _title(self, slug: str) -> str:
        try:
            return self.services.briefs.brief(slug).title
        except InputError:
            return slug


def build(services: Services, *, leaves: bool = True) -> gr.Blocks:
    """Every page with its bar. leaves: whether there is a sign-in to leave."""
    with gr.Blocks(title="Studio", analytics_enabled=False, fill_width=True) as app:
        _page("", services, app, leaves=leaves)
    for name in list(PAGES)[1:]:
        with app.route(name.capitalize(), f"/{name}", show_in_navbar=False):
            _page(name, services, app, leaves=leaves)
    app.queue(default_concurrency_limit=8, max_size=64)
    return app


def mount(server: FastAPI, services: Services, *, leaves: bool = True) -> FastAPI:
    """Serve the pages at `/`; whoever isn't signed in gets none of them."""
    os.environ["GRADIO_ANALYTICS_ENABLED"] = "False"
    with warnings.catch_warnings():
        # Said of every app with several pages, although nothing asked for it.
        warnings.filterwarnings("ignore", message="SSR mode is not supported")
        return gr.mount_gradio_app(
            server,
            build(services, leaves=leaves),
            path="/",
            auth_dependency=services.sign_in.name_of,
            theme=studio_theme(),
            css=_text("studio.css") + _text("deck.css"),
            head=_text("head.html"),
            footer_links=[],
            run_history=False,
            enable_monitoring=False,
            show_error=False,
            max_file_size=LARGEST_UPLOAD,
            allowed_paths=[],
        )


def _page(name: str, services: Services, app: gr.Blocks, *, leaves: bool) -> None:
    bar = html(elem_id="top-bar")
    app.load(Frame(services, name, leaves).load, None, bar, **QUIET)
    with gr.Column(elem_id="page", elem_classes=f"page-{name or 'campaigns'}"):
        PAGES[name](services, app)


def _text(name: str) -> str:
    return (STATIC / name).read_text(encoding="utf-8")
