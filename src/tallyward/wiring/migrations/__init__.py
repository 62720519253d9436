"""Steps that bring a state database from one release to the next (Alembic)."""
