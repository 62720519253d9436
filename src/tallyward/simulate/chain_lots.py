"""Shipments of the simulated ledger: the cards of some card numbers, packed into one lot a product.

A lot's slots stand in the order of those for whom they were packed, then of card numbers: so what goes to one buyer
is one run of slots, but for cards that go their own way. A shipment is all that is in memory at a time.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from hashlib import sha256
from typing import Final

import numpy as np

from tallyward.custody.lots import commitment
from tallyward.registry.model import EnterpriseKind
from tallyward.simulate.chain_faults import EVERY, Fate, Fates, Stop, Who
from tallyward.simulate.columns import Cards
from tallyward.simulate.draws import I64
from tallyward.simulate.enterprises import FIRMS, OPERATOR
from tallyward.simulate.fleet import Fleet
from tallyward.simulate.numbering import iccids
from tallyward.simulate.products import PRODUCTS

MOST_CARDS: Final = 100_000
"""Of a shipment, and so of a lot."""
LEAST_SHIPMENTS: Final = 6

_RESELLERS: Final = [at for at, firm in enumerate(FIRMS) if firm.kind is EnterpriseKind.RESELLER]
_SHOPS: Final = [at for at, firm in enumerate(FIRMS) if firm.kind is EnterpriseKind.POINT_OF_SALE]
_WAYS: Final = 5


@dataclass(frozen=True, slots=True)
class LotBook:
    """What an operator knows of its lot: the card number of each slot, and the secret behind the lot's root."""

    lot: str
    operator: str
    product: str
    numbers: tuple[str, ...]
    secret: bytes
    root: bytes


@dataclass(slots=True)
class Run:
    """Slots `start` to before `end` of a lot, which go one way together; `cause`: the entry that last moved them.

    `path`: the members that hold them one after the other, the operator first.
    """

    lot: str
    start: int
    end: int
    path: tuple[str, ...]
    fate: Fate
    cause: int

    @property
    def holder(self) -> str:
        """Who holds them once they have gone as far as their fate lets them go."""
        return self.path[{Stop.OPERATOR: 0, Stop.SELLER: -2}.get(self.fate.stop, -1)]


@dataclass(frozen=True, slots=True)
class Shipment:
    """Lots that are registered and sold together; `runs` by lot and slot."""

    lots: tuple[LotBook, ...]
    runs: tuple[Run, ...]


def moved(runs: Iterable[Run], cause: int) -> None:
    """An entry moved them."""
    for run in runs:
        run.cause = cause


def shipment_size(fleet: Fleet) -> int:
    """How many card numbers make a shipment; the last may be smaller."""
    return min(MOST_CARDS, -(-fleet.cards // LEAST_SHIPMENTS))


def lot_name(shipment: int, product: int) -> str:
    """The lot of a product in a shipment, both counted from 0."""
    return f"lot-{shipment + 1:05}-{PRODUCTS[product].code}"


def pack(fleet: Fleet, shipment: int, cards: Cards, fates: Fates) -> Shipment:
    """The lots of some cards."""
    lots: list[LotBook] = []
    runs: list[Run] = []
    places = fates.of(cards.number, cards.role)
    order = np.lexsort((cards.number, cards.holder))
    for product, one in enumerate(PRODUCTS):
        at = order[cards.product[order] == product]
        if len(at):
            lot = lot_name(shipment, product)
            lots.append(_book(fleet, lot, one.code, tuple(iccids(cards.number[at]))))
            runs += _runs(lot, cards.holder[at], places[at])
    return Shipment(tuple(lots), tuple(sorted(runs, key=lambda run: (run.lot, run.start))))


def path_to(holder: int) -> tuple[int, ...]:
    """Through whose hands a firm gets its cards, the operator first and itself last.

    Of five users of a product one buys from the operator, two from a reseller, two from a point of sale.
    """
    if holder in _RESELLERS:
        return OPERATOR, holder
    reseller = _RESELLERS[holder % len(_RESELLERS)]
    if holder in _SHOPS:
        return OPERATOR, reseller, holder
    way = holder % _WAYS
    if way == 0:
        return OPERATOR, holder
    return (OPERATOR, reseller, holder) if way < 3 else (*path_to(_SHOPS[holder % len(_SHOPS)]), holder)


def _book(fleet: Fleet, lot: str, product: str, numbers: tuple[str, ...]) -> LotBook:
    secret = sha256(f"tallyward simulation, a secret that hides nothing/{fleet.seed}/{lot}".encode()).digest()
    return LotBook(lot, fleet.operator_code, product, numbers, secret, commitment(lot, numbers, secret))


def _runs(lot: str, holder: I64, place: I64) -> Iterator[Run]:
    """Neighbours of one holder and one fate."""
    cuts = np.flatnonzero((np.diff(holder) != 0) | (np.diff(place) != 0)) + 1
    starts = [0, *cuts.tolist()]
    for start, end in zip(starts, [*starts[1:], len(holder)], strict=True):
        fate = EVERY[place[start]]
        path = path_to(int(holder[start]))
        if fate.who is Who.WITH_RESELLER and fate.stop is Stop.SELLER:
            path = (*path, _SHOPS[path[-1] % len(_SHOPS)])
        yield Run(lot, start, end, tuple(FIRMS[firm].code for firm in path), fate, -1)
