"""Registration and sale: what each changes, or why it is refused (rules 1 and 2 of the white paper). Pure."""

from tallyward.custody.apply_devices import devices_so_far
from tallyward.custody.entry import Entry
from tallyward.custody.fields import Part, Rules
from tallyward.custody.lots import MOST_CARDS
from tallyward.custody.refusals import (
    Piece,
    held,
    issued,
    live_member,
    next_state,
    resting,
    rules_in_force,
    rules_of,
)
from tallyward.custody.report_rows import GRADES
from tallyward.custody.spans import Move
from tallyward.custody.state import Change, LotRow, MemberRow, OfferRow, State
from tallyward.custody.states import CardState, Event
from tallyward.custody.transactions import Accept, Offer, RegisterLot, Reject, Sale, Withdraw
from tallyward.kernel.errors import ConflictError, ForbiddenError, InvalidError, NotFoundError


def register(state: State, one: RegisterLot) -> Change:
    """A lot begins, held by its operator; of new numbers, or of numbers that came back."""
    if state.lots.get(one.lot.encode()) is not None:
        raise ConflictError("custody.lot_exists", lot=one.lot)
    if not 0 < one.count <= MOST_CARDS:
        raise InvalidError("custody.lot_size", lot=one.lot, count=one.count, most=MOST_CARDS)
    if rules_in_force(state, one.rules) is None:
        raise NotFoundError("custody.rules_unknown", rules=one.rules)
    change = Change()
    number = len(state.lots_by_number)
    came_back = issued(state, live_member(state, one.operator), one.recycled)
    for piece in came_back:
        change.moves.append(piece.move(next_state(piece.span, Event.REISSUE, piece.lot.id)))
    parts = tuple((piece.lot.number, piece.start, piece.end) for piece in came_back)
    cards = sum(end - start for _, start, end in parts)
    if parts and cards != one.count:
        raise InvalidError("custody.recycled_count", lot=one.lot, count=one.count, cards=cards)
    change.lot = LotRow(number, one.lot, one.operator, one.count, one.root, one.product, one.rules, parts)
    return change


def offer(state: State, one: Offer, entry: Entry, now: int) -> Change:
    """Cards are set aside for a buyer."""
    seller, buyer = live_member(state, one.seller), live_member(state, one.buyer)
    if one.expires <= now:
        raise InvalidError("custody.offer_expired", expires=one.expires)
    change = Change()
    parts = []
    for piece, rules in _for_sale(state, seller, buyer, one.parts):
        if one.expires - now > rules.transit:
            raise InvalidError("custody.transit_limit", rules=rules.id, most=rules.transit)
        change.moves.append(piece.move(CardState.OFFERED))
        parts.append((piece.lot.number, piece.start, piece.end))
    return change.put("offers", entry.hash, OfferRow(one.seller, one.buyer, one.expires, tuple(parts)))


def sale(state: State, one: Sale) -> Change:
    """Cards change hands without having been set aside."""
    seller, buyer = live_member(state, one.seller), live_member(state, one.buyer)
    return Change(
        *(
            Move(piece.lot.number, piece.start, piece.end, buyer.number, resting(rules, buyer), piece.span.hops + 1)
            for piece, rules in _for_sale(state, seller, buyer, one.parts)
        )
    )


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
        span = state.spans.at(lot, start)
        rules = rules_of(state, state.lot(lot))
        change.moves.append(Move(lot, start, end, member.number, resting(rules, member), span.hops + hop))
    return change.put("offers", offer_hash, None)


def _for_sale(state: State, seller: MemberRow, buyer: MemberRow, parts: tuple[Part, ...]) -> list[tuple[Piece, Rules]]:
    """What the seller holds and may sell to this buyer, with the rules of its lot."""
    if seller.number == buyer.number:
        raise ForbiddenError("custody.sold_to_itself", member=seller.id)
    found, followed, cards = [], {}, 0
    for piece in held(state, seller, parts):
        rules = rules_of(state, piece.lot)
        followed[rules.id] = rules
        _pair_allowed(state, rules, seller, buyer, piece)
        if piece.span.hops >= rules.most_hops:
            raise ForbiddenError("custody.hop_limit", rules=rules.id, lot=piece.lot.id, most=rules.most_hops)
        next_state(piece.span, Event.OFFER, piece.lot.id)
        found.append((piece, rules))
        cards += piece.end - piece.start
    for rules in followed.values():
        _within_quota(state, rules, buyer, cards)
    return found


def _pair_allowed(state: State, rules: Rules, seller: MemberRow, buyer: MemberRow, piece: Piece) -> None:
    """Whether cards may go this way: as they are, or because they are tied to devices."""
    pair = seller.kind, buyer.kind
    if pair in rules.pairs:
        return
    if pair not in rules.device_pairs:
        raise ForbiddenError("custody.rules_forbid", rules=rules.id, seller=seller.kind, buyer=buyer.kind)
    if not devices_so_far(state, piece):
        raise ForbiddenError("custody.not_in_device", rules=rules.id, lot=piece.lot.id)


def _within_quota(state: State, rules: Rules, buyer: MemberRow, cards: int) -> None:
    """Whether a buyer's grade lets it hold so many cards more; cards may always go back to an operator."""
    if buyer.kind == "operator":
        return
    credit = state.credit.get(buyer.id.encode())
    most = rules.quotas[GRADES.index(credit.grade) if credit else len(GRADES)]
    if not most:
        raise ForbiddenError(
            "custody.grade_forbids", rules=rules.id, buyer=buyer.id, grade=credit.grade if credit else "-"
        )
    most = min(most, credit.quota) if credit else most
    cards += state.tallies.held[buyer.number] + state.tallies.coming[buyer.id]
    if cards > most:
        raise ConflictError("custody.buyer_quota", buyer=buyer.id, cards=cards, most=most)
