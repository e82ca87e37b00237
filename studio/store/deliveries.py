"""Ads and what platforms report of them."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date
from typing import TypeAlias

import sqlalchemy as sa
from sqlalchemy import Connection
from sqlalchemy.engine import RowMapping

from studio.domain.brief import Slug
from studio.domain.delivery import Ad, AdId, Cell, Delivery, ImportCount
from studio.domain.delivery_report import DeliveryReport
from studio.errors import InputError
from studio.store import tables
from studio.store.records import Records, insert_new, lock_campaign
from studio.store.rows import (
    Row,
    ad_from_row,
    ad_to_row,
    delivery_from_row,
    delivery_report_from_row,
    delivery_to_row,
)

Key: TypeAlias = tuple[AdId, date, Cell]
REPLACING = sa.update(tables.deliveries).where(
    tables.deliveries.c.ad_id == sa.bindparam("of_ad"),
    tables.deliveries.c.day == sa.bindparam("of_day"),
    tables.deliveries.c.market == sa.bindparam("of_market"),
    tables.deliveries.c.placement == sa.bindparam("of_placement"),
)
"""Sets the columns that are given with the place of a row."""


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

    def replace_deliveries(
        self, slug: str, deliveries: Iterable[Delivery], *, reported_on: date | None = None
    ) -> ImportCount:
        """Store what a platform reports, in place of the same ads, days and cells.

        What is replaced stays among the earlier reports. reported_on: day of the import;
        without it, these numbers take no part in `delivery_reports`.
        """
        wanted = _by_key(deliveries)
        with self._writing() as connection:
            lock_campaign(connection, slug)
            _refuse_unknown_ads(connection, slug, wanted)
            days = {day for _, day, _ in wanted}
            stored = {_key_of(row): row for row in _stored(connection, slug, days)}
            new = [wanted[key] for key in wanted if key not in stored]
            known = [key for key in wanted if key in stored]
            same = {key for key in known if delivery_from_row(stored[key]) == wanted[key]}
            if new:
                rows = [_reported(delivery, reported_on) for delivery in new]
                connection.execute(sa.insert(tables.deliveries), rows)
            for key in (key for key in known if key not in same):
                _keep_earlier(connection, stored[key], reported_on)
                row = {**_place(key), **_reported(wanted[key], reported_on)}
                connection.execute(REPLACING, row)
            if reported_on is not None:
                _confirm(connection, [stored[key] for key in same], reported_on)
        return ImportCount(added=len(new), replaced=len(known) - len(same), unchanged=len(same))

    def deliveries(self, slug: str, *, until: date | None = None) -> tuple[Delivery, ...]:
        """A campaign's deliveries by day, ad and cell, `until` the last day of them."""
        query = _of_campaign(slug)
        if until is not None:
            query = query.where(tables.deliveries.c.day <= until)
        found = [delivery_from_row(row) for row in self._all(query)]
        return tuple(sorted(found, key=lambda it: (it.day, it.ad_id, str(it.cell))))

    def delivery_reports(self, slug: str) -> tuple[DeliveryReport, ...]:
        """All that was said of each day, earlier reports and the present ones, as they came.

        By day, ad and cell; numbers that were stored without the day of their import are
        left out.
        """
        earlier, present = tables.delivery_reports, tables.deliveries
        known = _of_campaign(slug).where(present.c.reported_on.is_not(None))
        with self._reading() as connection:
            found = [
                delivery_report_from_row(row)
                for query in (_of_campaign(slug, earlier), known)
                for row in connection.execute(query).mappings()
            ]
        return tuple(sorted(found, key=_when))


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


def _key_of(row: RowMapping) -> Key:
    return _key(delivery_from_row(row))


def _when(report: DeliveryReport) -> tuple[date, AdId, str, date]:
    of = report.delivery
    return (of.day, of.ad_id, str(of.cell), report.reported_on)


def _of_campaign(
    slug: str, table: sa.Table = tables.deliveries
) -> sa.Select[*tuple[object, ...]]:
    return sa.select(table).join_from(table, tables.ads).where(tables.ads.c.campaign == slug)


def _stored(connection: Connection, slug: str, days: set[date]) -> Sequence[RowMapping]:
    if not days:
        return []
    query = _of_campaign(slug).where(tables.deliveries.c.day.between(min(days), max(days)))
    return connection.execute(query).mappings().all()


def _reported(delivery: Delivery, on: date | None) -> Row:
    return {**delivery_to_row(delivery), "reported_on": on, "confirmed_on": on}


def _keep_earlier(connection: Connection, row: RowMapping, on: date | None) -> None:
    """Append what is replaced, unless it was first said on that day itself, or nobody knows."""
    if row["reported_on"] not in (None, on):
        insert_new(connection, tables.delivery_reports, dict(row))


def _confirm(connection: Connection, rows: Iterable[RowMapping], on: date) -> None:
    """Remember that the numbers still stand."""
    due = [
        {**_place(_key_of(row)), "reported_on": row["reported_on"] or on, "confirmed_on": on}
        for row in rows
        if row["confirmed_on"] is None or row["confirmed_on"] < on
    ]
    if due:
        connection.execute(REPLACING, due)


def _place(key: Key) -> Row:
    ad_id, day, cell = key
    return {
        "of_ad": ad_id,
        "of_day": day,
        "of_market": cell.market,
        "of_placement": cell.placement,
    }


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
