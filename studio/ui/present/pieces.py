"""Small parts that several pages show."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta
from html import escape
from urllib.parse import urlencode

from studio.domain.creative import Status
from studio.domain.money import Money

STATUS_WORDS = {
    Status.DRAFT: "Waiting",
    Status.APPROVED: "Approved",
    Status.REJECTED: "Rejected",
    Status.LIVE: "Live",
    Status.PAUSED: "Paused",
}


def address(page: str, campaign: str) -> str:
    """Where a campaign's page lies: `address("review", "x")` is `/review?campaign=x`."""
    return f"/{page}?{urlencode({'campaign': campaign})}"


def status_pill(status: Status) -> str:
    """A status as a coloured word."""
    return f'<span class="pill is-{status}">{STATUS_WORDS[status]}</span>'


def stacked_bar(counts: Mapping[Status, int]) -> str:
    """Counts per status as one bar with its legend; nothing when all are 0."""
    shown = [(status, counts.get(status, 0)) for status in Status if counts.get(status, 0)]
    if not shown:
        return '<p class="quiet">No ads yet</p>'
    parts = "".join(
        f'<span class="is-{status}" style="flex-grow:{count}"></span>'
        for status, count in shown
    )
    legend = "".join(
        f'<li><i class="dot is-{status}"></i>{count} {STATUS_WORDS[status].lower()}</li>'
        for status, count in shown
    )
    return (
        f'<div class="stack" aria-hidden="true">{parts}</div><ul class="legend">{legend}</ul>'
    )


def empty_state(title: str, advice: str, *, action: str = "") -> str:
    """What stands where there is nothing yet: what to do next."""
    words = f"<h2>{escape(title)}</h2><p>{escape(advice)}</p>"
    return f'<section class="empty">{words}{action}</section>'


def button_link(words: str, href: str, *, primary: bool = False) -> str:
    """A link that looks like a button."""
    kind = "button primary" if primary else "button"
    return f'<a class="{kind}" href="{escape(href)}">{escape(words)}</a>'


def page_title(title: str, subtitle: str = "") -> str:
    """The heading of a page."""
    below = f'<p class="quiet">{escape(subtitle)}</p>' if subtitle else ""
    return f'<div class="page-title"><h1>{escape(title)}</h1>{below}</div>'


def plural(count: int, one: str, many: str = "") -> str:
    """`plural(2, "ad")` is `2 ads`."""
    return f"{count:,} {one if count == 1 else many or one + 's'}"


def percent(share: float, *, digits: int = 0) -> str:
    """A share (0–1) as a percentage."""
    return f"{share * 100:.{digits}f} %"


def money(amount: Money) -> str:
    """An amount with thousands separators and its currency."""
    digits = -int(amount.amount.as_tuple().exponent)
    return f"{amount.amount:,.{digits}f} {amount.currency}"


def duration(length: timedelta) -> str:
    """A length of time, roughly: `40 s`, `3 min`, `2 h 5 min`."""
    seconds = max(0, round(length.total_seconds()))
    if seconds < 60:
        return f"{seconds} s"
    hours, minutes = divmod(round(seconds / 60), 60)
    return f"{hours} h {minutes} min" if hours else f"{minutes} min"


def ago(moment: datetime, *, now: datetime) -> str:
    """How long ago something was: `just now`, `5 min ago`, `3 days ago`, else the date."""
    passed = now - moment
    if passed < timedelta(minutes=1):
        return "just now"
    if passed < timedelta(days=1):
        return f"{duration(passed)} ago"
    if passed < timedelta(days=14):
        return f"{plural(passed.days, 'day')} ago"
    return f"{moment:%d %b %Y}"
