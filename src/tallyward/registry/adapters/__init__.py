"""The registry on SQLite and PostgreSQL, and its import and export files."""
