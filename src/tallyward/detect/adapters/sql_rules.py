"""Kept rules in the state database: versions are added under one lock, whole or not at all."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from typing import Final, TypeAlias

from sqlalchemy import func, select, update
from sqlalchemy.orm import Session

from tallyward.detect.adapters.tables import RuleStateRow, RuleVersionRow
from tallyward.detect.kept_rules import Action, Version
from tallyward.kernel.actor import EVERYTHING, Scope
from tallyward.kernel.ids import EnterpriseId, RuleId
from tallyward.registry.adapters.sessions import Sessions
from tallyward.registry.audit import AuditEntry

AuditWriter: TypeAlias = Callable[[Session, AuditEntry], None]
"""Writes an entry in the session's transaction."""

_EPOCH: Final = datetime(1970, 1, 1, tzinfo=UTC)
_MICROSECOND: Final = timedelta(microseconds=1)


def to_micros(moment: datetime) -> int:
    """Microseconds since the epoch."""
    return (moment - _EPOCH) // _MICROSECOND


def from_micros(micros: int) -> datetime:
    """The moment, in UTC."""
    return _EPOCH + micros * _MICROSECOND


class SqlRuleWork:
    """Changes within one session."""

    def __init__(self, session: Session, write_audit: AuditWriter) -> None:
        """Take the counter first: it is the lock under which writers take turns."""
        self._session = session
        self._write_audit = write_audit
        session.execute(update(RuleStateRow).values(changes=RuleStateRow.changes))

    def newest(self) -> tuple[Version, ...]:
        """The newest version of each rule."""
        return _newest(self._session)

    def versions(self, rule: RuleId) -> tuple[Version, ...]:
        """All versions of a rule, newest first."""
        return _versions(self._session, rule)

    def keep(self, version: Version, audit: AuditEntry) -> None:
        """Add a version."""
        self._session.execute(update(RuleStateRow).values(changes=RuleStateRow.changes + 1))
        self._session.add(
            RuleVersionRow(
                id=_changes(self._session),
                rule=version.rule,
                number=version.number,
                action=version.action.value,
                version=version.version,
                text=version.text,
                author=(version.author or "?")[:100],
                author_enterprise=version.enterprise,
                at=to_micros(version.at),
                note=version.note,
            )
        )
        self._write_audit(self._session, audit)


class SqlRules:
    """`RuleStore` on either engine."""

    def __init__(self, sessions: Sessions, write_audit: AuditWriter) -> None:
        """`write_audit` writes an entry in the transaction of the change it tells of."""
        self._sessions = sessions
        self._write_audit = write_audit

    def changes(self) -> int:
        """How many versions were added."""
        with self._sessions.reading(EVERYTHING) as session:
            return _changes(session)

    def newest(self) -> tuple[int, tuple[Version, ...]]:
        """Read in one statement's picture: the count is that of the versions that are there."""
        with self._sessions.reading(EVERYTHING) as session:
            changes = _changes(session)
            return changes, _newest(session)

    def versions(self, rule: RuleId) -> tuple[Version, ...]:
        """All versions of a rule, newest first."""
        with self._sessions.reading(EVERYTHING) as session:
            return _versions(session, rule)

    @contextmanager
    def work(self, scope: Scope) -> Iterator[SqlRuleWork]:
        """A change, in one transaction."""
        with self._sessions.begin(scope) as session:
            yield SqlRuleWork(session, self._write_audit)


def _changes(session: Session) -> int:
    return session.scalar(select(RuleStateRow.changes)) or 0


def _newest(session: Session) -> tuple[Version, ...]:
    last = select(func.max(RuleVersionRow.id)).group_by(RuleVersionRow.rule)
    rows = session.scalars(select(RuleVersionRow).where(RuleVersionRow.id.in_(last)).order_by(RuleVersionRow.rule))
    return tuple(map(_version, rows))


def _versions(session: Session, rule: RuleId) -> tuple[Version, ...]:
    query = select(RuleVersionRow).where(RuleVersionRow.rule == rule[:64]).order_by(RuleVersionRow.number.desc())
    return tuple(map(_version, session.scalars(query)))


def _version(row: RuleVersionRow) -> Version:
    return Version(
        rule=RuleId(row.rule),
        number=row.number,
        action=Action(row.action),
        version=row.version,
        text=row.text,
        author=row.author,
        enterprise=None if row.author_enterprise is None else EnterpriseId(row.author_enterprise),
        at=from_micros(row.at),
        note=row.note,
    )
