"""The life of an incident as one table: (state, event) -> state. Docs and pages are made from it; nothing else decides.

Reopening keeps the incident's id and history. `mark_false_positive` needs a reason, since it hides a finding for good.
"""

from enum import StrEnum
from typing import Final

from tallyward.kernel.errors import ConflictError, InvalidError


class State(StrEnum):
    """Where an incident stands."""

    OPEN = "open"
    ACKNOWLEDGED = "acknowledged"  # somebody works on it
    CONTAINED = "contained"  # it does no more harm
    RESOLVED = "resolved"
    FALSE_POSITIVE = "false_positive"


class Event(StrEnum):
    """What people do with an incident."""

    ACKNOWLEDGE = "acknowledge"
    CONTAIN = "contain"
    RESOLVE = "resolve"
    MARK_FALSE_POSITIVE = "mark_false_positive"
    REOPEN = "reopen"


TABLE: Final[dict[tuple[State, Event], State]] = {
    (State.OPEN, Event.ACKNOWLEDGE): State.ACKNOWLEDGED,
    (State.OPEN, Event.CONTAIN): State.CONTAINED,
    (State.OPEN, Event.RESOLVE): State.RESOLVED,
    (State.OPEN, Event.MARK_FALSE_POSITIVE): State.FALSE_POSITIVE,
    (State.ACKNOWLEDGED, Event.CONTAIN): State.CONTAINED,
    (State.ACKNOWLEDGED, Event.RESOLVE): State.RESOLVED,
    (State.ACKNOWLEDGED, Event.MARK_FALSE_POSITIVE): State.FALSE_POSITIVE,
    (State.CONTAINED, Event.RESOLVE): State.RESOLVED,
    (State.CONTAINED, Event.MARK_FALSE_POSITIVE): State.FALSE_POSITIVE,
    (State.RESOLVED, Event.REOPEN): State.OPEN,
    (State.FALSE_POSITIVE, Event.REOPEN): State.OPEN,
}
REASON_REQUIRED: Final = frozenset({Event.MARK_FALSE_POSITIVE})
CLOSED: Final = frozenset({State.RESOLVED, State.FALSE_POSITIVE})


def allowed(state: State) -> dict[Event, State]:
    """The events that `state` takes, and where each leads."""
    return {event: after for (before, event), after in TABLE.items() if before is state}


def step(state: State, event: Event, reason: str | None) -> State:
    """The state after `event`; refuses with `incidents.event_not_allowed` or `incidents.reason_required`."""
    after = TABLE.get((state, event))
    if after is None:
        raise ConflictError("incidents.event_not_allowed", state=state.value, event=event.value)
    if event in REASON_REQUIRED and not (reason and reason.strip()):
        raise InvalidError("incidents.reason_required", event=event.value)
    return after
