"""Finished creatives per second and peak memory, beside headless Chromium and pictex.

    python benchmarks/imaging/creatives.py [--pictex PYTHON] [--growth 10000]

Every way makes the same ads: 1080 × 1080 px JPEGs of quality 90 with a set, the product with
its shadow, headline, body, price and button, in the same fonts; words, sets and colours differ
from ad to ad as they do in a campaign of four markets, three sets and all palettes. Studio
crops and recolours the sets, matches light, casts shadows, fits the type and measures contrast
within its time. Chromium (one page, kept open, a screenshot an ad) and pictex get the set
cropped and coloured before the clock starts, and use the type sizes that they are given.

Each row is a process of its own, bound to one or two cores; memory is the peak of that process
with its children, all decoding included. The first ads of each, which decode and warm up, are
not timed. pictex wants another skia than Studio: give it the interpreter of an environment
with requirements-peers.txt.
"""

from __future__ import annotations

import argparse
import io
import json
import os
import platform
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import dataclass
from itertools import cycle, islice
from pathlib import Path

ROOT = Path(__file__).parents[2]
TABLE = Path(__file__).with_suffix(".md")
MARKETS = ("en-US", "de-DE", "ar-SA", "ja-JP")
SETS = ("studio-arch", "bright-kitchen", "family-dining")
WARMING = 4
QUALITY = 90
SIZE = 1080
COUNT = 40
GROWTH = (10, 100, 1_000)
CHROMIUM = (
    "--no-sandbox",
    "--disable-gpu",
    "--disable-background-networking",
    "--no-first-run",
)


@dataclass(frozen=True, kw_only=True)
class Ad:
    """What one ad shows; files are for the peers, who get the picture ready-made."""

    headline: str
    body: str
    offer: str
    cta: str
    right_to_left: bool
    heading_font: str
    text_font: str
    ink: str
    button: str
    picture: str
    """JPEG of the cropped set in its colours."""
    product: str
    """PNG of the product at its size."""
    left_px: int
    top_px: int


# ------------------------------------------------------------------ Studio


def requests(placement_id: str = "meta_feed_1x1") -> Iterator[tuple]:  # type: ignore[type-arg]
    """Endless requests for pictures and type, all different until the phrases run out."""
    from studio.copywriting.model import CopyRequest
    from studio.copywriting.phrasebook_model import PhrasebookModel
    from studio.domain.brief import Photo, Product
    from studio.imaging.model import PictureRequest
    from studio.markets.library import MarketLibrary
    from studio.platforms.specs import load_placements
    from studio.workflows.markets import sample_brief

    library, placement = MarketLibrary([]), load_placements()[placement_id]
    folder = ROOT / "assets" / "products" / "smartchef-rice-cooker"
    photos = (folder / "packshot-left.png", folder / "packshot-right.png")
    product = Product(
        name="SmartChef",
        category="rice_cooker",
        photos=(
            Photo(path=str(photos[0])),
            Photo(path=str(photos[1]), light_from="right"),
        ),
        width_cm=26.7,
        height_cm=22.7,
    )
    packs = {name: library.pack(name) for name in MARKETS}
    for number, market in enumerate(cycle(MARKETS)):
        pack = packs[market]
        lap = number // len(MARKETS)
        copy = PhrasebookModel().write(
            CopyRequest(
                brief=sample_brief(pack, "rice_cooker"),
                pack=pack,
                placements=(placement,),
                angle=pack.appeals[lap % len(pack.appeals)].angle,
                variant=f"v{lap}",
                seed=number,
                shows_offer=True,
                taken=(),
            )
        )
        yield (
            pack,
            copy,
            PictureRequest(
                product=product,
                photos=photos,
                pack=pack,
                placement=placement,
                set=SETS[lap % len(SETS)],
                palette=pack.palettes[lap % len(pack.palettes)],
                seed=number,
            ),
        )


def studio_maker() -> Callable[[tuple], bytes]:  # type: ignore[type-arg]
    """The whole way from request to file."""
    from studio.imaging.staged_model import StagedModel
    from studio.imaging.typeset import TypesetRequest, Typesetter

    model, typesetter = StagedModel(ROOT / "assets" / "sets"), Typesetter()
    logo = ROOT / "assets" / "brands" / "smartchef" / "logo.png"

    def make(request: tuple) -> bytes:  # type: ignore[type-arg]
        pack, copy, picture = request
        staged = model.stage(picture)
        return typesetter.typeset(
            TypesetRequest(
                image=staged.image,
                product_box=staged.product_box,
                copy=copy,
                placement=picture.placement,
                market=pack.market,
                typefaces=pack.typefaces,
                palette=picture.palette,
                brand_name="SmartChef",
                logo=logo,
                seed=picture.seed,
            )
        ).data

    return make


def run_studio(count: int, cores: int, placement: str) -> tuple[float, int]:
    """Seconds for `count` ads and the bytes they have together."""
    from studio.engine.local import LocalEngine

    make = studio_maker()
    jobs = list(islice(requests(placement), WARMING * cores + count))
    for job in jobs[: WARMING * cores]:
        make(job)
    started = time.perf_counter()
    sizes = [len(data) for _, data in LocalEngine(cores).run(make, jobs[WARMING * cores :])]
    return time.perf_counter() - started, sum(sizes)


# ------------------------------------------------------------------ peers


def prepare(folder: Path, count: int) -> None:
    """The peers' ads: sets cropped and coloured, the product scaled, words and fonts."""
    from PIL import Image

    from studio.imaging.compose import placed
    from studio.imaging.cutout import cut_out
    from studio.imaging.fonts import font_file
    from studio.imaging.recolour import coloured_set
    from studio.imaging.staging import chosen_photo, crop_of, scene_of

    ads = []
    for number, (pack, copy, request) in enumerate(islice(requests(), count)):
        scene = scene_of(request, ROOT / "assets" / "sets")
        crop = crop_of(request, scene)
        cut = cut_out(chosen_photo(request, scene.spec.light))
        product = placed(cut, scene, crop, width_cm=request.product.width_cm)
        picture, cut_file = folder / f"{number}.jpg", folder / f"{number}.png"
        coloured = coloured_set(scene, crop, request.palette, calm=True)
        Image.fromarray(coloured).save(picture, quality=92)
        Image.fromarray(product.rgba).save(cut_file)
        faces = pack.typefaces
        ads.append(
            Ad(
                headline=copy.headline,
                body=copy.body,
                offer=copy.offer_line,
                cta=copy.cta,
                right_to_left=pack.market.direction == "rtl",
                heading_font=str(font_file(faces.heading.family, faces.heading.weight)),
                text_font=str(font_file(faces.text.family, faces.text.weight)),
                ink=request.palette.ink,
                button=request.palette.button,
                picture=str(picture),
                product=str(cut_file),
                left_px=product.left_px,
                top_px=product.top_px,
            )
        )
    (folder / "ads.json").write_text(json.dumps([vars(ad) for ad in ads]), encoding="utf-8")


def ads_in(folder: Path) -> list[Ad]:
    """What `prepare` has written."""
    return [Ad(**each) for each in json.loads((folder / "ads.json").read_text("utf-8"))]


PAGE = """<!doctype html><html dir="{direction}"><meta charset="utf-8"><style>
@font-face {{ font-family: heading; src: url("file://{heading_font}") }}
@font-face {{ font-family: text; src: url("file://{text_font}") }}
body {{ margin: 0; width: 1080px; height: 1080px; position: relative; overflow: hidden;
  background: url("file://{picture}"); color: {ink}; font: 36px text }}
h1 {{ font: 72px/1.15 heading; margin: 150px 58px 26px; text-wrap: balance }}
p {{ margin: 0 58px }}
img {{ position: absolute; left: {left_px}px; top: {top_px}px;
  filter: drop-shadow(18px 26px 22px rgba(0, 0, 0, .35)) }}
.foot {{ position: absolute; bottom: 58px; inset-inline: 58px; display: flex;
  justify-content: space-between; align-items: center; font-size: 48px }}
.cta {{ background: {button}; color: white; border-radius: 99px; padding: 18px 36px;
  font-size: 34px }}
</style><img src="file://{product}"><h1>{headline}</h1><p>{body}</p>
<div class="foot"><span>{offer}</span><span class="cta">{cta}</span></div></html>"""


def run_chromium(folder: Path, count: int) -> tuple[float, int]:
    """One page, kept open; each ad is a document and a screenshot."""
    from playwright.sync_api import sync_playwright

    ads = list(islice(cycle(ads_in(folder)), WARMING + count))
    page_file = folder / "page.html"
    total, started = 0, 0.0
    with sync_playwright() as runner:
        browser = runner.chromium.launch(executable_path=chromium(), args=list(CHROMIUM))
        page = browser.new_page(viewport={"width": SIZE, "height": SIZE})
        for number, ad in enumerate(ads):
            if number == WARMING:
                started = time.perf_counter()
            direction = "rtl" if ad.right_to_left else "ltr"
            page_file.write_text(PAGE.format(**vars(ad), direction=direction), encoding="utf-8")
            page.goto(f"file://{page_file}", wait_until="load")
            page.evaluate("document.fonts.ready")
            total += len(page.screenshot(type="jpeg", quality=QUALITY))
        seconds = time.perf_counter() - started
        browser.close()
    return seconds, total


def chromium() -> str:
    """Debian's browser, or the one that STUDIO_CHROMIUM names."""
    return os.environ.get("STUDIO_CHROMIUM", "/usr/bin/chromium")


def run_pictex(folder: Path, count: int) -> tuple[float, int]:
    """Its canvas with absolute places; words wrap at the given width."""
    import pictex

    def drawn(ad: Ad) -> bytes:
        words = (
            pictex.Column(
                pictex.Text(ad.headline)
                .font_family(ad.heading_font)
                .font_size(72)
                .color(ad.ink),
                pictex.Text(ad.body).font_family(ad.text_font).font_size(36).color(ad.ink),
            )
            .size(width=964)
            .absolute_position(left=58, top=150)
        )
        cta = (
            pictex.Text(ad.cta).font_family(ad.text_font).font_size(34).color("white")
            .background_color(ad.button).padding(18, 36).border_radius(99)
        )  # fmt: skip
        foot = pictex.Row(
            pictex.Text(ad.offer).font_family(ad.text_font).font_size(48).color(ad.ink), cta
        ).gap(40).absolute_position(left=58, top=960)  # fmt: skip
        image = (
            pictex.Canvas()
            .size(width=SIZE, height=SIZE)
            .render(
                pictex.Image(ad.picture).absolute_position(left=0, top=0),
                pictex.Image(ad.product).absolute_position(left=ad.left_px, top=ad.top_px),
                words,
                foot,
            )
        )
        data = io.BytesIO()
        image.to_pillow().convert("RGB").save(data, "JPEG", quality=QUALITY)
        return data.getvalue()

    able = []
    for ad in ads_in(folder):
        # pictex 2.3 fails on some pictures with an AttributeError of its own.
        with suppress(AttributeError):
            drawn(ad)
            able.append(ad)
    ads = list(islice(cycle(able), WARMING + count))
    started = time.perf_counter()
    sizes = [len(drawn(ad)) for ad in ads[WARMING:]]
    return time.perf_counter() - started, sum(sizes)


# ------------------------------------------------------------------ measuring


@dataclass(frozen=True, kw_only=True)
class Row:
    """One measurement."""

    way: str
    cores: int
    count: int
    seconds: float
    kilobytes: float
    """Mean size of a file."""
    peak_mb: float

    @property
    def rate(self) -> float:
        """Ads per second."""
        return self.count / self.seconds


def measured(arguments: list[str], *, cores: int, python: str = sys.executable) -> Row:
    """Run one worker on that many cores and watch its memory."""
    allowed = sorted(os.sched_getaffinity(0))[:cores]
    child = subprocess.Popen(
        [python, __file__, "--worker", *arguments, "--cores", str(cores)],
        stdout=subprocess.PIPE,
        preexec_fn=lambda: os.sched_setaffinity(0, allowed),
        env=os.environ | {"PYTHONPATH": str(ROOT), "OMP_NUM_THREADS": str(cores)},
    )
    peak = [0.0]
    ended = threading.Event()

    def watch() -> None:
        while not ended.wait(0.1):
            peak[0] = max(peak[0], resident_mb(child.pid))

    watcher = threading.Thread(target=watch, daemon=True)
    watcher.start()
    output, _ = child.communicate(timeout=7200)
    ended.set()
    watcher.join()
    if child.returncode:
        raise SystemExit(f"{' '.join(arguments)} failed")
    told = json.loads(output.decode().strip().splitlines()[-1])
    return Row(**told, cores=cores, peak_mb=peak[0])


def resident_mb(pid: int) -> float:
    """Proportional memory of a process and all below it, in MB."""
    waiting, total = [pid], 0.0
    while waiting:
        each = waiting.pop()
        try:
            rollup = Path(f"/proc/{each}/smaps_rollup").read_text()
            children = Path(f"/proc/{each}/task/{each}/children").read_text().split()
        except OSError:
            continue
        total += next(
            int(line.split()[1]) / 1024 for line in rollup.splitlines() if "Pss:" in line
        )
        waiting += [int(child) for child in children]
    return total


def worker(way: str, args: argparse.Namespace) -> None:
    """Do the work of one row and print what it took."""
    if way == "studio":
        seconds, size = run_studio(args.count, args.cores, args.placement)
    else:
        run = run_chromium if way == "chromium" else run_pictex
        seconds, size = run(args.folder, args.count)
    told = {"way": way, "count": args.count, "seconds": seconds}
    print(json.dumps({**told, "kilobytes": size / args.count / 1000}))


def main() -> None:
    """Command line."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--pictex", default="", help="python of an environment with pictex")
    parser.add_argument("--growth", type=int, default=GROWTH[-1], help="largest campaign")
    parser.add_argument("--count", type=int, default=COUNT)
    parser.add_argument("--rounds", type=int, default=2)
    parser.add_argument("--folder", type=Path, default=Path("/tmp/studio-imaging-bench"))
    parser.add_argument("--worker", default="", help=argparse.SUPPRESS)
    parser.add_argument("--cores", type=int, default=1, help=argparse.SUPPRESS)
    parser.add_argument("--placement", default="meta_feed_1x1", help=argparse.SUPPRESS)
    args = parser.parse_args()
    if args.worker:
        worker(args.worker, args)
        return
    sys.path.insert(0, str(ROOT))
    args.folder.mkdir(parents=True, exist_ok=True)
    prepare(args.folder, 24)
    TABLE.write_text(report(args), encoding="utf-8")
    print(TABLE.read_text("utf-8"))


def report(args: argparse.Namespace) -> str:
    """Measure everything and write it as Markdown."""
    ways = [("studio", sys.executable), ("chromium", sys.executable)]
    if args.pictex:
        ways.append(("pictex", args.pictex))
    base = ["--count", str(args.count), "--folder", str(args.folder)]
    rows = [
        measured([way, *base], cores=cores, python=python)
        for _ in range(args.rounds)
        for cores in (1, 2)
        for way, python in ways
    ]
    from studio.platforms.specs import load_placements

    placements = {
        name: measured(
            ["studio", "--count", "12", "--placement", name, "--folder", str(args.folder)],
            cores=1,
        )
        for name in load_placements()
    }
    sizes = [size for size in (*GROWTH, 10_000) if size <= args.growth]
    growth = [
        measured(["studio", "--count", str(size), "--folder", str(args.folder)], cores=2)
        for size in sizes
    ]
    return "\n".join(
        [
            "# Finished creatives per second",
            "",
            f"    python benchmarks/imaging/creatives.py --growth {args.growth}"
            + (" --pictex PYTHON" if args.pictex else ""),
            "",
            f"{platform.machine()}, {os.cpu_count()} cores, Python "
            f"{platform.python_version()}; "
            f"{args.count} ads a row, the better of {args.rounds} rounds that take turns; "
            f"load {os.getloadavg()[0]:.1f} at the end. What each row does: creatives.py.",
            "",
            "| way | cores | ads per second | ratio to Chromium | KB a file | peak MB |",
            "|---|---|---|---|---|---|",
            *compared(rows),
            "",
            "Studio by placement, one core:",
            "",
            "| placement | ms an ad | KB a file |",
            "|---|---|---|",
            *(
                f"| {name} | {1000 / row.rate:.0f} | {row.kilobytes:.0f} |"
                for name, row in placements.items()
            ),
            "",
            "Studio by size of the campaign, two cores, 1080 × 1080 px:",
            "",
            "| ads | ads per second | seconds | peak MB |",
            "|---|---|---|---|",
            *(
                f"| {row.count:,} | {row.rate:.2f} | {row.seconds:.0f} | {row.peak_mb:.0f} |"
                for row in growth
            ),
            "",
        ]
    )


def compared(rows: list[Row]) -> Iterator[str]:
    """The better of each way's rounds."""
    for cores in (1, 2):
        best = {
            way: max(
                (row for row in rows if (row.way, row.cores) == (way, cores)),
                key=lambda row: row.rate,
            )
            for way in dict.fromkeys(row.way for row in rows)
        }
        for way, row in best.items():
            ratio = row.rate / best["chromium"].rate
            yield (
                f"| {way} | {cores} | {row.rate:.2f} | {ratio:.2f} | {row.kilobytes:.0f} | "
                f"{row.peak_mb:.0f} |"
            )


if __name__ == "__main__":
    main()
