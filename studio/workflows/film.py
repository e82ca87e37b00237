"""A short film of a creative: made beside its picture, looked at and approved with it."""

from __future__ import annotations

import threading
from collections.abc import Callable, Mapping
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass, field
from pathlib import Path
from typing import Protocol

from pydantic import TypeAdapter

from studio.domain.brief import Brief
from studio.domain.creative import Creative, CreativeId, Film
from studio.domain.delivery import Cell
from studio.domain.finding import Finding
from studio.domain.person import Person, Right
from studio.domain.placement import Placement
from studio.errors import InputError, StudioError
from studio.imaging.film import FilmRequest, Footage, Progress, require_size
from studio.imaging.model import PictureRequest
from studio.markets.library import MarketLibrary
from studio.workflows.finish import Finisher

FILM = TypeAdapter(Film)


class FilmStore(Protocol):
    """The part of `studio.store.repository` that films need."""

    def brief(self, slug: str) -> Brief: ...
    def creative(self, creative_id: CreativeId) -> Creative: ...
    def creatives(self, slug: str) -> tuple[Creative, ...]: ...
    def revise(
        self, creative: Creative, findings: tuple[Finding, ...], *, replacing: str
    ) -> None: ...


class FilmBlobs(Protocol):
    """The part of `studio.store.blobs` that films need."""

    def put(self, data: bytes) -> str: ...
    def get(self, sha256: str) -> bytes: ...
    def has(self, sha256: str) -> bool: ...


class Films(Protocol):
    """The part of `studio.imaging.film.FilmMaker` that the workflow needs."""

    def shoot(self, request: FilmRequest, progress: Progress) -> Footage: ...
    def fingerprint(self, request: FilmRequest, still_sha256: str) -> str: ...


@dataclass(frozen=True, slots=True, kw_only=True)
class Making:
    """How far a film is that somebody ordered."""

    share: float
    """0–1."""
    creative: Creative | None = None
    """As it is with the film; None while it's being made."""
    error: str = ""


@dataclass(slots=True)
class _Order:
    future: Future[Creative] | None = None
    share: float = 0.0


@dataclass(frozen=True, slots=True, kw_only=True)
class FilmDesk:
    """Makes films of creatives and takes them away."""

    store: FilmStore
    blobs: FilmBlobs
    library: MarketLibrary
    placements: Mapping[str, Placement]
    finisher: Finisher
    films: Films
    photo_files: Callable[[Brief], tuple[Path, ...]]
    records_dir: Path
    """Where finished films are noted by the fingerprint of what shaped them."""
    _orders: dict[CreativeId, _Order] = field(default_factory=dict)
    _lock: threading.Lock = field(default_factory=threading.Lock)
    _camera: ThreadPoolExecutor = field(
        default_factory=lambda: ThreadPoolExecutor(1, thread_name_prefix="film")
    )
    """One film at a time: each uses all cores."""

    def make(
        self,
        creative_id: CreativeId,
        *,
        content_hash: str,
        person: Person,
        progress: Progress = lambda _: None,
    ) -> Creative:
        """Give a creative its film; it waits for review again unless it had just that one.

        content_hash: of the content that the person saw. Equal inputs are filmed once.
        """
        before = self._seen(creative_id, content_hash, person)
        require_size(self.placements[before.placement])
        film = self._film(before, progress)
        if film == before.film:
            return before
        return self._revised(before, film)

    def remove(self, creative_id: CreativeId, *, content_hash: str, person: Person) -> Creative:
        """Take a creative's film away; it waits for review again."""
        before = self._seen(creative_id, content_hash, person)
        if before.film is None:
            raise InputError(f"{creative_id} has no film.")
        return self._revised(before, None)

    def order(self, creative_id: CreativeId, *, content_hash: str, person: Person) -> Making:
        """Make a film in the background; ask `making` how far it is."""
        before = self._seen(creative_id, content_hash, person)
        require_size(self.placements[before.placement])
        with self._lock:
            if creative_id not in self._orders:
                order = self._orders[creative_id] = _Order()
                order.future = self._camera.submit(
                    self.make,
                    creative_id,
                    content_hash=content_hash,
                    person=person,
                    progress=lambda share: setattr(order, "share", share),
                )
            return Making(share=self._orders[creative_id].share)

    def making(self, creative_id: CreativeId, *, person: Person) -> Making:
        """How far an ordered film is; a result is told once."""
        person.require(Right.GENERATE)
        with self._lock:
            order = self._orders.get(creative_id)
            if order is None or order.future is None:
                raise InputError("No film of this ad is being made; order it again.")
            if not order.future.done():
                return Making(share=order.share)
            del self._orders[creative_id]
        try:
            return Making(share=1.0, creative=order.future.result())
        except StudioError as error:
            return Making(share=order.share, error=str(error))

    def _seen(self, creative_id: CreativeId, content_hash: str, person: Person) -> Creative:
        person.require(Right.GENERATE)
        creative = self.store.creative(creative_id)
        if creative.content_hash != content_hash:
            raise InputError("This ad was changed since you opened it; look at it again.")
        return creative

    def _revised(self, before: Creative, film: Film | None) -> Creative:
        after = before.with_film(film)
        brief = self.store.brief(before.campaign)
        findings = self.finisher.findings(brief, after)
        self.store.revise(after, findings, replacing=before.content_hash)
        return after

    def _film(self, creative: Creative, progress: Progress) -> Film:
        request = self._request(creative)
        key = self.films.fingerprint(request, creative.rendition.sha256)
        kept = self._kept(key)
        if kept is not None:
            progress(1.0)
            return kept
        film = self._stored(self.films.shoot(request, progress), key)
        self._note(film)
        return film

    def _request(self, creative: Creative) -> FilmRequest:
        """How the creative's picture was made, and how its words were set."""
        brief = self.store.brief(creative.campaign)
        picture = creative.picture
        typeset = self.finisher.words_on(
            brief,
            cell=Cell(market=creative.market, placement=creative.placement),
            copy=creative.copy,
            picture=picture,
            seed=creative.seed,
            layout=creative.rendition.layout,
        )
        return FilmRequest(
            picture=PictureRequest(
                product=brief.product,
                photos=self.photo_files(brief),
                pack=self.library.pack(creative.market),
                placement=typeset.placement,
                set=picture.set,
                palette=typeset.palette,
                seed=picture.seed,
                closeness=picture.closeness,
            ),
            typeset=typeset,
        )

    def _stored(self, footage: Footage, key: str) -> Film:
        return Film(
            sha256=self.blobs.put(footage.data),
            width_px=footage.width_px,
            height_px=footage.height_px,
            seconds=footage.seconds,
            fps=footage.fps,
            size_bytes=len(footage.data),
            srt_sha256=self.blobs.put(footage.srt.encode()),
            vtt_sha256=self.blobs.put(footage.vtt.encode()),
            move=footage.move,
            inputs_sha256=key,
        )

    def _kept(self, key: str) -> Film | None:
        """The film of these inputs, if all of its files are still there."""
        record = self.records_dir / f"{key}.json"
        if not record.is_file():
            return None
        film = FILM.validate_json(record.read_bytes())
        files = (film.sha256, film.srt_sha256, film.vtt_sha256)
        return film if all(map(self.blobs.has, files)) else None

    def _note(self, film: Film) -> None:
        self.records_dir.mkdir(parents=True, exist_ok=True)
        record = self.records_dir / f"{film.inputs_sha256}.json"
        unfinished = record.with_suffix(".part")
        unfinished.write_bytes(FILM.dump_json(film))
        unfinished.replace(record)
