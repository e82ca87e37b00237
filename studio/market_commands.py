"""`studio markets`: what the studio knows of its markets, and help for those who add one."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console
from rich.markup import escape
from rich.progress import track
from rich.table import Table

from studio.app import Studio
from studio.errors import InputError
from studio.markets.breadth import for_all
from studio.markets.pack import MarketPack
from studio.markets.rules import Condition, LexiconRule
from studio.markets.skeleton import write_skeleton
from studio.resources import bundled
from studio.settings import Settings

app = typer.Typer(
    no_args_is_help=True,
    help="""The markets: list them, show one, check packs, begin a new one.

    A market is a folder of four text files that a native speaker can write; see
    docs/market-packs.md. Yours go to STUDIO_PROMPTS_DIR/markets and win over the bundled ones.
    """,
)
out = Console()

LocaleArgument = Annotated[str, typer.Argument(help="Language and region, such as de-DE.")]


@app.command("list")
def list_markets() -> None:
    """List every market with what its pack holds."""
    table = Table()
    for name in ("market", "", "currency"):
        table.add_column(name)
    for name in ("angles", "phrases", "benefits", "rules", "dates", "quiet"):
        table.add_column(name, justify="right")
    for each in Studio(Settings()).markets.summaries():
        table.add_row(
            each.locale,
            each.name,
            each.currency,
            *map(str, (each.angles, each.phrases, each.benefits, each.rules)),
            *map(str, (each.events, each.quiet_dates)),
        )
    out.print(table)


@app.command()
def show(
    locale: LocaleArgument,
    angle: Annotated[str, typer.Option(help="Show the phrases of this angle as well.")] = "",
) -> None:
    """Show how a market is spoken to, what persuades there and what its law asks."""
    pack = Studio(Settings()).library.pack(locale)
    out.print(f"[bold]{pack.market.name}[/]  {locale}, {pack.market.currency}")
    out.print(f"Address: {escape(pack.register)}")
    out.print(f"Humour {pack.humour.level} of 3. {escape(pack.humour.note)}")
    _show_appeals(pack)
    _show_notes(pack)
    _show_dates(pack)
    _show_rules(pack)
    if angle:
        _show_phrases(pack, angle)


@app.command()
def lint(
    locales: Annotated[
        list[str] | None, typer.Argument(help="Markets to check; none: all of them.")
    ] = None,
) -> None:
    """Check packs: they load, are complete, can be drawn, and pass their own rules."""
    markets = Studio(Settings()).markets
    chosen = locales or list(markets.library.locales())
    found = []
    for locale in track(chosen, "checking", console=out, transient=True):
        complaints = list(markets.complaints(locale))
        found += complaints
        out.print(f"{locale}  {f'{len(complaints)} to mend' if complaints else 'fine'}")
        for each in complaints:
            out.print(f"  {escape(each.where)}: {escape(each.what)}")
    if found:
        raise typer.Exit(1)


@app.command()
def new(
    locale: LocaleArgument,
    like: Annotated[str, typer.Option(help="Market whose colours it takes.")] = "en-GB",
    folder: Annotated[
        Path | None, typer.Option(help="Where; default STUDIO_PROMPTS_DIR/markets.")
    ] = None,
) -> None:
    """Write the files of a new market, with «write» where words are missing."""
    settings = Settings()
    if folder is None and settings.prompts_dir is None:
        raise InputError(
            "Where should it go? Set STUDIO_PROMPTS_DIR to a folder of your own, or give "
            "--folder."
        )
    library = Studio(settings).library
    target = folder or Path(settings.prompts_dir or "") / "markets"
    pack = library.pack(like)
    files = write_skeleton(
        target,
        locale,
        like=pack,
        like_folder=bundled("prompts") / "markets" / like,
        catalogue=library.catalogue(),
    )
    for file in files:
        out.print(f"Wrote [bold]{file}[/]")
    out.print(f"Fill in every «write», then run: studio markets lint {locale}")


def _show_appeals(pack: MarketPack) -> None:
    table = Table(title="What is tried first", title_justify="left")
    for name in ("angle", "strength", "why", "certainty", "phrases", "for any product"):
        table.add_column(name)
    for appeal in sorted(pack.appeals, key=lambda each: -each.strength):
        phrases = pack.phrases[appeal.angle]
        every = (*phrases.headlines, *phrases.bodies, *phrases.descriptions)
        table.add_row(
            appeal.angle,
            f"{appeal.strength:.1f}",
            escape(appeal.rationale),
            appeal.certainty.value,
            str(len(every)),
            str(len(for_all(every))),
        )
    out.print(table)


def _show_notes(pack: MarketPack) -> None:
    for title, notes in (
        ("Words", pack.writing),
        ("Pictures", pack.scenes),
        ("People", pack.people),
        ("Prices", pack.price.habits),
    ):
        out.print(f"[bold]{title}[/]")
        for note in notes:
            source = f"; {note.source}" if note.source else ""
            out.print(f"  {escape(note.rule)} [dim]({note.certainty}{escape(source)})[/]")
    out.print("[bold]Trust, only with proof[/]")
    for signal in pack.trust_signals:
        out.print(f"  {escape(signal.mark)}: {escape(signal.proof)}")


def _show_dates(pack: MarketPack) -> None:
    out.print("[bold]Dates of trade[/]")
    for event in pack.calendar:
        out.print(f"  {escape(event.name)} [dim]{event.day}[/] {escape(event.use)}")
    out.print("[bold]Quiet dates[/]")
    for quiet in pack.quiet_dates:
        out.print(f"  {escape(quiet.name)} [dim]{quiet.day}[/]")


def _show_rules(pack: MarketPack) -> None:
    table = Table(title="Rules", title_justify="left")
    for name in ("id", "severity", "kind", "law", "in force"):
        table.add_column(name)
    every: tuple[LexiconRule | Condition, ...] = (*pack.rules, *pack.conditions)
    for rule in every:
        table.add_row(rule.id, rule.severity.value, rule.kind, escape(rule.law), rule.in_force)
    out.print(table)


def _show_phrases(pack: MarketPack, angle: str) -> None:
    if angle not in pack.phrases:
        raise InputError(f"--angle {angle}: choose one of {', '.join(pack.phrases)}.")
    phrases = pack.phrases[angle]
    for kind in ("headlines", "bodies", "descriptions"):
        out.print(f"[bold]{kind.capitalize()}[/]")
        for phrase in phrases.of(kind):
            gloss = f"  [dim]{escape(phrase.gloss)}[/]" if phrase.gloss else ""
            out.print(f"  {escape(phrase.text)}{gloss}")
