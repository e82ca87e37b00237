"""The web server: sign-in, files and pages over one studio, with a worker beside them."""

from __future__ import annotations

import asyncio
import logging
import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager

import uvicorn
from fastapi import FastAPI

from studio.api.app import ApiServices, create_api
from studio.api.guard import require_loopback
from studio.api.identity import Identity
from studio.app import Studio
from studio.errors import InputError, StudioError
from studio.ui.services import Services
from studio.ui.shell import mount
from studio.workflows.generate import Generator, run_worker

PORTS_TRIED = 20


def create_server(studio: Studio, *, auth: bool = True) -> FastAPI:
    """Everything that answers over HTTP. auth=False: whoever connects is the local admin."""
    identity = Identity(studio.accounts, required=auth)
    data = studio.settings.data_dir.resolve()
    server = create_api(
        ApiServices(
            identity=identity,
            blobs=studio.blobs,
            exports=data / "exports",
            reports=data / "reports",
            thumbnails=data / "cache" / "thumbnails",
            session_secret=studio.session_secret,
            database_opens=lambda: _opens(studio),
        )
    )
    return mount(server, page_services(studio, identity), leaves=auth)


def page_services(studio: Studio, identity: Identity) -> Services:
    """What the pages work with."""
    return Services(
        sign_in=identity,
        briefs=studio.briefs,
        photos=studio.photos,
        generator=studio.generator,
        reviews=studio.reviews,
        film_desk=studio.film_desk,
        publisher=studio.publisher,
        importer=studio.importer,
        learner=studio.learner,
        limit_costs=studio.limit_costs,
        accounts=studio.accounts,
        store=studio.repository,
        library=studio.library,
        placements=studio.placements,
        rehearsal=studio.rehearsal,
        reporter=studio.reporter,
        report_file=studio.report_file,
    )


def serve(studio: Studio, *, host: str, port: int, auth: bool = True) -> None:
    """Serve until interrupted; a worker does the generation jobs meanwhile."""
    if not auth:
        require_loopback(host)
    server = create_server(studio, auth=auth)
    logging.getLogger("uvicorn.error").addFilter(_says_more_than_cancelled)
    with working(studio.generator):
        uvicorn.run(
            server, host=host, port=port, log_level="warning", access_log=False,
            # Open pages listen for ever; stopping must not wait for them.
            timeout_graceful_shutdown=2,
        )  # fmt: skip


def free_port(host: str, wanted: int) -> int:
    """`wanted`, or the next port after it that nobody listens on."""
    for port in range(wanted, wanted + PORTS_TRIED):
        with socket.socket() as probe:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            try:
                probe.bind((host, port))
            except OSError:
                continue
            return port
    raise InputError(
        f"Ports {wanted} to {wanted + PORTS_TRIED - 1} on {host} are all taken; choose --port."
    )


@contextmanager
def working(generator: Generator) -> Iterator[None]:
    """A worker in the background while the block runs."""
    stop = threading.Event()
    worker = threading.Thread(target=run_worker, args=(generator, stop), name="worker")
    worker.start()
    try:
        yield
    finally:
        stop.set()
        worker.join()


def _says_more_than_cancelled(record: logging.LogRecord) -> bool:
    """False for what is logged when stopping cuts off pages that listen."""
    cancelled = record.exc_info and isinstance(record.exc_info[1], asyncio.CancelledError)
    return not cancelled and "graceful shutdown exceeded" not in record.getMessage()


def _opens(studio: Studio) -> bool:
    try:
        studio.repository.users()
    except StudioError:
        return False
    return True
