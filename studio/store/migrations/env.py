"""What Alembic runs for every migration, on a connection that is already in a transaction."""

from __future__ import annotations

from alembic import context

from studio.store.database import VERSION_TABLE
from studio.store.tables import metadata

context.configure(
    connection=context.config.attributes["connection"],
    target_metadata=metadata,
    version_table=VERSION_TABLE,
    render_as_batch=True,
    transactional_ddl=True,
)
with context.begin_transaction():
    context.run_migrations()
