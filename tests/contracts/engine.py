"""What every engine does. A subclass gives the fixture `engine`.

Work is written so that another process can do it too: plain functions, results, files.
"""

from __future__ import annotations

import os
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from studio.engine.model import Engine
from studio.errors import InputError


class EngineContract:
    """Two workers at least, unless the engine is serial."""

    def test_every_item_comes_back_with_its_own_result(self, engine: Engine) -> None:
        assert dict(engine.run(square, range(20))) == {n: n * n for n in range(20)}

    def test_equal_items_are_each_done(self, engine: Engine) -> None:
        assert list(engine.run(square, [3, 3, 3])) == [(3, 9)] * 3

    def test_nothing_to_do_is_no_trouble(self, engine: Engine) -> None:
        assert list(engine.run(square, [])) == []

    def test_the_exception_of_the_work_comes_out(self, engine: Engine) -> None:
        with pytest.raises(InputError, match=r"^13 is unlucky\.$"):
            list(engine.run(unlucky, [1, 13, 2]))

    def test_after_an_exception_nothing_new_is_begun(
        self, engine: Engine, tmp_path: Path
    ) -> None:
        with pytest.raises(InputError):
            list(engine.run(unlucky_after_a_note, notes(tmp_path, 13, range(100, 150))))
        begun = len(list(tmp_path.iterdir()))
        time.sleep(0.3)
        assert len(list(tmp_path.iterdir())) == begun < 25

    def test_items_are_drawn_as_workers_become_free(self, engine: Engine) -> None:
        drawn = 0

        def endless() -> Iterator[int]:
            nonlocal drawn
            while True:
                drawn += 1
                yield drawn

        results = engine.run(square, endless())
        for _ in range(5):
            next(results)
        results.close()  # type: ignore[attr-defined]
        assert 5 <= drawn <= 15

    def test_results_that_came_before_an_exception_are_given(self, engine: Engine) -> None:
        results = engine.run(unlucky_when_slow, [1, 13])
        assert next(results) == (1, 1)
        with pytest.raises(InputError):
            next(results)

    def test_an_engine_can_be_used_again_after_an_exception(self, engine: Engine) -> None:
        with pytest.raises(InputError):
            list(engine.run(unlucky, [13]))
        assert dict(engine.run(square, [2])) == {2: 4}

    def test_an_exception_of_the_items_comes_out(self, engine: Engine) -> None:
        def broken() -> Iterator[int]:
            yield 1
            raise InputError("no more items")

        with pytest.raises(InputError, match="no more items"):
            list(engine.run(square, broken()))


class ParallelContract(EngineContract):
    """For engines with at least two workers."""

    def test_a_slow_item_does_not_hold_up_the_others(self, engine: Engine) -> None:
        order = [item for item, _ in engine.run(wait_s, [0.6, 0.0, 0.01])]
        assert order[-1] == 0.6

    def test_two_items_are_worked_on_at_the_same_time(
        self, engine: Engine, tmp_path: Path
    ) -> None:
        """Each waits for the other's note; alone it would wait until it gives up."""
        first, second = tmp_path / "first", tmp_path / "second"
        met = dict(engine.run(meet, [(first, second), (second, first)]))
        assert list(met.values()) == [True, True]


def square(number: int) -> int:
    return number * number


def unlucky(number: int) -> int:
    if number == 13:
        raise InputError("13 is unlucky.")
    return number


def unlucky_when_slow(number: int) -> int:
    time.sleep(0.3 if number == 13 else 0.0)
    return unlucky(number)


def notes(folder: Path, *numbers: int | range) -> list[tuple[Path, int]]:
    flat: list[int] = []
    for each in numbers:
        flat.extend(each if isinstance(each, range) else [each])
    return [(folder, number) for number in flat]


def unlucky_after_a_note(note: tuple[Path, int]) -> int:
    folder, number = note
    (folder / f"{number}-{os.getpid()}").touch()
    if number != 13:
        time.sleep(0.02)
    return unlucky(number)


def wait_s(seconds: float) -> float:
    time.sleep(seconds)
    return seconds


def meet(paths: tuple[Path, Path]) -> bool:
    mine, theirs = paths
    mine.touch()
    give_up = time.monotonic() + 20
    while not theirs.exists():
        if time.monotonic() > give_up:
            return False
        time.sleep(0.01)
    return True
