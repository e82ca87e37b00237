"""Small valid values of the domain, to be changed with keywords."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime
from typing import Any

from studio.domain.brief import Brand, Brief, Budget, Offer, Photo, Product, Slug
from studio.domain.claim import Claim, Evidence
from studio.domain.creative import (
    Copy,
    Creative,
    CreativeId,
    Decision,
    Film,
    Gloss,
    Picture,
    Rendition,
    Role,
    Verdict,
)
from studio.domain.finding import Finding, Severity
from studio.domain.geometry import Box
from studio.domain.market import Locale
from studio.domain.money import Money
from studio.domain.person import Person

NOON = datetime(2026, 11, 22, 12, 0, tzinfo=UTC)
US = Locale("en-US")
DE = Locale("de-DE")
MARKETER = Person(name="mara", role=Role.MARKETER)
REVIEWER = Person(name="rene", role=Role.REVIEWER)
ADMIN = Person(name="ada", role=Role.ADMIN)


def a_brief(**overrides: Any) -> Brief:
    brief = Brief(
        slug=Slug("rice"),
        title="Rice cooker",
        language="en",
        product=Product(
            name="SmartChef",
            category="rice_cooker",
            photos=(Photo(path="product.png"),),
            width_cm=25.0,
            height_cm=22.0,
        ),
        claims=(
            Claim(
                id="keep_warm",
                benefit="keep_warm_hours",
                value=24.0,
                unit="hour",
                evidence=Evidence(document="Report 14", issued=date(2026, 3, 12)),
            ),
            Claim(
                id="warranty",
                benefit="warranty_years",
                value=2.0,
                unit="year",
                evidence=Evidence(document="Terms 2026"),
            ),
        ),
        offers=(Offer(market=US, price=Money.of("129.99", "USD")),),
        markets=(US, DE),
        placements=("meta_feed_1x1", "meta_story_9x16"),
        budget=Budget(daily=Money.of("100", "USD"), days=14),
        brand=Brand(name="SmartChef"),
        launch=date(2026, 12, 1),
        variants_per_market=2,
    )
    return replace(brief, **overrides)


def a_copy(**overrides: Any) -> Copy:
    copy = Copy(
        headline="Rice on time",
        body="SmartChef keeps dinner warm for 24 hours.",
        cta="Shop now",
        gloss=Gloss(headline="Rice on time", body="Keeps dinner warm.", cta="Shop now"),
        angle="time_saved",
        rationale="Evenings are short.",
        sources=("claim:keep_warm",),
    )
    return replace(copy, **overrides)


def a_creative(**overrides: Any) -> Creative:
    creative = Creative(
        id=CreativeId("rice.en-US.v1-time-saved.meta_feed_1x1"),
        campaign=Slug("rice"),
        market=US,
        placement="meta_feed_1x1",
        variant="v1-time-saved",
        copy=a_copy(),
        picture=Picture(
            sha256="a" * 64,
            width_px=1080,
            height_px=1080,
            set="bright-kitchen",
            palette="linen",
            seed=7,
            model="staged",
            product_box=Box(left=0.3, top=0.5, right=0.7, bottom=0.9),
        ),
        rendition=Rendition(
            sha256="b" * 64,
            width_px=1080,
            height_px=1080,
            layout="centre",
            media_type="image/jpeg",
            size_bytes=1000,
        ),
        attributes={"angle": "time_saved", "set": "bright-kitchen"},
        seed=7,
        text_model="phrasebook",
        landing_url="https://smartchef.example/us",
    )
    return replace(creative, **overrides)


def a_film(**overrides: Any) -> Film:
    film = Film(
        sha256="c" * 64,
        width_px=1080,
        height_px=1080,
        seconds=8.0,
        fps=30,
        size_bytes=1_200_000,
        srt_sha256="d" * 64,
        vtt_sha256="e" * 64,
        move="push_in",
    )
    return replace(film, **overrides)


def a_verdict(creative: Creative, **overrides: Any) -> Verdict:
    verdict = Verdict(
        creative_id=creative.id,
        content_hash=creative.content_hash,
        decision=Decision.APPROVE,
        reviewer=REVIEWER.name,
        role=REVIEWER.role,
        reason="",
        at=NOON,
    )
    return replace(verdict, **overrides)


def a_finding(**overrides: Any) -> Finding:
    finding = Finding(
        rule="G-01",
        severity=Severity.BLOCK,
        market=US,
        evidence="“best”",
        message="The claim has no proof.",
        kind="superlative",
        law="Lanham Act",
        in_force="2026-09-27",
        fix="Name the test.",
        field="headline",
        start=4,
        end=8,
    )
    return replace(finding, **overrides)
