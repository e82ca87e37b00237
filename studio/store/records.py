"""What the parts of the repository share: transactions, and rows that may already be there."""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import AbstractContextManager

import sqlalchemy as sa
from sqlalchemy import Connection, Engine, Table
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.engine import RowMapping

from studio.errors import NotFound
from studio.store import database, tables
from studio.store.rows import Row


class Records:
    """A part of the repository: short transactions on one database."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine

    def _reading(self) -> AbstractContextManager[Connection]:
        return database.reading(self._engine)

    def _writing(self) -> AbstractContextManager[Connection]:
        return database.writing(self._engine)

    def _all(self, query: sa.Select[*tuple[object, ...]]) -> Sequence[RowMapping]:
        with self._reading() as connection:
            return connection.execute(query).mappings().all()

    def _first(self, query: sa.Select[*tuple[object, ...]]) -> RowMapping | None:
        with self._reading() as connection:
            return connection.execute(query).mappings().first()


def insert_new(connection: Connection, table: Table, row: Row) -> bool:
    """Insert a row unless its key exists; whether it was inserted.

    On PostgreSQL this waits for another transaction that is inserting the same key.
    """
    dialect = postgresql if connection.dialect.name == "postgresql" else sqlite
    inserted = dialect.insert(table).values(row).on_conflict_do_nothing()
    returned = connection.execute(inserted.returning(*table.primary_key))
    return returned.first() is not None


def lock_campaign(connection: Connection, slug: str) -> RowMapping:
    """The campaign's row, held until the end of the transaction: writers take turns."""
    table = tables.campaigns
    query = sa.select(table).where(table.c.slug == slug).with_for_update(key_share=True)
    row = connection.execute(query).mappings().first()
    if row is None:
        raise NotFound(f"There is no campaign {slug!r}.")
    return row
