"""Findings keep their kind, the date of the law and their place in the text."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add the columns; what was found before has no kind and no place."""
    for name in ("kind", "in_force"):
        op.add_column("findings", sa.Column(name, sa.Text(), nullable=False, server_default=""))
    for name in ("start", "end"):
        op.add_column(
            "findings", sa.Column(name, sa.Integer(), nullable=False, server_default="-1")
        )


def downgrade() -> None:
    """Older versions don't know the columns, and need not."""
    raise NotImplementedError("This can't be taken back; restore a backup of the database.")
