"""The bar above every page: where one is, and who one is."""

from __future__ import annotations

from html import escape

from studio.domain.person import Person
from studio.ui.present.pieces import address

STEPS = {"brief": "Brief", "generate": "Generate", "review": "Review", "spend": "Spend"}
MARK = (
    '<svg viewBox="0 0 28 28" aria-hidden="true"><rect width="28" height="28" rx="8" '
    'class="mark-ground"/><path class="mark-line" d="M8 17.5c1.6 1.7 3.6 2.5 6 2.5 3.3 0 '
    '5.5-1.5 5.5-3.9 0-5.3-9.6-2.4-9.6-6 0-1.3 1.3-2.1 3.4-2.1 1.7 0 3.2.5 4.6 1.6"/></svg>'
)


def top_bar(*, page: str, campaign: str, title: str, person: Person, leaves: bool) -> str:
    """The bar: mark, campaign with its steps, person.

    leaves: whether there is a sign-in to leave.
    """
    crumb = f'<span class="crumb">{escape(title)}</span>' if campaign else ""
    steps = "".join(_step(key, words, page, campaign) for key, words in STEPS.items())
    walk = f'<nav class="steps" aria-label="Steps">{steps}</nav>' if campaign else ""
    here = ' aria-current="page"' if page == "" else ""
    return (
        '<header class="top-bar"><a class="skip" href="#page">Skip to the page</a>'
        f'<a class="home" href="/"{here}>{MARK}<b>Studio</b></a>{crumb}{walk}'
        f"{_account(person, page=page, leaves=leaves)}</header>"
    )


def _step(key: str, words: str, page: str, campaign: str) -> str:
    here = ' aria-current="page"' if key == page else ""
    return f'<a href="{escape(address(key, campaign))}"{here}>{words}</a>'


def _account(person: Person, *, page: str, leaves: bool) -> str:
    here = ' aria-current="page"' if page == "people" else ""
    people = f'<a class="quiet-link" href="/people"{here}>People</a>'
    name = f'<span class="who"><b>{escape(person.name)}</b> <i>{person.role}</i></span>'
    leave = (
        '<form method="post" action="/logout">'
        '<button class="quiet-link">Sign out</button></form>'
        if leaves
        else ""
    )
    return f'<div class="account">{people if person.role == "admin" else ""}{name}{leave}</div>'
