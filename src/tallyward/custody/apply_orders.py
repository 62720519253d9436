"""Orders about cards in use: by their operator or holder, and by a regulator, whose orders wait for an answer. Pure."""

from collections.abc import Sequence

from tallyward.custody.apply_activation import given_back
from tallyward.custody.card_orders import CardOrder
from tallyward.custody.entry import Entry
from tallyward.custody.refusals import (
    Piece,
    held,
    issued,
    live_member,
    named,
    next_state,
    resting,
    rules_of,
    said_once,
)
from tallyward.custody.report_rows import OrderRow
from tallyward.custody.reports import OrderSuspend
from tallyward.custody.state import Change, State
from tallyward.custody.states import Event
from tallyward.custody.transactions import Kind
from tallyward.kernel.errors import InvalidError

_ORDERS = {
    Kind.SUSPEND: Event.SUSPEND,
    Kind.RESUME: Event.RESUME,
    Kind.CANCEL: Event.CANCEL,
    Kind.QUARANTINE: Event.QUARANTINE,
    Kind.RECYCLE: Event.RECYCLE,
    Kind.LOSE: Event.LOSE,
    Kind.FIND: Event.FIND,
}
_Part = tuple[int, int, int]


def order(state: State, one: CardOrder, now: int) -> Change:
    """The operator, or of lost and found cards the holder, changes the state of cards."""
    event = _ORDERS[one.kind]
    by = live_member(state, one.by)
    pieces = held(state, by, one.parts) if one.kind in {Kind.LOSE, Kind.FIND} else issued(state, by, one.parts)
    change = Change()
    for piece in pieces:
        to = next_state(piece.span, event, piece.lot.id)
        change.moves.append(piece.move(resting(rules_of(state, piece.lot), by) if event is Event.FIND else to))
    if event is Event.CANCEL:
        for key, row in given_back(state, pieces).items():
            change.put("approvals", key, row)
    if event in {Event.SUSPEND, Event.CANCEL}:
        _answer(state, change, pieces, now)
    return change


def order_suspend(state: State, one: OrderSuspend, entry: Entry, now: int) -> Change:
    """A regulator wants active cards of one operator stopped until a deadline. The cards go on until that is done."""
    said_once(state.orders.get(entry.hash))
    if one.deadline <= now:
        raise InvalidError("custody.deadline_past", deadline=one.deadline)
    pieces = named(state, one.parts)
    for piece in pieces:
        next_state(piece.span, Event.SUSPEND, piece.lot.id)
    operators = {piece.lot.operator for piece in pieces}
    if len(operators) != 1:
        raise InvalidError("custody.one_operator")
    parts = tuple(sorted((piece.lot.number, piece.start, piece.end) for piece in pieces))
    cards = sum(end - start for _, start, end in parts)
    return Change().put("orders", entry.hash, OrderRow(one.by, operators.pop(), now, one.deadline, cards, parts, 0))


def _answer(state: State, change: Change, pieces: list[Piece], now: int) -> None:
    """Orders to stop these cards wait for them no more; an order that waits for none is met."""
    gone = sorted((piece.lot.number, piece.start, piece.end) for piece in pieces)
    lots = {lot for lot, _, _ in gone}
    for key in sorted({key for lot in lots for key in state.tallies.orders.get(lot, ())}):
        row = state.orders.rows[key]
        left = without(row.parts, gone)
        if left != row.parts:
            change.put("orders", key, row._replace(parts=left, met=0 if left else now))


def without(parts: Sequence[_Part], gone: Sequence[_Part]) -> tuple[_Part, ...]:
    """Parts of lots without the slots of others; both in order and without overlap. Reads each about once."""
    left: list[_Part] = []
    first = 0
    for lot, start, end in parts:
        while first < len(gone) and (gone[first][0], gone[first][2]) <= (lot, start):
            first += 1
        at, low = first, start
        while at < len(gone) and gone[at][0] == lot and gone[at][1] < end:
            if low < gone[at][1]:
                left.append((lot, low, gone[at][1]))
            low, at = gone[at][2], at + 1
        if low < end:
            left.append((lot, low, end))
    return tuple(left)
