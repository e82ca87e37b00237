"""Ads for placements that we serve ourselves: decide, impression, click."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable
from concurrent.futures import Future
from contextlib import AbstractAsyncContextManager
from dataclasses import dataclass, field
from pathlib import Path
from time import time_ns
from typing import Annotated, Any, Protocol

from fastapi import APIRouter, FastAPI, Header, HTTPException, Query, Request, Response
from fastapi.exceptions import RequestValidationError
from fastapi.middleware.cors import CORSMiddleware
from fastapi.responses import FileResponse, JSONResponse, RedirectResponse
from pydantic import BaseModel, ConfigDict, Field, ValidationError
from starlette.types import ASGIApp, Receive, Scope, Send

from studio.api.tokens import LONGEST, Tokens
from studio.api.visitors import Patience, Rate, is_program, network
from studio.domain.delivery import Cell
from studio.domain.event import Decision, Event, EventKind, EventStatus
from studio.domain.event import Receipt as EventReceipt
from studio.domain.market import Locale
from studio.errors import InputError, NotAllowed, NotFound, StudioError, TransientError
from studio.workflows.serve import Roster, ServedAd, Serving

logger = logging.getLogger(__name__)

LARGEST_BODY_BYTES = 8192
NO_STORE = {"Cache-Control": "no-store", "Cross-Origin-Resource-Policy": "cross-origin"}
FOREVER = {
    "Cache-Control": "public, max-age=31536000, immutable",
    "Cross-Origin-Resource-Policy": "cross-origin",
    "X-Content-Type-Options": "nosniff",
}
PIXEL = bytes.fromhex(
    "47494638396101000100800000000000ffffff21f90401000000002c00000000010001000002024401003b"
)
"""A transparent GIF of one pixel."""


class EventSink(Protocol):
    """The part of `studio.store.events` that answering needs."""

    def submit(self, event: Event, /) -> Future[EventReceipt]: ...
    def note(self, decision: Decision, /) -> None: ...


class PictureFiles(Protocol):
    """The part of `studio.store.blobs` that answering needs."""

    def path(self, sha256: str, /) -> Path: ...


def now_ms() -> int:
    """Milliseconds since 1970, UTC."""
    return time_ns() // 1_000_000


@dataclass(frozen=True, slots=True, kw_only=True)
class DecisionServices:
    """What the decision server works with."""

    roster: Roster
    events: EventSink
    tokens: Tokens
    pictures: PictureFiles
    public_url: str = ""
    """How browsers reach this server; empty: as the request did."""
    origins: tuple[str, ...] = ()
    """Sites whose pages may call from the browser: `https://shop.example`."""
    patience: Patience = Patience()
    decisions: Rate = field(default_factory=lambda: Rate(most=2000, window_s=1.0))
    """Per campaign."""
    impressions: Rate = field(default_factory=lambda: Rate(most=300))
    """Per sender and minute, beyond which they are kept but don't count; so with clicks."""
    clicks: Rate = field(default_factory=lambda: Rate(most=30))
    clock_ms: Callable[[], int] = now_ms


class Given(BaseModel):
    """Base of requests: an unknown field is an error, since it was meant to do something."""

    model_config = ConfigDict(extra="forbid", frozen=True)


class Context(Given):
    """Where the ad will stand."""

    market: Annotated[str, Field(min_length=2, max_length=35, examples=["de-DE"])]
    placement: Annotated[str, Field(min_length=1, max_length=64, examples=["meta_feed_1x1"])]


class DecideRequest(Given):
    """One visitor comes to one place."""

    campaign: Annotated[str, Field(min_length=1, max_length=64)]
    context: Context


class ShownCreative(BaseModel):
    """What to show."""

    headline: str
    body: str
    cta: str
    offer_line: str
    legal_line: str
    picture_url: str
    width_px: int
    height_px: int
    landing_url: str


class DecideAnswer(BaseModel):
    """The chosen ad, with what reports back on it."""

    ad_id: str
    creative: ShownCreative
    propensity: float
    snapshot: str
    token: str
    impression_url: str
    click_url: str


class EventRequest(Given):
    """Something happened to a decided ad."""

    token: Annotated[str, Field(min_length=1, max_length=LONGEST)]
    visitor_address: Annotated[str, Field(max_length=64)] = ""
    """Set with user_agent by a site's own server, which must send its key."""
    user_agent: Annotated[str, Field(max_length=512)] = ""


class EventAnswer(BaseModel):
    """How it was recorded."""

    status: EventStatus
    repeated: bool


SiteKey = Annotated[str, Header(alias="X-Studio-Key")]
Token = Annotated[str, Query(alias="t", min_length=1, max_length=LONGEST)]


def create_router(services: DecisionServices) -> APIRouter:
    """Routes below `/v1`."""
    router = APIRouter(prefix="/v1")
    desk = Desk(services)
    # A plain route: resolving declared parameters costs more than the decision itself.
    router.add_route("/v1/decide", desk.decide, methods=["POST"])
    router.add_api_route("/impression", desk.impression, methods=["POST"])
    router.add_api_route("/impression", desk.pixel, methods=["GET"], response_model=None)
    router.add_api_route("/click", desk.click, methods=["POST"])
    router.add_api_route("/click", desk.redirect, methods=["GET"], response_model=None)
    router.add_api_route("/picture/{sha256}", desk.picture, response_model=None)
    return router


@dataclass(frozen=True, slots=True)
class Desk:
    """Answers requests; an event's answer waits until the event is safe."""

    services: DecisionServices

    async def decide(self, request: Request) -> Response:
        """Choose an ad for one visitor: `DecideRequest` in, `DecideAnswer` out."""
        services = self.services
        asked = DecideRequest.model_validate_json(await request.body())
        refuse_unknown_site(
            services.tokens, asked.campaign, request.headers.get("x-studio-key", "")
        )
        refuse_too_many(services.decisions, asked.campaign)
        serving = services.roster.of(asked.campaign)
        context = asked.context
        cell = Cell(market=Locale(context.market), placement=context.placement)
        decision, ad = serving.decide(cell, at_ms=services.clock_ms())
        services.events.note(decision)
        base = services.public_url or str(request.base_url).rstrip("/")
        told = answer(decision, ad, token=services.tokens.of(decision), base=base)
        return Response(told.model_dump_json(), media_type="application/json")

    async def impression(
        self, told: EventRequest, request: Request, key: SiteKey = ""
    ) -> EventAnswer:
        """The ad was shown."""
        return await self.told(EventKind.IMPRESSION, told, request, key)

    async def click(
        self, told: EventRequest, request: Request, key: SiteKey = ""
    ) -> EventAnswer:
        """The ad was clicked."""
        return await self.told(EventKind.CLICK, told, request, key)

    async def pixel(self, token: Token, request: Request) -> Response:
        """The ad was shown, told by a picture in the page."""
        decision = self.services.tokens.decision(token)
        await self.recorded(self.event(EventKind.IMPRESSION, decision, request))
        return Response(PIXEL, media_type="image/gif", headers=NO_STORE)

    async def redirect(self, token: Token, request: Request) -> Response:
        """The ad was clicked: on to its landing page."""
        decision = self.services.tokens.decision(token)
        try:
            await self.recorded(self.event(EventKind.CLICK, decision, request))
        except TransientError:
            # The visitor wants the shop, whatever happens to our books.
            logger.exception("click not recorded", extra={"token": decision.id})
        target = landing_url(self.services.roster, decision)
        if not target:
            return Response(status_code=204, headers=NO_STORE)
        return RedirectResponse(target, status_code=303, headers=NO_STORE)

    async def picture(self, sha256: str) -> Response:
        """The picture of an ad that is served."""
        shown = picture_of(self.services.roster, sha256)
        path = self.services.pictures.path(sha256)
        return FileResponse(path, media_type=shown.media_type, headers=FOREVER)

    async def told(
        self, kind: EventKind, told: EventRequest, request: Request, key: str
    ) -> EventAnswer:
        """An event that a script or a site's server reports."""
        decision = self.services.tokens.decision(told.token)
        speaks_for = bool(told.visitor_address or told.user_agent)
        if speaks_for:
            refuse_unknown_site(self.services.tokens, decision.campaign, key)
        event = self.event(kind, decision, request, told if speaks_for else None)
        receipt = await self.recorded(event)
        return EventAnswer(status=receipt.status, repeated=receipt.repeated)

    def event(
        self,
        kind: EventKind,
        decision: Decision,
        request: Request,
        told: EventRequest | None = None,
    ) -> Event:
        """The event with what its sender alone says of it."""
        services, at_ms = self.services, self.services.clock_ms()
        peer = request.client.host if request.client else ""
        address = network(told.visitor_address if told else peer)
        agent = told.user_agent if told else request.headers.get("user-agent", "")
        rate = services.clicks if kind is EventKind.CLICK else services.impressions
        status = services.patience.judge(kind, at_ms - decision.at_ms)
        if not rate.passes(address):
            status = EventStatus.CROWDED
        if is_program(request.headers, agent):
            status = EventStatus.BOT
        visitor = services.tokens.visitor(address, agent, at_ms=at_ms)
        return Event(kind=kind, decision=decision, at_ms=at_ms, visitor=visitor, status=status)

    async def recorded(self, event: Event) -> EventReceipt:
        """Done when the disk has it."""
        return await asyncio.wrap_future(self.services.events.submit(event))


def create_decision_api(
    services: DecisionServices,
    *,
    lifespan: Callable[[FastAPI], AbstractAsyncContextManager[None]] | None = None,
) -> FastAPI:
    """The application that the public reaches: no pages, no sign-in, nothing else."""
    app = FastAPI(
        title="Studio decisions", docs_url=None, redoc_url=None, openapi_url=None,
        lifespan=lifespan,
    )  # fmt: skip
    app.include_router(create_router(services))

    @app.get("/health")
    async def health() -> dict[str, Any]:
        served = services.roster.all()
        return {each.campaign: each.snapshot.hash[:16] for each in served}

    app.add_exception_handler(StudioError, in_words)
    app.add_exception_handler(RequestValidationError, invalid_in_words)
    app.add_exception_handler(ValidationError, invalid_in_words)
    if services.origins:
        app.add_middleware(
            CORSMiddleware, allow_origins=services.origins, allow_methods=["POST", "GET"],
            allow_headers=["Content-Type", "X-Studio-Key"], max_age=600,
        )  # fmt: skip
    app.add_middleware(SmallBodies)
    return app


def refuse_unknown_site(tokens: Tokens, slug: str, key: str) -> None:
    """Only a site that was given the campaign's key may ask for its ads."""
    if not tokens.opens(slug, key):
        raise HTTPException(
            401,
            {
                "field": "X-Studio-Key",
                "message": "Send the campaign's key in this header; "
                "`studio site-key SLUG` shows it.",
            },
        )


def refuse_too_many(rate: Rate, slug: str) -> None:
    """Hold back a site that asks faster than it may."""
    if not rate.passes(slug):
        raise HTTPException(
            429,
            {
                "field": "campaign",
                "message": f"{slug} may be asked for {rate.most} times in {rate.window_s:g} s; "
                "wait, or raise STUDIO_DECISIONS_PER_SECOND.",
            },
            headers={"Retry-After": str(max(1, round(rate.wait_s)))},
        )


def answer(decision: Decision, ad: ServedAd, *, token: str, base: str) -> DecideAnswer:
    """What a site is told of a decision."""
    words = ad.copy
    return DecideAnswer(
        ad_id=ad.id,
        creative=ShownCreative(
            headline=words.headline,
            body=words.body,
            cta=words.cta,
            offer_line=words.offer_line,
            legal_line=words.legal_line,
            picture_url=f"{base}/v1/picture/{ad.picture_sha256}",
            width_px=ad.width_px,
            height_px=ad.height_px,
            landing_url=ad.landing_url,
        ),
        propensity=decision.propensity,
        snapshot=decision.snapshot,
        token=token,
        impression_url=f"{base}/v1/impression?t={token}",
        click_url=f"{base}/v1/click?t={token}",
    )


def landing_url(roster: Roster, decision: Decision) -> str:
    """Where a click leads: what the campaign says, never what the request says."""
    try:
        serving: Serving = roster.of(decision.campaign)
    except NotFound:
        return ""
    return serving.landing_urls.get(decision.ad_id, "")


def picture_of(roster: Roster, sha256: str) -> ServedAd:
    """The ad that shows the picture now; no other file is public."""
    for serving in roster.all():
        for ad in serving.ads:
            if ad.picture_sha256 == sha256:
                return ad
    raise NotFound("picture: no ad that is served shows it.")


async def in_words(request: Request, error: Exception) -> Response:
    """A `StudioError` as the status that says what to do, with the field and the remedy."""
    field_name, _, message = str(error).partition(": ")
    if not message or " " in field_name:
        field_name, message = "", str(error)
    status = 500
    headers = {}
    match error:
        case TransientError(retry_after_s=wait):
            status = 503
            headers["Retry-After"] = str(max(1, round(wait)))
        case NotFound():
            status = 404
        case NotAllowed():
            status = 403
        case InputError():
            status = 422
    return JSONResponse(
        {"detail": {"field": field_name, "message": message}},
        status_code=status,
        headers=headers,
    )


async def invalid_in_words(request: Request, error: Exception) -> Response:
    """The first thing that is wrong with a request, by its field."""
    assert isinstance(error, RequestValidationError | ValidationError)  # noqa: S101
    first = error.errors()[0]
    places = [str(place) for place in first["loc"] if place not in ("body", "query", "header")]
    remedy = "see docs/serving.md for an example"
    return JSONResponse(
        {
            "detail": {
                "field": ".".join(places) or "body",
                "message": f"{first['msg']}; {remedy}.",
            }
        },
        status_code=422,
    )


class SmallBodies:
    """Refuses bodies that no request of ours has, before they are read whole."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http" or scope["method"] in ("GET", "HEAD", "OPTIONS"):
            await self._app(scope, receive, send)
            return
        length = next((v for k, v in scope["headers"] if k == b"content-length"), b"")
        if not length.isdigit() or int(length) > LARGEST_BODY_BYTES:
            message = f"Send Content-Length, at most {LARGEST_BODY_BYTES} bytes."
            refusal = JSONResponse(
                {"detail": {"field": "body", "message": message}}, status_code=413
            )
            await refusal(scope, receive, send)
            return
        await self._app(scope, receive, send)
