"""The whitelist in the state database. Entries that are out of date or taken back stay: what was held back is told."""

from datetime import datetime

from sqlalchemy import ColumnElement, func, select, update

from tallyward.detect.adapters.sql_rules import AuditWriter, from_micros, to_micros
from tallyward.detect.adapters.tables import RuleStateRow, WhitelistRow
from tallyward.detect.whitelist import Entry, Reach, Removal
from tallyward.kernel.actor import EVERYTHING, Scope
from tallyward.kernel.ids import EnterpriseId, RuleId
from tallyward.registry.adapters.sessions import Sessions
from tallyward.registry.adapters.tenant import outside_scope
from tallyward.registry.audit import AuditEntry


class SqlWhitelist:
    """`WhitelistStore` on either engine."""

    def __init__(self, sessions: Sessions, write_audit: AuditWriter) -> None:
        """`write_audit` writes an entry in the transaction of the change it tells of."""
        self._sessions = sessions
        self._write_audit = write_audit

    def add(self, scope: Scope, entry: Entry, most: int, audit: AuditEntry) -> Entry | None:
        """In one transaction; writers take turns, so the number of valid ones holds."""
        with self._sessions.begin(scope) as session:
            session.execute(update(RuleStateRow).values(changes=RuleStateRow.changes))
            with outside_scope(session):
                valid = session.scalar(select(func.count()).select_from(WhitelistRow).where(*_valid(entry.since))) or 0
                number = (session.scalar(select(func.max(WhitelistRow.id))) or 0) + 1
            if valid >= most:
                return None
            row = _row(number, entry)
            session.add(row)
            session.flush()
            self._write_audit(session, audit)
            return _entry(row)

    def valid(self, now: datetime) -> tuple[Entry, ...]:
        """Of all tenants: it is the platform that scans."""
        with self._sessions.reading(EVERYTHING) as session:
            return tuple(map(_entry, session.scalars(select(WhitelistRow).where(*_valid(now)))))

    def valid_numbers(self, now: datetime) -> tuple[int, ...]:
        """Their numbers, in order."""
        with self._sessions.reading(EVERYTHING) as session:
            return tuple(session.scalars(select(WhitelistRow.id).where(*_valid(now)).order_by(WhitelistRow.id)))

    def entries(self, scope: Scope, limit: int) -> tuple[Entry, ...]:
        """Newest first."""
        with self._sessions.reading(scope) as session:
            query = select(WhitelistRow).order_by(WhitelistRow.id.desc()).limit(limit)
            return tuple(map(_entry, session.scalars(query)))

    def one(self, scope: Scope, number: int) -> Entry | None:
        """One of them."""
        with self._sessions.reading(scope) as session:
            row = session.scalar(select(WhitelistRow).where(WhitelistRow.id == number))
            return None if row is None else _entry(row)

    def remove(self, scope: Scope, number: int, removal: Removal, audit: AuditEntry) -> bool:
        """Once: the second of two at a time finds it removed."""
        with self._sessions.begin(scope) as session:
            session.execute(update(RuleStateRow).values(changes=RuleStateRow.changes))
            row = session.scalar(select(WhitelistRow).where(WhitelistRow.id == number))
            if row is None or row.removed_at is not None:
                return False
            row.removed_at, row.removed_by = to_micros(removal.at), removal.by
            self._write_audit(session, audit)
            return True


def _valid(now: datetime) -> tuple[ColumnElement[bool], ...]:
    return WhitelistRow.until > to_micros(now), WhitelistRow.removed_at.is_(None)


def _row(number: int, entry: Entry) -> WhitelistRow:
    return WhitelistRow(
        id=number,
        enterprise_id=entry.holder,
        operator_id=entry.operator,
        rule=entry.rule,
        reach=entry.reach.value,
        target=entry.target,
        name=entry.name[:100],
        reason=entry.reason,
        author=(entry.author or "?")[:100],
        author_enterprise=entry.enterprise,
        since=to_micros(entry.since),
        until=to_micros(entry.until),
        removed_at=None,
        removed_by=None,
    )


def _entry(row: WhitelistRow) -> Entry:
    return Entry(
        id=row.id,
        rule=None if row.rule is None else RuleId(row.rule),
        reach=Reach(row.reach),
        target=row.target,
        name=row.name,
        holder=_enterprise(row.enterprise_id),
        operator=_enterprise(row.operator_id),
        reason=row.reason,
        author=row.author,
        enterprise=_enterprise(row.author_enterprise),
        since=from_micros(row.since),
        until=from_micros(row.until),
        removed=None if row.removed_at is None else Removal(from_micros(row.removed_at), row.removed_by),
    )


def _enterprise(number: int | None) -> EnterpriseId | None:
    return None if number is None else EnterpriseId(number)
