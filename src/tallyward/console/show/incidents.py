"""Incidents as answers."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import UTC, datetime
from typing import Any

from tallyward.console.look_up import LookUp
from tallyward.console.views.incidents import (
    AllowedEvent,
    BothWhys,
    CardRef,
    EvidenceView,
    HistoryEntry,
    IncidentDetail,
    IncidentRow,
    MeasureView,
    SubjectView,
    WhyView,
)
from tallyward.detect.cards.finding import EvidenceRecord, Explanation, Measure
from tallyward.incidents import model
from tallyward.incidents.life_cycle import REASON_REQUIRED, State, allowed
from tallyward.kernel.catalogue import Language
from tallyward.kernel.ids import AreaId, CardId
from tallyward.records.schema import Service


def incident_rows(look_up: LookUp, incidents: Sequence[model.Incident]) -> list[IncidentRow]:
    """Rows of the queue."""
    cards = look_up.cards(incident.card for incident in incidents)
    return [IncidentRow(**_fields(look_up, incident, cards)) for incident in incidents]


def incident_detail(look_up: LookUp, detail: model.IncidentDetail, *, may_act: bool) -> IncidentDetail:
    """Everything about one incident."""
    incident = detail.incident
    return IncidentDetail(
        **_fields(look_up, incident, look_up.cards([incident.card])),
        rule_version=incident.rule_version,
        explanation=whys(detail.explanation),
        measures=measure_views(detail.measures),
        evidence=list(evidence_views(look_up, detail.evidence)),
        history=[_entry(entry) for entry in detail.history],
        allowed_events=_allowed(incident.state) if may_act else [],
    )


def _fields(look_up: LookUp, incident: model.Incident, cards: dict[CardId, CardRef]) -> dict[str, Any]:
    holder = incident.owners.holder
    return {
        "id": incident.id,
        "rule": incident.rule,
        "title": look_up.rule_title(incident.rule),
        "severity": incident.severity,
        "state": incident.state,
        "day": incident.day,
        "subject": SubjectView(kind=incident.subject.kind, number=incident.subject.number),
        "card": cards.get(incident.card),
        "holder": None if holder is None else look_up.enterprise(holder),
        "records": incident.records,
        "first_at": moment(incident.first_ts),
        "last_at": moment(incident.last_ts),
        "opened_at": incident.opened_at,
        "changed_at": incident.changed_at,
        "assignee": incident.assignee.name if incident.assignee else None,
    }


def moment(ts: int) -> datetime:
    """Seconds since the epoch as a moment."""
    return datetime.fromtimestamp(ts, UTC)


def service_name(number: int) -> str:
    """data, sms, voice, unknown."""
    return Service(number).name.lower() if number in set(Service) else Service.UNKNOWN.name.lower()


def whys(explanation: Mapping[Language, Explanation]) -> BothWhys:
    """An explanation in both languages."""
    return BothWhys(en=_why(explanation, "en"), zh_cn=_why(explanation, "zh-CN"))


def measure_views(measures: Sequence[Measure]) -> list[MeasureView]:
    """What was compared."""
    return [MeasureView(name=one.name, observed=one.observed, limit=one.limit, origin=one.origin) for one in measures]


def _why(explanation: Mapping[Language, Explanation], language: Language) -> WhyView:
    known = explanation.get(language) or next(iter(explanation.values()))
    return WhyView(why=known.why, normal=known.normal)


def evidence_views(look_up: LookUp, records: Sequence[EvidenceRecord]) -> Iterable[EvidenceView]:
    """Records that show a fault."""
    cells = look_up.cells(record.cell for record in records)
    for record in records:
        area = look_up.area(AreaId(record.area))
        yield EvidenceView(
            at=moment(record.ts),
            service=service_name(record.svc),
            duration_s=record.dur,
            bytes_up=record.up,
            bytes_down=record.dn,
            peer=record.peer,
            imei=f"{record.imei:015d}" if record.imei else None,
            cell=cells.get(record.cell),
            area=area.code if area else None,
            segment=record.segment,
            row=record.row,
        )


def _entry(entry: model.HistoryEntry) -> HistoryEntry:
    step = entry.step
    return HistoryEntry(
        id=entry.id,
        at=step.at,
        actor=step.actor,
        kind=step.kind,
        event=step.event,
        before=step.before,
        after=step.after,
        text=step.text,
    )


def _allowed(state: State) -> list[AllowedEvent]:
    return [
        AllowedEvent(event=event, to=after, reason_required=event in REASON_REQUIRED)
        for event, after in allowed(state).items()
    ]
