"""Who may come in, seen from the browser."""

from __future__ import annotations

import pytest
from playwright.sync_api import Page, expect

from studio.domain.creative import Role
from studio.domain.person import Person
from tests.browser.conftest import MARKETER, Served, signed_in

pytestmark = pytest.mark.browser


def test_the_one_time_password_must_be_replaced_and_then_opens_nothing(
    visitor: Page, served: Served
) -> None:
    first = Person(name="admin", role=Role.ADMIN)
    signed_in(visitor, first, served.first_password)
    expect(visitor.get_by_role("heading", name="Choose a new password")).to_be_visible()
    visitor.get_by_label("One-time password").fill(served.first_password)
    visitor.get_by_label("New password", exact=True).fill("a-password-of-my-own")
    visitor.get_by_label("New password once more").fill("a-password-of-my-own")
    visitor.get_by_role("button", name="Save password").click()
    expect(visitor.get_by_role("heading", name="Campaigns")).to_be_visible()
    visitor.get_by_role("button", name="Sign out").click()
    signed_in(visitor, first, served.first_password)
    expect(visitor.get_by_role("alert")).to_have_text("Name or password is wrong.")


def test_a_wrong_password_is_refused_and_the_pages_stay_closed(visitor: Page) -> None:
    signed_in(visitor, MARKETER, "not-the-password")
    expect(visitor.get_by_role("alert")).to_have_text("Name or password is wrong.")
    visitor.goto("/review?campaign=ready-launch")
    expect(visitor.get_by_role("heading", name="Sign in")).to_be_visible()
    assert visitor.request.get("/config").status == 401


def test_an_admin_adds_a_person_who_gets_in_with_the_password_shown_once(admin: Page) -> None:
    admin.goto("/people")
    admin.get_by_label("Name", exact=True).fill("noor")
    admin.get_by_role("button", name="Add").click()
    password = admin.locator("#one-time-password code").inner_text()
    expect(admin.locator("#people")).to_contain_text("noor")
    admin.get_by_role("button", name="Sign out").click()
    signed_in(admin, Person(name="noor", role=Role.REVIEWER), password)
    expect(admin.get_by_role("heading", name="Choose a new password")).to_be_visible()


def test_a_marketer_sees_no_people(marketer: Page) -> None:
    marketer.goto("/people")
    expect(marketer.get_by_text("Only admins see this page")).to_be_visible()
    expect(marketer.locator("#add-person")).to_be_hidden()
