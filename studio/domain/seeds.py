"""Seeds that mean the same on every machine."""

from __future__ import annotations

from hashlib import sha256


def derive_seed(*parts: str | int) -> int:
    """A 63-bit seed that depends on every part and on their order."""
    text = "\x1f".join(str(part) for part in parts)
    return int.from_bytes(sha256(text.encode()).digest()[:8], "big") >> 1
