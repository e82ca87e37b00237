"""Keys are made once, only their owner reads them, and one before the last stays."""

from __future__ import annotations

import stat
import threading
from pathlib import Path

from studio.store.keys import add_key, read_keys


def test_the_first_key_is_made_once(tmp_path: Path) -> None:
    file = tmp_path / "data" / "keys"
    (key,) = read_keys(file)
    assert len(key) >= 48
    assert read_keys(file) == (key,)
    assert stat.S_IMODE(file.stat().st_mode) == 0o600


def test_whoever_starts_at_once_gets_the_same_key(tmp_path: Path) -> None:
    found: list[tuple[str, ...]] = []
    threads = [
        threading.Thread(target=lambda: found.append(read_keys(tmp_path / "keys")))
        for _ in range(16)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(set(found)) == 1
    assert [each.name for each in tmp_path.iterdir()] == ["keys"]


def test_a_new_key_comes_last_and_the_one_before_stays(tmp_path: Path) -> None:
    file = tmp_path / "keys"
    (first,) = read_keys(file)
    old, second = add_key(file)
    assert old == first != second
    assert add_key(file)[0] == second
    assert first not in read_keys(file)
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
