"""Alembic's entry: runs on the connection handed in by `database.open_database`."""

from alembic import context

from services.clients.store.tables import metadata

context.configure(connection=context.config.attributes["connection"], target_metadata=metadata)
context.run_migrations()
