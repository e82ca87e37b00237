"""The studio as a web server: API, pages and one worker for generation."""

from __future__ import annotations

import ipaddress
import os
import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager

import uvicorn
from rich.console import Console

from studio.app import Studio
from studio.errors import InputError
from studio.workflows.generate import run_worker

PORTS_TRIED = 20


def serve_studio(studio: Studio, console: Console, *, host: str, port: int, auth: bool) -> None:
    """Serve until stopped. The first start prints the admin's one-time password."""
    if not auth:
        require_loopback(host)
    os.environ.setdefault("GRADIO_ANALYTICS_ENABLED", "False")
    password = studio.accounts.first_start() if auth else None
    if password:
        console.print(
            f"First start: sign in as [bold]admin[/] with the one-time password {password}"
        )
    app = studio.web_app(auth=auth)
    sock = free_socket(host, port)
    address = f"http://{host}:{sock.getsockname()[1]}"
    console.print(f"Studio is at [bold]{address}[/] · stop with Ctrl+C")
    server = uvicorn.Server(
        uvicorn.Config(app, log_level="warning", timeout_graceful_shutdown=3)
    )
    with generation_worker(studio):
        server.run(sockets=[sock])


@contextmanager
def generation_worker(studio: Studio) -> Iterator[None]:
    """Work off generation jobs in the background while the block runs."""
    stop = threading.Event()
    thread = threading.Thread(
        target=run_worker, args=(studio.generator, stop), name="generation", daemon=True
    )
    thread.start()
    try:
        yield
    finally:
        stop.set()
        thread.join(timeout=10)


def free_socket(host: str, port: int) -> socket.socket:
    """A listening socket on `port`, or on the next free one."""
    for candidate in range(port, port + PORTS_TRIED):
        sock = socket.socket(socket.AF_INET6 if ":" in host else socket.AF_INET)
        sock.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            sock.bind((host, candidate))
        except OSError:
            sock.close()
            continue
        return sock
    raise InputError(
        f"--port: {port} to {port + PORTS_TRIED - 1} are all taken on {host}; name another."
    )


def require_loopback(host: str) -> None:
    """Refuse to drop sign-in where others can reach the studio."""
    try:
        loopback = host == "localhost" or ipaddress.ip_address(host).is_loopback
    except ValueError:
        loopback = False
    if not loopback:
        raise InputError(
            f"--no-auth works on 127.0.0.1 only, not on {host}: everybody there would be admin."
        )
