"""What people of one enterprise may read of another's work on an incident that both can see. Pure.

Holder and operator of a card see the same incident. What was found and how its state moved, with the reasons, is for
both; names, comments and assignments stay in the house of those who made them.
"""

from dataclasses import replace

from tallyward.incidents.model import ChangeKind, HistoryEntry, Incident, IncidentDetail, Step
from tallyward.kernel.actor import PLATFORM, Scope

_SHARED = frozenset({ChangeKind.OPENED, ChangeKind.GROWN, ChangeKind.STATE})


def incident_for(scope: Scope, incident: Incident) -> Incident:
    """The incident without an assignee of another enterprise."""
    if incident.assignee is None or scope.enterprise in {None, incident.assignee.enterprise}:
        return incident
    return replace(incident, assignee=None)


def detail_for(scope: Scope, detail: IncidentDetail) -> IncidentDetail:
    """The detail without what others wrote for themselves."""
    history = tuple(_entry_for(scope, entry) for entry in detail.history if _readable(scope, entry.step))
    return replace(detail, incident=incident_for(scope, detail.incident), history=history)


def _own(scope: Scope, step: Step) -> bool:
    return scope.enterprise is None or step.enterprise == scope.enterprise or step.actor == PLATFORM.name


def _readable(scope: Scope, step: Step) -> bool:
    return step.kind in _SHARED or _own(scope, step)


def _entry_for(scope: Scope, entry: HistoryEntry) -> HistoryEntry:
    return entry if _own(scope, entry.step) else replace(entry, step=replace(entry.step, actor=None))
