"""A studio in a folder with one live campaign, for what serves its ads."""

from __future__ import annotations

import atexit
import shutil
import tempfile
from dataclasses import replace
from datetime import UTC, datetime
from functools import cache
from pathlib import Path

from studio.app import Studio
from studio.domain.creative import Creative, CreativeId, Status
from studio.domain.job import JobId, UnitResult
from studio.settings import Settings
from studio.store.database import migrate, open_database
from studio.store.repository import Repository
from tests.contracts.repository import a_job
from tests.examples import DE, NOON, US, a_brief, a_creative

ANGLES = ("time_saved", "craft", "family", "value")


def live_creatives(
    *, ideas: int, placements: tuple[str, ...] = ("meta_feed_1x1",)
) -> list[Creative]:
    """`ideas` creatives in each cell of two markets."""
    return [
        replace(
            a_creative(),
            id=CreativeId(f"rice.{market}.v{idea}.{placement}"),
            market=market,
            placement=placement,
            variant=f"v{idea}",
            attributes={"angle": ANGLES[idea % len(ANGLES)], "tone": "ab"[idea % 2]},
            landing_url=f"https://smartchef.example/{market}",
            status=Status.LIVE,
        )
        for market in (US, DE)
        for placement in placements
        for idea in range(ideas)
    ]


def filled(repository: Repository, creatives: list[Creative]) -> Repository:
    """With one campaign of these creatives."""
    repository.save_brief(a_brief(), "", by="mara", at=NOON)
    repository.enqueue(a_job("made"))
    unit = UnitResult(key="made", creative_ids=tuple(it.id for it in creatives), seconds=0.0)
    repository.record_unit(JobId("made"), unit, creatives, {})
    return repository


def a_studio(folder: Path, *, ideas: int = 3, **settings: object) -> Studio:
    """A studio whose campaign `rice` is live in en-US and de-DE."""
    shutil.copytree(template(ideas), folder / "data")
    return Studio(Settings(data_dir=folder / "data", **settings))  # type: ignore[arg-type]


@cache
def template(ideas: int) -> Path:
    """The folder of such a studio, made once, to be copied."""
    folder = Path(tempfile.mkdtemp(prefix="studio-serving-"))
    atexit.register(shutil.rmtree, folder)
    engine = open_database(f"sqlite:///{folder / 'studio.db'}")
    migrate(engine)
    filled(Repository(engine), live_creatives(ideas=ideas))
    engine.dispose()
    return folder


def noon() -> datetime:
    """A day into the campaign."""
    return datetime(2026, 12, 2, 12, tzinfo=UTC)
