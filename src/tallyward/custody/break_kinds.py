"""The ways in which a card's chain of custody breaks, and how much each speaks for unregistered hands. Pure data.

White paper 4(1): real-time judgement of unregistered risk (未实名登记风险实时判断). Weights are logits in thousandths
of a nat, added to `BEFORE`: no public data exist to fit them, so they are set by what each break says. Traffic of a
card that nobody could have registered leaves hardly another reading; a card far from its holder leaves many.
"""

from enum import StrEnum
from typing import Final


class Break(StrEnum):
    """A broken link, or what makes one more likely. The codes are in signed data: never renamed."""

    STOCK_IN_USE = "stock_in_use"
    IN_TRANSIT_IN_USE = "in_transit_in_use"
    BEFORE_ACTIVATION = "before_activation"
    SUSPENDED_IN_USE = "suspended_in_use"
    CANCELLED_IN_USE = "cancelled_in_use"
    LOST_IN_USE = "lost_in_use"
    NOT_IN_LOT = "not_in_lot"
    TRANSIT_OVERDUE = "transit_overdue"
    FAR_FROM_HOLDER = "far_from_holder"
    DEVICE_CHANGED = "device_changed"
    HOLDER_REMOVED = "holder_removed"
    STOCK_DIFFERENCE = "stock_difference"
    PERSON_OVER_QUOTA = "person_over_quota"
    REPORT_OVERDUE = "report_overdue"


class Action(StrEnum):
    """What is recommended."""

    STOP_CARD = "stop_card"
    VERIFY_PERSON = "verify_person"
    CHECK_NETWORK = "check_network"
    TRACE_NUMBER = "trace_number"
    SETTLE_OFFER = "settle_offer"
    VISIT_HOLDER = "visit_holder"
    RECALL_STOCK = "recall_stock"
    COUNT_STOCK = "count_stock"
    REPORT_STOCK = "report_stock"


BEFORE: Final = -4600
"""What is believed of a card before anything is known: one in a hundred."""

LITTLE_USE: Final = "little_use"
LITTLE_USE_WEIGHT: Final = -2000
LITTLE_USE_RECORDS: Final = 5
"""Fewer records than that may be a maker's or a shop's trial of the card."""

WEIGHT: Final = {
    Break.STOCK_IN_USE: 8000,
    Break.IN_TRANSIT_IN_USE: 7500,
    Break.BEFORE_ACTIVATION: 5000,
    Break.SUSPENDED_IN_USE: 3000,
    Break.CANCELLED_IN_USE: 6000,
    Break.LOST_IN_USE: 8500,
    Break.NOT_IN_LOT: 9000,
    Break.TRANSIT_OVERDUE: 2000,
    Break.FAR_FROM_HOLDER: 1500,
    Break.DEVICE_CHANGED: 1500,
    Break.HOLDER_REMOVED: 2500,
    Break.STOCK_DIFFERENCE: 1500,
    Break.PERSON_OVER_QUOTA: 4000,
    Break.REPORT_OVERDUE: 1000,
}

ACTION: Final = {
    Break.NOT_IN_LOT: Action.TRACE_NUMBER,
    Break.LOST_IN_USE: Action.STOP_CARD,
    Break.STOCK_IN_USE: Action.STOP_CARD,
    Break.IN_TRANSIT_IN_USE: Action.STOP_CARD,
    Break.CANCELLED_IN_USE: Action.CHECK_NETWORK,
    Break.BEFORE_ACTIVATION: Action.VERIFY_PERSON,
    Break.PERSON_OVER_QUOTA: Action.VERIFY_PERSON,
    Break.SUSPENDED_IN_USE: Action.CHECK_NETWORK,
    Break.HOLDER_REMOVED: Action.RECALL_STOCK,
    Break.TRANSIT_OVERDUE: Action.SETTLE_OFFER,
    Break.STOCK_DIFFERENCE: Action.COUNT_STOCK,
    Break.FAR_FROM_HOLDER: Action.VISIT_HOLDER,
    Break.DEVICE_CHANGED: Action.VERIFY_PERSON,
    Break.REPORT_OVERDUE: Action.REPORT_STOCK,
}
"""What each break asks for; of several, the first here counts."""

BITS: Final = {one: 1 << at for at, one in enumerate(Break)}
"""Each break's bit in a column of breaks."""

SLACK: Final = 900
"""Seconds by which the clocks of network and ledger may differ, and an entry may follow what it tells of."""
FAR: Final = 500
"""Kilometres between a card's region and its holder's from which on it is far."""


def of_bits(bits: int) -> tuple[Break, ...]:
    """The breaks of a column's value."""
    return tuple(one for one in Break if bits & BITS[one])


def contributions(breaks: tuple[Break, ...], records: int | None = None) -> tuple[tuple[str, int], ...]:
    """(name, weight) of all that the probability is made of, in thousandths of a nat. `records`: None without use."""
    little = records is not None and records < LITTLE_USE_RECORDS
    return (
        ("before", BEFORE),
        *((one.value, WEIGHT[one]) for one in breaks),
        *(((LITTLE_USE, LITTLE_USE_WEIGHT),) if little else ()),
    )


def action_for(breaks: tuple[Break, ...]) -> Action:
    """What is recommended where these breaks are."""
    return next(action for one, action in ACTION.items() if one in breaks)
