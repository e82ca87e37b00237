"""The public server of decisions: snapshots made anew beside it, answers never waiting."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, field

import uvicorn
from fastapi import FastAPI

from studio.api.decide import DecisionServices, create_decision_api
from studio.api.tokens import Tokens
from studio.api.visitors import Rate
from studio.app import Studio
from studio.domain.creative import Status
from studio.domain.person import Person
from studio.errors import InputError, NotFound, StudioError
from studio.store.events import EventLog
from studio.workflows.serve import DecisionDesk, Roster, Serving

logger = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True, kw_only=True)
class Refresher:
    """Keeps the roster up to date.

    follow: only load the snapshots that another process makes.
    """

    desk: DecisionDesk
    roster: Roster
    events: EventLog
    slugs: Sequence[str]
    person: Person
    every_s: float
    follow: bool = False

    def once(self) -> None:
        """Refresh every campaign; one that fails keeps its snapshot, or stops without ads."""
        self.events.flush()
        for slug in self.slugs:
            try:
                self.roster.swap(self.serving(slug))
            except NotFound as error:
                self.roster.drop(slug)
                logger.warning("%s is no longer served: %s", slug, error)
            except StudioError:
                logger.exception("%s keeps its snapshot", slug)

    def serving(self, slug: str) -> Serving:
        """The campaign's newest snapshot with its ads."""
        return self.desk.load(slug) if self.follow else self.desk.refresh(slug, self.person)

    async def run(self) -> None:
        """Refresh now and then, in a thread, until cancelled."""
        while True:
            await asyncio.sleep(self.every_s)
            await asyncio.to_thread(self.once)


@dataclass(frozen=True, slots=True, kw_only=True)
class DecisionServer:
    """One process of the decision server."""

    studio: Studio
    slugs: Sequence[str]
    person: Person
    follow: bool = False
    roster: Roster = field(default_factory=Roster)

    def app(self) -> FastAPI:
        """The application; every campaign must have a snapshot to start with."""
        settings = self.studio.settings
        events = EventLog(self.studio.events_file)
        refresher = Refresher(
            desk=self.studio.decisions(events),
            roster=self.roster,
            events=events,
            slugs=self.slugs,
            person=self.person,
            every_s=settings.snapshot_every_s,
            follow=self.follow,
        )
        try:
            for slug in self.slugs:
                self.roster.swap(refresher.serving(slug))
        except StudioError:
            events.close()
            raise
        services = DecisionServices(
            roster=self.roster,
            events=events,
            tokens=Tokens(self.studio.decision_keys),
            pictures=self.studio.blobs,
            public_url=settings.public_url.rstrip("/"),
            origins=settings.site_origins,
            decisions=Rate(most=settings.decisions_per_second, window_s=1.0),
        )

        @asynccontextmanager
        async def lifespan(_: FastAPI) -> AsyncIterator[None]:
            refreshing = asyncio.create_task(refresher.run())
            try:
                yield
            finally:
                refreshing.cancel()
                with suppress(asyncio.CancelledError):
                    await refreshing
                await asyncio.to_thread(events.close)

        return create_decision_api(services, lifespan=lifespan)


def served_campaigns(studio: Studio, slugs: Sequence[str]) -> tuple[str, ...]:
    """The given campaigns, or all with live creatives."""
    if slugs:
        return tuple(slugs)
    live = tuple(
        campaign.slug
        for campaign in studio.repository.campaigns()
        if campaign.counts.get(Status.LIVE, 0)
    )
    if not live:
        raise InputError("No campaign has live creatives to serve: approve and export some.")
    return live


def serve_decisions(server: DecisionServer, *, host: str, port: int) -> None:
    """Serve until interrupted."""
    uvicorn.run(server.app(), host=host, port=port, log_level="warning", access_log=False)
