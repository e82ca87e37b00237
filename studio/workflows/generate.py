"""A brief becomes creatives: a job in the database, worked off in units that survive a crash.

One unit is one variant (an idea) in one market, finished for every placement. Variants of a
market follow each other, because each must differ from those before; markets run side by side.
"""

from __future__ import annotations

import hashlib
import json
import logging
import threading
import time
import uuid
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import asdict, dataclass, field, replace
from datetime import datetime
from io import BytesIO
from pathlib import Path
from typing import Protocol

from studio.copywriting.model import CopyRequest, TextModel
from studio.copywriting.writer import write_copy
from studio.domain.brief import Brief, Slug
from studio.domain.creative import Copy, Creative, CreativeId, Picture
from studio.domain.delivery import Cell
from studio.domain.finding import Finding
from studio.domain.job import Job, JobId, JobState, UnitResult
from studio.domain.market import Locale
from studio.domain.person import Person, Right
from studio.domain.placement import Placement
from studio.engine.model import Engine
from studio.errors import Cancelled, InputError, PermanentError, StudioError
from studio.imaging.attributes import busyness, warmth
from studio.imaging.model import ImageModel, PictureRequest
from studio.imaging.watch import PaintsAhead, watched_by
from studio.markets.library import MarketLibrary
from studio.workflows.finish import Finisher
from studio.workflows.gallery import ATTEMPTS, Gallery, another
from studio.workflows.variants import VariantPlan, plan_variants

logger = logging.getLogger(__name__)

BEAT_EVERY_S = 2.0
STALE_AFTER_S = 12.0
"""A job whose worker gave no sign of life for so long is taken over."""
SHOWN_PROBLEMS = 5
RECIPE = "2"
"""Part of every unit's key: raise it when the same inputs shall give other ads."""


class GenerationStore(Protocol):
    """The part of `studio.store.repository` that generation needs."""

    def brief(self, slug: str) -> Brief: ...
    def enqueue(self, job: Job) -> None: ...
    def job(self, job_id: JobId) -> Job: ...
    def jobs(self, slug: str) -> tuple[Job, ...]: ...
    def claim(self, worker: str, *, now: datetime, stale_after_s: float) -> Job | None: ...
    def beat(
        self, job_id: JobId, worker: str, *, now: datetime, done: int, total: int, message: str
    ) -> bool: ...
    def finish(self, job_id: JobId, worker: str, state: JobState, message: str) -> None: ...
    def cancel(self, job_id: JobId) -> None: ...
    def finished_unit(self, key: str) -> UnitResult | None: ...
    def creative(self, creative_id: CreativeId) -> Creative: ...
    def record_unit(
        self,
        job_id: JobId,
        result: UnitResult,
        creatives: Iterable[Creative],
        findings: Mapping[CreativeId, tuple[Finding, ...]],
    ) -> None: ...


@dataclass(frozen=True, slots=True, kw_only=True)
class Unit:
    """One variant in one market."""

    market: Locale
    plan: VariantPlan


@dataclass(frozen=True, slots=True, kw_only=True)
class Lane:
    """The units of one market, in their order."""

    market: Locale
    units: tuple[Unit, ...]


@dataclass(frozen=True, slots=True)
class Made:
    """What came of a unit."""

    creatives: tuple[Creative, ...]
    refusals: tuple[str, ...] = ()
    """Why some placements have none; a later run tries them again."""


@dataclass(slots=True)
class Progress:
    """Where one run of a job stands; shared between its lanes."""

    total: int
    done: int = 0
    message: str = "starting"
    problems: list[str] = field(default_factory=list)
    left_out: list[str] = field(default_factory=list)
    stopped: threading.Event = field(default_factory=threading.Event)
    lock: threading.Lock = field(default_factory=threading.Lock)

    def advance(self, message: str) -> None:
        """One more unit is behind us."""
        with self.lock:
            self.done += 1
            self.message = message

    def tell(self, message: str) -> None:
        """Say what is being done now; raises `Cancelled` when the run is to stop."""
        if self.stopped.is_set():
            raise Cancelled("The job was stopped.")
        with self.lock:
            self.message = message

    def trouble(self, message: str) -> None:
        """One unit could not be made; the others go on."""
        with self.lock:
            self.problems.append(message)

    def leave_out(self, message: str) -> None:
        """One ad of a unit could not be made; its other placements were."""
        with self.lock:
            self.left_out.append(message)

    @property
    def verdict(self) -> str:
        """What went wrong, the first few in full."""
        counted = (
            (f"{len(self.problems)} of {self.total} units failed", self.problems),
            (f"ads left out: {len(self.left_out)}", self.left_out),
        )
        return ". ".join(
            f"{title}: {'; '.join(found[:SHOWN_PROBLEMS])}" for title, found in counted if found
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Generator:
    """Makes the creatives of a campaign."""

    store: GenerationStore
    finisher: Finisher
    library: MarketLibrary
    placements: Mapping[str, Placement]
    text_model: TextModel
    image_model: ImageModel
    engine: Engine
    photo_files: Callable[[Brief], tuple[Path, ...]]
    clock: Callable[[], datetime]

    def enqueue(self, slug: str, person: Person) -> Job:
        """Order generation; a job of the campaign that still runs is returned instead."""
        person.require(Right.GENERATE)
        brief = self.store.brief(slug)
        running = [job for job in self.store.jobs(slug) if not job.state.ended]
        if running:
            return running[0]
        job = Job(
            id=JobId(uuid.uuid4().hex),
            campaign=brief.slug,
            state=JobState.QUEUED,
            units_done=0,
            units_total=0,
            message="waiting for a worker",
            created_at=self.clock(),
            beat_at=None,
        )
        self.store.enqueue(job)
        return job

    def latest(self, slug: str) -> Job | None:
        """The campaign's newest job."""
        return next(iter(self.store.jobs(slug)), None)

    def cancel(self, job_id: JobId, person: Person) -> None:
        """Stop after the units in hand; what is finished stays."""
        person.require(Right.GENERATE)
        self.store.cancel(job_id)

    def work_once(self, worker: str, stop: threading.Event | None = None) -> bool:
        """Work off one job, if one waits or was left behind. False: there was none."""
        job = self.store.claim(worker, now=self.clock(), stale_after_s=STALE_AFTER_S)
        if job is None:
            return False
        try:
            progress = self._run(job, worker, stop or threading.Event())
        except StudioError as error:
            self.store.finish(job.id, worker, JobState.FAILED, str(error))
        except Exception as error:
            self.store.finish(job.id, worker, JobState.FAILED, f"bug: {error!r}")
            raise
        else:
            self._conclude(job, worker, progress)
        return True

    def _conclude(self, job: Job, worker: str, progress: Progress) -> None:
        if progress.stopped.is_set():
            return
        if progress.problems or progress.left_out:
            self.store.finish(job.id, worker, JobState.FAILED, progress.verdict)
        else:
            self.store.finish(job.id, worker, JobState.DONE, f"made {progress.total} units")

    def _run(self, job: Job, worker: str, stop: threading.Event) -> Progress:
        brief = self.store.brief(job.campaign)
        lanes = self._lanes(brief)
        progress = Progress(total=sum(len(lane.units) for lane in lanes))

        def beat() -> None:
            alive = self.store.beat(
                job.id, worker, now=self.clock(), done=progress.done, total=progress.total,
                message=progress.message,
            )  # fmt: skip
            if stop.is_set() or not alive:
                progress.stopped.set()

        beat()
        with _every(BEAT_EVERY_S, beat):
            for _ in self.engine.run(
                lambda lane: self._work_lane(job, brief, lane, progress), lanes
            ):
                beat()
        beat()
        return progress

    def _lanes(self, brief: Brief) -> tuple[Lane, ...]:
        lanes = []
        sets = self.image_model.sets_for(brief.product)
        for market in brief.markets:
            plans = plan_variants(brief, self.library.pack(market), sets)
            units = tuple(Unit(market=market, plan=plan) for plan in plans)
            lanes.append(Lane(market=market, units=units))
        return tuple(lanes)

    def _work_lane(self, job: Job, brief: Brief, lane: Lane, progress: Progress) -> None:
        gallery = Gallery(self.finisher.blobs)
        try:
            with watched_by(lambda line: progress.tell(f"{lane.market} · {line}")):
                self._paint_ahead(brief, lane)
            for unit in lane.units:
                if progress.stopped.is_set():
                    return
                self._work_unit(job, brief, unit, gallery, progress)
        except Cancelled:
            return

    def _paint_ahead(self, brief: Brief, lane: Lane) -> None:
        """Let the model paint a market's pictures together, if that is quicker for it."""
        if not isinstance(self.image_model, PaintsAhead):
            return
        wanted: list[PictureRequest] = []
        for unit in lane.units:
            pictures = self._picture_requests(brief, unit)
            key = self._key(brief, unit, self._copy_request(brief, unit, ()), pictures)
            if self.store.finished_unit(key) is None:
                wanted += pictures
        try:
            self.image_model.paint_ahead(wanted)
        except Cancelled:
            raise
        except StudioError as error:
            # Each unit meets it again and tells it under its own name.
            logger.warning("not painted ahead", extra={"why": str(error)})

    def _work_unit(
        self, job: Job, brief: Brief, unit: Unit, gallery: Gallery, progress: Progress
    ) -> None:
        name = f"{unit.market} · {unit.plan.variant}"
        try:
            with watched_by(lambda line: progress.tell(f"{name} · {line}")):
                made = self._finished(job, brief, unit, gallery)
            gallery.units.append(made.creatives)
            for refusal in made.refusals:
                progress.leave_out(f"{name}: {refusal}")
        except Cancelled:
            raise
        except StudioError as error:
            logger.warning("unit failed", extra={"unit": name, "why": str(error)})
            progress.trouble(f"{name}: {error}")
        progress.advance(name)

    def _finished(self, job: Job, brief: Brief, unit: Unit, gallery: Gallery) -> Made:
        """The unit's creatives; they are made now unless an earlier run made all of them."""
        request = self._copy_request(brief, unit, gallery.copies)
        pictures = self._picture_requests(brief, unit)
        key = self._key(brief, unit, request, pictures)
        before = self.store.finished_unit(key)
        if before is not None:
            return Made(
                tuple(self.store.creative(CreativeId(each)) for each in before.creative_ids)
            )
        started = time.perf_counter()
        made = self._made(brief, unit, request, pictures, gallery)
        result = UnitResult(
            key=key,
            creative_ids=tuple(_id(brief, unit, picture.placement) for picture in pictures),
            seconds=time.perf_counter() - started,
        )
        findings = {each.id: self.finisher.findings(brief, each) for each in made.creatives}
        self.store.record_unit(job.id, result, made.creatives, findings)
        return made

    def _made(
        self,
        brief: Brief,
        unit: Unit,
        request: CopyRequest,
        pictures: tuple[PictureRequest, ...],
        gallery: Gallery,
    ) -> Made:
        """A creative for each placement that takes the words; raises where none does."""
        copy = write_copy(self.text_model, request)
        prompt = self.text_model.fingerprint(request)
        creatives: list[Creative] = []
        refusals: list[StudioError] = []
        for picture in pictures:
            try:
                found = self._unlike(gallery, brief, unit, copy, picture)
            except Cancelled:
                raise
            except (InputError, PermanentError) as error:
                refusals.append(error)
            else:
                creatives.append(replace(found, prompt_sha256=prompt))
        if not creatives:
            raise refusals[0]
        return Made(tuple(creatives), tuple(map(str, refusals)))

    def _copy_request(self, brief: Brief, unit: Unit, taken: tuple[Copy, ...]) -> CopyRequest:
        return CopyRequest(
            brief=brief,
            pack=self.library.pack(unit.market),
            placements=tuple(self.placements[name] for name in brief.placements),
            angle=unit.plan.angle,
            variant=unit.plan.variant,
            seed=unit.plan.seed,
            shows_offer=unit.plan.shows_offer,
            taken=taken,
        )

    def _picture_requests(self, brief: Brief, unit: Unit) -> tuple[PictureRequest, ...]:
        pack = self.library.pack(unit.market)
        return tuple(
            PictureRequest(
                product=brief.product,
                photos=self.photo_files(brief),
                pack=pack,
                placement=self.placements[name],
                set=unit.plan.set,
                palette=unit.plan.palette,
                seed=unit.plan.seed,
                closeness=unit.plan.closeness,
            )
            for name in brief.placements
        )

    def _unlike(
        self, gallery: Gallery, brief: Brief, unit: Unit, copy: Copy, request: PictureRequest
    ) -> Creative:
        """A creative that doesn't look like another variant's in its placement."""
        for attempt in range(ATTEMPTS):
            creative = self._creative(brief, unit, copy, another(request, brief, attempt))
            twin = gallery.twin_of(creative)
            if not twin:
                return creative
        raise PermanentError(
            f"{request.placement.name}: the picture looks like that of {twin} in every "
            f"one of {ATTEMPTS} tries; ask for fewer variants, or add sets or palettes to the "
            "market's pack."
        )

    def _creative(
        self, brief: Brief, unit: Unit, copy: Copy, request: PictureRequest
    ) -> Creative:
        placement = request.placement
        staged = self.image_model.stage(request)
        encoded = BytesIO()
        staged.image.save(encoded, "PNG", compress_level=1)
        picture = Picture(
            sha256=self.finisher.blobs.put(encoded.getvalue()),
            width_px=staged.image.width,
            height_px=staged.image.height,
            set=request.set,
            palette=request.palette.id,
            seed=request.seed,
            model=self.image_model.name,
            product_box=staged.product_box,
            prompt_sha256=staged.prompt_sha256 or self.image_model.fingerprint(request),
            ai=staged.ai,
            photoreal=staged.photoreal,
            tags=staged.tags,
            family=staged.family,
            warmth=warmth(staged.image),
            busyness=busyness(staged.image),
            closeness=request.closeness,
            light_delta_e=round(staged.light_delta_e, 2),
        )
        rendition = self.finisher.render(
            brief,
            cell=Cell(market=unit.market, placement=placement.id),
            copy=copy,
            picture=picture,
            seed=request.seed,
        )
        offer = brief.offer_in(unit.market)
        return Creative(
            id=_id(brief, unit, placement),
            campaign=Slug(brief.slug),
            market=unit.market,
            placement=placement.id,
            variant=unit.plan.variant,
            copy=copy,
            picture=picture,
            rendition=rendition,
            attributes=self.finisher.attributes(
                market=unit.market, copy=copy, picture=picture, layout=rendition.layout
            ),
            seed=request.seed,
            text_model=self.text_model.name,
            landing_url=offer.landing_url if offer else "",
        )

    def _key(
        self,
        brief: Brief,
        unit: Unit,
        request: CopyRequest,
        pictures: tuple[PictureRequest, ...],
    ) -> str:
        """SHA-256 of every input that shapes the unit's creatives.

        The copy of earlier variants is left out: a reviewer's edit of one mustn't void others.
        """
        asked = replace(request, taken=())
        offer = brief.offer_in(unit.market)
        inputs = {
            "recipe": RECIPE,
            "slug": brief.slug,
            "market": unit.market,
            "plan": asdict(unit.plan),
            "text": (self.text_model.name, self.text_model.fingerprint(asked)),
            "pictures": [self.image_model.fingerprint(picture) for picture in pictures],
            "placements": [asdict(placement) for placement in request.placements],
            "brand": asdict(brief.brand),
            "offer": asdict(offer) if offer else None,
            "pack": request.pack.version,
            "launch": brief.launch,
        }
        canonical = json.dumps(inputs, sort_keys=True, ensure_ascii=False, default=str)
        return hashlib.sha256(canonical.encode()).hexdigest()


def _id(brief: Brief, unit: Unit, placement: Placement) -> CreativeId:
    return CreativeId(f"{brief.slug}.{unit.market}.{unit.plan.variant}.{placement.id}")


def run_worker(generator: Generator, stop: threading.Event, *, idle_s: float = 0.5) -> None:
    """Work off jobs until `stop` is set; a bug in one job doesn't end the worker."""
    worker = f"worker-{uuid.uuid4().hex[:8]}"
    while not stop.is_set():
        try:
            worked = generator.work_once(worker, stop)
        except Exception:  # noqa: BLE001 - the job row has the bug, the next job shall run
            logger.exception("a job ended in a bug")
            worked = False
        if not worked:
            stop.wait(idle_s)


@contextmanager
def _every(seconds: float, action: Callable[[], None]) -> Iterator[None]:
    """Call `action` in the background while the block runs."""
    ended = threading.Event()

    def tick() -> None:
        while not ended.wait(seconds):
            action()

    thread = threading.Thread(target=tick, name="heartbeat", daemon=True)
    thread.start()
    try:
        yield
    finally:
        ended.set()
        thread.join()
