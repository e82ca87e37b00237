"""What a database says when it fails, in words that name the database and the remedy."""

from __future__ import annotations

import re
import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager

import psycopg
from sqlalchemy import URL, Engine
from sqlalchemy.exc import DBAPIError, StatementError

from studio.errors import InputError, PermanentError, StudioError, TransientError

SQLITE: tuple[tuple[str, type[StudioError], str], ...] = (
    ("BUSY|LOCKED", TransientError, "is locked by another program. Close it and try again."),
    (
        "NOTADB",
        InputError,
        "isn't a SQLite database. Name another file, or move this one away.",
    ),
    ("CORRUPT", PermanentError, "is damaged. Put a backup in its place, or start a new file."),
    (
        "READONLY|PERM|AUTH",
        InputError,
        "can't be written. Give yourself the right to write it.",
    ),
    (
        "CANTOPEN",
        InputError,
        "can't be opened. Check that its folder exists and may be written.",
    ),
    ("FULL", PermanentError, "can't grow: the disk is full. Free some space."),
    ("IOERR", PermanentError, "can't be read or written: the disk reports an error. Check it."),
)
"""By SQLite's error name."""

POSTGRESQL: tuple[tuple[str, type[StudioError], str], ...] = (
    ("28", InputError, "refuses this user or password. Correct them in the address."),
    ("3D", InputError, "has no such database. Create it, or correct the address."),
    ("40|55P03", TransientError, "was busy with the same rows. Try again."),
    ("53", TransientError, "is out of connections, memory or disk. Try again later."),
    ("57", TransientError, "is being stopped or started. Try again."),
    (
        "42501|25006",
        InputError,
        "doesn't let this user write. Grant the right, or name another.",
    ),
    ("XX", PermanentError, "reports damage. Look into the server's log."),
)
"""By SQLSTATE."""


@contextmanager
def in_words(database: Engine | URL) -> Iterator[None]:
    """Turn a failure of the database itself into a `StudioError`; let bugs pass."""
    try:
        yield
    except StatementError as error:
        if isinstance(error.orig, StudioError):
            raise error.orig from error
        url = database.url if isinstance(database, Engine) else database
        explained = explain(error, url) if isinstance(error, DBAPIError) else None
        if explained is None:
            raise
        raise explained from error


def explain(error: DBAPIError, url: URL) -> StudioError | None:
    """The failure in words, or nothing where it is a bug of the program."""
    cause = error.orig
    if isinstance(cause, sqlite3.Error):
        return _of_sqlite(cause, name_of(url))
    if isinstance(cause, psycopg.Error):
        return _of_postgresql(cause, name_of(url))
    return None


def name_of(url: URL) -> str:
    """How messages call a database: its file, or its address without the password."""
    if url.get_backend_name() == "sqlite":
        return f"The database {url.database}"
    return f"The database {url.render_as_string(hide_password=True)}"


def _of_sqlite(error: sqlite3.Error, name: str) -> StudioError | None:
    # Only errors that SQLite itself reports carry its name for them.
    code = str(getattr(error, "sqlite_errorname", ""))
    if "no such table" in str(error):
        return _without_tables(name)
    return _listed(code.removeprefix("SQLITE_"), SQLITE, name)


def _of_postgresql(error: psycopg.Error, name: str) -> StudioError | None:
    if error.sqlstate == "42P01":
        return _without_tables(name)
    listed = _listed(error.sqlstate or "", POSTGRESQL, name) or _refused(str(error), name)
    if (
        listed is None
        and error.sqlstate is None
        and isinstance(error, psycopg.OperationalError)
    ):
        reason = str(error).strip().splitlines()[-1].strip()
        return PermanentError(
            f"{name} can't be reached: {reason} Start the server, or correct the address."
        )
    return listed


def _refused(message: str, name: str) -> StudioError | None:
    """A refusal while connecting, which libpq reports in words only."""
    if re.search(r'database ".*" does not exist', message):
        return InputError(f"{name} {POSTGRESQL[1][2]}")
    if re.search(r"authentication failed|role \".*\" does not exist|no password", message):
        return InputError(f"{name} {POSTGRESQL[0][2]}")
    return None


def _listed(
    code: str, table: tuple[tuple[str, type[StudioError], str], ...], name: str
) -> StudioError | None:
    for pattern, kind, remedy in table:
        if re.match(pattern, code):
            return kind(f"{name} {remedy}")
    return None


def _without_tables(name: str) -> StudioError:
    return PermanentError(
        f"{name} has no tables of Studio, or old ones. Start the studio once."
    )
