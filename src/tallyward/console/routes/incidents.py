"""The queue of incidents and what is done with one."""

from datetime import date
from typing import Annotated, Literal

from fastapi import APIRouter, Depends, Path, Query

from tallyward.console.look_up import LookUp
from tallyward.console.paging import PageById
from tallyward.console.roles import may
from tallyward.console.services import ConsoleServices
from tallyward.console.show.incidents import incident_detail, incident_rows
from tallyward.console.views.incidents import AssigneeWish, CommentWish, IncidentDetail, IncidentEventWish, IncidentRows
from tallyward.console.visitor import Needs, Services, Visitor
from tallyward.incidents import model
from tallyward.incidents.life_cycle import State
from tallyward.kernel.ids import CardId, IncidentId, RuleId

router = APIRouter(prefix="/api/v1/incidents", tags=["incidents"])
Reader = Annotated[Visitor, Depends(Needs("read", "incident"))]
IncidentNumber = Annotated[int, Path(ge=1, le=2**63 - 1)]


@router.get("", operation_id="listIncidents")
def list_incidents(
    visitor: Reader,
    services: Services,
    page: PageById,
    state: Annotated[list[State] | None, Query(max_length=5, description="may be given several times")] = None,
    rule: Annotated[str | None, Query(max_length=64)] = None,
    severity: Literal["low", "medium", "high"] | None = None,
    card: Annotated[int | None, Query(ge=1, le=2**32 - 1)] = None,
    assignee: Annotated[str | None, Query(max_length=64, description="name of a user; empty: nobody's")] = None,
    area: Annotated[str | None, Query(max_length=64, description="code of the area of its evidence")] = None,
    day: date | None = None,
) -> IncidentRows:
    """Incidents, newest first."""
    look_up = LookUp(services, visitor.actor)
    wanted = model.IncidentFilter(
        states=frozenset(state or ()),
        rule=RuleId(rule) if rule else None,
        severity=severity,
        card=CardId(card) if card else None,
        assignee=assignee,
        area=look_up.area_by_code(area) if area else None,
        day=day,
    )
    found = services.incidents.page(visitor.actor, wanted, page)
    return IncidentRows(rows=incident_rows(look_up, found.rows), next_cursor=found.next_cursor)


@router.get("/{incident_id}", operation_id="getIncident")
def get_incident(visitor: Reader, services: Services, incident_id: IncidentNumber) -> IncidentDetail:
    """One incident: why, evidence, what would make it normal, history."""
    return _detail(services, visitor, services.incidents.get(visitor.actor, IncidentId(incident_id)))


@router.post("/{incident_id}/events", operation_id="actOnIncident")
def act_on_incident(
    visitor: Annotated[Visitor, Depends(Needs("act", "incident"))],
    services: Services,
    incident_id: IncidentNumber,
    wish: IncidentEventWish,
) -> IncidentDetail:
    """Move an incident along its life cycle; a false positive needs a reason."""
    done = services.incidents.act(visitor.actor, IncidentId(incident_id), wish.event, wish.reason)
    return _detail(services, visitor, done)


@router.put("/{incident_id}/assignee", operation_id="assignIncident")
def assign_incident(
    visitor: Annotated[Visitor, Depends(Needs("assign", "incident"))],
    services: Services,
    incident_id: IncidentNumber,
    wish: AssigneeWish,
) -> IncidentDetail:
    """Hand an incident to a person, or to nobody."""
    number, actor = IncidentId(incident_id), visitor.actor
    if wish.name is None:
        return _detail(services, visitor, services.incidents.assign(actor, number, None))
    owners = services.incidents.get(actor, number).incident.owners
    user = services.accounts.assignee(actor, wish.name, frozenset({owners.holder, owners.operator}))
    done = services.incidents.assign(actor, number, user.name, user.enterprise)
    return _detail(services, visitor, done)


@router.post("/{incident_id}/comments", operation_id="commentIncident", status_code=201)
def comment_incident(
    visitor: Annotated[Visitor, Depends(Needs("comment", "incident"))],
    services: Services,
    incident_id: IncidentNumber,
    wish: CommentWish,
) -> IncidentDetail:
    """Leave a comment; people of one's own enterprise read it."""
    return _detail(services, visitor, services.incidents.comment(visitor.actor, IncidentId(incident_id), wish.text))


def _detail(services: ConsoleServices, visitor: Visitor, detail: model.IncidentDetail) -> IncidentDetail:
    may_act = may(visitor.user.role, "act", "incident")
    return incident_detail(LookUp(services, visitor.actor), detail, may_act=may_act)
