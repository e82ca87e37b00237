"""`studio serve-decisions` and its companions: ads on placements that we serve ourselves."""

from __future__ import annotations

import getpass
from collections import Counter
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console
from rich.table import Table

from studio.app import Studio
from studio.domain.creative import Role
from studio.domain.event import EventKind, EventStatus, EventTotal
from studio.domain.person import Person
from studio.settings import Settings
from studio.store.events import EventLog

app = typer.Typer()
out = Console()

Slug = Annotated[str, typer.Argument(help="Name of the campaign.")]


def _operator() -> Person:
    return Person(name=getpass.getuser(), role=Role.ADMIN)


@app.command("serve-decisions")
def serve_decisions(
    slugs: Annotated[
        list[str] | None, typer.Argument(help="Campaigns; default: all with live creatives.")
    ] = None,
    host: Annotated[str, typer.Option(help="Address to listen on.")] = "127.0.0.1",
    port: Annotated[int, typer.Option(help="Port to listen on.")] = 7870,
    follow: Annotated[  # noqa: FBT002
        bool, typer.Option("--follow", help="Load the snapshots that another process makes.")
    ] = False,
) -> None:
    """Answer `/v1/decide`, `/v1/impression` and `/v1/click` for your own placements.

    A server of its own, which the public may reach: it has no pages and no sign-in. See
    docs/serving.md for the calls and `studio site-key` for the key they need.
    """
    # The web framework takes a second to import, which no other command should wait for.
    from studio import decision_server

    studio = Studio(Settings())
    campaigns = decision_server.served_campaigns(studio, slugs or [])
    server = decision_server.DecisionServer(
        studio=studio, slugs=campaigns, person=_operator(), follow=follow
    )
    out.print(
        f"Deciding for {', '.join(campaigns)} at [bold]http://{host}:{port}/v1/decide[/] · "
        "stop it with Ctrl+C"
    )
    decision_server.serve_decisions(server, host=host, port=port)


@app.command("site-key")
def site_key(slug: Slug) -> None:
    """Show the key that a site sends as `X-Studio-Key` to ask for a campaign's ads."""
    from studio.api.tokens import Tokens

    studio = Studio(Settings())
    studio.repository.brief(slug)
    typer.echo(Tokens(studio.decision_keys).site_key(slug))


@app.command("rotate-keys")
def rotate_keys() -> None:
    """Sign decisions with a new key from now on; what the last key signed stays good.

    Restart the decision servers, then give sites their new key (`studio site-key`). Rotate
    twice to end what is older at once.
    """
    kept = Studio(Settings()).rotate_decision_keys()
    out.print(f"A new key signs; {kept} keys verify. Restart the decision servers.")


@app.command()
def events(
    slug: Slug,
    export: Annotated[
        Path | None, typer.Option(help="Write the counts here, for adding up elsewhere.")
    ] = None,
) -> None:
    """Show what a campaign's own placements counted, and pass it on to `studio learn`.

    Counts of other machines are added from STUDIO_DATA_DIR/counts/SLUG/*.json; on such a
    machine, --export writes its file and passes nothing on.
    """
    studio = Studio(Settings())
    studio.repository.brief(slug)
    log = EventLog(studio.events_file)
    try:
        desk = studio.decisions(log)
        out.print(_table(slug, log.totals(slug)))
        if export is not None:
            export.write_bytes(desk.counts(slug).to_json())
            out.print(f"Wrote {export}.")
            return
        change = desk.settle(slug, _operator())
    finally:
        log.close()
    out.print(
        f"Daily deliveries: {change.added} added, {change.replaced} replaced, "
        f"{change.unchanged} unchanged."
    )


def _table(slug: str, totals: tuple[EventTotal, ...]) -> Table:
    """One row a kind, one column a status."""
    counts: Counter[tuple[EventKind, str]] = Counter()
    for total in totals:
        counts[total.kind, total.status] += total.count
        counts[total.kind, "repeats"] += total.repeats
    columns = (*EventStatus, "repeats")
    table = Table("", *columns, title=slug)
    for kind in EventKind:
        table.add_row(kind, *(f"{counts[kind, column]:,}" for column in columns))
    return table
