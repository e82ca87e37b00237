"""`studio models`: the diffusion models that are known by name, with licence and memory."""

from __future__ import annotations

from typing import Annotated

import typer
from rich.console import Console
from rich.markup import escape
from rich.table import Table

from studio.errors import InputError
from studio.imaging.diffusion_presets import Answer, Preset, Proof, preset_file, presets

app = typer.Typer(
    no_args_is_help=True,
    help="""Picture models: list those known by name, show one.

    STUDIO_IMAGE_MODEL=diffusion:NAME uses one; any other pipeline in diffusers' layout works
    by hub id or folder. See docs/diffusion.md.
    """,
)
out = Console()

ADVERTISING = {
    Answer.YES: "[green]yes",
    Answer.CONDITIONS: "[yellow]with conditions",
    Answer.NO: "[red]no",
    Answer.UNKNOWN: "[yellow]unknown",
}
TESTED = {
    Proof.WEIGHTS: "with its weights",
    Proof.ARCHITECTURE: "code, random weights",
    Proof.NO: "no",
}


@app.command("list")
def list_models() -> None:
    """List the presets with licence, memory and what was tested."""
    table = Table()
    for name in ("name", "licence", "for ads"):
        table.add_column(name)
    for name in ("steps", "memory", "at least"):
        table.add_column(name, justify="right")
    for name in ("depth", "tested here"):
        table.add_column(name)
    for name, preset in presets().items():
        table.add_row(
            name,
            escape(preset.licence),
            ADVERTISING[preset.commercial],
            str(preset.sampling.num_inference_steps),
            f"{preset.memory_gb:.0f} GB",
            f"{preset.least_memory_gb:.0f} GB",
            "yes" if preset.depth else "–",
            TESTED[preset.tested],
        )
    out.print(table)
    out.print(
        f"Licences as found on {preset_file().checked_on} in copies of the models' pages; read "
        "the current one before you advertise. Memory is estimated from the weights: all of it "
        "on the device, or its parts in turn.",
        style="dim",
    )


@app.command()
def show(name: Annotated[str, typer.Argument(help="Name of a preset.")]) -> None:
    """Show one preset: what it needs, how it is run, where that is written."""
    if name not in presets():
        raise InputError(f"There is no preset {name!r}; choose one of {', '.join(presets())}.")
    preset = presets()[name]
    out.print(f"[bold]{name}[/]  {escape(preset.model)}")
    for what, value in _facts(preset):
        out.print(f"{what}: {escape(value)}")
    out.print(f"Use it: STUDIO_IMAGE_MODEL=diffusion:{name}")


def _facts(preset: Preset) -> tuple[tuple[str, str], ...]:
    sampling = preset.sampling
    parts = ", ".join(f"{part} {size:g} GB" for part, size in preset.parts_gb.items())
    depth = f"{preset.depth} ({preset.depth_licence})" if preset.depth else "none known"
    return (
        ("Licence", f"{preset.licence}; advertising: {preset.commercial}"),
        ("Asks for consent on the hub", preset.gated.value),
        ("Note", preset.note or "–"),
        ("Weights", parts),
        ("Depth network", depth),
        (
            "Run with",
            f"{sampling.num_inference_steps} steps, guidance {sampling.guidance_scale}, "
            f"strength {sampling.strength}, {sampling.native_px} px, mode {sampling.mode}",
        ),
        ("Tested here", TESTED[preset.tested]),
        ("Source", preset.source),
    )
