"""A ledger of eight organisations for tests: keys, signing, and the first entry."""

from datetime import UTC, datetime
from hashlib import sha256

import pytest
from nacl.signing import SigningKey

from tallyward.custody.authority import SIGNS_TOO, Purpose
from tallyward.custody.entry import DOMAIN, Signature, body_of, entry_of, key_id
from tallyward.custody.fields import Member, Part, Rules
from tallyward.custody.forms import SPEAKER
from tallyward.custody.machine import Machine, read
from tallyward.custody.transactions import (
    Accept,
    Activate,
    ActRequest,
    Genesis,
    Offer,
    RegisterLot,
    RnApprove,
    Transaction,
)
from tallyward.kernel.errors import TallywardError

ORIGIN = "ledger.example/cards"
START = datetime(2026, 3, 1, tzinfo=UTC)
NOW = int(START.timestamp())
LATER = NOW + 86_400
KEYS = {
    name: SigningKey(sha256(name.encode()).digest())
    for name in (
        "op",
        "op-names",
        "op2",
        "reseller",
        "shop",
        "regulator",
        "log",
        "new",
        "stranger",
        "maker",
        "unit",
        "watch",
    )
}
RULES = Rules(
    "cn-2019-chain",
    (
        ("operator", "reseller"),
        ("operator", "retail"),
        ("reseller", "reseller"),
        ("reseller", "retail"),
        ("reseller", "operator"),
        ("retail", "reseller"),
        ("operator", "maker"),
    ),
    ("retail",),
    6,
    3,
    binding=("maker",),
    device_pairs=(("maker", "unit"),),
)
OWN = {
    "OP": "op",
    "OP2": "op2",
    "RES": "reseller",
    "SHOP": "shop",
    "REG": "regulator",
    "MAKER": "maker",
    "UNIT": "unit",
    "WATCH": "watch",
}
"""Each organisation's key, for trade where it trades."""


def public(name: str) -> bytes:
    """A public key."""
    return bytes(KEYS[name].verify_key)


MEMBERS = (
    Member("OP", "operator", "Operator", ((public("op"), Purpose.TRADE | Purpose.GOVERN), (public("op-names"), 2))),
    Member("OP2", "operator", "Other operator", ((public("op2"), Purpose.TRADE | Purpose.REAL_NAME | Purpose.GOVERN),)),
    Member("RES", "reseller", "Reseller", ((public("reseller"), 1),)),
    Member("SHOP", "retail", "Shop", ((public("shop"), 3),)),
    Member("REG", "regulator", "Regulator", ((public("regulator"), Purpose.GOVERN | Purpose.TRADE),)),
    Member("MAKER", "maker", "Maker of meters", ((public("maker"), 1),)),
    Member("UNIT", "unit", "Water works", ((public("unit"), 1),)),
    Member("WATCH", "monitor", "Control centre", ((public("watch"), Purpose.MONITOR),)),
)


def signed(ledger: bytes, one: Transaction, *keys: str) -> bytes:
    """The entry of a transaction, signed by some keys."""
    body = body_of(ledger, one)
    return entry_of(
        body, tuple(Signature(key_id(public(key)), KEYS[key].sign(DOMAIN + body).signature) for key in keys)
    )


def genesis() -> bytes:
    """The first entry."""
    return signed(b"", Genesis(ORIGIN, MEMBERS, (RULES,), NOW), "op", "op2", "regulator")


def new_machine() -> Machine:
    """A ledger of members without cards."""
    return Machine(genesis())


def say(machine: Machine, one: Transaction, *keys: str, now: int = NOW) -> int:
    """Take a transaction; its number. Signed by the trade keys of who must, if no key is told."""
    hands = [SPEAKER[one.kind], *([SIGNS_TOO[one.kind]] if one.kind in SIGNS_TOO else [])]
    who = keys or tuple(OWN[str(getattr(one, hand))] for hand in hands)
    return machine.take(machine.judge(read(signed(machine.id, one, *who)), now))


def code(machine: Machine, one: Transaction, *keys: str, now: int = NOW) -> str:
    """The code of the refusal; the state must not change."""
    before = machine.state.root()
    with pytest.raises(TallywardError) as caught:
        say(machine, one, *keys, now=now)
    assert machine.state.root() == before
    return caught.value.code.removeprefix("custody.")


def activated(machine: Machine, cards: int, persons: bytes | None = None) -> int:
    """Sell the first cards of a new lot to the shop and activate them; the number of the activation."""
    held = sell(machine, "OP", "SHOP", Part("LOT", 0, cards, lot(machine)))
    asked = ActRequest("SHOP", (Part("LOT", 0, cards, held),), bytes(32 * cards))
    say(machine, asked)
    request = hash_of(machine, asked)
    each = persons or b"".join(b"%012d" % at for at in range(1, cards + 1))
    bits = ((1 << cards) - 1).to_bytes((cards + 7) // 8, "little")
    say(machine, RnApprove("OP", request, bits, each), "op-names")
    return say(machine, Activate("OP", request), "op-names")


def hash_of(machine: Machine, one: Transaction) -> bytes:
    """By which others name a transaction."""
    return sha256(body_of(machine.id, one)).digest()


def lot(machine: Machine, name: str = "LOT", count: int = 1000) -> int:
    """Register a lot; the number of the entry."""
    return say(machine, RegisterLot("OP", name, count, sha256(name.encode()).digest(), "NB-IoT", RULES.id), "op")


def sell(machine: Machine, seller: str, buyer: str, *parts: Part, terms: bytes | None = None) -> int:
    """Offer and accept; the number of the acceptance."""
    offer = Offer(seller, buyer, parts, LATER, terms)
    say(machine, offer, OWN[seller])
    return say(machine, Accept(buyer, hash_of(machine, offer)), OWN[buyer])
