"""A market of any number of organisations: days pass, real entries are signed, judged and kept."""

from hashlib import sha256
from itertools import pairwise

from nacl.signing import SigningKey

from tallyward.custody.authority import Purpose
from tallyward.custody.fields import Member, Part, Rules
from tallyward.custody.machine import Machine, read
from tallyward.custody.reports import Incident
from tallyward.custody.transactions import (
    Accept,
    Activate,
    ActRequest,
    Genesis,
    MemberAdd,
    Offer,
    RegisterLot,
    RnApprove,
    Transaction,
)
from tests.custody.chain import KEYS, NOW, ORIGIN, hash_of, signed

DAY = 86_400
RULES = Rules(
    "open",
    (("operator", "reseller"), ("operator", "retail"), ("reseller", "reseller"), ("reseller", "retail")),
    ("retail",),
    9,
    1 << 40,
)


def _member(name: str, kind: str) -> Member:
    purposes = {"operator": 7, "regulator": 5, "monitor": 9}.get(kind, 1)
    key = KEYS.setdefault(name, SigningKey(sha256(name.encode()).digest()))
    return Member(name, kind, name, ((bytes(key.verify_key), Purpose(purposes)),))


class Market:
    """OP issues, REG governs with it, MON tells of incidents; the others are given. Each day is a block."""

    def __init__(self, kinds: dict[str, str]) -> None:
        members = (_member("OP", "operator"), _member("REG", "regulator"), _member("MON", "monitor"))
        others = tuple(_member(name, kind) for name, kind in kinds.items())
        first = signed(b"", Genesis(ORIGIN, members + others, (RULES,), NOW), "OP", "REG")
        self.machine = Machine(first)
        self.entries: list[tuple[int, bytes]] = [(0, first)]
        self.now = NOW
        self._turn = 0
        self._person = 1
        self.pass_days(0)

    def pass_days(self, days: int) -> None:
        """Close the block, and let days go by."""
        self.entries.append((self.machine.size, self.machine.end_block(self.now)))
        self.now += days * DAY

    def say(self, one: Transaction, *keys: str) -> int:
        """The number of the entry."""
        data = signed(self.machine.id, one, *keys)
        number = self.machine.take(self.machine.judge(read(data), self.now))
        self.entries.append((number, data))
        return number

    def join(self, name: str, kind: str) -> None:
        """One more member."""
        self.say(MemberAdd(_member(name, kind), self._turn), "OP", "REG")
        self._turn += 1

    def lot(self, name: str, count: int) -> None:
        """Cards of the operator."""
        self.say(RegisterLot("OP", name, count, sha256(name.encode()).digest(), "NB-IoT", RULES.id), "OP")

    def held(self, lot: str, start: int, end: int) -> Part:
        """A part as it stands."""
        number = self.machine.state.lots.rows[lot.encode()].number
        return Part(lot, start, end, self.machine.state.spans.chain(number, start)[0].cause)

    def offer(self, seller: str, buyer: str, lot: str, start: int, end: int, days: int = 30) -> Offer:
        """An offer for some days."""
        one = Offer(seller, buyer, (self.held(lot, start, end),), self.now + days * DAY, None)
        self.say(one, seller)
        return one

    def sell(self, lot: str, start: int, end: int, *way: str) -> None:
        """From the first to the last, each to the next."""
        for seller, buyer in pairwise(way):
            one = self.offer(seller, buyer, lot, start, end)
            self.say(Accept(buyer, hash_of(self.machine, one)), buyer)

    def activate(self, shop: str, lot: str, start: int, end: int, rejected: int = 0) -> None:
        """The last `rejected` cards are not approved."""
        cards = end - start
        one = ActRequest(shop, (self.held(lot, start, end),), bytes(32) * cards)
        self.say(one, shop)
        good = cards - rejected
        persons = b"".join((self._person + each).to_bytes(12, "big") for each in range(good))
        self._person += good
        bits = ((1 << good) - 1).to_bytes((cards + 7) // 8, "little")
        request = hash_of(self.machine, one)
        self.say(RnApprove("OP", request, bits, persons), "OP")
        if good:
            self.say(Activate("OP", request), "OP")

    def incident(self, rule: str, lot: str, start: int, end: int) -> int:
        """What the monitor saw of cards as they stand."""
        evidence = sha256(f"{rule} {lot} {start} {self.machine.size}".encode()).digest()
        return self.say(Incident("MON", (self.held(lot, start, end),), evidence, rule), "MON")
