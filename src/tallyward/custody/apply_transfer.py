"""Registration, sale and orders: what each changes, or why it is refused (rules 1 and 2 of the white paper). Pure."""

from tallyward.custody.entry import Entry
from tallyward.custody.lots import MOST_CARDS
from tallyward.custody.refusals import held, issued, live_member, next_state, resting, rules_of
from tallyward.custody.spans import Move
from tallyward.custody.state import Change, LotRow, OfferRow, State
from tallyward.custody.states import Event
from tallyward.custody.transactions import Accept, CardOrder, Kind, Offer, RegisterLot, Reject, Withdraw
from tallyward.kernel.errors import ConflictError, ForbiddenError, InvalidError, NotFoundError

_ORDERS = {
    Kind.SUSPEND: Event.SUSPEND,
    Kind.RESUME: Event.RESUME,
    Kind.CANCEL: Event.CANCEL,
    Kind.QUARANTINE: Event.QUARANTINE,
    Kind.RECYCLE: Event.RECYCLE,
    Kind.LOSE: Event.LOSE,
    Kind.FIND: Event.REST,
}


def register(state: State, one: RegisterLot) -> Change:
    """A lot begins, held by its operator."""
    if state.lots.get(one.lot.encode()) is not None:
        raise ConflictError("custody.lot_exists", lot=one.lot)
    if not 0 < one.count <= MOST_CARDS:
        raise InvalidError("custody.lot_size", lot=one.lot, count=one.count, most=MOST_CARDS)
    if state.rules.get(one.rules.encode()) is None:
        raise NotFoundError("custody.rules_unknown", rules=one.rules)
    change = Change()
    number = len(state.lots_by_number)
    change.lot = LotRow(number, one.lot, one.operator, one.count, one.root, one.product, one.rules)
    return change


def offer(state: State, one: Offer, entry: Entry, now: int) -> Change:
    """Cards are set aside for a buyer."""
    seller, buyer = live_member(state, one.seller), live_member(state, one.buyer)
    if one.expires <= now:
        raise InvalidError("custody.offer_expired", expires=one.expires)
    change = Change()
    parts = []
    for piece in held(state, seller, one.parts):
        rules = rules_of(state, piece.lot)
        if (seller.kind, buyer.kind) not in rules.pairs:
            raise ForbiddenError("custody.rules_forbid", rules=rules.id, seller=seller.kind, buyer=buyer.kind)
        if piece.span.hops >= rules.most_hops:
            raise ForbiddenError("custody.hop_limit", rules=rules.id, lot=piece.lot.id, most=rules.most_hops)
        change.moves.append(piece.move(next_state(piece.span, Event.OFFER, piece.lot.id)))
        parts.append((piece.lot.number, piece.start, piece.end))
    return change.put("offers", entry.hash, OfferRow(one.seller, one.buyer, one.expires, tuple(parts)))


def accept(state: State, one: Accept, now: int) -> Change:
    """The cards change hands."""
    row = _open(state, one.offer)
    if row.buyer != one.buyer:
        raise ForbiddenError("custody.not_buyer", buyer=one.buyer)
    if row.expires <= now:
        raise ConflictError("custody.offer_expired", expires=row.expires)
    return _settled(state, one.offer, row, one.buyer, hop=1)


def withdraw(state: State, one: Withdraw) -> Change:
    """The cards rest with the seller again."""
    row = _open(state, one.offer)
    if row.seller != one.seller:
        raise ForbiddenError("custody.not_seller", seller=one.seller)
    return _settled(state, one.offer, row, row.seller, hop=0)


def reject(state: State, one: Reject) -> Change:
    """The cards rest with the seller again."""
    row = _open(state, one.offer)
    if row.buyer != one.buyer:
        raise ForbiddenError("custody.not_buyer", buyer=one.buyer)
    return _settled(state, one.offer, row, row.seller, hop=0)


def order(state: State, one: CardOrder) -> Change:
    """The operator, or of lost and found cards the holder, changes the state of cards."""
    event = _ORDERS[one.kind]
    by = live_member(state, one.by)
    named = held(state, by, one.parts) if one.kind in {Kind.LOSE, Kind.FIND} else issued(state, by, one.parts)
    change = Change()
    for piece in named:
        to = next_state(piece.span, event, piece.lot.id)
        change.moves.append(piece.move(resting(rules_of(state, piece.lot), by) if event is Event.REST else to))
    return change


def _open(state: State, offer_hash: bytes) -> OfferRow:
    found = state.offers.get(offer_hash)
    if found is None:
        raise NotFoundError("custody.offer_unknown", offer=offer_hash.hex()[:16])
    return found


def _settled(state: State, offer_hash: bytes, row: OfferRow, holder: str, hop: int) -> Change:
    """An offer ends: its cards rest with a holder."""
    member = state.members.rows[holder.encode()]
    change = Change()
    for lot, start, end in row.parts:
        span = state.spans.history[state.spans.at(lot, start)]
        rules = rules_of(state, state.lots.rows[state.lots_by_number[lot].encode()])
        change.moves.append(Move(lot, start, end, member.number, resting(rules, member), span.hops + hop))
    return change.put("offers", offer_hash, None)
