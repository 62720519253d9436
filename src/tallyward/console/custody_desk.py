"""What a visitor may see of the card ledger: all of it, or what concerns one operator's lots.

One visitor at a time: the ledger takes up what other processes added in the middle of any look at it.
"""

import threading
from collections.abc import Container, Sequence
from dataclasses import dataclass, replace
from typing import Final, TypeVar

from tallyward.console.ports import CardLedger
from tallyward.custody.checkpoint import NoteKey, SignedCheckpoint
from tallyward.custody.credit import Credit
from tallyward.custody.credit_statement import Statement, verify
from tallyward.custody.look_ups import Ground, LookUp
from tallyward.custody.overview import Holding, LotView, MemberView, OfferView, RequestView
from tallyward.custody.receipt import Receipt
from tallyward.custody.refusals import lot_of
from tallyward.custody.trace import Trace
from tallyward.kernel.errors import ForbiddenError, NotFoundError
from tallyward.kernel.paging import Page, PageRequest, encode_cursor

Row = TypeVar("Row")

MOST_ROWS: Final = 200
_HOUR: Final = 3_600
"""Members, offers and requests of one answer; their totals are told beside them."""


@dataclass(frozen=True, slots=True)
class Standing:
    """How the ledger stands. `time`: of its newest block; `cards`: of `lots` lots; totals are of all one may see."""

    head: SignedCheckpoint
    entries: int
    blocks: int
    time: int
    lots: int
    cards: int
    members: Sequence[MemberView]
    members_total: int
    offers: Sequence[OfferView]
    offers_total: int
    requests: Sequence[RequestView]
    requests_total: int


@dataclass(frozen=True, slots=True)
class Told:
    """An answer about credit: computed, as it is signed, and the signed bytes."""

    credit: Credit
    statement: Statement
    signed: bytes


class CustodyDesk:
    """`operator` of its methods: whose lots one may see, by code; None: everybody's."""

    def __init__(self, service: CardLedger, log: NoteKey) -> None:
        """`log`: the key that signs heads and statements."""
        self._service = service
        self._lock = threading.Lock()
        self._aged: dict[str | None, tuple[tuple[int, int], list[MemberView]]] = {}
        self.log = log

    def standing(self, operator: str | None) -> Standing:
        """How the ledger stands; the members with the oldest stock first."""
        with self._lock:
            service = self._service
            machine = service.machine
            lots = {one.id: one.cards for one in machine.state.lots.rows.values() if operator in {None, one.operator}}
            offers = [part for one in service.offers() if (part := _of_lots(one, lots)).parts]
            requests = [one for one in service.requests() if operator in {None, one.operator}]
            members = self._members(operator)
            return Standing(
                head=service.ledger.head(),
                entries=machine.size,
                blocks=machine.height,
                time=machine.times(machine.size - 1),
                lots=len(lots),
                cards=sum(lots.values()),
                members=members[:MOST_ROWS],
                members_total=len(members),
                offers=offers[:MOST_ROWS],
                offers_total=len(offers),
                requests=requests[:MOST_ROWS],
                requests_total=len(requests),
            )

    def lots(self, operator: str | None, page: PageRequest) -> Page[LotView]:
        """Lots in the order of their registration."""
        with self._lock:
            return _page(self._service.lots(operator), page)

    def holdings(self, operator: str | None, lot: str, page: PageRequest) -> Page[Holding]:
        """Who holds what of a lot, by slot; refuses a lot that one may not see as one that is not there."""
        with self._lock:
            if operator not in {None, lot_of(self._service.machine.state, lot).operator}:
                raise NotFoundError("custody.lot_unknown", lot=lot)
            return _page(self._service.holdings(lot), page)

    def trace(self, card: str, operator: str | None) -> Trace | None:
        """The way of a card; None if it is in no lot, or in another operator's."""
        with self._lock:
            try:
                found = self._service.trace(card)
            except NotFoundError:
                return None
            return found if operator in {None, found.operator} else None

    def receipt(self, number: int) -> Receipt:
        """The proof of an entry; refuses with `custody.entry_unknown`."""
        with self._lock:
            return self._service.receipt(number)

    def names(self) -> dict[str, str]:
        """What members are called, by their code."""
        with self._lock:
            return {row.id: row.name for row in self._service.machine.state.members.rows.values()}

    def only(self, kind: Ground) -> str:
        """The one live member of a kind, for a visitor who is of no organisation; refuses if there is no such one."""
        with self._lock:
            rows = self._service.machine.state.members.rows.values()
            found = [row.id for row in rows if row.kind == kind and not row.gone]
        if len(found) != 1:
            raise ForbiddenError("console.no_organisation", kind=kind.value, members=len(found))
        return found[0]

    def partners(self, asker: str) -> list[MemberView]:
        """About whom a member may ask: operators and regulators about all, others about who has an offer open."""
        with self._lock:
            members = self._service.members()
            kind = next((one.kind for one in members if one.id == asker), None)
            if kind in (Ground.OPERATOR, Ground.REGULATOR):
                return members
            now = self._service.now
            pairs = [{one.seller, one.buyer} for one in self._service.offers() if one.expires > now]
            known = {asker}.union(*(pair for pair in pairs if asker in pair))
            return [one for one in members if one.id in known]

    def _members(self, operator: str | None) -> list[MemberView]:
        """The oldest stock first. Every span has to be looked at, so it is done again only for new entries or hours."""
        version = self._service.machine.size, self._service.now // _HOUR
        known = self._aged.get(operator)
        if known is None or known[0] != version:
            found = self._service.members(operator)
            found = [one for one in found if operator is None or one.stock or one.id == operator]
            found.sort(key=lambda one: one.by_age[::-1], reverse=True)
            self._aged[operator] = known = version, found
        return known[1]

    def credit(self, asker: str, about: str) -> Told:
        """The credit of an organisation, noted; refuses as `custody.look_ups.ground` does."""
        with self._lock:
            found, signed = self._service.credit(asker, about)
            return Told(found, verify(signed, [self.log.public], self._service.now), signed)

    def look_ups(self, about: str) -> list[LookUp]:
        """Who was told the credit of an organisation, the newest first."""
        with self._lock:
            return self._service.look_ups(about)[::-1]


def _of_lots(offer: OfferView, lots: Container[str]) -> OfferView:
    """What an offer says of some lots."""
    parts = tuple(part for part in offer.parts if part[0] in lots)
    return replace(offer, parts=parts, cards=sum(end - start for _, start, end in parts))


def _page(rows: Sequence[Row], page: PageRequest) -> Page[Row]:
    """Rows by their place."""
    begin = max(int(page.after[0]), 0) if page.after else 0
    end = begin + page.limit
    return Page(tuple(rows[begin:end]), encode_cursor((end,)) if end < len(rows) else None)
