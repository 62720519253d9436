from collections.abc import Callable
from datetime import UTC, datetime, timedelta

import pytest

from tallyward.detect.cards.finding import Subject, SubjectKind
from tallyward.incidents.life_cycle import Event, State
from tallyward.incidents.model import Absorbed, ChangeKind, IncidentFilter, Owners
from tallyward.incidents.service import CHUNK, IncidentService
from tallyward.kernel.actor import PLATFORM, Actor, Scope
from tallyward.kernel.clock import FixedClock
from tallyward.kernel.errors import InvalidError, NotFoundError
from tallyward.kernel.ids import IncidentId
from tallyward.kernel.paging import PageRequest
from tests.incidents.making import (
    DAY_TS,
    EVENING,
    HOLDER,
    INTAKE_OF_OPERATOR,
    OPERATOR,
    OTHER_HOLDER,
    OTHER_OPERATOR,
    AuditBook,
    make_finding,
)

ONE = IncidentId(1)
ANALYST = Actor("wu", Scope(OPERATOR))


def test_findings_open_one_incident_each_and_scanning_again_repeats_none(service: IncidentService) -> None:
    findings = [make_finding(card, rule) for card in range(1, 300) for rule in ("R1", "R2")]
    assert len(findings) > CHUNK
    assert service.absorb(findings) == Absorbed(opened=598)
    before = service.last_change()
    assert service.absorb(findings) == Absorbed(unchanged=598)
    assert service.last_change() == before
    assert service.counts(PLATFORM).total == 598


def test_the_same_key_twice_in_one_report_opens_one(service: IncidentService) -> None:
    absorbed = service.absorb([make_finding(records=2), make_finding(records=5)])
    assert absorbed == Absorbed(opened=1, unchanged=1)
    assert service.get(PLATFORM, ONE).incident.records == 5


def test_growth_updates_figures_and_evidence_and_is_told_when_doubled(service: IncidentService) -> None:
    service.absorb([make_finding(records=3, last=3600)])
    assert service.absorb([make_finding(records=4, last=4000)]) == Absorbed(joined=1)
    assert service.absorb([make_finding(records=8, last=5000)]) == Absorbed(joined=1)
    detail = service.get(PLATFORM, ONE)
    assert (detail.incident.records, detail.incident.last_ts) == (8, DAY_TS + 5000)
    assert [record.ts for record in detail.evidence] == [DAY_TS + 5000]
    assert [measure.observed for measure in detail.measures] == ["8"]
    grown = [entry.step for entry in detail.history if entry.step.kind is ChangeKind.GROWN]
    assert [(step.before, step.after) for step in grown] == [("4", "8")]


def test_it_opens_again_when_it_goes_on_after_it_was_resolved(service: IncidentService, clock: FixedClock) -> None:
    clock.set(datetime.fromtimestamp(DAY_TS + 4000, UTC))
    service.absorb([make_finding(records=3, last=3600)])
    service.act(ANALYST, ONE, Event.RESOLVE)
    assert service.absorb([make_finding(records=4, last=3900)]) == Absorbed(joined=1)
    assert service.get(PLATFORM, ONE).incident.state is State.RESOLVED
    clock.set(EVENING)
    assert service.absorb([make_finding(records=5, last=4001)]) == Absorbed(joined=1, reopened=1)
    detail = service.get(PLATFORM, ONE)
    assert (detail.incident.state, detail.incident.closed_at) == (State.OPEN, None)
    assert (detail.history[-1].step.event, detail.history[-1].step.actor) == (Event.REOPEN, "platform")


def test_owners_are_the_cards_or_the_operator_of_the_source_or_nobody(service: IncidentService) -> None:
    stranger = Subject(SubjectKind.IMSI, "460001234567890")
    service.absorb(
        [
            make_finding(card=1),
            make_finding(card=2),
            make_finding(card=0, rule="R0", subject=stranger, intake=INTAKE_OF_OPERATOR),
            make_finding(card=0, rule="R0.blind", subject=Subject(SubjectKind.RULE, "R4"), intake=99),
        ]
    )
    rows = service.page(PLATFORM, IncidentFilter(), PageRequest()).rows
    assert [row.owners for row in reversed(rows)] == [
        Owners(HOLDER, OPERATOR),
        Owners(OTHER_HOLDER, OTHER_OPERATOR),
        Owners(None, OPERATOR),
        Owners(None, None),
    ]
    seen = service.page(ANALYST, IncidentFilter(), PageRequest()).rows
    assert sorted(row.id for row in seen) == [1, 3]


def test_nobody_touches_what_is_not_hers(service: IncidentService) -> None:
    service.absorb([make_finding(card=2)])
    acts: list[Callable[[], object]] = [
        lambda: service.get(ANALYST, ONE),
        lambda: service.act(ANALYST, ONE, Event.RESOLVE),
        lambda: service.assign(ANALYST, ONE, "wu", OPERATOR),
        lambda: service.comment(ANALYST, ONE, "hello"),
    ]
    for act in acts:
        with pytest.raises(NotFoundError) as error:
            act()
        assert error.value.code == "incidents.unknown"
    assert service.changes_after(ANALYST, 0) == ()
    assert service.counts(ANALYST).total == 0
    assert len(service.get(PLATFORM, ONE).history) == 1


def test_assigning_comments_and_reasons_are_kept_in_order(service: IncidentService, clock: FixedClock) -> None:
    service.absorb([make_finding()])
    clock.set(EVENING + timedelta(minutes=1))
    service.assign(ANALYST, ONE, "wu", OPERATOR)
    service.assign(ANALYST, ONE, "wu", OPERATOR)
    service.comment(ANALYST, ONE, "  Called the customer.  ")
    service.act(ANALYST, ONE, Event.ACKNOWLEDGE)
    detail = service.act(ANALYST, ONE, Event.MARK_FALSE_POSITIVE, "A test card.")
    assert [(entry.step.kind.value, entry.step.after, entry.step.text) for entry in detail.history] == [
        ("opened", "open", None),
        ("assigned", "wu", None),
        ("comment", None, "Called the customer."),
        ("state", "acknowledged", None),
        ("state", "false_positive", "A test card."),
    ]
    assert [entry.id for entry in detail.history] == sorted(entry.id for entry in detail.history)
    assert detail.incident.changed_at == EVENING + timedelta(minutes=1)
    handed_back = service.assign(ANALYST, ONE, None)
    assert handed_back.incident.assignee is None
    assert handed_back.history[-1].step.before == "wu"


def test_texts_have_bounds(service: IncidentService) -> None:
    service.absorb([make_finding()])
    with pytest.raises(InvalidError) as empty:
        service.comment(ANALYST, ONE, " \n ")
    assert empty.value.code == "incidents.comment_empty"
    with pytest.raises(InvalidError) as long:
        service.act(ANALYST, ONE, Event.MARK_FALSE_POSITIVE, "x" * 4001)
    assert long.value.code == "incidents.text_long"
    assert service.comment(ANALYST, ONE, "x" * 4000).history[-1].step.text == "x" * 4000


def test_every_change_has_its_audit_entry_and_nothing_is_kept_without(
    service: IncidentService, audit: AuditBook
) -> None:
    service.absorb([make_finding()])
    service.act(ANALYST, ONE, Event.CONTAIN, "Voice switched off.")
    service.assign(ANALYST, ONE, "wu", OPERATOR)
    service.comment(ANALYST, ONE, "secret thought")
    assert [(entry.actor, entry.action, entry.subject, entry.enterprise) for entry in audit.entries] == [
        ("platform", "incident.opened", "incident 1", HOLDER),
        ("wu", "incident.contain", "incident 1", HOLDER),
        ("wu", "incident.assigned", "incident 1", HOLDER),
        ("wu", "incident.comment", "incident 1", HOLDER),
    ]
    assert audit.entries[1].detail["text"] == "Voice switched off."
    assert "secret thought" not in str(audit.entries[3].detail)

    before = service.get(PLATFORM, ONE)
    audit.broken = True
    for change in (
        lambda: service.act(ANALYST, ONE, Event.RESOLVE),
        lambda: service.assign(ANALYST, ONE, None),
        lambda: service.comment(ANALYST, ONE, "lost"),
        lambda: service.absorb([make_finding(records=90), make_finding(card=3)]),
    ):
        with pytest.raises(RuntimeError):
            change()
    assert service.get(PLATFORM, ONE) == before
    assert service.counts(PLATFORM).total == 1


def test_who_watches_hears_every_step_once_in_order(service: IncidentService) -> None:
    assert service.last_change() == 0
    service.absorb([make_finding(card) for card in (1, 2, 3)])
    service.act(ANALYST, ONE, Event.RESOLVE)
    heard = service.changes_after(PLATFORM, 0, 3)
    rest = service.changes_after(PLATFORM, heard[-1].id, 3)
    assert [(change.id, change.incident, change.kind) for change in heard + rest] == [
        (1, 1, ChangeKind.OPENED),
        (2, 2, ChangeKind.OPENED),
        (3, 3, ChangeKind.OPENED),
        (4, 1, ChangeKind.STATE),
    ]
    assert rest[0].state is State.RESOLVED
    assert service.last_change() == 4
    assert [change.incident for change in service.changes_after(ANALYST, 0)] == [1, 3, 1]
