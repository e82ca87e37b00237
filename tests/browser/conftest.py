"""A real server process on a free port, a real browser, and campaigns made beforehand."""

from __future__ import annotations

import os
import re
import shutil
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from urllib.error import URLError
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Browser, Page, expect, sync_playwright

from studio.app import Studio
from studio.domain.creative import Role
from studio.domain.person import Person, User
from studio.settings import Settings
from studio.workflows.simulate import Rehearsal

DEMO = Path(__file__).parents[2] / "campaigns" / "smartchef-launch" / "brief.yaml"
FRESH, READY = "fresh-launch", "ready-launch"
HOSTILE_TITLE = "Rice <img src=x onerror=window.hacked=1> launch"
PASSWORD = "rice-is-ready-1"
START_WITHIN_S = 60
PATIENCE_MS = 20_000
"""How long a page may take to show what it should; machines that test are busy."""
ADMIN = Person(name="ada", role=Role.ADMIN)
REVIEWER = Person(name="rene", role=Role.REVIEWER)
MARKETER = Person(name="mara", role=Role.MARKETER)
REHEARSED_DAYS = 3


@dataclass(frozen=True)
class Served:
    """Where the studio answers, and what a test must know of it."""

    address: str
    studio: Studio
    first_password: str


@pytest.fixture(scope="session")
def served(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    root = tmp_path_factory.mktemp("served")
    studio = Studio(Settings(data_dir=root / "data", campaigns_dir=root / "campaigns"))
    first_password = studio.accounts.first_start()
    assert first_password
    for person in (ADMIN, REVIEWER, MARKETER):
        password_hash = studio.accounts.hasher.hash(PASSWORD)
        studio.repository.add_user(
            User(name=person.name, role=person.role, password_hash=password_hash)
        )
    write_brief(root / "campaigns" / FRESH, placements="meta_feed_1x1")
    write_brief(root / "campaigns" / READY, placements="meta_feed_1x1, meta_story_9x16")
    studio.briefs.load(FRESH, ADMIN)
    make_ready(studio)
    with serving(studio) as address:
        yield Served(address, studio, first_password)


def write_brief(folder: Path, *, placements: str) -> None:
    """The demo brief with two markets and two variants, and markup in its names."""
    text = DEMO.read_text("utf-8")
    offers_of_others = text[text.index("  - market: de-DE") : text.index("  - market: ar-SA")]
    text = text.replace(offers_of_others, "")
    for pattern, value in {
        r"^title: .*": f"title: '{HOSTILE_TITLE}'",
        r"^  name: SmartChef$": "  name: Smart<b>Chef",
        r"^markets: .*": "markets: [en-US, ar-SA]",
        r"^placements: .*": f"placements: [{placements}]",
        r"^variants_per_market: .*": "variants_per_market: 2",
    }.items():
        text, found = re.subn(pattern, value, text, count=1, flags=re.MULTILINE)
        assert found, pattern
    folder.mkdir(parents=True)
    (folder / "brief.yaml").write_text(text, "utf-8")


def make_ready(studio: Studio) -> None:
    """Eight ads: those for feeds are live with three rehearsed days, the others wait."""
    brief = studio.briefs.load(READY, ADMIN)
    studio.generator.enqueue(READY, ADMIN)
    assert studio.generator.work_once("tests")
    for card in studio.reviews.cards(READY, placement="meta_feed_1x1"):
        creative = card.creative
        studio.reviews.approve(
            creative.id, content_hash=creative.content_hash, person=REVIEWER, reason="fine"
        )
    studio.publisher.export(READY, ADMIN)
    rehearsal = Rehearsal.of(studio.repository, brief)
    assert (
        len(list(rehearsal.run(studio.learner, person=ADMIN, days=REHEARSED_DAYS)))
        == REHEARSED_DAYS
    )


class serving:  # noqa: N801 - a context manager reads as a word
    """The command `studio serve` in its own process, stopped by its id at the end."""

    def __init__(self, studio: Studio) -> None:
        self._studio = studio

    def __enter__(self) -> str:
        with socket.socket() as probe:
            probe.bind(("127.0.0.1", 0))
            port = probe.getsockname()[1]
        settings = self._studio.settings
        self._log = (settings.data_dir / "server.log").open("wb")
        self._process = subprocess.Popen(
            [sys.executable, "-m", "studio", "serve", "--port", str(port)],
            env=os.environ
            | {
                "STUDIO_DATA_DIR": str(settings.data_dir),
                "STUDIO_CAMPAIGNS_DIR": str(settings.campaigns_dir),
            },
            stdout=self._log,
            stderr=self._log,
        )
        address = f"http://127.0.0.1:{port}"
        self._wait_for(address)
        return address

    def __exit__(self, *_: object) -> None:
        self._process.terminate()
        try:
            self._process.wait(timeout=15)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait(timeout=15)
        self._log.close()

    def _wait_for(self, address: str) -> None:
        deadline = time.monotonic() + START_WITHIN_S
        while time.monotonic() < deadline and self._process.poll() is None:
            try:
                with urllib.request.urlopen(f"{address}/health", timeout=5):
                    return
            except (URLError, OSError):
                time.sleep(0.2)
        self.__exit__()
        pytest.fail(f"the server didn't start:\n{Path(self._log.name).read_text('utf-8')}")


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    executable = os.environ.get("STUDIO_CHROMIUM") or shutil.which("chromium")
    if executable is None:
        pytest.fail(
            "These tests need Chromium: run `make test`, which installs it, or set "
            "STUDIO_CHROMIUM to its path."
        )
    expect.set_options(timeout=PATIENCE_MS)
    with sync_playwright() as playwright:
        chromium = playwright.chromium.launch(executable_path=executable, args=["--no-sandbox"])
        yield chromium
        chromium.close()


@pytest.fixture
def visitor(browser: Browser, served: Served) -> Iterator[Page]:
    """A page that nobody signed in on; it may ask no other host for anything."""
    context = browser.new_context(
        base_url=served.address, viewport={"width": 1440, "height": 900}
    )
    context.set_default_timeout(PATIENCE_MS)
    asked: list[str] = []
    context.on("request", lambda request: asked.append(request.url))
    yield context.new_page()
    context.close()
    hosts = {urlsplit(url).hostname for url in asked if url.startswith(("http", "ws"))}
    assert hosts <= {"127.0.0.1"}, hosts


@pytest.fixture
def reviewer(visitor: Page) -> Page:
    return signed_in(visitor, REVIEWER)


@pytest.fixture
def marketer(visitor: Page) -> Page:
    return signed_in(visitor, MARKETER)


@pytest.fixture
def admin(visitor: Page) -> Page:
    return signed_in(visitor, ADMIN)


def signed_in(page: Page, person: Person, password: str = PASSWORD) -> Page:
    """The page after the sign-in form."""
    page.goto("/login")
    page.get_by_label("Name", exact=True).fill(person.name)
    page.get_by_label("Password", exact=True).fill(password)
    page.get_by_role("button", name="Sign in").click()
    return page
