"""What all creatives of a brief share in one market: found once, not for each of them."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property, lru_cache
from typing import Generic, TypeVar

from studio.domain.brief import Brief, Offer
from studio.domain.market import Locale
from studio.markets.pack import MarketPack
from studio.markets.wording import normalised

MOST_GROUNDS = 256
"""So many briefs, once for each market, are remembered."""
T = TypeVar("T")


@dataclass(frozen=True, slots=True, eq=False)
class Same(Generic[T]):
    """A value as a key: itself, not what it holds."""

    value: T

    def __hash__(self) -> int:
        return id(self.value)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Same) and other.value is self.value


@dataclass(frozen=True, eq=False)
class Ground:
    """A brief in one of its markets. Facts about it are kept by its identity."""

    brief: Brief
    pack: MarketPack

    @cached_property
    def locale(self) -> Locale:
        """The market's locale."""
        return self.pack.market.locale

    @cached_property
    def offer(self) -> Offer | None:
        """The brief's offer in this market."""
        return self.brief.offer_in(self.locale)

    @cached_property
    def names(self) -> tuple[str, ...]:
        """Normal forms of the names of product and brand, the longer first."""
        own = {normalised(name) for name in (self.brief.product.name, self.brief.brand.name)}
        return tuple(sorted(own - {""}, key=len, reverse=True))

    def nameless(self, shown: str) -> str:
        """A normal form without the names of product and brand, whose letters are free.

        Places stay as they are: each name's letters become spaces.
        """
        for name in self.names:
            shown = shown.replace(name, " " * len(name))
        return shown

    def without_names(self, text: str) -> str:
        """A text as it stands in the ad, without the names of product and brand."""
        for name in (self.brief.product.name, self.brief.brand.name):
            text = text.replace(name, " ") if name else text
        return text


def ground_of(brief: Brief, pack: MarketPack) -> Ground:
    """The ground of a brief in a market, the same whenever both are the same."""
    return _ground(Same(brief), Same(pack))


@lru_cache(maxsize=MOST_GROUNDS)
def _ground(brief: Same[Brief], pack: Same[MarketPack]) -> Ground:
    return Ground(brief.value, pack.value)
