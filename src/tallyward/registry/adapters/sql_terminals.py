"""Terminals in the state database."""

from collections import Counter
from typing import Final

from sqlalchemy import ColumnElement, func, select, update
from sqlalchemy.orm import Session

from tallyward.kernel.actor import Scope
from tallyward.kernel.identities import Imei
from tallyward.kernel.ids import EnterpriseId, TerminalId
from tallyward.kernel.paging import Page, PageRequest
from tallyward.registry.adapters.counted import Counted
from tallyward.registry.adapters.paging import begins, page_of
from tallyward.registry.adapters.sessions import Sessions
from tallyward.registry.adapters.sql_audit import write_audit
from tallyward.registry.adapters.sql_cards import binding_of
from tallyward.registry.adapters.state import change, take_turn
from tallyward.registry.adapters.tables import BindingRow, EnterpriseRow, TerminalRow
from tallyward.registry.audit import AuditEntry
from tallyward.registry.cadence import Cadence
from tallyward.registry.checks import is_code
from tallyward.registry.filters import TerminalCounts, TerminalFilter
from tallyward.registry.model import Access, Binding, Terminal, Usage

_MOST_BINDINGS: Final = 500


class SqlTerminals:
    """`TerminalStore` on either engine."""

    def __init__(self, sessions: Sessions) -> None:
        self._sessions = sessions
        self._counted = Counted(sessions, _count)

    def terminal(self, scope: Scope, terminal: TerminalId) -> Terminal | None:
        """One terminal."""
        with self._sessions.reading(scope) as session:
            row = session.scalar(select(TerminalRow).where(TerminalRow.id == terminal))
            return None if row is None else terminal_of(row)

    def page(self, scope: Scope, wanted: TerminalFilter, request: PageRequest) -> Page[Terminal]:
        """Terminals by id. Key: (id,)."""
        with self._sessions.reading(scope) as session:
            return page_of(session, TerminalRow, request, _conditions(session, wanted), terminal_of)

    def counts(self, scope: Scope) -> TerminalCounts:
        """Counted anew only when the registry has changed."""
        return self._counted.of(scope)

    def bindings(self, scope: Scope, terminal: TerminalId) -> tuple[Binding, ...]:
        """Newest first, at most 500."""
        with self._sessions.reading(scope) as session:
            query = select(BindingRow).where(BindingRow.terminal_id == terminal).order_by(BindingRow.since.desc())
            return tuple(map(binding_of, session.scalars(query.limit(_MOST_BINDINGS))))

    def find(self, scope: Scope, serial: str) -> Terminal | None:
        """The terminal with this serial."""
        with self._sessions.reading(scope) as session:
            row = session.scalar(select(TerminalRow).where(TerminalRow.serial == serial))
            return None if row is None else terminal_of(row)

    def set_cadence(self, scope: Scope, terminal: TerminalId, cadence: Cadence, audit: AuditEntry) -> None:
        """Also what holds for cards that ride in it."""
        with self._sessions.begin(scope) as session:
            take_turn(session)
            change(session)
            session.execute(update(TerminalRow).where(TerminalRow.id == terminal).values(cadence=cadence.value))
            write_audit(session, audit)


def _conditions(session: Session, wanted: TerminalFilter) -> list[ColumnElement[bool]]:
    conditions: list[ColumnElement[bool]] = []
    prefix = wanted.q.strip()
    if prefix:
        conditions.append(begins(session, TerminalRow.id, (TerminalRow.serial, TerminalRow.imei), prefix))
    if wanted.enterprise is not None:
        named = select(EnterpriseRow.id).where(EnterpriseRow.code == wanted.enterprise)
        whose = session.scalar(named) if is_code(wanted.enterprise) else None
        conditions.append(TerminalRow.enterprise_id == (0 if whose is None else whose))
    if wanted.access is not None:
        conditions.append(TerminalRow.access == wanted.access.value)
    if wanted.usage is not None:
        conditions.append(TerminalRow.usage == wanted.usage.value)
    if wanted.fixed is not None:
        conditions.append(TerminalRow.fixed.is_(wanted.fixed))
    if wanted.cadence is not None:
        conditions.append(TerminalRow.cadence == wanted.cadence.value)
    return conditions


def _count(session: Session) -> TerminalCounts:
    by_access: Counter[Access] = Counter()
    by_usage: Counter[Usage] = Counter()
    fixed = 0
    key = (TerminalRow.access, TerminalRow.usage, TerminalRow.fixed)
    for access, usage, stays, terminals in session.execute(select(*key, func.count()).group_by(*key)):
        by_access[Access(access)] += terminals
        by_usage[Usage(usage)] += terminals
        fixed += terminals if stays else 0
    return TerminalCounts(by_access.total(), dict(by_access), dict(by_usage), fixed)


def terminal_of(row: TerminalRow) -> Terminal:
    """A row as a value."""
    placed = row.latitude is not None and row.longitude is not None
    return Terminal(
        id=TerminalId(row.id),
        serial=row.serial,
        enterprise=EnterpriseId(row.enterprise_id),
        usage=Usage(row.usage),
        access=Access(row.access),
        vendor=row.vendor,
        model=row.model,
        firmware=row.firmware,
        imei=None if row.imei is None else Imei(row.imei),
        fixed=row.fixed,
        home=(row.latitude, row.longitude) if placed else None,  # type: ignore[arg-type] # both are set, or none
        gateway=None if row.gateway_id is None else TerminalId(row.gateway_id),
        cadence=Cadence(row.cadence),
    )
