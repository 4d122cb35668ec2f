"""What Alembic runs: the migrations on the connection, and inside the transaction, that `storage.schema` opened."""

from __future__ import annotations

from alembic import context

# SQLite keeps DDL inside a transaction when that was begun in so many words, which storage.schema does.
context.configure(
    connection=context.config.attributes["connection"],
    target_metadata=context.config.attributes["metadata"],
    render_as_batch=True,
    compare_type=True,
    transactional_ddl=True,
    transaction_per_migration=False,
)
context.run_migrations()
