"""Processes of their own, as a worker and a server are: nothing is done twice."""

from __future__ import annotations

import subprocess
import sys
from collections import Counter

import pytest
from sqlalchemy import Engine

from studio.domain.job import JobId
from studio.store.repository import Repository
from tests.contracts.repository import a_job
from tests.examples import NOON, a_brief

CLAIMS = """
import sys
from datetime import datetime, UTC
from studio.store.database import open_database
from studio.store.repository import Repository
repository = Repository(open_database(sys.argv[1]))
now = datetime.fromisoformat(sys.argv[3])
sys.stdin.read(1)
while job := repository.claim(sys.argv[2], now=now, stale_after_s=60):
    print(job.id)
"""


@pytest.mark.parametrize("kind", ["sqlite_engine", "postgresql_engine"])
def test_two_processes_share_the_jobs_without_overlap(
    kind: str, request: pytest.FixtureRequest
) -> None:
    engine: Engine = request.getfixturevalue(kind)
    repository = Repository(engine)
    repository.save_brief(a_brief(), "", by="mara", at=NOON)
    names = [f"j{number}" for number in range(30)]
    for name in names:
        repository.enqueue(a_job(name))
    url = engine.url.render_as_string(hide_password=False)
    workers = [
        subprocess.Popen(
            [sys.executable, "-c", CLAIMS, url, name, NOON.isoformat()],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )
        for name in ("w1", "w2")
    ]
    for worker in workers:
        assert worker.stdin is not None
        worker.stdin.write("\n")
        worker.stdin.flush()
    claimed = [worker.communicate(timeout=60)[0].split() for worker in workers]
    assert Counter(claimed[0] + claimed[1]) == Counter(names)
    assert repository.claim("w3", now=NOON, stale_after_s=60) is None
    assert repository.job(JobId("j0")).beat_at == NOON
