"""Stock, incidents, destroyed keys and credit: what the ledger notes without moving a card. Pure."""

from tallyward.custody.entry import Entry
from tallyward.custody.refusals import live_member, lot_of, pieces, said_once
from tallyward.custody.report_rows import GRADES, CreditRow, DestroyedRow, IncidentRow, StockRow
from tallyward.custody.reports import CreditSet, Incident, KeyDestroyed, StockReport
from tallyward.custody.state import Change, State
from tallyward.kernel.errors import ConflictError, ForbiddenError, InvalidError


def stock_report(state: State, one: StockReport, now: int) -> Change:
    """What a member says it holds, beside what the ledger says at this entry; lots not named count as empty."""
    by = live_member(state, one.by)
    before = state.stock.get(one.by.encode())
    if one.at > now or (before is not None and one.at <= before.at):
        raise ConflictError("custody.report_out_of_time", at=one.at)
    lots = [lot for lot, _ in one.stock]
    if lots != sorted(set(lots)):
        raise InvalidError("custody.malformed", problem="lots are not in order")
    told = {lot_of(state, lot).number: cards for lot, cards in one.stock}
    holds = state.tallies.stock[by.number]
    differences = [told.get(lot, 0) - holds[lot] for lot in {*told, *holds}]
    missing, surplus = -sum(min(each, 0) for each in differences), sum(max(each, 0) for each in differences)
    reports, differing = (before.reports, before.differing) if before else (0, 0)
    row = StockRow(
        one.at,
        state.tallies.held[by.number],
        missing,
        surplus,
        reports + 1,
        differing + bool(missing or surplus),
    )
    return Change().put("stock", one.by.encode(), row)


def incident(state: State, one: Incident, entry: Entry) -> Change:
    """Something happened with cards while they stood under the events that are named."""
    said_once(state.incidents.get(entry.hash))
    found = []
    for part, piece in pieces(state, one.parts):
        way = state.spans.chain(piece.lot.number, piece.start)
        then = next((span for span in way if span.cause == part.cause), None)
        if then is None:
            raise ConflictError("custody.event_unknown", lot=part.lot, start=piece.start, end=piece.end)
        found.append((piece.lot.number, piece.start, piece.end, then.holder, part.cause))
    return Change().put("incidents", entry.hash, IncidentRow(one.by, one.rule, one.evidence, tuple(found)))


def key_destroyed(state: State, one: KeyDestroyed) -> Change:
    """A data key is gone for good. Kept by owner and key: nobody can say it in another's place."""
    key = one.owner.encode() + b"\0" + one.key
    said_once(state.destroyed.get(key))
    return Change().put("destroyed", key, DestroyedRow(one.owner, one.key))


def credit_set(state: State, one: CreditSet) -> Change:
    """A member's grade and quota from now on. Nobody grades itself, and no older grade takes a newer one's place."""
    member = live_member(state, one.member)
    if one.by == one.member:
        raise ForbiddenError("custody.own_credit", member=one.by)
    if len(one.grade) != 1 or one.grade not in GRADES:
        raise InvalidError("custody.grade_unknown", grade=one.grade)
    before = state.credit.get(member.id.encode())
    if one.height > state.height or (before is not None and one.height <= before.height):
        raise ConflictError("custody.credit_out_of_time", height=one.height)
    return Change().put("credit", member.id.encode(), CreditRow(one.grade, one.quota, one.height))
