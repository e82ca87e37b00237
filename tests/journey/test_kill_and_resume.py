"""A process that is killed in the middle of generation loses nothing that it had finished."""

from __future__ import annotations

import signal
import subprocess
import sys
import time
from collections import Counter
from pathlib import Path

import pytest

from studio.app import Studio
from studio.domain.creative import Creative, CreativeId, Status
from studio.domain.job import JobState
from studio.settings import Settings
from tests.journey.conftest import SMALL_SLUG

PROCESS = Path(__file__).with_name("generating_process.py")
ENOUGH_CREATIVES = 4
PATIENCE_S = 90.0


@pytest.fixture
def settings(small_campaign: Path, tmp_path: Path) -> Settings:
    return Settings(data_dir=tmp_path / "data", campaigns_dir=small_campaign, workers=2)


def start(settings: Settings, log: Path) -> subprocess.Popen[bytes]:
    places = [str(settings.data_dir), str(settings.campaigns_dir), str(log), SMALL_SLUG]
    return subprocess.Popen([sys.executable, str(PROCESS), *places])


def creatives(settings: Settings) -> dict[CreativeId, Creative]:
    if not (settings.data_dir / "studio.db").exists():
        return {}
    found = Studio(settings).repository.creatives(SMALL_SLUG)
    return {creative.id: creative for creative in found}


def killed_in_the_middle(settings: Settings, log: Path) -> dict[CreativeId, Creative]:
    """Start generating, kill the process when some ads are finished, and return those."""
    deadline = time.monotonic() + PATIENCE_S
    process = start(settings, log)
    try:
        while len(creatives(settings)) < ENOUGH_CREATIVES:
            assert process.poll() is None, "the process ended before it could be killed"
            assert time.monotonic() < deadline
            time.sleep(0.05)
    finally:
        process.send_signal(signal.SIGKILL)
        process.wait(10)
    return creatives(settings)


def test_killed_generation_goes_on_where_it_was(settings: Settings, tmp_path: Path) -> None:
    log = tmp_path / "asked.txt"
    before = killed_in_the_middle(settings, log)
    asked_before = log.read_text().splitlines()
    killed = Studio(settings).repository.jobs(SMALL_SLUG)[0]
    assert killed.state is JobState.RUNNING
    assert 0 < len(before) < 12

    assert start(settings, log).wait(PATIENCE_S) == 0

    after = creatives(settings)
    assert len(after) == 12
    assert {name: after[name] for name in before} == before
    assert {each.status for each in after.values()} == {Status.DRAFT}
    finished = {f"{each.market} {each.variant}" for each in before.values()}
    in_hand = set(asked_before) - finished
    assert len(in_hand) <= settings.workers
    asked = Counter(log.read_text().splitlines())
    assert asked == {name: 2 if name in in_hand else 1 for name in asked}
    (ended,) = Studio(settings).repository.jobs(SMALL_SLUG)
    assert ended.id == killed.id
    assert ended.state is JobState.DONE
    assert (ended.units_done, ended.units_total) == (6, 6)
