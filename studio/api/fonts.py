"""The typefaces of the pages, from installed font packages, so that no page asks elsewhere."""

from __future__ import annotations

from functools import cache
from importlib.resources import files
from pathlib import Path

import fontpkg
from fastapi import APIRouter, HTTPException
from fastapi.responses import FileResponse

FAMILIES = {"sans": "dm-sans", "arabic": "ibm-plex-sans-arabic"}
"""Name in addresses, and the font package it stands for."""
HAN_PACKAGE, HAN_FILE = "justmytype_intl_cjk", "fonts/ofl/notosansjp/NotoSansJP[wght].ttf"


@cache
def font_file(name: str) -> Path | None:
    """The typeface of that name, if its package is installed."""
    try:
        path = _han() if name == "han" else Path(fontpkg.path(FAMILIES[name]))
    except (KeyError, ModuleNotFoundError, fontpkg.FontpkgError):
        return None
    return path if path.is_file() else None


def _han() -> Path:
    return Path(str(files(HAN_PACKAGE).joinpath(HAN_FILE)))


def create_router() -> APIRouter:
    """Route `/fonts`."""
    router = APIRouter(include_in_schema=False)

    @router.get("/fonts/{name}")
    def font(name: str) -> FileResponse:
        path = font_file(name)
        if path is None:
            raise HTTPException(404, "No such typeface.")
        lasting = {"Cache-Control": "public, max-age=31536000"}
        return FileResponse(path, media_type="font/ttf", headers=lasting)

    return router
