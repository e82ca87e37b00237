"""Take the README's screenshots: `make shots` drives the real pages on the demo campaign."""

from __future__ import annotations

import os
import shutil
import socket
import subprocess
import sys
import tempfile
import time
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from io import BytesIO
from pathlib import Path

from PIL import Image
from playwright.sync_api import Page, sync_playwright

IMAGES = Path(__file__).parent / "images"
SLUG = "smartchef-launch"
SIZE = {"width": 1440, "height": 900}
LARGEST_BYTES = 300_000
"""Larger pictures are reduced to 256 colours."""
START_WITHIN_S = 90
PATIENCE_MS = 120_000


def main() -> None:
    """Make sure that the demo has run, then picture its pages."""
    data = Path(os.environ.get("STUDIO_DATA_DIR", "studio-data"))
    if not (data / "rehearsals" / f"{SLUG}.json").is_file():
        subprocess.run([sys.executable, "-m", "studio", "demo", "--no-serve"], check=True)
    IMAGES.mkdir(exist_ok=True)
    executable = os.environ.get("STUDIO_CHROMIUM") or shutil.which("chromium")
    if executable is None:
        sys.exit("Chromium is missing: run make test once, or set STUDIO_CHROMIUM.")
    with sync_playwright() as playwright, tempfile.TemporaryDirectory() as empty:
        browser = playwright.chromium.launch(executable_path=executable, args=["--no-sandbox"])
        page = browser.new_page(viewport=SIZE)
        page.set_default_timeout(PATIENCE_MS)
        with serving(data, Path("campaigns")) as address:
            finished_campaign(page, address)
        with serving(Path(empty) / "data", Path(empty) / "campaigns") as address:
            running_generation(page, address, Path(empty) / "campaigns")
        browser.close()


def finished_campaign(page: Page, address: str) -> None:
    """Campaigns, brief, review and spend of the demo."""
    page.goto(address)
    page.locator(".campaign .cover img").first.wait_for()
    shoot(page, "campaigns")
    page.goto(f"{address}/brief?campaign={SLUG}")
    page.locator("#brief-problems .verdict").wait_for()
    shoot(page, "brief")
    page.goto(f"{address}/review?campaign={SLUG}")
    page.get_by_label("Market", exact=True).select_option("ar-SA")
    page.get_by_label("Placement", exact=True).select_option("meta_feed_4x5")
    page.locator(".ad img").wait_for()
    shoot(page, "review")
    page.goto(f"{address}/spend?campaign={SLUG}")
    page.locator("#spend-moves .move").first.wait_for()
    shoot(page, "spend")
    page.locator("#spend-moves").evaluate("node => node.scrollIntoView()")
    shoot(page, "reasons")


def running_generation(page: Page, address: str, campaigns: Path) -> None:
    """The demo's generation in the middle, in a studio of its own."""
    source = Path(__file__).parents[1] / "campaigns" / SLUG
    shutil.copytree(source, campaigns / SLUG, ignore=shutil.ignore_patterns("results"))
    page.goto(f"{address}/brief?campaign={SLUG}")
    page.locator("#brief-problems .verdict.is-good").wait_for()
    page.get_by_role("button", name="Save", exact=True).click()
    page.get_by_role("link", name="Generate ads").wait_for()
    page.goto(f"{address}/generate?campaign={SLUG}")
    page.get_by_role("button", name="Generate", exact=True).click()
    page.locator("#finished-ads .tile").nth(16).wait_for()
    shoot(page, "generate")
    page.get_by_role("button", name="Stop", exact=True).click()


def shoot(page: Page, name: str) -> None:
    """Picture the window when everything in it has come, small enough to commit."""
    page.wait_for_function(
        "[...document.images].filter(image => image.getBoundingClientRect().top < innerHeight)"
        ".every(image => image.complete && image.naturalWidth > 0)"
    )
    page.evaluate("document.fonts.ready")
    page.wait_for_timeout(600)
    with Image.open(BytesIO(page.screenshot())) as image:
        whole = image.convert("RGB")
    out = BytesIO()
    whole.save(out, "PNG", optimize=True)
    if len(out.getvalue()) > LARGEST_BYTES:
        out = BytesIO()
        whole.quantize(256, dither=Image.Dither.FLOYDSTEINBERG).save(out, "PNG", optimize=True)
    (IMAGES / f"{name}.png").write_bytes(out.getvalue())


@contextmanager
def serving(data: Path, campaigns: Path) -> Iterator[str]:
    """The studio without sign-in on a free port."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    process = subprocess.Popen(
        [sys.executable, "-m", "studio", "serve", "--no-auth", "--port", str(port)],
        env=os.environ | {"STUDIO_DATA_DIR": str(data), "STUDIO_CAMPAIGNS_DIR": str(campaigns)},
        stdout=subprocess.DEVNULL,
    )
    try:
        address = f"http://127.0.0.1:{port}"
        deadline = time.monotonic() + START_WITHIN_S
        while time.monotonic() < deadline:
            with suppress(OSError), urllib.request.urlopen(f"{address}/health", timeout=5):
                break
            time.sleep(0.3)
        yield address
    finally:
        process.terminate()
        process.wait(timeout=30)


if __name__ == "__main__":
    main()
