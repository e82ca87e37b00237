"""Passwords are checked by Argon2, and roles by the workflow."""

from __future__ import annotations

import pytest

from studio.domain.creative import Role
from studio.errors import InputError, NotAllowed
from studio.store.repository import Repository
from studio.workflows.accounts import Accounts
from tests.examples import ADMIN, MARKETER


@pytest.fixture
def accounts(repository: Repository) -> Accounts:
    return Accounts(store=repository)


def test_the_first_start_makes_one_admin_and_never_again(accounts: Accounts) -> None:
    password = accounts.first_start()
    assert password is not None
    assert accounts.sign_in("admin", password).role is Role.ADMIN
    assert accounts.must_change_password("admin")
    assert accounts.first_start() is None


def test_wrong_names_and_wrong_passwords_look_the_same(accounts: Accounts) -> None:
    accounts.first_start()
    with pytest.raises(InputError) as wrong_password:
        accounts.sign_in("admin", "guess")
    with pytest.raises(InputError) as wrong_name:
        accounts.sign_in("nobody", "guess")
    assert str(wrong_password.value) == str(wrong_name.value)


def test_a_changed_password_replaces_the_one_time_password(accounts: Accounts) -> None:
    old = accounts.first_start() or ""
    accounts.change_password("admin", old=old, new="correct horse battery")
    assert not accounts.must_change_password("admin")
    with pytest.raises(InputError, match="wrong"):
        accounts.sign_in("admin", old)


def test_passwords_are_kept_as_argon2id_hashes_only(
    accounts: Accounts, repository: Repository
) -> None:
    password = accounts.first_start() or ""
    kept = repository.user("admin").password_hash
    assert kept.startswith("$argon2id$")
    assert password not in kept


@pytest.mark.parametrize("password", ["short", "x" * 201])
def test_weak_passwords_are_refused(accounts: Accounts, password: str) -> None:
    with pytest.raises(InputError, match="10 to 200 characters"):
        accounts.add("rene", Role.REVIEWER, password, ADMIN)


@pytest.mark.parametrize("name", ["", "a", "a b", "<b>", "x" * 65, "a\n"])
def test_names_that_would_break_a_page_are_refused(accounts: Accounts, name: str) -> None:
    with pytest.raises(InputError, match="name: use"):
        accounts.add(name, Role.REVIEWER, "long enough password", ADMIN)


def test_only_admins_manage_people(accounts: Accounts) -> None:
    with pytest.raises(NotAllowed):
        accounts.add("rene", Role.ADMIN, "long enough password", MARKETER)
    with pytest.raises(NotAllowed):
        accounts.people(MARKETER)
