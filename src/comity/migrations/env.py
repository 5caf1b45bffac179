"""Run migrations on the connection that `store.schema` gives; never offline, never by URL."""

from __future__ import annotations

from alembic import context

from comity.model import Base

# The caller owns connection and transaction, so a failed migration leaves nothing behind.
context.configure(
    connection=context.config.attributes["connection"],
    target_metadata=Base.metadata,
    version_table="comity_alembic_version",
)
context.run_migrations()
