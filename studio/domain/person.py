"""People who sign in, and what their role lets them do."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from studio.domain.creative import Role
from studio.errors import NotAllowed


class Right(StrEnum):
    """Something that not everybody may do."""

    WRITE_BRIEF = "write briefs"
    GENERATE = "generate creatives"
    EDIT_COPY = "edit copy"
    REVIEW = "approve or reject creatives"
    OVERRIDE = "override a blocking finding"
    EXPORT = "export ads"
    IMPORT = "import deliveries"
    PLAN = "plan the budget"
    MANAGE_PEOPLE = "manage people"


RIGHTS = {
    Role.MARKETER: frozenset(
        {
            Right.WRITE_BRIEF,
            Right.GENERATE,
            Right.EDIT_COPY,
            Right.EXPORT,
            Right.IMPORT,
            Right.PLAN,
        }
    ),
    Role.REVIEWER: frozenset({Right.REVIEW, Right.OVERRIDE, Right.EDIT_COPY}),
    Role.ADMIN: frozenset(Right),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Person:
    """Who is acting, as the sign-in established it."""

    name: str
    role: Role

    def require(self, right: Right) -> None:
        """Refuse what the role doesn't permit."""
        if right not in RIGHTS[self.role]:
            able = ", ".join(role for role in Role if right in RIGHTS[role])
            raise NotAllowed(
                f"{self.name} signed in as {self.role} and may not {right}; ask: {able}."
            )


@dataclass(frozen=True, slots=True, kw_only=True)
class User:
    """An account."""

    name: str
    role: Role
    password_hash: str
    """Argon2id, in PHC string form."""
    active: bool = True
    must_change_password: bool = False

    @property
    def person(self) -> Person:
        """The account without its secret."""
        return Person(name=self.name, role=self.role)
