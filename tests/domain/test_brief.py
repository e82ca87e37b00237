"""Slugs name folders, so they can't name anything else."""

from __future__ import annotations

import pytest

from studio.domain.brief import checked_slug
from studio.domain.creative import Role
from studio.domain.person import RIGHTS, Person, Right
from studio.domain.seeds import derive_seed
from studio.errors import InputError, NotAllowed


@pytest.mark.parametrize("slug", ["a", "smartchef-launch", "2026", "a" * 64])
def test_good_slugs_pass(slug: str) -> None:
    assert checked_slug(slug) == slug


@pytest.mark.parametrize(
    "slug", ["", "../etc", "a/b", "a\\b", "A", "-a", "a-", "a.b", "a b", "a" * 65, "a\n", "ａ"]
)
def test_hostile_slugs_are_refused(slug: str) -> None:
    with pytest.raises(InputError, match="can't name a campaign"):
        checked_slug(slug)


def test_seeds_depend_on_every_part_and_on_their_borders() -> None:
    assert derive_seed("a", "b") != derive_seed("b", "a")
    assert derive_seed("ab", "c") != derive_seed("a", "bc")
    assert derive_seed("rice", "en-US", 1) == derive_seed("rice", "en-US", 1)
    assert 0 <= derive_seed("x") < 2**63


def test_a_marketer_may_not_review_and_a_reviewer_may_not_export() -> None:
    with pytest.raises(NotAllowed, match="may not approve"):
        Person(name="mara", role=Role.MARKETER).require(Right.REVIEW)
    with pytest.raises(NotAllowed, match="ask: marketer, admin"):
        Person(name="rene", role=Role.REVIEWER).require(Right.EXPORT)


def test_an_admin_may_do_everything() -> None:
    assert RIGHTS[Role.ADMIN] == frozenset(Right)
