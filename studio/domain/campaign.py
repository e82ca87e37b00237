"""A campaign as people find it again: what its brief said when, and how far it has come."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime

from studio.domain.brief import Slug
from studio.domain.creative import Status
from studio.domain.market import Locale


@dataclass(frozen=True, slots=True, kw_only=True)
class BriefVersion:
    """The text of a brief as somebody saved it; never changed, only added."""

    campaign: Slug
    revision: int
    """1 for the first text, then one more for each that differs."""
    at: datetime
    by: str
    yaml_text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class CampaignSummary:
    """One line of the campaign list."""

    slug: Slug
    title: str
    launch: date
    markets: tuple[Locale, ...]
    counts: Mapping[Status, int]
    """How many creatives stand where; every status has its number."""
    updated_at: datetime
    """Last sign of the brief, a job or a verdict."""
