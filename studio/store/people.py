"""Accounts of the people who sign in."""

from __future__ import annotations

import sqlalchemy as sa

from studio.domain.person import User
from studio.errors import InputError, NotFound
from studio.store.records import Records, insert_new
from studio.store.rows import user_from_row, user_to_row
from studio.store.tables import users


class People(Records):
    """Accounts."""

    def add_user(self, user: User) -> None:
        """Add an account under a name that nobody has yet."""
        with self._writing() as connection:
            if not insert_new(connection, users, user_to_row(user)):
                raise InputError(f"There is already a user {user.name!r}. Choose another name.")

    def user(self, name: str) -> User:
        """The account of that name."""
        row = self._first(sa.select(users).where(users.c.name == name))
        if row is None:
            raise _unknown(name)
        return user_from_row(row)

    def users(self) -> tuple[User, ...]:
        """All accounts, by name."""
        found = [user_from_row(row) for row in self._all(sa.select(users))]
        return tuple(sorted(found, key=lambda user: user.name))

    def set_password(self, name: str, password_hash: str) -> None:
        """Replace an account's password by one that its owner chose."""
        changed = (
            sa.update(users)
            .where(users.c.name == name)
            .values(password_hash=password_hash, must_change_password=False)
        )
        with self._writing() as connection:
            if connection.execute(changed).rowcount != 1:
                raise _unknown(name)


def _unknown(name: str) -> NotFound:
    return NotFound(f"There is no user {name!r}.")
