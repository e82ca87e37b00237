"""Commands. Errors that a person can mend are one line and exit code 2; a bug shows itself."""

from __future__ import annotations

import getpass
import sys
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console
from rich.markup import escape
from rich.table import Table

from studio import (
    __version__,
    film_commands,
    imaging_commands,
    insight_commands,
    learning_commands,
    market_commands,
    model_commands,
    serving_commands,
)
from studio.app import Studio
from studio.console import follow_generation
from studio.demo import run_demo
from studio.doctor import Verdict, examine
from studio.domain.budget import PlanMode
from studio.domain.creative import CreativeId, Role, Status
from studio.domain.person import Person
from studio.errors import InputError, StudioError
from studio.settings import Settings

app = typer.Typer(
    name="studio",
    no_args_is_help=True,
    rich_markup_mode="markdown",
    pretty_exceptions_enable=False,
    help="""One brief becomes reviewed, exported, learning ads in every market.

    A campaign goes through these commands in turn; the browser (`studio serve`) has them all:

    **new** → edit the brief → **generate** → **review** → **export** → run the ads →
    **ingest** the platform's report → **learn** where the money should go next.

    `studio demo` shows the whole loop with a rice cooker in four markets.
    """,
)
app.add_typer(market_commands.app, name="markets")
app.add_typer(model_commands.app, name="models")
app.add_typer(serving_commands.app)
app.add_typer(insight_commands.app)
app.add_typer(imaging_commands.app)
app.add_typer(film_commands.app)
out = Console()
err = Console(stderr=True)

Slug = Annotated[str, typer.Argument(help="Name of the campaign: its folder in campaigns/.")]


def _studio() -> Studio:
    return Studio(Settings())


def _operator() -> Person:
    """Who uses the command line has the database anyway, so they act as admin."""
    return Person(name=getpass.getuser(), role=Role.ADMIN)


def _version(wanted: bool) -> None:
    if wanted:
        out.print(f"studio {__version__}")
        raise typer.Exit


@app.callback()
def root(
    version: Annotated[
        bool,
        typer.Option("--version", callback=_version, is_eager=True, help="Show the version."),
    ] = False,
) -> None:
    """Take the global options."""


@app.command()
def demo(
    serve: Annotated[
        bool, typer.Option(help="Open the studio at the end; --no-serve ends instead.")
    ] = True,
    days: Annotated[int, typer.Option(min=1, max=60, help="Days of simulated clicks.")] = 14,
    port: Annotated[int, typer.Option(help="First port to try.")] = 7860,
) -> None:
    """Run the demo campaign: brief to budget plans, on the built-in models.

    The reviewer and the clicks are simulated and say so everywhere. Run it again and it goes
    on where it stopped; finished work isn't done twice.
    """
    studio = _studio()
    report = run_demo(studio, out, days=days)
    out.print(f"\nReport  [bold]{report}[/]")
    if serve:
        out.print("The browser opens on the same campaign; ads marked as waiting are yours.")
        _open_pages(studio, host="127.0.0.1", port=port, auth=False)


@app.command()
def new(
    slug: Slug,
    copy_of: Annotated[
        str | None, typer.Option("--copy-of", help="Start from this campaign's brief.")
    ] = None,
) -> None:
    """Write a commented brief to fill in: campaigns/SLUG/brief.yaml."""
    file = _studio().briefs.new(slug, _operator(), copy_of=copy_of)
    out.print(f"Wrote [bold]{file}[/]. Fill in what is marked with «», put the product photo")
    out.print(f"beside it, then run: studio generate {slug}")


@app.command()
def generate(
    slug: Slug,
    check: Annotated[bool, typer.Option("--check", help="Only read the brief.")] = False,
    weights: insight_commands.Weights = None,
) -> None:
    """Make the campaign's creatives; interrupted runs go on where they stopped.

    **--weights** writes what an earlier campaign taught into the brief first: angles are then
    drawn by weight, each once before one comes again, and the unadapted one stays.
    """
    studio = _studio()
    if weights is not None and not check:
        insight_commands.take_weights(studio, slug, weights)
    if check:
        text = studio.briefs.yaml(slug)
        if weights is not None:
            text, _ = insight_commands.weighed(studio, slug, weights)
        brief = studio.briefs.check(text, slug=slug)
        ads = len(brief.markets) * len(brief.placements) * brief.variants_per_market
        out.print(f"The brief is fine: {ads} ads in {len(brief.markets)} markets.")
        return
    studio.briefs.load(slug, _operator())
    studio.generator.enqueue(slug, _operator())
    job = follow_generation(studio, slug, out)
    out.print(f"{escape(job.message)}. Look at them: studio review {slug}")


@app.command()
def review(
    slug: Slug,
    approve: Annotated[list[str] | None, typer.Option(help="Id of a creative; repeat.")] = None,
    reject: Annotated[list[str] | None, typer.Option(help="Id of a creative; repeat.")] = None,
    reason: Annotated[str, typer.Option(help="Why; needed to reject or to override.")] = "",
    market: Annotated[str | None, typer.Option(help="Only this market.")] = None,
    status: Annotated[Status | None, typer.Option(help="Only this status.")] = None,
) -> None:
    """List creatives with their findings, or decide on some by id.

    Looking at ads is better in the browser: studio serve.
    """
    desk, person = _studio().reviews, _operator()
    cards = {card.creative.id: card for card in desk.cards(slug)}
    for decide, ids in ((desk.approve, approve or []), (desk.reject, reject or [])):
        for name in ids:
            if CreativeId(name) not in cards:
                raise InputError(f"{name} is no creative of {slug}; the list has their ids.")
            creative = cards[CreativeId(name)].creative
            decided = decide(
                creative.id, content_hash=creative.content_hash, person=person, reason=reason
            )
            out.print(f"{name}: {decided.status}")
    if approve or reject:
        return
    table = Table("id", "status", "headline", "means", "findings", title=slug)
    for card in desk.cards(slug, market=market, status=status):
        words = card.creative.copy
        rules = ", ".join(f"{each.rule} {each.severity}" for each in card.findings)
        table.add_row(
            card.creative.id,
            card.creative.status,
            escape(words.headline),
            escape(words.gloss.headline),
            rules,
        )
    out.print(table)


@app.command()
def export(slug: Slug) -> None:
    """Pack the approved creatives into a folder and a zip, with copy and manifest."""
    receipt = _studio().publisher.export(slug, _operator())
    out.print(f"{receipt.count} ads in [bold]{receipt.folder}[/] and {receipt.archive.name}")


@app.command()
def ingest(
    slug: Slug,
    file: Annotated[Path, typer.Argument(help="Daily report: .csv or .parquet.")],
    keep_good: Annotated[
        bool, typer.Option("--keep-good", help="Import the good rows of a file with bad ones.")
    ] = False,
) -> None:
    """Import what a platform reported; importing twice changes nothing.

    The export's deliveries_template.csv has the columns.
    """
    report = _studio().importer.import_file(slug, file, person=_operator(), keep_good=keep_good)
    out.print(
        f"{report.added} rows added, {report.replaced} replaced, {report.unchanged} unchanged."
    )
    for problem in report.problems:
        err.print(f"line {problem.line}: {escape(problem.message)}", style="yellow")


@app.command()
def learn(  # noqa: PLR0913 - every option is an argument
    slug: Slug,
    day: learning_commands.Day = "",
    mode: learning_commands.Mode = None,
    explain: learning_commands.Explain = True,
    as_json: learning_commands.AsJson = False,
    approve: learning_commands.Approve = "",
    reject: learning_commands.Reject = "",
    undo: learning_commands.Undo = False,
    replay: learning_commands.Replay = "",
    check: learning_commands.CheckIt = False,
    costs: learning_commands.Costs = False,
    resolve: learning_commands.Resolve = "",
    accept: learning_commands.Accept = None,
    note: learning_commands.Note = "",
) -> None:
    """Share tomorrow's budget by what was clicked, and say why.

    A plan waits until somebody signs it (**--approve DAY**); only then does money follow it.
    **--undo** goes back to the plan before, **--replay DAY** shows that a plan follows from
    what was known, **--check** what the newest plan would have got on the days that were
    reported, **--costs** what the brief's limits cost. Where a report looks wrong, its shares
    stay and a question is asked: answer it with **--resolve ALARM --accept** or
    **--exclude**.
    """
    studio, person = _studio(), _operator()
    asked = learning_commands.Asked(
        slug=slug,
        approve=approve,
        reject=reject,
        undo=undo,
        replay=replay,
        check=check,
        costs=costs,
        resolve=resolve,
        accept=accept,
        day=day,
        note=note,
    )
    if learning_commands.decide(studio, asked, out, person):
        return
    brief = studio.briefs.brief(slug)
    plan = studio.learner.propose(
        brief,
        day=learning_commands.plan_day(studio, slug, day),
        mode=mode or PlanMode(brief.budget.mode),
        person=person,
        note=note,
    )
    if as_json:
        learning_commands.as_json(studio, plan)
    else:
        learning_commands.show(studio, plan, out, explain=explain)


@app.command()
def report(slug: Slug) -> None:
    """Write the campaign's report as one self-contained HTML file."""
    studio = _studio()
    out.print(studio.reporter.write(slug, to=studio.report_file(slug)))


@app.command()
def serve(
    host: Annotated[str, typer.Option(help="Address to listen on.")] = "127.0.0.1",
    port: Annotated[int, typer.Option(help="First port to try.")] = 7860,
    auth: Annotated[
        bool, typer.Option("--auth/--no-auth", help="--no-auth works on 127.0.0.1 only.")
    ] = True,
) -> None:
    """Open the studio in the browser.

    The first start makes an admin and prints a one-time password.
    """
    _open_pages(_studio(), host=host, port=port, auth=auth)


@app.command()
def doctor() -> None:
    """Say what is installed and found, and how to mend what is missing."""
    settings = Settings()
    table = Table("", "what", "found", "remedy", title=f"studio {__version__}")
    findings = examine(settings)
    marks = {Verdict.GOOD: "[green]✓", Verdict.OPTIONAL: "[yellow]–", Verdict.BAD: "[red]✗"}
    for finding in findings:
        cells = (finding.what, finding.found, finding.remedy)
        table.add_row(marks[finding.verdict], *map(escape, cells))
    out.print(table)
    if any(finding.verdict is Verdict.BAD for finding in findings):
        raise typer.Exit(2)


def _open_pages(studio: Studio, *, host: str, port: int, auth: bool) -> None:
    # The pages take seconds to import, which no other command should wait for.
    from studio.api.guard import require_loopback
    from studio.server import free_port
    from studio.server import serve as serve_pages

    if not auth:
        require_loopback(host)
    elif password := studio.accounts.first_start():
        out.print(f"First start: sign in as [bold]admin[/], one-time password {password}")
    free = free_port(host, port)
    out.print(f"Studio is at [bold]http://{host}:{free}[/] · stop it with Ctrl+C")
    serve_pages(studio, host=host, port=free, auth=auth)


def main() -> None:
    """Run the command line."""
    try:
        app()
    except StudioError as error:
        err.print(f"[bold red]error[/] {escape(str(error))}", highlight=False, soft_wrap=True)
        sys.exit(2)
    except KeyboardInterrupt:
        err.print("stopped; finished work is kept, run the same command to go on")
        sys.exit(130)
