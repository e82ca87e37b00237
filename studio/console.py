"""Progress of long work on a terminal."""

from __future__ import annotations

import threading
import uuid

from rich.console import Console
from rich.markup import escape
from rich.progress import (
    BarColumn,
    MofNCompleteColumn,
    Progress,
    TextColumn,
    TimeRemainingColumn,
)

from studio.app import Studio
from studio.domain.job import Job, JobState
from studio.errors import PermanentError

POLL_S = 0.2


def progress_bar(console: Console) -> Progress:
    """A bar with count, time left and what is being done."""
    return Progress(
        TextColumn("{task.description:<12}"),
        BarColumn(bar_width=32),
        MofNCompleteColumn(),
        TimeRemainingColumn(compact=True),
        TextColumn("[dim]{task.fields[note]}"),
        console=console,
    )


def follow_generation(studio: Studio, slug: str, console: Console) -> Job:
    """Work off the campaign's job here, or watch another process do it, until it ends.

    Raises `PermanentError` if some creatives could not be made.
    """
    stop = threading.Event()
    thread = threading.Thread(target=_work, args=(studio, stop), name="generate", daemon=True)
    thread.start()
    try:
        with progress_bar(console) as bar:
            task = bar.add_task("generate", total=None, note="")
            while not (job := _job(studio, slug)).state.ended:
                bar.update(
                    task,
                    completed=job.units_done,
                    total=job.units_total or None,
                    note=escape(job.message),
                )
                thread.join(POLL_S)
            bar.update(task, completed=job.units_done, total=job.units_total, note="")
    finally:
        stop.set()
        thread.join()
    if job.state is not JobState.DONE:
        raise PermanentError(f"{slug}: generation {job.state}. {job.message}")
    return job


def _work(studio: Studio, stop: threading.Event) -> None:
    worker = f"cli-{uuid.uuid4().hex[:8]}"
    while not stop.is_set():
        if not studio.generator.work_once(worker, stop):
            stop.wait(POLL_S)


def _job(studio: Studio, slug: str) -> Job:
    job = studio.generator.latest(slug)
    if job is None:
        raise PermanentError(f"{slug}: there is no generation job.")
    return job
