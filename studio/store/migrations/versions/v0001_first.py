"""The first tables: campaigns, creatives, reviews, jobs, deliveries, plans, accounts."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None

APPEND_ONLY = ("brief_versions", "verdicts", "plans")


def upgrade() -> None:
    """Create everything."""
    create_campaigns()
    create_jobs()
    create_creatives()
    create_reviews()
    create_deliveries()
    create_plans()
    create_users()
    if op.get_bind().dialect.name == "sqlite":
        protect_in_sqlite()
    else:
        protect_in_postgresql()


def downgrade() -> None:
    """There is nothing before this."""
    raise NotImplementedError("The first version can't be taken back; delete the database.")


def text(name: str) -> sa.Column[str]:
    """A text that is always there."""
    return sa.Column(name, sa.Text(), nullable=False)


def create_campaigns() -> None:
    """Campaigns and every text of their briefs."""
    op.create_table(
        "campaigns",
        text("slug"),
        text("title"),
        sa.Column("launch", sa.Date(), nullable=False),
        sa.Column("markets", sa.JSON(), nullable=False),
        sa.Column("revision", sa.Integer(), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("slug", name=op.f("pk_campaigns")),
    )
    op.create_table(
        "brief_versions",
        text("campaign"),
        sa.Column("revision", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        text("by"),
        text("yaml_text"),
        sa.Column("brief", sa.JSON(), nullable=False),
        sa.CheckConstraint("revision > 0", name=op.f("ck_brief_versions_revision")),
        sa.ForeignKeyConstraint(
            ["campaign"], ["campaigns.slug"], name=op.f("fk_brief_versions_campaign")
        ),
        sa.PrimaryKeyConstraint("campaign", "revision", name=op.f("pk_brief_versions")),
    )


def create_jobs() -> None:
    """Long work and its finished units."""
    op.create_table(
        "jobs",
        text("id"),
        text("campaign"),
        text("state"),
        sa.Column("units_done", sa.Integer(), nullable=False),
        sa.Column("units_total", sa.Integer(), nullable=False),
        text("message"),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("beat_at", sa.DateTime(timezone=True)),
        sa.Column("worker", sa.Text()),
        sa.CheckConstraint(
            "state IN ('queued', 'running', 'done', 'failed', 'cancelled')",
            name=op.f("ck_jobs_state"),
        ),
        sa.ForeignKeyConstraint(
            ["campaign"], ["campaigns.slug"], name=op.f("fk_jobs_campaign")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_jobs")),
    )
    op.create_index(op.f("ix_jobs_campaign"), "jobs", ["campaign"])
    op.create_index(op.f("ix_jobs_state_created_at"), "jobs", ["state", "created_at"])
    op.create_table(
        "units",
        text("key"),
        text("job_id"),
        sa.Column("creative_ids", sa.JSON(), nullable=False),
        sa.Column("seconds", sa.Double(), nullable=False),
        sa.ForeignKeyConstraint(["job_id"], ["jobs.id"], name=op.f("fk_units_job_id")),
        sa.PrimaryKeyConstraint("key", name=op.f("pk_units")),
    )


def create_creatives() -> None:
    """Creatives and what checks found in them."""
    op.create_table(
        "creatives",
        text("id"),
        text("campaign"),
        text("market"),
        text("placement"),
        text("variant"),
        text("status"),
        text("content_hash"),
        sa.Column("copy", sa.JSON(), nullable=False),
        sa.Column("picture", sa.JSON(), nullable=False),
        sa.Column("rendition", sa.JSON(), nullable=False),
        sa.Column("attributes", sa.JSON(), nullable=False),
        sa.Column("seed", sa.BigInteger(), nullable=False),
        text("text_model"),
        text("prompt_sha256"),
        text("landing_url"),
        text("unit_key"),
        sa.CheckConstraint(
            "status IN ('draft', 'approved', 'rejected', 'live', 'paused')",
            name=op.f("ck_creatives_status"),
        ),
        sa.ForeignKeyConstraint(
            ["campaign"], ["campaigns.slug"], name=op.f("fk_creatives_campaign")
        ),
        sa.ForeignKeyConstraint(
            ["unit_key"], ["units.key"], name=op.f("fk_creatives_unit_key")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_creatives")),
    )
    op.create_index(
        op.f("ix_creatives_campaign_status_market"),
        "creatives",
        ["campaign", "status", "market"],
    )
    op.create_table(
        "findings",
        text("creative_id"),
        text("content_hash"),
        sa.Column("position", sa.Integer(), autoincrement=False, nullable=False),
        text("rule"),
        text("severity"),
        text("market"),
        text("evidence"),
        text("message"),
        text("law"),
        text("fix"),
        text("field"),
        sa.CheckConstraint(
            "severity IN ('block', 'block_until_evidence', 'warn', 'info')",
            name=op.f("ck_findings_severity"),
        ),
        sa.ForeignKeyConstraint(
            ["creative_id"], ["creatives.id"], name=op.f("fk_findings_creative_id")
        ),
        sa.PrimaryKeyConstraint(
            "creative_id", "content_hash", "position", name=op.f("pk_findings")
        ),
    )


def create_reviews() -> None:
    """Decisions of people."""
    op.create_table(
        "verdicts",
        sa.Column("id", sa.Integer(), nullable=False),
        text("creative_id"),
        text("content_hash"),
        text("decision"),
        text("reviewer"),
        text("role"),
        text("reason"),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint(
            "decision IN ('approve', 'reject', 'reopen')", name=op.f("ck_verdicts_decision")
        ),
        sa.CheckConstraint(
            "role IN ('marketer', 'reviewer', 'admin')", name=op.f("ck_verdicts_role")
        ),
        sa.ForeignKeyConstraint(
            ["creative_id"], ["creatives.id"], name=op.f("fk_verdicts_creative_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_verdicts")),
    )
    op.create_index(op.f("ix_verdicts_creative_id"), "verdicts", ["creative_id"])


def create_deliveries() -> None:
    """Ads and what platforms report of them."""
    op.create_table(
        "ads",
        text("id"),
        text("campaign"),
        text("creative_id"),
        text("market"),
        text("placement"),
        text("platform"),
        text("content_hash"),
        text("variant"),
        sa.Column("attributes", sa.JSON(), nullable=False),
        sa.ForeignKeyConstraint(["campaign"], ["campaigns.slug"], name=op.f("fk_ads_campaign")),
        sa.ForeignKeyConstraint(
            ["creative_id"], ["creatives.id"], name=op.f("fk_ads_creative_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_ads")),
    )
    op.create_index(op.f("ix_ads_campaign"), "ads", ["campaign"])
    op.create_table(
        "deliveries",
        text("ad_id"),
        sa.Column("day", sa.Date(), nullable=False),
        text("market"),
        text("placement"),
        sa.Column("impressions", sa.BigInteger(), nullable=False),
        sa.Column("clicks", sa.BigInteger(), nullable=False),
        sa.Column("conversions", sa.BigInteger(), nullable=False),
        text("currency"),
        sa.Column("spend_minor", sa.BigInteger(), nullable=False),
        sa.CheckConstraint(
            "clicks >= 0 AND clicks <= impressions", name=op.f("ck_deliveries_clicks")
        ),
        sa.CheckConstraint(
            "conversions >= 0 AND spend_minor >= 0", name=op.f("ck_deliveries_counts")
        ),
        sa.ForeignKeyConstraint(["ad_id"], ["ads.id"], name=op.f("fk_deliveries_ad_id")),
        sa.PrimaryKeyConstraint(
            "ad_id", "day", "market", "placement", name=op.f("pk_deliveries")
        ),
    )


def create_plans() -> None:
    """Budget plans."""
    op.create_table(
        "plans",
        text("campaign"),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("revision", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("moves", sa.JSON(), nullable=False),
        text("policy"),
        text("posterior_hash"),
        text("inputs_sha256"),
        sa.Column("seed", sa.BigInteger(), nullable=False),
        text("mode"),
        sa.CheckConstraint("mode IN ('propose', 'auto')", name=op.f("ck_plans_mode")),
        sa.CheckConstraint("revision > 0", name=op.f("ck_plans_revision")),
        sa.ForeignKeyConstraint(
            ["campaign"], ["campaigns.slug"], name=op.f("fk_plans_campaign")
        ),
        sa.PrimaryKeyConstraint("campaign", "day", "revision", name=op.f("pk_plans")),
    )


def create_users() -> None:
    """Accounts."""
    op.create_table(
        "users",
        text("name"),
        text("role"),
        text("password_hash"),
        sa.Column("active", sa.Boolean(), nullable=False),
        sa.Column("must_change_password", sa.Boolean(), nullable=False),
        sa.CheckConstraint(
            "role IN ('marketer', 'reviewer', 'admin')", name=op.f("ck_users_role")
        ),
        sa.PrimaryKeyConstraint("name", name=op.f("pk_users")),
    )


def protect_in_sqlite() -> None:
    """Refuse every change of an append-only row."""
    for table in APPEND_ONLY:
        for change in ("UPDATE", "DELETE"):
            op.execute(
                f"CREATE TRIGGER {table}_refuse_{change.lower()} BEFORE {change} ON {table} "
                f"BEGIN SELECT RAISE(ABORT, '{table} is append-only'); END"
            )


def protect_in_postgresql() -> None:
    """Refuse every change of an append-only row, and emptying its table."""
    op.execute(
        "CREATE FUNCTION refuse_change() RETURNS trigger LANGUAGE plpgsql AS "
        "$$ BEGIN RAISE EXCEPTION '% is append-only', TG_TABLE_NAME; END $$"
    )
    for table in APPEND_ONLY:
        op.execute(
            f"CREATE TRIGGER {table}_refuse BEFORE UPDATE OR DELETE OR TRUNCATE ON {table} "
            "FOR EACH STATEMENT EXECUTE FUNCTION refuse_change()"
        )
