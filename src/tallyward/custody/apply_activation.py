"""Real names: a point of sale asks, the operator approves and activates (rule 3 of the white paper). Pure.

What proves who a person is never comes here: the ledger has a salted hash of it for each card, and for each approved
card a token of the person, by which cards of one person are counted without saying who it is.
"""

from bisect import bisect_right
from collections import Counter
from collections.abc import Iterator
from itertools import accumulate

from tallyward.custody.entry import Entry
from tallyward.custody.fields import ANY
from tallyward.custody.refusals import Piece, held, live_member, next_state, resting, rules_of
from tallyward.custody.report_rows import NOBODY, ApprovalRow
from tallyward.custody.spans import Move
from tallyward.custody.state import Change, RequestRow, State, place
from tallyward.custody.states import CardState, Event
from tallyward.custody.tallies import tokens
from tallyward.custody.transactions import PERSON, Activate, ActRequest, RnApprove, RnReject
from tallyward.kernel.errors import ConflictError, ForbiddenError, InvalidError

_MATERIAL = 32


def request(state: State, one: ActRequest, entry: Entry) -> Change:
    """Cards wait for their operator's approval."""
    shop = live_member(state, one.shop)
    change = Change()
    parts, operators = [], set()
    for piece in held(state, shop, one.parts):
        change.moves.append(piece.move(next_state(piece.span, Event.REQUEST, piece.lot.id)))
        parts.append((piece.lot.number, piece.start, piece.end))
        operators.add(piece.lot.operator)
    cards = sum(end - start for _, start, end in parts)
    if len(operators) != 1:
        raise InvalidError("custody.one_operator")
    if len(one.material) != cards * _MATERIAL:
        raise InvalidError("custody.material_missing", cards=cards, given=len(one.material) // _MATERIAL)
    return change.put("requests", entry.hash, RequestRow(one.shop, operators.pop(), 0, tuple(parts)))


def approve(state: State, one: RnApprove) -> Change:
    """Some cards of a request are approved, each for a person; the others rest with the shop again."""
    row = _asked(state, one.request, one.operator)
    if row.approved:
        raise ConflictError("custody.approval_mismatch", request=one.request.hex()[:16])
    cards = sum(end - start for _, start, end in row.parts)
    bits = int.from_bytes(one.approved, "little")
    if len(one.approved) != (cards + 7) // 8 or bits >> cards or len(one.persons) != bits.bit_count() * PERSON:
        raise InvalidError("custody.approval_form", cards=cards)
    change = Change()
    good: list[tuple[int, int, int]] = []
    for lot, start, end, approved in _runs(row.parts, bits):
        change.moves.append(_moved(state, lot, start, end, row.shop, Event.APPROVE if approved else Event.REST))
        if approved:
            good.append((lot, start, end))
    if not good:
        return change.put("requests", one.request, None)
    _within_quota(state, one.persons, good)
    change.put("approvals", None, ApprovalRow(tuple(good), one.persons))
    return change.put("requests", one.request, RequestRow(row.shop, row.operator, 1, tuple(good)))


def reject(state: State, one: RnReject) -> Change:
    """All cards of a request rest with the shop again."""
    row = _asked(state, one.request, one.operator)
    if row.approved:
        raise ConflictError("custody.approval_mismatch", request=one.request.hex()[:16])
    moves = [_moved(state, *part, row.shop, Event.REST) for part in row.parts]
    return Change(*moves).put("requests", one.request, None)


def activate(state: State, one: Activate) -> Change:
    """The approved cards of a request are active."""
    row = _asked(state, one.request, one.operator)
    if not row.approved:
        raise ConflictError("custody.approval_missing", request=one.request.hex()[:16])
    moves = [_moved(state, *part, row.shop, Event.ACTIVATE) for part in row.parts]
    return Change(*moves).put("requests", one.request, None)


def _asked(state: State, request_hash: bytes, operator: str) -> RequestRow:
    row = state.requests.get(request_hash)
    if row is None:
        raise ConflictError("custody.approval_mismatch", request=request_hash.hex()[:16])
    if row.operator != operator:
        raise ForbiddenError("custody.other_operator", lot=state.lots_by_number[row.parts[0][0]])
    return row


def _moved(state: State, lot: int, start: int, end: int, shop: str, event: Event) -> Move:
    span = state.spans.at(lot, start)
    to: CardState = next_state(span, event, state.lots_by_number[lot])
    if event is Event.REST:
        to = resting(rules_of(state, state.lot(lot)), state.members.rows[shop.encode()])
    return Move(lot, start, end, span.holder, to, span.hops)


def _runs(parts: tuple[tuple[int, int, int], ...], bits: int) -> Iterator[tuple[int, int, int, bool]]:
    """(lot, start, end, approved) of neighbours that share the answer."""
    for lot, start, end in parts:
        answers = format(bits & (1 << end - start) - 1, f"0{end - start}b")[::-1]
        begin = 0
        while begin < len(answers):
            answer = answers[begin]
            stop = answers.find("0" if answer == "1" else "1", begin)
            stop = len(answers) if stop < 0 else stop
            yield lot, start + begin, start + stop, answer == "1"
            begin = stop
        bits >>= end - start


def _within_quota(state: State, persons: bytes, good: list[tuple[int, int, int]]) -> None:
    """No person may be approved for more cards than the strictest rules of these lots allow."""
    most = min((rules_of(state, state.lot(lot)).person_cards for lot in {part[0] for part in good}), default=0)
    have = state.tallies.persons.get
    for token, more in Counter(tokens(persons)).items():
        cards = more + have(token, 0)
        if token == NOBODY:
            raise InvalidError("custody.approval_form", cards=len(persons) // PERSON)
        if cards > most:
            raise ConflictError("custody.quota_exceeded", cards=cards, most=most)


def given_back(state: State, pieces: list[Piece]) -> dict[bytes, ApprovalRow | None]:
    """The approvals of cards that end, without the persons of those cards; None where no person is left."""
    ended: dict[bytes, list[Piece]] = {}
    for piece in pieces:
        ended.setdefault(place(_approval(state, piece)), []).append(piece)
    return {key: _without(state.approvals.rows[key], named) for key, named in ended.items()}


def _without(row: ApprovalRow, pieces: list[Piece]) -> ApprovalRow | None:
    """An approval without the persons of some of its cards."""
    offsets = accumulate((end - start for _, start, end in row.parts), initial=0)
    begins = sorted((lot, start, offset) for (lot, start, _), offset in zip(row.parts, offsets, strict=False))
    persons = bytearray(row.persons)
    for piece in pieces:
        _, start, offset = begins[bisect_right(begins, (piece.lot.number, piece.start, ANY)) - 1]
        at, cards = offset + piece.start - start, piece.end - piece.start
        persons[at * PERSON : (at + cards) * PERSON] = NOBODY * cards
    return row._replace(persons=bytes(persons)) if persons.replace(NOBODY, b"") else None


def _approval(state: State, piece: Piece) -> int:
    """The entry that approved the real names of cards that are or were active."""
    span = piece.span
    while span.state is not CardState.RN_APPROVED:
        span = state.spans.history[span.parent]
    return span.cause
