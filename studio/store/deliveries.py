"""Ads and what platforms report of them."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date
from typing import TypeAlias

import sqlalchemy as sa
from sqlalchemy import Connection

from studio.domain.brief import Slug
from studio.domain.delivery import Ad, AdId, Cell, Delivery, ImportCount
from studio.errors import InputError
from studio.store import tables
from studio.store.records import Records, insert_new, lock_campaign
from studio.store.rows import ad_from_row, ad_to_row, delivery_from_row, delivery_to_row

Key: TypeAlias = tuple[AdId, date, Cell]


class Deliveries(Records):
    """Ads, and their days."""

    def save_ads(self, slug: str, ads: Iterable[Ad]) -> None:
        """Add ads; one that is already there as it is changes nothing."""
        published = tuple(ads)
        with self._writing() as connection:
            lock_campaign(connection, slug)
            _refuse_unknown_creatives(connection, slug, published)
            for ad in published:
                row = ad_to_row(ad, campaign=Slug(slug))
                if insert_new(connection, tables.ads, row):
                    continue
                stored = connection.execute(
                    sa.select(tables.ads).where(tables.ads.c.id == ad.id)
                )
                if dict(stored.mappings().one()) != row:
                    raise InputError(
                        f"There is already another ad {ad.id!r}. Give the new one its own id."
                    )

    def ads(self, slug: str) -> tuple[Ad, ...]:
        """A campaign's ads, by id."""
        query = sa.select(tables.ads).where(tables.ads.c.campaign == slug)
        found = [ad_from_row(row) for row in self._all(query)]
        return tuple(sorted(found, key=lambda ad: ad.id))

    def replace_deliveries(self, slug: str, deliveries: Iterable[Delivery]) -> ImportCount:
        """Store what a platform reports, in place of the same ads, days and cells."""
        wanted = _by_key(deliveries)
        with self._writing() as connection:
            lock_campaign(connection, slug)
            _refuse_unknown_ads(connection, slug, wanted)
            stored = {
                _key(delivery): delivery
                for delivery in _stored(connection, slug, {day for _, day, _ in wanted})
            }
            new = [wanted[key] for key in wanted if key not in stored]
            changed = [
                wanted[key] for key in wanted if key in stored and stored[key] != wanted[key]
            ]
            if new:
                rows = [delivery_to_row(delivery) for delivery in new]
                connection.execute(sa.insert(tables.deliveries), rows)
            for delivery in changed:
                connection.execute(_replacing(delivery))
        return ImportCount(
            added=len(new),
            replaced=len(changed),
            unchanged=len(wanted) - len(new) - len(changed),
        )

    def deliveries(self, slug: str, *, until: date | None = None) -> tuple[Delivery, ...]:
        """A campaign's deliveries by day, ad and cell, `until` the last day of them."""
        query = _of_campaign(slug)
        if until is not None:
            query = query.where(tables.deliveries.c.day <= until)
        found = [delivery_from_row(row) for row in self._all(query)]
        return tuple(sorted(found, key=lambda it: (it.day, it.ad_id, str(it.cell))))


def _by_key(reported: Iterable[Delivery]) -> dict[Key, Delivery]:
    wanted: dict[Key, Delivery] = {}
    for delivery in reported:
        earlier = wanted.setdefault(_key(delivery), delivery)
        if earlier != delivery:
            raise InputError(
                f"Ad {delivery.ad_id!r} is reported twice for {delivery.day} in "
                f"{delivery.cell}, with different numbers. Keep one of the rows."
            )
    return wanted


def _key(delivery: Delivery) -> Key:
    return (delivery.ad_id, delivery.day, delivery.cell)


def _of_campaign(slug: str) -> sa.Select[*tuple[object, ...]]:
    return (
        sa.select(tables.deliveries)
        .join_from(tables.deliveries, tables.ads)
        .where(tables.ads.c.campaign == slug)
    )


def _stored(connection: Connection, slug: str, days: set[date]) -> list[Delivery]:
    if not days:
        return []
    query = _of_campaign(slug).where(tables.deliveries.c.day.between(min(days), max(days)))
    return [delivery_from_row(row) for row in connection.execute(query).mappings()]


def _replacing(delivery: Delivery) -> sa.Update:
    return (
        sa.update(tables.deliveries)
        .where(
            tables.deliveries.c.ad_id == delivery.ad_id,
            tables.deliveries.c.day == delivery.day,
            tables.deliveries.c.market == delivery.cell.market,
            tables.deliveries.c.placement == delivery.cell.placement,
        )
        .values(delivery_to_row(delivery))
    )


def _refuse_unknown_ads(connection: Connection, slug: str, wanted: dict[Key, Delivery]) -> None:
    known = set(
        connection.scalars(sa.select(tables.ads.c.id).where(tables.ads.c.campaign == slug))
    )
    unknown = sorted({ad_id for ad_id, _, _ in wanted} - known)
    if unknown:
        raise InputError(
            f"Campaign {slug!r} has no ad {_named(unknown)}. Correct the ad ids, or import "
            "into the campaign that exported them."
        )


def _refuse_unknown_creatives(
    connection: Connection, slug: str, published: Sequence[Ad]
) -> None:
    query = sa.select(tables.creatives.c.id).where(tables.creatives.c.campaign == slug)
    unknown = sorted({ad.creative_id for ad in published} - set(connection.scalars(query)))
    if unknown:
        raise InputError(f"Campaign {slug!r} has no creative {_named(unknown)}.")


def _named(ids: Sequence[str]) -> str:
    shown = ", ".join(repr(name) for name in ids[:3])
    return shown if len(ids) <= 3 else f"{shown} and {len(ids) - 3} more"
