from tallyward.custody.authority import Purpose
from tallyward.custody.entry import Entry
from tallyward.custody.fields import Member, Part
from tallyward.custody.machine import Machine, read
from tallyward.custody.signing import signed
from tallyward.custody.trace import trace
from tallyward.custody.transactions import Accept, KeyRevoke, Kind, MemberAdd, Offer, RegisterLot, Transaction
from tests.custody.chain import KEYS, LATER, NOW, RULES, new_machine, public


class Told:
    """A machine with its entries kept."""

    def __init__(self) -> None:
        self.machine: Machine = new_machine()
        self.machine.end_block(NOW)
        self.entries: dict[int, Entry] = {}

    def say(self, one: Transaction, *keys: str) -> int:
        data = read(signed(self.machine.id, one, *(KEYS[key] for key in keys)))
        number = self.machine.take(self.machine.judge(data, NOW))
        self.machine.end_block(NOW)
        self.entries[number] = data
        return number


def test_each_step_with_who_signed_it() -> None:
    told = Told()
    hosted = Member("KEPT", "reseller", "Kept", ((public("new"), int(Purpose.TRADE | Purpose.HOSTED)),))
    told.say(MemberAdd(hosted, 0), "op", "op2", "regulator")
    begun = told.say(RegisterLot("OP", "LOT", 10, bytes(32), "NB", RULES.id), "op")
    offer = Offer("OP", "KEPT", (Part("LOT", 0, 5, begun),), LATER, None)
    number = told.say(offer, "op")
    taken = told.say(Accept("KEPT", told.entries[number].hash), "new")
    told.say(KeyRevoke("KEPT", public("new"), 1), "op", "op2", "regulator")
    found = trace(told.machine, told.entries.__getitem__, "LOT", 3, NOW + 86_400, "8986")
    assert [step.kind for step in found.steps] == [Kind.REGISTER_LOT, Kind.OFFER, Kind.ACCEPT]
    assert [step.link.entry for step in found.steps] == [begun, number, taken]
    assert [[one.member for one in step.signers] for step in found.steps] == [["OP"], ["OP"], ["KEPT"]]
    last = found.steps[-1].signers[0]
    assert (last.hosted, last.gone) == (True, True)
    assert not found.steps[0].signers[0].hosted
    assert (found.hops, found.number, found.operator) == (1, "8986", "OP")
    assert found.steps[-1].link.dwell == 86_400
    assert trace(told.machine, told.entries.__getitem__, "LOT", 7, NOW).hops == 0
