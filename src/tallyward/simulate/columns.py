"""What cards, their day and its records are while they are made: plain columns, one position a card or record."""

from dataclasses import dataclass
from typing import Final

from tallyward.registry.model import RealName
from tallyward.simulate.draws import I64, Flags

DATA, SMS, VOICE = 0, 1, 2
"""First index of columns that hold one row a service; also `records.schema.Service`."""

DAY_BYTES, MONTH_BYTES, MAX_PEERS, MAX_CELLS, MAX_IMEIS = range(5)
"""First index of columns that hold one row a limit, in the order of `profile_schema.LIMIT_FIELDS`."""

REAL_NAMES: Final = tuple(RealName)
NOT_SET: Final = -1


@dataclass(slots=True)
class Cards:
    """Cards, one position each."""

    number: I64  # from 1 to the size of the fleet; the id of the card where no registry gives ids
    role: I64  # what it plays: number in the cast
    turn: I64  # which of that role it is, from 0
    product: I64
    user: I64  # industry user, from 0
    holder: I64  # number of the firm that holds it
    area: I64
    home: I64  # position of its home cell
    modes: I64  # FunctionMode of each service
    lists: I64  # list number of each service, NOT_SET unless directed
    own: I64  # the card's own limits, NOT_SET where it has none
    limits: I64  # what holds for it: own, else of its class, else of the rule; NOT_SET where none does
    roams: Flags
    fixed: Flags
    real_name: I64  # index of REAL_NAMES
    terminal: I64  # number of the terminal it is bound to, NOT_SET: none
    device: I64  # IMEI of the device it rides in

    def __len__(self) -> int:
        """How many cards."""
        return len(self.number)


@dataclass(slots=True)
class Days:
    """What each card does on the day: enough to say exactly how many peers, cells, devices and bytes will be seen."""

    records: I64  # of each service
    peers: I64  # distinct ones of each service, without strays
    strays: I64  # records of each service that go to a peer on no list, each to another
    cells: I64  # distinct ones
    spread: Flags  # a fixed card's cells are spread over the town; else it has home and at most one neighbour
    devices: I64  # distinct IMEIs
    volume: I64  # bytes up and down together
    plain: Flags  # no role: some of its records may lack a cell, a peer or an IMEI


@dataclass(slots=True)
class Records:
    """Records of the day in the order of their cards; `first` is the position of each card's first one."""

    first: I64
    card: I64  # position of the card
    step: I64  # which of the card's records it is, from 0
    service: I64
    time: I64  # UTC seconds since the epoch
    duration: I64
    imei: I64  # 0 absent
    peer: I64  # tagged code, 0 absent
    up: I64
    down: I64
    cell: I64  # position; NO_CELL; from UNKNOWN_CELL_BASE on one that no registry holds
    plmn: I64  # 0 absent
    rat: I64

    def __len__(self) -> int:
        """How many records."""
        return len(self.card)


NO_CELL: Final = -1
