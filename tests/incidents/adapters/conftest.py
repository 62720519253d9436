"""The registry's world, for what joins incidents with cards."""

from tests.registry.conftest import migrated_postgres, migrated_sqlite, sqlite_world, world

__all__ = ["migrated_postgres", "migrated_sqlite", "sqlite_world", "world"]
