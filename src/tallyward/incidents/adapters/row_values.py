"""Rows of the incidents' tables as values."""

from datetime import UTC, datetime, timedelta
from typing import Final

from tallyward.detect.cards.finding import Subject, SubjectKind
from tallyward.incidents.adapters.tables import IncidentRow, StepRow
from tallyward.incidents.life_cycle import Event, State
from tallyward.incidents.model import Assignee, Change, ChangeKind, HistoryEntry, Incident, Owners, Step
from tallyward.kernel.ids import AreaId, CardId, EnterpriseId, IncidentId, RuleId

_EPOCH: Final = datetime(1970, 1, 1, tzinfo=UTC)
_MICROSECOND: Final = timedelta(microseconds=1)


def to_micros(moment: datetime) -> int:
    """Microseconds since the epoch."""
    return (moment - _EPOCH) // _MICROSECOND


def from_micros(micros: int) -> datetime:
    """The moment, in UTC."""
    return _EPOCH + micros * _MICROSECOND


def incident_of(row: IncidentRow) -> Incident:
    """The incident of a row."""
    return Incident(
        id=IncidentId(row.id),
        rule=RuleId(row.rule),
        rule_version=row.rule_version,
        severity=row.severity,
        day=row.day,
        subject=Subject(SubjectKind(row.subject_kind), row.subject_number),
        card=CardId(row.card_id),
        owners=_owners(row),
        area=AreaId(row.area_id),
        state=State(row.state),
        assignee=Assignee(row.assignee, _enterprise(row.assignee_enterprise)) if row.assignee else None,
        records=row.records,
        told_records=row.told_records,
        first_ts=row.first_ts,
        last_ts=row.last_ts,
        opened_at=from_micros(row.opened_at),
        changed_at=from_micros(row.changed_at),
        closed_at=None if row.closed_at is None else from_micros(row.closed_at),
    )


def entry_of(row: StepRow) -> HistoryEntry:
    """The step of a row, with its number."""
    step = Step(
        kind=ChangeKind(row.kind),
        at=from_micros(row.at),
        actor=row.actor,
        enterprise=_enterprise(row.actor_enterprise),
        event=Event(row.event) if row.event else None,
        before=row.before,
        after=row.after,
        text=row.text,
    )
    return HistoryEntry(row.id, step)


def change_of(step: StepRow, incident: IncidentRow) -> Change:
    """A step as those who watch see it: with the incident's state of now."""
    return Change(
        id=step.id,
        kind=ChangeKind(step.kind),
        incident=IncidentId(incident.id),
        rule=RuleId(incident.rule),
        severity=incident.severity,
        state=State(incident.state),
        subject=Subject(SubjectKind(incident.subject_kind), incident.subject_number),
        card=CardId(incident.card_id),
        owners=_owners(incident),
    )


def _owners(row: IncidentRow) -> Owners:
    return Owners(_enterprise(row.enterprise_id), _enterprise(row.operator_id))


def _enterprise(number: int | None) -> EnterpriseId | None:
    return None if number is None else EnterpriseId(number)
