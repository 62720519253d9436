"""Security statistics counted in the state database. What is kept is at most `FRESH_SECONDS` old."""

import threading
import time
from datetime import UTC, date, datetime
from typing import Any, Final

from sqlalchemy import ColumnElement, Select, func, select
from sqlalchemy.orm import Session

from tallyward.incidents.adapters.tables import IncidentRow, StepRow
from tallyward.incidents.life_cycle import State
from tallyward.incidents.model import ChangeKind
from tallyward.incidents.statistics import IncidentGroup, IncidentSlice, SecurityCounts, median, security_of
from tallyward.kernel.actor import Scope
from tallyward.kernel.ids import AreaId, EnterpriseId, RuleId
from tallyward.registry.adapters.sessions import Sessions
from tallyward.registry.adapters.tables import CardRow

FRESH_SECONDS: Final = 30
_MOST: Final = 256
_DAY_MICROS: Final = 86_400_000_000
_KEYS: Final = (
    IncidentRow.rule,
    IncidentRow.operator_id,
    CardRow.class_id,
    IncidentRow.area_id,
    IncidentRow.state,
)


class SqlSecurity:
    """`SecurityStore` on either engine."""

    def __init__(self, sessions: Sessions) -> None:
        self._sessions = sessions
        self._kept: dict[tuple[Scope, IncidentSlice], tuple[float, SecurityCounts]] = {}
        self._lock = threading.Lock()

    def security(self, scope: Scope, wanted: IncidentSlice) -> SecurityCounts:
        """The slice, counted."""
        kept = self._kept.get((scope, wanted))
        if kept is not None and time.monotonic() - kept[0] < FRESH_SECONDS:
            return kept[1]
        began = time.monotonic()
        with self._sessions.reading(scope) as session:
            counted = security_of(
                _groups(session, wanted),
                _new(session, wanted),
                _closed(session, wanted),
                _to_act(session, wanted),
                _to_resolve(session, wanted),
            )
        with self._lock:
            if len(self._kept) >= _MOST:
                self._kept.clear()
            self._kept[scope, wanted] = began, counted
        return counted


def _groups(session: Session, wanted: IncidentSlice) -> list[IncidentGroup]:
    query = select(*_KEYS, func.count()).select_from(IncidentRow)
    query = query.outerjoin(CardRow, CardRow.id == IncidentRow.card_id).where(*_plain(wanted)).group_by(*_KEYS)
    if wanted.card_class is not None:
        query = query.where(CardRow.class_id == wanted.card_class)
    return [
        IncidentGroup(RuleId(rule), EnterpriseId(operator or 0), card_class or 0, AreaId(area), State(state), number)
        for rule, operator, card_class, area, state, number in session.execute(query)
    ]


def _new(session: Session, wanted: IncidentSlice) -> dict[date, int]:
    counted: Any = select(IncidentRow.day, func.count())
    return dict(session.execute(_joined(counted, wanted).group_by(IncidentRow.day)).all())


def _closed(session: Session, wanted: IncidentSlice) -> dict[date, int]:
    day = (IncidentRow.closed_at // _DAY_MICROS).label("closed_day")
    closed: Any = select(day, func.count()).where(IncidentRow.closed_at.is_not(None))  # mypy cannot widen its columns
    query = _joined(closed, wanted).group_by(day)
    return {datetime.fromtimestamp(int(number) * 86_400, UTC).date(): count for number, count in session.execute(query)}


def _to_act(session: Session, wanted: IncidentSlice) -> float | None:
    """Until somebody first moved it along."""
    took = (func.min(StepRow.at) - IncidentRow.opened_at).label("took")
    query = select(took).select_from(IncidentRow).join(StepRow, StepRow.incident_id == IncidentRow.id)
    query = query.where(StepRow.kind == ChangeKind.STATE.value).group_by(IncidentRow.id, IncidentRow.opened_at)
    return _median(session, _joined(query, wanted))


def _to_resolve(session: Session, wanted: IncidentSlice) -> float | None:
    took = (IncidentRow.closed_at - IncidentRow.opened_at).label("took")
    return _median(session, _joined(select(took).where(IncidentRow.state == State.RESOLVED.value), wanted))


def _median(session: Session, took: Select[Any]) -> float | None:
    number = session.scalar(select(func.count()).select_from(took.subquery())) or 0
    middle = took.order_by("took").offset(max(number - 1, 0) // 2).limit(2 - number % 2)
    found = median(int(micros) for micros in session.scalars(middle)) if number else None
    return None if found is None else found / 1_000_000


def _joined(query: Select[Any], wanted: IncidentSlice) -> Select[Any]:
    query = query.where(*_plain(wanted))
    if wanted.card_class is None:
        return query
    of_class = select(CardRow.id).where(CardRow.class_id == wanted.card_class, CardRow.id == IncidentRow.card_id)
    return query.where(of_class.exists())


def _plain(wanted: IncidentSlice) -> list[ColumnElement[bool]]:
    conditions: list[ColumnElement[bool]] = [IncidentRow.day >= wanted.since, IncidentRow.day <= wanted.until]
    if wanted.operator is not None:
        conditions.append(IncidentRow.operator_id == wanted.operator)
    if wanted.area is not None:
        conditions.append(IncidentRow.area_id == wanted.area)
    return conditions
