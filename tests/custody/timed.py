"""A chain in which each entry has a time of its own: one more hour for every entry, so ways have dwell times."""

from tallyward.custody.fields import Part
from tallyward.custody.machine import Machine, read
from tallyward.custody.transactions import Accept, Activate, ActRequest, Offer, RnApprove, Transaction
from tests.custody.chain import NOW, OWN, hash_of, new_machine, signed

HOUR = 3600


def time_of(entry: int) -> int:
    """An hour an entry."""
    return NOW + entry * HOUR


class Chain:
    """Says things as one organisation after another."""

    def __init__(self) -> None:
        self.machine: Machine = new_machine()

    @property
    def now(self) -> int:
        """When the last entry was made."""
        return time_of(self.machine.size - 1)

    def say(self, one: Transaction, key: str) -> int:
        """The number of the entry."""
        machine = self.machine
        return machine.take(machine.judge(read(signed(machine.id, one, key)), time_of(machine.size)))

    def held(self, lot: str, start: int, end: int) -> Part:
        """A part as it stands."""
        number = self.machine.state.lots.rows[lot.encode()].number
        return Part(lot, start, end, self.machine.state.spans.chain(number, start)[0].cause)

    def offer(self, seller: str, buyer: str, lot: str, start: int, end: int, hours: int = 10_000) -> Offer:
        """An offer that stands for some hours after its entry."""
        one = Offer(seller, buyer, (self.held(lot, start, end),), self.now + (hours + 1) * HOUR, None)
        self.say(one, OWN[seller])
        return one

    def sell(self, seller: str, buyer: str, lot: str, start: int, end: int) -> int:
        """The number of the acceptance."""
        one = self.offer(seller, buyer, lot, start, end)
        return self.say(Accept(buyer, hash_of(self.machine, one)), OWN[buyer])

    def ask(self, lot: str, start: int, end: int) -> bytes:
        """A shop's request for activation; its hash."""
        one = ActRequest("SHOP", (self.held(lot, start, end),), bytes(32) * (end - start))
        self.say(one, "shop")
        return hash_of(self.machine, one)

    def activate(self, lot: str, start: int, end: int, person: bytes = b"person") -> int:
        """Asked for, approved for a person a card, active; the number of the activation."""
        request = self.ask(lot, start, end)
        cards = end - start
        bits = ((1 << cards) - 1).to_bytes((cards + 7) // 8, "little")
        persons = b"".join(person[:6].ljust(6, b".") + slot.to_bytes(6, "big") for slot in range(start, end))
        self.say(RnApprove("OP", request, bits, persons), "op-names")
        return self.say(Activate("OP", request), "op-names")
