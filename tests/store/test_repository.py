"""The repository keeps its contract on both databases."""

from __future__ import annotations

import pytest
from sqlalchemy import Engine

from tests.contracts.repository import RepositoryContract


class TestOnSqlite(RepositoryContract):
    @pytest.fixture
    def engine(self, sqlite_engine: Engine) -> Engine:
        return sqlite_engine


class TestOnPostgresql(RepositoryContract):
    @pytest.fixture
    def engine(self, postgresql_engine: Engine) -> Engine:
        return postgresql_engine
