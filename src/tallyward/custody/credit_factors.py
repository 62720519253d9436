"""Collects from a ledger's entries what credit is made of, one entry after another. Pure; see `replay` for the walk.

A book that took the entries up to a height is all that scores of that height need, so a ledger that goes on is never
read twice. Kinds of entries that a ledger does not have yet leave no trace.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping
from itertools import groupby
from typing import Any, Final, NamedTuple

from tallyward.custody.block_times import BlockTimes
from tallyward.custody.break_kinds import Break
from tallyward.custody.credit_history import DAY, UNIT, Deed, History
from tallyward.custody.credit_terms import HOPS, OFFER_GRACE_DAYS, PROVEN, UNREGISTERED_RULES, Factor
from tallyward.custody.fields import Part
from tallyward.custody.machine import Machine
from tallyward.custody.refusals import pieces
from tallyward.custody.replay import Step, replay
from tallyward.custody.reports import Incident, OrderSuspend, StockReport
from tallyward.custody.spans import Span
from tallyward.custody.state import State
from tallyward.custody.transactions import (
    Accept,
    Activate,
    Genesis,
    Kind,
    MemberAdd,
    RegisterLot,
    Reject,
    RnApprove,
    RnReject,
    Sale,
    Withdraw,
)

_BREAKS: Final = frozenset(Break)
_MONTH: Final = 30
"""Days in which many stock reports expose as one."""


class Order(NamedTuple):
    """A regulator's order to suspend cards until a time."""

    entry: int
    deadline: int
    parts: tuple[Part, ...]


class FactorBook:
    """What is known of each organisation after `size` entries, at the time `now` of the last block."""

    def __init__(self) -> None:
        """Before the first entry."""
        self.histories: dict[str, History] = {}
        self.orders: list[Order] = []
        self.times = BlockTimes()
        self.now = 0
        self.size = 0
        self._machine: Machine | None = None

    @property
    def machine(self) -> Machine:
        """The ledger's own state at this height; to read."""
        if self._machine is None:
            raise ValueError("the book has taken no entry yet")
        return self._machine

    def take(self, step: Step) -> None:
        """The next entry."""
        self._machine = step.machine
        noted = _NOTED.get(step.entry.transaction.kind)
        if noted is not None:
            noted(self, step, step.entry.transaction, step.time // DAY)
        if step.entry.transaction.kind is Kind.BLOCK_END:
            self.times.add(step.number, step.time)
            self.now, self.size = step.time, step.number + 1

    def _joined(self, step: Step, members: Iterable[str]) -> None:
        for member in members:
            self.histories.setdefault(member, History((step.number, step.time // DAY)))

    def genesis(self, step: Step, one: Genesis, _: int) -> None:
        """The first members."""
        self._joined(step, (each.id for each in one.members))

    def member_add(self, step: Step, one: MemberAdd, _: int) -> None:
        """Who joins again keeps its history."""
        self._joined(step, [one.member.id])

    def register(self, _: Step, one: RegisterLot, day: int) -> None:
        """An operator's own cards."""
        self._took_over(one.operator, one.count, day)

    def accept(self, step: Step, one: Accept, day: int) -> None:
        """Cards change hands: the buyer has to keep them, the seller answers for the way and for whom it sold them to.

        Cards that come back to somebody count no second time: going round in circles makes nobody look better.
        """
        row = step.machine.state.offers.rows[one.offer]
        self._sold(step.machine.state, row.seller, row.buyer, row.parts, day)

    def sale(self, step: Step, one: Sale, day: int) -> None:
        """The same, at once."""
        state = step.machine.state
        parts = ((piece.lot.number, piece.start, piece.end) for _, piece in pieces(state, one.parts))
        self._sold(state, one.seller, one.buyer, parts, day)

    def _sold(self, state: State, by: str, to: str, parts: Iterable[tuple[int, int, int]], day: int) -> None:
        buyer, seller = self.histories[to], self.histories[by]
        fresh = False
        for lot, start, end in parts:
            hands = [state.members_by_number[one] for one, _ in groupby(_holders(state, lot, start))]
            if to in hands:
                continue
            fresh = True
            self._took_over(to, end - start, day)
            if hands.count(by) == 1:
                seller.expose(Factor.DESCENDANTS, day, end - start)
                seller.expose(Factor.BREAKS, day, end - start)
        for history in (buyer, seller) if fresh else ():
            history.expose(Factor.REFUSED, day, 1)

    def _took_over(self, member: str, cards: int, day: int) -> None:
        self.histories[member].expose(Factor.UNREGISTERED, day, cards)
        self.histories[member].expose(Factor.BREAKS, day, cards)

    def settled(self, step: Step, one: Withdraw | Reject, day: int) -> None:
        """An offer that was taken back or refused long after its deadline was a break until then."""
        row = step.machine.state.offers.rows[one.offer]
        if step.time > row.expires + OFFER_GRACE_DAYS * DAY:
            units = UNIT * sum(end - start for _, start, end in row.parts)
            self.histories[row.seller].blame(Factor.BREAKS, one.offer, Deed(step.number, day, units))

    def approve(self, step: Step, one: RnApprove, day: int) -> None:
        """Cards without a set bit were rejected."""
        row = step.machine.state.requests.rows[one.request]
        cards = _slots(row.parts)
        self._real_names(step, row.shop, cards, cards - int.from_bytes(one.approved, "little").bit_count(), day)

    def reject(self, step: Step, one: RnReject, day: int) -> None:
        """All cards of a request were rejected."""
        row = step.machine.state.requests.rows[one.request]
        self._real_names(step, row.shop, _slots(row.parts), _slots(row.parts), day)

    def _real_names(self, step: Step, shop: str, cards: int, rejected: int, day: int) -> None:
        self.histories[shop].expose(Factor.REAL_NAME, day, cards)
        if rejected:
            self.histories[shop].blame(Factor.REAL_NAME, step.number, Deed(step.number, day, rejected * UNIT))

    def activate(self, step: Step, one: Activate, day: int) -> None:
        """The point of sale answers for its users."""
        state = step.machine.state
        row = state.requests.rows[one.request]
        self.histories[row.shop].expose(Factor.DESCENDANTS, day, _slots(row.parts))

    def stock_report(self, step: Step, one: StockReport, day: int) -> None:
        """What a member counts, beside what the ledger says; lots not named count as empty."""
        state = step.machine.state
        told = {state.lots.rows[lot.encode()].number: cards for lot, cards in one.stock}
        held: Mapping[int, int] = state.tallies.stock.get(state.members.rows[one.by.encode()].number, {})
        differing = sum(abs(told.get(lot, 0) - held.get(lot, 0)) for lot in {*told, *held})
        cards = max(sum(told.values()), sum(held.values()))
        self.histories[one.by].expose(Factor.STOCK_REPORT, day, cards, once=day // _MONTH)
        if differing:
            deed = Deed(step.number, day, differing * UNIT)
            self.histories[one.by].blame(Factor.STOCK_REPORT, step.number, deed)

    def order_suspend(self, step: Step, one: OrderSuspend, day: int) -> None:
        """Whether it is kept in time shows later; see `credit_present`."""
        self.orders.append(Order(step.number, one.deadline, one.parts))
        for part in one.parts:
            operator = step.machine.state.lots.rows[part.lot.encode()].operator
            self.histories[operator].expose(Factor.LATENESS, day, part.end - part.start)

    def incident(self, step: Step, one: Incident, day: int) -> None:
        """`rule@member`: an attempt of that member's. Else the cards' holder under the event that is named did it."""
        rule, _, member = one.rule.partition("@")
        if member:
            self._attempt(step, rule, member, day)
            return
        state = step.machine.state
        for part in one.parts:
            for start, end, way in _ways(state, part):
                units = (end - start) * UNIT
                self._blame_way(state, rule, (part.lot, start, end), way, Deed(step.number, day, units))

    def _attempt(self, step: Step, rule: str, member: str, day: int) -> None:
        history = self.histories.get(member)
        if history is not None:
            history.blame(Factor.REFUSED, step.number, Deed(step.number, day, UNIT))
            if rule in PROVEN:
                history.proven.append(Deed(step.number, day, UNIT))

    def _blame_way(self, state: State, rule: str, what: object, way: list[Span], deed: Deed) -> None:
        """The holder, and for unregistered use and misuse those who sold the cards on."""
        hands = _hands(state, way)
        if rule in _BREAKS:
            factor = Factor.UNREGISTERED if rule in UNREGISTERED_RULES else Factor.BREAKS
            self.histories[hands[0]].blame(factor, what, deed)
            if factor is Factor.BREAKS:
                return
            hands = hands[1:]
        for member, quarters in zip(hands, HOPS, strict=False):
            units = deed.units * quarters // HOPS[0]
            self.histories[member].blame(Factor.DESCENDANTS, (rule, what), deed._replace(units=units))


def collected(entries: Iterable[tuple[int, bytes]]) -> FactorBook:
    """The book of (number, entry) of a ledger; what comes after the last block's end is left out."""
    book = FactorBook()
    for step in replay(entries):
        book.take(step)
    return book


def _holders(state: State, lot: int, slot: int) -> Iterator[int]:
    """Who had a card, the last one first; once for each stage."""
    return (span.holder for span in state.spans.chain(lot, slot))


def _slots(parts: tuple[tuple[int, int, int], ...]) -> int:
    return sum(end - start for _, start, end in parts)


def _ways(state: State, part: Part) -> Iterator[tuple[int, int, list[Span]]]:
    """(start, end, way back from the event that the part names) of each piece with one way."""
    lot = state.lots.rows[part.lot.encode()].number
    start = part.start
    while start < part.end:
        way = state.spans.chain(lot, start)
        end = min(part.end, way[0].end)
        named = next((at for at, span in enumerate(way) if span.cause == part.cause), 0)
        yield start, end, way[named:]
        start = end


def _hands(state: State, way: list[Span]) -> list[str]:
    """Whose hands cards went through, the last ones first; each once, where it had them last."""
    return list(dict.fromkeys(state.members_by_number[span.holder] for span in way))


_Noted = Callable[[FactorBook, Step, Any, int], None]
_NOTED: Final[dict[Kind, _Noted]] = {
    Kind.GENESIS: FactorBook.genesis,
    Kind.MEMBER_ADD: FactorBook.member_add,
    Kind.REGISTER_LOT: FactorBook.register,
    Kind.ACCEPT: FactorBook.accept,
    Kind.SALE: FactorBook.sale,
    Kind.WITHDRAW: FactorBook.settled,
    Kind.REJECT: FactorBook.settled,
    Kind.RN_APPROVE: FactorBook.approve,
    Kind.RN_REJECT: FactorBook.reject,
    Kind.ACTIVATE: FactorBook.activate,
    Kind.STOCK_REPORT: FactorBook.stock_report,
    Kind.ORDER_SUSPEND: FactorBook.order_suspend,
    Kind.INCIDENT: FactorBook.incident,
}
