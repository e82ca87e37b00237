"""Signed tokens: whoever brings one back proves that we made that decision."""

from __future__ import annotations

import json
from base64 import urlsafe_b64decode, urlsafe_b64encode
from collections.abc import Sequence
from datetime import UTC, datetime
from functools import lru_cache
from hmac import compare_digest, digest

from studio.domain.brief import Slug
from studio.domain.delivery import AdId, Cell
from studio.domain.event import Decision
from studio.domain.market import Locale
from studio.errors import InputError

LONGEST = 1500
SITE_KEY_LENGTH = 32


class Tokens:
    """Signs decisions, site keys and visitors with keys that may be replaced.

    keys: the oldest first. The last one signs; all of them verify, so that what was signed
    before a rotation stays good until its key is taken away.
    """

    def __init__(self, keys: Sequence[str]) -> None:
        if not keys or min(map(len, keys)) < SITE_KEY_LENGTH:
            raise InputError(
                f"STUDIO_DECISION_KEYS: every key needs at least {SITE_KEY_LENGTH} characters; "
                "leave the setting out and the studio makes one."
            )
        self._keys = [key.encode() for key in keys]

    def of(self, decision: Decision) -> str:
        """The decision as text for an address: everything of it, signed."""
        fields = (
            decision.id, decision.campaign, decision.ad_id, decision.cell.market,
            decision.cell.placement, decision.propensity, decision.snapshot, decision.at_ms,
        )  # fmt: skip
        content = json.dumps(fields, ensure_ascii=False, separators=(",", ":"))
        text = _text(content.encode())
        return f"{text}.{_signature(self._keys[-1], text)}"

    def decision(self, token: str) -> Decision:
        """The decision that `of` signed."""
        text, _, signature = token[: LONGEST + 1].rpartition(".")
        given = signature.encode()
        if not any([compare_digest(_signature(k, text).encode(), given) for k in self._keys]):
            raise InputError(
                "token: it wasn't signed here or was changed; send it as /v1/decide gave it."
            )
        padded = text + "=" * (-len(text) % 4)
        name, campaign, ad, market, placement, propensity, snapshot, at_ms = json.loads(
            urlsafe_b64decode(padded)
        )
        return Decision(
            id=name, campaign=Slug(campaign), ad_id=AdId(ad),
            cell=Cell(market=Locale(market), placement=placement), propensity=propensity,
            snapshot=snapshot, at_ms=at_ms,
        )  # fmt: skip

    def site_key(self, slug: str) -> str:
        """What a site sends along to ask for a campaign's ads."""
        return _site_key(self._keys[-1], slug)

    def opens(self, slug: str, key: str) -> bool:
        """Whether `key` is the campaign's, by any of our keys."""
        given = key.encode()
        matches = [compare_digest(_site_key(own, slug).encode(), given) for own in self._keys]
        return any(matches)

    def visitor(self, *parts: str, at_ms: int) -> str:
        """A name for whoever `parts` describe, valid for one UTC day and leading nowhere."""
        day = datetime.fromtimestamp(at_ms / 1000, UTC).date().isoformat()
        text = "\x1f".join(("visitor", day, *parts)).encode()
        return digest(self._keys[0], text, "sha256").hex()[:16]


@lru_cache(maxsize=1024)
def _site_key(key: bytes, slug: str) -> str:
    return digest(key, f"site\x1f{slug}".encode(), "sha256").hex()[:SITE_KEY_LENGTH]


def _signature(key: bytes, text: str) -> str:
    """HMAC-SHA256 of the text, as a decision and nothing else."""
    return _text(digest(key, f"decision\x1f{text}".encode(), "sha256"))


def _text(content: bytes) -> str:
    return urlsafe_b64encode(content).rstrip(b"=").decode()
