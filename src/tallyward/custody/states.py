"""The life of a card on the ledger, as one table (white paper, figure 6; custody note, 3). Pure data.

Only a card's next state stands here; who may bring it about stands in `authority`, and what else must hold with each
kind of transaction. A card that rests is RETAIL at whoever may ask for its activation, and HELD at anybody else.
"""

from enum import IntEnum
from typing import Final


class CardState(IntEnum):
    """Where a card stands. The numbers are in signed data: never reused.

    RECYCLED: the number may be registered again; REISSUED: it is a card of a new lot now.
    """

    REGISTERED = 0
    HELD = 1
    OFFERED = 2
    RETAIL = 3
    ACT_REQUESTED = 4
    RN_APPROVED = 5
    ACTIVE = 6
    SUSPENDED = 7
    CANCELLED = 8
    QUARANTINE = 9
    RECYCLED = 10
    LOST = 11
    REISSUED = 12


class Event(IntEnum):
    """What happens to cards."""

    OFFER = 0
    REST = 1
    REQUEST = 2
    APPROVE = 3
    ACTIVATE = 4
    SUSPEND = 5
    RESUME = 6
    CANCEL = 7
    QUARANTINE = 8
    RECYCLE = 9
    LOSE = 10
    BIND = 11
    REISSUE = 12
    FIND = 13


RESTING: Final = CardState.HELD
"""What the table says for RETAIL too: where a card rests depends on its holder."""

NEXT: Final = {
    (CardState.REGISTERED, Event.OFFER): CardState.OFFERED,
    (CardState.HELD, Event.OFFER): CardState.OFFERED,
    (CardState.RETAIL, Event.OFFER): CardState.OFFERED,
    (CardState.OFFERED, Event.REST): RESTING,
    (CardState.RETAIL, Event.REQUEST): CardState.ACT_REQUESTED,
    (CardState.ACT_REQUESTED, Event.REST): RESTING,
    (CardState.ACT_REQUESTED, Event.APPROVE): CardState.RN_APPROVED,
    (CardState.RN_APPROVED, Event.ACTIVATE): CardState.ACTIVE,
    (CardState.ACTIVE, Event.SUSPEND): CardState.SUSPENDED,
    (CardState.SUSPENDED, Event.RESUME): CardState.ACTIVE,
    (CardState.ACTIVE, Event.CANCEL): CardState.CANCELLED,
    (CardState.SUSPENDED, Event.CANCEL): CardState.CANCELLED,
    (CardState.CANCELLED, Event.QUARANTINE): CardState.QUARANTINE,
    (CardState.QUARANTINE, Event.RECYCLE): CardState.RECYCLED,
    (CardState.RECYCLED, Event.REISSUE): CardState.REISSUED,
    (CardState.HELD, Event.LOSE): CardState.LOST,
    (CardState.RETAIL, Event.LOSE): CardState.LOST,
    (CardState.LOST, Event.FIND): RESTING,
    (CardState.REGISTERED, Event.BIND): CardState.REGISTERED,
    (CardState.HELD, Event.BIND): CardState.HELD,
    (CardState.RETAIL, Event.BIND): CardState.RETAIL,
    (CardState.ACTIVE, Event.BIND): CardState.ACTIVE,
    (CardState.SUSPENDED, Event.BIND): CardState.SUSPENDED,
}

STOCK: Final = frozenset(
    {
        CardState.REGISTERED,
        CardState.HELD,
        CardState.OFFERED,
        CardState.RETAIL,
        CardState.ACT_REQUESTED,
        CardState.RN_APPROVED,
    }
)
"""Cards that lie with their holder: not used yet, and not gone."""


def after(state: CardState, event: Event) -> CardState | None:
    """The next state; None where the table has none."""
    return NEXT.get((state, event))
