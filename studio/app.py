"""The composition root: the only module that picks adapters."""

from __future__ import annotations

import secrets
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import cached_property
from pathlib import Path

from studio.compliance.engine import Engine
from studio.copywriting.model import TextModel
from studio.copywriting.phrasebook_model import PhrasebookModel
from studio.domain.brief import checked_slug
from studio.domain.placement import Placement
from studio.domain.rehearsal import RehearsalRecord
from studio.engine.local import LocalEngine
from studio.errors import InputError
from studio.imaging.coverage import missing_in_pack
from studio.imaging.cutout import cut_out
from studio.imaging.film import FilmMaker
from studio.imaging.logo import check_logo
from studio.imaging.model import ImageModel
from studio.imaging.staged_model import StagedModel
from studio.imaging.typeset import Typesetter
from studio.intake.brief_yaml import BriefReader, Known
from studio.markets.library import MarketLibrary
from studio.platforms.folder import FolderExporter
from studio.platforms.specs import load_placements
from studio.resources import bundled
from studio.settings import Settings
from studio.store.blobs import Blobs
from studio.store.database import migrate, open_database
from studio.store.keys import add_key, read_keys
from studio.store.repository import Repository
from studio.workflows.accounts import Accounts
from studio.workflows.briefs import BriefDesk
from studio.workflows.film import FilmDesk
from studio.workflows.finish import Finisher
from studio.workflows.generate import Generator
from studio.workflows.ingest import Importer
from studio.workflows.insights import Insights
from studio.workflows.learn import Learner
from studio.workflows.limit_costs import LimitCosts
from studio.workflows.markets import Markets
from studio.workflows.photos import PhotoDesk
from studio.workflows.publish import Publisher
from studio.workflows.report import Reporter
from studio.workflows.review import ReviewDesk
from studio.workflows.serve import DecisionDesk, EventTotals

DIFFUSION_PREFIX = "diffusion:"
SAMPLE_PLACEMENT = "meta_feed_1x1"
"""Where the sample ads of market checks are thought to run."""


def now() -> datetime:
    """The present moment, aware, in UTC."""
    return datetime.now(UTC)


@dataclass(frozen=True)
class Studio:
    """All services of one installation, each built when it is first used."""

    settings: Settings

    @cached_property
    def repository(self) -> Repository:
        """The database, brought up to date."""
        self.settings.data_dir.mkdir(parents=True, exist_ok=True)
        engine = open_database(self.settings.database)
        migrate(engine)
        return Repository(engine)

    @cached_property
    def blobs(self) -> Blobs:
        return Blobs(self.settings.data_dir / "blobs")

    @cached_property
    def library(self) -> MarketLibrary:
        own = self.settings.prompts_dir
        return MarketLibrary([own / "markets"] if own else [])

    @cached_property
    def markets(self) -> Markets:
        return Markets(
            library=self.library,
            check=self.checks.check,
            placement=self.placements[SAMPLE_PLACEMENT],
            missing_glyphs=missing_in_pack,
        )

    @cached_property
    def placements(self) -> Mapping[str, Placement]:
        return load_placements()

    @property
    def assets(self) -> Path:
        """Folder of brands, products and sets."""
        return self.settings.assets_dir or bundled("assets")

    @cached_property
    def text_model(self) -> TextModel:
        name = self.settings.text_model
        if name == PhrasebookModel.name:
            return PhrasebookModel()
        from studio.copywriting.langchain_model import LangchainModel
        from studio.copywriting.prompts import PromptBook

        return LangchainModel.from_name(name, prompts=PromptBook(self._own_prompts("copy")))

    @cached_property
    def image_model(self) -> ImageModel:
        name = self.settings.image_model
        staged = StagedModel(self.assets / "sets")
        if name == StagedModel.name:
            return staged
        if not name.startswith(DIFFUSION_PREFIX):
            raise InputError(
                f"STUDIO_IMAGE_MODEL: {name!r} is unknown; write `staged`, or `diffusion:` and "
                "a preset (see `studio models list`), a hub id or a local folder."
            )
        from studio.imaging.diffusion_cache import PaintingCache
        from studio.imaging.diffusion_model import DiffusionModel
        from studio.imaging.diffusion_pipelines import Runtime
        from studio.imaging.diffusion_presets import Mode, choose

        settings = self.settings
        return DiffusionModel(
            choose(
                name.removeprefix(DIFFUSION_PREFIX),
                like=settings.image_preset,
                depth=settings.image_depth,
                mode=Mode(settings.image_mode),
            ),
            sets_dir=self.assets / "sets",
            runtime=Runtime(device=settings.device, dtype=settings.dtype),
            prompts_dir=self._own_prompts("image"),
            cache=PaintingCache(
                settings.data_dir / "paintings",
                most_bytes=round(settings.image_cache_gb * 1_000_000_000),
            ),
        )

    def _own_prompts(self, kind: str) -> Path | None:
        """The user's folder of templates, if there is one."""
        own = self.settings.prompts_dir
        return own / kind if own and (own / kind).is_dir() else None

    def angles(self, locale: str) -> tuple[str, ...]:
        """The angles that a market's pack knows."""
        return tuple(appeal.angle for appeal in self.library.pack(locale).appeals)

    @cached_property
    def briefs(self) -> BriefDesk:
        known = Known(
            locales=tuple(self.library.markets()),
            placements=tuple(self.placements),
            benefits=self.library.benefits_by_category(),
            currencies=self.library.currencies(),
            angles=self.angles,
        )
        return BriefDesk(
            store=self.repository,
            reader=BriefReader(
                known=known, assets=self.assets, check_photo=cut_out, check_logo=check_logo
            ),
            campaigns_dir=self.settings.campaigns_dir,
            clock=now,
        )

    @cached_property
    def photos(self) -> PhotoDesk:
        return PhotoDesk(folder=self.briefs.folder, pictures=self.blobs)

    @cached_property
    def checks(self) -> Engine:
        return Engine(missing_glyphs=missing_in_pack)

    @cached_property
    def finisher(self) -> Finisher:
        return Finisher(
            blobs=self.blobs,
            library=self.library,
            placements=self.placements,
            typesetter=Typesetter(),
            check=self.checks.check,
            brand_file=self.briefs.logo_file,
        )

    @cached_property
    def generator(self) -> Generator:
        return Generator(
            store=self.repository,
            finisher=self.finisher,
            library=self.library,
            placements=self.placements,
            text_model=self.text_model,
            image_model=self.image_model,
            engine=LocalEngine(self.settings.workers),
            photo_files=self.briefs.photo_files,
            clock=now,
        )

    @cached_property
    def reviews(self) -> ReviewDesk:
        return ReviewDesk(store=self.repository, finisher=self.finisher, clock=now)

    @cached_property
    def film_desk(self) -> FilmDesk:
        return FilmDesk(
            store=self.repository,
            blobs=self.blobs,
            library=self.library,
            placements=self.placements,
            finisher=self.finisher,
            films=FilmMaker(self.assets / "sets"),
            photo_files=self.briefs.photo_files,
            records_dir=self.settings.data_dir / "films",
        )

    @cached_property
    def publisher(self) -> Publisher:
        return Publisher(
            store=self.repository,
            blobs=self.blobs,
            exporter=FolderExporter(),
            exports_dir=self.settings.data_dir / "exports",
        )

    @cached_property
    def importer(self) -> Importer:
        return Importer(store=self.repository)

    @cached_property
    def learner(self) -> Learner:
        return Learner(store=self.repository, blobs=self.blobs)

    @cached_property
    def insights(self) -> Insights:
        return Insights(store=self.repository, angles=self.angles)

    @cached_property
    def limit_costs(self) -> LimitCosts:
        return LimitCosts(
            folder=self.settings.data_dir / "limit-costs",
            min_impressions=self.learner.min_impressions,
            protected_share=self.learner.protected_share,
        )

    @property
    def events_file(self) -> Path:
        """The log of impressions and clicks on placements that we serve ourselves."""
        return self.settings.data_dir / "events.db"

    def decisions(self, events: EventTotals) -> DecisionDesk:
        """What the decision server prepares its answers with."""
        return DecisionDesk(
            store=self.repository,
            events=events,
            snapshots_dir=self.settings.data_dir / "snapshots",
            counts_dir=self.settings.data_dir / "counts",
            clock=now,
        )

    @property
    def decision_keys(self) -> tuple[str, ...]:
        """What signs decisions, the oldest first; made once per installation."""
        if self.settings.decision_keys is not None:
            return tuple(self.settings.decision_keys.get_secret_value().split())
        return read_keys(self.settings.data_dir / "decision-keys")

    def rotate_decision_keys(self) -> int:
        """Sign with a new key from now on; how many keys verify."""
        if self.settings.decision_keys is not None:
            raise InputError("STUDIO_DECISION_KEYS is set: add the new key at its end.")
        return len(add_key(self.settings.data_dir / "decision-keys"))

    @cached_property
    def reporter(self) -> Reporter:
        return Reporter(store=self.repository, blobs=self.blobs)

    def report_file(self, slug: str) -> Path:
        """Where the campaign's report is written."""
        return self.settings.data_dir / "reports" / f"{checked_slug(slug)}.html"

    def rehearsal(self, slug: str) -> RehearsalRecord | None:
        """The campaign's last rehearsal on simulated clicks, if there was one."""
        file = self._rehearsal_file(slug)
        return RehearsalRecord.from_json(file.read_text("utf-8")) if file.is_file() else None

    def save_rehearsal(self, record: RehearsalRecord) -> None:
        """Keep a rehearsal for the report and the pages."""
        file = self._rehearsal_file(record.campaign)
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(record.to_json(), "utf-8")

    def _rehearsal_file(self, slug: str) -> Path:
        return self.settings.data_dir / "rehearsals" / f"{checked_slug(slug)}.json"

    @cached_property
    def accounts(self) -> Accounts:
        return Accounts(store=self.repository)

    @cached_property
    def session_secret(self) -> str:
        """What signs the sign-in cookie; made once per installation."""
        if self.settings.session_secret is not None:
            return self.settings.session_secret.get_secret_value()
        file = self.settings.data_dir / "session-secret"
        self.settings.data_dir.mkdir(parents=True, exist_ok=True)
        with suppress(FileExistsError):
            file.touch(mode=0o600, exist_ok=False)
            file.write_text(secrets.token_urlsafe(48), "ascii")
        return file.read_text("ascii")
