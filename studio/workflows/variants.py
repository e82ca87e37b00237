"""Which ideas a market gets: angle, set, palette and offer of each variant."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import cycle, islice
from math import lcm, log

import numpy as np

from studio.domain.brief import Brief
from studio.domain.seeds import derive_seed
from studio.errors import InputError
from studio.imaging.model import SetCard
from studio.imaging.palettes import branded
from studio.markets.pack import GLOBAL_MODERN, Appeal, MarketPack, Palette, Use

DEEP = "deep"
"""Family of palettes with dark walls."""
FEWEST_SETS = 3
"""So many sets a market's variants are spread over, if as many suit it."""
FESTIVE_LEAD_DAYS = 28
"""So long before a feast its sets may be shown; after its last day they look forgotten."""
FEWEST_FOR_CONTROL = 3
"""From so many variants on, one of them is the market's unadapted angle."""
WITHOUT_OFFER_EVERY = 3
"""Every third variant leaves the price out, so that the optimizer can tell what it does."""
FRAMINGS = (1.0, 1.08, 0.86)
"""Size of the product against the usual one: medium, close and wide, two variants each."""


@dataclass(frozen=True, slots=True, kw_only=True)
class VariantPlan:
    """What one variant is to be, before a word is written."""

    variant: str
    angle: str
    set: str
    palette: Palette
    closeness: float
    """Size of the product in the picture against the usual one."""
    shows_offer: bool
    seed: int


def plan_variants(
    brief: Brief, pack: MarketPack, sets: Sequence[SetCard]
) -> tuple[VariantPlan, ...]:
    """The market's variants: strongest angles first, sets and palettes spread evenly over them.

    sets: those that suit the product. The last of the first lap is the one that isn't adapted,
    so that clicks can tell what adapting brings. The brief's angle weights, if it has any for
    the market, choose the others instead of the pack's strengths; all that have a weight are
    there before one comes again. Angle, set, palette, framing and offer turn over at different
    paces, so that their effects can be told apart from few variants; no set comes in the same
    palette twice before all have come in all. A dark set gets deep palettes where the market
    has any. Palettes take on the brand's colours.
    """
    market = pack.market.locale
    allowed = sets_in(pack, sets, launch=brief.launch)
    if not sets:
        raise InputError(
            f"product.width_cm: no installed set is made for a {brief.product.category} "
            f"that is {brief.product.width_cm:g} cm wide; correct the width, or add a set."
        )
    if not allowed:
        raise InputError(f"{market}: none of the installed sets suits this market.")
    angles = _angles(brief, pack)
    deep = {card.id for card in sets if card.is_dark}
    plans = []
    for index, appeal in enumerate(angles):
        name = f"v{index + 1}-{appeal.angle.replace('_', '-')}"
        chosen = allowed[index % len(allowed)]
        palettes = palettes_for(pack, deep=chosen in deep)
        lap = index // lcm(len(allowed), len(palettes))
        plans.append(
            VariantPlan(
                variant=name,
                angle=appeal.angle,
                set=chosen,
                palette=branded(palettes[(index + lap) % len(palettes)], brief.brand.colours),
                closeness=FRAMINGS[index // 2 % len(FRAMINGS)],
                shows_offer=index % WITHOUT_OFFER_EVERY != WITHOUT_OFFER_EVERY - 1,
                seed=derive_seed(brief.seed, brief.slug, market, name),
            )
        )
    return tuple(plans)


def palettes_for(pack: MarketPack, *, deep: bool) -> Sequence[Palette]:
    """The market's palettes; for a dark set those with deep walls, if it has any."""
    found = [palette for palette in pack.palettes if palette.family == DEEP]
    return found if deep and found else pack.palettes


def sets_in(pack: MarketPack, sets: Sequence[SetCard], *, launch: date) -> list[str]:
    """Ids of the sets for a market's ads that start on a day, the best first.

    Sets that the market avoids are never used, neutral ones only if few of its favourites are
    there. A festive set needs the market's favour and its feast around the day; then it comes
    right after the market's first favourite.
    """
    cards = {card.id: card for card in sets}
    usual, festive = [], []
    for choice in pack.sets:
        if choice.use is not Use.FAVOUR or choice.id not in cards:
            continue
        feast = choice.when or cards[choice.id].season
        if not feast:
            usual.append(choice.id)
        elif _is_near(feast, pack, launch):
            festive.append(choice.id)
    named = {choice.id for choice in pack.sets}
    neutral = [card.id for card in sets if card.id not in named and not card.season]
    usual += neutral[: max(0, FEWEST_SETS - len(usual) - len(festive))]
    return [*usual[:1], *festive, *usual[1:]]


def _is_near(feast: str, pack: MarketPack, launch: date) -> bool:
    """Whether the market's calendar has the feast around a day."""
    return any(
        feast.casefold() in {name.casefold() for name in event.names}
        and event.is_near(launch, lead_days=FESTIVE_LEAD_DAYS)
        for event in pack.calendar
    )


def _angles(brief: Brief, pack: MarketPack) -> list[Appeal]:
    """The angles of a market's variants, the first first, the unadapted one among them."""
    count = brief.variants_per_market
    weights = brief.angle_weights.get(pack.market.locale, {})
    local = [appeal for appeal in pack.appeals if appeal.angle != GLOBAL_MODERN]
    control = [appeal for appeal in pack.appeals if appeal.angle == GLOBAL_MODERN]
    kept = len(control) if count >= FEWEST_FOR_CONTROL else 0
    ranked = _drawn(local, weights, brief, count - kept) if weights else _by_strength(local)
    if not ranked and not control:
        raise InputError(
            f"angle_weights.{pack.market.locale}: none of these angles is known here; choose "
            f"from {', '.join(appeal.angle for appeal in pack.appeals)}."
        )
    lap = [*ranked[: count - kept], *control] if kept else [*ranked, *control]
    return list(islice(cycle(lap), count))


def _by_strength(appeals: Sequence[Appeal]) -> list[Appeal]:
    return sorted(appeals, key=lambda appeal: (-appeal.strength, appeal.angle))


def _drawn(
    appeals: Sequence[Appeal], weights: Mapping[str, float], brief: Brief, count: int
) -> list[Appeal]:
    """At most `count` angles without repetition, the heaviest first.

    Each next one is drawn in proportion to the weights of those left (Efraimidis & Spirakis,
    Weighted random sampling with a reservoir, 2006). An angle's luck depends on nothing but
    its name, the brief's and the seed, so a small change of weights changes little.
    """

    def key(appeal: Appeal) -> float:
        seed = derive_seed(brief.seed, brief.slug, "angle", appeal.angle)
        luck = 1 - np.random.default_rng(seed).random()
        return log(luck) / weights[appeal.angle]

    weighted = [appeal for appeal in appeals if weights.get(appeal.angle, 0.0) > 0]
    chosen = sorted(weighted, key=lambda appeal: (-key(appeal), appeal.angle))[:count]
    return sorted(chosen, key=lambda appeal: (-weights[appeal.angle], appeal.angle))
