"""Whatever is wrong with a database, the message names it and the remedy."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from pathlib import Path

import pytest
import sqlalchemy as sa
from sqlalchemy import URL, Engine
from sqlalchemy.exc import DBAPIError

from studio.domain.creative import Role
from studio.domain.person import User
from studio.errors import InputError, PermanentError, TransientError
from studio.store import database
from studio.store.database import migrate, open_database, reading, writing
from studio.store.repository import Repository


@pytest.mark.parametrize(
    ("url", "words"),
    [
        ("", "can't be read; write sqlite:///path"),
        ("studio.db", "can't be read; write sqlite:///path"),
        ("postgresql://u:p@host:port/db", "can't be read; write sqlite:///path"),
        ("mysql://root@localhost/studio", "no database of the kind 'mysql'; write"),
        ("sqlite://", "names no file; write sqlite:///path"),
        ("sqlite:///:memory:", "names no file; write sqlite:///path"),
        ("sqlite:///file:x?mode=ro&uri=true", "names no file; write sqlite:///path"),
    ],
)
def test_a_wrong_address_is_answered_with_a_right_one(url: str, words: str) -> None:
    with pytest.raises(InputError, match=words):
        open_database(url)


def test_an_address_that_cannot_be_read_does_not_give_its_password_away() -> None:
    with pytest.raises(InputError) as caught:
        open_database("postgresql://ada:s3cret@host:port/db")
    assert "s3cret" not in str(caught.value)


def test_a_missing_folder_is_named(tmp_path: Path) -> None:
    with pytest.raises(InputError, match=rf"no folder {tmp_path}/none\. Create it"):
        open_database(f"sqlite:///{tmp_path}/none/studio.db")


def test_a_folder_is_no_database(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="is a folder. Name a file inside it"):
        open_database(f"sqlite:///{tmp_path}")


def test_a_missing_file_is_made_only_where_that_is_wanted(tmp_path: Path) -> None:
    with pytest.raises(InputError, match=r"studio\.db doesn't exist"):
        open_database(f"sqlite:///{tmp_path}/studio.db", create=False)
    assert not list(tmp_path.iterdir())
    open_database(f"sqlite:///{tmp_path}/studio.db").dispose()
    open_database(f"sqlite:///{tmp_path}/studio.db", create=False).dispose()


def test_a_file_of_another_kind_is_refused_and_left_alone(tmp_path: Path) -> None:
    path = tmp_path / "holiday.db"
    path.write_bytes(b"\x89PNG\r\n\x1a\n" + b"pixels" * 1000)
    before = path.read_bytes()
    with pytest.raises(InputError, match=r"holiday\.db isn't a SQLite database. Name another"):
        open_database(f"sqlite:///{path}")
    assert path.read_bytes() == before


def test_a_damaged_file_is_reported_as_damaged(sqlite_engine: Engine, tmp_path: Path) -> None:
    with writing(sqlite_engine) as connection:
        connection.exec_driver_sql("PRAGMA user_version = 1")
    with closing(sqlite3.connect(tmp_path / "studio.db")) as connection:
        connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    sqlite_engine.dispose()
    path = tmp_path / "studio.db"
    content = bytearray(path.read_bytes())
    content[4096:] = b"\xa5" * (len(content) - 4096)
    path.write_bytes(content)
    with pytest.raises(PermanentError, match=r"studio\.db is damaged. Put a backup"):
        open_database(f"sqlite:///{path}")


def test_a_file_that_another_program_holds_is_reported_as_locked(
    sqlite_engine: Engine, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(database, "BUSY_TIMEOUT_S", 0.1)
    impatient = open_database(f"sqlite:///{tmp_path}/studio.db")
    with closing(sqlite3.connect(tmp_path / "studio.db", isolation_level=None)) as other:
        other.execute("BEGIN IMMEDIATE")
        assert Repository(impatient).users() == ()
        with pytest.raises(TransientError, match=r"studio\.db is locked by another program"):
            migrate(impatient)
        other.execute("ROLLBACK")
    migrate(impatient)
    impatient.dispose()


def test_a_file_that_may_only_be_read_is_reported(sqlite_engine: Engine) -> None:
    with writing(sqlite_engine) as writer:
        writer.exec_driver_sql("PRAGMA query_only = ON")
    ada = User(name="ada", role=Role.ADMIN, password_hash="hash")
    with pytest.raises(InputError, match=r"studio\.db can't be written. Give yourself"):
        Repository(sqlite_engine).add_user(ada)


def test_readers_go_on_while_somebody_writes(sqlite_engine: Engine) -> None:
    with writing(sqlite_engine) as writer:
        writer.exec_driver_sql(
            "INSERT INTO users VALUES ('ada', 'admin', 'hash', 1, 0)",
        )
        assert Repository(sqlite_engine).users() == ()
    assert len(Repository(sqlite_engine).users()) == 1


def test_references_are_checked(sqlite_engine: Engine) -> None:
    with pytest.raises(DBAPIError, match="FOREIGN KEY"), writing(sqlite_engine) as writer:
        writer.exec_driver_sql("INSERT INTO units VALUES ('key', 'no such job', '[]', 1.0)")


def test_a_server_that_is_not_there_is_named_without_the_password() -> None:
    with pytest.raises(PermanentError, match=r"can't be reached.*Start the server") as caught:
        open_database("postgresql://ada:s3cret@127.0.0.1:9/studio")
    assert "ada:***@127.0.0.1:9/studio" in str(caught.value)
    assert "s3cret" not in str(caught.value)


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"database": "nowhere"}, "has no such database. Create it"),
        ({"username": "nobody"}, "refuses this user or password. Correct them"),
    ],
)
def test_what_a_server_refuses_is_said(
    postgresql_server: URL, change: dict[str, str], words: str
) -> None:
    wrong = postgresql_server.set(**change).render_as_string(hide_password=False)
    with pytest.raises(InputError, match=words):
        open_database(wrong)


def test_the_short_name_of_the_scheme_works_too(postgresql_server: URL) -> None:
    engine = open_database(
        postgresql_server.set(drivername="postgres").render_as_string(hide_password=False)
    )
    with reading(engine) as connection:
        assert connection.scalar(sa.text("SELECT 1")) == 1
    engine.dispose()


def test_a_server_that_ends_a_connection_is_no_bug(postgresql_engine: Engine) -> None:
    other = open_database(postgresql_engine.url.render_as_string(hide_password=False))
    stop = sa.text("SELECT pg_terminate_backend(pg_backend_pid())")
    with (
        pytest.raises(TransientError, match="is being stopped or started"),
        reading(other) as connection,
    ):
        connection.execute(stop)
    assert Repository(other).users() == ()
    other.dispose()
