"""The migrated schema is the one that the queries are written for."""

from __future__ import annotations

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
import sqlalchemy as sa
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from sqlalchemy import Engine

from studio.errors import InputError, PermanentError, StudioError
from studio.store.database import VERSION_TABLE, migrate, open_database, reading, writing
from studio.store.repository import Repository
from studio.store.tables import APPEND_ONLY, metadata


@pytest.fixture(params=["sqlite", "postgresql"])
def empty(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Engine]:
    """A database without tables."""
    if request.param == "sqlite":
        engine = open_database(f"sqlite:///{tmp_path}/studio.db")
    else:
        engine = open_database(request.getfixturevalue("empty_postgresql"))
    yield engine
    engine.dispose()


def test_the_migrated_schema_equals_the_tables(empty: Engine) -> None:
    migrate(empty)
    options = {"version_table": VERSION_TABLE, "compare_type": True}
    with reading(empty) as connection:
        context = MigrationContext.configure(connection, opts=options)
        assert compare_metadata(context, metadata) == []


def test_the_migrated_constraints_equal_those_of_the_tables(empty: Engine) -> None:
    """Alembic's comparison leaves check constraints out."""
    metadata.create_all(empty)
    wanted = constraints(empty)
    metadata.drop_all(empty)
    migrate(empty)
    assert constraints(empty) == wanted
    assert sum(map(len, wanted.values())) == 18


def test_every_append_only_table_has_its_trigger(empty: Engine) -> None:
    migrate(empty)
    catalogue = {
        "sqlite": "SELECT DISTINCT tbl_name FROM sqlite_master WHERE type = 'trigger'",
        "postgresql": "SELECT DISTINCT event_object_table FROM information_schema.triggers",
    }[empty.dialect.name]
    with reading(empty) as connection:
        protected = set(connection.exec_driver_sql(catalogue).scalars())
    assert protected == {table.name for table in APPEND_ONLY}


def test_processes_that_start_together_migrate_once(empty: Engine) -> None:
    url = empty.url.render_as_string(hide_password=False)

    def start(_: int) -> None:
        engine = open_database(url)
        migrate(engine)
        engine.dispose()

    with ThreadPoolExecutor(3) as pool:
        list(pool.map(start, range(3)))
    assert Repository(empty).users() == ()


def test_a_database_of_a_newer_studio_is_refused_and_left_alone(empty: Engine) -> None:
    migrate(empty)
    set_revision(empty, "0999")
    with pytest.raises(
        PermanentError, match=r"newer version of Studio \(schema 0999\).*Update"
    ):
        migrate(empty)


def test_a_database_of_another_program_is_refused_and_left_alone(empty: Engine) -> None:
    with writing(empty) as connection:
        connection.exec_driver_sql("CREATE TABLE recipes (id INTEGER PRIMARY KEY)")
    with pytest.raises(InputError, match=r"another program \(recipes\).*Name an empty"):
        migrate(empty)
    assert sa.inspect(empty).get_table_names() == ["recipes"]


def test_a_database_that_was_never_migrated_says_so(empty: Engine) -> None:
    with pytest.raises(StudioError, match="no tables of Studio"):
        Repository(empty).users()


def constraints(engine: Engine) -> dict[str, set[tuple[str, str]]]:
    inspector = sa.inspect(engine)
    return {
        name: {
            (str(check["name"]), check["sqltext"])
            for check in inspector.get_check_constraints(name)
        }
        for name in metadata.tables
    }


def set_revision(engine: Engine, revision: str) -> None:
    with writing(engine) as connection:
        connection.execute(
            sa.text(f"UPDATE {VERSION_TABLE} SET version_num = :revision"),
            {"revision": revision},
        )
