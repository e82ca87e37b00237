"""Opening a database and bringing its tables to this program's version."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

import sqlalchemy as sa
from alembic import command
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import URL, Connection, Engine, event
from sqlalchemy.exc import ArgumentError

from studio.errors import InputError, PermanentError
from studio.store.failures import in_words, name_of
from studio.store.tables import to_json

if TYPE_CHECKING:
    from sqlalchemy.pool import ConnectionPoolEntry

BUSY_TIMEOUT_S = 10
CONNECT_TIMEOUT_S = 10
MIGRATIONS = Path(__file__).parent / "migrations"
VERSION_TABLE = "studio_schema"
MIGRATION_LOCK = 7_853_190_114
"""Any number, the same in every process: it keeps two of them from migrating at once."""


def open_database(url: str, *, create: bool = True) -> Engine:
    """Connect to the database at `sqlite:///path/to/file.db` or `postgresql://…`.

    create: whether a SQLite file may be made where there is none.
    """
    parsed = _parsed(url)
    if parsed.get_backend_name() == "sqlite":
        engine = _open_file(parsed, create=create)
        probe = "PRAGMA schema_version"
    else:
        engine = _open_server(parsed)
        probe = "SELECT 1"
    with in_words(parsed), engine.connect() as connection:
        connection.exec_driver_sql(probe)
    return engine


def migrate(engine: Engine) -> None:
    """Bring the tables to this program's version; two processes may do so at once."""
    if engine.dialect.name == "sqlite":
        _refuse_foreign_file(engine)
        _write_ahead(engine)
    with writing(engine) as connection:
        if engine.dialect.name == "postgresql":
            connection.execute(sa.select(sa.func.pg_advisory_xact_lock(MIGRATION_LOCK)))
        _refuse_foreign(connection)
        config = Config()
        config.set_main_option("script_location", str(MIGRATIONS).replace("%", "%%"))
        config.attributes["connection"] = connection
        command.upgrade(config, "head")


@contextmanager
def reading(engine: Engine) -> Iterator[Connection]:
    """A transaction that sees one state of the database and changes nothing."""
    with in_words(engine), engine.connect() as connection, connection.begin():
        yield connection


@contextmanager
def writing(engine: Engine) -> Iterator[Connection]:
    """A transaction that changes the database as a whole or not at all.

    SQLite takes its write lock at the start, so that what was read still holds when it writes.
    """
    with in_words(engine), engine.connect() as connection:
        writer = connection.execution_options(studio_writes=True)
        with writer.begin():
            yield writer


def _parsed(url: str) -> URL:
    wanted = (
        "write sqlite:///path/to/studio.db or postgresql://user:password@host:5432/database."
    )
    try:
        parsed = sa.make_url(url)
    except (ArgumentError, ValueError):
        # The text is not repeated: where it can't be parsed, a password can't be masked.
        raise InputError(f"The database address can't be read; {wanted}") from None
    kind = parsed.drivername.partition("+")[0]
    if kind in ("postgres", "postgresql"):
        return parsed.set(drivername="postgresql+psycopg")
    if kind != "sqlite":
        raise InputError(f"Studio knows no database of the kind {kind!r}; {wanted}")
    if not parsed.database or parsed.database.startswith((":memory:", "file:")):
        raise InputError(f"The database address names no file; {wanted}")
    return parsed.set(drivername="sqlite+pysqlite")


def _open_file(url: URL, *, create: bool) -> Engine:
    path = Path(url.database or "")
    if path.is_dir():
        raise InputError(f"{name_of(url)} is a folder. Name a file inside it.")
    if not path.parent.is_dir():
        raise InputError(
            f"{name_of(url)} can't be made: there is no folder {path.parent}. Create it, or "
            "correct the address."
        )
    if not create and not path.is_file():
        raise InputError(f"{name_of(url)} doesn't exist. Correct the address.")
    engine = sa.create_engine(
        url, json_serializer=to_json, connect_args={"timeout": BUSY_TIMEOUT_S}
    )
    event.listen(engine, "connect", _set_up_file)
    event.listen(engine, "begin", _begin)
    return engine


def _open_server(url: URL) -> Engine:
    return sa.create_engine(
        url,
        json_serializer=to_json,
        pool_pre_ping=True,
        connect_args={"connect_timeout": CONNECT_TIMEOUT_S, "application_name": "studio"},
    )


def _set_up_file(connection: Any, _: ConnectionPoolEntry) -> None:
    # Otherwise Python's driver would begin transactions on its own, and never immediate ones.
    connection.isolation_level = None
    with closing(connection.cursor()) as cursor:
        cursor.execute("PRAGMA foreign_keys = ON")
        cursor.execute("PRAGMA synchronous = FULL")


def _begin(connection: Connection) -> None:
    writes = connection.get_execution_options().get("studio_writes", False)
    connection.exec_driver_sql("BEGIN IMMEDIATE" if writes else "BEGIN")


def _write_ahead(engine: Engine) -> None:
    """Let readers go on while somebody writes; the file remembers it."""
    with (
        in_words(engine),
        closing(engine.raw_connection()) as connection,
        closing(connection.cursor()) as cursor,
    ):
        cursor.execute("PRAGMA journal_mode = WAL")


def _refuse_foreign_file(engine: Engine) -> None:
    with reading(engine) as connection:
        _refuse_foreign(connection)


def _refuse_foreign(connection: Connection) -> None:
    """Leave the tables of other programs and of newer versions of this one alone."""
    name = name_of(connection.engine.url)
    tables = sa.inspect(connection).get_table_names()
    if tables and VERSION_TABLE not in tables:
        raise InputError(
            f"{name} holds tables of another program ({', '.join(sorted(tables)[:3])}). "
            "Name an empty database."
        )
    context = MigrationContext.configure(connection, opts={"version_table": VERSION_TABLE})
    known = {script.revision for script in ScriptDirectory(str(MIGRATIONS)).walk_revisions()}
    for revision in context.get_current_heads():
        if revision not in known:
            raise PermanentError(
                f"{name} was written by a newer version of Studio (schema {revision}). "
                "Update Studio, or name another database."
            )
