"""`studio film`: short films of a campaign's ads."""

from __future__ import annotations

import getpass
from collections.abc import Sequence
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console
from rich.markup import escape
from rich.progress import (
    BarColumn,
    Progress,
    TaskProgressColumn,
    TextColumn,
    TimeRemainingColumn,
)

from studio.app import Studio
from studio.domain.creative import Creative, Film, Role, Status
from studio.domain.person import Person
from studio.errors import InputError
from studio.settings import Settings

app = typer.Typer()
out = Console()

SlugArgument = Annotated[str, typer.Argument(help="Name of the campaign.")]


@app.command()
def film(
    slug: SlugArgument,
    *,
    market: Annotated[str, typer.Option(help="Only this market.")] = "",
    placement: Annotated[str, typer.Option(help="Only this placement.")] = "",
    variant: Annotated[str, typer.Option(help="Only this variant.")] = "",
    remove: Annotated[bool, typer.Option("--remove", help="Take films away instead.")] = False,
    to: Annotated[
        Path | None, typer.Option(help="Copy films and subtitles into this folder as well.")
    ] = None,
) -> None:
    """Make short films of ads: camera move, words in turn, end card, subtitles beside them.

    Ads of 1080 × 1920, 1080 × 1080 and 1920 × 1080 px can have one. A film changes what people
    approve, so its ad waits for review again. Equal ads are filmed once. Rejected ads are left
    out.
    """
    studio = Studio(Settings())
    studio.briefs.brief(slug)
    chosen = _chosen(
        studio, slug, {"market": market, "placement": placement, "variant": variant}
    )
    person = Person(name=getpass.getuser(), role=Role.ADMIN)
    if remove:
        _remove(studio, chosen, person)
        return
    for creative in _filmed(studio, chosen, person):
        if to is not None and creative.film is not None:
            _copy(studio, creative, creative.film, to)
    out.print(f"Look at them with their ads: studio serve, campaign {escape(slug)}")


def _chosen(studio: Studio, slug: str, wanted: dict[str, str]) -> list[Creative]:
    creatives = [
        each
        for each in studio.repository.creatives(slug)
        if all(not value or getattr(each, name) == value for name, value in wanted.items())
        and each.status is not Status.REJECTED
    ]
    known = studio.placements
    able = [
        each
        for each in creatives
        if each.placement in known and known[each.placement].plays_films
    ]
    if not able:
        raise InputError(
            f"{slug}: no ad matches that can have a film; films have 1080 × 1920, 1080 × 1080 "
            "or 1920 × 1080 px. `studio review` lists the ads."
        )
    return able


def _filmed(studio: Studio, creatives: Sequence[Creative], person: Person) -> list[Creative]:
    made = []
    with Progress(
        TextColumn("{task.description}"), BarColumn(bar_width=32), TaskProgressColumn(),
        TimeRemainingColumn(compact=True), console=out,
    ) as bar:  # fmt: skip
        for creative in creatives:
            task = bar.add_task(escape(creative.id), total=1.0)
            made.append(
                studio.film_desk.make(
                    creative.id,
                    content_hash=creative.content_hash,
                    person=person,
                    progress=lambda share, task=task: bar.update(task, completed=share),  # type: ignore[misc]
                )
            )
    for creative in made:
        assert creative.film is not None
        shown = f"{creative.film.seconds:.1f} s, {creative.film.size_bytes / 1e6:.1f} MB"
        out.print(f"{escape(creative.id)}: {shown}, {creative.film.move.replace('_', ' ')}")
    return made


def _remove(studio: Studio, creatives: Sequence[Creative], person: Person) -> None:
    filmed = [each for each in creatives if each.film is not None]
    for creative in filmed:
        studio.film_desk.remove(creative.id, content_hash=creative.content_hash, person=person)
    out.print(f"{len(filmed)} films taken away; their ads wait for review.")


def _copy(studio: Studio, creative: Creative, made: Film, folder: Path) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    files = {"mp4": made.sha256, "srt": made.srt_sha256, "vtt": made.vtt_sha256}
    for suffix, sha256 in files.items():
        file = folder / f"{creative.id}.{suffix}"
        file.write_bytes(studio.blobs.get(sha256))
