"""Runs migrations on the connection that the catalogue hands over."""

from __future__ import annotations

from alembic import context

from payaudit.sweep.tables import metadata

context.configure(connection=context.config.attributes["connection"], target_metadata=metadata)
with context.begin_transaction():
    context.run_migrations()
