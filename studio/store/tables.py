"""The tables. What a query looks for is a column of its own, the rest of a value is JSON."""

from __future__ import annotations

import json
from collections.abc import Iterable
from datetime import UTC, datetime
from enum import StrEnum

import sqlalchemy as sa
from sqlalchemy.engine import Dialect
from sqlalchemy.types import TypeDecorator

from studio.domain.alarm import Answer
from studio.domain.budget import PlanDecision, PlanMode
from studio.domain.creative import Decision, Role, Status
from studio.domain.finding import Severity
from studio.domain.job import JobState
from studio.errors import InputError

metadata = sa.MetaData(
    naming_convention={
        "ix": "ix_%(table_name)s_%(column_0_N_name)s",
        "uq": "uq_%(table_name)s_%(column_0_N_name)s",
        "ck": "ck_%(table_name)s_%(constraint_name)s",
        "fk": "fk_%(table_name)s_%(column_0_N_name)s",
        "pk": "pk_%(table_name)s",
    }
)


class UtcTime(TypeDecorator[datetime]):
    """Aware times, in UTC on the way in and on the way out."""

    impl = sa.DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError(f"{value} has no time zone")
        return value.astimezone(UTC)

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        if value is None:
            return None
        # SQLite keeps no zone: what it gives back was written in UTC.
        return value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)


class PlainText(TypeDecorator[str]):
    """Text that both databases can hold."""

    impl = sa.Text
    cache_ok = True

    def process_bind_param(self, value: str | None, dialect: Dialect) -> str | None:
        if value is not None and ("\0" in value or not _encodes(value)):
            raise InputError(
                f"{value[:40]!r} has a character that can't be stored (NUL or half a surrogate "
                "pair): remove it."
            )
        return value


def to_json(value: object) -> str:
    """JSON as it is stored: readable, and refusing numbers that JSON has no word for."""
    return json.dumps(value, ensure_ascii=False, allow_nan=False)


def _encodes(text: str) -> bool:
    try:
        text.encode()
    except UnicodeEncodeError:
        return False
    return True


def _one_of(column: str, members: Iterable[StrEnum]) -> sa.CheckConstraint:
    listed = ", ".join(f"'{member}'" for member in members)
    return sa.CheckConstraint(f"{column} IN ({listed})", name=column)


def _text(name: str) -> sa.Column[str]:
    return sa.Column(name, PlainText, nullable=False)


def _campaign(*, index: bool = False) -> sa.Column[str]:
    target = sa.ForeignKey("campaigns.slug")
    return sa.Column("campaign", PlainText, target, nullable=False, index=index)


def _creative() -> sa.Column[str]:
    return sa.Column("creative_id", PlainText, sa.ForeignKey("creatives.id"), nullable=False)


campaigns = sa.Table(
    "campaigns",
    metadata,
    sa.Column("slug", PlainText, primary_key=True),
    _text("title"),
    sa.Column("launch", sa.Date, nullable=False),
    sa.Column("markets", sa.JSON, nullable=False),
    sa.Column("revision", sa.Integer, nullable=False),
    sa.Column("updated_at", UtcTime, nullable=False),
)

brief_versions = sa.Table(
    "brief_versions",
    metadata,
    sa.Column("campaign", PlainText, sa.ForeignKey("campaigns.slug"), primary_key=True),
    sa.Column("revision", sa.Integer, primary_key=True, autoincrement=False),
    sa.Column("at", UtcTime, nullable=False),
    _text("by"),
    _text("yaml_text"),
    sa.Column("brief", sa.JSON, nullable=False),
    sa.CheckConstraint("revision > 0", name="revision"),
)

jobs = sa.Table(
    "jobs",
    metadata,
    sa.Column("id", PlainText, primary_key=True),
    _campaign(index=True),
    _text("state"),
    sa.Column("units_done", sa.Integer, nullable=False),
    sa.Column("units_total", sa.Integer, nullable=False),
    _text("message"),
    sa.Column("created_at", UtcTime, nullable=False),
    sa.Column("beat_at", UtcTime),
    sa.Column("worker", PlainText),
    _one_of("state", JobState),
    sa.Index(None, "state", "created_at"),
)

units = sa.Table(
    "units",
    metadata,
    sa.Column("key", PlainText, primary_key=True),
    sa.Column("job_id", PlainText, sa.ForeignKey("jobs.id"), nullable=False),
    sa.Column("creative_ids", sa.JSON, nullable=False),
    sa.Column("seconds", sa.Double, nullable=False),
)

creatives = sa.Table(
    "creatives",
    metadata,
    sa.Column("id", PlainText, primary_key=True),
    _campaign(),
    _text("market"),
    _text("placement"),
    _text("variant"),
    _text("status"),
    _text("content_hash"),
    sa.Column("copy", sa.JSON, nullable=False),
    sa.Column("picture", sa.JSON, nullable=False),
    sa.Column("rendition", sa.JSON, nullable=False),
    sa.Column("attributes", sa.JSON, nullable=False),
    sa.Column("seed", sa.BigInteger, nullable=False),
    _text("text_model"),
    _text("prompt_sha256"),
    _text("landing_url"),
    sa.Column("film", sa.JSON(none_as_null=True)),
    sa.Column("unit_key", PlainText, sa.ForeignKey("units.key"), nullable=False),
    _one_of("status", Status),
    sa.Index(None, "campaign", "status", "market"),
)

findings = sa.Table(
    "findings",
    metadata,
    sa.Column("creative_id", PlainText, sa.ForeignKey("creatives.id"), primary_key=True),
    sa.Column("content_hash", PlainText, primary_key=True),
    sa.Column("position", sa.Integer, primary_key=True, autoincrement=False),
    _text("rule"),
    _text("severity"),
    _text("market"),
    _text("evidence"),
    _text("message"),
    _text("law"),
    _text("fix"),
    _text("field"),
    sa.Column("kind", PlainText, nullable=False, server_default=""),
    sa.Column("in_force", PlainText, nullable=False, server_default=""),
    sa.Column("start", sa.Integer, nullable=False, server_default="-1"),
    sa.Column("end", sa.Integer, nullable=False, server_default="-1"),
    _one_of("severity", Severity),
)

verdicts = sa.Table(
    "verdicts",
    metadata,
    sa.Column("id", sa.Integer, primary_key=True),
    _creative(),
    _text("content_hash"),
    _text("decision"),
    _text("reviewer"),
    _text("role"),
    _text("reason"),
    sa.Column("at", UtcTime, nullable=False),
    _one_of("decision", Decision),
    _one_of("role", Role),
    sa.Index(None, "creative_id"),
)

ads = sa.Table(
    "ads",
    metadata,
    sa.Column("id", PlainText, primary_key=True),
    _campaign(index=True),
    _creative(),
    _text("market"),
    _text("placement"),
    _text("platform"),
    _text("content_hash"),
    _text("variant"),
    sa.Column("attributes", sa.JSON, nullable=False),
    sa.Column("group", PlainText, nullable=False, server_default="plan"),
)

deliveries = sa.Table(
    "deliveries",
    metadata,
    sa.Column("ad_id", PlainText, sa.ForeignKey("ads.id"), primary_key=True),
    sa.Column("day", sa.Date, primary_key=True),
    sa.Column("market", PlainText, primary_key=True),
    sa.Column("placement", PlainText, primary_key=True),
    sa.Column("impressions", sa.BigInteger, nullable=False),
    sa.Column("clicks", sa.BigInteger, nullable=False),
    sa.Column("conversions", sa.BigInteger, nullable=False),
    _text("currency"),
    sa.Column("spend_minor", sa.BigInteger, nullable=False),
    sa.Column("value_minor", sa.BigInteger),
    sa.Column("reported_on", sa.Date),
    sa.Column("confirmed_on", sa.Date),
    sa.CheckConstraint("clicks >= 0 AND clicks <= impressions", name="clicks"),
    sa.CheckConstraint("conversions >= 0 AND spend_minor >= 0", name="counts"),
)

delivery_reports = sa.Table(
    "delivery_reports",
    metadata,
    sa.Column("ad_id", PlainText, sa.ForeignKey("ads.id"), primary_key=True),
    sa.Column("day", sa.Date, primary_key=True),
    sa.Column("market", PlainText, primary_key=True),
    sa.Column("placement", PlainText, primary_key=True),
    sa.Column("reported_on", sa.Date, primary_key=True),
    sa.Column("confirmed_on", sa.Date, nullable=False),
    sa.Column("impressions", sa.BigInteger, nullable=False),
    sa.Column("clicks", sa.BigInteger, nullable=False),
    sa.Column("conversions", sa.BigInteger, nullable=False),
    _text("currency"),
    sa.Column("spend_minor", sa.BigInteger, nullable=False),
    sa.Column("value_minor", sa.BigInteger),
    sa.CheckConstraint("clicks >= 0 AND clicks <= impressions", name="clicks"),
    sa.CheckConstraint("conversions >= 0 AND spend_minor >= 0", name="counts"),
    sa.CheckConstraint("confirmed_on >= reported_on", name="dates"),
)

plans = sa.Table(
    "plans",
    metadata,
    sa.Column("campaign", PlainText, sa.ForeignKey("campaigns.slug"), primary_key=True),
    sa.Column("day", sa.Date, primary_key=True),
    sa.Column("revision", sa.Integer, primary_key=True, autoincrement=False),
    sa.Column("moves", sa.JSON, nullable=False),
    _text("policy"),
    _text("posterior_hash"),
    _text("inputs_sha256"),
    sa.Column("seed", sa.BigInteger, nullable=False),
    _text("mode"),
    sa.Column("ledger", sa.JSON, nullable=False, server_default="{}"),
    sa.CheckConstraint("revision > 0", name="revision"),
    _one_of("mode", PlanMode),
)

plan_verdicts = sa.Table(
    "plan_verdicts",
    metadata,
    sa.Column("id", sa.Integer, primary_key=True),
    _campaign(index=True),
    sa.Column("day", sa.Date, nullable=False),
    _text("plan_sha256"),
    _text("decision"),
    _text("person"),
    _text("role"),
    _text("note"),
    sa.Column("at", UtcTime, nullable=False),
    _one_of("decision", PlanDecision),
    _one_of("role", Role),
)

alarm_answers = sa.Table(
    "alarm_answers",
    metadata,
    sa.Column("id", sa.Integer, primary_key=True),
    _campaign(index=True),
    sa.Column("alarm", sa.JSON, nullable=False),
    _text("answer"),
    _text("person"),
    _text("role"),
    _text("note"),
    sa.Column("at", UtcTime, nullable=False),
    _one_of("answer", Answer),
    _one_of("role", Role),
)

users = sa.Table(
    "users",
    metadata,
    sa.Column("name", PlainText, primary_key=True),
    _text("role"),
    _text("password_hash"),
    sa.Column("active", sa.Boolean, nullable=False),
    sa.Column("must_change_password", sa.Boolean, nullable=False),
    _one_of("role", Role),
)

APPEND_ONLY = (
    brief_versions,
    verdicts,
    delivery_reports,
    plans,
    plan_verdicts,
    alarm_answers,
)
"""Tables whose rows the database itself refuses to change or delete."""
