"""Brings a state database to the schema of this release, in one transaction; works from the installed wheel.

Every room owns its tables; this is the one place that knows them all. Steps only go up: to go back, restore the copy
that `tallyward db` tells you to make first.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Final

from alembic import command
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from alembic.util import CommandError
from sqlalchemy import Connection, Engine, MetaData, text

from tallyward.console.adapters.tables import Base as ConsoleBase
from tallyward.detect.adapters.tables import Base as DetectBase
from tallyward.incidents.adapters.tables import Base as IncidentsBase
from tallyward.kernel.errors import ConflictError
from tallyward.registry.adapters.database import READING, open_engine
from tallyward.registry.adapters.tables import Base as RegistryBase

_STEPS: Final = Path(__file__).with_name("migrations")
_LOCK: Final = 0x7A11_7A2D
"""PostgreSQL advisory lock: two servers that start together migrate one after the other. SQLite locks by itself."""


def target_metadata() -> list[MetaData]:
    """The tables of all rooms, as the code of this release wants them."""
    return [RegistryBase.metadata, DetectBase.metadata, IncidentsBase.metadata, ConsoleBase.metadata]


def upgrade(database: Engine | str) -> str:
    """Make the database fit this release and return its version; a database that fits is left alone.

    Refuses with `wiring.database_newer` a database that a later release has written.
    """
    with _open(database) as engine:
        if current(engine) == newest():  # waits for no writer
            return newest()
        return _upgrade(engine)


def _upgrade(engine: Engine) -> str:
    with engine.begin() as connection:
        if connection.dialect.name == "postgresql":
            connection.execute(text("SELECT pg_advisory_xact_lock(:lock)"), {"lock": _LOCK})
            connection.execute(text("SELECT set_config('tallyward.enterprise', '*', true)"))
        config = _config(connection)
        present = _version(connection)
        try:
            command.upgrade(config, "head")
        except CommandError:
            raise ConflictError("wiring.database_newer", version=present or "?") from None
        return _version(connection) or ""


def current(database: Engine | str) -> str | None:
    """The version a database is at; None: no step was ever taken."""
    with _open(database) as engine, engine.execution_options(**{READING: True}).connect() as connection:
        return _version(connection)


def newest() -> str:
    """The version of this release."""
    return ScriptDirectory.from_config(_config(None)).get_current_head() or ""


@contextmanager
def _open(database: Engine | str) -> Iterator[Engine]:
    if isinstance(database, Engine):
        yield database
        return
    engine = open_engine(database)
    try:
        yield engine
    finally:
        engine.dispose()


def _config(connection: Connection | None) -> Config:
    config = Config()
    config.set_main_option("script_location", str(_STEPS).replace("%", "%%"))
    config.set_main_option("path_separator", "os")
    config.attributes["connection"] = connection
    return config


def _version(connection: Connection) -> str | None:
    return MigrationContext.configure(connection).get_current_revision()
