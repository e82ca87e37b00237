"""Each platform counts text in its own way."""

from __future__ import annotations

import pytest

from studio.domain.placement import Counter


@pytest.mark.parametrize(
    ("counter", "text", "length"),
    [
        (Counter.CHARACTERS, "Reis", 4),
        (Counter.CHARACTERS, "炊飯器", 3),
        (Counter.CHARACTERS, "e\u0301tage", 5),
        (Counter.CHARACTERS, "مُنتَج", 4),
        (Counter.DISPLAY_WIDTH, "炊飯器 A", 8),
        (Counter.BYTES, "炊飯器", 9),
        (Counter.HALF_LATIN, "炊飯器abc", 5),
    ],
)
def test_counters_follow_the_platforms(counter: Counter, text: str, length: int) -> None:
    assert counter.length(text) == length
