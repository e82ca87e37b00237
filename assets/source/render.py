"""Render the sets: python render.py --set studio-arch [--samples 8] | --all | --missing.

Run it with the environment that README.md describes. A scale below 1 renders small previews
into another folder (--out). --missing renders what assets/sets lacks, so that a long run can
go on.
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
SETS = tuple(sorted(path.stem.replace("_", "-") for path in HERE.glob("sets/[a-z]*.py")))
SAMPLES = 8
"""Enough with denoising: most of a set is out of focus, and the product covers the rest."""


def render_set(name: str, samples: int, scale: float, out: Path, *, beauty_only: bool) -> None:
    """Build one set and write its pictures and set.yaml into `out`."""
    started = time.monotonic()
    module = importlib.import_module("sets." + name.replace("-", "_"))
    spec: passes.SetSpec = module.SPEC
    scene = kit.reset()
    module.build(scene)
    kit.simplify_bounces()
    seen = kit.measure(scene)
    out.mkdir(parents=True, exist_ok=True)
    passes.resolution(scale)
    save(passes.beauty(samples), out / "beauty.webp")
    if not beauty_only:
        passes.resolution(scale / 2)
        save(passes.masks(), out / "masks.png")
        save(passes.depth(), out / "depth.png")
        passes.resolution(scale / 4)
        save(passes.occlusion(), out / "occlusion.webp")
    (out / "set.yaml").write_text(described(spec, seen, samples, scale), encoding="utf-8")
    print(f"{name}: {time.monotonic() - started:.0f} s", flush=True)


def save(picture: Image.Image, path: Path) -> None:
    """WebP in photographic quality, PNG without loss."""
    options = {"optimize": True} if path.suffix == ".png" else {"quality": 92, "method": 6}
    picture.save(path, **options)


def described(spec: passes.SetSpec, seen: kit.Measured, samples: int, scale: float) -> str:
    """The text of set.yaml."""
    record = {
        "schema": 2,
        "id": spec.id,
        "title": spec.title,
        "family": spec.family,
        "size_px": [round(side * scale) for side in kit.SIZE_PX],
        "anchor": list(seen.anchor),
        "px_per_cm": round(seen.px_per_cm * scale, 3),
        "scale": spec.scale,
        "product_cm": list(spec.product_cm),
        "categories": list(spec.categories),
        "season": spec.season,
        "camera": {
            "distance_cm": seen.distance_cm,
            "pitch_deg": kit.PITCH_DEG,
            "focal_px": round(kit.FOCAL_PX * scale, 1),
        },
        "horizon_y": seen.horizon_y,
        "surface": spec.surface,
        "light": spec.light,
        "text_areas": [list(area) for area in spec.text_areas],
        "tags": list(spec.tags),
        "masks": spec.masks,
        "render": {
            "engine": "cycles",
            "samples": samples,
            "script": f"assets/source/sets/{spec.id.replace('-', '_')}.py",
            "bpy": bpy.app.version_string,
        },
        "licence": "Apache-2.0",
    }
    return yaml.safe_dump(
        record, sort_keys=False, default_flow_style=None, width=110, allow_unicode=True
    )


def main() -> int:
    """Command line."""
    parser = argparse.ArgumentParser(description=__doc__)
    which = parser.add_mutually_exclusive_group(required=True)
    which.add_argument("--set", choices=SETS)
    which.add_argument("--all", action="store_true")
    which.add_argument("--missing", action="store_true", help="sets not yet in the folder")
    parser.add_argument("--samples", type=int, default=SAMPLES)
    parser.add_argument("--scale", type=float, default=1.0, help="below 1 only with --out")
    parser.add_argument(
        "--out", type=Path, help="folder for the sets' folders (default: assets/sets)"
    )
    parser.add_argument(
        "--beauty-only", action="store_true", help="skip masks, depth and occlusion"
    )
    args = parser.parse_args()
    if args.scale != 1.0 and args.out is None:
        parser.error("--scale: previews need a folder of their own; add --out")
    base = args.out or HERE.parent / "sets"
    for name in (args.set,) if args.set else SETS:
        if args.missing and (base / name / "set.yaml").is_file():
            continue
        render_set(name, args.samples, args.scale, base / name, beauty_only=args.beauty_only)
    return 0


if __name__ == "__main__":
    sys.exit(main())
