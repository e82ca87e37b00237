"""The application over a real database, with passwords that are cheap to check."""

from __future__ import annotations

from collections.abc import Iterator
from io import BytesIO
from pathlib import Path

import pytest
from argon2 import PasswordHasher
from fastapi import FastAPI
from fastapi.testclient import TestClient
from httpx import Response
from PIL import Image

from studio.api.app import ApiServices, create_api
from studio.api.identity import Identity
from studio.domain.creative import Role
from studio.domain.person import User
from studio.store.blobs import Blobs
from studio.store.database import migrate, open_database
from studio.store.repository import Repository
from studio.workflows.accounts import Accounts

PASSWORD = "correct-horse"
HASHER = PasswordHasher(time_cost=1, memory_cost=8, parallelism=1)


@pytest.fixture
def accounts(tmp_path: Path) -> Accounts:
    engine = open_database(f"sqlite:///{tmp_path / 'studio.db'}")
    migrate(engine)
    accounts = Accounts(store=Repository(engine), hasher=HASHER)
    for name, forced in (("mara", False), ("newcomer", True)):
        accounts.store.add_user(
            User(
                name=name,
                role=Role.MARKETER,
                password_hash=HASHER.hash(PASSWORD),
                must_change_password=forced,
            )
        )
    return accounts


@pytest.fixture
def blobs(tmp_path: Path) -> Blobs:
    return Blobs(tmp_path / "blobs")


@pytest.fixture
def picture(blobs: Blobs) -> str:
    """A JPEG of 400 × 500 pixels in the blob store."""
    out = BytesIO()
    Image.effect_noise((400, 500), 60).convert("RGB").save(out, "JPEG")
    return blobs.put(out.getvalue())


def application(
    accounts: Accounts, blobs: Blobs, folder: Path, *, required: bool = True
) -> FastAPI:
    """The application with its folders below `folder`."""
    return create_api(
        ApiServices(
            identity=Identity(accounts, required=required),
            blobs=blobs,
            exports=folder / "exports",
            reports=folder / "reports",
            thumbnails=folder / "thumbnails",
            session_secret="for tests only",
            database_opens=lambda: True,
        )
    )


@pytest.fixture
def client(accounts: Accounts, blobs: Blobs, tmp_path: Path) -> Iterator[TestClient]:
    app = application(accounts, blobs, tmp_path)
    with TestClient(app, base_url="http://127.0.0.1", follow_redirects=False) as client:
        yield client


@pytest.fixture
def marketer(client: TestClient) -> TestClient:
    assert sign_in(client, "mara").status_code == 303
    return client


def sign_in(client: TestClient, name: str, password: str = PASSWORD, **more: str) -> Response:
    """Send the sign-in form with its own token."""
    return client.post(
        "/login", data={"name": name, "password": password, "csrf": token(client), **more}
    )


def token(client: TestClient, path: str = "/login") -> str:
    """The token that the form at `path` carries."""
    page = client.get(path).text
    return page.split('name="csrf" value="')[1].split('"')[0]
