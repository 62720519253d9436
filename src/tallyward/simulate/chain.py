"""The simulated custody chain of a fleet: every card's way from its operator to its user before the fleet's day.

A fleet's cards are registered in lots, sold and activated in the half year before the day, so that what the day shows
as ordinary is ordinary on the ledger too; single cards go another way, and single entries must be refused.

    chain = plan_chain(fleet)
    # begin a ledger with chain.genesis, then:
    for block in chain.blocks():
        # keep block.lots; hand block.entries to the ledger at block.time, all at once, in this order;
        # the ledger refuses exactly those that block.attempts name

Entries name earlier ones by number, so nothing else may be written to the ledger before the last block.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

import numpy as np

from tallyward.kernel.clock import SECONDS_PER_DAY
from tallyward.simulate.chain_counting import MISCOUNTS, count_stock, differences, rests
from tallyward.simulate.chain_faults import STOCK_DIFFERENCE, Fates, choose_fates
from tallyward.simulate.chain_lots import Run, Shipment, pack, shipment_size
from tallyward.simulate.chain_members import Keys, chain_keys
from tallyward.simulate.chain_pen import Block, Pen, begin
from tallyward.simulate.chain_settling import settle
from tallyward.simulate.chain_shipping import ship
from tallyward.simulate.fleet import Fleet

GENESIS_DAYS: Final = 180
"""All in days before the fleet's day: the first entry, all shipments but the last, what settles, the last shipment."""
_SHIPPING: Final = (175, 30)
_SETTLING: Final = (6, 4)
_LATE: Final = (4, 1)
_OPEN_DAYS: Final = 20  # after the day
_WITH_ATTEMPTS: Final = 4
"""So many shipments have entries in them that must be refused."""


@dataclass(frozen=True, slots=True)
class Chain:
    """What is said on the ledger. `genesis`: the first entry; `keys`: of all members, and guarding nothing."""

    fleet: Fleet
    keys: Keys
    genesis: bytes
    ledger: bytes
    fates: Fates

    @property
    def planted(self) -> tuple[tuple[str, str], ...]:
        """(kind of break, card number): all that must be found on the day.

        A difference of stock is named by member and lot (`chain_counting.differences`), not by card.
        """
        cards = (one for one in self.fates.cards(planted=True) if one[0] != STOCK_DIFFERENCE)
        return (*cards, *((STOCK_DIFFERENCE, name) for name in differences(self.fleet, self.fates)))

    @property
    def near(self) -> tuple[tuple[str, str], ...]:
        """(kind of break, card number): cards that nearly have one, and must not be found."""
        return self.fates.cards(planted=False)

    def blocks(self) -> Iterator[Block]:
        """All blocks in order of time, the same each time; what is in memory is one shipment."""
        pen = Pen(self.ledger, self.keys, self._ago(GENESIS_DAYS))
        apart: list[Run] = []
        spans = list(self.fleet.spans(shipment_size(self.fleet)))
        first, last = map(self._ago, _SHIPPING)
        for number, span in enumerate(spans):
            start, end = (first + (last - first) * at // len(spans) for at in (number, number + 1))
            apart += yield from ship(pen, self._shipment(number, *span), start, end, tries=number < _WITH_ATTEMPTS)
        start, end = map(self._ago, _SETTLING)
        yield from settle(pen, apart, start, end, self._ago(-_OPEN_DAYS))
        late = self.fleet.numbered(self.fates.having("late_lot"))
        shipment = pack(self.fleet, len(spans), late, self.fates)
        start, end = map(self._ago, _LATE)
        yield from ship(pen, shipment, start, end, tries=False)
        count_stock(pen, (run for run in apart if rests(run.fate)), MISCOUNTS)
        yield from pen.close(end)

    def _shipment(self, number: int, first: int, last: int) -> Shipment:
        apart = [self.fates.having(name) for name in ("unlisted", "late_lot")]
        numbers = np.setdiff1d(np.arange(first, last + 1, dtype=np.int64), np.concatenate(apart))
        return pack(self.fleet, number, self.fleet.numbered(numbers), self.fates)

    def _ago(self, days: int) -> int:
        return self.fleet.scene.start - days * SECONDS_PER_DAY


def plan_chain(fleet: Fleet) -> Chain:
    """The chain of a fleet: the same for the same fleet."""
    keys = chain_keys(fleet.seed)
    genesis, ledger = begin(keys, fleet.scene.start - GENESIS_DAYS * SECONDS_PER_DAY)
    return Chain(fleet, keys, genesis, ledger, choose_fates(fleet))
