"""Telling people from programs, and the patient from the pushing."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from functools import cache
from importlib.resources import files
from ipaddress import IPv6Address, ip_address, ip_network
from time import monotonic

import yaml

from studio.domain.event import EventKind, EventStatus

MOST_KEYS = 200_000
"""Senders remembered within a window; past it the window ends early."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Patience:
    """From when on, and until when, an event is taken for a person's."""

    first_click_ms: int = 400
    """A click sooner after its decision than this is no person's."""
    last_impression_ms: int = 3_600_000
    last_click_ms: int = 86_400_000

    def judge(self, kind: EventKind, age_ms: int) -> EventStatus:
        """By how long after its decision an event comes."""
        last = self.last_click_ms if kind is EventKind.CLICK else self.last_impression_ms
        if age_ms > last:
            return EventStatus.LATE
        if kind is EventKind.CLICK and age_ms < self.first_click_ms:
            return EventStatus.FAST
        return EventStatus.COUNTED


@dataclass(slots=True)
class Rate:
    """Counts per key in windows of fixed length."""

    most: int
    window_s: float = 60.0
    clock: Callable[[], float] = monotonic
    _counts: Counter[str] = field(default_factory=Counter)
    _until: float = 0.0

    def passes(self, key: str) -> bool:
        """Count one more; whether the key is still within what is allowed."""
        now = self.clock()
        if now >= self._until or len(self._counts) >= MOST_KEYS:
            self._counts.clear()
            self._until = now + self.window_s
        self._counts[key] += 1
        return self._counts[key] <= self.most

    @property
    def wait_s(self) -> float:
        """Seconds until everybody starts anew."""
        return max(0.0, self._until - self.clock())


def is_program(headers: Mapping[str, str], user_agent: str) -> bool:
    """Whether a request comes from a program, or from a browser that only fetches ahead."""
    ahead = headers.get("sec-purpose", headers.get("purpose", headers.get("x-moz", "")))
    agent = user_agent.lower()
    contains, exempt = known_programs()
    for name in exempt:
        agent = agent.replace(name, "")
    return "prefetch" in ahead.lower() or not agent or any(word in agent for word in contains)


def network(address: str) -> str:
    """Whom an address stands for: itself, or for IPv6 the /64 that one household has."""
    try:
        parsed = ip_address(address)
    except ValueError:
        return address[:64]
    if isinstance(parsed, IPv6Address) and parsed.ipv4_mapped is None:
        return str(ip_network((parsed, 64), strict=False))
    return str(getattr(parsed, "ipv4_mapped", None) or parsed)


@cache
def known_programs() -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Words in a User-Agent that only programs have, and names that merely look so."""
    stored = yaml.safe_load((files("studio.api") / "bots.yaml").read_text("utf-8"))
    return tuple(stored["contains"]), tuple(stored["except"])
