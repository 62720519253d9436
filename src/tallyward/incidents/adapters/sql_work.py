"""One transaction of changes to incidents: rows, steps of their history and audit entries stand or fall together."""

from collections.abc import Callable, Sequence
from typing import TypeAlias

from sqlalchemy import Select, select, update
from sqlalchemy.orm import Session, defer

from tallyward.detect.cards.finding import Finding
from tallyward.incidents.absorb import where
from tallyward.incidents.adapters import finding_json
from tallyward.incidents.adapters.row_values import incident_of, to_micros
from tallyward.incidents.adapters.tables import CounterRow, IncidentRow, StepRow
from tallyward.incidents.life_cycle import CLOSED, State
from tallyward.incidents.model import Assignee, ChangeKind, Incident, Key, Owners, Step
from tallyward.kernel.errors import NotFoundError
from tallyward.kernel.ids import EnterpriseId, IncidentId
from tallyward.registry.audit import AuditEntry

AuditWriter: TypeAlias = Callable[[Session, AuditEntry], None]
"""Writes an entry in the session's transaction."""


class SqlIncidentWork:
    """Changes within one session."""

    def __init__(self, session: Session, write_audit: AuditWriter) -> None:
        """Take the counter first: it is the lock under which all writers of incidents take turns."""
        self._session = session
        self._write_audit = write_audit
        self._rows: dict[int, IncidentRow] = {}
        session.execute(update(CounterRow).values(last=CounterRow.last))
        self._last = session.scalar(select(CounterRow.last)) or 0

    def known(self, keys: Sequence[Key]) -> dict[Key, Incident]:
        """The incidents of these keys that exist."""
        query = _without_finding().where(
            IncidentRow.rule.in_({rule for _, rule, _ in keys}),
            IncidentRow.day.in_({day for _, _, day in keys}),
            IncidentRow.subject_number.in_({subject.number for subject, _, _ in keys}),
        )
        rows = self._session.scalars(query).all()
        self._rows.update((row.id, row) for row in rows)
        wanted = set(keys)
        by_key = {(incident.subject, incident.rule, incident.day): incident for incident in map(incident_of, rows)}
        return {key: incident for key, incident in by_key.items() if key in wanted}

    def one(self, incident: IncidentId) -> Incident:
        """One incident of the scope."""
        return incident_of(self._row(incident))

    def open(self, findings: Sequence[tuple[Finding, Owners]], step: Step) -> None:
        """New incidents, with the first step of each."""
        rows = [_new_row(finding, owners, step) for finding, owners in findings]
        self._session.add_all(rows)
        self._session.flush()
        for row in rows:
            self._write_step(row, step)

    def grow(self, incident: IncidentId, finding: Finding, told_records: int | None) -> None:
        """The finding's figures and evidence instead of the ones before."""
        row = self._row(incident)
        row.rule_version, row.severity = finding.rule_version, finding.severity
        row.records, row.first_ts, row.last_ts = finding.records, finding.first_ts, finding.last_ts
        row.area_id, row.finding = where(finding), finding_json.dump(finding)
        row.told_records = told_records or row.told_records

    def move(self, incident: IncidentId, state: State) -> None:
        """The state; the step that is written next says when."""
        row = self._row(incident)
        row.state = state.value

    def assign(self, incident: IncidentId, assignee: Assignee | None) -> None:
        """The assignee."""
        row = self._row(incident)
        row.assignee = assignee.name if assignee else None
        row.assignee_enterprise = assignee.enterprise if assignee else None

    def write(self, incident: IncidentId, step: Step) -> None:
        """A step of the history, and its audit entry."""
        row = self._row(incident)
        row.changed_at = to_micros(step.at)
        row.closed_at = (row.closed_at or row.changed_at) if row.state in CLOSED else None
        self._write_step(row, step)

    def settle(self) -> None:
        """Keep the number of the newest step; the last thing before the commit."""
        self._session.execute(update(CounterRow).values(last=self._last))

    def _row(self, incident: IncidentId) -> IncidentRow:
        if incident not in self._rows:
            row = self._session.scalar(_without_finding().where(IncidentRow.id == incident))
            if row is None:
                raise NotFoundError("incidents.unknown", incident=incident)
            self._rows[incident] = row
        return self._rows[incident]

    def _write_step(self, row: IncidentRow, step: Step) -> None:
        self._last += 1
        self._session.add(
            StepRow(
                id=self._last,
                incident_id=row.id,
                enterprise_id=row.enterprise_id,
                operator_id=row.operator_id,
                at=to_micros(step.at),
                kind=step.kind.value,
                actor=step.actor,
                actor_enterprise=step.enterprise,
                event=step.event.value if step.event else None,
                before=step.before,
                after=step.after,
                text=step.text,
            )
        )
        self._write_audit(self._session, _audit_entry(row, step))


def _without_finding() -> Select[IncidentRow]:
    """Rows to be changed: measures, evidence and explanation are written, never read here."""
    return select(IncidentRow).options(defer(IncidentRow.finding))


def _audit_entry(row: IncidentRow, step: Step) -> AuditEntry:
    """Comments and names of assignees stay with those who wrote them: holder and operator both read this entry."""
    told = step.kind not in {ChangeKind.COMMENT, ChangeKind.ASSIGNED}
    detail: dict[str, str | int | None] = {
        "rule": row.rule,
        "before": step.before if told else None,
        "after": step.after if told else None,
        "text": step.text if told else None,
    }
    holder = row.enterprise_id if row.enterprise_id is not None else row.operator_id
    return AuditEntry(
        at=step.at,
        actor=step.actor or "?",
        enterprise=None if holder is None else EnterpriseId(holder),
        action=f"incident.{step.event.value if step.event else step.kind.value}",
        subject=f"incident {row.id}",
        detail={name: value for name, value in detail.items() if value is not None},
    )


def _new_row(finding: Finding, owners: Owners, step: Step) -> IncidentRow:
    at = to_micros(step.at)
    return IncidentRow(
        rule=finding.rule,
        rule_version=finding.rule_version,
        severity=finding.severity,
        day=finding.day,
        subject_kind=finding.subject.kind.value,
        subject_number=finding.subject.number,
        card_id=finding.card,
        enterprise_id=owners.holder,
        operator_id=owners.operator,
        area_id=where(finding),
        state=State.OPEN.value,
        records=finding.records,
        told_records=finding.records,
        first_ts=finding.first_ts,
        last_ts=finding.last_ts,
        opened_at=at,
        changed_at=at,
        finding=finding_json.dump(finding),
    )
