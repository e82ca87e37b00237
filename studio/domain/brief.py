"""A brief: everything a marketer says about one campaign."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum
from typing import Literal, NewType

from studio.domain.claim import Claim
from studio.domain.market import Locale
from studio.domain.money import Money
from studio.errors import InputError

Slug = NewType("Slug", str)
"""Name of a campaign in addresses and folders: lower-case letters, digits and hyphens."""

SLUG_PATTERN = re.compile(r"[a-z0-9](?:[a-z0-9-]{0,62}[a-z0-9])?")


def checked_slug(text: str) -> Slug:
    """`text` as a slug, or an error that says what a slug looks like."""
    if not SLUG_PATTERN.fullmatch(text):
        raise InputError(
            f"{text[:80]!r} can't name a campaign: use 1 to 64 lower-case letters a-z, digits "
            "and hyphens, such as smartchef-launch."
        )
    return Slug(text)


class Voice(StrEnum):
    """How the brand speaks; every market pack says what that means in its language."""

    WARM = "warm"
    EXPERT = "expert"
    PLAYFUL = "playful"
    ELEGANT = "elegant"


@dataclass(frozen=True, slots=True, kw_only=True)
class Brand:
    """Who is speaking."""

    name: str
    logo: str = ""
    """Path of a PNG with transparency, relative to the brief; empty: the name is typeset."""
    colours: tuple[str, ...] = ()
    """sRGB hex colours, the most important first: `#0B3D2E`."""
    voice: Voice = Voice.WARM
    words_to_use: tuple[str, ...] = ()
    words_to_avoid: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Photo:
    """One photo of the product on a plain or transparent background."""

    path: str
    """Relative to the brief."""
    light_from: str = "left"
    """Side the light falls from: `left` or `right`."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Product:
    """What is sold."""

    name: str
    category: str
    """Key of the benefit catalogue, such as `rice_cooker`."""
    photos: tuple[Photo, ...]
    width_cm: float
    """Real width of what the photo shows, so that it stands in the scene at true size."""
    height_cm: float
    tx_mw: float | None = None
    """Strongest radio output in milliwatts; None: unknown, or it has no radio."""
    body_cm: float | None = None
    """Distance from the body at which it is meant to be used."""
    energy_class: str = ""
    """Class of the EU energy label, `A` to `G`; empty: the product has no such label."""
    food_contact: bool = False
    """Whether food touches it."""
    has_camera: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Instalments:
    """Paying in parts: how many, and how much each."""

    count: int
    each: Money
    interest_free: bool = True
    terms: str = ""
    """What the law asks to be said with it, in the market's language."""

    @property
    def total(self) -> Money:
        """What is paid in the end."""
        return self.each.times(self.count)


@dataclass(frozen=True, slots=True, kw_only=True)
class Offer:
    """The price in one market, and what is known of earlier prices."""

    market: Locale
    price: Money
    was: Money | None = None
    was_proof: str = ""
    """Document that proves the earlier price: price list, shop records."""
    lowest_7d: Money | None = None
    """Lowest price of the 7 days before the reduction; likewise 10, 20 and 30."""
    lowest_10d: Money | None = None
    lowest_20d: Money | None = None
    lowest_30d: Money | None = None
    """Lowest price of the 30 days before the reduction, which EU law asks for."""
    weeks_sold_share: float | None = None
    """Share (0–1) of the last eight weeks in which it sold at the earlier price."""
    starts: date | None = None
    ends: date | None = None
    stock: int | None = None
    """Pieces that the offer is for."""
    instalments: Instalments | None = None
    landing_url: str = ""

    def __post_init__(self) -> None:
        if any(other.currency != self.price.currency for other in self.prices):
            raise InputError(f"offer {self.market}: all prices must be in one currency.")

    @property
    def prices(self) -> tuple[Money, ...]:
        """Every amount that the offer knows, the price first."""
        parts = (self.instalments.each, self.instalments.total) if self.instalments else ()
        known = (
            self.price,
            self.was,
            self.lowest_7d,
            self.lowest_10d,
            self.lowest_20d,
            self.lowest_30d,
            *parts,
        )
        return tuple(price for price in known if price is not None)


class Objective(StrEnum):
    """What the money should bring."""

    CLICKS = "clicks"
    CONVERSIONS = "conversions"
    VALUE = "value"
    """Of conversions, in money."""
    COST_PER_CLICK = "cost_per_click"
    """Clicks, none of which costs more than the target."""
    COST_PER_ACQUISITION = "cost_per_acquisition"
    """Conversions, none of which costs more than the target."""

    @property
    def has_target(self) -> bool:
        """Whether a target says when a result is too dear."""
        return self in (Objective.COST_PER_CLICK, Objective.COST_PER_ACQUISITION)


@dataclass(frozen=True, slots=True, kw_only=True)
class Budget:
    """What may be spent, on what, and how boldly it may move."""

    daily: Money
    """Of a day; with a `total` that of the first day, later ones follow what is left."""
    days: int
    floor_share: float = 0.05
    """Share (0–1) of each market's budget that is spread evenly, so that learning goes on."""
    max_daily_change_share: float = 1.0
    """Most that one variant's share may rise or fall in a day, in shares (0–1) of its cell.

    1 is no limit: within a cell a slow change costs many clicks and spares no platform's
    learning phase.
    """
    max_cell_change_share: float = 0.2
    """Part (0–1) of a cell's budget by which it may rise or fall in a day."""
    objective: Objective = Objective.CLICKS
    target: Money | None = None
    """Most that the next click or acquisition may cost; money may be left unspent for it."""
    total: Money | None = None
    """Of the whole campaign, never exceeded; `None`: `daily` every day."""
    holdout_share: float = 0.05
    """Share (0–1) that stays on the even split, to measure the uplift against."""
    market_floors: Mapping[Locale, float] = field(default_factory=dict)
    """Least share (0–1) of a day's money by market; likewise the most in `market_caps`."""
    market_caps: Mapping[Locale, float] = field(default_factory=dict)
    variant_floors: Mapping[str, float] = field(default_factory=dict)
    """Least share (0–1) of each cell by variant, `v2` or `v2-family`; likewise the most."""
    variant_caps: Mapping[str, float] = field(default_factory=dict)
    mode: Literal["propose", "approve", "auto"] = "propose"
    """The `studio.domain.budget.PlanMode` of plans that nobody asked for in another one."""

    def floor_of(self, variant: str) -> float:
        """Least share (0–1) of a cell that a variant gets."""
        return _share(self.variant_floors, variant, otherwise=0.0)

    def cap_of(self, variant: str) -> float:
        """Largest share (0–1) of a cell that a variant gets."""
        return _share(self.variant_caps, variant, otherwise=1.0)


def _share(shares: Mapping[str, float], variant: str, *, otherwise: float) -> float:
    """A variant's share by its full name, or else by its number alone: `v2`."""
    number = variant.partition("-")[0]
    return shares.get(variant, shares.get(number, otherwise))


class Channel(StrEnum):
    """Who shows the ads; some duties are one channel's only."""

    OWN = "own"
    PAID = "paid"
    INFLUENCER = "influencer"
    LIVESTREAM = "livestream"


@dataclass(frozen=True, slots=True, kw_only=True)
class Brief:
    """One campaign as the marketer wants it."""

    slug: Slug
    title: str
    language: str
    """Language of the brief and of what checks tell its reviewers: `en` or `zh`.

    Glosses and rationales are in English either way.
    """
    product: Product
    claims: tuple[Claim, ...]
    offers: tuple[Offer, ...]
    markets: tuple[Locale, ...]
    placements: tuple[str, ...]
    budget: Budget
    brand: Brand
    launch: date
    variants_per_market: int = 6
    seed: int = 0
    angle_weights: Mapping[Locale, Mapping[str, float]] = field(default_factory=dict)
    """How likely each market's variants take an angle, relative to the others.

    An angle without a weight isn't taken; a market without weights follows its pack.
    """
    channel: Channel = Channel.PAID
    approvals: Mapping[str, str] = field(default_factory=dict)
    """Numbers of permits by name, such as `sa_discount`: what an authority has allowed."""

    def language_of(self, claim: Claim) -> str:
        """The language of a claim's own words."""
        return claim.language or self.language

    def offer_in(self, market: Locale) -> Offer | None:
        """The offer for a market, if the brief makes one there."""
        return next((offer for offer in self.offers if offer.market == market), None)
