"""`studio insights`, and angle weights on their way from insights into the next brief."""

from __future__ import annotations

import getpass
import json
from dataclasses import asdict
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console
from rich.markup import escape
from rich.table import Table

from studio.app import Studio
from studio.domain.brief import checked_slug
from studio.domain.creative import Role
from studio.domain.insight import CampaignInsights, LevelInsight
from studio.domain.person import Person
from studio.errors import BriefError, InputError
from studio.intake.angle_weights import read_weights, with_weights
from studio.reporting.insight_words import sentence
from studio.reporting.words import chance, number, percent, plain, signed
from studio.settings import Settings

app = typer.Typer()
out = Console()

Slug = Annotated[str, typer.Argument(help="Name of the campaign.")]
Weights = Annotated[
    Path | None,
    typer.Option(
        "--weights",
        help="Take `angle_weights` from this file, as `studio insights --json` writes it.",
    ),
]
RATE_DIGITS = 2


@app.command()
def insights(
    slug: Slug,
    attribute: Annotated[
        str, typer.Option(help="Attribute of the table: angle, set, palette, offer …")
    ] = "angle",
    file: Annotated[
        Path | None, typer.Option("--json", help="Also write everything to this file.")
    ] = None,
) -> None:
    """Say which attributes win where, and which angles to try next.

    A ratio compares a level with the average of the attribute's levels, as if all ads were
    alike but for it. Markets learn from each other: the column **borrowed** says how much of
    what is known here other markets taught. Below some 30 clicks' worth of views there is no
    number. Start the next brief with what was learnt:

    **studio insights spring --json won.json** →
    **studio new summer --copy-of spring** → **studio generate summer --weights won.json**
    """
    studio = Studio(Settings())
    found = studio.insights.of(checked_slug(slug))
    if not found.levels:
        out.print(f"Not enough data yet: {slug} has no ads that differ and were delivered.")
    else:
        _show(found, attribute)
    if file is not None:
        file.write_text(to_json(found), "utf-8")
        out.print(f"Wrote [bold]{escape(str(file))}[/].")


def to_json(found: CampaignInsights) -> str:
    """Everything for programs, each level with its sentence."""
    levels = [
        {**asdict(level), "raw_rate": level.raw_rate, "sentence": sentence(level)}
        for level in found.levels
    ]
    data = {
        "campaign": found.campaign,
        "angle_weights": found.angle_weights,
        "levels": levels,
    }
    return json.dumps(data, indent=2, ensure_ascii=False, allow_nan=False) + "\n"


def take_weights(studio: Studio, slug: str, file: Path) -> None:
    """Write a file's angle weights into the campaign's brief, as a new version of it."""
    person = Person(name=getpass.getuser(), role=Role.ADMIN)
    text, chosen = weighed(studio, slug, file)
    studio.briefs.save(slug, text, person)
    out.print(
        f"brief.yaml has the angle weights of {escape(file.name)} now, for "
        f"{', '.join(sorted(chosen))}; delete `angle_weights` there to go back."
    )


def weighed(studio: Studio, slug: str, file: Path) -> tuple[str, tuple[str, ...]]:
    """The brief's text with a file's weights, and the markets that got some.

    Weights of markets that the brief doesn't have are left out.
    """
    try:
        content = file.read_text("utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise InputError(
            f"--weights: {file} can't be read; name a file that `studio insights {slug} "
            "--json FILE` wrote."
        ) from error
    weights = read_weights(
        content, file=file.name, markets=tuple(studio.library.markets()), angles=studio.angles
    )
    text = studio.briefs.yaml(slug)
    wanted = studio.briefs.check(text, slug=slug).markets
    chosen = {market: own for market, own in weights.items() if market in wanted}
    if not chosen:
        raise BriefError(
            f"has {', '.join(weights)}, but the brief's markets are {', '.join(wanted)}.",
            file=file.name,
            field="angle_weights",
        )
    return with_weights(text, chosen), tuple(chosen)


def _show(found: CampaignInsights, attribute: str) -> None:
    attributes = sorted({level.attribute for level in found.levels})
    if attribute not in attributes:
        raise InputError(
            f"--attribute: {attribute!r} doesn't differ between these ads; choose from "
            f"{', '.join(attributes)}."
        )
    clear = [each for each in found.levels if each.estimate and each.estimate.is_clear]
    for level in clear:
        out.print(f"• {escape(sentence(level))}", highlight=False)
    if not clear:
        out.print("No difference is clear yet; the table has what is believed so far.")
    out.print(_table(found, attribute))
    _missing([level for level in found.levels if level.attribute == attribute])
    if found.angle_weights:
        out.print(_suggested(found))
    else:
        out.print("No angle weights yet: two angles with enough data are needed.")


def _table(found: CampaignInsights, attribute: str) -> Table:
    columns = ("market", attribute, "views", "clicked", "pooled", "against average", "95 %")
    table = Table(*columns, "best", "borrowed", title=f"{found.campaign}: {plain(attribute)}")
    places = dict.fromkeys(each.market for each in found.levels if each.attribute == attribute)
    for market in places:
        for level in found.of(attribute, market):
            table.add_row(market or "all", plain(level.level), *_cells(level))
        table.add_section()
    return table


def _cells(level: LevelInsight) -> tuple[str, ...]:
    raw = percent(level.raw_rate, digits=RATE_DIGITS) if level.raw_rate is not None else "–"
    shown = (number(level.impressions), raw)
    estimate = level.estimate
    if estimate is None:
        return (*shown, "–", "not enough data yet", "", "", "")
    borrowed = "" if estimate.borrowed is None else percent(estimate.borrowed)
    interval = f"{signed(estimate.low - 1)} to {signed(estimate.high - 1)}"
    return (
        *shown,
        percent(estimate.rate, digits=RATE_DIGITS),
        signed(estimate.ratio - 1),
        interval,
        chance(estimate.best),
        borrowed,
    )


def _missing(levels: list[LevelInsight]) -> None:
    for level in levels:
        if level.estimate is None and level.market is None:
            out.print(f"[dim]{escape(sentence(level))}[/]", highlight=False)


def _suggested(found: CampaignInsights) -> Table:
    table = Table("market", "weights for the next brief", title="Which angles to try next")
    for market, weights in found.angle_weights.items():
        ranked = sorted(weights.items(), key=lambda pair: (-pair[1], pair[0]))
        words = ", ".join(f"{plain(angle)} {percent(weight)}" for angle, weight in ranked)
        table.add_row(market, escape(words))
    return table
