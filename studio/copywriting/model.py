"""The seam to text models: one request in, one copy out."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Protocol

from studio.domain.brief import Brief, Offer
from studio.domain.creative import Copy
from studio.domain.placement import Placement
from studio.markets.pack import MarketPack


@dataclass(frozen=True, slots=True, kw_only=True)
class CopyRequest:
    """What a text model needs to write one variant for one market."""

    brief: Brief
    pack: MarketPack
    placements: tuple[Placement, ...]
    """The copy must fit the tightest of their limits."""
    angle: str
    variant: str
    seed: int
    shows_offer: bool = True
    """Whether the price block stands in the ad, where the brief has an offer for the market."""
    taken: tuple[Copy, ...] = ()
    """Copy that other variants of this market already have; the new one must differ."""
    feedback: str = ""
    """Why the last try was refused, in words for the model."""

    @property
    def shown_offer(self) -> Offer | None:
        """The offer that the ad shows."""
        return self.brief.offer_in(self.pack.market.locale) if self.shows_offer else None


class TextModel(Protocol):
    """Writes copy. Raises `StudioError` and nothing else when it can't."""

    name: str
    """Such as `phrasebook` or `langchain:openai:gpt-5`."""

    def write(self, request: CopyRequest) -> Copy:
        """One copy for the request; equal requests to a deterministic model are equal."""
        ...

    def fingerprint(self, request: CopyRequest) -> str:
        """SHA-256 of everything besides the seed that shapes the answer."""
        ...
