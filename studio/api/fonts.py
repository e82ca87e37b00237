"""The typefaces of the pages, from installed font packages, so that no page asks elsewhere."""

from __future__ import annotations

from functools import cache
from importlib.resources import files
from pathlib import Path

import fontpkg
from fastapi import APIRouter, HTTPException
from fastapi.responses import FileResponse

FAMILIES = {
    "sans": ("dm-sans", 400),
    "arabic": ("ibm-plex-sans-arabic", 400),
    "devanagari": ("mukta", 400),
    "devanagari-bold": ("mukta", 700),
    "thai": ("sarabun", 400),
    "thai-bold": ("sarabun", 700),
    "vietnamese": ("be-vietnam-pro", 400),
    "vietnamese-bold": ("be-vietnam-pro", 700),
}
"""Name in addresses, and the font package and weight it stands for."""
HAN_PACKAGE = "justmytype_intl_cjk"
HAN_FILES = {
    "han": "notosansjp/NotoSansJP[wght].ttf",
    "hans": "notosanssc/NotoSansSC[wght].ttf",
    "hant": "notosanstc/NotoSansTC[wght].ttf",
    "hangul": "notosanskr/NotoSansKR[wght].ttf",
}
"""The same for Han letters: each region has its own forms of them."""


@cache
def font_file(name: str) -> Path | None:
    """The typeface of that name, if its package is installed."""
    try:
        path = _han(HAN_FILES[name]) if name in HAN_FILES else _family(*FAMILIES[name])
    except (KeyError, ModuleNotFoundError, fontpkg.FontpkgError):
        return None
    return path if path.is_file() else None


def _family(slug: str, weight: int) -> Path:
    return Path(fontpkg.path(slug, weight=weight))


def _han(file: str) -> Path:
    return Path(str(files(HAN_PACKAGE) / "fonts" / "ofl" / file))


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
