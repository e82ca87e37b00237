"""Earlier reports of a day are kept, with the days on which they were imported."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None

COUNTS = ("impressions", "clicks", "conversions")


def upgrade() -> None:
    """Nobody knows when the deliveries of before were reported."""
    for name in ("reported_on", "confirmed_on"):
        op.add_column("deliveries", sa.Column(name, sa.Date()))
    create_delivery_reports()
    if op.get_bind().dialect.name == "sqlite":
        protect_in_sqlite("delivery_reports")
    else:
        protect_in_postgresql("delivery_reports")


def downgrade() -> None:
    """What was reported can't be unsaid."""
    raise NotImplementedError("This can't be taken back; restore a backup of the database.")


def text(name: str) -> sa.Column[str]:
    """A text that is always there."""
    return sa.Column(name, sa.Text(), nullable=False)


def create_delivery_reports() -> None:
    """What was reported of a day before it was replaced."""
    op.create_table(
        "delivery_reports",
        text("ad_id"),
        sa.Column("day", sa.Date(), nullable=False),
        text("market"),
        text("placement"),
        sa.Column("reported_on", sa.Date(), nullable=False),
        sa.Column("confirmed_on", sa.Date(), nullable=False),
        *(sa.Column(name, sa.BigInteger(), nullable=False) for name in COUNTS),
        text("currency"),
        sa.Column("spend_minor", sa.BigInteger(), nullable=False),
        sa.Column("value_minor", sa.BigInteger()),
        sa.CheckConstraint(
            "clicks >= 0 AND clicks <= impressions", name=op.f("ck_delivery_reports_clicks")
        ),
        sa.CheckConstraint(
            "conversions >= 0 AND spend_minor >= 0", name=op.f("ck_delivery_reports_counts")
        ),
        sa.CheckConstraint(
            "confirmed_on >= reported_on", name=op.f("ck_delivery_reports_dates")
        ),
        sa.ForeignKeyConstraint(["ad_id"], ["ads.id"], name=op.f("fk_delivery_reports_ad_id")),
        sa.PrimaryKeyConstraint(
            "ad_id",
            "day",
            "market",
            "placement",
            "reported_on",
            name=op.f("pk_delivery_reports"),
        ),
    )


def protect_in_sqlite(table: str) -> None:
    """Refuse every change of an append-only row."""
    for change in ("UPDATE", "DELETE"):
        op.execute(
            f"CREATE TRIGGER {table}_refuse_{change.lower()} BEFORE {change} ON {table} "
            f"BEGIN SELECT RAISE(ABORT, '{table} is append-only'); END"
        )


def protect_in_postgresql(table: str) -> None:
    """Refuse every change of an append-only row, and emptying its table."""
    op.execute(
        f"CREATE TRIGGER {table}_refuse BEFORE UPDATE OR DELETE OR TRUNCATE ON {table} "
        "FOR EACH STATEMENT EXECUTE FUNCTION refuse_change()"
    )
