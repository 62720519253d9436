"""What is wrong at a height itself, not at some entry: stock over age, offers over their deadline, late orders. Pure.

It counts as of today as long as it lasts, and cites the entry that began it.
"""

from collections.abc import Iterator

from tallyward.custody.card_path import held_since
from tallyward.custody.credit_factors import FactorBook, Order
from tallyward.custody.credit_history import DAY, UNIT, Deed
from tallyward.custody.credit_terms import OFFER_GRACE_DAYS, OVER_AGE_DAYS, Factor
from tallyward.custody.span_columns import ENDED
from tallyward.custody.spans import Span
from tallyward.custody.state import State
from tallyward.custody.states import STOCK, CardState

_STOPPED = ENDED | {CardState.SUSPENDED}


class Present:
    """Of each organisation: units in stock now, and what is wrong now."""

    def __init__(self, book: FactorBook) -> None:
        """As of the book's height."""
        self.stock: dict[str, int] = {}
        self.bad: dict[str, list[tuple[Factor, Deed]]] = {}
        self._book = book
        self._day = book.now // DAY
        self._stock_now()
        self._offers_now()
        for order in book.orders:
            self._late(order)

    def _wrong(self, member: str, factor: Factor, entry: int, day: int, cards: int) -> None:
        self.bad.setdefault(member, []).append((factor, Deed(entry, day, cards * UNIT)))

    def _stock_now(self) -> None:
        book, state = self._book, self._book.machine.state
        history, members = state.spans.history, state.members_by_number
        oldest = book.now - OVER_AGE_DAYS * DAY
        for lot in range(len(state.lots_by_number)):
            for span in state.spans.standing(lot):
                if span.state not in STOCK:
                    continue
                holder, cards = members[span.holder], span.end - span.start
                self.stock[holder] = self.stock.get(holder, 0) + cards * UNIT
                since = held_since(history, span)
                if book.times(since.cause) < oldest:
                    self._wrong(holder, Factor.OVER_AGE, since.cause, self._day, cards)

    def _offers_now(self) -> None:
        state = self._book.machine.state
        for row in state.offers.rows.values():
            if row.expires + OFFER_GRACE_DAYS * DAY < self._book.now:
                for lot, start, end in row.parts:
                    offered = state.spans.at(lot, start).cause
                    self._wrong(row.seller, Factor.BREAKS, offered, self._day, end - start)

    def _late(self, order: Order) -> None:
        """Cards that were stopped after an order's deadline, or are not yet."""
        book, state = self._book, self._book.machine.state
        for part in order.parts:
            row = state.lots.rows[part.lot.encode()]
            for start, end, stopped in _stops(state, row.number, part.start, part.end, order.entry):
                time = book.now if stopped is None else book.times(stopped.cause)
                if time > order.deadline:
                    entry = order.entry if stopped is None else stopped.cause
                    self._wrong(row.operator, Factor.LATENESS, entry, time // DAY, end - start)


def _stops(state: State, lot: int, start: int, end: int, after: int) -> Iterator[tuple[int, int, Span | None]]:
    """(start, end, the first stage after an entry at which the cards were stopped) of each piece with one way."""
    while start < end:
        way = state.spans.chain(lot, start)
        piece = min(end, way[0].end)
        yield start, piece, next((one for one in way[::-1] if one.cause > after and one.state in _STOPPED), None)
        start = piece
