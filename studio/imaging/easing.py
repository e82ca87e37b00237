"""How movements begin and end: shares of a way by shares of its time, both 0–1."""

from __future__ import annotations

import math

SOFTNESS = 0.6
"""How much slower than on average a drift is at its ends."""


def share(now_s: float, *, start_s: float, takes_s: float) -> float:
    """How much of a movement's time is over, 0–1."""
    if takes_s <= 0:
        return 1.0 if now_s >= start_s else 0.0
    return min(max((now_s - start_s) / takes_s, 0.0), 1.0)


def drift(time: float) -> float:
    """A slow camera: never still, a little slower at both ends.

    Speed 1 − SOFTNESS · cos 2πt, integrated.
    """
    return time - SOFTNESS * math.sin(2 * math.pi * time) / (2 * math.pi)


def ease_out(time: float) -> float:
    """Arrives softly: 1 − (1 − t)³."""
    return 1 - (1 - time) ** 3


def ease_in_out(time: float) -> float:
    """Leaves and arrives at rest: 6t⁵ − 15t⁴ + 10t³ (Perlin, 2002)."""
    return time * time * time * (time * (time * 6 - 15) + 10)


def between(start: float, end: float, way: float) -> float:
    """A value so far from `start` to `end`."""
    return start + (end - start) * way
