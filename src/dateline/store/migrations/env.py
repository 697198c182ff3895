"""Alembic's entry: runs the steps on the connection that `migrate` hands over."""

from __future__ import annotations

from alembic import context

from dateline.store.schema import metadata

context.configure(
    connection=context.config.attributes["connection"],
    target_metadata=metadata,
    # SQLite can take back changes to tables, too. Alembic does not think so by itself.
    transactional_ddl=True,
    render_as_batch=True,
)
context.run_migrations()
