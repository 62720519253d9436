from tallyward.incidents.life_cycle import Event
from tallyward.incidents.model import ChangeKind
from tallyward.incidents.service import IncidentService
from tallyward.kernel.actor import PLATFORM, Actor, Scope
from tallyward.kernel.ids import IncidentId
from tests.incidents.making import HOLDER, OPERATOR, make_finding

ANALYST = Actor("wu", Scope(OPERATOR))
FLEET = Actor("feng", Scope(HOLDER))
ONE = IncidentId(1)


def worked_on(service: IncidentService) -> None:
    service.absorb([make_finding(card=1)])
    service.assign(ANALYST, ONE, "wu", OPERATOR)
    service.comment(ANALYST, ONE, "This customer again.")
    service.act(ANALYST, ONE, Event.CONTAIN, "Voice switched off.")
    service.comment(FLEET, ONE, "We look into it.")


def test_the_other_enterprise_reads_what_was_done_and_why_but_neither_names_nor_notes(service: IncidentService) -> None:
    worked_on(service)
    seen = service.get(FLEET, ONE)
    assert [(entry.step.kind, entry.step.actor, entry.step.text) for entry in seen.history] == [
        (ChangeKind.OPENED, "platform", None),
        (ChangeKind.STATE, None, "Voice switched off."),
        (ChangeKind.COMMENT, "feng", "We look into it."),
    ]
    assert seen.incident.assignee is None
    assert service.get(ANALYST, ONE).incident.assignee is not None


def test_those_bound_to_no_enterprise_read_everything(service: IncidentService) -> None:
    worked_on(service)
    seen = service.get(PLATFORM, ONE)
    assert [entry.step.actor for entry in seen.history] == ["platform", "wu", "wu", "wu", "feng"]
