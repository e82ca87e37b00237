"""Files go out byte for byte, small on request, and to nobody unknown."""

from __future__ import annotations

import re
from io import BytesIO
from pathlib import Path

import pytest
from fastapi.testclient import TestClient
from PIL import Image

import studio.ui
from studio.api.fonts import font_file
from studio.store.blobs import Blobs

CSS = Path(studio.ui.__file__).parent / "static" / "studio.css"


def test_a_picture_arrives_byte_for_byte(
    marketer: TestClient, blobs: Blobs, picture: str
) -> None:
    answer = marketer.get(f"/files/{picture}")
    assert answer.content == blobs.get(picture)
    assert answer.headers["content-type"] == "image/jpeg"
    assert answer.headers["x-content-type-options"] == "nosniff"
    assert "immutable" in answer.headers["cache-control"]


def test_a_thumbnail_is_as_wide_as_the_next_kept_width_and_made_once(
    marketer: TestClient, picture: str, tmp_path: Path
) -> None:
    answer = marketer.get(f"/files/{picture}?width=150")
    assert Image.open(BytesIO(answer.content)).size == (160, 200)
    (kept,) = (tmp_path / "thumbnails").iterdir()
    made = kept.stat().st_mtime_ns
    assert marketer.get(f"/files/{picture}?width=160").content == answer.content
    assert kept.stat().st_mtime_ns == made


def test_a_thumbnail_never_grows_a_picture(marketer: TestClient, picture: str) -> None:
    answer = marketer.get(f"/files/{picture}?width=5000")
    assert Image.open(BytesIO(answer.content)).size == (400, 500)


@pytest.mark.parametrize("name", ["0" * 64, "..", "%2e%2e%2fstudio.db", "A" * 64])
def test_what_is_no_picture_is_not_found(marketer: TestClient, name: str) -> None:
    assert marketer.get(f"/files/{name}").status_code == 404


def test_a_blob_that_is_no_picture_stays_inside(marketer: TestClient, blobs: Blobs) -> None:
    secret = blobs.put(b'{"inputs": "of a plan"}')
    assert marketer.get(f"/files/{secret}").status_code == 404


def test_an_export_is_sent_under_its_name(marketer: TestClient, tmp_path: Path) -> None:
    assert marketer.get("/exports/rice.zip").status_code == 404
    (tmp_path / "exports").mkdir()
    (tmp_path / "exports" / "rice.zip").write_bytes(b"PK")
    answer = marketer.get("/exports/rice.zip")
    assert answer.content == b"PK"
    assert 'filename="rice.zip"' in answer.headers["content-disposition"]
    assert marketer.get("/exports/..%2Fstudio.zip").status_code == 404


@pytest.mark.parametrize("path", ["/files/" + "0" * 64, "/exports/rice.zip", "/reports/rice"])
def test_strangers_get_nothing(client: TestClient, path: str) -> None:
    assert client.get(path).status_code == 401
    page = client.get(path, headers={"accept": "text/html"})
    assert page.headers["location"] == f"/login?next={path}"


def test_health_answers_everybody_and_tells_no_secret(client: TestClient) -> None:
    answer = client.get("/health")
    assert answer.json()["status"] == "ok"
    assert set(answer.json()) == {"status", "studio", "python"}


def test_every_answer_carries_the_security_headers(client: TestClient) -> None:
    for path in ("/login", "/health", "/nowhere"):
        headers = client.get(path).headers
        assert "frame-ancestors 'none'" in headers["content-security-policy"]
        assert headers["x-frame-options"] == "DENY"


def test_the_pages_typeface_comes_from_here(client: TestClient) -> None:
    assert client.get("/fonts/sans").headers["content-type"] == "font/ttf"
    assert client.get("/fonts/unknown").status_code == 404


def test_every_face_that_the_pages_name_is_served(client: TestClient) -> None:
    """Han letters come in the forms of each region, and no two faces are one file."""
    named = set(re.findall(r'url\("/fonts/([a-z-]+)"\)', CSS.read_text(encoding="utf-8")))
    assert {"sans", "han", "hans", "hant", "hangul", "thai", "devanagari"} <= named
    files = {name: font_file(name) for name in named}
    assert None not in files.values()
    assert len(set(files.values())) == len(named)


def test_a_film_plays_from_the_middle_and_has_subtitles(
    marketer: TestClient, blobs: Blobs
) -> None:
    film = blobs.put(b"\x00\x00\x00\x18ftypisom" + bytes(range(256)))
    part = marketer.get(f"/files/{film}", headers={"Range": "bytes=4-7"})
    assert (part.status_code, part.content) == (206, b"ftyp")
    assert part.headers["content-type"] == "video/mp4"
    words = blobs.put(b"WEBVTT\n\n00:00.000 --> 00:01.000\n\xd9\x86\n")
    answer = marketer.get(f"/files/{words}")
    assert answer.headers["content-type"] == "text/vtt; charset=utf-8"
    assert marketer.get(f"/files/{film}?width=320").status_code == 404
