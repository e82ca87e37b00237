"""What the pages work with."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Protocol

from starlette.requests import Request

from studio.domain.budget import BudgetPlan, PlanVerdict
from studio.domain.creative import Creative
from studio.domain.delivery import Ad, Delivery
from studio.domain.person import Person
from studio.domain.placement import Placement
from studio.domain.rehearsal import RehearsalRecord
from studio.markets.library import MarketLibrary
from studio.workflows.accounts import Accounts
from studio.workflows.briefs import BriefDesk
from studio.workflows.film import FilmDesk
from studio.workflows.generate import Generator
from studio.workflows.ingest import Importer
from studio.workflows.learn import Learner
from studio.workflows.limit_costs import LimitCosts
from studio.workflows.photos import PhotoDesk
from studio.workflows.publish import Publisher
from studio.workflows.report import Reporter
from studio.workflows.review import ReviewDesk


class SignIn(Protocol):
    """Tells who sends a request."""

    def name_of(self, request: Request) -> str | None: ...
    def person(self, name: str | None) -> Person: ...


class PageStore(Protocol):
    """The part of `studio.store.repository` that pages only read."""

    def creatives(self, slug: str) -> tuple[Creative, ...]: ...
    def ads(self, slug: str) -> tuple[Ad, ...]: ...
    def deliveries(self, slug: str, *, until: date | None = None) -> tuple[Delivery, ...]: ...
    def plans(self, slug: str) -> tuple[BudgetPlan, ...]: ...
    def plan_verdicts(self, slug: str) -> tuple[PlanVerdict, ...]: ...


@dataclass(frozen=True, slots=True, kw_only=True)
class Services:
    """The workflows and knowledge behind the pages."""

    sign_in: SignIn
    briefs: BriefDesk
    photos: PhotoDesk
    generator: Generator
    reviews: ReviewDesk
    film_desk: FilmDesk
    publisher: Publisher
    importer: Importer
    learner: Learner
    limit_costs: LimitCosts
    accounts: Accounts
    store: PageStore
    library: MarketLibrary
    placements: Mapping[str, Placement]
    rehearsal: Callable[[str], RehearsalRecord | None]
    """The last rehearsal of a campaign on simulated clicks."""
    reporter: Reporter
    report_file: Callable[[str], Path]
    """Where a campaign's report is written, and served from."""
