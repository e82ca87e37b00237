"""Who gets in, who doesn't, and what a session is worth."""

from __future__ import annotations

from pathlib import Path

import pytest
from fastapi.testclient import TestClient

from studio.store.blobs import Blobs
from studio.workflows.accounts import Accounts
from tests.api.conftest import HASHER, PASSWORD, application, sign_in, token


def test_the_right_password_opens_the_door_and_the_cookie_is_closed_to_scripts(
    client: TestClient,
) -> None:
    answer = sign_in(client, "mara", next="/review?campaign=x")
    assert answer.status_code == 303
    assert answer.headers["location"] == "/review?campaign=x"
    cookie = answer.headers["set-cookie"].lower()
    assert "httponly" in cookie
    assert "samesite=lax" in cookie


@pytest.mark.parametrize(("name", "password"), [("mara", "wrong"), ("nobody", PASSWORD)])
def test_a_wrong_name_and_a_wrong_password_read_the_same(
    client: TestClient, name: str, password: str
) -> None:
    answer = sign_in(client, name, password)
    assert answer.status_code == 401
    assert "Name or password is wrong." in answer.text
    assert client.get("/files/" + "0" * 64).status_code == 401


def test_the_sixth_try_in_a_minute_must_wait_even_with_the_right_password(
    client: TestClient,
) -> None:
    for _ in range(5):
        assert sign_in(client, "mara", "wrong").status_code == 401
    answer = sign_in(client, "Mara")
    assert answer.status_code == 429
    assert "Wait " in answer.text
    assert sign_in(client, "newcomer").status_code == 303


def test_a_form_without_its_token_is_refused(client: TestClient) -> None:
    answer = client.post("/login", data={"name": "mara", "password": PASSWORD})
    assert answer.status_code == 400
    client.get("/login")
    answer = client.post("/login", data={"name": "mara", "password": PASSWORD, "csrf": "x"})
    assert answer.status_code == 400


@pytest.mark.parametrize(
    "target", ["https://evil.example/", "//evil.example", "/\\evil.example", "evil"]
)
def test_the_way_on_after_sign_in_never_leaves_the_site(
    client: TestClient, target: str
) -> None:
    assert sign_in(client, "mara", next=target).headers["location"] == "/"


def test_what_was_typed_comes_back_as_text(client: TestClient) -> None:
    answer = sign_in(client, '"><script>alert(1)</script>')
    assert "<script>" not in answer.text
    assert "&lt;script&gt;" in answer.text


def test_a_one_time_password_opens_nothing_but_the_form_to_replace_it(
    client: TestClient, picture: str
) -> None:
    sign_in(client, "newcomer")
    assert client.get(f"/files/{picture}").status_code == 403
    page = client.get("/", headers={"accept": "text/html"})
    assert page.headers["location"] == "/password"
    form = {"old": PASSWORD, "csrf": token(client, "/password")}
    differing = client.post(
        "/password", data=form | {"new": "a-new-password", "again": "another-one"}
    )
    assert "The two new passwords differ" in differing.text
    changed = client.post(
        "/password", data=form | {"new": "a-new-password", "again": "a-new-password"}
    )
    assert changed.status_code == 303
    assert client.get(f"/files/{picture}").status_code == 200


def test_a_new_password_ends_the_sessions_begun_with_the_old_one(
    marketer: TestClient, accounts: Accounts, picture: str
) -> None:
    assert marketer.get(f"/files/{picture}").status_code == 200
    accounts.store.set_password("mara", HASHER.hash("something-else"))
    assert marketer.get(f"/files/{picture}").status_code == 401


def test_signing_out_ends_the_session(marketer: TestClient, picture: str) -> None:
    assert marketer.post("/logout").headers["location"] == "/login"
    assert marketer.get(f"/files/{picture}").status_code == 401


def test_a_forged_cookie_is_nobody(client: TestClient, picture: str) -> None:
    client.cookies.set("studio_session", "eyJuYW1lIjogIm1hcmEifQ==.x.y")
    assert client.get(f"/files/{picture}").status_code == 401


def test_a_request_from_another_site_changes_nothing(marketer: TestClient) -> None:
    answer = marketer.post("/logout", headers={"origin": "https://evil.example"})
    assert answer.status_code == 403


def test_without_sign_in_only_names_of_this_machine_are_answered(
    accounts: Accounts, blobs: Blobs, picture: str, tmp_path: Path
) -> None:
    app = application(accounts, blobs, tmp_path, required=False)
    client = TestClient(app, base_url="http://127.0.0.1:7860")
    assert client.get(f"/files/{picture}").status_code == 200
    rebound = client.get(f"/files/{picture}", headers={"host": "evil.example:7860"})
    assert rebound.status_code == 403
