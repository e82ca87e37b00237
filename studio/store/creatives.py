"""Creatives, what checks found in them, and what people decided."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace

import sqlalchemy as sa
from sqlalchemy import Connection

from studio.domain.creative import Creative, CreativeId, Decision, Status, Verdict
from studio.domain.finding import Finding
from studio.errors import IllegalTransition, InputError, NotFound
from studio.store.records import Records, insert_new
from studio.store.rows import (
    creative_from_row,
    creative_to_row,
    finding_from_row,
    finding_to_row,
    verdict_from_row,
    verdict_to_row,
)
from studio.store.tables import creatives, findings, verdicts

REOPENED = frozenset({Status.APPROVED, Status.REJECTED})
"""Where a decision can be taken back from."""


class Creatives(Records):
    """Creatives with their findings and verdicts."""

    def creative(self, creative_id: CreativeId) -> Creative:
        """The creative as it stands now."""
        row = self._first(sa.select(creatives).where(creatives.c.id == creative_id))
        if row is None:
            raise _unknown(creative_id)
        return creative_from_row(row)

    def creatives(
        self,
        slug: str,
        *,
        status: Status | None = None,
        market: str | None = None,
        placement: str | None = None,
    ) -> tuple[Creative, ...]:
        """A campaign's creatives by market, variant and placement."""
        wanted = {"status": status, "market": market, "placement": placement}
        query = sa.select(creatives).where(creatives.c.campaign == slug)
        for name, value in wanted.items():
            if value is not None:
                query = query.where(creatives.c[name] == str(value))
        found = [creative_from_row(row) for row in self._all(query)]
        # Databases collate text differently; Python's order is the same everywhere.
        return tuple(sorted(found, key=lambda it: (it.market, it.variant, it.placement, it.id)))

    def revise(
        self, creative: Creative, findings: Sequence[Finding], *, replacing: str | None = None
    ) -> None:
        """Store new content with its findings; a draft again where the content differs.

        replacing: the content hash that the change was made on, to refuse it if somebody else
        changed the creative in between.
        """
        with self._writing() as connection:
            stored = _locked(connection, creative.id)
            if replacing is not None and stored.content_hash != replacing:
                raise _changed(creative.id)
            _replace(connection, stored, creative)
            _store_findings(connection, creative, findings)

    def findings(self, creative_id: CreativeId) -> tuple[Finding, ...]:
        """What checks found in the content that the creative has now."""
        query = _current_findings().where(creatives.c.id == creative_id)
        return tuple(finding_from_row(row) for row in self._all(query))

    def findings_of(self, slug: str) -> Mapping[CreativeId, tuple[Finding, ...]]:
        """Findings of every creative of a campaign; all of them have an entry."""
        ids = sa.select(creatives.c.id).where(creatives.c.campaign == slug)
        query = _current_findings().where(creatives.c.campaign == slug)
        with self._reading() as connection:
            found: dict[CreativeId, tuple[Finding, ...]] = {
                CreativeId(creative_id): () for creative_id in connection.scalars(ids)
            }
            rows = connection.execute(query).mappings().all()
        for row in rows:
            found[CreativeId(row["creative_id"])] += (finding_from_row(row),)
        return found

    def decide(self, verdict: Verdict, status: Status) -> Creative:
        """Record a decision and move the creative, if its content is what was decided on."""
        with self._writing() as connection:
            stored = _locked(connection, verdict.creative_id)
            if stored.content_hash != verdict.content_hash:
                raise _changed(verdict.creative_id)
            decided = _decided(stored, verdict.decision, status)
            connection.execute(sa.insert(verdicts).values(verdict_to_row(verdict)))
            _move(connection, decided)
        return decided

    def set_status(self, creative_id: CreativeId, status: Status, *, content_hash: str) -> None:
        """Move a creative by a legal step, if its content is still `content_hash`."""
        with self._writing() as connection:
            stored = _locked(connection, creative_id)
            if stored.content_hash != content_hash:
                raise _changed(creative_id)
            _move(connection, stored.moved_to(status))

    def verdicts(self, creative_id: CreativeId) -> tuple[Verdict, ...]:
        """Every decision on a creative, the oldest first."""
        query = sa.select(verdicts).where(verdicts.c.creative_id == creative_id)
        rows = self._all(query.order_by(verdicts.c.id))
        return tuple(verdict_from_row(row) for row in rows)

    def verdicts_of(self, slug: str) -> tuple[Verdict, ...]:
        """Every decision in a campaign, the oldest first."""
        query = (
            sa.select(verdicts)
            .join_from(verdicts, creatives)
            .where(creatives.c.campaign == slug)
            .order_by(verdicts.c.id)
        )
        return tuple(verdict_from_row(row) for row in self._all(query))


def store_made(
    connection: Connection, creative: Creative, found: Sequence[Finding], *, unit_key: str
) -> None:
    """Insert or replace what a unit of work made."""
    row = {**creative_to_row(creative), "unit_key": unit_key}
    if not insert_new(connection, creatives, row):
        _replace(connection, _locked(connection, creative.id), creative, unit_key=unit_key)
    _store_findings(connection, creative, found)


def _replace(
    connection: Connection, stored: Creative, creative: Creative, **changes: str
) -> None:
    """Store new content; a decided creative stays decided only with the same content."""
    if stored.campaign != creative.campaign:
        raise InputError(f"Creative {creative.id} belongs to campaign {stored.campaign!r}.")
    same = stored.content_hash == creative.content_hash
    row = creative_to_row(replace(creative, status=stored.status if same else Status.DRAFT))
    changed = sa.update(creatives).where(creatives.c.id == creative.id)
    connection.execute(changed.values({**row, **changes}))


def _store_findings(
    connection: Connection, creative: Creative, found: Sequence[Finding]
) -> None:
    connection.execute(
        sa.delete(findings).where(
            findings.c.creative_id == creative.id,
            findings.c.content_hash == creative.content_hash,
        )
    )
    rows = [
        finding_to_row(finding, creative=creative, position=position)
        for position, finding in enumerate(found)
    ]
    if rows:
        connection.execute(sa.insert(findings), rows)


def _locked(connection: Connection, creative_id: CreativeId) -> Creative:
    query = sa.select(creatives).where(creatives.c.id == creative_id).with_for_update()
    row = connection.execute(query).mappings().first()
    if row is None:
        raise _unknown(creative_id)
    return creative_from_row(row)


def _decided(stored: Creative, decision: Decision, status: Status) -> Creative:
    if decision is not Decision.REOPEN:
        return stored.moved_to(status)
    if stored.status not in REOPENED or status is not Status.DRAFT:
        raise IllegalTransition(stored.id, stored.status, status)
    return replace(stored, status=status)


def _move(connection: Connection, creative: Creative) -> None:
    connection.execute(
        sa.update(creatives)
        .where(creatives.c.id == creative.id)
        .values(status=str(creative.status))
    )


def _current_findings() -> sa.Select[*tuple[object, ...]]:
    current = sa.and_(
        findings.c.creative_id == creatives.c.id,
        findings.c.content_hash == creatives.c.content_hash,
    )
    return (
        sa.select(findings)
        .join_from(findings, creatives, current)
        .order_by(findings.c.creative_id, findings.c.position)
    )


def _unknown(creative_id: CreativeId) -> NotFound:
    return NotFound(f"There is no creative {creative_id!r}.")


def _changed(creative_id: CreativeId) -> InputError:
    return InputError(
        f"Creative {creative_id} was changed in the meantime. Reload the page and look again."
    )
