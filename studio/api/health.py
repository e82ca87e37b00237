"""Whether the server can work, for load balancers and `studio doctor`; no secrets."""

from __future__ import annotations

import platform
from collections.abc import Callable

from fastapi import APIRouter
from fastapi.responses import JSONResponse

import studio


def create_router(database_opens: Callable[[], bool]) -> APIRouter:
    """Route `/health`: 200 while the database answers, else 503."""
    router = APIRouter()

    @router.get("/health")
    def health() -> JSONResponse:
        opens = database_opens()
        state = {
            "status": "ok" if opens else "database doesn't open",
            "studio": studio.__version__,
            "python": platform.python_version(),
        }
        return JSONResponse(state, status_code=200 if opens else 503)

    return router
