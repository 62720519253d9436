"""Which card plays which part: faults, near misses, stock, and everybody else, with exact numbers of each.

Every card has a rank, a permutation of the card numbers that jumps through the whole fleet, so the cards of one role
(and of one SIM box) are spread over all buckets. The ranks in order: roles of cards that are bound to a terminal, roles
of any card, plain cards, roles of cards that are not bound, stock. Terminals are bound to the first ranks.
"""

import math
from collections.abc import Callable
from dataclasses import dataclass
from typing import Final, TypeAlias

import numpy as np

from tallyward.kernel.errors import InvalidError
from tallyward.simulate.cells import Cells
from tallyward.simulate.columns import Cards, Days, Records
from tallyward.simulate.draws import I64, Draws
from tallyward.simulate.group_lists import ListForm, PeerLists


@dataclass(frozen=True, slots=True)
class Scene:
    """What a role may look at: the draws, the cells, the lists and the day's first second."""

    draws: Draws
    cells: Cells
    lists: PeerLists
    start: int


Casting: TypeAlias = Callable[[Cards, I64, Scene], None]
Acting: TypeAlias = Callable[[Days, Cards, I64, Scene], None]
Touching: TypeAlias = Callable[[Records, Cards, I64, Scene], None]


@dataclass(frozen=True, slots=True)
class Role:
    """One part: of 100,000 cards `share` play it, never fewer than `least`, in whole groups of `group`.

    `hits` are the rules that each such card falls under on the day, all of them. `cast` changes the card, `act` what
    it does, `touch` single records; each gets the positions of the role's cards.
    """

    name: str
    hits: tuple[str, ...]
    share: float
    products: tuple[str, ...]
    form: ListForm | None = None
    group: int = 1
    least: int = 1
    bound: bool | None = None  # must be bound to a terminal, must not be, or may
    cast: Casting | None = None
    act: Acting | None = None
    touch: Touching | None = None

    def count(self, cards: int) -> int:
        """How many of a fleet of `cards` play it."""
        wanted = max(self.least, round(cards * self.share / 100_000))
        return -(-wanted // self.group) * self.group


STOCK_SHARE: Final = 2_500
"""Of 100,000 cards, how many lie unsold: no real name, no record. The first on purpose: unused is not a fault."""

LEAST_CARDS: Final = 100


class Cast:
    """Who plays what in a fleet of `cards`. The extras stand behind the roles: `plain`, then `stock`."""

    def __init__(self, cards: int, draws: Draws, roles: tuple[Role, ...]) -> None:
        """Refuses fleets too small for every role with `simulate.too_few_cards`."""
        if cards < LEAST_CARDS:
            raise InvalidError("simulate.too_few_cards", cards=cards, least=LEAST_CARDS)
        self.cards = cards
        self.roles = roles
        self.counts = tuple(role.count(cards) for role in roles)
        self.stock = cards * STOCK_SHARE // 100_000
        played = sum(self.counts)
        sizes = (*self.counts, cards - self.stock - played, self.stock)
        by_rank = (
            *(at for at, role in enumerate(roles) if role.bound),
            *(at for at, role in enumerate(roles) if role.bound is None),
            self.plain,
            *(at for at, role in enumerate(roles) if role.bound is False),
            self.unsold,
        )
        self._order: I64 = np.array(by_rank, dtype=np.int64)
        self._ends: I64 = np.cumsum([sizes[at] for at in by_rank])
        self.must_bind = sum(count for role, count in zip(roles, self.counts, strict=True) if role.bound)
        self.can_bind = (
            cards
            - self.stock
            - sum(count for role, count in zip(roles, self.counts, strict=True) if role.bound is False)
        )
        self._stride = _stride(cards, draws)
        self._shift = draws.one("rank shift", min(cards, 1 << 30))

    @property
    def plain(self) -> int:
        """Role number of cards that play no part."""
        return len(self.roles)

    @property
    def unsold(self) -> int:
        """Role number of stock."""
        return len(self.roles) + 1

    def ranks(self, numbers: I64) -> I64:
        """The rank of each card number: a permutation of 0 to cards - 1."""
        return (numbers - 1 - self._shift) * pow(self._stride, -1, self.cards) % self.cards

    def numbers(self, ranks: I64) -> I64:
        """The card number that has each rank."""
        return (ranks * self._stride + self._shift) % self.cards + 1

    def parts(self, ranks: I64) -> tuple[I64, I64]:
        """(role, turn) of each rank."""
        place = np.searchsorted(self._ends, ranks, side="right")
        starts = np.concatenate([[0], self._ends[:-1]])
        return self._order[place], ranks - starts[place]

    def turns(self, role: int) -> I64:
        """Card numbers of one role, in turn."""
        end = int(self._ends[np.flatnonzero(self._order == role)[0]])
        return self.numbers(np.arange(end - self.counts[role], end, dtype=np.int64))


def _stride(cards: int, draws: Draws) -> int:
    """From one rank to the next, about the golden section of the fleet: cards of neighbouring ranks lie far apart."""
    stride = cards * 38 // 100 + draws.one("rank stride", max(cards // 50, 1))
    while math.gcd(stride, cards) != 1:
        stride += 1
    return stride
