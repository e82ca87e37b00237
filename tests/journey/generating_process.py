"""A process that generates a campaign and writes down each variant it starts and finishes.

Run by the kill-and-resume test: DATA_DIR CAMPAIGNS_DIR LOG SLUG.
"""

from __future__ import annotations

import os
import sys
import time
from dataclasses import dataclass, replace
from pathlib import Path

from studio.app import Studio
from studio.copywriting.model import CopyRequest, TextModel
from studio.domain.creative import Copy, Role
from studio.domain.person import Person
from studio.settings import Settings

PAUSE_S = 0.15
"""Makes sure that the test can strike in the middle."""


@dataclass(frozen=True)
class NotingModel:
    """Notes every request, durably, before it is answered."""

    inner: TextModel
    log: Path
    name: str = "phrasebook"

    def write(self, request: CopyRequest) -> Copy:
        with self.log.open("a") as out:
            out.write(f"{request.pack.market.locale} {request.variant}\n")
            out.flush()
            os.fsync(out.fileno())
        time.sleep(PAUSE_S)
        return self.inner.write(request)

    def fingerprint(self, request: CopyRequest) -> str:
        return self.inner.fingerprint(request)


def main(data_dir: str, campaigns_dir: str, log: str, slug: str) -> None:
    settings = Settings(data_dir=Path(data_dir), campaigns_dir=Path(campaigns_dir), workers=2)
    studio = Studio(settings)
    person = Person(name="tester", role=Role.ADMIN)
    studio.briefs.load(slug, person)
    generator = replace(studio.generator, text_model=NotingModel(studio.text_model, Path(log)))
    job = generator.enqueue(slug, person)
    while not studio.repository.job(job.id).state.ended:
        if not generator.work_once("tester-" + str(os.getpid())):
            time.sleep(0.2)


if __name__ == "__main__":
    main(*sys.argv[1:])
