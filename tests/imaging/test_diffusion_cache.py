"""The cache saves time and nothing else: it is whole, bounded and never in the way."""

from __future__ import annotations

import os
from pathlib import Path

import numpy as np
import pytest

from studio.errors import PermanentError
from studio.imaging.diffusion_cache import Painting, PaintingCache

KEYS = [f"{digit}" * 64 for digit in "abcd"]


def a_painting(seed: int = 1) -> Painting:
    pixels = np.random.default_rng(seed).integers(0, 255, (40, 50, 3), np.uint8)
    return Painting(pixels, "around")


def test_a_painting_comes_back_as_it_was(tmp_path: Path) -> None:
    cache = PaintingCache(tmp_path)
    assert cache.get(KEYS[0]) is None
    cache.put(KEYS[0], a_painting())
    kept = cache.get(KEYS[0])
    assert kept is not None
    assert np.array_equal(kept.pixels, a_painting().pixels)
    assert kept.view == "around"
    assert not list(tmp_path.rglob("*.part"))


@pytest.mark.parametrize("content", [b"", b"no picture", b"\x89PNG\r\n\x1a\n" + b"\0" * 40])
def test_a_damaged_file_is_painted_again(tmp_path: Path, content: bytes) -> None:
    cache = PaintingCache(tmp_path)
    cache.put(KEYS[0], a_painting())
    (file,) = tmp_path.rglob("*.png")
    file.write_bytes(content)
    assert cache.get(KEYS[0]) is None
    assert not cache.has(KEYS[0])


def test_a_file_cut_off_in_the_middle_is_painted_again(tmp_path: Path) -> None:
    cache = PaintingCache(tmp_path)
    cache.put(KEYS[0], a_painting())
    (file,) = tmp_path.rglob("*.png")
    file.write_bytes(file.read_bytes()[:-3000])
    assert cache.get(KEYS[0]) is None


def test_the_least_recently_used_make_room(tmp_path: Path) -> None:
    """A painting of noise takes 6 kB; 15 kB have room for two, and reading counts as use."""
    cache = PaintingCache(tmp_path, most_bytes=15_000)
    for age, key in ((30, KEYS[0]), (20, KEYS[1])):
        cache.put(key, a_painting())
        (file,) = tmp_path.glob(f"*/{key}.png")
        assert 5_500 < file.stat().st_size < 7_500
        long_ago = file.stat().st_mtime - age
        os.utime(file, (long_ago, long_ago))
    assert cache.get(KEYS[0]) is not None
    cache.put(KEYS[2], a_painting())
    assert [cache.has(key) for key in KEYS[:3]] == [True, False, True]


def test_the_newest_stays_even_when_it_alone_is_too_large(tmp_path: Path) -> None:
    cache = PaintingCache(tmp_path, most_bytes=10)
    for key in KEYS[:2]:
        cache.put(key, a_painting())
    assert sum(cache.has(key) for key in KEYS[:2]) == 1


def test_a_folder_that_cant_be_written_only_costs_time(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    (tmp_path / "file").write_text("in the way")
    cache = PaintingCache(tmp_path / "file")
    cache.put(KEYS[0], a_painting())
    assert "wasn't kept" in caplog.text
    assert cache.get(KEYS[0]) is None


def test_a_cache_without_room_is_refused(tmp_path: Path) -> None:
    with pytest.raises(PermanentError, match="keeps nothing"):
        PaintingCache(tmp_path, most_bytes=0)
