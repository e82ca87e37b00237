"""Rows that an older Studio wrote are read with what they lack at its default."""

from __future__ import annotations

import json
import sqlite3
from contextlib import closing
from pathlib import Path

import pytest
import sqlalchemy as sa
from alembic import command
from alembic.config import Config
from sqlalchemy import Engine
from sqlalchemy.exc import DBAPIError

from studio.domain.brief import Channel
from studio.domain.budget import PlanStatus, status_of
from studio.domain.creative import Ai, Figure, ProductPixels
from studio.store.database import MIGRATIONS, migrate, open_database, reading, writing
from studio.store.repository import Repository
from studio.store.rows import BRIEF, PICTURE, RENDITION
from tests.examples import a_brief, a_creative

FINDING = (
    "INSERT INTO findings (creative_id, content_hash, position, rule, severity, market, "
    "evidence, message, law, fix, field) VALUES "
    "('gone', 'hash', 0, 'G-01', 'warn', 'en-US', '24', 'm', 'l', 'f', 'body')"
)


def without(stored: object, *names: str) -> dict[str, object]:
    assert isinstance(stored, dict)
    return {name: value for name, value in stored.items() if name not in names}


def test_a_picture_without_facts_was_made_by_no_model() -> None:
    stored = PICTURE.dump_python(a_creative().picture, mode="json")
    old = without(stored, "ai", "photoreal", "person", "product_pixels", "tags")
    picture = PICTURE.validate_python(old)
    assert (picture.ai, picture.person) == (Ai.NONE, Figure.NONE)
    assert picture.product_pixels is ProductPixels.REAL
    assert (
        RENDITION.validate_python(
            without(RENDITION.dump_python(a_creative().rendition, mode="json"), "marks")
        ).marks
        == ()
    )


def test_a_rendition_from_before_was_measured_by_nobody() -> None:
    stored = RENDITION.dump_python(a_creative().rendition, mode="json")
    measures = ("smallest_px", "note_px", "body_px", "least_contrast")
    rendition = RENDITION.validate_python(without(stored, *measures))
    assert [getattr(rendition, name) for name in measures] == [0.0] * 4


def test_a_brief_without_channel_is_paid_for() -> None:
    old = without(BRIEF.dump_python(a_brief(), mode="json"), "channel", "approvals")
    assert BRIEF.validate_python(old).channel is Channel.PAID


def test_findings_from_before_have_no_kind_and_no_place(tmp_path: Path) -> None:
    engine = open_database(f"sqlite:///{tmp_path}/studio.db")
    to_revision(engine, "0001")
    with closing(sqlite3.connect(tmp_path / "studio.db")) as connection, connection:
        connection.execute(FINDING)
    migrate(engine)
    with reading(engine) as connection:
        row = connection.execute(sa.text('SELECT kind, in_force, start, "end" FROM findings'))
        assert row.one() == ("", "", -1, -1)
    engine.dispose()


def test_plans_from_before_keep_their_bytes_and_their_protection(tmp_path: Path) -> None:
    engine = open_database(f"sqlite:///{tmp_path}/studio.db")
    to_revision(engine, "0002")
    move = {
        "ad_id": "a", "cell": {"market": "en-US", "placement": "feed"}, "share_before": 0.5,
        "share_after": 0.7, "budget_after": {"currency": "USD", "amount_minor": 3500},
        "impressions": 1000, "clicks": 31, "ctr_mean": 0.03, "ctr_low": 0.02, "ctr_high": 0.04,
        "best_probability": 0.9, "expected_gain": 0.1, "limit": "none", "reason": "It wins.",
    }  # fmt: skip
    with closing(sqlite3.connect(tmp_path / "studio.db")) as connection, connection:
        connection.execute(
            "INSERT INTO campaigns VALUES ('rice', 'Rice', '2026-12-01', '[]', 1, '2026-11-22')"
        )
        connection.execute(
            "INSERT INTO plans VALUES ('rice', '2026-12-01', 1, ?, 'p/1', 'h', 'i', 7, 'auto')",
            [json.dumps([move])],
        )
    migrate(engine)
    (plan,) = Repository(engine).plan_revisions("rice")
    assert (plan.moves[0].reason, plan.moves[0].limits, plan.cells) == ("It wins.", (), ())
    assert status_of(plan, ()) is PlanStatus.AUTOMATIC
    with pytest.raises(DBAPIError, match="append-only"), writing(engine) as connection:
        connection.execute(sa.text("DELETE FROM plans"))
    engine.dispose()


def test_nobody_knows_when_deliveries_from_before_were_reported(tmp_path: Path) -> None:
    engine = open_database(f"sqlite:///{tmp_path}/studio.db")
    to_revision(engine, "0003")
    with closing(sqlite3.connect(tmp_path / "studio.db")) as connection, connection:
        connection.execute(
            "INSERT INTO deliveries VALUES "
            "('a', '2026-12-01', 'en-US', 'feed', 100, 3, 1, 'USD', 125, NULL)"
        )
    migrate(engine)
    with reading(engine) as connection:
        row = connection.execute(sa.text("SELECT clicks, reported_on FROM deliveries"))
        assert row.one() == (3, None)
    assert Repository(engine).delivery_reports("rice") == ()
    engine.dispose()


def to_revision(engine: Engine, revision: str) -> None:
    with writing(engine) as connection:
        config = Config()
        config.set_main_option("script_location", str(MIGRATIONS))
        config.attributes["connection"] = connection
        command.upgrade(config, revision)
