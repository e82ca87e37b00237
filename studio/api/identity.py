"""Who is asking: a signed cookie names the account, the account says what it may do."""

from __future__ import annotations

from dataclasses import dataclass
from hashlib import sha256

from starlette.requests import Request

from studio.domain.creative import Role
from studio.domain.person import Person, User
from studio.errors import InputError, NotFound
from studio.workflows.accounts import Accounts

LOCAL = Person(name="local", role=Role.ADMIN)
"""The only person there is when sign-in is switched off."""


def stamp(user: User) -> str:
    """Changes with the password, so that older sessions end when it does."""
    return sha256(user.password_hash.encode()).hexdigest()[:16]


@dataclass(frozen=True, slots=True)
class Identity:
    """Tells who sends a request, freshly from the accounts each time."""

    accounts: Accounts
    required: bool = True
    """False: nobody signs in, everybody is `LOCAL`."""

    def name_of(self, request: Request) -> str | None:
        """The signed-in account's name, or None; what the pages call `auth_dependency`."""
        if not self.required:
            return LOCAL.name
        user = self._user(request.session.get("name"))
        known = user is not None and request.session.get("stamp") == stamp(user)
        return user.name if user and known else None

    def person(self, name: str | None) -> Person:
        """The account of that name as a person with today's role."""
        if not self.required:
            return LOCAL
        user = self._user(name)
        if user is None:
            raise InputError("You are signed out; sign in again.")
        return user.person

    def must_change_password(self, request: Request) -> bool:
        """Whether the person signed in with a one-time password."""
        user = self._user(request.session.get("name")) if self.required else None
        return user is not None and user.must_change_password

    def sign_in(self, request: Request, name: str, password: str) -> Person:
        """Check the password and begin a fresh session."""
        person = self.accounts.sign_in(name, password)
        request.session.clear()
        self.remember(request, person.name)
        return person

    def change_password(self, request: Request, *, old: str, new: str) -> None:
        """Set the person's own password; their other sessions end."""
        name = self.name_of(request)
        if name is None or not self.required:
            raise InputError("You are signed out; sign in again.")
        self.accounts.change_password(name, old=old, new=new)
        self.remember(request, name)

    def remember(self, request: Request, name: str) -> None:
        """Bind the session to the account and its present password."""
        request.session.update(name=name, stamp=stamp(self.accounts.store.user(name)))

    def _user(self, name: str | None) -> User | None:
        if not name:
            return None
        try:
            user = self.accounts.store.user(name)
        except NotFound:
            return None
        return user if user.active else None
