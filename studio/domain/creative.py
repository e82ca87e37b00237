"""A creative: copy and picture for one market and placement, finished as an ad."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass, replace
from datetime import datetime
from enum import StrEnum
from hashlib import sha256
from typing import NewType, Self

from studio.domain.brief import Slug
from studio.domain.geometry import Box
from studio.domain.market import Locale
from studio.errors import IllegalTransition

CreativeId = NewType("CreativeId", str)


class Status(StrEnum):
    """How far a creative has come."""

    DRAFT = "draft"
    APPROVED = "approved"
    REJECTED = "rejected"
    LIVE = "live"
    PAUSED = "paused"


NEXT: Mapping[Status, frozenset[Status]] = {
    Status.DRAFT: frozenset({Status.APPROVED, Status.REJECTED}),
    Status.APPROVED: frozenset({Status.LIVE, Status.REJECTED}),
    Status.REJECTED: frozenset(),
    Status.LIVE: frozenset({Status.PAUSED}),
    Status.PAUSED: frozenset({Status.LIVE}),
}
"""Legal steps. Besides them, any change of the content hash leads back to DRAFT."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Gloss:
    """The copy once more, literally, in the brief's language, for a reviewer."""

    headline: str
    body: str
    cta: str
    description: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Copy:
    """The words of an ad in the market's language."""

    headline: str
    body: str
    """The primary text."""
    description: str = ""
    """A short line that platforms show under the headline, beside the picture."""
    cta: str
    cta_action: str = "SHOP_NOW"
    """The platforms' standard name for the button: SHOP_NOW, LEARN_MORE, ORDER_NOW …"""
    offer_line: str = ""
    """The price block, as this market writes and the law wants it; empty without an offer."""
    legal_line: str = ""
    """Small print that must stand in the ad."""
    gloss: Gloss
    angle: str
    rationale: str
    """Why this angle in this market, in the brief's language."""
    sources: tuple[str, ...] = ()
    """Where the words come from: `phrase:ja-JP/craft/h2`, `claim:keep_warm`, `model:…`."""


class Ai(StrEnum):
    """How much of a picture an AI model painted."""

    NONE = "none"
    EDITED = "edited"
    """A real picture, parts of which a model painted."""
    FULL = "full"


class Figure(StrEnum):
    """Whether somebody is in a picture."""

    NONE = "none"
    REAL = "real"
    SYNTHETIC = "synthetic"
    """Somebody who doesn't exist."""
    REPLICA = "replica"
    """A model's likeness of somebody who does."""


class ProductPixels(StrEnum):
    """Where a picture's product comes from."""

    REAL = "real"
    """From its photo or render."""
    GENERATED = "generated"
    """Drawn by a model."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Picture:
    """A picture without words: set, palette and product."""

    sha256: str
    width_px: int
    height_px: int
    set: str
    palette: str
    seed: int
    model: str
    """Image model and version that made it."""
    product_box: Box
    """Where the product stands; text keeps clear of it."""
    prompt_sha256: str = ""
    """Fingerprint of what the model was asked."""
    ai: Ai = Ai.NONE
    photoreal: bool = False
    """Whether what a model painted could be taken for a photo."""
    person: Figure = Figure.NONE
    product_pixels: ProductPixels = ProductPixels.REAL
    tags: tuple[str, ...] = ()
    """What is to be seen: `kitchen`, `flag`, `map` …"""
    family: str = ""
    """The set's kind of place; empty where it isn't known, as in older pictures."""
    warmth: str = ""
    """`warm`, `neutral` or `cool`."""
    busyness: str = ""
    """`calm`, `balanced` or `busy`."""
    closeness: float = 1.0
    """Size of the product against the usual one that was asked for."""
    light_delta_e: float = 0.0
    """CIEDE2000 between a grey in the photo's light and in the set's; 0: not known."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Rendition:
    """The finished ad: the copy typeset on the picture, as a file."""

    sha256: str
    width_px: int
    height_px: int
    layout: str
    media_type: str
    """`image/jpeg` or `image/png`."""
    size_bytes: int
    marks: tuple[str, ...] = ()
    """Provenance marks in the file's metadata: `iptc`, `tc260`."""
    smallest_px: float = 0.0
    """Type size of the smallest words; 0 where nobody measured."""
    note_px: float = 0.0
    """Type size of the smallest note or small print; 0 without any."""
    body_px: float = 0.0
    """Type size of the body copy; 0 where it isn't in the picture."""
    least_contrast: float = 0.0
    """WCAG contrast ratio of the least readable words; 0 where nobody measured."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Film:
    """The ad as a short film, with its words beside it as subtitles."""

    sha256: str
    """MP4: H.264 and a silent track."""
    width_px: int
    height_px: int
    seconds: float
    fps: int
    size_bytes: int
    srt_sha256: str
    vtt_sha256: str
    move: str
    """How the camera moves: `push_in`, `slide` …"""
    inputs_sha256: str = ""
    """Fingerprint of all that shaped it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Creative:
    """One ad as its audience would see it."""

    id: CreativeId
    campaign: Slug
    market: Locale
    placement: str
    variant: str
    """Name of the idea; the same variant stands in every placement of its market."""
    copy: Copy
    picture: Picture
    rendition: Rendition
    attributes: Mapping[str, str]
    """What the optimizer learns over: angle, set, palette, layout, offer, headline length …"""
    seed: int
    text_model: str
    prompt_sha256: str = ""
    """Fingerprint of the prompt or phrase bank that made the copy."""
    landing_url: str = ""
    film: Film | None = None
    status: Status = Status.DRAFT

    @property
    def content_hash(self) -> str:
        """SHA-256 over everything that an audience would see and click."""
        seen: dict[str, object] = {
            "market": self.market,
            "placement": self.placement,
            "copy": {
                name: value
                for name, value in asdict(self.copy).items()
                if name not in ("gloss", "angle", "rationale", "sources")
            },
            "picture": self.picture.sha256,
            "rendition": self.rendition.sha256,
            "landing_url": self.landing_url,
        }
        if self.film is not None:
            seen["film"] = [self.film.sha256, self.film.srt_sha256, self.film.vtt_sha256]
        canonical = json.dumps(seen, sort_keys=True, ensure_ascii=False, separators=(",", ":"))
        return sha256(canonical.encode()).hexdigest()

    def moved_to(self, status: Status) -> Self:
        """This creative in its next status; nothing goes live unapproved."""
        if status not in NEXT[self.status]:
            raise IllegalTransition(self.id, self.status, status)
        return replace(self, status=status)

    def revised(
        self, *, copy: Copy, rendition: Rendition, attributes: Mapping[str, str]
    ) -> Self:
        """With other content: whatever was decided before no longer counts.

        A film of the words before goes with them.
        """
        return replace(
            self,
            copy=copy,
            rendition=rendition,
            attributes=attributes,
            film=None,
            status=Status.DRAFT,
        )

    def with_film(self, film: Film | None) -> Self:
        """With another film or none: it has to be looked at again."""
        return replace(self, film=film, status=Status.DRAFT)


class Role(StrEnum):
    """What a signed-in person may do."""

    MARKETER = "marketer"
    REVIEWER = "reviewer"
    ADMIN = "admin"


class Decision(StrEnum):
    """What a reviewer said of a creative."""

    APPROVE = "approve"
    REJECT = "reject"
    REOPEN = "reopen"
    """The person's own last decision is taken back."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Verdict:
    """A decision, bound to the exact content it was made on; never changed, only added."""

    creative_id: CreativeId
    content_hash: str
    decision: Decision
    reviewer: str
    role: Role
    reason: str
    at: datetime
    """Aware, in UTC."""
