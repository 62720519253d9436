"""The two sets of rules that come with the program do on a ledger what they say; a file with a slip is refused."""

from importlib.resources import files

import pytest

from tallyward.custody.circulation_rules import SHIPPED, load, shipped
from tallyward.custody.fields import ANY, DeviceTie, Part, Rules
from tallyward.custody.machine import Machine
from tallyward.custody.reports import CreditSet
from tallyward.custody.transactions import ActRequest, BindDevice, Genesis, Offer, RegisterLot, RnApprove
from tallyward.kernel.errors import TallywardError
from tests.custody.chain import LATER, MEMBERS, NOW, ORIGIN, OWN, code, hash_of, say, sell, signed

TEXT = files("tallyward.custody").joinpath("policies", "cn-2022.toml").read_text(encoding="utf-8")


def under(rules: Rules) -> tuple[Machine, int]:
    """A ledger with a lot that follows some rules."""
    machine = Machine(signed(b"", Genesis(ORIGIN, MEMBERS, (rules,), NOW), "op", "op2", "regulator"))
    return machine, say(machine, RegisterLot("OP", "LOT", 100_000, bytes(32), "NB-IoT", rules.id))


def may(rules: Rules, seller: str, buyer: str) -> bool:
    """Whether kinds may trade bare cards."""
    return (seller, buyer) in rules.pairs


@pytest.mark.parametrize("name", SHIPPED)
def test_the_sets_that_come_with_the_program_are_whole(name: str) -> None:
    rules = shipped(name)
    assert rules.id == name
    assert rules.since == 0
    assert not any(buyer == "consumer" for _, buyer in rules.pairs)
    assert rules.quotas[0] == ANY > rules.quotas[1] > rules.quotas[2] > rules.quotas[3] > rules.quotas[4] == 0


def test_the_chain_of_the_white_paper() -> None:
    rules = shipped("cn-2019-chain")
    assert may(rules, "operator", "reseller")
    assert may(rules, "reseller", "retail")
    assert rules.asking == ("retail",)
    assert not may(rules, "operator", "unit")
    assert (rules.device_tie, rules.report_every) == (DeviceTie.ONE, 0)
    machine, start = under(rules)
    bought = sell(machine, "OP", "RES", Part("LOT", 0, 10_000, start))
    assert code(machine, Offer("OP", "RES", (Part("LOT", 10_000, 10_001, start),), LATER, None)) == "buyer_quota"
    held = sell(machine, "RES", "SHOP", Part("LOT", 0, 10, bought))
    asked = ActRequest("SHOP", (Part("LOT", 0, 6, held),), bytes(32 * 6))
    say(machine, asked)
    request = hash_of(machine, asked)
    assert code(machine, RnApprove("OP", request, b"\x3f", b"person-ann.." * 6), "op-names") == "quota_exceeded"
    say(machine, RnApprove("OP", request, b"\x1f", b"person-ann.." * 5), "op-names")


def test_no_resale_but_inside_devices() -> None:
    rules = shipped("cn-2022")
    assert (rules.person_cards, rules.device_tie) == (10, DeviceTie.LIFE)
    assert rules.report_every == 31 * 86_400
    machine, start = under(rules)
    assert code(machine, Offer("OP", "MAKER", (Part("LOT", 0, 10, start),), LATER, None)) == "grade_forbids"
    for member in ("MAKER", "UNIT", "RES"):
        say(machine, CreditSet("WATCH", member, "C", ANY, 0), "watch")
    assert code(machine, Offer("OP", "RES", (Part("LOT", 0, 10, start),), LATER, None)) == "rules_forbid"
    held = sell(machine, "OP", "MAKER", Part("LOT", 0, 10, start))
    assert code(machine, Offer("MAKER", "UNIT", (Part("LOT", 0, 10, held),), LATER, None)) == "not_in_device"
    tie = BindDevice("MAKER", (Part("LOT", 0, 10, held),), bytes(320))
    bound = say(machine, tie)
    assert code(machine, BindDevice("MAKER", (Part("LOT", 0, 10, bound),), bytes(320))) == "device_for_life"
    there = sell(machine, "MAKER", "UNIT", Part("LOT", 0, 10, bound))
    assert code(machine, Offer("UNIT", "SHOP", (Part("LOT", 0, 10, there),), LATER, None)) == "rules_forbid"
    say(machine, ActRequest("UNIT", (Part("LOT", 0, 2, there),), bytes(64)), OWN["UNIT"])


@pytest.mark.parametrize(
    ("old", "new", "problem"),
    [
        ("[sale]", "[sail]", "sale is missing"),
        ("most_hops = 4", "most_hop = 4", "sale.most_hops is missing"),
        ("most_hops = 4", "most_hops = 4\nfree = true", "sale.free is not known"),
        ("most_hops = 4", "most_hops = -4", "number"),
        ("most_hops = 4", "most_hops = true", "number"),
        ("most_hops = 4", 'most_hops = "4"', "number"),
        ('tie = "life"', 'tie = "eternal"', "device.tie"),
        ('tie = "life"', "tie = []", "device.tie"),
        ('["unit", "maker"]', '["unit", 7]', "name"),
        ('[["maker", "unit"], ["unit", "unit"]]', '[["maker"]]', "2 fields"),
        ("[stock]", "stock = 1\n[stocks]", "stock"),
        ('id = "cn-2022"', 'id = ""', "name"),
        ('id = "cn-2022"', "id = ", "line"),
    ],
)
def test_a_slip_is_refused_with_its_place(old: str, new: str, problem: str) -> None:
    assert old in TEXT
    with pytest.raises(TallywardError) as caught:
        load(TEXT.replace(old, new), "mine.toml")
    assert caught.value.code == "custody.rules_unreadable"
    assert problem in caught.value.sentence("en")
    assert "mine.toml" in caught.value.sentence("en")


def test_rules_can_begin_later() -> None:
    assert load(TEXT, "x", since=7) == shipped("cn-2022")._replace(since=7)
