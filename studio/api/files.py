"""Pictures, films, export archives and reports, for people who signed in."""

from __future__ import annotations

import os
import re
from io import BytesIO
from pathlib import Path
from tempfile import NamedTemporaryFile
from typing import Protocol

from fastapi import APIRouter, HTTPException
from fastapi.responses import FileResponse
from PIL import Image

from studio.domain.brief import checked_slug
from studio.errors import InputError, NotFound

SHA256_PATTERN = re.compile(r"[0-9a-f]{64}")
WIDTHS_PX = (96, 160, 320, 640, 960)
"""Thumbnails are made in these widths only; others are rounded up."""
SIGNATURES = {
    (0, b"\xff\xd8\xff"): "image/jpeg",
    (0, b"\x89PNG\r\n\x1a\n"): "image/png",
    (4, b"ftyp"): "video/mp4",
    (0, b"WEBVTT"): "text/vtt; charset=utf-8",
}
"""Where a kind of file begins with what."""
FOREVER = {"Cache-Control": "private, max-age=31536000, immutable"}


class BlobFiles(Protocol):
    """The part of `studio.store.blobs` that serving needs."""

    def path(self, sha256: str, /) -> Path: ...


def create_router(
    blobs: BlobFiles, *, exports: Path, reports: Path, thumbnails: Path
) -> APIRouter:
    """Routes `/files`, `/exports` and `/reports`."""
    router = APIRouter(include_in_schema=False)

    @router.get("/files/{sha256}")
    def picture(sha256: str, width: int | None = None) -> FileResponse:
        original = _picture_path(blobs, sha256)
        headers = FOREVER | {"ETag": f'"{sha256}-{width or "full"}"'}
        if width is None:
            return FileResponse(original, media_type=_media_type(original), headers=headers)
        if not _media_type(original).startswith("image/"):
            raise HTTPException(404, "Only pictures have thumbnails.")
        small = thumbnail(original, width=width, folder=thumbnails)
        return FileResponse(small, media_type="image/webp", headers=headers)

    @router.get("/exports/{slug}.zip")
    def archive(slug: str) -> FileResponse:
        path = _named(exports, slug, ".zip")
        return FileResponse(path, media_type="application/zip", filename=path.name)

    @router.get("/reports/{slug}")
    def report(slug: str) -> FileResponse:
        return FileResponse(_named(reports, slug, ".html"), media_type="text/html")

    return router


def thumbnail(original: Path, *, width: int, folder: Path) -> Path:
    """A WebP of at most `width` pixels across, made once and kept in `folder`."""
    width_px = next((known for known in WIDTHS_PX if known >= width), WIDTHS_PX[-1])
    small = folder / f"{original.name}-{width_px}.webp"
    if small.exists():
        return small
    folder.mkdir(parents=True, exist_ok=True)
    with Image.open(original) as image:
        image.draft("RGB", (width_px, width_px * 2))
        image.thumbnail((width_px, width_px * 8), Image.Resampling.LANCZOS)
        out = BytesIO()
        image.save(out, "WEBP", quality=82, method=3)
    with NamedTemporaryFile(dir=folder, delete=False) as unfinished:
        unfinished.write(out.getvalue())
    os.replace(unfinished.name, small)
    return small


def _picture_path(blobs: BlobFiles, sha256: str) -> Path:
    if not SHA256_PATTERN.fullmatch(sha256):
        raise HTTPException(404, "No such picture.")
    try:
        path = blobs.path(sha256)
    except NotFound as error:
        raise HTTPException(404, "No such picture.") from error
    if not path.is_file() or not _media_type(path):
        raise HTTPException(404, "No such picture.")
    return path


def _media_type(path: Path) -> str:
    """By the file's first bytes; empty for everything that isn't a file of an ad."""
    with path.open("rb") as file:
        start = file.read(8)
    return next(
        (kind for (at, mark), kind in SIGNATURES.items() if start.startswith(mark, at)), ""
    )


def _named(folder: Path, slug: str, suffix: str) -> Path:
    try:
        path = folder / f"{checked_slug(slug)}{suffix}"
    except InputError as error:
        raise HTTPException(404, "No such campaign.") from error
    if not path.is_file():
        raise HTTPException(404, f"Nothing has been written for {slug} yet.")
    return path
