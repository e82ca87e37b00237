"""Reads the labelled ads of benchmarks/compliance/ and makes whole creatives of them."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

import yaml
from pydantic import TypeAdapter

from studio.copywriting.assembly import Draft, assemble
from studio.copywriting.model import CopyRequest
from studio.domain.brief import Brief, Channel, Instalments, Offer
from studio.domain.claim import Claim, Evidence
from studio.domain.creative import Ai, Copy, Creative, Figure, ProductPixels
from studio.domain.money import Money
from studio.domain.placement import Placement
from studio.markets.facts import facts_of
from studio.markets.library import MarketLibrary
from studio.markets.pack import MarketPack
from studio.markets.prices import offer_line
from studio.platforms.specs import load_placements
from studio.workflows.markets import sample_brief, sample_creative

FOLDER = Path(__file__).parent / "compliance"
PLACEMENT = "meta_feed_4x5"
CLAIMS: tuple[dict[str, Any], ...] = (
    {"benefit": "keep_warm_hours", "value": 24, "unit": "hour"},
    {"benefit": "capacity_litres", "value": 1.8, "unit": "liter"},
    {"benefit": "presets_count", "value": 12},
    {"benefit": "quick_cook_minutes", "value": 25, "unit": "minute"},
    {"benefit": "ai_sensor"},
    {"benefit": "warranty_years", "value": 2, "unit": "year"},
)
"""What the rice cooker's brief proves where a sample says nothing else."""
ENUMS = {"ai": Ai, "person": Figure, "product_pixels": ProductPixels}
PRODUCT = {"name": "SmartChef", "category": "rice_cooker"}


@dataclass(frozen=True, kw_only=True)
class Sample:
    """One labelled ad; what it leaves out is taken from a sound ad of its market."""

    id: str
    label: str
    """`fault` or `clean`."""
    topic: str
    """culture, law, price, calendar, language or script."""
    expects: tuple[str, ...] = ()
    """Kinds of fault that a reviewer must be told of, any one of them; for faults."""
    why: str
    copy: dict[str, str] = field(default_factory=dict)
    product: dict[str, Any] = field(default_factory=dict)
    launch: date = date(2027, 3, 2)
    offer: dict[str, Any] | None = None
    claims: tuple[dict[str, Any], ...] = CLAIMS
    channel: Channel = Channel.PAID
    approvals: dict[str, str] = field(default_factory=dict)
    picture: dict[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, kw_only=True)
class SampleFile:
    """The samples of one market."""

    schema: int
    market: str
    samples: tuple[Sample, ...]


@dataclass(frozen=True, kw_only=True)
class LabelledAd:
    """A sample as the engine sees it."""

    sample: Sample
    creative: Creative
    brief: Brief
    pack: MarketPack
    placement: Placement


SHAPE = TypeAdapter(SampleFile)


def read(path: Path) -> SampleFile:
    """The samples of a file; unknown fields are refused."""
    data = yaml.safe_load(path.read_text(encoding="utf-8"))
    return SHAPE.validate_python(data, extra="forbid")


def labelled_ads(file: SampleFile, library: MarketLibrary) -> list[LabelledAd]:
    """Every sample of a file as a creative with its brief."""
    pack = library.pack(file.market)
    placement = load_placements()[PLACEMENT]
    return [_ad(sample, pack, placement) for sample in file.samples]


def _ad(sample: Sample, pack: MarketPack, placement: Placement) -> LabelledAd:
    product = PRODUCT | sample.product
    plain = sample_brief(pack, product["category"])
    brief = replace(
        plain,
        product=replace(plain.product, **product),
        launch=sample.launch,
        claims=tuple(_claim(number, each) for number, each in enumerate(sample.claims)),
        offers=(_offer(sample.offer, pack),) if sample.offer else (),
        channel=sample.channel,
        approvals=sample.approvals,
    )
    copy = _copy(sample, brief, pack, placement)
    creative = sample_creative(copy, brief, pack, placement)
    shown = {name: _shown(name, value) for name, value in sample.picture.items()}
    rendition = replace(creative.rendition, marks=shown.pop("marks", ()))
    picture = replace(creative.picture, **shown)
    return LabelledAd(
        sample=sample,
        creative=replace(creative, picture=picture, rendition=rendition),
        brief=brief,
        pack=pack,
        placement=placement,
    )


def _copy(sample: Sample, brief: Brief, pack: MarketPack, placement: Placement) -> Copy:
    """The sample's words over a sound ad's small print and button."""
    request = CopyRequest(
        brief=brief,
        pack=pack,
        placements=(placement,),
        angle=pack.appeals[0].angle,
        variant="sample",
        seed=0,
    )
    facts = replace(facts_of(brief, pack), left_out=())
    draft = Draft(
        headline=sample.copy.get("headline", ""),
        body=sample.copy.get("body", ""),
        headline_gloss="",
        body_gloss="",
        action=pack.calls_to_action[0].action,
        facts=(),
        sources=(),
    )
    sound = assemble(draft, request, facts)
    price = offer_line(brief.offer_in(pack.market.locale), pack).text
    return replace(sound, **{"offer_line": price, **sample.copy})


def _claim(number: int, given: dict[str, Any]) -> Claim:
    proven = given.get("evidence", True)
    evidence = Evidence(document="Report 1", issued=date(2026, 1, 1)) if proven else None
    if isinstance(proven, dict):
        evidence = Evidence(**proven)
    rest = {name: value for name, value in given.items() if name != "evidence"}
    return Claim(**({"id": f"claim-{number}"} | rest | {"evidence": evidence}))


def _offer(given: dict[str, Any], pack: MarketPack) -> Offer:
    fields = {name: _money(value) for name, value in given.items()}
    parts = given.get("instalments")
    if parts:
        each = _money(parts["each"])
        fields["instalments"] = Instalments(**(parts | {"each": each}))
    base = {"market": pack.market.locale, "landing_url": "https://smartchef.example"}
    return Offer(**(base | fields))


def _money(value: object) -> Any:
    """`139.00 EUR` as money; anything else as it is."""
    if isinstance(value, str):
        amount, _, currency = value.partition(" ")
        if len(currency) == 3 and currency.isupper():
            return Money.of(Decimal(amount), currency)
    return value


def _shown(name: str, value: Any) -> Any:
    """A fact of the picture as the domain has it."""
    if name in ENUMS:
        return ENUMS[name](value)
    return tuple(value) if isinstance(value, list) else value
