"""Rows on their way into a table: a temporary copy beside it, which both engines compare with it in a few statements.

Only the way into the temporary table differs: COPY on PostgreSQL, one prepared statement on SQLite.
"""

from collections.abc import Iterable, Sequence
from typing import Any, Final

import pyarrow as pa
from sqlalchemy import Column, ColumnElement, MetaData, Table, and_, delete
from sqlalchemy.orm import Session
from sqlalchemy.schema import CreateTable

from tallyward.registry.adapters.tenant import BIG
from tallyward.registry.block import Rows

POSITION: Final = "stage_position"
"""Column of a stage: which of the rows it is, from 0."""


COUNTED: Final = {"preserve_rowcount": True}
"""Execution option: say of an INSERT ... SELECT how many rows it put in."""


class Stage:
    """A temporary table beside `table`: those of its columns that rows bring, and some `extra` integers."""

    def __init__(self, table: Table, names: Sequence[str], extra: Sequence[str] = ()) -> None:
        self.target = table
        self.names = (*names, *extra)
        self.table = Table(
            f"stage_{table.name}",
            MetaData(),
            Column(POSITION, BIG, primary_key=True, autoincrement=False),
            *(Column(name, table.c[name].type) for name in names),
            *(Column(name, BIG) for name in extra),
            prefixes=["TEMPORARY"],
        )
        self.position = self.table.c[POSITION]

    def fill(self, session: Session, rows: Rows) -> None:
        """Put `rows` in, instead of what was there."""
        session.execute(CreateTable(self.table, if_not_exists=True))
        session.execute(delete(self.table))
        _write(session, self.table.name, POSITION, 0, self.names, rows)

    def same(self, keys: Sequence[str]) -> ColumnElement[bool]:
        """The condition that a staged row and a row of the table have the same key."""
        return and_(*(self.target.c[key] == self.table.c[key] for key in keys))


def insert_rows(session: Session, table: Table, first: int, names: Sequence[str], rows: Rows) -> None:
    """Put `rows` straight into a table, with ids from `first` on; an IntegrityError where one does not fit.

    SQLite only: PostgreSQL takes no COPY into a table with row-level security.
    """
    _write(session, table.name, "id", first, names, rows)


def _write(session: Session, table: str, number: str, first: int, names: Sequence[str], rows: Rows) -> None:
    told = [name for name in names if rows.columns[name].null_count < len(rows)]  # what is left out is null
    columns = [range(first, first + len(rows)), *(_values(rows.columns[name]) for name in told)]
    listed = ", ".join((number, *told))
    connection = session.connection()
    if connection.dialect.name == "postgresql":
        copy = f"COPY {table} ({listed}) FROM STDIN"
        _copy(connection.connection.driver_connection, copy, zip(*columns, strict=True))
    elif len(rows):
        marks = ", ".join("?" * len(columns))
        connection.exec_driver_sql(f"INSERT INTO {table} ({listed}) VALUES ({marks})", list(zip(*columns, strict=True)))


def _values(column: pa.Array) -> Sequence[Any]:
    if column.null_count or not pa.types.is_integer(column.type):
        values: list[Any] = column.to_pylist()
        return values
    numbers: list[Any] = column.to_numpy().tolist()
    return numbers


def _copy(connection: Any, statement: str, rows: Iterable[tuple[Any, ...]]) -> None:  # noqa: ANN401 - the driver's own
    with connection.cursor() as cursor, cursor.copy(statement) as copy:
        for row in rows:
            copy.write_row(row)
