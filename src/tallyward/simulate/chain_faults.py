"""What becomes of single cards on the simulated ledger: planted custody faults, and cards that nearly have one.

Faults are planted on cards that play no part in the fleet's own faults and near misses: the counts of the card rules
stay what they are. A card in no table of this module goes the ordinary way: sold and active before the day, or, where
the fleet says it is unsold, on its seller's shelf without traffic.
"""

from dataclasses import dataclass
from enum import Enum
from typing import Final

import numpy as np

from tallyward.registry.model import EnterpriseKind
from tallyward.simulate.days import make_days
from tallyward.simulate.draws import I64
from tallyward.simulate.enterprises import FIRMS
from tallyward.simulate.fleet import Fleet
from tallyward.simulate.numbering import iccids

STOCK_IN_USE: Final = "stock_in_use"
IN_TRANSIT_IN_USE: Final = "in_transit_in_use"
BEFORE_ACTIVATION: Final = "before_activation"
SUSPENDED_IN_USE: Final = "suspended_in_use"
CANCELLED_IN_USE: Final = "cancelled_in_use"
LOST_IN_USE: Final = "lost_in_use"
NOT_IN_LOT: Final = "not_in_lot"
TRANSIT_OVERDUE: Final = "transit_overdue"
STOCK_DIFFERENCE: Final = "stock_difference"


class Who(Enum):
    """Cards that may have a fate."""

    BUSY = 0  # ordinary and seen on the day, more than once or twice and in one device
    SILENT = 1  # held by a user, its real name suspended, not seen on the day
    WITH_RESELLER = 2  # unsold, not seen
    WITH_SHOP = 3


class Stop(Enum):
    """How far a card goes the ordinary way before its own begins."""

    OPERATOR = 0  # registered
    SELLER = 1  # with the last but one of its path
    HOLDER = 2  # with the last of its path
    ACTIVE = 3


@dataclass(frozen=True, slots=True)
class Fate:
    """One way: of 100,000 cards `share` go it, never fewer than `least` where there are so many.

    `kind`: the break that it is if `planted`, else the one that a lax check would see in it.
    """

    name: str
    who: Who
    stop: Stop
    kind: str
    planted: bool
    share: float = 30
    least: int = 2

    def count(self, cards: int) -> int:
        """How many of a fleet of `cards`."""
        return max(self.least, round(cards * self.share / 100_000))


FATES: Final = (
    Fate("kept_by_operator", Who.BUSY, Stop.OPERATOR, STOCK_IN_USE, planted=True, share=15),
    Fate("kept_by_seller", Who.BUSY, Stop.SELLER, STOCK_IN_USE, planted=True),
    Fate("kept_by_user", Who.BUSY, Stop.HOLDER, STOCK_IN_USE, planted=True, share=15),
    Fate("on_its_way", Who.BUSY, Stop.SELLER, IN_TRANSIT_IN_USE, planted=True),
    Fate("asked", Who.BUSY, Stop.HOLDER, BEFORE_ACTIVATION, planted=True),
    Fate("approved", Who.BUSY, Stop.HOLDER, BEFORE_ACTIVATION, planted=True, share=15),
    Fate("suspended", Who.BUSY, Stop.ACTIVE, SUSPENDED_IN_USE, planted=True),
    Fate("cancelled", Who.BUSY, Stop.ACTIVE, CANCELLED_IN_USE, planted=True),
    Fate("quarantined", Who.BUSY, Stop.ACTIVE, CANCELLED_IN_USE, planted=True, share=15),
    Fate("lost", Who.BUSY, Stop.HOLDER, LOST_IN_USE, planted=True),
    Fate("unlisted", Who.BUSY, Stop.OPERATOR, NOT_IN_LOT, planted=True),
    Fate("overdue", Who.WITH_RESELLER, Stop.SELLER, TRANSIT_OVERDUE, planted=True),
    Fate("uncounted", Who.WITH_SHOP, Stop.HOLDER, STOCK_DIFFERENCE, planted=True, share=15),
    Fate("counted_twice", Who.WITH_RESELLER, Stop.HOLDER, STOCK_DIFFERENCE, planted=True, share=15),
    Fate("came_back", Who.BUSY, Stop.ACTIVE, STOCK_IN_USE, planted=False),
    Fate("rejected_once", Who.BUSY, Stop.ACTIVE, IN_TRANSIT_IN_USE, planted=False),
    Fate("withdrawn_once", Who.BUSY, Stop.ACTIVE, IN_TRANSIT_IN_USE, planted=False),
    Fate("late_lot", Who.BUSY, Stop.ACTIVE, NOT_IN_LOT, planted=False),  # registered, sold, active within three days
    Fate("resumed", Who.BUSY, Stop.ACTIVE, SUSPENDED_IN_USE, planted=False),
    Fate("found_again", Who.BUSY, Stop.HOLDER, LOST_IN_USE, planted=False),
    Fate("suspended_silent", Who.SILENT, Stop.ACTIVE, SUSPENDED_IN_USE, planted=False, share=60),
    Fate("cancelled_silent", Who.SILENT, Stop.ACTIVE, CANCELLED_IN_USE, planted=False, share=60),
    Fate("on_its_way_silent", Who.WITH_RESELLER, Stop.SELLER, TRANSIT_OVERDUE, planted=False),
    Fate("asked_silent", Who.WITH_SHOP, Stop.HOLDER, BEFORE_ACTIVATION, planted=False),
    Fate("approved_silent", Who.WITH_SHOP, Stop.HOLDER, BEFORE_ACTIVATION, planted=False),
    Fate("lost_silent", Who.WITH_SHOP, Stop.HOLDER, STOCK_DIFFERENCE, planted=False),
)

SOLD: Final = Fate("sold", Who.BUSY, Stop.ACTIVE, "", planted=False)
SHELVED: Final = Fate("shelved", Who.WITH_RESELLER, Stop.HOLDER, "", planted=False)
"""What happens to all others."""
EVERY: Final = (*FATES, SOLD, SHELVED)
_SOLD: Final = len(FATES)

_SILENT_ROLE: Final = "unnamed_silent"
_SHOPS: Final = [at for at, firm in enumerate(FIRMS) if firm.kind is EnterpriseKind.POINT_OF_SALE]
_LEAST_RECORDS: Final = 6
"""Fewer might be a trial of the card, which says little."""
_LOOKED_AT: Final = 2
"""For each card that is wanted so many are looked at, and some more: about a third are not busy enough."""
_MORE: Final = 50


@dataclass(frozen=True, slots=True)
class Fates:
    """`place` in `FATES` of each card that has one, by card number, ascending."""

    numbers: I64
    place: I64
    unsold: int  # the role number of unsold cards

    def of(self, numbers: I64, role: I64) -> I64:
        """Places in `EVERY` of cards that play these roles."""
        found = np.where(role == self.unsold, _SOLD + 1, _SOLD)
        at = np.searchsorted(self.numbers, numbers)
        known = at < len(self.numbers)
        known[known] = self.numbers[at[known]] == numbers[known]
        found[known] = self.place[at[known]]
        return found

    def having(self, name: str) -> I64:
        """The cards of one fate."""
        return self.numbers[np.flatnonzero(self.place == [fate.name for fate in FATES].index(name))]

    def cards(self, *, planted: bool) -> tuple[tuple[str, str], ...]:
        """(kind, card number) of faults, or of cards that nearly have one."""
        return tuple(
            (fate.kind, text) for fate in FATES if fate.planted == planted for text in iccids(self.having(fate.name))
        )


def choose_fates(fleet: Fleet) -> Fates:
    """The same cards for the same fleet, spread over all of it."""
    numbers, places = [], []
    for who in Who:
        fates = [(place, fate.count(fleet.cards)) for place, fate in enumerate(FATES) if fate.who is who]
        wanted = np.repeat([place for place, _ in fates], [count for _, count in fates])
        cards = _able(fleet, who, len(wanted))[: len(wanted)]
        # Where cards are too few each fate gets some: the fates in turn, not one after the other.
        order = np.argsort(np.concatenate([np.arange(count) for _, count in fates]), kind="stable")
        numbers.append(cards)
        places.append(wanted[order][: len(cards)])
    every, place = np.concatenate(numbers), np.concatenate(places)
    order = np.argsort(every)
    return Fates(every[order], place[order], fleet.cast.unsold)


def _able(fleet: Fleet, who: Who, wanted: int) -> I64:
    """Cards that may have a fate, in an order that no number of theirs tells."""
    if who is Who.BUSY:
        found = _busy(fleet, wanted)
    elif who is Who.SILENT:
        found = fleet.cast.turns([role.name for role in fleet.cast.roles].index(_SILENT_ROLE))
    else:
        stock = fleet.cast.numbers(np.arange(fleet.cards - fleet.cast.stock, fleet.cards, dtype=np.int64))
        found = stock[np.isin(fleet.numbered(stock).holder, _SHOPS) == (who is Who.WITH_SHOP)]
    return found[np.argsort(fleet.scene.draws.bits("chain fate", found), kind="stable")]


def _busy(fleet: Fleet, wanted: int) -> I64:
    """Plain cards with traffic: some more than wanted, evenly from all ranks of plain cards."""
    cast = fleet.cast
    ahead = sum(count for role, count in zip(cast.roles, cast.counts, strict=True) if role.bound is not False)
    plain = fleet.cards - cast.stock - sum(cast.counts)
    looked = min(plain, wanted * _LOOKED_AT + _MORE)
    numbers = cast.numbers(ahead + np.arange(looked, dtype=np.int64) * plain // max(looked, 1))
    days = make_days(fleet.numbered(numbers), cast, fleet.scene)
    return numbers[np.flatnonzero((days.records.sum(axis=0) >= _LEAST_RECORDS) & (days.devices == 1))]
