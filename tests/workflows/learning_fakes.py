"""A campaign in memory: what learning, rehearsal and report need of a store."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from datetime import date
from hashlib import sha256

from studio.domain.alarm import AlarmAnswer
from studio.domain.brief import Brand, Brief, Budget, Photo, Product, Slug
from studio.domain.budget import BudgetPlan, PlanVerdict
from studio.domain.creative import (
    Copy,
    Creative,
    CreativeId,
    Gloss,
    Picture,
    Rendition,
    Status,
    Verdict,
)
from studio.domain.delivery import Ad, AdId, Cell, Delivery, Group
from studio.domain.delivery_report import DeliveryReport
from studio.domain.geometry import Box
from studio.domain.market import Locale
from studio.domain.money import Money
from studio.workflows.serve import own_ad

SLUG = Slug("kettle-spring")
MARKETS = ("de-DE", "ja-JP")
PLACEMENTS = ("meta_feed_4x5", "meta_story_9x16")
ANGLES = ("time_saved", "craft", "family", "value")


@dataclass
class MemoryStore:
    """The slices of the repository that these workflows name, over plain tuples."""

    written: Brief
    made: tuple[Creative, ...]
    days: dict[tuple[AdId, date], Delivery] = field(default_factory=dict)
    saved: list[BudgetPlan] = field(default_factory=list)
    decided: tuple[Verdict, ...] = ()
    signed: list[PlanVerdict] = field(default_factory=list)
    answered: list[AlarmAnswer] = field(default_factory=list)
    holdout: bool = False
    """Whether every creative runs a second time, on the even split."""
    served: bool = False
    """Whether our own server shows every creative too."""

    def brief(self, slug: Slug) -> Brief:
        return self.written

    def creatives(self, slug: Slug) -> tuple[Creative, ...]:
        return self.made

    def verdicts_of(self, slug: Slug) -> tuple[Verdict, ...]:
        return self.decided

    def ads(self, slug: Slug) -> tuple[Ad, ...]:
        ads = tuple(an_ad(creative) for creative in self.made)
        twins = tuple(a_twin(ad) for ad in ads) if self.holdout else ()
        own = tuple(own_ad(creative) for creative in self.made) if self.served else ()
        return ads + twins + own

    def deliveries(self, slug: Slug) -> tuple[Delivery, ...]:
        return tuple(self.days.values())

    def delivery_reports(self, slug: Slug) -> tuple[DeliveryReport, ...]:
        return ()

    def replace_deliveries(self, slug: Slug, deliveries: tuple[Delivery, ...]) -> None:
        self.days |= {(row.ad_id, row.day): row for row in deliveries}

    def plans(self, slug: Slug) -> tuple[BudgetPlan, ...]:
        return tuple({plan.day: plan for plan in self.plan_revisions(slug)}.values())

    def plan_revisions(self, slug: Slug) -> tuple[BudgetPlan, ...]:
        return tuple(sorted(self.saved, key=lambda plan: plan.day))

    def save_plan(self, plan: BudgetPlan, *, signed: PlanVerdict | None = None) -> None:
        made = [one for one in self.saved if one.day == plan.day]
        if not made or made[-1] != plan:
            self.saved.append(plan)
        if signed is not None:
            self.signed.append(signed)

    def decide_plan(self, verdict: PlanVerdict) -> None:
        self.signed.append(verdict)

    def plan_verdicts(self, slug: Slug) -> tuple[PlanVerdict, ...]:
        return tuple(self.signed)

    def answer_alarm(self, answer: AlarmAnswer) -> None:
        self.answered.append(answer)

    def alarm_answers(self, slug: Slug) -> tuple[AlarmAnswer, ...]:
        return tuple(self.answered)


class MemoryBlobs(dict[str, bytes]):
    """Bytes by their SHA-256."""

    def put(self, content: bytes) -> str:
        name = sha256(content).hexdigest()
        self[name] = content
        return name

    def get(self, sha256: str) -> bytes:  # type: ignore[override]
        return self[sha256]


def a_brief(*, daily: str = "240.00", days: int = 6, title: str = "Kettle") -> Brief:
    return Brief(
        slug=SLUG,
        title=title,
        language="en",
        product=Product(
            name=title,
            category="kettle",
            photos=(Photo(path="k.png"),),
            width_cm=20,
            height_cm=25,
        ),
        claims=(),
        offers=(),
        markets=tuple(Locale(market) for market in MARKETS),
        placements=PLACEMENTS,
        budget=Budget(daily=Money.of(daily, "EUR"), days=days),
        brand=Brand(name="Hearth"),
        launch=date(2026, 3, 2),
        seed=7,
    )


def a_creative(market: str, placement: str, index: int, *, rendition: str = "0") -> Creative:
    angle = ANGLES[index % len(ANGLES)]
    return Creative(
        id=CreativeId(f"{market}-{placement}-v{index}"),
        campaign=SLUG,
        market=Locale(market),
        placement=placement,
        variant=f"v{index}",
        copy=Copy(
            headline=f"Headline {index}",
            body="Body",
            cta="Buy",
            gloss=Gloss(headline=f"Gloss {index}", body="Gloss body", cta="Buy"),
            angle=angle,
            rationale="Because.",
        ),
        picture=Picture(
            sha256="1",
            width_px=10,
            height_px=10,
            set="studio-arch",
            palette="warm",
            seed=1,
            model="staged",
            product_box=Box(left=0.2, top=0.2, right=0.8, bottom=0.8),
        ),
        rendition=Rendition(
            sha256=rendition,
            width_px=10,
            height_px=10,
            layout="top",
            media_type="image/jpeg",
            size_bytes=1,
        ),
        attributes={"angle": angle, "set": ("studio-arch", "bright-kitchen")[index % 2]},
        seed=1,
        text_model="phrasebook",
        status=Status.LIVE,
    )


def an_ad(creative: Creative) -> Ad:
    return Ad(
        id=AdId(f"ad-{creative.id}"),
        creative_id=creative.id,
        cell=Cell(market=creative.market, placement=creative.placement),
        platform="meta",
        content_hash=creative.content_hash,
    )


def a_twin(ad: Ad) -> Ad:
    """The same creative in the holdout's ad set."""
    return replace(ad, id=AdId(f"{ad.id}-holdout"), group=Group.HOLDOUT)


def a_store(
    *, variants: int = 6, brief: Brief | None = None, holdout: bool = False
) -> MemoryStore:
    made = tuple(
        a_creative(market, placement, index)
        for market in MARKETS
        for placement in PLACEMENTS
        for index in range(variants)
    )
    return MemoryStore(brief or a_brief(), made, holdout=holdout)
