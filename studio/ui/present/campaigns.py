"""The list of campaigns."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from html import escape

from studio.domain.campaign import CampaignSummary
from studio.domain.creative import Creative, Status
from studio.ui.present.pieces import (
    address,
    ago,
    button_link,
    empty_state,
    plural,
    stacked_bar,
)

COVER_PICTURES = 4
COVER_RATIO = 4 / 5
"""Width to height of each picture on a cover."""


def campaign_list(cards: Sequence[str]) -> str:
    """All campaigns, or what to do when there are none."""
    if not cards:
        return empty_state(
            "No campaign yet",
            "A campaign starts with a brief: what you sell, to whom, and what may be said of "
            "it. Choose New campaign, and a commented brief waits to be filled in.",
        )
    return f'<div class="campaigns">{"".join(cards)}</div>'


def campaign_card(summary: CampaignSummary, cover: Sequence[Creative], *, now: datetime) -> str:
    """One campaign with a few of its ads and what waits to be done."""
    review = address("review", summary.slug)
    markets = "".join(f"<li>{escape(market)}</li>" for market in summary.markets)
    steps = "".join(
        button_link(words, address(page, summary.slug), primary=primary)
        for words, page, primary in _next_steps(summary)
    )
    return (
        f'<article class="campaign"><a class="cover" href="{escape(review)}" tabindex="-1" '
        f'aria-hidden="true">{_cover(cover)}</a><div class="inner">'
        f"<h2>{escape(summary.title)}</h2>"
        f'<p class="quiet">Launch {summary.launch:%d %b %Y} · changed '
        f"{ago(summary.updated_at, now=now)}</p>"
        f'<ul class="tags">{markets}</ul>{stacked_bar(summary.counts)}'
        f'<div class="actions">{steps}</div></div></article>'
    )


def cover_of(creatives: Sequence[Creative], markets: Sequence[str]) -> list[Creative]:
    """One ad of each market, of the shape that fits the cover best."""

    def misfit(creative: Creative) -> float:
        size = creative.rendition
        return abs(size.width_px / size.height_px - COVER_RATIO)

    fitting = sorted(creatives, key=misfit)
    chosen = (
        next((each for each in fitting if each.market == market), None) for market in markets
    )
    return [each for each in chosen if each is not None][:COVER_PICTURES]


def unread_card(slug: str) -> str:
    """A campaign whose brief lies on disk but can't be used yet."""
    return (
        f'<article class="campaign is-new"><div class="inner"><h2>{escape(slug)}</h2>'
        '<p class="quiet">Its brief is not finished yet.</p>'
        f'<div class="actions">{button_link("Open the brief", address("brief", slug))}</div>'
        "</div></article>"
    )


def waiting_line(summaries: Sequence[CampaignSummary]) -> str:
    """How much waits for a decision, over all campaigns."""
    waiting = sum(summary.counts.get(Status.DRAFT, 0) for summary in summaries)
    total = plural(len(summaries), "campaign")
    return f"{total}, {plural(waiting, 'ad')} waiting for review" if waiting else total


def _next_steps(summary: CampaignSummary) -> list[tuple[str, str, bool]]:
    """Links of a card, the likeliest next step first and filled."""
    made = sum(summary.counts.values())
    waiting = summary.counts.get(Status.DRAFT, 0)
    steps = [("Brief", "brief", False), ("Spend", "spend", False)]
    if waiting:
        return [(f"Review {plural(waiting, 'ad')}", "review", True), *steps]
    if made:
        return [("Review", "review", False), *steps]
    return [("Generate", "generate", True), *steps[:1]]


def _cover(cover: Sequence[Creative]) -> str:
    if not cover:
        return '<span class="no-cover">No ads yet</span>'
    return "".join(
        f'<img src="/files/{each.rendition.sha256}?width=320" alt="" loading="lazy">'
        for each in cover[:COVER_PICTURES]
    )
