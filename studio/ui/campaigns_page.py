"""The front page: all campaigns, and how to begin one."""

from __future__ import annotations

from dataclasses import dataclass

import gradio as gr

from studio.domain.campaign import CampaignSummary
from studio.ui.handlers import tells_user, who
from studio.ui.parts import ACT, GO, QUIET, html
from studio.ui.present.campaigns import (
    campaign_card,
    campaign_list,
    cover_of,
    unread_card,
    waiting_line,
)
from studio.ui.present.pieces import address, page_title
from studio.ui.services import Services

NOTHING = "Start from the commented template"


@dataclass(frozen=True, slots=True)
class Campaigns:
    """What the page shows and does."""

    services: Services

    @tells_user
    def load(self, request: gr.Request) -> tuple[str, str, gr.Dropdown]:
        who(self.services.sign_in, request)
        summaries = self.services.briefs.campaigns()
        cards = [self._card(summary) for summary in summaries]
        cards += [unread_card(slug) for slug in self.services.briefs.unread()]
        known = [(summary.title, str(summary.slug)) for summary in summaries]
        return (
            page_title("Campaigns", waiting_line(summaries) if summaries else ""),
            campaign_list(cards),
            gr.Dropdown(choices=[(NOTHING, ""), *known], value=""),
        )

    @tells_user
    def create(self, slug: str, copy_of: str, request: gr.Request) -> str:
        """Write the new brief; returns the address to go to."""
        person = who(self.services.sign_in, request)
        self.services.briefs.new(slug.strip(), person, copy_of=copy_of or None)
        return address("brief", slug.strip())

    def _card(self, summary: CampaignSummary) -> str:
        creatives = self.services.store.creatives(summary.slug)
        return campaign_card(
            summary, cover_of(creatives, summary.markets), now=self.services.briefs.clock()
        )


def build(services: Services, page: gr.Blocks) -> None:
    """Lay out the page and wire its events."""
    view = Campaigns(services)
    with gr.Row(elem_classes="title-row"):
        title = html(page_title("Campaigns"))
        opener = gr.Button("New campaign", variant="primary", elem_id="new-campaign", scale=0)
    with gr.Column(visible=False, elem_classes="pane", elem_id="new-panel") as panel:
        with gr.Row(equal_height=True):
            slug = gr.Textbox(
                label="Short name",
                info="Lower-case letters, digits and hyphens; it names the folder.",
                placeholder="spring-launch",
                max_length=64,
            )
            copy_of = gr.Dropdown(
                label="Start from", choices=[(NOTHING, "")], value="",
                info="A copy of an earlier brief, or an empty one with explanations.",
            )  # fmt: skip
        with gr.Row(elem_classes="row-end"):
            cancel = gr.Button("Cancel", scale=0)
            create = gr.Button("Create", variant="primary", scale=0, elem_id="create-campaign")
    cards = html(elem_id="campaign-list")
    target = gr.Textbox(visible=False)

    page.load(view.load, None, [title, cards, copy_of], **QUIET)
    opener.click(lambda: gr.Column(visible=True), None, panel, **QUIET)
    cancel.click(lambda: gr.Column(visible=False), None, panel, **QUIET)
    create.click(view.create, [slug, copy_of], target, **ACT).success(None, target, None, js=GO)
    slug.submit(view.create, [slug, copy_of], target, **ACT).success(None, target, None, js=GO)
