"""A ledger with rows in every table and cards in every state, its entries, and what makes two machines the same."""

from tallyward.custody.card_orders import Cancel, Find, Lose, Quarantine, Recycle, Resume, Suspend
from tallyward.custody.fields import Part
from tallyward.custody.machine import Machine, read
from tallyward.custody.reports import CreditSet, Incident, KeyDestroyed, OrderSuspend, StockReport
from tallyward.custody.snapshot import Snapshot, snapshot
from tallyward.custody.state import TABLES
from tallyward.custody.tallies import Tallies
from tallyward.custody.transactions import (
    Accept,
    Activate,
    ActRequest,
    BindDevice,
    KeyRevoke,
    MemberRemove,
    Offer,
    RegisterLot,
    RnApprove,
    RulesSet,
    Sale,
    Transaction,
)
from tests.custody.chain import LATER, NOW, OWN, RULES, genesis, hash_of, public, signed

ALL = ("op", "op2", "regulator")


class Told:
    """A machine and all that it was told, by number."""

    def __init__(self) -> None:
        self.log = [genesis()]
        self.machine = Machine(self.log[0])
        self.now = NOW
        self.end()

    def end(self) -> None:
        """Close the block; the next one is an hour later."""
        self.log.append(self.machine.end_block(self.now))
        self.now += 3600

    def say(self, one: Transaction, *keys: str) -> int:
        """The number of the entry."""
        who = keys or (OWN[str(getattr(one, "by", None) or getattr(one, "seller", None) or "OP")],)
        data = signed(self.machine.id, one, *who)
        self.log.append(data)
        return self.machine.take(self.machine.judge(read(data), self.now))

    def active(self, lot: str, start: int, end: int, held: int) -> int:
        """Cards of the shop become active; the number of the activation."""
        asked = ActRequest("SHOP", (Part(lot, start, end, held),), bytes(32 * (end - start)))
        self.say(asked, "shop")
        request = hash_of(self.machine, asked)
        bits = ((1 << end - start) - 1).to_bytes((end - start + 7) // 8, "little")
        persons = b"".join(b"p%03d%08d" % (start // 3, at) for at in range(start, end))
        self.say(RnApprove("OP", request, bits, persons), "op-names")
        return self.say(Activate("OP", request), "op-names")

    def restored(self) -> Machine:
        """The machine as its snapshot and the log give it."""
        found = Snapshot(snapshot(self.machine))
        return found.machine(self.log[0], [self.log[end] for end in found.ends.tolist()])


def everything() -> Told:
    """Of all that can be said, something."""
    told = Told()
    say = told.say
    first = say(RegisterLot("OP", "LOT", 1000, bytes(32), "NB-IoT", RULES.id))
    say(RegisterLot("OP", "B", 50, b"b" * 32, "NB-IoT", RULES.id))
    told.end()
    held = say(Sale("OP", "SHOP", (Part("LOT", 0, 100, first),), None), "op", "shop")
    offer = Offer("OP", "RES", (Part("LOT", 100, 200, first), Part("LOT", 300, 400, first)), LATER, None)
    say(offer)
    passed = say(Accept("RES", hash_of(told.machine, offer)), "reseller")
    say(Offer("RES", "SHOP", (Part("LOT", 110, 120, passed),), LATER, b"t" * 32))
    told.end()
    active = told.active("LOT", 0, 20, held)
    told.active("LOT", 20, 24, held)
    waits = ActRequest("SHOP", (Part("LOT", 30, 40, held),), bytes(320))
    say(waits, "shop")
    asked = ActRequest("SHOP", (Part("LOT", 50, 53, held),), bytes(96))
    say(asked, "shop")
    say(RnApprove("OP", hash_of(told.machine, asked), b"\x05", b"one person..another one."), "op-names")
    say(OrderSuspend("REG", (Part("LOT", 4, 9, active),), told.now + 7200, "open"))
    say(OrderSuspend("REG", (Part("LOT", 10, 12, active),), told.now + 7200, "met"))
    stopped = say(Suspend("OP", (Part("LOT", 10, 14, active),), "asked"))
    say(Resume("OP", (Part("LOT", 12, 13, stopped),), "asked"))
    ended = say(Cancel("OP", (Part("LOT", 0, 4, active),), "ended"))
    rests = say(Quarantine("OP", (Part("LOT", 1, 4, ended),), "rests"))
    free = say(Recycle("OP", (Part("LOT", 2, 4, rests),), "free"))
    say(RegisterLot("OP", "AGAIN", 1, b"a" * 32, "NB-IoT", RULES.id, (Part("LOT", 3, 4, free),)))
    lost = say(Lose("RES", (Part("LOT", 150, 160, passed),), "stolen"))
    say(Find("RES", (Part("LOT", 155, 158, lost),), "there"))
    told.end()
    made = say(Sale("OP", "MAKER", (Part("LOT", 500, 520, first),), None), "op", "maker")
    tied = say(BindDevice("MAKER", (Part("LOT", 500, 505, made),), b"d" * 160))
    say(BindDevice("MAKER", (Part("LOT", 502, 503, tied),), b"e" * 32))
    say(StockReport("RES", told.now, (("LOT", 190),)))
    say(Incident("WATCH", (Part("LOT", 4, 6, held),), b"i" * 32, "voice"))
    say(KeyDestroyed("SHOP", b"k" * 32), "shop")
    say(CreditSet("WATCH", "RES", "B", 5000, 2))
    say(RulesSet(RULES._replace(id="next", since=99), 0), *ALL)
    say(RulesSet(RULES._replace(since=50, most_hops=2), 1), *ALL)
    say(MemberRemove("UNIT", 2), *ALL)
    say(KeyRevoke("MAKER", public("maker"), 3), *ALL)
    told.end()
    return told


def same(one: Machine, other: Machine) -> None:
    """Whether nothing tells two machines apart."""
    for name in ("id", "origin", "size", "height", "time"):
        assert getattr(one, name) == getattr(other, name), name
    assert one.times.ends == other.times.ends
    assert [one.times(end) for end in one.times.ends] == [other.times(end) for end in other.times.ends]
    mine, yours = one.state, other.state
    for name in TABLES:
        rows, others = (list(getattr(state, name).rows.items()) for state in (mine, yours))
        assert rows == others, name
        assert [type(row) for _, row in rows] == [type(row) for _, row in others]
    assert mine.turn == yours.turn
    assert (mine.members_by_number, mine.lots_by_number) == (yours.members_by_number, yours.lots_by_number)
    assert mine.spans.history == yours.spans.history
    for lot in range(len(mine.lots_by_number)):
        assert list(mine.spans.standing(lot)) == list(yours.spans.standing(lot))
    same_counts(mine.tallies, yours.tallies)
    assert mine.root() == yours.root()
    assert snapshot(one) == snapshot(other)


def same_counts(one: Tallies, other: Tallies) -> None:
    """Whether the same is counted; what is zero may be there or not."""
    assert (one.persons, one.held, one.coming) == (other.persons, other.held, other.coming)
    stock, orders = (
        [{key: dict(each) for key, each in kept.items() if each} for kept in (getattr(one, name), getattr(other, name))]
        for name in ("stock", "orders")
    )
    assert stock[0] == stock[1]
    assert orders[0] == orders[1]
