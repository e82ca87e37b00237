"""Campaigns and every text that their briefs have had."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

import sqlalchemy as sa
from sqlalchemy import Connection
from sqlalchemy.engine import RowMapping

from studio.domain.brief import Brief, Slug
from studio.domain.campaign import BriefVersion, CampaignSummary
from studio.domain.creative import Status
from studio.domain.market import Locale
from studio.errors import NotFound
from studio.store.records import Records, insert_new, lock_campaign
from studio.store.rows import Row, brief_from_json, brief_to_json, version_from_row
from studio.store.tables import brief_versions, campaigns, creatives, jobs, verdicts


class Briefs(Records):
    """Briefs, of which every version is kept."""

    def save_brief(self, brief: Brief, yaml_text: str, *, by: str, at: datetime) -> None:
        """Make this the brief of its campaign; saving the same again adds no version."""
        header: Row = {
            "title": brief.title,
            "launch": brief.launch,
            "markets": list(brief.markets),
            "updated_at": at,
        }
        stored = brief_to_json(brief)
        with self._writing() as connection:
            insert_new(connection, campaigns, {"slug": brief.slug, "revision": 0, **header})
            campaign = lock_campaign(connection, brief.slug)
            newest = _newest(connection, brief.slug)
            if newest and (newest["yaml_text"], newest["brief"]) == (yaml_text, stored):
                return
            revision = campaign["revision"] + 1
            version = {"revision": revision, "at": at, "by": by, "yaml_text": yaml_text}
            connection.execute(
                sa.insert(brief_versions).values(campaign=brief.slug, brief=stored, **version)
            )
            connection.execute(
                sa.update(campaigns)
                .where(campaigns.c.slug == brief.slug)
                .values(revision=revision, **header)
            )

    def brief(self, slug: str) -> Brief:
        """The newest version of a campaign's brief."""
        return brief_from_json(self._newest_version(slug)["brief"])

    def brief_yaml(self, slug: str) -> str:
        """The newest version's text, as its author wrote it."""
        return str(self._newest_version(slug)["yaml_text"])

    def brief_versions(self, slug: str) -> tuple[BriefVersion, ...]:
        """Every version, the newest first; empty for an unknown campaign."""
        table = brief_versions
        query = (
            sa.select(table.c.campaign, table.c.revision, table.c.at, table.c.by)
            .add_columns(table.c.yaml_text)
            .where(table.c.campaign == slug)
            .order_by(table.c.revision.desc())
        )
        return tuple(version_from_row(row) for row in self._all(query))

    def campaigns(self) -> tuple[CampaignSummary, ...]:
        """All campaigns, the one that changed last first."""
        with self._reading() as connection:
            rows = connection.execute(sa.select(campaigns)).mappings().all()
            counts = _counts(connection)
            signs = _last_signs(connection)
        summaries = [
            CampaignSummary(
                slug=Slug(row["slug"]),
                title=row["title"],
                launch=row["launch"],
                markets=tuple(Locale(market) for market in row["markets"]),
                counts={status: counts.get((row["slug"], status), 0) for status in Status},
                updated_at=max([row["updated_at"], *signs.get(row["slug"], ())]),
            )
            for row in rows
        ]
        summaries.sort(key=lambda summary: summary.slug)
        return tuple(sorted(summaries, key=lambda summary: summary.updated_at, reverse=True))

    def _newest_version(self, slug: str) -> RowMapping:
        with self._reading() as connection:
            row = _newest(connection, slug)
        if row is None:
            raise NotFound(f"There is no campaign {slug!r}.")
        return row


def _newest(connection: Connection, slug: str) -> RowMapping | None:
    query = (
        sa.select(brief_versions)
        .where(brief_versions.c.campaign == slug)
        .order_by(brief_versions.c.revision.desc())
        .limit(1)
    )
    return connection.execute(query).mappings().first()


def _counts(connection: Connection) -> Mapping[tuple[str, Status], int]:
    query = sa.select(
        creatives.c.campaign, creatives.c.status, sa.func.count().label("number")
    ).group_by(creatives.c.campaign, creatives.c.status)
    return {
        (campaign, Status(status)): number
        for campaign, status, number in connection.execute(query)
    }


def _last_signs(connection: Connection) -> Mapping[str, list[datetime]]:
    """By campaign: when a job was last created or beat, and when somebody last decided."""
    of_jobs = sa.select(
        jobs.c.campaign, sa.func.max(sa.func.coalesce(jobs.c.beat_at, jobs.c.created_at))
    ).group_by(jobs.c.campaign)
    of_verdicts = (
        sa.select(creatives.c.campaign, sa.func.max(verdicts.c.at))
        .join_from(verdicts, creatives)
        .group_by(creatives.c.campaign)
    )
    signs: dict[str, list[datetime]] = {}
    for query in (of_jobs, of_verdicts):
        for campaign, at in connection.execute(query):
            signs.setdefault(campaign, []).append(at)
    return signs
