"""How close cut-outs come to the truth: demo packshots on known grounds, cut out again.

Writes cutout.md beside this file:

    OMP_NUM_THREADS=1 python benchmarks/imaging/cutout.py

Each packshot is mixed into a ground in linear light, with a soft shadow, a lens's blur, grain
and JPEG at quality 92. Its own alpha, blurred alike, is the truth.
"""

from __future__ import annotations

import io
import platform
import statistics
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from pathlib import Path

import cv2
import numpy as np
from PIL import Image

from studio.domain.geometry import Box
from studio.errors import InputError
from studio.imaging.colour import Bytes, Floats, bytes_from_linear, linear_from_bytes
from studio.imaging.cut_quality import measured
from studio.imaging.grabcut import limits, segmented
from studio.imaging.keying import keyed
from studio.imaging.matting import matted

ASSETS = Path(__file__).parents[2] / "assets"
SIDE_PX = 1000
PRODUCT_PX = 560
LENS_BLUR_PX = 0.6
GRAIN_BYTES = 1.5
JPEG_QUALITY = 92
SHADOW = 0.5
FRAME_SLACK = 0.05
"""Most that a frame drawn by hand is larger than the product, in shares of its size."""
PLAIN = {"white #FFFFFF": 255, "off-white #FAFAFA": 250, "light grey #EEEEEE": 238}
SETS = ("bright-kitchen", "dark-tech", "family-dining", "majlis-lounge")


@dataclass(frozen=True)
class Case:
    """A photo whose true alpha is known."""

    product: str
    ground: str
    photo: Bytes
    alpha: Floats


@dataclass(frozen=True)
class Score:
    """How far a cut's alpha is from the truth."""

    mean: float
    """Mean absolute error of alpha within 4 px of the true edge, 0–1."""
    gradient: float
    """The same of alpha's gradient: Rhemann et al. (2009), without their blur."""
    overlap: float
    """Intersection over union of what is more than half covered."""
    seconds: float
    refused: bool


def cases() -> Iterator[Case]:
    """Every product on every ground."""
    for packshot in sorted((ASSETS / "products").glob("*/packshot-left.png")):
        product = packshot.parent.name
        for name, level in PLAIN.items():
            yield photographed(packshot, np.full((SIDE_PX, SIDE_PX, 3), level, np.uint8),
                               names=(product, name))  # fmt: skip
        for name in SETS:
            beauty = ASSETS / "sets" / name / "beauty.webp"
            if beauty.is_file():
                yield photographed(packshot, ground_of(beauty), names=(product, name))


def ground_of(beauty: Path) -> Bytes:
    """The middle of a set, square."""
    with Image.open(beauty) as image:
        side = min(image.size)
        left, top = (image.width - side) // 2, (image.height - side) * 2 // 3
        part = image.convert("RGB").crop((left, top, left + side, top + side))
        return np.asarray(part.resize((SIDE_PX, SIDE_PX), Image.Resampling.LANCZOS))


def photographed(packshot: Path, ground: Bytes, *, names: tuple[str, str]) -> Case:
    """A packshot as a camera would have taken it on a ground."""
    with Image.open(packshot) as image:
        product = image.convert("RGBA")
    product.thumbnail((PRODUCT_PX, PRODUCT_PX), Image.Resampling.LANCZOS)
    rgba = np.array(product)
    height, width = rgba.shape[:2]
    left, top = (SIDE_PX - width) // 2, round(SIDE_PX * 0.84) - height
    here = (slice(top, top + height), slice(left, left + width))
    alpha = np.zeros((SIDE_PX, SIDE_PX), np.float32)
    alpha[here] = rgba[:, :, 3] / 255
    colours = ground.copy()
    colours[here] = rgba[:, :, :3]
    light = linear_from_bytes(ground) * (1 - SHADOW * _shadow(left, top + height, width))
    share = alpha[:, :, None]
    light = linear_from_bytes(colours) * share + light * (1 - share)
    light = cv2.GaussianBlur(light.astype(np.float32), (0, 0), LENS_BLUR_PX)
    grain = np.random.default_rng(7).normal(0, GRAIN_BYTES, light.shape)
    taken = np.clip(np.rint(bytes_from_linear(light) + grain), 0, 255).astype(np.uint8)
    return Case(*names, _jpeg(taken), cv2.GaussianBlur(alpha, (0, 0), LENS_BLUR_PX))


def _shadow(left: int, foot: int, width: int) -> Floats:
    cast = np.zeros((SIDE_PX, SIDE_PX), np.float32)
    middle = (left + width // 2, foot - width // 30)
    cv2.ellipse(cast, middle, (round(width * 0.46), max(4, width // 16)), 0, 0, 360, 1.0, -1)
    near, far = (cv2.GaussianBlur(cast, (0, 0), width * blur) for blur in (0.02, 0.07))
    return (0.6 * near + 0.4 * far)[:, :, None]


def _jpeg(pixels: Bytes) -> Bytes:
    out = io.BytesIO()
    Image.fromarray(pixels).save(out, "JPEG", quality=JPEG_QUALITY, subsampling=0)
    return np.asarray(Image.open(out))


def frame_around(alpha: Floats) -> Box:
    """A frame as a person draws it: a little too large, differently on each side."""
    rows, columns = np.nonzero(alpha > 0.5)
    slack = np.random.default_rng(3).uniform(0, FRAME_SLACK, 4) * np.ptp(columns)
    return Box(
        left=max(0, columns.min() - slack[0]) / SIDE_PX,
        top=max(0, rows.min() - slack[1]) / SIDE_PX,
        right=min(SIDE_PX, columns.max() + slack[2]) / SIDE_PX,
        bottom=min(SIDE_PX, rows.max() + slack[3]) / SIDE_PX,
    )


def by_keying(case: Case) -> Bytes:
    """Plain grounds only."""
    return keyed(case.photo, case.product)


def by_grabcut(case: Case) -> Bytes:
    """The mask as it is, enlarged."""
    mask = segmented(case.photo, frame_around(case.alpha)).mask
    return np.dstack([case.photo, np.where(mask, 255, 0).astype(np.uint8)])


def by_grabcut_and_matting(case: Case) -> Bytes:
    """As the studio does it."""
    found = segmented(case.photo, frame_around(case.alpha))
    return matted(case.photo, found.mask, band_px=found.band_px)


def agreement(case: Case, way: str) -> float:
    """What the studio's second look says of a cut."""
    if way == "keying":
        return 1.0
    return segmented(case.photo, frame_around(case.alpha)).agreement


WAYS: dict[str, Callable[[Case], Bytes]] = {
    "keying": by_keying,
    "GrabCut": by_grabcut,
    "GrabCut + matting": by_grabcut_and_matting,
}


def scored(case: Case, way: str) -> Score:
    """One case cut out one way; a refusal has no errors to count."""
    start = time.perf_counter()
    try:
        rgba = WAYS[way](case)
    except InputError:
        return Score(0, 0, 0, time.perf_counter() - start, refused=True)
    seconds = time.perf_counter() - start
    found = rgba[:, :, 3].astype(np.float32) / 255
    soft = ((case.alpha > 0.01) & (case.alpha < 0.99)).astype(np.uint8)
    near = cv2.dilate(soft, np.ones((7, 7), np.uint8)) > 0
    inside, true = found > 0.5, case.alpha > 0.5
    frame = None if way == "keying" else limits(frame_around(case.alpha))
    quality = measured(rgba, case.photo, limits=frame)
    quality = replace(quality, agreement=agreement(case, way))
    return Score(
        mean=float(np.abs(found - case.alpha)[near].mean()),
        gradient=float(np.abs(_slope(found) - _slope(case.alpha))[near].mean()),
        overlap=float((inside & true).sum() / (inside | true).sum()),
        seconds=seconds,
        refused=bool(quality.faults),
    )


def _slope(alpha: Floats) -> Floats:
    return np.hypot(
        *(cv2.Sobel(alpha, cv2.CV_32F, *way, scale=1 / 8) for way in ((1, 0), (0, 1)))
    )


def table(scores: dict[tuple[str, str, str], Score]) -> str:
    """Markdown: a row for each ground and way, over all products."""
    lines = [
        "| ground | way | used | alpha error | gradient error | overlap | worst | seconds |",
        "|---|---|---:|---:|---:|---:|---:|---:|",
    ]
    for ground in dict.fromkeys(key[1] for key in scores):
        for way in WAYS:
            rows = [each for key, each in scores.items() if key[1:] == (ground, way)]
            if rows:
                lines.append(_row(ground, way, rows))
    return "\n".join(lines)


def _row(ground: str, way: str, rows: list[Score]) -> str:
    used = [each for each in rows if not each.refused]
    seconds = statistics.median(each.seconds for each in rows)
    start = f"| {ground} | {way} | {len(used)} of {len(rows)} |"
    if not used:
        return f"{start} – | – | – | – | {seconds:.1f} |"
    mean, gradient, overlap = (
        statistics.mean(getattr(each, name) for each in used)
        for name in ("mean", "gradient", "overlap")
    )
    worst = min(each.overlap for each in used)
    return (
        f"{start} {mean:.3f} | {gradient:.4f} | {overlap:.1%} | {worst:.1%} | {seconds:.1f} |"
    )


def main() -> None:
    """Cut everything out and write the table."""
    cv2.setNumThreads(1)
    scores: dict[tuple[str, str, str], Score] = {}
    for case in cases():
        plain = case.ground in PLAIN
        for way in WAYS:
            if way == "keying" and not plain:
                continue
            scores[case.product, case.ground, way] = scored(case, way)
            print(case.product, case.ground, way, scores[case.product, case.ground, way])
    products = len({key[0] for key in scores})
    text = f"""# Cut-outs against the truth

{products} demo products on plain grounds and in sets, {SIDE_PX} px square, the product up to
{PRODUCT_PX} px; one thread, {platform.machine()}, Python {platform.python_version()}.

Alpha and gradient errors are means within 4 px of the true edge (0–1); overlap is
intersection over union. "Used" counts the cuts that weren't refused, and only those are
averaged; "worst" is their smallest overlap. GrabCut gets a frame up to {FRAME_SLACK:.0%} too
large. Seconds are medians on a machine that does other work.

{table(scores)}

    OMP_NUM_THREADS=1 python benchmarks/imaging/cutout.py
"""
    Path(__file__).with_suffix(".md").write_text(text, "utf-8")


if __name__ == "__main__":
    main()
