"""One way of writing a value, so that equal values have equal bytes and equal fingerprints."""

from __future__ import annotations

import json
from datetime import date
from hashlib import sha256


def canonical_json(value: object) -> bytes:
    """JSON in UTF-8 of plain values and days: sorted keys, no spaces, no NaN."""
    text = json.dumps(
        value,
        sort_keys=True,
        ensure_ascii=False,
        allow_nan=False,
        separators=(",", ":"),
        default=date.isoformat,
    )
    return text.encode()


def fingerprint(value: object) -> str:
    """SHA-256 of the canonical JSON, in hexadecimal."""
    return sha256(canonical_json(value)).hexdigest()
