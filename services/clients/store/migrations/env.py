"""Alembic's entry point. It uses the connection that `database.open_database` passes."""

from alembic import context

from services.clients.store.tables import metadata

context.configure(connection=context.config.attributes["connection"], target_metadata=metadata)
context.run_migrations()
