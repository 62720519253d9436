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
        columns = [range(len(rows)), *(_values(rows.columns[name]) for name in self.names)]
        names = ", ".join((POSITION, *self.names))
        connection = session.connection()
        if connection.dialect.name == "postgresql":
            copy = f"COPY {self.table.name} ({names}) FROM STDIN"
            _copy(connection.connection.driver_connection, copy, zip(*columns, strict=True))
        elif len(rows):
            marks = ", ".join("?" * len(columns))
            statement = f"INSERT INTO {self.table.name} ({names}) VALUES ({marks})"
            connection.exec_driver_sql(statement, list(zip(*columns, strict=True)))

    def same(self, keys: Sequence[str]) -> ColumnElement[bool]:
        """The condition that a staged row and a row of the table have the same key."""
        return and_(*(self.target.c[key] == self.table.c[key] for key in keys))


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
