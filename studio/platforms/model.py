"""The seam to ad platforms: approved creatives go out, ads come back."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

from studio.domain.brief import Brief
from studio.domain.creative import Creative, Verdict
from studio.domain.delivery import Ad, Group
from studio.domain.finding import Finding


@dataclass(frozen=True, slots=True, kw_only=True)
class FilmFiles:
    """A film and its subtitles."""

    mp4: bytes
    srt: bytes
    vtt: bytes


@dataclass(frozen=True, slots=True, kw_only=True)
class ApprovedAd:
    """One approved creative with its file and the record of its approval."""

    creative: Creative
    image: bytes
    verdicts: tuple[Verdict, ...]
    findings: tuple[Finding, ...]
    film: FilmFiles | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Receipt:
    """What an export made."""

    folder: Path
    archive: Path
    ads: tuple[Ad, ...]

    @property
    def count(self) -> int:
        """How many ads were exported; their twins in the holdout don't count."""
        return sum(ad.group is Group.PLAN for ad in self.ads)


class Exporter(Protocol):
    """Packs approved ads for one platform."""

    name: str

    def export(self, brief: Brief, ads: tuple[ApprovedAd, ...], *, to: Path) -> Receipt:
        """Write everything below the folder `to`; an earlier export there is replaced whole."""
        ...
