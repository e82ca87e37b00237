"""Approved creatives leave the house, and nothing else does."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

from studio.domain.brief import Brief
from studio.domain.creative import Creative, CreativeId, Decision, Status, Verdict
from studio.domain.delivery import Ad
from studio.domain.finding import Finding
from studio.domain.person import Person, Right
from studio.errors import InputError
from studio.platforms.model import ApprovedAd, Exporter, FilmFiles, Receipt

EXPORTED = (Status.APPROVED, Status.LIVE, Status.PAUSED)


class PublishingStore(Protocol):
    """The part of `studio.store.repository` that publishing needs."""

    def brief(self, slug: str) -> Brief: ...
    def creatives(self, slug: str) -> tuple[Creative, ...]: ...
    def findings(self, creative_id: CreativeId) -> tuple[Finding, ...]: ...
    def verdicts(self, creative_id: CreativeId) -> tuple[Verdict, ...]: ...
    def save_ads(self, slug: str, ads: Iterable[Ad]) -> None: ...
    def set_status(
        self, creative_id: CreativeId, status: Status, *, content_hash: str
    ) -> None: ...


class BlobReader(Protocol):
    """The part of `studio.store.blobs` that publishing needs."""

    def get(self, sha256: str) -> bytes: ...


@dataclass(frozen=True, slots=True, kw_only=True)
class Publisher:
    """Exports approved creatives."""

    store: PublishingStore
    blobs: BlobReader
    exporter: Exporter
    exports_dir: Path

    def exportable(self, slug: str) -> tuple[Creative, ...]:
        """The creatives that would leave now."""
        return tuple(each for each in self.store.creatives(slug) if each.status in EXPORTED)

    def export(self, slug: str, person: Person) -> Receipt:
        """Pack all approved creatives and mark them live.

        Raises `InputError` if there is none, or if one isn't approved at its present content.
        """
        person.require(Right.EXPORT)
        brief = self.store.brief(slug)
        creatives = self.exportable(slug)
        if not creatives:
            raise InputError(f"{slug}: no creative is approved yet; review some first.")
        ads = tuple(self._approved(creative) for creative in creatives)
        receipt = self.exporter.export(brief, ads, to=self.exports_dir / slug)
        self.store.save_ads(slug, receipt.ads)
        for creative in creatives:
            if creative.status is Status.APPROVED:
                self.store.set_status(
                    creative.id, Status.LIVE, content_hash=creative.content_hash
                )
        return receipt

    def _approved(self, creative: Creative) -> ApprovedAd:
        """The creative with its file; refused unless a person approved exactly this content."""
        verdicts = self.store.verdicts(creative.id)
        last = next(
            (each for each in reversed(verdicts) if each.content_hash == creative.content_hash),
            None,
        )
        if last is None or last.decision is not Decision.APPROVE:
            raise InputError(
                f"{creative.id} isn't approved as it is now ({creative.content_hash[:8]}); "
                "review it again."
            )
        return ApprovedAd(
            creative=creative,
            image=self.blobs.get(creative.rendition.sha256),
            verdicts=verdicts,
            findings=self.store.findings(creative.id),
            film=self._film_files(creative),
        )

    def _film_files(self, creative: Creative) -> FilmFiles | None:
        film = creative.film
        if film is None:
            return None
        return FilmFiles(
            mp4=self.blobs.get(film.sha256),
            srt=self.blobs.get(film.srt_sha256),
            vtt=self.blobs.get(film.vtt_sha256),
        )
