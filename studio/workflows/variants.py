"""Which ideas a market gets: angle, set, palette and offer of each variant."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import cycle, islice

from studio.domain.brief import Brief
from studio.domain.seeds import derive_seed
from studio.errors import InputError
from studio.markets.pack import GLOBAL_MODERN, Appeal, MarketPack, Palette

FEWEST_SETS = 3
"""So many sets a market's variants are spread over, if as many suit it."""
FEWEST_FOR_CONTROL = 3
"""From so many variants on, one of them is the market's unadapted angle."""
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

    The last of the first lap is the one that isn't adapted, so that clicks can tell what
    adapting brings.
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
    angles = _angles(pack.appeals, count)
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


def _angles(appeals: Sequence[Appeal], count: int) -> list[Appeal]:
    """The angles of so many variants, the strongest first, the unadapted one among them."""
    local = [appeal for appeal in _by_strength(appeals) if appeal.angle != GLOBAL_MODERN]
    control = [appeal for appeal in appeals if appeal.angle == GLOBAL_MODERN]
    if not control or count < FEWEST_FOR_CONTROL:
        return list(islice(cycle([*local, *control]), count))
    lap = [*local[: count - len(control)], *control]
    return list(islice(cycle(lap), count))


def _by_strength(appeals: Sequence[Appeal]) -> list[Appeal]:
    return sorted(appeals, key=lambda appeal: (-appeal.strength, appeal.angle))
