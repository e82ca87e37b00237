"""Plans keep a ledger and people's decisions; ads a group; reports the value of conversions."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None

NEW_TABLES = ("plan_verdicts", "alarm_answers")
MODES = "mode IN ('propose', 'approve', 'auto')"
ROLES = "role IN ('marketer', 'reviewer', 'admin')"
PLAN_COLUMNS = (
    "campaign, day, revision, moves, policy, posterior_hash, inputs_sha256, seed, mode"
)


def upgrade() -> None:
    """Ads of before follow the plan, and their reports say nothing of value."""
    op.add_column("ads", sa.Column("group", sa.Text(), nullable=False, server_default="plan"))
    op.add_column("deliveries", sa.Column("value_minor", sa.BigInteger()))
    create_plan_verdicts()
    create_alarm_answers()
    if op.get_bind().dialect.name == "sqlite":
        rebuild_plans_in_sqlite()
        for table in ("plans", *NEW_TABLES):
            protect_in_sqlite(table)
    else:
        extend_plans_in_postgresql()
        for table in NEW_TABLES:
            protect_in_postgresql(table)


def downgrade() -> None:
    """Decisions can't be unsaid."""
    raise NotImplementedError("This can't be taken back; restore a backup of the database.")


def text(name: str) -> sa.Column[str]:
    """A text that is always there."""
    return sa.Column(name, sa.Text(), nullable=False)


def ledger() -> sa.Column[object]:
    """What a plan tells besides its moves."""
    return sa.Column("ledger", sa.JSON(), nullable=False, server_default="{}")


def create_plan_verdicts() -> None:
    """Who approved or rejected which plan."""
    op.create_table(
        "plan_verdicts",
        sa.Column("id", sa.Integer(), nullable=False),
        text("campaign"),
        sa.Column("day", sa.Date(), nullable=False),
        text("plan_sha256"),
        text("decision"),
        text("person"),
        text("role"),
        text("note"),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint(
            "decision IN ('approve', 'reject')", name=op.f("ck_plan_verdicts_decision")
        ),
        sa.CheckConstraint(ROLES, name=op.f("ck_plan_verdicts_role")),
        sa.ForeignKeyConstraint(
            ["campaign"], ["campaigns.slug"], name=op.f("fk_plan_verdicts_campaign")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_plan_verdicts")),
    )
    op.create_index(op.f("ix_plan_verdicts_campaign"), "plan_verdicts", ["campaign"])


def create_alarm_answers() -> None:
    """What people said to reports that looked wrong."""
    op.create_table(
        "alarm_answers",
        sa.Column("id", sa.Integer(), nullable=False),
        text("campaign"),
        sa.Column("alarm", sa.JSON(), nullable=False),
        text("answer"),
        text("person"),
        text("role"),
        text("note"),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint(
            "answer IN ('accept', 'exclude')", name=op.f("ck_alarm_answers_answer")
        ),
        sa.CheckConstraint(ROLES, name=op.f("ck_alarm_answers_role")),
        sa.ForeignKeyConstraint(
            ["campaign"], ["campaigns.slug"], name=op.f("fk_alarm_answers_campaign")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_alarm_answers")),
    )
    op.create_index(op.f("ix_alarm_answers_campaign"), "alarm_answers", ["campaign"])


def extend_plans_in_postgresql() -> None:
    """A third mode, and the ledger."""
    op.drop_constraint(op.f("ck_plans_mode"), "plans", type_="check")
    op.create_check_constraint(op.f("ck_plans_mode"), "plans", MODES)
    op.add_column("plans", ledger())


def rebuild_plans_in_sqlite() -> None:
    """The same; SQLite changes a constraint by copying the table, which drops its triggers."""
    op.create_table(
        "plans_rebuilt",
        text("campaign"),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("revision", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("moves", sa.JSON(), nullable=False),
        text("policy"),
        text("posterior_hash"),
        text("inputs_sha256"),
        sa.Column("seed", sa.BigInteger(), nullable=False),
        text("mode"),
        ledger(),
        sa.CheckConstraint(MODES, name=op.f("ck_plans_mode")),
        sa.CheckConstraint("revision > 0", name=op.f("ck_plans_revision")),
        sa.ForeignKeyConstraint(
            ["campaign"], ["campaigns.slug"], name=op.f("fk_plans_campaign")
        ),
        sa.PrimaryKeyConstraint("campaign", "day", "revision", name=op.f("pk_plans")),
    )
    op.execute(
        f"INSERT INTO plans_rebuilt ({PLAN_COLUMNS}) SELECT {PLAN_COLUMNS} FROM plans"  # noqa: S608
    )
    op.drop_table("plans")
    op.rename_table("plans_rebuilt", "plans")


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
