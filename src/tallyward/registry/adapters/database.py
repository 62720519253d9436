"""Opens the state database, SQLite by file or PostgreSQL by URL, and gives its failures our codes.

SQLite: WAL, synchronous FULL (a commit survives a power cut), foreign keys on, writers wait 5 s for each other. The
driver's own transactions are switched off (they begin late and not for every statement); we begin them ourselves.
"""

import shutil
import sqlite3
from pathlib import Path
from typing import Any, Final

from sqlalchemy import Connection, Engine, create_engine, event
from sqlalchemy.engine import ExceptionContext, make_url
from sqlalchemy.exc import ArgumentError, NoSuchModuleError

from tallyward.kernel.errors import InvalidError, TallywardError, UnavailableError

BUSY_TIMEOUT_MS: Final = 5_000
READING: Final = "tallyward_reading"
"""Execution option of a transaction that only reads."""
_SQLITE_SETTINGS: Final = (
    "journal_mode=WAL",
    "synchronous=FULL",
    "foreign_keys=ON",
    f"busy_timeout={BUSY_TIMEOUT_MS}",
    "cache_size=-65536",
    "temp_store=MEMORY",
    "mmap_size=1073741824",
)
_SQLITE_CODES: Final = {
    sqlite3.SQLITE_READONLY: "registry.database_read_only",
    sqlite3.SQLITE_FULL: "registry.database_full",
    sqlite3.SQLITE_NOTADB: "registry.database_unreadable",
    sqlite3.SQLITE_CORRUPT: "registry.database_unreadable",
    sqlite3.SQLITE_BUSY: "registry.database_busy",
    sqlite3.SQLITE_LOCKED: "registry.database_busy",
    sqlite3.SQLITE_CANTOPEN: "registry.database_unreachable",
    sqlite3.SQLITE_IOERR: "registry.database_unreachable",
    sqlite3.SQLITE_PERM: "registry.database_read_only",
}
_POSTGRES_CODES: Final = {
    "25006": "registry.database_read_only",
    "53100": "registry.database_full",
    "55P03": "registry.database_busy",
    "40P01": "registry.database_busy",
    "42P01": "registry.database_not_upgraded",
    "42703": "registry.database_not_upgraded",
    "42501": "registry.database_read_only",  # no privilege; not for a row that row-level security keeps
    "XX001": "registry.database_unreadable",
    "XX002": "registry.database_unreadable",
}
_LEAST_ROOM: Final = 64 << 10
"""Free bytes without which SQLite can't even begin its log: it then says that the file can't be opened."""
_PRIMARY: Final = 0xFF  # the primary result code of SQLite is the low byte of the extended one


def open_engine(url: str) -> Engine:
    """An engine for `sqlite:///path` or `postgresql+psycopg://...`; nothing is connected yet.

    Refuses another kind of URL with `registry.database_url`. Whatever goes wrong later with the database itself is
    raised as UnavailableError with a `registry.database_...` code, in every room that uses the engine.
    """
    try:
        parsed = make_url(url)
        if parsed.drivername == "postgresql":
            parsed = parsed.set(drivername="postgresql+psycopg")
        if parsed.drivername not in {"sqlite", "postgresql+psycopg"}:
            raise InvalidError("registry.database_url", scheme=parsed.drivername)
        engine = create_engine(parsed, pool_pre_ping=parsed.drivername != "sqlite")
    except (ArgumentError, NoSuchModuleError, ValueError):  # ValueError: the port is no number
        raise InvalidError("registry.database_url", scheme=url.partition(":")[0][:40]) from None
    event.listen(engine, "handle_error", _translate)
    if engine.dialect.name == "sqlite":
        event.listen(engine, "connect", _set_up_sqlite)
        event.listen(engine, "begin", _begin_sqlite)
    return engine


def _set_up_sqlite(connection: Any, _record: object) -> None:  # noqa: ANN401 - the driver's connection, by interface
    connection.isolation_level = None
    for setting in _SQLITE_SETTINGS:
        connection.execute(f"PRAGMA {setting}")


def _begin_sqlite(connection: Connection) -> None:
    """A writer takes its lock at once: a reader that turns writer late can fail where waiting would not help."""
    reading = connection.get_execution_options().get(READING, False)
    connection.exec_driver_sql("BEGIN" if reading else "BEGIN IMMEDIATE")


def _translate(context: ExceptionContext) -> None:
    refusal = refusal_of(context.original_exception, _name_of(context.engine))
    if refusal is not None:
        raise refusal from context.original_exception


def _name_of(engine: Engine | None) -> str:
    if engine is None:
        return "?"
    return engine.url.database or ":memory:" if engine.dialect.name == "sqlite" else engine.url.render_as_string()


def refusal_of(wrong: BaseException, database: str) -> TallywardError | None:
    """Our refusal for a driver's error; None where the statement is to blame, not the database."""
    code = _sqlite_code(wrong) if isinstance(wrong, sqlite3.Error) else _postgres_code(wrong)
    if code == "registry.database_unreachable" and isinstance(wrong, sqlite3.Error) and _disk_is_full(database):
        code = "registry.database_full"
    return UnavailableError(code, database=database) if code else None


def _disk_is_full(database: str) -> bool:
    try:
        return shutil.disk_usage(Path(database).parent).free < _LEAST_ROOM
    except OSError:
        return False


def _sqlite_code(wrong: sqlite3.Error) -> str | None:
    if str(wrong).startswith(("no such table", "no such column")):
        return "registry.database_not_upgraded"
    number = getattr(wrong, "sqlite_errorcode", None)
    return None if number is None else _SQLITE_CODES.get(number & _PRIMARY)


def _postgres_code(wrong: BaseException) -> str | None:
    state = getattr(wrong, "sqlstate", None)
    if "row-level security" in str(wrong):
        return None
    if state is None:
        return "registry.database_unreachable" if type(wrong).__name__ == "OperationalError" else None
    return "registry.database_unreachable" if state[:2] in {"08", "57", "28", "3D"} else _POSTGRES_CODES.get(state)
