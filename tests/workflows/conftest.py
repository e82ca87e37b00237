"""A fresh database and blob store for each test of a verb."""

from __future__ import annotations

from pathlib import Path

import pytest

from studio.store.blobs import Blobs
from studio.store.database import migrate, open_database
from studio.store.repository import Repository


@pytest.fixture
def repository(tmp_path: Path) -> Repository:
    engine = open_database(f"sqlite:///{tmp_path / 'studio.db'}")
    migrate(engine)
    return Repository(engine)


@pytest.fixture
def blobs(tmp_path: Path) -> Blobs:
    return Blobs(tmp_path / "blobs")
