"""What people do with the card ledger: hand entries in, look at it, follow a card, prove, ask for credit."""

import threading
from collections.abc import Sequence
from dataclasses import dataclass
from hashlib import sha256
from typing import Final

from nacl.signing import SigningKey

from tallyward.custody import disclosure, merkle, overview
from tallyward.custody.carton import Carton
from tallyward.custody.credit import Credit, credit_of_all
from tallyward.custody.credit_desk import CreditDesk
from tallyward.custody.credit_factors import FactorBook, collected
from tallyward.custody.credit_grades import Grade, grades
from tallyward.custody.disclosure import Sheet
from tallyward.custody.drafting import live_parts, live_runs, read_range
from tallyward.custody.entry import Entry, opened
from tallyward.custody.fields import Part
from tallyward.custody.look_ups import LookUp
from tallyward.custody.lots import commitment
from tallyward.custody.machine import Machine, read
from tallyward.custody.ports import CardBooks, Ledger, LookUpLog
from tallyward.custody.receipt import Receipt
from tallyward.custody.refusals import lot_of
from tallyward.custody.state import State
from tallyward.custody.trace import Trace, trace
from tallyward.custody.transactions import Accept, Deal, Offer, RegisterLot, Sale
from tallyward.kernel.clock import Clock
from tallyward.kernel.errors import ConflictError, InvalidError, NotFoundError, TallywardError
from tallyward.kernel.secret import Secret

_LEAST_PREFIX: Final = 6


@dataclass(frozen=True, slots=True)
class Taken:
    """An entry that the ledger took: its number, and the hash by which others name it."""

    number: int
    hash: bytes


class CustodyService:
    """One ledger with its operator's books. Safe for threads."""

    def __init__(self, ledger: Ledger, books: CardBooks, look_ups: LookUpLog, secret: SigningKey, clock: Clock) -> None:
        """`secret`: the log's key, which signs statements of credit too."""
        self._ledger = ledger
        self._books = books
        self._look_ups = look_ups
        self._secret = secret
        self._clock = clock
        self._counting = threading.Lock()
        self._counted: FactorBook | None = None

    # looking

    @property
    def ledger(self) -> Ledger:
        """The ledger as it is by now."""
        self._ledger.refresh()
        return self._ledger

    @property
    def machine(self) -> Machine:
        """What the ledger knows by now; to read."""
        return self.ledger.machine

    @property
    def state(self) -> State:
        """Its tables by now; to read."""
        return self.machine.state

    @property
    def now(self) -> int:
        """Seconds since 1970."""
        return int(self._clock.now().timestamp())

    def entry(self, number: int) -> Entry:
        """One entry; refuses with `custody.entry_unknown`."""
        return read(self._ledger.entry(number))

    def lots(self, operator: str | None = None) -> Sequence[overview.LotView]:
        """All lots; one operator's if told. Each is counted when it is looked at."""
        machine = self.machine
        return overview.lots(machine.state, machine.times, operator)

    def holdings(self, lot: str) -> Sequence[overview.Holding]:
        """Who holds what of a lot; refuses with `custody.lot_unknown`."""
        machine = self.machine
        return overview.holdings(machine.state, lot_of(machine.state, lot).number, machine.times)

    def offers(self) -> list[overview.OfferView]:
        """Offers in flight, the oldest first."""
        machine = self.machine
        return overview.offers(machine.state, machine.times)

    def requests(self) -> list[overview.RequestView]:
        """Requests for activation that wait."""
        return overview.requests(self.state)

    def members(self, operator: str | None = None) -> list[overview.MemberView]:
        """All members with their stock by age; of one operator's lots if told."""
        machine = self.machine
        return overview.members(machine.state, machine.times, self.now, operator)

    def find_card(self, number: str) -> tuple[str, int] | None:
        """(lot, slot) of a card number by the operator's books; None if it is in no lot."""
        return self._books.find(number)

    def trace(self, card: str) -> Trace:
        """The way of a card, by its number or as `LOT:SLOT`; refuses with `custody.number_unknown`."""
        machine = self.machine
        place = self._books.find(card)
        number: str | None = card if place else None
        if place is None:
            lot, start, end = read_range(card) if ":" in card else (card, None, None)
            row = machine.state.lots.get(lot.encode())
            if row is None or start is None or end != start + 1 or end > row.cards:
                raise NotFoundError("custody.number_unknown", number=card[:80])
            place = lot, start
        return trace(machine, self.entry, *place, self.now, number)

    def named(self, prefix: str, among: Sequence[bytes]) -> bytes:
        """The one hash that begins with some hex digits; refuses none or several with `custody.hash_unclear`."""
        wanted = prefix.strip().lower()
        found = [one for one in among if one.hex().startswith(wanted)] if len(wanted) >= _LEAST_PREFIX else []
        if len(found) != 1:
            raise InvalidError("custody.hash_unclear", hash=prefix[:64], found=len(found), least=_LEAST_PREFIX)
        return found[0]

    def deal(self, prefix: str) -> Entry:
        """The offer or sale whose hash begins with some hex digits; refuses none or several as `named` does."""
        wanted = prefix.strip().lower()
        entries = (entry for _, entry in (self.ledger.entries() if len(wanted) >= _LEAST_PREFIX else ()))
        alike = [read(one) for one in entries if sha256(opened(one)[0]).hexdigest().startswith(wanted)]
        found = {one.hash: one for one in alike if isinstance(one.transaction, Offer | Sale)}
        return found[self.named(prefix, list(found))]

    def cards(self, texts: Sequence[str]) -> tuple[Part, ...]:
        """Cards as people name them: numbers, `LOT`, `LOT:SLOT`, `LOT:FIRST-LAST`.

        Refuses with `custody.number_unknown`, `custody.lot_unknown`, `custody.range_form` or `custody.span_invalid`.
        """
        state = self.state
        single: list[tuple[str, int]] = []
        parts: list[Part] = []
        for text in texts:
            if place := self._books.find(text):
                single.append(place)
                continue
            lot, start, end = read_range(text)
            if state.lots.get(lot.encode()) is None and start is None:
                raise NotFoundError("custody.number_unknown", number=text[:80])
            row = lot_of(state, lot)
            parts += live_parts(state, lot, start or 0, row.cards if end is None else end)
        return tuple(sorted((*parts, *live_runs(state, single))))

    # saying

    def submit(self, entry: bytes) -> Taken:
        """Hand one entry in; refuses as the machine does."""
        (answer,) = self._ledger.submit([entry])
        if isinstance(answer, TallywardError):
            raise answer
        return Taken(answer, read(entry).hash)

    def register(
        self, operator: str, lot: str, numbers: Sequence[str], product: str, rules: str, secret: Secret[bytes]
    ) -> RegisterLot:
        """Keep the book of a new lot, and give the transaction that registers it.

        Refuses with `custody.lot_exists` or `custody.numbers_twice`. What is signed and submitted is the caller's.
        """
        if self.state.lots.get(lot.encode()) is not None:
            raise ConflictError("custody.lot_exists", lot=lot)
        if len(set(numbers)) < len(numbers):
            raise InvalidError("custody.numbers_twice", lot=lot)
        root = self._tried(lot, numbers)
        if root is None:
            root = commitment(lot, numbers, secret.reveal())
            self._books.drop(lot)  # of an attempt that ended before its lot was registered
            self._books.add(lot, numbers, secret)
        return RegisterLot(operator, lot, len(numbers), root, product, rules)

    def _tried(self, lot: str, numbers: Sequence[str]) -> bytes | None:
        """The root of an attempt with the same numbers, which validators may still agree on."""
        try:
            book = self._books.book(lot)
        except NotFoundError:
            return None
        same = list(book.numbers.reveal().values()) == list(numbers) and not book.forgotten
        return merkle.root_of(book.leaves(lot)) if same else None

    # handing over

    def sheets(self, deal: Deal, received: Sequence[Sheet]) -> tuple[Sheet, ...]:
        """What opens the cards of a deal: out of its seller's own books, else out of what the seller received.

        Refuses with `custody.no_book` and `custody.not_disclosed`.
        """
        own: dict[str, list[tuple[int, int]]] = {}
        for part in deal.parts:
            if lot_of(self.state, part.lot).operator == deal.seller:
                own.setdefault(part.lot, []).append((part.start, part.end))
        books = (disclosure.of_book(lot, self._books.book(lot), *runs) for lot, runs in own.items())
        return disclosure.of_parts([sheet for each in (*books, received) for sheet in each], deal.parts)

    # proving

    def receipt(self, number: int) -> Receipt:
        """The proof that an entry is in the log; refuses with `custody.entry_unknown`."""
        return self.ledger.receipt(number)

    def carton(self, number: int) -> Carton:
        """The paper of a handover, by the number of its sale or acceptance; refuses with `custody.no_acceptance`."""
        one = self.receipt(number)
        said = read(one.entry).transaction
        if isinstance(said, Sale):
            return Carton(b"", one)
        if isinstance(said, Accept):
            for earlier in range(number - 1, -1, -1):
                offer = self.entry(earlier)
                if offer.hash == said.offer:
                    return Carton(offer.body, one)
        raise InvalidError("custody.no_acceptance", number=number)

    # credit

    def credit(self, asker: str, about: str) -> tuple[Credit, bytes]:
        """(credit, signed statement) of an organisation for another; refuses whom it does not concern. Noted."""
        with self._counting:
            book = self._factors()
            desk = CreditDesk(book, self._ledger.head().head.root, self._look_ups, self._secret)
            return desk.ask(asker, about, self.now)

    def grades(self) -> list[Grade]:
        """What each member's grade should be by its credit, and is. Tells no score: grades are for all to see."""
        with self._counting:
            book = self._factors()
            return grades(book, credit_of_all(book))

    def look_ups(self, about: str) -> list[LookUp]:
        """Who was told the credit of an organisation, in the order in which it was."""
        with self._counting:
            return list(self._look_ups.of(about))

    def _factors(self) -> FactorBook:
        """What members did until now; kept until an entry more is there."""
        ledger = self.ledger
        if self._counted is None or self._counted.size != ledger.machine.size:
            self._counted = collected(ledger.entries())
        return self._counted
