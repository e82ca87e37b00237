"""How much two pieces of copy resemble each other."""

from __future__ import annotations

from rapidfuzz.fuzz import ratio

from studio.domain.creative import Copy
from studio.markets.wording import normalised

NEAR_DUPLICATE = 0.8
"""From this likeness on, a viewer takes two ads for the same one."""


def likeness(one: Copy, other: Copy) -> float:
    """0 for nothing in common, 1 for the same words.

    The larger of the likenesses of the headlines and of headline and body together;
    each is 1 minus the normalised insertion-deletion distance.
    """
    return max(
        _alike(one.headline, other.headline),
        _alike(f"{one.headline} {one.body}", f"{other.headline} {other.body}"),
    )


def _alike(one: str, other: str) -> float:
    return ratio(normalised(one).lower(), normalised(other).lower()) / 100
