"""A request for activation with real-name material, for tests."""

from hashlib import sha256

from tallyward.custody import identity, lots, real_name
from tallyward.custody.entry import Entry
from tallyward.custody.fields import Part
from tallyward.custody.kept import Kept
from tallyward.custody.machine import Machine, read
from tallyward.custody.real_name import Material
from tallyward.custody.transactions import ActRequest, RegisterLot
from tallyward.kernel.secret import Secret
from tests.custody.chain import RULES, new_machine, say, sell, signed

NUMBERS = [f"898604B{one:013d}" for one in range(20)]
LOT_SECRET = Secret(bytes(range(32)))
GROUP = Secret(sha256(b"group").digest())
PEOPLE = [("cn-id", "11010519491231002X", "张三丰"), ("passport-USA", "E12345678", "Jane Q. Doe")]


def random_of(name: str, size: int = 32) -> bytes:
    """Bytes that a real caller draws at random."""
    return sha256(f"random {name}".encode()).digest()[:size]


def material(number: int) -> Material:
    """What proves the person with a card."""
    person = identity.of(*PEOPLE[number % len(PEOPLE)])
    return Material(person, Secret(f"picture {number}".encode() * 50), Secret(random_of(f"salt {number}")))


def in_shop() -> tuple[Machine, int]:
    """A ledger whose shop holds a lot of 20 cards; the event by which it does."""
    machine = new_machine()
    root = lots.commitment("LOT", NUMBERS, LOT_SECRET.reveal())
    cause = say(machine, RegisterLot("OP", "LOT", 20, root, "NB-IoT", RULES.id), "op")
    return machine, sell(machine, "OP", "SHOP", Part("LOT", 0, 20, cause))


def asked(machine: Machine, cause: int, start: int = 0, end: int = 3) -> tuple[Entry, list[Kept]]:
    """A request that the ledger took, and its sealed material."""
    part = Part("LOT", start, end, cause)
    cards = real_name.cards_of(ActRequest("SHOP", (part,), b""))
    proofs = [material(card.slot) for card in cards]
    entry = read(signed(machine.id, ActRequest("SHOP", (part,), real_name.hashes(machine.id, cards, proofs)), "shop"))
    machine.take(machine.judge(entry, machine.time))
    keys = [Secret(random_of(f"key {card.slot}")) for card in cards]
    return entry, real_name.sealed(machine.state, entry, proofs, keys)
