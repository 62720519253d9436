"""Run by Alembic: migrates over the connection that `tallyward.wiring.migrate` opened."""

from alembic import context

from tallyward.wiring.migrate import target_metadata

connection = context.config.attributes["connection"]
context.configure(connection=connection, target_metadata=target_metadata(), render_as_batch=True)
with context.begin_transaction():
    context.run_migrations()
