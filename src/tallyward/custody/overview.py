"""The ledger as people look at it: lots and their holders, offers in flight, waiting requests, age of stock. Pure."""

from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Final, Generic, TypeVar, overload

from tallyward.custody.card_path import TimeOf
from tallyward.custody.spans import Span
from tallyward.custody.state import State
from tallyward.custody.states import STOCK, CardState

AGES: Final = (7, 30, 90, 180)
"""Days at which the age of stock is cut: under 7, to 30, to 90, to 180, and above."""
_DAY: Final = 86_400

Key = TypeVar("Key")
Row = TypeVar("Row")
Parts = tuple[tuple[str, int, int], ...]
"""(lot, start, before which slot it ends)."""


@dataclass(frozen=True, slots=True)
class Holding:
    """Slots of a lot that share holder, state and event. `since`: seconds since 1970."""

    start: int
    end: int
    holder: str
    state: CardState
    cause: int
    since: int


@dataclass(frozen=True, slots=True)
class LotView:
    """A lot. `by_state`: its cards by state; `holders`: how many members hold any; `since`: of its registration."""

    id: str
    operator: str
    cards: int
    product: str
    rules: str
    holders: int
    by_state: tuple[tuple[CardState, int], ...]
    since: int


@dataclass(frozen=True, slots=True)
class OfferView:
    """An offer in flight, by its hash."""

    hash: bytes
    seller: str
    buyer: str
    cards: int
    parts: Parts
    since: int
    expires: int


@dataclass(frozen=True, slots=True)
class RequestView:
    """A request for activation that waits. `approved`: for its activation only."""

    hash: bytes
    shop: str
    operator: str
    cards: int
    parts: Parts
    approved: bool


@dataclass(frozen=True, slots=True)
class MemberView:
    """A member and what it holds in stock, by age (see `AGES`)."""

    id: str
    kind: str
    name: str
    gone: bool
    stock: int
    by_age: tuple[int, ...]


class Rows(Sequence[Row], Generic[Key, Row]):
    """Rows that are made when they are looked at, so that a page of a long table costs what the page does."""

    def __init__(self, keys: Sequence[Key], row: Callable[[Key], Row]) -> None:
        """`keys`: one for each row."""
        self._keys = keys
        self._row = row

    def __len__(self) -> int:
        return len(self._keys)

    @overload
    def __getitem__(self, at: int) -> Row: ...
    @overload
    def __getitem__(self, at: slice) -> list[Row]: ...
    def __getitem__(self, at: int | slice) -> Row | list[Row]:
        if isinstance(at, slice):
            return [self._row(key) for key in self._keys[at]]
        return self._row(self._keys[at])


def lots(state: State, time_of: TimeOf, operator: str | None = None) -> Rows[int, LotView]:
    """All lots in the order of their registration; of one operator if told."""

    def view(number: int) -> LotView:
        row = state.lot(number)
        cards: Counter[CardState] = Counter()
        holders: set[int] = set()
        for span in state.spans.standing(number):
            cards[CardState(span.state)] += span.end - span.start
            holders.add(span.holder)
        begun = state.spans.chain(number, 0)[-1].cause
        by_state = tuple(sorted(cards.items()))
        return LotView(row.id, row.operator, row.cards, row.product, row.rules, len(holders), by_state, time_of(begun))

    return Rows([row.number for row in state.lots.rows.values() if operator in {None, row.operator}], view)


def holdings(state: State, lot: int, time_of: TimeOf) -> Rows[Span, Holding]:
    """Who holds what of a lot, by slot."""

    def view(span: Span) -> Holding:
        holder = state.members_by_number[span.holder]
        return Holding(span.start, span.end, holder, CardState(span.state), span.cause, time_of(span.cause))

    return Rows(list(state.spans.standing(lot)), view)


def offers(state: State, time_of: TimeOf) -> list[OfferView]:
    """All offers in flight, the oldest first."""
    found = []
    for key, row in state.offers.rows.items():
        lot, start, _ = row.parts[0]
        since = time_of(state.spans.at(lot, start).cause)
        parts, cards = _named(state, row.parts)
        found.append(OfferView(key, row.seller, row.buyer, cards, parts, since, row.expires))
    return sorted(found, key=lambda one: (one.since, one.hash))


def requests(state: State) -> list[RequestView]:
    """All requests that wait."""
    found = []
    for key, row in sorted(state.requests.rows.items()):
        parts, cards = _named(state, row.parts)
        found.append(RequestView(key, row.shop, row.operator, cards, parts, bool(row.approved)))
    return found


def members(state: State, time_of: TimeOf, now: int, operator: str | None = None) -> list[MemberView]:
    """All members in the order in which they came, with the age of their stock; of one operator's lots if told."""
    ages = [[0] * (len(AGES) + 1) for _ in state.members_by_number]
    for number, lot in enumerate(state.lots_by_number):
        if operator not in {None, state.lots.rows[lot.encode()].operator}:
            continue
        for span in state.spans.standing(number):
            if span.state in STOCK:
                days = (now - time_of(span.cause)) // _DAY
                ages[span.holder][sum(days >= edge for edge in AGES)] += span.end - span.start
    found = []
    for name in state.members_by_number:
        row = state.members.rows[name.encode()]
        by_age = tuple(ages[row.number])
        found.append(MemberView(row.id, row.kind, row.name, bool(row.gone), sum(by_age), by_age))
    return found


def _named(state: State, parts: tuple[tuple[int, int, int], ...]) -> tuple[Parts, int]:
    named = tuple((state.lots_by_number[lot], start, end) for lot, start, end in parts)
    return named, sum(end - start for _, start, end in named)
