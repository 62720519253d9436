"""Many rows at once into the state database and out of it.

Statements are Core ones on whole tables, so they run outside every tenant's scope: what a scoped importer may touch is
compared here, row by row.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from sqlalchemy import ColumnElement, Table, bindparam, delete, func, insert, or_, select, update
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from tallyward.kernel.actor import EVERYTHING, Scope
from tallyward.kernel.errors import TooLargeError
from tallyward.registry.adapters.sessions import Sessions
from tallyward.registry.adapters.sql_audit import write_audit
from tallyward.registry.adapters.sql_bindings import bring_along, merge_bindings
from tallyward.registry.adapters.sql_export import export_tables
from tallyward.registry.adapters.sql_lists import merge_lists
from tallyward.registry.adapters.sql_references import read_references, terminal_ids
from tallyward.registry.adapters.staging import COUNTED, Stage, insert_rows
from tallyward.registry.adapters.state import change, take_turn
from tallyward.registry.adapters.tables import (
    AreaRow,
    Base,
    CardClassRow,
    CardRow,
    CellRow,
    EnterpriseRow,
    TerminalRow,
    table_of,
)
from tallyward.registry.block import References, Rows
from tallyward.registry.cadence import Cadence
from tallyward.registry.columns import KEYS, Kind
from tallyward.registry.importing import UNIQUE, AuditOf, Merged


@dataclass(frozen=True, slots=True)
class _Target:
    table: type[Base]
    largest: int = 2**63 - 1  # id
    numbers: bool = False  # directories must be read anew
    owned: bool = False


_TARGETS: Final = {
    Kind.ENTERPRISES: _Target(EnterpriseRow),
    Kind.CLASSES: _Target(CardClassRow),
    Kind.AREAS: _Target(AreaRow, largest=2**16 - 1, numbers=True),
    Kind.CELLS: _Target(CellRow, largest=2**31 - 1, numbers=True),
    Kind.TERMINALS: _Target(TerminalRow, owned=True),
    Kind.CARDS: _Target(CardRow, largest=2**32 - 1, numbers=True, owned=True),
}
_CACHE_KIB: Final = 262_144
_PROBED: Final = 64


class SqlBulk:
    """`BulkStore` on either engine."""

    def __init__(self, sessions: Sessions) -> None:
        self._sessions = sessions

    def references(self, kind: Kind) -> References:
        """What rows of a kind may refer to."""
        with self._sessions.reading(EVERYTHING) as session:
            return read_references(session, kind)

    def terminal_ids(self, serials: list[str]) -> dict[str, int]:
        """Ids of those terminals that exist."""
        with self._sessions.reading(EVERYTHING) as session:
            return terminal_ids(session, serials)

    def merge(self, kind: Kind, rows: Rows, scope: Scope, audit: AuditOf, at: datetime) -> Merged:
        """Add rows that are new and change those that differ, in one transaction."""
        with self._sessions.begin(EVERYTHING) as session:
            take_turn(session)
            merged = (
                merge_bindings(session, rows)
                if kind is Kind.BINDINGS
                else _merge(session, kind, rows, scope, _Kept(kind, int(at.timestamp())))
            )
            _told(session, merged, audit, numbers=kind is not Kind.BINDINGS and _TARGETS[kind].numbers)
            return merged

    def merge_lists(self, rows: Rows, audit: AuditOf, *, whole: bool) -> Merged:
        """Add the entries of each list that are new; where `whole`, take out those that no row names."""
        with self._sessions.begin(EVERYTHING) as session:
            take_turn(session)
            merged = merge_lists(session, rows, whole=whole)
            _told(session, merged, audit, numbers=False)
            return merged

    def export(self, kind: Kind, scope: Scope) -> Iterator[pa.Table]:
        """All rows that `scope` may see, some at a time."""
        with self._sessions.reading(scope) as session:
            yield from export_tables(session, kind)


def _told(session: Session, merged: Merged, audit: AuditOf, *, numbers: bool) -> None:
    if merged.added or merged.changed:
        change(session, numbers=numbers)
        write_audit(session, audit(merged))


class _Kept(dict[str, Any]):
    """Columns of which a silent row changes nothing -> what a new row gets.

    Cards and terminals are live at first; a card whose file does not say when it joined is assumed to do so now.
    """

    def __init__(self, kind: Kind, at: int) -> None:
        super().__init__()
        if kind in {Kind.CARDS, Kind.TERMINALS}:
            self["cadence"] = Cadence.LIVE.value
        if kind is Kind.CARDS:
            self["joined_at"] = at
            self["joined_told"] = False

    def filled(self, rows: Rows) -> Rows:
        """Rows as new ones."""
        return Rows({**rows.columns, **{n: pc.fill_null(rows.columns[n], v) for n, v in self.items()}}, rows.lines)


def _merge(session: Session, kind: Kind, rows: Rows, scope: Scope, kept: _Kept) -> Merged:
    target = _TARGETS[kind]
    table = table_of(target.table)
    merged = None
    if session.connection().dialect.name == "sqlite":
        session.connection().exec_driver_sql(f"PRAGMA cache_size=-{_CACHE_KIB}")
        merged = _all_new(session, kind, table, kept.filled(rows))
    merged = merged or _staged(session, kind, table, rows, scope, kept)
    if merged.added and (session.scalar(select(func.max(table.c.id))) or 0) > target.largest:
        raise TooLargeError("registry.table_full", kind=kind.value, most=target.largest)
    return merged


def _all_new(session: Session, kind: Kind, table: Table, rows: Rows) -> Merged | None:
    """The first file of a fleet: rows go straight in, and the table's own constraints say whether that was right.

    None where some row is there already, or its number is; a few keys are looked up before to know soon.
    """
    key = table.c[KEYS[kind][0]]
    keys = rows.columns[key.name].take(np.linspace(0, len(rows) - 1, min(len(rows), _PROBED)).astype(np.int64))
    if not len(rows) or session.scalar(select(func.count()).where(key.in_(keys.to_pylist()))):
        return None
    try:
        with session.begin_nested():
            first = (session.scalar(select(func.max(table.c.id))) or 0) + 1
            insert_rows(session, table, first, [name for name in rows.columns if name in table.c], rows)
    except IntegrityError:
        return None
    return Merged(added=len(rows), changed=0)


def _staged(session: Session, kind: Kind, table: Table, rows: Rows, scope: Scope, kept: _Kept) -> Merged:
    stage = Stage(table, [name for name in rows.columns if name in table.c])
    stage.fill(session, rows)
    taken = _take_out_taken(session, stage, kind, scope if _TARGETS[kind].owned else EVERYTHING)
    changed = _change(session, stage, KEYS[kind], kept)
    if changed and kind is Kind.CARDS:
        bring_along(session, stage)
    added = _add(session, stage, KEYS[kind], kept)
    return Merged(added, changed, taken)


def _take_out_taken(session: Session, stage: Stage, kind: Kind, scope: Scope) -> tuple[tuple[int, str], ...]:
    """Rows whose unique number is another row's, or whose key is the row of somebody outside the scope."""
    key = KEYS[kind][0]
    staged, table = stage.table, stage.target
    found: dict[int, str] = {}
    for column in UNIQUE.get(kind, ()):
        query = select(stage.position).join_from(staged, table, staged.c[column] == table.c[column])
        for position in session.scalars(query.where(staged.c[key] != table.c[key])):
            found.setdefault(position, column)
    if scope.enterprise is not None:
        theirs: ColumnElement[bool] = table.c.enterprise_id != int(scope.enterprise)
        theirs &= func.coalesce(table.c.operator_id, 0) != int(scope.enterprise)
        query = select(stage.position).join_from(staged, table, stage.same(KEYS[kind])).where(theirs)
        found |= dict.fromkeys(session.scalars(query), key)
    if found:
        rows = [{"gone": position} for position in found]
        session.connection().execute(delete(staged).where(stage.position == bindparam("gone")), rows)
    return tuple(sorted(found.items()))


def _change(session: Session, stage: Stage, keys: tuple[str, ...], kept: _Kept) -> int:
    staged, table = stage.table, stage.target
    values: dict[str, ColumnElement[Any]] = {name: staged.c[name] for name in stage.names if name not in keys}
    values |= {name: func.coalesce(staged.c[name], table.c[name]) for name in kept}
    differs = or_(*(table.c[name].is_distinct_from(value) for name, value in values.items()))
    statement = update(table).where(stage.same(keys), differs).values(values)
    return session.connection().execute(statement).rowcount


def _add(session: Session, stage: Stage, keys: tuple[str, ...], kept: _Kept) -> int:
    staged, table = stage.table, stage.target
    last = session.scalar(select(func.coalesce(func.max(table.c.id), 0)))
    number = func.row_number().over(order_by=stage.position) + last
    new = (
        select(number, *(func.coalesce(staged.c[n], kept[n]) if n in kept else staged.c[n] for n in stage.names))
        .join_from(staged, table, stage.same(keys), isouter=True)
        .where(table.c.id.is_(None))
        .order_by(stage.position)
    )
    return (
        session.connection()
        .execute(insert(table).from_select(["id", *stage.names], new), execution_options=COUNTED)
        .rowcount
    )
