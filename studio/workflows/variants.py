"""Which ideas a market gets: angle, set, palette and offer of each variant."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import cycle, islice

from studio.domain.brief import Brief
from studio.domain.seeds import derive_seed
from studio.errors import InputError
from studio.markets.pack import Appeal, MarketPack, Palette

FEWEST_SETS = 3
"""So many sets a market's variants are spread over, if as many suit it."""
WITHOUT_OFFER_EVERY = 3
"""Every third variant leaves the price out, so that the optimizer can tell what it does."""


@dataclass(frozen=True, slots=True, kw_only=True)
class VariantPlan:
    """What one variant is to be, before a word is written."""

    variant: str
    angle: str
    set: str
    palette: Palette
    shows_offer: bool
    seed: int


def plan_variants(
    brief: Brief, pack: MarketPack, sets: Sequence[str]
) -> tuple[VariantPlan, ...]:
    """The market's variants: strongest angles first, sets and palettes spread evenly over them.

    Angle, set, palette and offer turn over at different paces, so that their effects can be
    told apart from few variants. Sets that the market avoids are never used, others only if
    few of its favourites are installed.
    """
    market = pack.market.locale
    allowed = [name for name in pack.sets_favoured if name in sets]
    others = [name for name in sets if name not in (*allowed, *pack.sets_avoided)]
    allowed += others[: max(0, FEWEST_SETS - len(allowed))]
    if not allowed:
        raise InputError(f"{market}: none of the installed sets suits this market.")
    count = brief.variants_per_market
    angles = list(islice(cycle(_by_strength(pack.appeals)), count))
    plans = []
    for index, appeal in enumerate(angles):
        name = f"v{index + 1}-{appeal.angle.replace('_', '-')}"
        lap = index // len(allowed)
        plans.append(
            VariantPlan(
                variant=name,
                angle=appeal.angle,
                set=allowed[index % len(allowed)],
                palette=pack.palettes[(index + lap) % len(pack.palettes)],
                shows_offer=index % WITHOUT_OFFER_EVERY != WITHOUT_OFFER_EVERY - 1,
                seed=derive_seed(brief.seed, brief.slug, market, name),
            )
        )
    return tuple(plans)


def _by_strength(appeals: Sequence[Appeal]) -> list[Appeal]:
    return sorted(appeals, key=lambda appeal: (-appeal.strength, appeal.angle))
