"""The store of incidents in the state database."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import date

from sqlalchemy import Select, func, or_, select, true
from sqlalchemy.orm import defer

from tallyward.incidents.adapters import finding_json
from tallyward.incidents.adapters.row_values import change_of, entry_of, incident_of
from tallyward.incidents.adapters.sql_work import AuditWriter, SqlIncidentWork
from tallyward.incidents.adapters.tables import CounterRow, IncidentRow, StepRow
from tallyward.incidents.counting import counts_of
from tallyward.incidents.life_cycle import CLOSED, State
from tallyward.incidents.model import (
    Change,
    Counts,
    Incident,
    IncidentDetail,
    IncidentFilter,
)
from tallyward.kernel.actor import EVERYTHING, Scope
from tallyward.kernel.errors import NotFoundError
from tallyward.kernel.ids import AreaId, CardId, IncidentId, RuleId
from tallyward.kernel.paging import Page, PageRequest, encode_cursor
from tallyward.registry.adapters.sessions import Sessions

_OPEN = tuple(state.value for state in State if state not in CLOSED)


class SqlIncidents:
    """Incidents on SQLite or PostgreSQL."""

    def __init__(self, sessions: Sessions, write_audit: AuditWriter) -> None:
        """`write_audit` writes an entry in the transaction of the change it tells of."""
        self._sessions = sessions
        self._write_audit = write_audit

    @contextmanager
    def work(self, scope: Scope) -> Iterator[SqlIncidentWork]:
        """A transaction of changes."""
        with self._sessions.begin(scope) as session:
            work = SqlIncidentWork(session, self._write_audit)
            yield work
            work.settle()

    def page(self, scope: Scope, wanted: IncidentFilter, request: PageRequest) -> Page[Incident]:
        """Incidents, newest first; the cursor holds the id."""
        query = _filtered(scope, wanted).order_by(IncidentRow.id.desc()).limit(request.limit + 1)
        if request.after is not None:
            query = query.where(IncidentRow.id < request.after[0])
        with self._sessions.reading(scope) as session:
            rows = session.scalars(query).all()
            found = tuple(incident_of(row) for row in rows[: request.limit])
        return Page(found, encode_cursor((found[-1].id,)) if len(rows) > request.limit else None)

    def detail(self, scope: Scope, incident: IncidentId) -> IncidentDetail:
        """One incident with its history; refuses with `incidents.unknown`."""
        with self._sessions.reading(scope) as session:
            row = session.scalar(select(IncidentRow).where(IncidentRow.id == incident))
            if row is None:
                raise NotFoundError("incidents.unknown", incident=incident)
            steps = session.scalars(select(StepRow).where(StepRow.incident_id == incident).order_by(StepRow.id))
            return IncidentDetail(
                incident=incident_of(row),
                measures=finding_json.load_measures(row.finding),
                evidence=finding_json.load_evidence(row.finding),
                explanation=finding_json.load_explanation(row.finding),
                history=tuple(entry_of(step) for step in steps),
            )

    def counts(self, scope: Scope) -> Counts:
        """All counts from one grouping."""
        keys = (IncidentRow.rule, IncidentRow.state, IncidentRow.area_id)
        with self._sessions.reading(scope) as session:
            groups = session.execute(select(*keys, func.count(IncidentRow.id)).group_by(*keys)).all()
        return counts_of((RuleId(rule), State(state), AreaId(area), number) for rule, state, area, number in groups)

    def open_by_card(self, scope: Scope, cards: Sequence[CardId]) -> dict[CardId, int]:
        """Incidents not closed of each card."""
        query = (
            select(IncidentRow.card_id, func.count(IncidentRow.id))
            .where(IncidentRow.card_id.in_(cards), IncidentRow.state.in_(_OPEN))
            .group_by(IncidentRow.card_id)
        )
        with self._sessions.reading(scope) as session:
            return {CardId(card): number for card, number in session.execute(query)}

    def cards_with_open(self, scope: Scope, after: CardId, limit: int) -> tuple[CardId, ...]:
        """Cards with incidents not closed, in order of their ids."""
        query = (
            select(IncidentRow.card_id)
            .where(IncidentRow.card_id > after, IncidentRow.state.in_(_OPEN))
            .group_by(IncidentRow.card_id)
            .order_by(IncidentRow.card_id)
            .limit(limit)
        )
        with self._sessions.reading(scope) as session:
            return tuple(CardId(card) for card in session.scalars(query))

    def cards_of_rule(self, scope: Scope, rule: RuleId, since: date, after: CardId, limit: int) -> tuple[CardId, ...]:
        """Cards that a rule found, in order of their ids."""
        query = (
            select(IncidentRow.card_id)
            .where(
                IncidentRow.card_id > after,
                IncidentRow.rule == rule,
                IncidentRow.day >= since,
                IncidentRow.state != State.FALSE_POSITIVE.value,
            )
            .group_by(IncidentRow.card_id)
            .order_by(IncidentRow.card_id)
            .limit(limit)
        )
        with self._sessions.reading(scope) as session:
            return tuple(CardId(card) for card in session.scalars(query))

    def changes_after(self, scope: Scope, step: int, limit: int) -> tuple[Change, ...]:
        """Steps above a number, in order."""
        query = (
            select(StepRow, IncidentRow)
            .options(defer(IncidentRow.finding))
            .join(IncidentRow, IncidentRow.id == StepRow.incident_id)
            .where(StepRow.id > step)
            .order_by(StepRow.id)
            .limit(limit)
        )
        with self._sessions.reading(scope) as session:
            return tuple(change_of(row, incident) for row, incident in session.execute(query))

    def last_change(self) -> int:
        """The newest number."""
        with self._sessions.reading(EVERYTHING) as session:
            return session.scalar(select(CounterRow.last)) or 0


def _filtered(scope: Scope, wanted: IncidentFilter) -> Select[IncidentRow]:
    query = select(IncidentRow).options(defer(IncidentRow.finding))
    if wanted.states:
        query = query.where(IncidentRow.state.in_(sorted(wanted.states)))
    for column, value in (
        (IncidentRow.rule, wanted.rule),
        (IncidentRow.severity, wanted.severity),
        (IncidentRow.card_id, wanted.card),
        (IncidentRow.area_id, wanted.area),
        (IncidentRow.day, wanted.day),
    ):
        if value is not None:
            query = query.where(column == value)
    return query if wanted.assignee is None else _assigned(query, scope, wanted.assignee)


def _assigned(query: Select[IncidentRow], scope: Scope, name: str) -> Select[IncidentRow]:
    """People of one enterprise see assignees of their own only, so to them work of others is nobody's."""
    own = true() if scope.enterprise is None else IncidentRow.assignee_enterprise == scope.enterprise
    if name:
        return query.where(IncidentRow.assignee == name, own)
    if scope.enterprise is None:
        return query.where(IncidentRow.assignee.is_(None))
    foreign = IncidentRow.assignee_enterprise.is_distinct_from(scope.enterprise)
    return query.where(or_(IncidentRow.assignee.is_(None), foreign))
