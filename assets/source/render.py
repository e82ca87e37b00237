"""Render the sets: python render.py --set studio-arch [--samples 64] [--scale 1.0] | --all.

Run it with the environment that README.md describes. A scale below 1 renders fewer pixels; into
assets/sets they are enlarged to the full canvas (most of a set is out of focus), into another
folder (--out) they stay small previews.
"""

from __future__ import annotations

import argparse
import importlib
import sys
import time
from pathlib import Path

import bpy
import yaml
from PIL import Image

import kit
import passes

HERE = Path(__file__).resolve().parent
SETS = (
    "studio-arch",
    "bright-kitchen",
    "japanese-apartment",
    "majlis-lounge",
    "family-dining",
    "dark-tech",
)


def render_set(
    name: str, samples: int, scale: float, out: Path, beauty_only: bool, full: bool
) -> None:
    """Build one set and write its pictures and set.yaml into `out`; `full` enlarges them to the
    whole canvas."""
    started = time.monotonic()
    module = importlib.import_module("sets." + name.replace("-", "_"))
    spec: passes.SetSpec = module.SPEC
    scene = kit.reset()
    module.build(scene)
    kit.simplify_bounces()
    seen = kit.measure(scene)

    def sized(image: Image.Image) -> Image.Image:
        return (
            image.resize(kit.SIZE_PX, Image.Resampling.LANCZOS)
            if full and image.size != kit.SIZE_PX
            else image
        )

    passes.resolution(scale)
    pictures = {"beauty.webp": sized(passes.beauty(samples))}
    if not beauty_only:
        pictures["masks.png"] = sized(passes.masks())
        pictures["depth.png"] = sized(passes.depth())
        passes.resolution(0.25)
        pictures["occlusion.webp"] = passes.occlusion()
    out.mkdir(parents=True, exist_ok=True)
    for file, picture in pictures.items():
        options = {"optimize": True} if file.endswith("png") else {"quality": 92, "method": 6}
        picture.save(out / file, **options)

    record = {
        "schema": 1,
        "id": spec.id,
        "title": spec.title,
        "family": spec.family,
        "size_px": list(kit.SIZE_PX),
        "anchor": list(seen.anchor),
        "px_per_cm": seen.px_per_cm,
        "horizon_y": seen.horizon_y,
        "surface": spec.surface,
        "light": spec.light,
        "text_areas": [list(area) for area in spec.text_areas],
        "tags": list(spec.tags),
        "masks": spec.masks,
        "render": {
            "engine": "cycles",
            "samples": samples,
            "script": f"assets/source/sets/{name.replace('-', '_')}.py",
            "bpy": bpy.app.version_string,
        },
        "licence": "Apache-2.0",
    }
    text = yaml.safe_dump(
        record, sort_keys=False, default_flow_style=None, width=110, allow_unicode=True
    )
    note = f"# rendered at {scale:g} of the canvas and enlarged\n" if scale != 1.0 else ""
    (out / "set.yaml").write_text(note + text, encoding="utf-8")
    print(f"{name}: {time.monotonic() - started:.0f} s", flush=True)


def main() -> int:
    """Command line."""
    parser = argparse.ArgumentParser(description=__doc__)
    which = parser.add_mutually_exclusive_group(required=True)
    which.add_argument("--set", choices=SETS)
    which.add_argument("--all", action="store_true")
    parser.add_argument("--samples", type=int, default=64)
    parser.add_argument("--scale", type=float, default=1.0)
    parser.add_argument(
        "--out",
        type=Path,
        help="folder for the sets' folders (default: assets/sets at scale 1)",
    )
    parser.add_argument(
        "--beauty-only", action="store_true", help="skip masks, depth and occlusion"
    )
    args = parser.parse_args()
    base = args.out or HERE.parent / "sets"
    for name in SETS if args.all else (args.set,):
        render_set(
            name, args.samples, args.scale, base / name, args.beauty_only, args.out is None
        )
    return 0


if __name__ == "__main__":
    sys.exit(main())
