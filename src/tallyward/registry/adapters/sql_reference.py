"""Enterprises, classes, areas, cells and group lists in the state database."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import replace
from typing import Final

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from tallyward.kernel.actor import EVERYTHING, Scope
from tallyward.kernel.ids import AreaId, CellId, EnterpriseId, GroupListId
from tallyward.registry.adapters.sessions import Sessions
from tallyward.registry.adapters.sql_audit import write_audit
from tallyward.registry.adapters.state import change, next_id, take_turn
from tallyward.registry.adapters.tables import (
    AreaRow,
    CardClassRow,
    CellRow,
    EnterpriseRow,
    GroupEntryRow,
    GroupListRow,
)
from tallyward.registry.audit import AuditEntry
from tallyward.registry.model import (
    Area,
    CardClass,
    Cell,
    Enterprise,
    EnterpriseKind,
    GroupList,
    PeerKind,
    UsageLimits,
)

_AT_ONCE: Final = 500
"""Ids in one statement: both engines take more, but plans stay cached."""


class SqlReference:
    """`ReferenceStore` on either engine."""

    def __init__(self, sessions: Sessions) -> None:
        self._sessions = sessions

    def add_enterprise(self, code: str, name: str, kind: EnterpriseKind, audit: AuditEntry) -> Enterprise | None:
        """The new enterprise; None where the code is taken."""
        with self._sessions.begin(EVERYTHING) as session:
            take_turn(session)
            if session.scalar(select(EnterpriseRow.id).where(EnterpriseRow.code == code)) is not None:
                return None
            change(session)
            row = EnterpriseRow(id=next_id(session, EnterpriseRow.id), code=code, name=name, kind=kind.value)
            session.add(row)
            session.flush()
            write_audit(session, replace(audit, enterprise=EnterpriseId(row.id)))
            return _enterprise(row)

    def enterprises(self, scope: Scope) -> tuple[Enterprise, ...]:
        """By code."""
        with self._sessions.reading(scope) as session:
            return tuple(map(_enterprise, session.scalars(select(EnterpriseRow).order_by(EnterpriseRow.code))))

    def enterprise(self, scope: Scope, enterprise: EnterpriseId) -> Enterprise | None:
        """One of them."""
        with self._sessions.reading(scope) as session:
            row = session.scalar(select(EnterpriseRow).where(EnterpriseRow.id == enterprise))
            return None if row is None else _enterprise(row)

    def card_classes(self) -> tuple[CardClass, ...]:
        """By code."""
        with self._sessions.reading(EVERYTHING) as session:
            return tuple(map(_card_class, session.scalars(select(CardClassRow).order_by(CardClassRow.code))))

    def areas(self) -> tuple[Area, ...]:
        """By code."""
        with self._sessions.reading(EVERYTHING) as session:
            return tuple(map(_area, session.scalars(select(AreaRow).order_by(AreaRow.code))))

    def set_fraud_prone(self, area: AreaId, *, fraud_prone: bool, audit: AuditEntry) -> None:
        """Mark an area or take the mark away."""
        with self._sessions.begin(EVERYTHING) as session:
            change(session)
            session.execute(update(AreaRow).where(AreaRow.id == area).values(fraud_prone=fraud_prone))
            write_audit(session, audit)

    def cells(self, ids: Iterable[CellId]) -> dict[CellId, Cell]:
        """Those that exist."""
        wanted = sorted(set(ids))
        found: dict[CellId, Cell] = {}
        with self._sessions.reading(EVERYTHING) as session:
            for start in range(0, len(wanted), _AT_ONCE):
                query = select(CellRow).where(CellRow.id.in_(wanted[start : start + _AT_ONCE]))
                found |= {CellId(row.id): _cell(row) for row in session.scalars(query)}
        return found

    def group_lists(self, scope: Scope) -> tuple[GroupList, ...]:
        """By code, with their entries."""
        with self._sessions.reading(scope) as session:
            rows = session.scalars(select(GroupListRow).order_by(GroupListRow.code, GroupListRow.id)).all()
            entries = _entries(session, None)
            return tuple(_group_list(row, entries[row.id]) for row in rows)

    def group_list(self, scope: Scope, group_list: GroupListId) -> GroupList | None:
        """One of them."""
        with self._sessions.reading(scope) as session:
            row = session.scalar(select(GroupListRow).where(GroupListRow.id == group_list))
            return None if row is None else _group_list(row, _entries(session, row.id)[row.id])


def _entries(session: Session, group_list: int | None) -> dict[int, list[tuple[PeerKind, str]]]:
    query = select(GroupEntryRow).order_by(GroupEntryRow.list_id, GroupEntryRow.kind, GroupEntryRow.entry)
    if group_list is not None:
        query = query.where(GroupEntryRow.list_id == group_list)
    found: dict[int, list[tuple[PeerKind, str]]] = defaultdict(list)
    for row in session.scalars(query):
        found[row.list_id].append((PeerKind(row.kind), row.entry))
    return found


def _enterprise(row: EnterpriseRow) -> Enterprise:
    area = None if row.area_id is None else AreaId(row.area_id)
    return Enterprise(EnterpriseId(row.id), row.code, row.name, EnterpriseKind(row.kind), area)


def _card_class(row: CardClassRow) -> CardClass:
    limits = UsageLimits(row.month_bytes, row.day_bytes, row.max_peers, row.max_cells, row.max_imeis)
    return CardClass(row.id, row.code, row.title_en, row.title_zh, limits)


def _area(row: AreaRow) -> Area:
    return Area(AreaId(row.id), row.code, row.title_en, row.title_zh, row.fraud_prone, tuple(row.plmns.split()))


def _cell(row: CellRow) -> Cell:
    return Cell(CellId(row.id), row.cgi, AreaId(row.area_id), row.latitude, row.longitude)


def _group_list(row: GroupListRow, entries: list[tuple[PeerKind, str]]) -> GroupList:
    return GroupList(GroupListId(row.id), EnterpriseId(row.enterprise_id), row.code, tuple(entries))
