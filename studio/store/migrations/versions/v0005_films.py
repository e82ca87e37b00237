"""Creatives may have a film."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """None of the creatives of before has one."""
    op.add_column("creatives", sa.Column("film", sa.JSON(none_as_null=True)))


def downgrade() -> None:
    """Films would be forgotten, and with them what people approved."""
    raise NotImplementedError("This can't be taken back; restore a backup of the database.")
