"""Problems and versions of a brief."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from html import escape

from studio.domain.campaign import BriefVersion
from studio.errors import BriefError, InputError
from studio.ui.present.pieces import ago, plural


def problems(error: InputError | None) -> str:
    """What is wrong in the brief, one line each, or that nothing is."""
    if error is None:
        return '<p class="verdict is-good">The brief is complete.</p>'
    found = [error, *error.others] if isinstance(error, BriefError) else [error]
    lines = "".join(f"<li>{_problem(each)}</li>" for each in found)
    count = plural(len(found), "thing")
    return (
        f'<div class="verdict is-bad" role="status"><b>{count} to mend</b>'
        f"<ul>{lines}</ul></div>"
    )


def version_choices(
    versions: Sequence[BriefVersion], *, now: datetime
) -> list[tuple[str, int]]:
    """Saved versions as choices: words and revision."""
    return [
        (
            f"Version {version.revision}, {ago(version.at, now=now)} by {version.by}",
            version.revision,
        )
        for version in versions
    ]


def _problem(error: InputError) -> str:
    if not isinstance(error, BriefError):
        return escape(str(error))
    line = f'<span class="line">line {error.line}</span> ' if error.line else ""
    field = f"<code>{escape(error.field)}</code> " if error.field else ""
    return f"{line}{field}{escape(error.reason)}"
