"""Who may come in: accounts, passwords and the first start."""

from __future__ import annotations

import re
import secrets
from dataclasses import dataclass, field
from typing import Protocol

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

from studio.domain.creative import Role
from studio.domain.person import Person, Right, User
from studio.errors import InputError, NotFound

SHORTEST_PASSWORD = 10
NAME_PATTERN = re.compile(r"[\w.@+-]{2,64}")
FIRST_ADMIN = "admin"


class PeopleStore(Protocol):
    """The part of `studio.store.repository` that accounts need."""

    def users(self) -> tuple[User, ...]: ...
    def user(self, name: str) -> User: ...
    def add_user(self, user: User) -> None: ...
    def set_password(self, name: str, password_hash: str) -> None: ...


@dataclass(frozen=True, slots=True, kw_only=True)
class Accounts:
    """Sign-in and the list of people."""

    store: PeopleStore
    hasher: PasswordHasher = field(default_factory=PasswordHasher)

    def first_start(self) -> str | None:
        """Make the first admin and return its one-time password; None if people exist."""
        if self.store.users():
            return None
        password = secrets.token_urlsafe(12)
        self.store.add_user(
            User(
                name=FIRST_ADMIN,
                role=Role.ADMIN,
                password_hash=self.hasher.hash(password),
                must_change_password=True,
            )
        )
        return password

    def sign_in(self, name: str, password: str) -> Person:
        """The person, or an error that doesn't tell which of the two was wrong."""
        try:
            user = self.store.user(name)
        except NotFound:
            user = None
        # The same work is done for an unknown name, so that time tells nothing.
        known = user.password_hash if user else self.hasher.hash(secrets.token_urlsafe(8))
        try:
            self.hasher.verify(known, password)
        except (VerificationError, InvalidHashError) as error:
            raise InputError("Name or password is wrong.") from error
        if user is None or not user.active:
            raise InputError("Name or password is wrong.")
        return user.person

    def person(self, name: str) -> Person:
        """The active person of that name, with the role they have now."""
        user = self.store.user(name)
        if not user.active:
            raise NotFound(f"{name} has no active account.")
        return user.person

    def must_change_password(self, name: str) -> bool:
        """Whether the person still uses a one-time password."""
        return self.store.user(name).must_change_password

    def people(self, person: Person) -> tuple[Person, ...]:
        """Everybody with an account."""
        person.require(Right.MANAGE_PEOPLE)
        return tuple(user.person for user in self.store.users())

    def add(self, name: str, role: Role, password: str, person: Person) -> Person:
        """A new account with a one-time password."""
        person.require(Right.MANAGE_PEOPLE)
        if not NAME_PATTERN.fullmatch(name):
            raise InputError("name: use 2 to 64 letters, digits or . @ + - _.")
        if name in {user.name for user in self.store.users()}:
            raise InputError(f"name: {name} has an account already.")
        user = User(
            name=name,
            role=role,
            password_hash=self.hasher.hash(_strong(password)),
            must_change_password=True,
        )
        self.store.add_user(user)
        return user.person

    def change_password(self, name: str, *, old: str, new: str) -> None:
        """Set one's own password."""
        self.sign_in(name, old)
        if old == new:
            raise InputError("password: choose another one than before.")
        self.store.set_password(name, self.hasher.hash(_strong(new)))


def _strong(password: str) -> str:
    if not SHORTEST_PASSWORD <= len(password) <= 200:
        raise InputError(f"password: use {SHORTEST_PASSWORD} to 200 characters.")
    return password
