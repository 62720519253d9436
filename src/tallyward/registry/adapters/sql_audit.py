"""The audit log in the state database: an entry stands or falls with the change it speaks of."""

import json
from datetime import UTC, datetime, timedelta
from typing import Final

from sqlalchemy import select
from sqlalchemy.orm import Session

from tallyward.kernel.actor import EVERYTHING, Scope
from tallyward.kernel.ids import EnterpriseId
from tallyward.kernel.paging import Page, PageRequest, encode_cursor
from tallyward.registry.adapters.sessions import Sessions
from tallyward.registry.adapters.tables import AuditRow
from tallyward.registry.audit import AuditEntry

_EPOCH: Final = datetime(1970, 1, 1, tzinfo=UTC)
_MICROSECOND: Final = timedelta(microseconds=1)


def write_audit(session: Session, entry: AuditEntry) -> None:
    """Put an entry into the session's transaction. Seen by the row's enterprise and by that of the one who acted."""
    scope: Scope = session.info["scope"]
    session.add(
        AuditRow(
            at=(entry.at - _EPOCH) // _MICROSECOND,
            actor=entry.actor[:100],
            enterprise_id=entry.enterprise,
            operator_id=scope.enterprise,
            action=entry.action,
            subject=entry.subject[:200],
            detail=json.dumps(dict(entry.detail), ensure_ascii=False),
        )
    )


class SqlAuditLog:
    """Reads the log; writes entries that belong to no other change, such as an audited reading."""

    def __init__(self, sessions: Sessions) -> None:
        self._sessions = sessions

    def write(self, entry: AuditEntry) -> None:
        """One entry in a transaction of its own."""
        with self._sessions.begin(EVERYTHING) as session:
            write_audit(session, entry)

    def page(self, scope: Scope, request: PageRequest, *, subject: str | None = None) -> Page[AuditEntry]:
        """Entries that `scope` may see, newest first; of one `subject` where it is given. Key: (id,)."""
        query = select(AuditRow).order_by(AuditRow.id.desc()).limit(request.limit + 1)
        if request.after is not None:
            query = query.where(AuditRow.id < int(request.after[0]))
        if subject is not None:
            if "\x00" in subject:  # no text to PostgreSQL
                return Page((), None)
            query = query.where(AuditRow.subject == subject)
        with self._sessions.reading(scope) as session:
            rows = session.scalars(query).all()
        more = len(rows) > request.limit
        shown = rows[: request.limit]
        return Page(tuple(map(_entry, shown)), encode_cursor((shown[-1].id,)) if more else None)


def _entry(row: AuditRow) -> AuditEntry:
    return AuditEntry(
        at=_EPOCH + row.at * _MICROSECOND,
        actor=row.actor,
        enterprise=None if row.enterprise_id is None else EnterpriseId(row.enterprise_id),
        action=row.action,
        subject=row.subject,
        detail=json.loads(row.detail),
    )
