"""`studio cutout`: a product photo cut out on the command line."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console
from rich.markup import escape
from rich.table import Table

from studio.domain.geometry import Box
from studio.errors import InputError
from studio.imaging.cutout import CutProposal, Method, proposed_cut, to_png

app = typer.Typer()
out = Console()

HOW = {
    Method.TRANSPARENT: "transparent already",
    Method.KEYED: "by its plain light background",
    Method.GRABCUT: "by the colours in a frame around it",
    Method.REMBG: "by rembg's network",
}


@app.command()
def cutout(
    photo: Annotated[Path, typer.Argument(help="PNG, JPEG or WebP.")],
    to: Annotated[
        Path | None, typer.Option("--out", help="PNG to write; default PHOTO-cutout.png.")
    ] = None,
    frame: Annotated[
        str, typer.Option(help="Where the product is, in percent: LEFT,TOP,RIGHT,BOTTOM.")
    ] = "",
    method: Annotated[
        Method | None, typer.Option(help="How to cut; default: what suits the photo.")
    ] = None,
) -> None:
    """Cut the product out of a photo, and say how good the cut is.

    Look at the PNG before you name it in a brief. A poor cut isn't written; draw a
    **--frame** closely around the product then, such as `--frame 20,25,80,90`.
    """
    target = to or photo.with_name(f"{photo.stem}-cutout.png")
    if target.suffix.lower() != ".png":
        raise InputError(f"--out: {target.name} should end with .png, to keep transparency.")
    proposal = proposed_cut(photo, method=method, frame=frame_of(frame) if frame else None)
    out.print(_measures(proposal))
    for note in proposal.photo.notes:
        out.print(escape(note))
    if proposal.faults:
        raise InputError("\n".join(proposal.faults))
    target.write_bytes(to_png(proposal.cut.rgba))
    out.print(f"Wrote [bold]{escape(str(target))}[/]. Look at its edges before you use it.")


def frame_of(text: str) -> Box:
    """A frame from four percentages: `20,25,80,90`."""
    try:
        left, top, right, bottom = (float(each) / 100 for each in text.split(","))
        if not all(0 <= each <= 1 for each in (left, top, right, bottom)):
            raise ValueError
        return Box(left=left, top=top, right=right, bottom=bottom)
    except ValueError as error:
        raise InputError(
            f"--frame: {text!r} is no frame; write LEFT,TOP,RIGHT,BOTTOM in percent of the "
            "photo, such as 20,25,80,90."
        ) from error


def _measures(proposal: CutProposal) -> Table:
    quality = proposal.quality
    table = Table(title=escape(proposal.photo.name), show_header=False)
    table.add_row("cut", HOW[proposal.method])
    table.add_row("product", f"{quality.width_px} × {quality.height_px} px")
    table.add_row("of the photo", f"{quality.area_share:.0%}")
    if proposal.method is not Method.TRANSPARENT:
        table.add_row("contrast at the edge", f"{quality.contrast:.2f} (OKLab)")
        table.add_row("edge that can't be seen", f"{quality.faint_share:.0%}")
    table.add_row("soft rim", f"{quality.soft_px:.1f} px")
    return table
