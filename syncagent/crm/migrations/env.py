"""Answers for the surroundings of a migration: the connection and the transaction are those of ``schema``.

Alembic runs this file for every command. It never opens a connection of its own and never begins or ends a transaction.
"""

from __future__ import annotations

from alembic import context

from syncagent.crm.tables.all import metadata

context.configure(
    connection=context.config.attributes["connection"],
    target_metadata=metadata,
    render_as_batch=True,  # SQLite cannot alter most of a table in place
)
context.run_migrations()
