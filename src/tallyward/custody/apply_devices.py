"""Cards and the devices they are in: who may tie them together, and how often. Pure.

A tie is an event of the card like any other: the card stays where and what it is, and its next transaction names the
tie. So a card's devices are found by its way through the spans, without a row for each card.
"""

from bisect import bisect_right
from hashlib import sha256

from tallyward.custody.fields import ANY, HASH, DeviceTie
from tallyward.custody.refusals import Piece, held, issued, live_member, next_state, rules_of
from tallyward.custody.report_rows import BindingRow
from tallyward.custody.state import Change, State, place
from tallyward.custody.states import Event
from tallyward.custody.transactions import BindDevice
from tallyward.kernel.errors import ConflictError, ForbiddenError, InvalidError


def bind(state: State, one: BindDevice) -> Change:
    """Cards are tied to devices, by their operator or by a holder whom the rules let."""
    by = live_member(state, one.by)
    named = issued(state, by, one.parts) if by.kind == "operator" else held(state, by, one.parts)
    change = Change()
    parts = []
    for piece in named:
        rules = rules_of(state, piece.lot)
        if rules.device_tie == DeviceTie.NONE or by.kind not in {"operator", *rules.binding}:
            raise ForbiddenError("custody.binding_forbidden", rules=rules.id, kind=by.kind)
        before = devices_so_far(state, piece)
        if before and rules.device_tie == DeviceTie.LIFE:
            raise ConflictError("custody.device_for_life", lot=piece.lot.id, start=piece.start, end=piece.end)
        change.moves.append(piece.move(next_state(piece.span, Event.BIND, piece.lot.id)))
        parts.append((piece.lot.number, piece.start, piece.end, before + 1))
    cards = sum(end - start for _, start, end, _ in parts)
    if len(one.devices) != cards * HASH:
        raise InvalidError("custody.devices_missing", cards=cards, given=len(one.devices) // HASH)
    return change.put("bindings", None, BindingRow(tuple(sorted(parts)), sha256(one.devices).digest()))


def devices_so_far(state: State, piece: Piece) -> int:
    """How many devices cards of one way were tied to; the last one is the one they are in."""
    span = piece.span
    while True:
        row = state.bindings.get(place(span.cause))
        if row is not None:
            at = bisect_right(row.parts, (piece.lot.number, piece.start, ANY, ANY)) - 1
            return row.parts[at][3]
        if span.parent < 0:
            return 0
        span = state.spans.history[span.parent]
