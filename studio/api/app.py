"""The FastAPI application that the pages are mounted in."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from fastapi import FastAPI
from starlette.middleware.sessions import SessionMiddleware

from studio.api import files, fonts, health, signin
from studio.api.files import BlobFiles
from studio.api.guard import FailureLimit, Gate
from studio.api.identity import Identity

SESSION_S = 12 * 3600


@dataclass(frozen=True, slots=True, kw_only=True)
class ApiServices:
    """What the application serves, and to whom."""

    identity: Identity
    blobs: BlobFiles
    exports: Path
    """Folder of `<slug>.zip`."""
    reports: Path
    """Folder of `<slug>.html`."""
    thumbnails: Path
    """Folder that may be emptied at any time."""
    session_secret: str
    database_opens: Callable[[], bool]


def create_api(services: ApiServices) -> FastAPI:
    """Sign-in, files and health, behind the gate that also guards what is mounted later."""
    app = FastAPI(title="Studio", docs_url=None, redoc_url=None, openapi_url=None)
    app.include_router(signin.create_router(services.identity, limit=FailureLimit()))
    app.include_router(
        files.create_router(
            services.blobs,
            exports=services.exports,
            reports=services.reports,
            thumbnails=services.thumbnails,
        )
    )
    app.include_router(fonts.create_router())
    app.include_router(health.create_router(services.database_opens))
    app.add_middleware(Gate, identity=services.identity)
    app.add_middleware(
        SessionMiddleware,
        secret_key=services.session_secret,
        session_cookie="studio_session",
        max_age=SESSION_S,
        same_site="lax",
    )
    return app
