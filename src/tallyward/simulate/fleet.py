"""A fleet: everything that a seed, a number of cards and a number of terminals make, and its day of records."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date
from typing import Final

import numpy as np

from tallyward.kernel.clock import day_start
from tallyward.kernel.errors import InvalidError
from tallyward.simulate.cards import make_cards
from tallyward.simulate.cells import build_cells
from tallyward.simulate.columns import Cards, Records
from tallyward.simulate.days import make_days
from tallyward.simulate.draws import I64, Draws
from tallyward.simulate.enterprises import FIRMS, OPERATOR
from tallyward.simulate.faults import FAULTS
from tallyward.simulate.group_lists import PeerLists
from tallyward.simulate.near_misses import NEAR_MISSES
from tallyward.simulate.roles import Cast, Scene
from tallyward.simulate.traffic import make_records

CELLULAR_SHARE: Final = 88
"""Of 100 terminals so many carry a card; the others speak through gateways, WiFi or a wire."""
_MOST_TOWNS: Final = 24


@dataclass(frozen=True, slots=True)
class Fleet:
    """What the arguments make. Cards and records come in blocks of card numbers, so memory stays bounded."""

    cards: int
    terminals: int
    seed: int
    day: date
    names: bool  # some peers are APNs or IPv6 addresses, some cards are named by ICCID: needs a durable dictionary
    cellular: int  # terminals 0 to cellular - 1 carry the card whose rank is their number
    cast: Cast
    scene: Scene

    @property
    def operator_code(self) -> str:
        """Code of the enterprise that issued the cards and delivers the records."""
        return FIRMS[OPERATOR].code

    def block(self, first: int, last: int) -> tuple[Cards, Records]:
        """Cards `first` to `last` (numbers count from 1) and all their records."""
        cards = self.cards_between(first, last)
        return cards, make_records(cards, make_days(cards, self.cast, self.scene), self.cast, self.scene)

    def cards_between(self, first: int, last: int) -> Cards:
        """Cards `first` to `last`, both included."""
        return self.numbered(np.arange(first, last + 1, dtype=np.int64))

    def numbered(self, numbers: I64) -> Cards:
        """The cards of any numbers."""
        return make_cards(numbers, self.cast, self.scene, self.cellular)

    def spans(self, size: int) -> Iterator[tuple[int, int]]:
        """(first, last) of blocks of at most `size` cards that cover the fleet."""
        for first in range(1, self.cards + 1, size):
            yield first, min(first + size - 1, self.cards)


def build_fleet(
    *, cards: int, terminals: int, seed: int, day: date, names: bool = True, fault_share: float = 1.0
) -> Fleet:
    """The fleet of a seed. `names` gives some lists APN and IPv6 entries, which need the records room's dictionary.

    Of all cards 1.5 % have a fault, every kind of it well represented; `fault_share` makes that less. Cards that
    nearly have one stay as many.
    Refuses with `simulate.too_few_cards` or `simulate.too_few_terminals` where not every part can be played.
    """
    draws = Draws(seed)
    faults = tuple(replace(role, share=role.share * fault_share) for role in FAULTS)
    cast = Cast(cards, draws, (*NEAR_MISSES, *faults))
    if terminals < cast.must_bind:
        raise InvalidError("simulate.too_few_terminals", terminals=terminals, least=cast.must_bind)
    towns = min(max(cards // 4000, 3), _MOST_TOWNS)
    return Fleet(
        cards=cards,
        terminals=terminals,
        seed=seed,
        day=day,
        names=names,
        cellular=min(max(terminals * CELLULAR_SHARE // 100, cast.must_bind), cast.can_bind),
        cast=cast,
        scene=Scene(draws, build_cells(draws, towns), PeerLists(names=names), day_start(day)),
    )
