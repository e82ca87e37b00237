"""A blob is there as a whole, under the name of its content, or not at all."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from hashlib import sha256
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from studio.errors import InputError, NotFound, PermanentError
from studio.store.blobs import Blobs

PICTURE = b"\x89PNG" + bytes(range(256)) * 400


@pytest.fixture
def blobs(tmp_path: Path) -> Blobs:
    return Blobs(tmp_path / "blobs")


def test_making_a_store_makes_no_folder(blobs: Blobs, tmp_path: Path) -> None:
    assert not blobs.has("0" * 64)
    assert not list(tmp_path.iterdir())


@settings(
    max_examples=20, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(st.binary(max_size=200))
def test_what_was_put_comes_back_under_its_hash(blobs: Blobs, content: bytes) -> None:
    name = blobs.put(content)
    assert name == sha256(content).hexdigest()
    assert blobs.has(name)
    assert blobs.get(name) == content
    assert blobs.path(name).read_bytes() == content


def test_putting_the_same_twice_keeps_one_file(blobs: Blobs, tmp_path: Path) -> None:
    first = blobs.put(PICTURE)
    written = blobs.path(first).stat().st_mtime_ns
    assert blobs.put(PICTURE) == first
    assert files(tmp_path) == [blobs.path(first)]
    assert blobs.path(first).stat().st_mtime_ns == written


def test_many_may_put_the_same_at_once(blobs: Blobs, tmp_path: Path) -> None:
    with ThreadPoolExecutor(8) as pool:
        names = set(pool.map(blobs.put, [PICTURE] * 40))
    assert names == {sha256(PICTURE).hexdigest()}
    assert files(tmp_path) == [blobs.path(names.pop())]


def test_a_crash_before_the_rename_leaves_no_half_blob(
    blobs: Blobs, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    class PowerCut(BaseException):
        """Nothing after it runs, not even what tidies up."""

    def cut(*_: object, **__: object) -> None:
        raise PowerCut

    with monkeypatch.context() as cut_off:
        cut_off.setattr(Path, "replace", cut)
        cut_off.setattr(Path, "unlink", cut)
        with pytest.raises(PowerCut):
            blobs.put(PICTURE)
    name = sha256(PICTURE).hexdigest()
    (left,) = files(tmp_path)
    assert left.suffix == ".part"
    assert not blobs.has(name)
    with pytest.raises(NotFound, match=name):
        blobs.get(name)
    assert blobs.put(PICTURE) == name
    assert blobs.get(name) == PICTURE


def test_a_failed_write_leaves_nothing(
    blobs: Blobs, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(*_: object) -> None:
        raise OSError(28, "No space left on device")

    with monkeypatch.context() as disk:
        disk.setattr("os.fsync", full)
        with pytest.raises(PermanentError, match="blobs: No space left on device"):
            blobs.put(PICTURE)
    assert files(tmp_path) == []


def test_a_damaged_blob_is_never_handed_out_and_heals(blobs: Blobs) -> None:
    name = blobs.put(PICTURE)
    blobs.path(name).write_bytes(b"x" * len(PICTURE))
    with pytest.raises(PermanentError, match=r"was changed or damaged. Delete it"):
        blobs.get(name)
    blobs.put(PICTURE)
    assert blobs.get(name) == PICTURE


@pytest.mark.parametrize("name", ["", "../" * 3 + "etc/passwd", "A" * 64, "a" * 63 + "\n"])
def test_only_hashes_are_names(blobs: Blobs, name: str) -> None:
    for use in (blobs.get, blobs.path, blobs.has):
        with pytest.raises(InputError, match="names no file"):
            use(name)


def test_a_root_that_is_a_file_is_reported(tmp_path: Path) -> None:
    (tmp_path / "blobs").write_text("")
    with pytest.raises(PermanentError, match="Can't keep a file in"):
        Blobs(tmp_path / "blobs").put(PICTURE)


def files(folder: Path) -> list[Path]:
    return sorted(path for path in folder.rglob("*") if path.is_file())
