"""Looking up what a transaction names, and refusing what is not there. Pure."""

from collections.abc import Iterator
from typing import NamedTuple

from tallyward.custody.fields import Part, Rules
from tallyward.custody.spans import Move, Span
from tallyward.custody.state import LotRow, MemberRow, State
from tallyward.custody.states import RESTING, CardState, Event, after
from tallyward.kernel.errors import ConflictError, ForbiddenError, InvalidError, NotFoundError


def live_member(state: State, member: str) -> MemberRow:
    """A member that is one still; refuses with `custody.member_unknown`."""
    found = state.members.get(member.encode())
    if found is None or found.gone:
        raise NotFoundError("custody.member_unknown", member=member)
    return found


def lot_of(state: State, lot: str) -> LotRow:
    """A registered lot; refuses with `custody.lot_unknown`."""
    found = state.lots.get(lot.encode())
    if found is None:
        raise NotFoundError("custody.lot_unknown", lot=lot)
    return found


def rules_in_force(state: State, rules: str) -> Rules | None:
    """The circulation rules of this id that hold in the block that is open."""
    row = state.rules.get(rules.encode())
    for one in reversed(row.versions) if row else ():
        if one.since <= state.height + 1:
            return one
    return None


def rules_of(state: State, lot: LotRow) -> Rules:
    """The circulation rules that a lot follows."""
    found = rules_in_force(state, lot.rules)
    if found is None:
        raise NotFoundError("custody.rules_unknown", rules=lot.rules)
    return found


class Piece(NamedTuple):
    """Part of one span that a transaction names."""

    lot: LotRow
    span: Span
    start: int
    end: int

    def move(self, to: CardState) -> Move:
        """The piece in its next state, with the same holder."""
        return Move(self.lot.number, self.start, self.end, self.span.holder, to, self.span.hops)


def held(state: State, holder: MemberRow, parts: tuple[Part, ...]) -> list[Piece]:
    """What a transaction takes up, if all of it is the holder's now, by the events it names (rule 2)."""
    found = []
    for part, piece in pieces(state, parts):
        if piece.span.cause != part.cause or piece.span.holder != holder.number:
            was = state.spans.chain(piece.lot.number, piece.start)
            used = any(one.cause == part.cause and one.holder == holder.number for one in was)
            code = "custody.input_consumed" if used else "custody.not_holder"
            raise ConflictError(code, lot=part.lot, start=piece.start, end=piece.end)
        found.append(piece)
    return found


def issued(state: State, operator: MemberRow, parts: tuple[Part, ...]) -> list[Piece]:
    """What an operator speaks of, if it issued all of it and nothing has happened to it since."""
    found = named(state, parts)
    for piece in found:
        if piece.lot.operator != operator.id:
            raise ForbiddenError("custody.other_operator", lot=piece.lot.id)
    return found


def named(state: State, parts: tuple[Part, ...]) -> list[Piece]:
    """What a transaction speaks of, if nothing has happened to it since the events it names."""
    found = []
    for part, piece in pieces(state, parts):
        if piece.span.cause != part.cause:
            raise ConflictError("custody.input_consumed", lot=part.lot, start=piece.start, end=piece.end)
        found.append(piece)
    return found


def pieces(state: State, parts: tuple[Part, ...]) -> Iterator[tuple[Part, Piece]]:
    """The spans that the parts cover; parts must ascend and may not overlap (`custody.span_invalid`)."""
    before = ("", 0)
    for part in parts:
        lot = lot_of(state, part.lot)
        if not part.start < part.end <= lot.cards or (part.lot, part.start) < before:
            raise InvalidError("custody.span_invalid", lot=part.lot, start=part.start, end=part.end)
        before = part.lot, part.end
        start = part.start
        while start < part.end:
            span = state.spans.at(lot.number, start)
            end = min(part.end, span.end)
            yield part, Piece(lot, span, start, end)
            start = end


def next_state(span: Span, event: Event, lot: str) -> CardState:
    """What becomes of a span; refuses with `custody.state_forbids` where the table has nothing."""
    found = after(span.state, event)
    if found is None:
        raise ConflictError(
            "custody.state_forbids", lot=lot, start=span.start, end=span.end, state=span.state.name, event=event.name
        )
    return found


def resting(rules: Rules, holder: MemberRow) -> CardState:
    """How cards rest with a holder."""
    return CardState.RETAIL if holder.kind in rules.asking else RESTING


def said_once(known: object) -> None:
    """Refuses with `custody.said_before` what the ledger has already."""
    if known is not None:
        raise ConflictError("custody.said_before")
