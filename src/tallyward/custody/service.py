"""What people do with the card ledger: hand entries in, look at it, follow a card, prove, ask for credit."""

import threading
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from nacl.signing import SigningKey

from tallyward.custody import overview
from tallyward.custody.carton import Carton
from tallyward.custody.credit import Credit
from tallyward.custody.credit_desk import CreditDesk
from tallyward.custody.credit_factors import FactorBook, collected
from tallyward.custody.drafting import live_parts, live_runs, read_range
from tallyward.custody.entry import Entry
from tallyward.custody.fields import Part
from tallyward.custody.look_ups import LookUp
from tallyward.custody.lots import commitment
from tallyward.custody.machine import Machine, read
from tallyward.custody.ports import CardBooks, Ledger, LookUpLog
from tallyward.custody.receipt import Receipt
from tallyward.custody.refusals import lot_of
from tallyward.custody.state import State
from tallyward.custody.trace import Trace, trace
from tallyward.custody.transactions import Accept, RegisterLot, Sale
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

    def lots(self) -> list[overview.LotView]:
        """All lots."""
        machine = self.machine
        return list(overview.lots(machine.state, machine.times))

    def holdings(self, lot: str) -> list[overview.Holding]:
        """Who holds what of a lot; refuses with `custody.lot_unknown`."""
        machine = self.machine
        return list(overview.holdings(machine.state, lot_of(machine.state, lot).number, machine.times))

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
        secret = self._tried(lot, numbers) or secret
        root = commitment(lot, numbers, secret.reveal())
        self._books.drop(lot)  # of an attempt that ended before its lot was registered
        self._books.add(lot, numbers, secret)
        return RegisterLot(operator, lot, len(numbers), root, product, rules)

    def _tried(self, lot: str, numbers: Sequence[str]) -> Secret[bytes] | None:
        """The secret of an attempt with the same numbers, which validators may still agree on."""
        try:
            same = self._books.numbers(lot, 0, len(numbers)) == list(numbers)
            return self._books.secret(lot) if same else None
        except NotFoundError:
            return None

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
            ledger = self.ledger
            if self._counted is None or self._counted.size != ledger.machine.size:
                self._counted = collected(ledger.entries())
            desk = CreditDesk(self._counted, ledger.head().head.root, self._look_ups, self._secret)
            return desk.ask(asker, about, self.now)

    def look_ups(self, about: str) -> list[LookUp]:
        """Who was told the credit of an organisation, in the order in which it was."""
        with self._counting:
            return list(self._look_ups.of(about))
